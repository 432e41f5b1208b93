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
from domain.council.facts import (
    FACTS,
    AttendanceChanged,
    ConflictOfInterestDeclared,
    ImplementationBecameOverdue,
    InvitationBecameLate,
    MeetingCancelled,
    MemberLeft,
    MinutesObjected,
    MinutesObjectionNoted,
    MinutesVoided,
    ObjectionDecided,
    PaperDecided,
    ResolutionObjected,
    ResolutionReported,
    SupervisoryDecisionRecorded,
)
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
from projections.council import (
    PROJECTIONS,
    agenda,
    bodies,
    conflicts,
    consultations,
    files,
    meetings,
    members,
    objections,
    papers,
    resolutions,
)
from projections.model import Projection
from tests.domain.council import test_imports as sources
from tests.domain.council.examples import (
    ADOPTED,
    ASSIGNED,
    CO_SIGNED,
    COMPLETED,
    CONSULTATION,
    COUNCIL,
    FIRST_SIGNATURE,
    INVITED,
    ITEM,
    JOINED,
    MEETING,
    MEMBERS,
    MINUTES,
    ON_AGENDA,
    PAPER,
    PLANNED,
    PRESENT,
    REASON,
    RELEASED,
    RESOLUTION,
    SHA512,
    SIGNED,
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
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, an_id, given

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
    scenario = a_resolution(ASSIGNED).when(late, on=START.date()).so()
    row = row_of(resolutions.PROJECTION, scenario)
    assert (row.status, row.unit, row.due, row.reports) == (TrackingStatus.DELAYED, "66", date(2026, 9, 1), 1)
    done = scenario.when(CompleteImplementation(note=TITLE), on=START.date()).so()
    assert row_of(resolutions.PROJECTION, done).completed_on == START.date()
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


def test_a_co_signed_paper_shows_who_agreed_until_it_is_changed() -> None:
    row = row_of(papers.PROJECTION, a_paper(CO_SIGNED, replace(CO_SIGNED, unit="30")))
    assert (row.status, row.co_signed_by) == (PaperStatus.CO_SIGNED, ("20", "30"))
    correct = CorrectPaper(field=PaperField.PAPER_TYPE, new="motion", reason=REASON)
    row = row_of(papers.PROJECTION, a_paper(CO_SIGNED).when(correct).so())
    assert (row.status, row.co_signed_by) == (PaperStatus.DRAFT, ())


def test_a_consultation_shows_its_place_and_whether_it_is_over() -> None:
    row = row_of(consultations.PROJECTION, a_meeting_with_item())
    assert (row.sequence, row.over) == (2, False)
    assert row_of(consultations.PROJECTION, a_meeting_with_item().beside(PAPER, PAPER_ADOPTED)).over
    postponed = replace(PAPER_ADOPTED, outcome=Outcome.POSTPONED, pending=True, resolution=None)
    row = row_of(consultations.PROJECTION, a_meeting_with_item().beside(PAPER, postponed))
    assert (row.over, row.meeting_id, row.outcome) == (False, None, Outcome.POSTPONED)


def test_a_member_shows_group_vote_and_when_they_left() -> None:
    first, *_ = rows_of(members.PROJECTION, a_city())
    assert (first.member_id, first.group_code, first.voting, first.left_on) == (MEMBERS[0].member, "SPD", True, None)
    left = MemberLeft(member=MEMBERS[0].member, left_on=TODAY)
    first, *_ = rows_of(members.PROJECTION, a_city().beside(COUNCIL, left))
    assert first.left_on == TODAY
    first, *_ = rows_of(members.PROJECTION, a_city().beside(COUNCIL, left, JOINED[0]))
    assert first.left_on is None


def test_a_meeting_shows_who_is_in_the_room() -> None:
    gone = AttendanceChanged(item=ITEM, member=MEMBERS[0], present=False, voting_members=8)
    row = row_of(meetings.PROJECTION, a_held_meeting(PRESENT, gone))
    assert (row.voting_members, MEMBERS[0].member in row.attending, len(row.attending)) == (8, False, 9)
    back = replace(gone, present=True, voting_members=9)
    assert MEMBERS[0].member in row_of(meetings.PROJECTION, a_held_meeting(PRESENT, gone, back)).attending


def test_a_meeting_shows_until_when_to_invite_and_since_when_that_is_late() -> None:
    late = InvitationBecameLate(last_day=date(2026, 3, 13))
    row = row_of(meetings.PROJECTION, a_meeting_with_item(late))
    assert (row.invite_by, row.late_since) == (date(2026, 3, 13), date(2026, 3, 14))
    moved = a_meeting_with_item(late).when(RescheduleMeeting(start=START.replace(day=27), reason=REASON)).so()
    row = row_of(meetings.PROJECTION, moved)
    assert (row.invite_by, row.late_since) == (date(2026, 3, 20), None)


def test_minutes_show_who_signed_them_and_what_was_objected() -> None:
    row = row_of(meetings.PROJECTION, a_held_meeting(PRESENT, VOTED, ADOPTED, *SIGNED[:3]))
    assert (row.status, row.chair_id, row.secretary_id) == (MeetingStatus.HELD, SOMEBODY_ELSE, None)
    signed = a_held_meeting(PRESENT, VOTED, ADOPTED, *SIGNED)
    row = row_of(meetings.PROJECTION, signed)
    assert (row.status, row.minutes_sha512, row.secretary_id) == (MeetingStatus.MINUTES_SIGNED, SHA512, ACTOR)
    objected = MinutesObjected(objection=an_id("objection"), noted_in=an_id("next"))
    assert row_of(meetings.PROJECTION, signed.beside(MEETING, objected)).minutes_objections == 1
    noted = MinutesObjectionNoted(objection=an_id("objection"), minutes_of=MEETING, text=REASON)
    later = a_meeting_with_item(noted)
    assert row_of(meetings.PROJECTION, later).minutes_sha512 is None
    unsaid = replace(MINUTES, drafted_on=None), replace(FIRST_SIGNATURE, signed_on=None), PRESENT
    said = *SIGNED[1:3], PRESENT, MinutesVoided(file=MINUTES.file, sha512=SHA512)
    for void in (unsaid, said):
        voided = row_of(meetings.PROJECTION, a_held_meeting(PRESENT, VOTED, ADOPTED, SIGNED[0], *void))
        assert (voided.minutes_sha512, voided.chair_id, voided.secretary_id) == (None, None, None)
    objection = row_of(objections.PROJECTION, later)
    assert (objection.record_id, objection.minutes_of, objection.raised_on) == (MEETING, MEETING, TODAY)


def test_a_conflict_of_interest_shows_who_and_on_what() -> None:
    declared = ConflictOfInterestDeclared(item=ITEM, member=MEMBERS[0].member, ground=REASON)
    scenario = a_held_meeting(PRESENT, declared)
    row = row_of(conflicts.PROJECTION, scenario)
    assert (row.item_id, row.member_id) == (ITEM, MEMBERS[0].member)
    assert row_of(agenda.PROJECTION, scenario).conflicts == 1


def test_a_resolution_shows_its_reports_and_since_when_it_is_overdue() -> None:
    reported = ResolutionReported(meeting=MEETING)
    overdue = ImplementationBecameOverdue(due=date(2026, 6, 30))
    scenario = a_resolution(ASSIGNED, reported, reported, overdue)
    row = row_of(resolutions.PROJECTION, scenario)
    assert (row.tracking_reports, row.last_reported_on, row.last_report_meeting_id) == (2, TODAY, MEETING)
    assert (row.overdue_since, row.reported_final_on) == (date(2026, 7, 1), None)
    late = ReportImplementation(progress=Progress.DELAYED, due=date(2026, 9, 1), delay_reason=REASON)
    assert row_of(resolutions.PROJECTION, scenario.when(late, on=START.date()).so()).overdue_since is None
    same = ReportImplementation(progress=Progress.IN_PROGRESS)
    assert row_of(resolutions.PROJECTION, scenario.when(same, on=START.date()).so()).overdue_since == date(2026, 7, 1)
    done = a_resolution(ASSIGNED, COMPLETED).when(GiveFinalReport(meeting=MEETING)).so()
    row = row_of(resolutions.PROJECTION, done)
    assert (row.reported_final_on, row.tracking_reports) == (TODAY, 1)


def test_a_resolution_shows_that_it_is_suspended_and_goes_on_where_it_stood() -> None:
    objected = ResolutionObjected(objected_on=date(2026, 3, 25), legal_ground=REASON)
    upheld = ObjectionDecided(meeting=MEETING, item=ITEM, upholds=True)
    stands = SupervisoryDecisionRecorded(stands=True, decided_on=TODAY, note=REASON)
    row = row_of(resolutions.PROJECTION, a_resolution(ASSIGNED, objected, upheld))
    assert (row.status, row.upheld, row.objected_on) == (TrackingStatus.SUSPENDED, True, date(2026, 3, 25))
    row = row_of(resolutions.PROJECTION, a_resolution(ASSIGNED, objected, upheld, stands))
    assert row.status is TrackingStatus.ASSIGNED
    row = row_of(resolutions.PROJECTION, a_resolution(objected, replace(upheld, upholds=False)))
    assert row.status is TrackingStatus.REPEALED
