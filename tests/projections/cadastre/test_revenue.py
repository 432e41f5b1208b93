"""The report of orders and revenue by product and month, on the real database."""

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

from domain.cadastre.vocabulary import Product, Stage
from domain.kernel import Sealed
from projections.cadastre.order_row import OrderRow
from projections.cadastre.orders import PROJECTION
from projections.cadastre.refunds import PROJECTION as REFUNDS
from projections.cadastre.refunds import RefundRow
from projections.cadastre.revenue import REPORT, RevenueRow
from projections.model import Projection, columns_of, reference
from tests.domain.cadastre.orders import completed
from tests.golden.samples import sample
from tests.projections.cadastre.reading import row_of

QUERY = (files("projections") / "reports" / f"{REPORT.name}.sql").read_text(encoding="utf-8")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
REGISTERS: dict[type, Projection] = {OrderRow: PROJECTION, RefundRow: REFUNDS}


@pytest.fixture
def register(admin: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Empty registers under the names the report reads, gone afterwards."""
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        for register in REGISTERS.values():
            kept = columns_of(register.row).values()
            columns = [SQL("{} {}").format(Identifier(c.name), SQL(c.holds.sql)) for c in kept]
            admin.execute(SQL("create table read.{} ({})").format(Identifier(register.name), SQL(", ").join(columns)))
        yield admin


def an_order(**changes: Any) -> OrderRow:
    """A map ordered, paid and delivered on 2 March, unless said otherwise."""
    return replace(row_of(completed()), record_id=uuid4(), **changes)


def report(connection: psycopg.Connection[Any], *rows: OrderRow | RefundRow) -> list[RevenueRow]:
    """The report's rows on these, in its order."""
    for row in rows:
        values = SQL(", ").join(SQL("%s") for _ in fields(row))
        stored = [_stored(getattr(row, field.name)) for field in fields(row)]
        name = Identifier(REGISTERS[type(row)].name)
        connection.execute(SQL("insert into read.{} values ({})").format(name, values), stored)
    with connection.cursor(row_factory=class_row(RevenueRow)) as cursor:
        query = SQL("select * from ({}) report order by month desc, product").format(SQL(QUERY))
        return cursor.execute(query).fetchall()


def _stored(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case Sealed():
            return reference(value)
    return value


def test_no_orders_make_an_empty_report(register: psycopg.Connection[Any]) -> None:
    assert report(register) == []


def test_each_step_counts_in_the_month_it_took_effect_in(register: psycopg.Connection[Any]) -> None:
    late = an_order(paid_on=date(2026, 4, 2), delivered_on=date(2026, 4, 3), delivery_days=32)
    april, march = report(register, late)
    assert (march.month, march.orders, march.delivered, march.revenue) == (MARCH, 1, 0, Decimal(0))
    assert (march.delivery_p50, march.delivery_p90) == (None, None)
    assert (april.month, april.orders, april.delivered, april.revenue) == (APRIL, 0, 1, Decimal("30.00"))
    assert (april.delivery_p50, april.delivery_p90) == (Decimal("32.0"), Decimal("32.0"))


def test_products_are_told_apart(register: psycopg.Connection[Any]) -> None:
    rows = report(register, an_order(), an_order(), an_order(product=Product.DATA_EXTRACT))
    assert [(row.product, row.orders) for row in rows] == [("data_extract", 1), ("property_map", 2)]


def test_each_refund_lowers_the_revenue_of_its_month(register: psycopg.Connection[Any]) -> None:
    cancelled = an_order(
        stage=Stage.REFUNDED,
        delivered_on=None,
        delivery_days=None,
        cancelled_on=date(2026, 3, 9),
    )
    parts = [
        replace(
            sample(RefundRow), order_id=cancelled.record_id, amount=Decimal(amount), refunded_on=date(2026, month, 9)
        )
        for amount, month in (("22.50", 4), ("7.50", 5))
    ]
    may, april, march = report(register, cancelled, *parts)
    assert (may.refunded, may.paid, may.orders) == (Decimal("7.50"), Decimal(0), 0)
    assert (march.cancelled, march.paid, march.revenue) == (1, Decimal("30.00"), Decimal("30.00"))
    assert (april.refunded, april.revenue) == (Decimal("22.50"), Decimal("-22.50"))


def test_refusals_and_free_deliveries_are_counted(register: psycopg.Connection[Any]) -> None:
    refused = an_order(fee=None, paid=None, paid_on=None, delivered_on=None, refused_on=date(2026, 3, 5))
    free = an_order(fee=Decimal("0.00"), paid=None, paid_on=None)
    (march,) = report(register, refused, free)
    assert (march.orders, march.refusals, march.delivered, march.free, march.paid) == (2, 1, 1, 1, Decimal(0))


def test_delivery_times_are_given_as_median_and_ninth_decile(register: psycopg.Connection[Any]) -> None:
    (march,) = report(register, *(an_order(delivery_days=days) for days in range(11)))
    assert (march.delivery_p50, march.delivery_p90) == (Decimal("5.0"), Decimal("9.0"))


def test_the_report_has_the_columns_it_declares(register: psycopg.Connection[Any]) -> None:
    described = register.execute(f"select * from ({QUERY}) report limit 0").description
    types = {"integer": 20, "date": 1082, "a member of a StrEnum": 25, "decimal": 1700}
    assert described is not None
    assert [(column.name, column.type_code) for column in described] == [
        (column.name, types[column.holds.value[0]]) for column in columns_of(RevenueRow).values()
    ]
