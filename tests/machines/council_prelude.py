"""How each world of the council machine begins: a body with members, a meeting under way, a paper and a resolution."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.council import commands as c
from domain.council.state import BodyState, MeetingState, PaperState, ResolutionState
from domain.council.vocabulary import (
    BodyType,
    ConsultationRole,
    FileRole,
    MeetingStatus,
    Outcome,
    PaperType,
    Progress,
    Signatory,
)
from domain.kernel import Command
from tests.machines.council_meetings import evening, past
from tests.machines.council_papers import SHA512S
from tests.machines.machine import ACTORS, Attempt, Move, Scene

NOTICE = timedelta(days=8)
NO_TIME = timedelta()


def begun(
    kind: type[Any],
    make: Callable[[Scene, UUID, object], Command],
    on: timedelta | None = None,
    unit: str = "61",
    actor: UUID = ACTORS[1],
) -> Move:
    """A command on the youngest record of a kind; on its day, or so long before, where it is a meeting."""

    def move(scene: Scene) -> Attempt:
        found: dict[UUID, object] = scene.world.of(kind)
        record, state = list(found.items())[-1]
        day: date | datetime | None = None
        if on is not None and isinstance(state, MeetingState) and state.day:
            day = past(state.day - on)
        return Attempt(command=make(scene, record, state), record=record, on=day, actor=actor, unit=unit)

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


def schedule_for(scene: Scene, body: UUID, number: str) -> Attempt:
    days = 10 + len(scene.world.of(MeetingState))
    start = evening(scene.today + timedelta(days=days))
    return Attempt(command=c.ScheduleMeeting(number=number, body=body, start=start))


def schedule_for_the_first(scene: Scene) -> Attempt:
    return schedule_for(scene, next(iter(scene.world.of(BodyState))), scene.number("S-"))


def schedule_for_the_second(scene: Scene) -> Attempt:
    return schedule_for(scene, list(scene.world.of(BodyState))[-1], scene.number("S-"))


def schedule(scene: Scene) -> Attempt:
    body = next(iter(scene.world.of(BodyState)))
    first = next(iter(scene.world.of(MeetingState).values()), None)
    # The second's number is the beginning of the first's: "S-7-1" and "S-7".
    number = first.number.removesuffix("-1") if first and first.number else f"{scene.number('S-')}-1"
    return schedule_for(scene, body, number)


def _member(scene: Scene, record: UUID, state: object) -> Command:
    return c.AddMember(name=scene.text(), group=scene.pick(["SPD", "CDU"]))


def _plan(scene: Scene, record: UUID, state: object) -> Command:
    body = next(iter(scene.world.of(BodyState)))
    return c.PlanConsultation(body=body, role=ConsultationRole.DECISION, authoritative=True, order=2)


def _plan_first(scene: Scene, record: UUID, state: object) -> Command:
    body = next(iter(scene.world.of(BodyState)))
    return c.PlanConsultation(body=body, role=ConsultationRole.PRELIMINARY, order=1)


def _plan_beside(scene: Scene, record: UUID, state: object) -> Command:
    body = list(scene.world.of(BodyState))[-1]
    return c.PlanConsultation(body=body, role=ConsultationRole.DECISION, authoritative=True, order=1)


def _item(scene: Scene, record: UUID, state: object) -> Command:
    number = scene.number()
    return c.AddAgendaItem(number=number, order=1, title=scene.text(), public=True)


def _paper(scene: Scene, record: UUID, state: object) -> Command:
    paper = list(scene.world.of(PaperState))[-1]
    return c.AddAgendaItem(number=scene.number(), order=2, paper=paper, public=True)


def _attend(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    (body,) = map(scene.world.state, state.bodies)
    return c.RecordAttendance(members=tuple(known.of.member for known in body.memberships))


def _vote(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.RecordVote(item=_next(state), yes=2, no=1)


def _vote_down(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.RecordVote(item=_next(state), yes=0, no=3)


def _reject(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.DecideAgendaItem(item=_next(state), outcome=Outcome.REJECTED)


def _note(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.DecideAgendaItem(item=_next(state), outcome=Outcome.NOTED)


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


def _vote_on_a_taken_number(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.RecordVote(item=state.items[-1].id, yes=2, no=1)


def _item_whose_resolution_would_have_a_taken_number(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    taken = next(iter(scene.world.of(ResolutionState).values())).number
    number = taken.removeprefix(f"{state.number}-")
    return c.AddAgendaItem(number=number, order=9, title=scene.text(), public=True)


def nth(number: int, make: Callable[[Scene, ResolutionState], Command]) -> Move:
    """A command on a resolution, on the day it was adopted."""

    def move(scene: Scene) -> Attempt:
        record, state = list(scene.world.of(ResolutionState).items())[number]
        return Attempt(command=make(scene, state), record=record, on=past(state.adopted_on), actor=ACTORS[1])

    return move


def _assign(scene: Scene, state: ResolutionState) -> Command:
    return c.AssignImplementation(unit="66", due=state.adopted_on + timedelta(days=20))


def _progress(scene: Scene, state: ResolutionState) -> Command:
    return c.ReportImplementation(progress=Progress.IN_PROGRESS)


def _delay(scene: Scene, state: ResolutionState) -> Command:
    return c.ReportImplementation(progress=Progress.DELAYED, delay_reason=scene.text())


def _object(scene: Scene, state: ResolutionState) -> Command:
    return c.ObjectToResolution(legal_ground=scene.text())


def taken_up(number: int) -> Move:
    def make(scene: Scene, record: UUID, state: object) -> Command:
        resolution = list(scene.world.of(ResolutionState))[number]
        return c.AddAgendaItem(number=scene.number(), order=1, title=scene.text(), decides_again=resolution)

    return begun(MeetingState, make, NO_TIME)


def _protocol(scene: Scene, record: UUID, state: object) -> Command:
    return c.AttachMeetingFile(role=FileRole.RESULTS_PROTOCOL, **_document(scene))


def _main_file(scene: Scene, record: UUID, state: object) -> Command:
    return c.AttachPaperFile(role=FileRole.MAIN, **_document(scene))


def _document(scene: Scene) -> dict[str, Any]:
    return {
        "name": scene.text(),
        "file_name": scene.text(),
        "mime_type": "application/pdf",
        "size": 1,
        "sha512": SHA512S[0],
    }


def _sign(scene: Scene, record: UUID, state: object) -> Command:
    return c.SignMinutes(office=Signatory.CHAIR, sha512=SHA512S[0])


def _minutes(scene: Scene, record: UUID, state: object) -> Command:
    assert isinstance(state, MeetingState)
    return c.DraftMinutes(file=state.files[0].id)


def _invite(scene: Scene, record: UUID, state: object) -> Command:
    # It is recorded after the meeting, which takes a reason.
    return c.InviteToMeeting(shortened_notice_reason=scene.text())


RELEASED: tuple[Move, ...] = (
    draft,
    begun(PaperState, lambda *_: c.CoSignPaper(unit="20"), unit="20"),
    begun(PaperState, lambda *_: c.ReleasePaper()),
)
SITTING: tuple[Move, ...] = (
    begun(MeetingState, _invite, NOTICE),
    begun(MeetingState, lambda *_: c.HoldMeeting(), NO_TIME),
    begun(MeetingState, _attend, NO_TIME),
)
PRELUDE: tuple[Move, ...] = (
    establish,
    *[begun(BodyState, _member)] * 3,
    *RELEASED,
    begun(PaperState, _plan),
    schedule,
    *[begun(MeetingState, _item)] * 5,
    begun(MeetingState, _paper),
    *SITTING,
    *[begun(MeetingState, _vote, NO_TIME), begun(MeetingState, _decide, NO_TIME)] * 5,
    *[nth(number, _assign) for number in range(1, 5)],
    nth(2, _progress),
    nth(3, _delay),
    begun(MeetingState, _vote_on_paper, NO_TIME),
    schedule,
    begun(MeetingState, _item),
    begun(MeetingState, _item_whose_resolution_would_have_a_taken_number),
    *SITTING,
    begun(MeetingState, _vote_on_a_taken_number, NO_TIME),
    # A paper on the agendas of two bodies: one may postpone it, the other go on with it.
    establish,
    *[begun(BodyState, _member)] * 3,
    *RELEASED,
    begun(PaperState, _plan_first),
    begun(PaperState, _plan_beside),
    schedule_for_the_first,
    begun(MeetingState, _paper),
    *SITTING,
    schedule_for_the_second,
    begun(MeetingState, _paper),
    *SITTING,
    begun(MeetingState, _vote_on_paper, NO_TIME),
    # Resolutions that were objected to, one at each stage: the body stays with all but the first, and may now say so.
    *[nth(number, _object) for number in range(4)],
    schedule_for_the_first,
    *[taken_up(number) for number in range(4)],
    # They joined the agenda on the day of the meeting, and so members are invited on none before.
    begun(MeetingState, _invite, NO_TIME),
    *SITTING[1:],
    begun(MeetingState, _vote_down, NO_TIME),
    begun(MeetingState, _reject, NO_TIME),
    *[begun(MeetingState, _vote, NO_TIME), begun(MeetingState, _decide, NO_TIME)] * 3,
    # Minutes that one has signed.
    schedule_for_the_first,
    begun(MeetingState, _item),
    *SITTING,
    begun(MeetingState, _note, NO_TIME),
    begun(MeetingState, _protocol, NO_TIME),
    begun(MeetingState, _minutes, NO_TIME),
    begun(MeetingState, _sign, NO_TIME),
    # A paper with a file that waits for its release.
    draft,
    begun(PaperState, _main_file),
    begun(PaperState, lambda *_: c.CoSignPaper(unit="20"), unit="20", actor=ACTORS[2]),
    # One meeting to which members are invited, and one to which they are to be.
    schedule_for_the_first,
    begun(MeetingState, _item),
    SITTING[0],
    schedule_for_the_first,
    begun(MeetingState, _item),
)
