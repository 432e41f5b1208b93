"""A council, a paper on its way through it, and a meeting, for the scenarios to start from."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from domain.council import FAMILY
from domain.council.commands import AddAgendaItem, ScheduleMeeting
from domain.council.facts import (
    AgendaItemAdded,
    AgendaItemDecided,
    AttendanceRecorded,
    BodyDissolved,
    BodyEstablished,
    ConsultationPlanned,
    ConsultationScheduled,
    ImplementationAssigned,
    ImplementationCompleted,
    MeetingFileAttached,
    MeetingHeld,
    MeetingInvited,
    MeetingScheduled,
    MemberJoined,
    MinutesDrafted,
    MinutesSigned,
    PaperCoSigned,
    PaperDrafted,
    PaperReleased,
    ResolutionAdopted,
    VoteRecorded,
)
from domain.council.parts import (
    AgendaItemData,
    Attending,
    BodyData,
    ConsultationData,
    FileData,
    MeetingData,
    PaperData,
    Reference,
)
from domain.council.vocabulary import BodyType, ConsultationRole, FileRole, Outcome, PaperType, Signatory
from domain.kernel import BERLIN, Sealed
from tests.scenario import ACTOR, RECORD, SOMEBODY_ELSE, Given, an_id, given

COUNCIL = an_id("council")
COMMITTEE = an_id("committee")
PAPER = an_id("paper")
MEETING = an_id("meeting")
CONSULTATION = an_id("consultation")
ITEM = an_id("item")
RESOLUTION = uuid5(ITEM, "resolution")

REASON: Sealed[str] = Sealed("Frau Beispiel bat darum")
TITLE: Sealed[str] = Sealed("Umbau des Marktplatzes")
TEXT: Sealed[str] = Sealed("Der Rat beschließt den Umbau.")
BLANK: Sealed[str] = Sealed(" ")
SHA512 = "ab" * 64
START = datetime(2026, 3, 20, 17, 0, tzinfo=BERLIN)
END = datetime(2026, 3, 20, 20, 0, tzinfo=BERLIN)
THE_DAY = datetime(2026, 3, 20, 22, 0, tzinfo=BERLIN)

ESTABLISHED = BodyEstablished(
    code="RAT",
    data=BodyData(body_type=BodyType.COUNCIL, seats=10, valid_from=date(2025, 11, 1)),
    name=Sealed("Rat der Stadt"),
)
MEMBERS = tuple(
    Attending(an_id(f"member {number}"), voting, group)
    for number, (voting, group) in enumerate([*[(True, "SPD")] * 4, *[(True, "CDU")] * 5, (False, "CDU")])
)
JOINED = tuple(
    MemberJoined(
        member=each.member,
        group=each.group,
        voting=each.voting,
        since=date(2025, 11, 1),
        name=Sealed("Erika Beispiel", each.member),
    )
    for each in MEMBERS
)
DISSOLVED = BodyDissolved(dissolved_on=date(2026, 1, 31), reason=REASON)
DRAFTED = PaperDrafted(
    reference="01/17/2026",
    data=PaperData(paper_type=PaperType.PROPOSAL, public=True, dated=date(2026, 2, 2), lead_unit="61"),
    title=TITLE,
    drafted_by=ACTOR,
    drafted_on=date(2026, 2, 2),
)
CO_SIGNED = PaperCoSigned(unit="20", drafters=(ACTOR,), signatory=SOMEBODY_ELSE, signed_on=date(2026, 2, 2))
RELEASED = PaperReleased(released_on=date(2026, 2, 3))
PLANNED = ConsultationPlanned(
    consultation=CONSULTATION,
    data=ConsultationData(bodies=(Reference(COUNCIL),), role=ConsultationRole.DECISION, authoritative=True),
    order=2,
)
ON_AGENDA = ConsultationScheduled(consultation=CONSULTATION, meeting=MEETING, item=ITEM)
SCHEDULED = MeetingScheduled(
    meeting_number="RAT/2026/03",
    data=MeetingData(bodies=(Reference(COUNCIL),), start=START, end=END, seats=10),
    name=Sealed("Ratssitzung"),
    location=Sealed("Plenarsaal"),
    scheduled_on=date(2026, 2, 16),
)
ITEM_ADDED = AgendaItemAdded(
    item=ITEM,
    data=AgendaItemData(number="5", order=5, public=True, paper=Reference(PAPER), consultation=Reference(CONSULTATION)),
)
INVITED = MeetingInvited(invited_on=date(2026, 3, 2), notice_days=18)
HELD = MeetingHeld(held_on=date(2026, 3, 20))
PRESENT = AttendanceRecorded(voting_members=9, members=MEMBERS)
COUNTED = AttendanceRecorded(voting_members=9)
VOTED = VoteRecorded(item=ITEM, voting_members=9, yes=5, no=3, abstain=1, biased=0)
ADOPTED = AgendaItemDecided(item=ITEM, outcome=Outcome.ADOPTED, resolution=RESOLUTION)
RESOLVED = ResolutionAdopted(
    resolution_number="RAT/2026/03-5",
    meeting=MEETING,
    item=ITEM,
    bodies=(Reference(COUNCIL),),
    paper=PAPER,
    outcome=Outcome.ADOPTED,
    public=True,
    adopted_on=date(2026, 3, 20),
    text=TEXT,
)
ASSIGNED = ImplementationAssigned(unit="66", due=date(2026, 6, 30), assigned_on=date(2026, 3, 20))
COMPLETED = ImplementationCompleted(completed_on=date(2026, 3, 20))


PROTOCOL = MeetingFileAttached(
    file=an_id("protocol"),
    data=FileData(role=FileRole.RESULTS_PROTOCOL, mime_type="application/pdf", size=1, sha512=SHA512),
    name=Sealed("Niederschrift"),
    file_name=Sealed("niederschrift.pdf"),
)
MINUTES = MinutesDrafted(file=PROTOCOL.file, sha512=SHA512, drafted_on=date(2026, 3, 20))
FIRST_SIGNATURE = MinutesSigned(
    office=Signatory.CHAIR, sha512=SHA512, signatory=SOMEBODY_ELSE, signed_on=date(2026, 3, 20)
)
SECOND_SIGNATURE = MinutesSigned(
    office=Signatory.SECRETARY,
    sha512=SHA512,
    signatory=ACTOR,
    other_signatory=SOMEBODY_ELSE,
    signed_on=date(2026, 3, 20),
)
SIGNED = (PROTOCOL, MINUTES, FIRST_SIGNATURE, SECOND_SIGNATURE)


def a_city(record_id: UUID = RECORD) -> Given:
    """A council with its members; the record the scenario is about is yet to begin."""
    return given(FAMILY, record_id=record_id).beside(COUNCIL, ESTABLISHED, *JOINED)


def a_paper(*more: Any) -> Given:
    """A drafted paper with these further facts."""
    return a_city(PAPER).beside(PAPER, DRAFTED, *more)


def a_meeting(*more: Any) -> Given:
    """A scheduled meeting with these further facts; a released paper is planned for it."""
    return a_paper(RELEASED, PLANNED).about(MEETING).beside(MEETING, SCHEDULED, *more)


def a_meeting_with_item(*more: Any) -> Given:
    """A meeting with the paper on its agenda, and these further facts."""
    return a_meeting(ITEM_ADDED, *more).beside(PAPER, ON_AGENDA)


def a_held_meeting(*more: Any) -> Given:
    """A meeting that is being held, with the paper on its agenda; it is the evening of that day."""
    return a_meeting_with_item(INVITED, HELD, *more).at(THE_DAY)


def a_resolution(*more: Any) -> Given:
    """An adopted resolution with these further facts."""
    return a_held_meeting(PRESENT, VOTED, ADOPTED).about(RESOLUTION).beside(RESOLUTION, RESOLVED, *more)


def schedule(**changes: Any) -> ScheduleMeeting:
    command = ScheduleMeeting(number="RAT/2026/04", body=COUNCIL, start=START, end=END)
    return replace(command, **changes)


def add_item(**changes: Any) -> AddAgendaItem:
    return replace(AddAgendaItem(number="5", order=5, public=True, paper=PAPER), **changes)
