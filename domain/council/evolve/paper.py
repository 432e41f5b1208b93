"""What each fact makes of a paper with its consultations and files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from domain.council import facts
from domain.council.evolve.parts import depublished, each, files_after
from domain.council.parts import ConsultationData, Reference
from domain.council.state import ConsultationState, PaperState
from domain.council.vocabulary import Outcome, PaperField, PaperStatus, PaperType, Publication
from domain.days import last_known


def evolve_paper(paper: PaperState, fact: facts.PaperFact) -> PaperState:
    match fact:
        case facts.PaperDrafted():
            return PaperState(
                reference=fact.reference,
                status=PaperStatus.DRAFT,
                data=fact.data,
                title=fact.title,
                source=fact.source,
                drafters=tuple(person for person in (fact.drafted_by, fact.deputising_for) if person),
                begun_on=fact.drafted_on,
                since=fact.drafted_on,
            )
        case facts.PaperCoSigned():
            units, since = (*paper.co_signed_by, fact.unit), last_known(paper.since, fact.signed_on)
            return replace(paper, status=PaperStatus.CO_SIGNED, co_signed_by=units, since=since)
        case facts.PaperReleased():
            since = last_known(paper.since, fact.released_on)
            return replace(paper, status=PaperStatus.RELEASED, released=True, released_on=fact.released_on, since=since)
        case facts.PaperAmended():
            title = fact.title if "title" in fact.changed else paper.title
            return _changed(replace(paper, data=fact.data, title=title, source=fact.source), fact)
        case facts.PaperWithdrawn():
            return replace(paper, status=PaperStatus.WITHDRAWN)
        case facts.ConsultationPlanned():
            planned = ConsultationState(id=fact.consultation, data=fact.data, source=fact.source, order=fact.order)
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
        case facts.PaperFileAttached() | facts.PaperFileRemoved():
            return _changed(replace(paper, files=files_after(paper.files, fact)), fact)
        case facts.PaperFileChanged():
            return replace(paper, files=files_after(paper.files, fact))
        case facts.PaperPublished():
            return replace(paper, publication=Publication.PUBLISHED)
        case facts.PaperDepublished():
            return replace(paper, publication=depublished(fact.at_source))
        case facts.PaperCorrected():
            return _changed(_corrected(paper, fact), fact)
        case _:
            assert_never(fact)


Changed = facts.PaperAmended | facts.PaperCorrected | facts.PaperFileAttached | facts.PaperFileRemoved


def _changed(paper: PaperState, fact: Changed) -> PaperState:
    """Whoever co-signed did so to other contents, and whoever changed them wrote it too; what is released stays so."""
    status, units = co_signed_after(paper.status, paper.co_signed_by, fact)
    drafters = tuple(dict.fromkeys((*paper.drafters, *fact.changed_by)))
    since = last_known(paper.since, fact.changed_on)
    return replace(paper, drafters=drafters, co_signed_by=units, status=status, since=since)


def co_signed_after(status: PaperStatus, units: tuple[str, ...], fact: Changed) -> tuple[PaperStatus, tuple[str, ...]]:
    """Where a paper stands after a change of its contents, and which co-signatures still hold."""
    kept = () if fact.voids is None else tuple(unit for unit in units if unit not in fact.voids)
    return PaperStatus.DRAFT if status is PaperStatus.CO_SIGNED and not kept else status, kept


def _on_consultation(
    paper: PaperState, consultation: UUID, change: Callable[[ConsultationState], ConsultationState]
) -> PaperState:
    return replace(paper, consultations=each(paper.consultations, consultation, change))


def _on_agenda(paper: PaperState, consultation: UUID, meeting: Reference | None, item: Reference | None) -> PaperState:
    def place(data: ConsultationData) -> ConsultationData:
        return replace(data, meeting=meeting, item=item)

    return _on_consultation(paper, consultation, lambda known: replace(known, data=place(known.data)))


def _decided(paper: PaperState, fact: facts.PaperDecided) -> PaperState:
    def dealt_with(known: ConsultationState) -> ConsultationState:
        return replace(known, decided=not fact.pending, dealt_with_on=last_known(known.dealt_with_on, fact.decided_on))

    paper = _on_consultation(paper, fact.consultation, dealt_with)
    if fact.pending:
        # It waits for another agenda of the same body.
        paper = _on_agenda(paper, fact.consultation, None, None)
    return replace(paper, status=status_after(paper.status, fact), since=last_known(paper.since, fact.decided_on))


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


def _corrected(paper: PaperState, fact: facts.PaperCorrected) -> PaperState:
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
