"""Council documents at random: bodies, papers, meetings and resolutions, and everybody's mistakes."""

from collections.abc import Iterator
from uuid import UUID

from domain.council import FAMILY
from domain.council.state import BodyState, MeetingState, PaperState, ResolutionState, State
from domain.council.vocabulary import MeetingStatus, PaperStatus, Publication, TrackingStatus
from tests.machines import council_meetings, council_papers, council_prelude, council_sittings
from tests.machines.machine import Machine, Stage, World


def stages(record_id: UUID, state: State) -> Iterator[Stage]:
    if isinstance(state, ResolutionState):
        yield Stage("resolution", record_id, state.status)
        return
    if state.source is not None:
        # It takes the states of its source.
        gone = state.publication is Publication.DELETED_AT_SOURCE
        yield Stage("imported", record_id, "deleted_there" if gone else "led_there")
        return
    match state:
        case BodyState():
            yield Stage("body", record_id, "dissolved" if state.dissolved_on else "active")
        case MeetingState():
            yield Stage("meeting", record_id, state.status)
        case PaperState():
            yield Stage("paper", record_id, state.status)
            for each in state.consultations:
                stage = "over" if each.decided else "on_agenda" if each.data.meeting else "planned"
                yield Stage("consultation", each.id, stage)


def check(world: World, record_id: UUID) -> None:
    state: State = world.state(record_id)
    match state:
        case PaperState(source=None):
            check_paper(state)
        case MeetingState(source=None):
            check_meeting(state)
        case ResolutionState():
            assert (state.resumes_as is not None) or state.status is not TrackingStatus.SUSPENDED
            assert not (state.status.being_implemented and state.unit is None)


def check_paper(paper: PaperState) -> None:
    waiting = [each for each in paper.consultations if not each.decided]
    assert sum(each.data.authoritative for each in waiting) <= 1
    assert bool(paper.co_signed_by) or paper.status is not PaperStatus.CO_SIGNED
    if paper.publication is Publication.PUBLISHED:
        assert paper.data.public
        assert paper.status not in (PaperStatus.DRAFT, PaperStatus.CO_SIGNED)


def check_meeting(meeting: MeetingState) -> None:
    numbers = [item.data.number for item in meeting.items]
    assert len(numbers) == len(set(numbers))
    if meeting.voting_members is not None and meeting.data.seats is not None:
        assert meeting.voting_members <= meeting.data.seats
    for item in meeting.items:
        if item.data.outcome is not None and item.data.outcome.needs_vote:
            assert item.yes is not None
            assert item.no is not None
            assert item.data.outcome.adopts == (item.yes > item.no)
    if meeting.status is MeetingStatus.MINUTES_SIGNED:
        assert meeting.minutes is not None
        one, other = meeting.minutes.signatures
        assert one.office is not other.office
        assert not set(one.persons) & set(other.persons)
        assert all(item.decided for item in meeting.items)


MACHINE = Machine(
    family=FAMILY,
    moves=(*council_papers.MOVES, *council_meetings.MOVES, *council_sittings.MOVES),
    prelude=council_prelude.PRELUDE,
    stages=stages,
    check=check,
    endings={"ConsultationCancelled": "cancelled"},
    kept_back={
        "council.record_exists": "the store creates no record twice: VersionConflict",
        "council.record_missing": "the store knows no record of the kind there: NotFound",
    },
)
