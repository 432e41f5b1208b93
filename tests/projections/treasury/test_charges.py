"""The treasurer's report over the registers of the library and the cadastre office, on the real database."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from domain.cadastre.vocabulary import Stage
from domain.kernel import ChargeKind, Sealed
from projections.cadastre.order_row import OrderRow
from projections.cadastre.orders import PROJECTION as ORDERS
from projections.cadastre.refunds import PROJECTION as REFUNDS
from projections.cadastre.refunds import RefundRow
from projections.library.charges import PROJECTION as CHARGES
from projections.library.charges import ChargeRow
from projections.model import Projection, columns_of, reference
from projections.treasury.charges import REPORT, ChargesRow
from tests.domain.cadastre.orders import completed
from tests.golden.samples import sample
from tests.projections.cadastre.reading import row_of

QUERY = (files("projections") / "reports" / f"{REPORT.name}.sql").read_text(encoding="utf-8")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)

REGISTERS: dict[type, Projection] = {OrderRow: ORDERS, RefundRow: REFUNDS, ChargeRow: CHARGES}

Register = psycopg.Connection[Any]


@pytest.fixture
def registers(admin: Register) -> Iterator[Register]:
    """Empty registers under the names that the report reads, gone afterwards."""
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        for register in REGISTERS.values():
            kept = columns_of(register.row).values()
            columns = [SQL("{} {}").format(Identifier(c.name), SQL(c.holds.sql)) for c in kept]
            admin.execute(SQL("create table read.{} ({})").format(Identifier(register.name), SQL(", ").join(columns)))
        yield admin


def an_order(**changes: Any) -> OrderRow:
    """An order of 30 euros, assessed and paid on 2 March, unless said otherwise."""
    return replace(row_of(completed()), record_id=uuid4(), **changes)


def a_charge(**changes: Any) -> ChargeRow:
    """A charge of 1.50 euros, raised on 10 March and open, unless said otherwise."""
    open_since = {"raised_on": date(2026, 3, 10), "paid_on": None, "waived_on": None, "refunded_on": None}
    given: dict[str, Any] = {"kind": ChargeKind.ENTGELT, "amount": Decimal("1.50"), **open_since, **changes}
    return replace(sample(ChargeRow), charge=uuid4(), **given)


def a_refund(order: OrderRow, amount: Decimal, day: date) -> RefundRow:
    """A refund of a part of what was paid for an order."""
    return replace(sample(RefundRow), order_id=order.record_id, amount=amount, refunded_on=day)


def report(connection: Register, *rows: OrderRow | RefundRow | ChargeRow) -> list[ChargesRow]:
    """The report's rows on these, in its order."""
    for row in rows:
        register = REGISTERS[type(row)]
        values = SQL(", ").join(SQL("%s") for _ in fields(row))
        stored = [_stored(getattr(row, field.name)) for field in fields(row)]
        connection.execute(SQL("insert into read.{} values ({})").format(Identifier(register.name), values), stored)
    with connection.cursor(row_factory=class_row(ChargesRow)) as cursor:
        query = SQL("select * from ({}) report order by month desc, family, kind").format(SQL(QUERY))
        return cursor.execute(query).fetchall()


