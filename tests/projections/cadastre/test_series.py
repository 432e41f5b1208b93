"""The registers of series and of the numbers they gave."""

from domain.cadastre.commands import CancelInvoice
from domain.cadastre.vocabulary import NumberUse, SeriesKind
from projections.cadastre.series import NUMBERS, SERIES, NumberRow, SeriesRow, fold_series
from projections.model import fold_all
from tests.domain.cadastre.orders import INVOICE, INVOICES, NOTICES, invoiced, noticed, numbered, priced, sealed
from tests.projections.cadastre.reading import events
from tests.scenario import RECORD, TODAY, Given

TAKE_BACK = CancelInvoice(series_id=INVOICES, reason=sealed("falsche Anschrift"))


def series_of(scenario: Given) -> dict[object, SeriesRow]:
    return {key: row for (key,), row in fold_all(SERIES, events(scenario)).items()}


def numbers_of(scenario: Given) -> list[NumberRow]:
    return list(fold_all(NUMBERS, events(scenario)).values())


def test_a_series_stands_in_its_register_before_it_gave_a_number() -> None:
    row = series_of(numbered(priced()))[INVOICES]
    assert (row.series_number, row.series_kind, row.year, row.prefix) == ("RE62-2026", SeriesKind.INVOICE, 2026, "RE62")
    assert (row.first, row.last, row.taken, row.opened_on) == (100, None, 0, TODAY)


def test_the_register_counts_what_a_series_gave() -> None:
    rows = series_of(invoiced().when(TAKE_BACK).so().when(INVOICE).so())
    assert (rows[INVOICES].last, rows[INVOICES].taken) == (102, 3)
    assert (rows[NOTICES].last, rows[NOTICES].taken) == (None, 0)


def test_every_number_says_what_it_was_given_to() -> None:
    first, second, third = numbers_of(invoiced().when(TAKE_BACK).so().when(INVOICE).so())
    assert [first.use, second.use, third.use] == [
        NumberUse.INVOICE,
        NumberUse.CANCELLATION_INVOICE,
        NumberUse.INVOICE,
    ]
    assert [row.text[-5:] for row in (first, second, third)] == ["00100", "00101", "00102"]
    assert {(row.series_id, row.order_id, row.taken_on) for row in (first, second, third)} == {
        (INVOICES, RECORD, TODAY)
    }


def test_fee_notices_are_numbered_in_a_series_of_their_own() -> None:
    (row,) = numbers_of(noticed())
    assert (row.series_id, row.text, row.use) == (NOTICES, "GB62-2026-00001", NumberUse.FEE_NOTICE)


def test_orders_leave_no_trace_in_the_registers_of_series() -> None:
    assert series_of(priced()) == {}
    assert numbers_of(numbered(priced())) == []


def test_a_series_without_its_beginning_makes_no_row() -> None:
    taken = events(noticed())[-1]
    assert fold_series(None, taken) is None
