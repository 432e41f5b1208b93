"""The registers of council documents: what their rows show after the facts of a life."""

from dataclasses import replace
from datetime import date

import pytest

from domain.council.commands import (
    CompleteImplementation,
    CorrectMeeting,
    CorrectPaper,
    DepublishBody,
    DepublishMeeting,
    DepublishPaper,
    DissolveBody,
    ExcludePublic,
    GiveFinalReport,
    MoveAgendaItem,
    PublishBody,
    PublishMeeting,
    PublishPaper,
    RemoveAgendaItem,
    ReportImplementation,
    RescheduleMeeting,
    WithdrawPaper,
)
from domain.council.facts import FACTS, MeetingCancelled, PaperDecided
from domain.council.vocabulary import (
    FileRole,
    MeetingField,
    MeetingStatus,
    Outcome,
    PaperField,
    PaperStatus,
    PaperType,
    Progress,
    Publication,
    TrackingStatus,
)
from domain.kernel import Sealed
from projections.council import PROJECTIONS, agenda, bodies, consultations, files, meetings, papers, resolutions
from projections.model import Projection
from tests.domain.council import test_imports as sources
from tests.domain.council.examples import (
    ADOPTED,
    ASSIGNED,
    COMPLETED,
    CONSULTATION,
    COUNCIL,
    INVITED,
    ITEM,
    MEETING,
    ON_AGENDA,
    PAPER,
    PLANNED,
    PRESENT,
    REASON,
    RELEASED,
    RESOLUTION,
    START,
    TITLE,
    VOTED,
    a_city,
    a_held_meeting,
    a_meeting_with_item,
    a_paper,
    a_resolution,
)
from tests.domain.council.importing import nothing_yet
from tests.golden.samples import sample
from tests.projections.council.reading import events, row_of, rows_of
from tests.scenario import TODAY, given

PAPER_ADOPTED = PaperDecided(
    consultation=CONSULTATION,
    meeting=MEETING,
    item=ITEM,
    outcome=Outcome.ADOPTED,
    authoritative=True,
    resolution=RESOLUTION,
)
every_register = pytest.mark.parametrize("register", PROJECTIONS, ids=lambda register: register.name)


def test_a_body_shows_its_code_and_when_it_was_dissolved() -> None:
    scenario = a_city(COUNCIL).when(PublishBody()).so().when(DissolveBody(reason=REASON)).so()
    row = row_of(bodies.PROJECTION, scenario)
    assert (row.code, row.seats, row.dissolved_on) == ("RAT", 10, TODAY)
    assert (row.publication, row.version, row.position) == (Publication.PUBLISHED, 13, 13)
    gone = row_of(bodies.PROJECTION, scenario.when(DepublishBody(reason=REASON)).so())
    assert gone.publication is Publication.DEPUBLISHED
    assert gone.depublication_reason == Sealed[str].stored(14, 0, "reason")


def test_a_paper_shows_where_it_stands() -> None:
    scenario = a_paper(RELEASED, PLANNED)
    row = row_of(papers.PROJECTION, scenario)
    assert (row.reference, row.status, row.consultations, row.released_on) == (
        "01/17/2026",
        PaperStatus.RELEASED,
        1,
        date(2026, 2, 3),
    )
    assert row_of(papers.PROJECTION, scenario.beside(PAPER, ON_AGENDA)).status is PaperStatus.IN_CONSULTATION
    decided = row_of(papers.PROJECTION, scenario.beside(PAPER, ON_AGENDA, PAPER_ADOPTED))
    assert (decided.status, decided.outcome, decided.resolution_id, decided.ended_on) == (
        PaperStatus.DECIDED,
        Outcome.ADOPTED,
        RESOLUTION,
        TODAY,
    )
    withdrawn = row_of(papers.PROJECTION, scenario.when(WithdrawPaper(reason=REASON)).so())
    assert (withdrawn.status, withdrawn.ended_on) == (PaperStatus.WITHDRAWN, TODAY)


