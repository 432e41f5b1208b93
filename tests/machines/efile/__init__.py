"""E-files at random: the file plan, files and cases, their documents and rounds, and the way to disposal."""

from collections.abc import Iterator
from uuid import UUID

from domain.efile import FAMILY
from domain.efile.state import Case, File, FilePlanUnit
from tests.machines.efile import disposal, late, records, rounds
from tests.machines.efile.promises import check
from tests.machines.machine import Machine, Stage


def stages(record_id: UUID, state: FilePlanUnit | File | Case) -> Iterator[Stage]:
    if isinstance(state, FilePlanUnit):
        yield Stage("plan_unit", record_id, "ENDING" if state.valid_to else "VALID")
        return
    yield Stage("file" if isinstance(state, File) else "case", record_id, state.status)
    for hold in state.holds:
        yield Stage("hold", (record_id, hold), "STANDING")
    if isinstance(state, Case):
        for number, circulation in enumerate(state.circulations):
            for step in circulation.steps:
                yield Stage("step", (record_id, number, step.planned.no), step.status.name)
        for number, resubmission in enumerate(state.resubmissions):
            yield Stage("resubmission", (record_id, number), resubmission.status)


MACHINE = Machine(
    family=FAMILY,
    moves=[*records.MOVES, *rounds.MOVES, *disposal.MOVES, *late.MOVES],
    stages=stages,
    check=check,
    endings={"FileLegalHoldReleased": "RELEASED", "CaseLegalHoldReleased": "RELEASED"},
    years=50,
)
