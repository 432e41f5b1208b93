"""Moves of the council machine: the mayor objects to resolutions, and their bodies decide again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from domain.council import commands as c
from domain.council.state import ItemState, MeetingState, ResolutionState
from domain.council.vocabulary import MeetingStatus, TrackingStatus
from domain.kernel import Channel
from tests.machines.council_meetings import day_of, past, working_day
from tests.machines.council_papers import nobody
from tests.machines.machine import Attempt, Move, NotYet, Scene

OPEN = (MeetingStatus.SCHEDULED, MeetingStatus.INVITED, MeetingStatus.HELD)


def waits(resolution: ResolutionState) -> bool:
    """Whether it was objected to and its body has yet to decide again."""
    return resolution.status is TrackingStatus.SUSPENDED and not resolution.upheld


def object_to(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    on = working_day(scene, resolution)
    channel = scene.often(Channel.STAFF, Channel.SERVICE_PORTAL)
    return Attempt(command=c.ObjectToResolution(legal_ground=scene.text()), record=record, on=on, channel=channel)


def object_too_early(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    on = resolution.since - timedelta(days=1)
    return Attempt(command=c.ObjectToResolution(legal_ground=scene.text()), record=record, on=on)


def taking_up(scene: Scene, meeting: MeetingState, record: UUID) -> c.AddAgendaItem:
    return c.AddAgendaItem(
        number=scene.number(),
        order=1 + len(meeting.items),
        title=scene.text(),
        urgency=scene.text(),
        decides_again=record,
    )


def take_up(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, waits)

    def fits(meeting: MeetingState) -> bool:
        late = resolution.objected_on and meeting.day and meeting.day < resolution.objected_on
        return meeting.status in OPEN and bool(meeting.bodies & resolution.bodies) and not late

    found, meeting = scene.some(MeetingState, fits)
    on = past(max(scene.today, day_of(scene, meeting), resolution.since))
    return Attempt(command=taking_up(scene, meeting, record), record=found, on=on)


def take_up_anything(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, lambda meeting: meeting.status in OPEN)
    resolution = scene.pick([*scene.world.of(ResolutionState), nobody(scene)])
    return Attempt(command=taking_up(scene, meeting, resolution), record=record)


def vote_on_what_is_taken_up(scene: Scene) -> Attempt:
    def open_items(meeting: MeetingState) -> list[ItemState]:
        return [item for item in meeting.items if item.decides_again and not item.decided and item.yes is None]

    def votes(meeting: MeetingState) -> bool:
        return meeting.status is MeetingStatus.HELD and bool(meeting.voting_members) and bool(open_items(meeting))

    record, meeting = scene.some(MeetingState, votes)
    item = scene.pick(open_items(meeting))
    yes = scene.random.randint(0, 1)
    return Attempt(command=c.RecordVote(item=item.id, yes=yes, no=1 - yes), record=record)


def decide_again(scene: Scene) -> Attempt:
    return _decided_in(scene, lambda item: item.data.outcome is not None)


def decide_again_before_it_is_voted_on(scene: Scene) -> Attempt:
    return _decided_in(scene, lambda item: item.data.outcome is None)


def _decided_in(scene: Scene, which: Callable[[ItemState], bool]) -> Attempt:
    """A resolution that was objected to, and an item in which it is taken up."""
    taken_up = {
        item.decides_again: (record, item.id)
        for record, meeting in scene.world.of(MeetingState).items()
        if meeting.status.was_held
        for item in meeting.items
        if item.decides_again and which(item)
    }
    suspended = {key for key, found in scene.world.of(ResolutionState).items() if waits(found)}
    fitting = suspended & set(taken_up)
    resolution = scene.focus if scene.focus in fitting else scene.pick(sorted(fitting))
    if resolution is None:
        raise NotYet
    meeting, item = taken_up[resolution]
    known, found = scene.world.state(meeting), scene.world.state(resolution)
    assert isinstance(known, MeetingState)
    assert isinstance(found, ResolutionState)
    on = past(max(scene.today, day_of(scene, known), found.since))
    return Attempt(command=c.DecideObjection(meeting=meeting, item=item), record=resolution, on=on)


def decide_by_any_item(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    return _decided_by(scene, record, resolution)


def decide_what_was_objected_to_by_any_item(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, waits)
    return _decided_by(scene, record, resolution)


def decide_once_more(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, lambda found: found.upheld)
    return _decided_by(scene, record, resolution)


def _decided_by(scene: Scene, record: UUID, resolution: ResolutionState) -> Attempt:
    def fits(meeting: MeetingState) -> bool:
        return bool(meeting.bodies & resolution.bodies) and meeting.status.was_held

    found, meeting = scene.some(MeetingState, fits)
    item = scene.pick([item.id for item in meeting.items] or [nobody(scene)])
    command = c.DecideObjection(meeting=scene.often(found, nobody(scene)), item=scene.often(item, nobody(scene)))
    return Attempt(command=command, record=record)


def record_authority(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    command = c.RecordSupervisoryDecision(stands=scene.chance(0.7), note=scene.text())
    return Attempt(command=command, record=record, on=working_day(scene, resolution))


def record_authority_on_what_is_upheld(scene: Scene) -> Attempt:
    def upheld(found: ResolutionState) -> bool:
        return found.upheld and found.status is TrackingStatus.SUSPENDED

    record, resolution = scene.some(ResolutionState, upheld)
    command = c.RecordSupervisoryDecision(stands=scene.chance(0.7), note=scene.text())
    return Attempt(command=command, record=record, on=working_day(scene, resolution))


def resuming(status: TrackingStatus) -> Move:
    """The authority lets stand what was in this status before the objection."""

    def let_stand(scene: Scene) -> Attempt:
        def upheld(found: ResolutionState) -> bool:
            return found.upheld and found.status is TrackingStatus.SUSPENDED and found.resumes_as is status

        record, resolution = scene.some(ResolutionState, upheld)
        command = c.RecordSupervisoryDecision(stands=True, note=scene.text())
        return Attempt(command=command, record=record, on=past(max(scene.today, resolution.since)))

    return let_stand


MOVES: tuple[Move, ...] = (
    object_to,
    object_too_early,
    take_up,
    take_up_anything,
    vote_on_what_is_taken_up,
    decide_again,
    decide_again_before_it_is_voted_on,
    decide_by_any_item,
    decide_what_was_objected_to_by_any_item,
    decide_once_more,
    record_authority,
    record_authority_on_what_is_upheld,
    *[
        resuming(status)
        for status in (
            TrackingStatus.OPEN,
            TrackingStatus.ASSIGNED,
            TrackingStatus.IN_PROGRESS,
            TrackingStatus.DELAYED,
        )
    ],
)