def test_a_paper_shows_its_corrections_and_its_tombstone() -> None:
    correct = CorrectPaper(field=PaperField.PAPER_TYPE, new="motion", reason=REASON)
    scenario = a_paper(RELEASED).when(correct).so().when(PublishPaper()).so().when(DepublishPaper(reason=REASON)).so()
    row = row_of(papers.PROJECTION, scenario)
    assert (row.paper_type, row.corrections, row.publication) == (PaperType.MOTION, 1, Publication.DEPUBLISHED)
    assert row.title.name == "title"
    retitled = scenario.when(CorrectPaper(field=PaperField.TITLE, new_sealed=TITLE, reason=REASON)).so()
    assert row_of(papers.PROJECTION, retitled).title.name == "new_sealed"


def test_a_consultation_shows_its_meeting_while_it_is_on_the_agenda() -> None:
    scenario = a_meeting_with_item()
    row = row_of(consultations.PROJECTION, scenario)
    assert (row.record_id, row.bodies, row.meeting_id, row.item_id) == (PAPER, (COUNCIL,), MEETING, ITEM)
    off = scenario.when(RemoveAgendaItem(item=ITEM, reason=REASON)).so()
    assert row_of(consultations.PROJECTION, off).meeting_id is None
    assert row_of(consultations.PROJECTION, scenario.beside(PAPER, PAPER_ADOPTED)).outcome is Outcome.ADOPTED


def test_a_meeting_shows_its_notice_and_its_attendance() -> None:
    row = row_of(meetings.PROJECTION, a_held_meeting(PRESENT))
    assert (row.meeting_number, row.status, row.notice_days) == ("RAT/2026/03", MeetingStatus.HELD, 18)
    assert (row.items, row.voting_members, row.starts_at) == (1, 9, START)


def test_a_rescheduled_meeting_has_no_invitation_and_a_cancelled_one_a_reason() -> None:
    later = START.replace(day=27)
    scenario = a_meeting_with_item(INVITED).when(RescheduleMeeting(start=later, reason=REASON)).so()
    row = row_of(meetings.PROJECTION, scenario)
    assert (row.status, row.invited_on, row.starts_at) == (MeetingStatus.SCHEDULED, None, later)
    cancelled = scenario.beside(MEETING, MeetingCancelled(body=COUNCIL, start=later, reason=REASON))
    assert row_of(meetings.PROJECTION, cancelled).cancellation_reason is not None
    corrected = scenario.when(CorrectMeeting(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON)).so()
    assert row_of(meetings.PROJECTION, corrected).name.name == "new_sealed"
    published = corrected.when(PublishMeeting()).so()
    assert row_of(meetings.PROJECTION, published).publication is Publication.PUBLISHED
    gone = published.when(DepublishMeeting(reason=REASON)).so()
    assert row_of(meetings.PROJECTION, gone).publication is Publication.DEPUBLISHED


def test_an_agenda_item_shows_its_place_its_vote_and_its_outcome() -> None:
    row = row_of(agenda.PROJECTION, a_held_meeting(PRESENT, VOTED, ADOPTED))
    assert (row.number, row.sequence, row.public, row.paper_id) == ("5", 5, True, PAPER)
    assert (row.yes, row.no, row.abstain, row.voting_members) == (5, 3, 1, 9)
    assert (row.outcome, row.resolution_id) == (Outcome.ADOPTED, RESOLUTION)
    moved = a_meeting_with_item().when(MoveAgendaItem(item=ITEM, number="2", order=3)).so()
    closed = moved.when(ExcludePublic(item=ITEM, ground=REASON)).so()
    row = row_of(agenda.PROJECTION, closed)
    assert (row.number, row.sequence, row.public) == ("2", 3, False)
    assert row.exclusion_ground is not None
    assert rows_of(agenda.PROJECTION, closed.when(RemoveAgendaItem(item=ITEM, reason=REASON)).so()) == []


