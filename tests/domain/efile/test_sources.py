"""Where something was taken over from is told by the import that has read it, and by nobody else."""

from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import CorrectCase, CorrectCirculationStep, RecordCirculationStep
from domain.efile.facts import CirculationStepRecorded, StepContent
from domain.efile.vocabulary import CaseField
from domain.kernel import Channel, Command
from tests.domain.efile.examples import CASES, DEFINED, PLAN_UNIT, REASON, open_case, open_file
from tests.scenario import TODAY, Given, an_id, given

STEP = StepContent(activity="Ortstermin")
DIGEST = "0" * 64
PLAN = given(FAMILY, record_id=an_id("new")).beside(PLAN_UNIT, DEFINED)
IN_A_FILE = CASES.open().about(an_id("new"))
DOCUMENTED = CASES.open(CirculationStepRecorded(entry=1, step=STEP, day=TODAY))


def step(**told: Any) -> Command:
    return RecordCirculationStep(step=STEP, **told)


TOLD: list[tuple[Given, Command]] = [
    (PLAN, open_file(source="log")),
    (PLAN, open_file(source_id="7")),
    (IN_A_FILE, open_case(reference="1", source="log")),
    (IN_A_FILE, open_case(reference="1", source_id="7")),
    (IN_A_FILE, open_case(reference="1", source_digest=DIGEST)),
    (CASES.open(), step(source="log")),
    (CASES.open(), step(source_id="7")),
    (CASES.open(), step(source_row=7)),
    (CASES.open(), step(source_digest=DIGEST)),
    (DOCUMENTED, CorrectCirculationStep(entry=1, step=STEP, source_digest=DIGEST, reason=REASON)),
    (CASES.open(), CorrectCase(field=CaseField.MEDIUM, new="003", source_digest=DIGEST, reason=REASON)),
]


@pytest.mark.allows("efile.source_of_import")
@pytest.mark.parametrize(("scenario", "command"), TOLD, ids=lambda each: type(each).__name__)
def test_only_an_import_tells_of_a_source(scenario: Given, command: Command) -> None:
    for channel in Channel:
        if channel is not Channel.IMPORT:
            scenario.when(command, channel=channel).refused("efile.source_of_import")
    scenario.when(command, channel=Channel.IMPORT).so()


@pytest.mark.allows("efile.source_of_import")
def test_whoever_tells_of_no_source_may_do_all_that_by_hand() -> None:
    PLAN.when(open_file()).so()
    IN_A_FILE.when(open_case(reference="1")).so()
    CASES.open().when(step()).so()
    DOCUMENTED.when(CorrectCirculationStep(entry=1, step=STEP, reason=REASON)).so()
