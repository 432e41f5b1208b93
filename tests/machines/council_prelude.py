"""How each world of the council machine begins: a body with members, a meeting under way, a paper and a resolution."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.council import commands as c
from domain.council.state import BodyState, MeetingState, PaperState, ResolutionState
from domain.council.vocabulary import BodyType, ConsultationRole, MeetingStatus, Outcome, PaperType
from domain.kernel import Command
from tests.machines.council_meetings import evening, past
from tests.machines.machine import ACTORS, Attempt, Move, Scene

NOTICE = timedelta(days=8)


def begun(kind: type[Any], make: Callable[[Scene, UUID, object], Command], on: timedelta | None = None) -> Move:
    """A command on the youngest record of a kind; on its day, or so long before, where it is a meeting."""

    def move(scene: Scene) -> Attempt:
        found: dict[UUID, object] = scene.world.of(kind)
        record, state = list(found.items())[-1]
        day: date | datetime | None = None
        if on is not None and isinstance(state, MeetingState) and state.day:
            day = past(state.day - on)
        return Attempt(command=make(scene, record, state), record=record, on=day, actor=ACTORS[1])

    return move


def establish(scene: Scene) -> Attempt:
    command = c.EstablishBody(code=scene.number("B"), name=scene.text(), body_type=BodyType.COUNCIL, seats=3)
    return Attempt(command=command)


def draft(scene: Scene) -> Attempt:
    command = c.DraftPaper(
        reference=scene.number("V-"),
        title=scene.text(),
        paper_type=PaperType.PROPOSAL,
        lead_unit="66",
        public=True,
    )
    return Attempt(command=command, actor=ACTORS[0])


def schedule(scene: Scene) -> Attempt:
    body = next(iter(scene.world.of(BodyState)))
    days = 10 + len(scene.world.of(MeetingState))
    start = evening(scene.today + timedelta(days=days))
    first = next(iter(scene.world.of(MeetingState).values()), None)
    # The second's number is the beginning of the first's: "S-7-1" and "S-7".
    number = first.number.removesuffix("-1") if first and first.number else f"{scene.number('S-')}-1"
    return Attempt(command=c.ScheduleMeeting(number=number, body=body, start=start))


def _member(scene: Scene, record: UUID, state: object) -> Command:
    return c.AddMember(name=scene.text(), group=scene.pick(["SPD", "CDU"]))


def _plan(scene: Scene, record: UUID, state: object) -> Command:
    body = next(iter(scene.world.of(BodyState)))
    return c.PlanConsultation(body=body, role=ConsultationRole.DECISION, authoritative=True, order=2)


def _item(scene: Scene, record: UUID, state: object) -> Command:
    number = scene.number()
    return c.AddAgendaItem(number=number, order=1, title=scene.text(), public=True)


def _paper(scene: Scene, record: UUID, state: object) -> Command:
    paper = next(iter(scene.world.of(PaperState)))
    return c.AddAgendaItem(number=scene.number(), order=2, paper=paper, public=True)


def _attend(scene: Scene, record: UUID, state: object) -> Command:
    body = next(iter(scene.world.of(BodyState).values()))
    return c.RecordAttendance(members=tuple(member.member for member in body.members))


def _vote(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.RecordVote(item=_next(state), yes=2, no=1)


def _decide(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    assert state.status is MeetingStatus.HELD
    return c.DecideAgendaItem(item=_next(state), outcome=Outcome.ADOPTED, text=scene.text())


def _next(meeting: MeetingState) -> UUID:
    return next(item.id for item in meeting.items if not item.decided and not item.data.paper)


def _vote_on_paper(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    item = next(item.id for item in state.items if item.data.paper)
    return c.RecordVote(item=item, yes=2, no=1)


def _item_whose_resolution_would_have_a_taken_number(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    taken = next(iter(scene.world.of(ResolutionState).values())).number
    number = taken.removeprefix(f"{state.number}-")
    return c.AddAgendaItem(number=number, order=9, title=scene.text(), public=True)


def _assign(scene: Scene, record: UUID, state: object) -> Command:
    return c.AssignImplementation(unit="66", due=scene.today + timedelta(days=20))


NO_TIME = timedelta()
PRELUDE: tuple[Move, ...] = (
    establish,
    *[begun(BodyState, _member)] * 3,
    draft,
    begun(PaperState, lambda *_: c.CoSignPaper(unit="20")),
    begun(PaperState, lambda *_: c.ReleasePaper()),
    begun(PaperState, _plan),
    schedule,
    *[begun(MeetingState, _item)] * 3,
    begun(MeetingState, _paper),
    begun(MeetingState, lambda *_: c.InviteToMeeting(), NOTICE),
    begun(MeetingState, lambda *_: c.HoldMeeting(), NO_TIME),
    begun(MeetingState, _attend, NO_TIME),
    *[begun(MeetingState, _vote, NO_TIME), begun(MeetingState, _decide, NO_TIME)] * 3,
    begun(ResolutionState, _assign, NO_TIME),
    begun(MeetingState, _vote_on_paper, NO_TIME),
    schedule,
    begun(MeetingState, _item),
    begun(MeetingState, _item_whose_resolution_would_have_a_taken_number),
    begun(MeetingState, lambda *_: c.InviteToMeeting(), NOTICE),
    establish,
)