def test_a_resolution_shows_how_far_it_is() -> None:
    assert row_of(resolutions.PROJECTION, a_resolution()).status is TrackingStatus.OPEN
    late = ReportImplementation(progress=Progress.DELAYED, due=date(2026, 9, 1), delay_reason=REASON)
    scenario = a_resolution(ASSIGNED).when(late).so()
    row = row_of(resolutions.PROJECTION, scenario)
    assert (row.status, row.unit, row.due, row.reports) == (TrackingStatus.DELAYED, "66", date(2026, 9, 1), 1)
    done = scenario.when(CompleteImplementation(note=TITLE)).so()
    assert row_of(resolutions.PROJECTION, done).completed_on == TODAY
    final = done.when(GiveFinalReport(meeting=MEETING)).so()
    assert row_of(resolutions.PROJECTION, final).final_report_meeting_id == MEETING


def test_an_imported_paper_shows_its_source_and_its_files() -> None:
    scenario = nothing_yet.when(sources.PAPER).so()
    row = row_of(papers.PROJECTION, scenario)
    assert (row.source, row.source_id, row.source_type) == ("oparl", sources.HOST + "papers/1", "Antrag")
    assert (row.files, row.consultations, row.status) == (1, 1, PaperStatus.RELEASED)
    file = row_of(files.PROJECTION, scenario)
    assert (file.kind, file.role, file.public, file.mime_type) == (
        "paper",
        FileRole.AUXILIARY,
        True,
        "application/pdf",
    )
    consultation = row_of(consultations.PROJECTION, scenario)
    assert consultation.meeting_source == sources.HOST + "meetings/1"
    assert consultation.body_sources == (sources.COUNCIL_URL,)


def test_an_edit_at_the_source_shows_and_what_it_removes_is_gone() -> None:
    scenario = nothing_yet.when(sources.PAPER).so()
    renamed = replace(sources.FILE, name=Sealed("Neu"))
    edited = scenario.when(replace(sources.PAPER, title=Sealed("Neubau"), files=(renamed,))).so()
    assert row_of(papers.PROJECTION, edited).title.position == 6
    assert row_of(files.PROJECTION, edited).name.position == 7
    assert row_of(files.PROJECTION, edited).file_name.position == 5
    bare = edited.when(replace(sources.PAPER, title=Sealed("Neubau"), files=(), consultations=())).so()
    assert rows_of(files.PROJECTION, bare) == rows_of(consultations.PROJECTION, bare) == []
    assert row_of(papers.PROJECTION, bare).files == 0
    deleted = bare.when(replace(sources.PAPER, deleted=True)).so()
    assert row_of(papers.PROJECTION, deleted).publication is Publication.DELETED_AT_SOURCE


def test_an_imported_meeting_and_body_show_their_source() -> None:
    meeting = nothing_yet.when(sources.MEETING).so()
    edited = replace(sources.ITEM, title=Sealed("x"))
    changed = meeting.when(replace(sources.MEETING, name=Sealed("y"), items=(edited,))).so()
    assert row_of(meetings.PROJECTION, changed).name.position == 4
    assert row_of(agenda.PROJECTION, changed).title.position == 5
    assert row_of(agenda.PROJECTION, changed).source_result == "zugestimmt"
    body = nothing_yet.when(sources.BODY).so()
    renamed = body.when(replace(sources.BODY, name=Sealed("z"))).so()
    assert (row_of(bodies.PROJECTION, renamed).name.position, row_of(bodies.PROJECTION, renamed).code) == (3, None)


@every_register
def test_no_register_fails_on_facts_out_of_the_blue(register: Projection) -> None:
    # A fold never fails on a stored fact, whatever came before it.
    for fact in FACTS:
        rows_of(register, given(a_city().family, sample(fact)))
        rows_of(register, given(a_city().family, sample(fact), sample(fact)))


@every_register
def test_every_row_carries_the_last_event_that_it_shows(register: Projection) -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED)
    last = {event.position: event for event in events(scenario)}
    for row in rows_of(register, scenario):
        event = last[row.position]
        assert (row.version, row.changed_at) == (event.version, event.recorded_at)
        assert event.record_id == row.record_id
