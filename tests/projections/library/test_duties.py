"""What falls due in the library: a row meets its duty on the day, and no more once the fact is recorded."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import CancellationGround
from projections.duties import Duty
from projections.library import duties
from projections.query import Op, Where
from tests.domain.library.examples import CENTRAL, MONDAY, a_hold, a_loan, a_reader
from tests.projections.library.reading import rows
from tests.scenario import RECORD, Given

LOAN = c.loan_id(RECORD, 1)
HOLD = c.hold_id(RECORD, 1)
WEEKS = timedelta(days=28)


def meets(row: object, where: Where) -> bool:
    value = getattr(row, where.column)
    match where.op:
        case Op.IS_NULL:
            return (value is None) == bool(where.value)
        case Op.EQ:
            return bool(value == where.value)
        case Op.IN:
            return value in where.value
        case Op.LT:
            return value is not None and bool(value < where.value)
        case Op.LTE:
            return value is not None and bool(value <= where.value)
    raise AssertionError(f"no duty asks so yet: {where}")


def due(duty: Duty, scenario: Given, day: date) -> list[object]:
    return [row for row in rows(duty.source, scenario) if all(meets(row, where) for where in duty.due(day))]


def overdue() -> Given:
    return a_loan().when(c.MarkLoanOverdue(loan=LOAN), on=MONDAY + WEEKS + timedelta(days=1)).so()


def set_aside() -> Given:
    return a_hold().when(c.SetItemAside()).so()


def given_up() -> Given:
    return a_hold().when(c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)).so()


def returned() -> Given:
    return a_loan().when(c.ReturnItem(branch=CENTRAL)).so()


@pytest.mark.parametrize(
    ("duty", "before", "first_day"),
    [
        (duties.LOAN_OVERDUE, a_loan, MONDAY + WEEKS + timedelta(days=1)),
        (duties.REMINDER_DUE, overdue, MONDAY + WEEKS + timedelta(days=3)),
        (duties.HOLD_EXPIRED, set_aside, MONDAY + timedelta(days=11)),
        (duties.LOAN_FORGOTTEN, returned, MONDAY + WEEKS),
        (duties.HOLD_FORGOTTEN, given_up, MONDAY + WEEKS),
        (duties.MEMBERSHIP_FEE_DUE, a_reader, MONDAY),
    ],
)
def test_what_is_due_is_found_on_its_day_and_once(duty: Duty, before: Callable[[], Given], first_day: date) -> None:
    scenario = before()
    assert due(duty, scenario, first_day - timedelta(days=1)) == []
    (row,) = due(duty, scenario, first_day)
    assert duty.since(row) == first_day
    record, command = duty.command(row)
    done = scenario.about(record).when(command, on=first_day).so()
    assert due(duty, done, first_day) == []


def test_a_reminder_and_forgetting_are_acts_of_the_day_on_which_they_are_done() -> None:
    acts = {duty.name for duty in duties.DUTIES if duty.act}
    assert acts == {"library.reminder_due", "library.anonymisation_due", "library.hold_anonymisation_due"}


def test_a_hold_that_ended_before_facts_said_so_is_due_to_be_forgotten_after_four_weeks() -> None:
    before = f.HoldCancelled(
        hold=HOLD, ground=CancellationGround.BY_READER, anonymise_from=None, terms=None, cancelled_on=None
    )
    ended = a_hold().beside(RECORD, before)
    assert due(duties.HOLD_FORGOTTEN, ended, MONDAY + WEEKS - timedelta(days=1)) == []
    assert len(due(duties.HOLD_FORGOTTEN, ended, MONDAY + WEEKS)) == 1


def test_what_is_owed_is_not_due_to_be_forgotten() -> None:
    lost = a_loan().when(c.DeclareLost(replacement=Decimal(20))).so()
    assert due(duties.LOAN_FORGOTTEN, lost, date(2030, 1, 1)) == []


def test_a_row_without_its_day_is_not_asked_since_when() -> None:
    (row,) = rows(duties.REMINDER_DUE.source, a_loan())
    with pytest.raises(ValueError, match="has the day"):
        duties.REMINDER_DUE.since(row)


@pytest.mark.parametrize("duty", duties.DUTIES, ids=lambda duty: duty.name)
def test_on_the_first_day_of_all_nothing_is_due(duty: Duty) -> None:
    for scenario in (a_loan(), overdue(), set_aside(), given_up(), a_reader()):
        assert due(duty, scenario, date.min) == []
