"""Read models that worker processes find here: healthy, slow and poisoned versions of shipped ones."""

import time
from dataclasses import replace
from typing import Any

from domain.efile.facts import CaseLeadUnitTransferred
from domain.kernel import Recorded
from projections.families import PROJECTIONS as SHIPPED
from projections.model import find

CASES = find(SHIPPED, "case_record")


def slow(row: Any, event: Recorded) -> Any:
    """As shipped, a hundredth of a second later."""
    time.sleep(0.01)
    return CASES.fold(row, event)


def poisoned(row: Any, event: Recorded) -> Any:
    """A case that is transferred cannot be folded, stored or left, by the last digit of its id."""
    found = CASES.fold(row, event)
    if isinstance(event.fact, CaseLeadUnitTransferred):
        match event.record_id.int % 16:
            case 0:
                raise ZeroDivisionError("boom")
            case 1:
                return replace(found, lead_unit="\0")
            case 2:
                time.sleep(3600)
    return found


def failing(row: Any, event: Recorded) -> Any:
    """No event can be folded."""
    raise ValueError("always")


PROJECTIONS = (
    replace(CASES, name="failing_case", fold=failing),
    replace(CASES, name="slow_case", fold=slow),
    replace(CASES, name="poisoned_case", fold=poisoned),
)
