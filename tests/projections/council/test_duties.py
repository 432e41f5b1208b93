"""What falls due in the council office: since which day, by which command, and no longer once it is recorded."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.vocabulary import TrackingStatus
from projections.council import DUTIES, duties
from projections.duties import Duty
from projections.model import columns_of
from projections.query import Op, Where, operations
from tests.domain.council.examples import ASSIGNED, COMPLETED, INVITED, a_meeting_with_item, a_resolution
from tests.projections.council.reading import row_of
from tests.scenario import Given

LATE, OVERDUE = duties.INVITATION_LATE, duties.IMPLEMENTATION_OVERDUE
LAST_TO_INVITE, DUE = date(2026, 3, 13), date(2026, 6, 30)
ONE = timedelta(days=1)


def meets(row: Any, where: Where) -> bool:
    value = getattr(row, where.column)
    match where.op:
        case Op.EQ:
            return bool(value == where.value)
        case Op.IN:
            return value in where.value
        case Op.LT:
            return value is not None and value < where.value
        case Op.IS_NULL:
            return (value is None) is where.value
    raise AssertionError(f"{where.op} is not used by a duty")


def is_due(duty: Duty, scenario: Given, day: date) -> bool:
    row = row_of(duty.source, scenario)
    return all(meets(row, where) for where in duty.due(day))


@pytest.mark.parametrize(
    ("duty", "scenario", "last"),
    [(LATE, a_meeting_with_item(), LAST_TO_INVITE), (OVERDUE, a_resolution(ASSIGNED), DUE)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_duty_is_due_the_day_after_and_until_it_is_recorded(duty: Duty, scenario: Given, last: date) -> None:
    assert not is_due(duty, scenario, last)
    assert is_due(duty, scenario, last + ONE)
    row = row_of(duty.source, scenario)
    assert duty.since(row) == last + ONE
    record, command = duty.command(row)
    assert record == scenario.record_id
    recorded = scenario.when(command, on=duty.since(row)).so()
    assert not is_due(duty, recorded, last + 90 * ONE)


def test_who_was_invited_and_what_is_done_is_not_due() -> None:
    assert not is_due(LATE, a_meeting_with_item(INVITED), LAST_TO_INVITE + ONE)
    assert not is_due(OVERDUE, a_resolution(ASSIGNED, COMPLETED), DUE + ONE)
    assert not is_due(OVERDUE, a_resolution(), DUE + ONE)
    assert TrackingStatus.SUSPENDED not in duties.IN_CHARGE


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)
def test_a_register_can_be_asked_what_is_due(duty: Duty) -> None:
    columns = columns_of(duty.source.row)
    for where in duty.due(DUE):
        assert where.op in operations(columns[where.column])


def test_what_has_no_last_day_is_no_duty() -> None:
    with pytest.raises(ValueError, match="no last day"):
        OVERDUE.since(row_of(OVERDUE.source, a_resolution()))
