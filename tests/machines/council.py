"""Council documents at random: bodies, papers, meetings and resolutions, and everybody's mistakes."""

from collections.abc import Iterator
from uuid import UUID

from domain.council import FAMILY
from domain.council.state import BodyState, MeetingState, PaperState, ResolutionState, State
from domain.council.vocabulary import Publication
from tests.machines import council_meetings, council_objections, council_papers, council_prelude, council_sittings
from tests.machines.council_promises import check
from tests.machines.deputies import with_deputies
from tests.machines.machine import Machine, Stage


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


MACHINE = Machine(
    family=FAMILY,
    moves=with_deputies(
        (*council_papers.MOVES, *council_meetings.MOVES, *council_sittings.MOVES, *council_objections.MOVES)
    ),
    prelude=council_prelude.PRELUDE,
    # Meetings lie ahead, and are held only on days that have come: there is to be time for many.
    years=12,
    stages=stages,
    check=check,
    endings={"ConsultationCancelled": "cancelled"},
    kept_back={
        "council.record_exists": "the store creates no record twice: VersionConflict",
        "council.record_missing": "the store knows no record of the kind there: NotFound",
    },
)