def _stored(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case Sealed():
            return reference(value)
    return value


def test_nothing_raised_makes_an_empty_report(registers: Register) -> None:
    assert report(registers) == []


def test_families_are_told_apart_and_so_are_fee_and_charge(registers: Register) -> None:
    cadastre, library = report(registers, an_order(), an_order(), a_charge())
    assert (cadastre.month, cadastre.family, cadastre.kind) == (MARCH, "cadastre", "gebuehr")
    assert (cadastre.charges, cadastre.raised, cadastre.income) == (2, Decimal("60.00"), Decimal("60.00"))
    assert (library.family, library.kind, library.raised, library.income) == (
        "library",
        "entgelt",
        Decimal("1.50"),
        Decimal(0),
    )


def test_each_step_counts_in_its_own_month(registers: Register) -> None:
    april, *march = report(
        registers,
        an_order(paid_on=date(2026, 4, 2)),
        a_charge(raised_on=date(2026, 3, 31), paid_on=date(2026, 3, 31), refunded_on=date(2026, 3, 31)),
    )
    assert (april.month, april.family, april.charges, april.paid) == (APRIL, "cadastre", 0, Decimal("30.00"))
    assert [(row.family, row.raised, row.paid, row.refunded, row.income) for row in march] == [
        ("cadastre", Decimal("30.00"), Decimal(0), Decimal(0), Decimal(0)),
        ("library", Decimal("1.50"), Decimal("1.50"), Decimal("1.50"), Decimal(0)),
    ]


def test_what_is_waived_is_no_income(registers: Register) -> None:
    waived = {"paid": None, "paid_on": None, "waived": Decimal("30.00"), "waived_on": date(2026, 3, 9)}
    cadastre, library = report(registers, an_order(**waived), a_charge(waived_on=date(2026, 3, 11)))
    assert (cadastre.waived, cadastre.lapsed, cadastre.income) == (Decimal("30.00"), Decimal(0), Decimal(0))
    assert (library.waived, library.income) == (Decimal("1.50"), Decimal(0))


def test_an_unpaid_fee_lapses_with_its_order_and_a_paid_one_does_not(registers: Register) -> None:
    cancelled = {"stage": Stage.CANCELLED, "cancelled_on": date(2026, 4, 9)}
    unpaid = an_order(paid=None, paid_on=None, settled=False, **cancelled)
    paid = an_order(**cancelled)
    before_its_fee = an_order(fee=None, assessed_on=None, paid=None, paid_on=None, settled=False, **cancelled)
    refund = a_refund(paid, Decimal("22.50"), date(2026, 4, 12))
    april, march = report(registers, unpaid, paid, before_its_fee, refund)
    assert (march.charges, march.raised, march.paid) == (2, Decimal("60.00"), Decimal("30.00"))
    assert (april.lapsed, april.refunded, april.income) == (Decimal("30.00"), Decimal("22.50"), Decimal("-22.50"))


def test_what_lapsed_or_was_waived_and_is_paid_all_the_same_counts_as_paid_alone(registers: Register) -> None:
    late = date(2026, 5, 4)
    cancelled = an_order(stage=Stage.CANCELLED, cancelled_on=date(2026, 4, 9), paid_on=late)
    waived = an_order(waived=Decimal("30.00"), waived_on=date(2026, 4, 9), paid_on=late)
    back = a_refund(cancelled, Decimal("30.00"), late)
    may, march = report(registers, cancelled, waived, back)
    assert (march.raised, march.paid) == (Decimal("60.00"), Decimal(0))
    assert (may.paid, may.refunded, may.income) == (Decimal("60.00"), Decimal("30.00"), Decimal("30.00"))


def test_each_part_of_a_refund_counts_in_its_own_month(registers: Register) -> None:
    order = an_order()
    parts = [a_refund(order, Decimal("22.50"), APRIL), a_refund(order, Decimal("7.50"), date(2026, 5, 4))]
    may, april, march = report(registers, order, *parts)
    assert (march.income, april.refunded, may.refunded) == (Decimal("30.00"), Decimal("22.50"), Decimal("7.50"))


def test_a_fee_of_zero_is_raised_too(registers: Register) -> None:
    (march,) = report(registers, an_order(fee=Decimal("0.00"), paid=None, paid_on=None))
    assert (march.charges, march.raised, march.paid) == (1, Decimal("0.00"), Decimal(0))


def test_the_report_has_the_columns_it_declares(registers: Register) -> None:
    described = registers.execute(f"select * from ({QUERY}) report limit 0").description
    types = {"integer": 20, "date": 1082, "a member of a StrEnum": 25, "text": 25, "decimal": 1700}
    assert described is not None
    assert [(column.name, column.type_code) for column in described] == [
        (column.name, types[column.holds.value[0]]) for column in columns_of(ChargesRow).values()
    ]
