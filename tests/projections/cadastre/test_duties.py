"""What falls due in cadastre orders, as the register has it: found from its day on, and not any more once recorded."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.cadastre.commands import (
    CancelInvoice,
    CompleteOrder,
    DeliverProduct,
    RecordDeliveryExpired,
    RecordPaymentOverdue,
    RemindPayment,
    WaiveFee,
)
from domain.cadastre.vocabulary import DeliveryChannel, WaiverGround
from domain.kernel import Channel
from projections.cadastre import DUTIES
from projections.cadastre.order_row import OrderRow
from projections.duties import Duty
from projections.query import Op, Where
from tests.domain.cadastre.orders import (
    BY_POST,
    DUE,
    INVOICE,
    INVOICES,
    MAKE,
    PAY,
    WITHDRAW,
    claimed,
    completed,
    delivered,
    downloaded,
    drafted,
    expired,
    invoiced,
    made,
    noticed,
    overdue,
    paid,
    priced,
    sealed,
)
from tests.projections.cadastre.reading import row_of
from tests.scenario import Given

OVERDUE, EXPIRED = DUTIES
LAST_DAY = date(2026, 4, 1)
DAY = timedelta(days=1)
WAIVE = WaiveFee(ground=WaiverGround.HARDSHIP, reason=sealed("Härtefall"))


def is_due(duty: Duty, scenario: Given, day: date) -> bool:
    return all(meets(row_of(scenario), where) for where in duty.due(day))


def meets(row: OrderRow, where: Where) -> bool:
    """Whether the row meets a predicate, as the database would say."""
    value = getattr(row, where.column)
    match where.op:
        case Op.IS_NULL:
            return (value is None) is bool(where.value)
        case Op.LT:
            return value is not None and bool(value < where.value)
        case Op.EQ:
            return bool(value == where.value)
    raise AssertionError(f"{where.op} is not asked here")


@pytest.mark.parametrize("begin", [noticed, invoiced])
def test_a_payment_is_overdue_from_the_day_after_its_last_day(begin: Callable[[], Given]) -> None:
    assert not is_due(OVERDUE, begin(), DUE)
    assert is_due(OVERDUE, begin(), DUE + DAY)
    assert is_due(OVERDUE, begin(), DUE + 99 * DAY)
    assert OVERDUE.since(row_of(begin())) == DUE + DAY


def test_a_demand_is_overdue_also_when_the_product_is_made_and_delivered() -> None:
    handed_out = invoiced().when(MAKE).so().when(BY_POST).so()
    assert is_due(OVERDUE, handed_out, DUE + DAY)


@pytest.mark.parametrize(
    "begin",
    [
        drafted, claimed, priced, paid, made, completed, overdue,
        lambda: invoiced().when(PAY).so(),
        lambda: invoiced().when(WAIVE).so(),
        lambda: noticed().when(WITHDRAW).so(),
        lambda: invoiced().when(CancelInvoice(series_id=INVOICES, reason=sealed("falsch"))).so(),
    ],
)  # fmt: skip
def test_what_is_not_demanded_or_not_owed_does_not_become_overdue(begin: Callable[[], Given]) -> None:
    assert not is_due(OVERDUE, begin(), date(2030, 1, 1))


def test_a_reminder_sets_the_calendar_anew() -> None:
    reminded = overdue().when(RemindPayment(due=date(2026, 4, 20)), on=DUE + DAY).so()
    assert not is_due(OVERDUE, reminded, date(2026, 4, 20))
    assert is_due(OVERDUE, reminded, date(2026, 4, 21))
    again = invoiced().when(CancelInvoice(series_id=INVOICES, reason=sealed("falsch"))).so().when(INVOICE).so()
    assert is_due(OVERDUE, again, DUE + DAY)


def test_a_download_expires_the_day_after_its_last_day() -> None:
    assert not is_due(EXPIRED, downloaded(), LAST_DAY)
    assert is_due(EXPIRED, downloaded(), LAST_DAY + DAY)
    assert EXPIRED.since(row_of(downloaded())) == LAST_DAY + DAY


@pytest.mark.parametrize("begin", [drafted, made, delivered, expired, lambda: downloaded().when(CompleteOrder()).so()])
def test_what_is_no_open_download_does_not_expire(begin: Callable[[], Given]) -> None:
    assert not is_due(EXPIRED, begin(), date(2030, 1, 1))


def test_a_download_that_is_put_up_again_expires_again() -> None:
    until_may = DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=date(2026, 5, 1))
    again = expired().when(until_may, on=LAST_DAY + DAY).so()
    assert not is_due(EXPIRED, again, date(2026, 5, 1))
    assert is_due(EXPIRED, again, date(2026, 5, 2))


@pytest.mark.parametrize(
    ("duty", "begin", "command"),
    [(OVERDUE, invoiced, RecordPaymentOverdue()), (EXPIRED, downloaded, RecordDeliveryExpired())],
)
def test_the_rules_allow_what_the_register_finds_and_then_it_is_found_no_more(
    duty: Duty, begin: Callable[[], Given], command: RecordPaymentOverdue | RecordDeliveryExpired
) -> None:
    row = row_of(begin())
    assert duty.command(row) == (row.record_id, command)
    recorded = begin().when(command, on=duty.since(row), channel=Channel.SYSTEM).so()
    assert not is_due(duty, recorded, date(2030, 1, 1))
