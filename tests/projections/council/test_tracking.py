"""The report of resolution tracking, on the real database."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from domain.council.vocabulary import TrackingStatus
from domain.kernel import Sealed
from projections.council import PROJECTIONS, bodies, papers, resolutions
from projections.council.tracking import REPORT, ResolutionTrackingRow
from projections.model import Projection, columns_of, reference
from tests.domain.council.examples import ASSIGNED, COMMITTEE, COUNCIL, a_resolution
from tests.projections.council.reading import row_of

QUERY = (files("projections") / "reports" / f"{REPORT.name}.sql").read_text(encoding="utf-8")
CITY = a_resolution(ASSIGNED)
Connection = psycopg.Connection[Any]


@pytest.fixture
def registers(admin: Connection) -> Iterator[Connection]:
    """Empty registers under the names the report reads, with a council and a paper; gone afterwards."""
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        for register in PROJECTIONS:
            if register.name in REPORT.reads:
                columns = [
                    SQL("{} {}").format(Identifier(c.name), SQL(c.holds.sql)) for c in columns_of(register.row).values()
                ]
                table = Identifier(register.name)
                admin.execute(SQL("create table read.{} ({})").format(table, SQL(", ").join(columns)))
        keep(admin, bodies.PROJECTION, row_of(bodies.PROJECTION, CITY))
        keep(admin, papers.PROJECTION, row_of(papers.PROJECTION, CITY))
        yield admin


def keep(connection: Connection, register: Projection, row: Any) -> None:
    values = SQL(", ").join(SQL("%s") for _ in fields(row))
    stored = [_stored(getattr(row, field.name)) for field in fields(row)]
    connection.execute(SQL("insert into read.{} values ({})").format(Identifier(register.name), values), stored)


def _stored(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case Sealed():
            return reference(value)
    return value


def a_row(**changes: Any) -> Any:
    """An assigned resolution, unless said otherwise."""
    return replace(row_of(resolutions.PROJECTION, CITY), record_id=uuid4(), **changes)


def report(connection: Connection, *rows: Any) -> list[ResolutionTrackingRow]:
    """The report's rows on these resolutions, in its order."""
    for row in rows:
        keep(connection, resolutions.PROJECTION, row)
    with connection.cursor(row_factory=class_row(ResolutionTrackingRow)) as cursor:
        query = SQL("select * from ({}) report order by body, resolution_number, body_id").format(SQL(QUERY))
        return cursor.execute(query).fetchall()


def berlin_today(connection: Connection) -> date:
    row = connection.execute("select (now() at time zone 'Europe/Berlin')::date").fetchone()
    assert row is not None
    day: date = row[0]
    return day


def test_an_open_resolution_is_in_the_report_with_its_body_and_paper(registers: Connection) -> None:
    (line,) = report(registers, a_row())
    assert (line.body, line.body_id, line.paper_reference) == ("RAT", COUNCIL, "01/17/2026")
    assert (line.resolution_number, line.unit, line.status) == ("RAT/2026/03-5", "66", TrackingStatus.ASSIGNED)


def test_a_resolution_is_overdue_the_day_after_its_due_date(registers: Connection) -> None:
    today = berlin_today(registers)
    lines = report(
        registers,
        a_row(resolution_number="1", due=today),
        a_row(resolution_number="2", due=today - timedelta(days=1)),
        a_row(resolution_number="3", due=None, unit=None, status=TrackingStatus.OPEN),
        a_row(resolution_number="4", due=today - timedelta(days=9), status=TrackingStatus.DONE),
    )
    assert [(line.overdue, line.days_overdue) for line in lines] == [
        (False, 0),
        (True, 1),
        (False, None),
        (False, None),
    ]


def test_a_done_resolution_stays_until_its_final_report(registers: Connection) -> None:
    lines = report(registers, a_row(status=TrackingStatus.DONE), a_row(status=TrackingStatus.REPORTED_FINAL))
    assert [line.status for line in lines] == [TrackingStatus.DONE]


def test_a_resolution_of_two_bodies_is_in_the_report_of_each(registers: Connection) -> None:
    lines = report(registers, a_row(bodies=(COUNCIL, COMMITTEE)))
    assert {line.body for line in lines} == {"RAT", str(COMMITTEE)}


def test_the_report_has_the_columns_of_its_row_in_their_order(registers: Connection) -> None:
    cursor = registers.execute(SQL("select * from ({}) report limit 0").format(SQL(QUERY)))
    assert [column.name for column in cursor.description or ()] == list(columns_of(ResolutionTrackingRow))
