"""The report of processing times by plan code and month, on the real database."""

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

from domain.efile import FAMILY
from domain.efile.vocabulary import Status
from domain.kernel import Sealed
from projections.efile.cases import PROJECTION, CaseRow
from projections.efile.processing import REPORT, ProcessingTimeRow
from projections.model import columns_of, fold_all, reference
from tests.domain.efile.examples import CASE, CASE_OPENED
from tests.scenario import given

QUERY = (files("projections") / "reports" / f"{REPORT.name}.sql").read_text(encoding="utf-8")
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def register(admin: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """An empty register of cases under the name the report reads, gone afterwards."""
    columns = [SQL("{} {}").format(Identifier(c.name), SQL(c.holds.sql)) for c in columns_of(CaseRow).values()]
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        admin.execute(SQL("create table read.{} ({})").format(Identifier(PROJECTION.name), SQL(", ").join(columns)))
        yield admin


def a_case(days: int | None, zda_on: date | None, plan_code: str = "61-20") -> CaseRow:
    (row,) = fold_all(PROJECTION, given(FAMILY, CASE_OPENED, record_id=CASE).events()).values()
    assert isinstance(row, CaseRow)
    status = Status.CLOSED if zda_on else Status.OPEN
    return replace(row, record_id=uuid4(), status=status, plan_code=plan_code, processing_days=days, zda_on=zda_on)


def report(connection: psycopg.Connection[Any], *cases: CaseRow) -> list[ProcessingTimeRow]:
    values = SQL(", ").join(SQL("%s") for _ in fields(CaseRow))
    for case in cases:
        row = [getattr(case, field.name) for field in fields(case)]
        stored = [reference(value) if isinstance(value, Sealed) else value for value in row]
        connection.execute(SQL("insert into read.{} values ({})").format(Identifier(PROJECTION.name), values), stored)
    with connection.cursor(row_factory=class_row(ProcessingTimeRow)) as cursor:
        query = SQL("select * from ({}) report order by month desc, plan_code").format(SQL(QUERY))
        return cursor.execute(query).fetchall()


def test_median_and_p90_stand_by_plan_code_and_month(register: psycopg.Connection[Any]) -> None:
    days = [1, 2, 3, 4, 5, 6, 7, 8, 9, 20]
    rows = report(
        register,
        *(a_case(each, date(2026, 3, 1 + number)) for number, each in enumerate(days)),
        a_case(30, date(2026, 3, 31), "37-10"),
        a_case(7, date(2026, 2, 28)),
    )
    assert rows == [
        ProcessingTimeRow(month=MARCH, plan_code="37-10", closed=1, median_days=Decimal(30), p90_days=Decimal(30)),
        ProcessingTimeRow(
            month=MARCH, plan_code="61-20", closed=10, median_days=Decimal("5.5"), p90_days=Decimal("10.1")
        ),
        ProcessingTimeRow(month=FEBRUARY, plan_code="61-20", closed=1, median_days=Decimal(7), p90_days=Decimal(7)),
    ]


def test_open_and_reopened_cases_do_not_count(register: psycopg.Connection[Any]) -> None:
    assert report(register, a_case(None, None)) == []
