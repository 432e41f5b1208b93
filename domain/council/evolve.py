"""What each fact makes of the state. It consults no clock and never fails on a stored fact."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar, assert_never, cast
from uuid import UUID

from domain.council import facts
from domain.council.facts.common import FileAttached, FileChanged, FileRemoved
from domain.council.parts import AgendaItemData, ConsultationData, Reference
from domain.council.state import (
    BodyState,
    ConsultationState,
    FileState,
    ItemState,
    MeetingState,
    PaperState,
    ResolutionState,
    State,
)
from domain.council.vocabulary import (
    MeetingField,
    MeetingStatus,
    Outcome,
    PaperField,
    PaperStatus,
    PaperType,
    Publication,
    TrackingStatus,
)
from domain.kernel import Fact

Part = TypeVar("Part", FileState, ConsultationState, ItemState)
Files = tuple[FileState, ...]


def evolve(state: State | None, fact: Fact) -> State:
    """The state after the fact."""
    match fact.kind:
        case "paper":
            return evolve_paper(cast(PaperState, state), cast(facts.PaperFact, fact))
        case "meeting":
            return evolve_meeting(cast(MeetingState, state), cast(facts.MeetingFact, fact))
        case "resolution":
            return evolve_resolution(cast(ResolutionState, state), cast(facts.ResolutionFact, fact))
        case _:
            return evolve_body(cast(BodyState, state), cast(facts.BodyFact, fact))


def evolve_body(body: BodyState, fact: facts.BodyFact) -> BodyState:
    match fact:
        case facts.BodyEstablished():
            return BodyState(code=fact.code, data=fact.data, source=fact.source)
        case facts.BodyAmended():
            return replace(body, data=fact.data, source=fact.source)
        case facts.BodyDissolved():
            return replace(body, dissolved_on=fact.dissolved_on)
        case facts.BodyPublished():
            return replace(body, publication=Publication.PUBLISHED)
        case facts.BodyDepublished():
            return replace(body, publication=_depublished(fact.at_source))
        case _:
            assert_never(fact)


def evolve_paper(paper: PaperState, fact: facts.PaperFact) -> PaperState:
    match fact:
        case facts.PaperDrafted():
            return PaperState(
                reference=fact.reference,
                status=PaperStatus.DRAFT,
                data=fact.data,
                title=fact.title,
                source=fact.source,
            )
        case facts.PaperReleased():
            return replace(paper, status=PaperStatus.RELEASED)
        case facts.PaperAmended():
            title = fact.title if "title" in fact.changed else paper.title
            return replace(paper, data=fact.data, title=title, source=fact.source)
        case facts.PaperWithdrawn():
            return replace(paper, status=PaperStatus.WITHDRAWN)
        case facts.ConsultationPlanned():
            planned = ConsultationState(id=fact.consultation, data=fact.data, source=fact.source)
            return replace(paper, consultations=(*paper.consultations, planned))
        case facts.ConsultationChanged():
            changed = ConsultationState(id=fact.consultation, data=fact.data, source=fact.source)
            return _on_consultation(paper, fact.consultation, lambda _: changed)
        case facts.ConsultationCancelled():
            return replace(paper, consultations=tuple(c for c in paper.consultations if c.id != fact.consultation))
        case facts.ConsultationScheduled():
            paper = replace(paper, status=PaperStatus.IN_CONSULTATION)
            return _on_agenda(paper, fact.consultation, Reference(fact.meeting), Reference(fact.item))
        case facts.ConsultationUnscheduled():
            return _on_agenda(paper, fact.consultation, None, None)
        case facts.PaperDecided():
            return _decided(paper, fact)
        case facts.PaperFileAttached() | facts.PaperFileChanged() | facts.PaperFileRemoved():
            return replace(paper, files=_files(paper.files, fact))
        case facts.PaperPublished():
            return replace(paper, publication=Publication.PUBLISHED)
        case facts.PaperDepublished():
            return replace(paper, publication=_depublished(fact.at_source))
        case facts.PaperCorrected():
            return _paper_corrected(paper, fact)
        case _:
            assert_never(fact)


def evolve_meeting(meeting: MeetingState, fact: facts.MeetingFact) -> MeetingState:
    match fact:
        case facts.MeetingScheduled():
            return MeetingState(
                number=fact.meeting_number,
                status=MeetingStatus.SCHEDULED,
                data=fact.data,
                name=fact.name,
                location=fact.location,
                source=fact.source,
            )
        case facts.MeetingRescheduled():
            data = replace(meeting.data, start=fact.start, end=fact.end)
            return replace(meeting, status=MeetingStatus.SCHEDULED, data=data)
        case facts.MeetingAmended():
            return replace(
                meeting,
                status=fact.status or meeting.status,
                data=fact.data,
                name=fact.name if "name" in fact.changed else meeting.name,
                location=fact.location if "location" in fact.changed else meeting.location,
                source=fact.source,
            )
        case facts.MeetingInvited():
            return replace(meeting, status=MeetingStatus.INVITED)
        case facts.MeetingHeld():
            return replace(meeting, status=MeetingStatus.HELD)
        case facts.MeetingCancelled():
            return replace(meeting, status=MeetingStatus.CANCELLED)
        case facts.AgendaItemAdded():
            return replace(meeting, items=(*meeting.items, ItemState(id=fact.item, data=fact.data, source=fact.source)))
        case facts.AgendaItemRemoved():
            return replace(meeting, items=tuple(item for item in meeting.items if item.id != fact.item))
        case facts.AgendaItemMoved():
            return _on_item(
                meeting, fact.item, lambda data: replace(data, number=fact.new.number, order=fact.new.order)
            )
        case facts.AgendaItemChanged():
            changed = ItemState(id=fact.item, data=fact.data, source=fact.source)
            return replace(meeting, items=_each(meeting.items, fact.item, lambda _: changed))
        case facts.PublicExcluded():
            return _on_item(meeting, fact.item, lambda data: replace(data, public=False))
        case facts.AttendanceRecorded():
            return replace(meeting, voting_members=fact.voting_members)
        case facts.VoteRecorded():
            items = _each(meeting.items, fact.item, lambda item: replace(item, yes=fact.yes, no=fact.no))
            return replace(meeting, items=items)
        case facts.AgendaItemDecided():
            return _on_item(meeting, fact.item, lambda data: replace(data, outcome=fact.outcome))
        case facts.MeetingFileAttached() | facts.MeetingFileChanged() | facts.MeetingFileRemoved():
            return replace(meeting, files=_files(meeting.files, fact))
        case facts.MeetingPublished():
            return replace(meeting, publication=Publication.PUBLISHED)
        case facts.MeetingDepublished():
            return replace(meeting, publication=_depublished(fact.at_source))
        case facts.MeetingCorrected():
            return _meeting_corrected(meeting, fact)
        case _:
            assert_never(fact)


def evolve_resolution(resolution: ResolutionState, fact: facts.ResolutionFact) -> ResolutionState:
    match fact:
        case facts.ResolutionAdopted():
            return ResolutionState(status=TrackingStatus.OPEN, adopted_on=fact.adopted_on)
        case facts.ImplementationAssigned():
            return replace(resolution, status=TrackingStatus.ASSIGNED, unit=fact.unit, due=fact.due)
        case facts.ImplementationReported():
            return replace(resolution, status=TrackingStatus(fact.progress.value), due=fact.due)
        case facts.ImplementationCompleted():
            return replace(resolution, status=TrackingStatus.DONE)
        case facts.FinalReportGiven():
            return replace(resolution, status=TrackingStatus.REPORTED_FINAL)
        case _:
            assert_never(fact)


def _depublished(at_source: bool) -> Publication:
    return Publication.DELETED_AT_SOURCE if at_source else Publication.DEPUBLISHED


def _each(parts: tuple[Part, ...], part: UUID, change: Callable[[Part], Part]) -> tuple[Part, ...]:
    return tuple(change(known) if known.id == part else known for known in parts)


def _on_consultation(
    paper: PaperState, consultation: UUID, change: Callable[[ConsultationState], ConsultationState]
) -> PaperState:
    return replace(paper, consultations=_each(paper.consultations, consultation, change))


def _on_agenda(paper: PaperState, consultation: UUID, meeting: Reference | None, item: Reference | None) -> PaperState:
    def place(data: ConsultationData) -> ConsultationData:
        return replace(data, meeting=meeting, item=item)

    return _on_consultation(paper, consultation, lambda known: replace(known, data=place(known.data)))


def _decided(paper: PaperState, fact: facts.PaperDecided) -> PaperState:
    status = status_after(paper.status, fact)
    if fact.outcome is Outcome.POSTPONED:
        # It waits for another agenda of the same body.
        return replace(_on_agenda(paper, fact.consultation, None, None), status=status)
    paper = _on_consultation(paper, fact.consultation, lambda known: replace(known, decided=True))
    return replace(paper, status=status)


def status_after(status: PaperStatus, fact: facts.PaperDecided) -> PaperStatus:
    """Where a paper stands after a body has dealt with it: only an authoritative outcome settles it."""
    match fact.outcome:
        case _ if status.settled:
            return status
        case Outcome.POSTPONED:
            return PaperStatus.POSTPONED
        case Outcome.WITHDRAWN:
            return PaperStatus.WITHDRAWN
        case Outcome.ADOPTED | Outcome.ADOPTED_AMENDED | Outcome.NOTED if fact.authoritative:
            return PaperStatus.DECIDED
        case Outcome.REJECTED if fact.authoritative:
            return PaperStatus.REJECTED
        case _:
            return status


def _on_item(meeting: MeetingState, item: UUID, change: Callable[[AgendaItemData], AgendaItemData]) -> MeetingState:
    items = _each(meeting.items, item, lambda known: replace(known, data=change(known.data)))
    return replace(meeting, items=items)


def _files(files: Files, fact: FileAttached | FileChanged | FileRemoved) -> Files:
    match fact:
        case FileRemoved():
            return tuple(file for file in files if file.id != fact.file)
        case FileChanged():
            changed = FileState(id=fact.file, data=fact.data, source=fact.source)
            return _each(files, fact.file, lambda _: changed)
        case _:
            return (*files, FileState(id=fact.file, data=fact.data, source=fact.source))


def _paper_corrected(paper: PaperState, fact: facts.PaperCorrected) -> PaperState:
    match fact.field:
        case PaperField.TITLE:
            return replace(paper, title=fact.new_sealed)
        case PaperField.PAPER_TYPE:
            paper_type = PaperType(fact.new) if fact.new else PaperType.OTHER
            return replace(paper, data=replace(paper.data, paper_type=paper_type))
        case PaperField.LEAD_UNIT:
            return replace(paper, data=replace(paper.data, lead_unit=fact.new))
        case PaperField.DATED:
            return replace(paper, data=replace(paper.data, dated=date.fromisoformat(fact.new) if fact.new else None))
        case _:
            assert_never(fact.field)


def _meeting_corrected(meeting: MeetingState, fact: facts.MeetingCorrected) -> MeetingState:
    match fact.field:
        case MeetingField.NAME:
            return replace(meeting, name=fact.new_sealed)
        case MeetingField.LOCATION:
            return replace(meeting, location=fact.new_sealed)
        case MeetingField.END:
            end = datetime.fromisoformat(fact.new) if fact.new else None
            return replace(meeting, data=replace(meeting.data, end=end))
        case _:
            assert_never(fact.field)
