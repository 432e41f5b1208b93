"""Council documents on the real ledger: a paper becomes a resolution, and two clerks cannot both win."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from domain.council.commands import (
    AddAgendaItem,
    AddMember,
    AssignImplementation,
    CoSignPaper,
    DecideAgendaItem,
    DraftPaper,
    EstablishBody,
    HoldMeeting,
    InviteToMeeting,
    PlanConsultation,
    RecordAttendance,
    RecordVote,
    ReleasePaper,
    ScheduleMeeting,
)
from domain.council.facts.common import PAPER_REFERENCE, RESOLUTION_NUMBER
from domain.council.rules import records
from domain.council.state import MeetingState, PaperState
from domain.council.vocabulary import BodyType, ConsultationRole, Outcome, PaperStatus, PaperType, TrackingStatus
from domain.kernel import Command, Effective, Rejected, Sealed
from domain.requests import Outcome as Answer
from domain.requests import Principal, Request
from infra.ledger import Ledger
from tests.database import CLERK

NOW = datetime.now(UTC)
START = NOW - timedelta(days=3)
BEFORE = Effective(START - timedelta(days=20))
MEMBERS = tuple(uuid4() for _ in range(9))
SOMEBODY_ELSE = replace(CLERK, actor=uuid4())
MEANWHILE = Effective(START + timedelta(minutes=1))


def do(
    ledger: Ledger,
    command: Command,
    record_id: UUID | None = None,
    at: Effective = BEFORE,
    key: str | None = None,
    who: Principal = CLERK,
) -> UUID:
    request = Request(
        command=command,
        principal=who,
        idempotency_key=key or f"{type(command).__name__} {record_id}",
        record_id=record_id,
        effective=at,
    )
    return ledger.handle(request).record_id


def a_council(ledger: Ledger) -> UUID:
    body = EstablishBody(code="RAT", name=Sealed("Rat"), body_type=BodyType.COUNCIL, seats=10)
    council = do(ledger, body)
    for member in MEMBERS:
        do(ledger, AddMember(name=Sealed("Erika Beispiel"), member=member), council, key=f"add {member}")
    return council


def a_paper(ledger: Ledger, council: UUID) -> UUID:
    draft = DraftPaper(
        reference="01/1", title=Sealed("Umbau"), paper_type=PaperType.PROPOSAL, lead_unit="61", public=True
    )
    paper = do(ledger, draft)
    do(ledger, CoSignPaper(unit="10"), paper, who=SOMEBODY_ELSE)
    do(ledger, ReleasePaper(), paper)
    do(ledger, PlanConsultation(body=council, role=ConsultationRole.DECISION, authoritative=True), paper)
    return paper


def a_meeting(ledger: Ledger, council: UUID) -> UUID:
    return do(ledger, ScheduleMeeting(number="RAT/1", body=council, start=START))


def meeting_of(ledger: Ledger, meeting: UUID) -> MeetingState:
    state = ledger.stream(meeting).state
    assert isinstance(state, MeetingState)
    return state


def paper_of(ledger: Ledger, paper: UUID) -> PaperState:
    state = ledger.stream(paper).state
    assert isinstance(state, PaperState)
    return state


def at_once(ledger: Ledger, requests: Sequence[Request]) -> list[Answer | Exception]:
    """The answers to requests that are handed in at the same moment."""
    barrier = Barrier(len(requests))

    def hand_in(request: Request) -> Answer | Exception:
        barrier.wait()
        try:
            return ledger.handle(request)
        except Rejected as refusal:
            return refusal

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(hand_in, requests))


def rules_of(answers: Sequence[Any]) -> list[str]:
    return [answer.rule.id for answer in answers if isinstance(answer, Rejected)]


def test_a_paper_becomes_a_resolution_that_is_tracked(ledger: Ledger) -> None:
    council = a_council(ledger)
    paper, meeting = a_paper(ledger, council), a_meeting(ledger, council)
    do(ledger, AddAgendaItem(number="1", order=1, public=True, paper=paper), meeting)
    assert paper_of(ledger, paper).status is PaperStatus.IN_CONSULTATION
    do(ledger, InviteToMeeting(shortened_notice_reason=Sealed("Nachgetragen")), meeting)
    do(ledger, HoldMeeting(), meeting, MEANWHILE)
    do(ledger, RecordAttendance(members=MEMBERS), meeting, MEANWHILE)
    (item,) = meeting_of(ledger, meeting).items
    do(ledger, RecordVote(item=item.id, yes=6, no=3), meeting, MEANWHILE)
    decide = DecideAgendaItem(item=item.id, outcome=Outcome.ADOPTED, text=Sealed("Der Umbau wird beschlossen."))
    do(ledger, decide, meeting, MEANWHILE)
    assert paper_of(ledger, paper).status is PaperStatus.DECIDED
    taken_over = {each.command.__name__: each.blocked_by for each in ledger.available(paper, CLERK)}
    assert {taken_over["UpdateImportedPaper"], taken_over["UpdateImportedConsultation"]} == {records.IMPORT_ONLY}
    resolution = ledger.lookup(RESOLUTION_NUMBER, "RAT/1-1")
    assert resolution is not None
    do(ledger, AssignImplementation(unit="66", due=(NOW + timedelta(days=90)).date()), resolution, MEANWHILE)
    assert ledger.stream(resolution).state.status is TrackingStatus.ASSIGNED
    allowed = {each.command.__name__: each.allowed for each in ledger.available(resolution, CLERK)}
    assert allowed == {
        "AssignImplementation": True,
        "ReportImplementation": True,
        "CompleteImplementation": True,
        "GiveFinalReport": False,
        "RecordOverdueImplementation": False,
        "ObjectToResolution": True,
        "DecideObjection": False,
        "RecordSupervisoryDecision": False,
    }


def test_of_clerks_who_want_one_slot_one_gets_it(ledger: Ledger) -> None:
    council = a_council(ledger)
    requests = [
        Request(
            command=ScheduleMeeting(number=f"RAT/{n}", body=council, start=START),
            principal=CLERK,
            idempotency_key=str(n),
            effective=BEFORE,
        )
        for n in range(8)
    ]
    answers = at_once(ledger, requests)
    assert sum(isinstance(answer, Answer) for answer in answers) == 1
    assert rules_of(answers) == ["council.meeting_slot_taken"] * 7


def test_a_paper_that_two_meetings_want_stands_on_one_agenda(ledger: Ledger) -> None:
    council = a_council(ledger)
    paper = a_paper(ledger, council)
    meetings = [
        do(ledger, ScheduleMeeting(number=f"RAT/{n}", body=council, start=START + timedelta(hours=n)), key=str(n))
        for n in range(6)
    ]
    requests = [
        Request(
            command=AddAgendaItem(number="1", order=1, public=True, paper=paper),
            principal=CLERK,
            idempotency_key=f"add {meeting}",
            record_id=meeting,
            effective=BEFORE,
        )
        for meeting in meetings
    ]
    answers = at_once(ledger, requests)
    assert sum(isinstance(answer, Answer) for answer in answers) == 1
    assert rules_of(answers) == ["council.paper_not_for_body"] * 5
    assert sum(len(meeting_of(ledger, meeting).items) for meeting in meetings) == 1


def test_a_reference_is_given_once_even_at_the_same_moment(ledger: Ledger) -> None:
    draft = DraftPaper(reference="01/1", title=Sealed("x"), paper_type=PaperType.MOTION, lead_unit="61")
    requests = [Request(command=draft, principal=CLERK, idempotency_key=str(n)) for n in range(8)]
    answers = at_once(ledger, requests)
    assert rules_of(answers) == ["council.paper_reference_taken"] * 7
    assert ledger.lookup(PAPER_REFERENCE, "01/1") is not None
