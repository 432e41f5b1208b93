"""The report of resolution tracking, on the real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.council.vocabulary import TrackingStatus
from projections.council import bodies, papers, resolutions
from projections.council.tracking import REPORT, ResolutionTrackingRow
from tests.domain.council.examples import ASSIGNED, COMMITTEE, COUNCIL, a_resolution
from tests.projections.council.reading import row_of
from tests.projections.council.tables import Connection, ask, empty_registers, keep

CITY = a_resolution(ASSIGNED)


@pytest.fixture
def registers(admin: Connection) -> Iterator[Connection]:
    """Registers with a council and a paper."""
    with empty_registers(admin) as connection:
        keep(connection, bodies.PROJECTION, row_of(bodies.PROJECTION, CITY))
        keep(connection, papers.PROJECTION, row_of(papers.PROJECTION, CITY))
        yield connection


def a_row(**changes: Any) -> Any:
    """An assigned resolution, unless said otherwise."""
    return replace(row_of(resolutions.PROJECTION, CITY), record_id=uuid4(), **changes)


def report(connection: Connection, *rows: Any) -> list[ResolutionTrackingRow]:
    """The report's rows on these resolutions, in its order."""
    keep(connection, resolutions.PROJECTION, *rows)
    return ask(connection, REPORT)


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
        a_row(resolution_number="5", due=today - timedelta(days=9), status=TrackingStatus.SUSPENDED),
    )
    assert [(line.overdue, line.days_overdue) for line in lines] == [
        (False, 0),
        (True, 1),
        (False, None),
        (False, None),
        (False, None),
    ]


def test_a_done_resolution_stays_until_its_final_report(registers: Connection) -> None:
    lines = report(registers, a_row(status=TrackingStatus.DONE), a_row(status=TrackingStatus.REPORTED_FINAL))
    assert [line.status for line in lines] == [TrackingStatus.DONE]


def test_a_resolution_of_two_bodies_is_in_the_report_of_each(registers: Connection) -> None:
    lines = report(registers, a_row(bodies=(COUNCIL, COMMITTEE)))
    assert {line.body for line in lines} == {"RAT", str(COMMITTEE)}
