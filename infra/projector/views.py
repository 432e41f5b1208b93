"""The views that readers see: one per projection, pointing at its live table, and one per report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from typing import Final, TypeVar

import psycopg
from psycopg.sql import SQL, Identifier

from infra.projector.events import Connection
from infra.projector.table import READER, Table, described, names
from infra.queries import named
from projections.model import Report, columns_of

_SQL: Final = named("projector")
PATIENCE: Final = 20
Done = TypeVar("Done")


class ViewInUse(Exception):
    """Queries hold a view for so long that it could not be replaced."""


class ReportMismatch(Exception):
    """A report's SQL does not answer the columns that its row class declares."""


def shipped(report: Report) -> str:
    """The text of `projections/reports/<name>.sql`."""
    return resources.files("projections").joinpath(f"reports/{report.name}.sql").read_text(encoding="utf-8")


ReportText = Callable[[Report], str]


@contextmanager
def replacing(connection: Connection) -> Iterator[None]:
    """A transaction that does not queue behind a long query for long: all other readers would queue behind it."""
    with connection.transaction():
        connection.execute("set local lock_timeout = '2s'")
        yield


def patiently(change: Callable[[], Done], name: str) -> Done:
    """Try until the views are free for a moment. Raises ViewInUse."""
    for _ in range(PATIENCE):
        try:
            return change()
        except psycopg.errors.LockNotAvailable:
            continue
    raise ViewInUse(f"queries have held read.{name} for long; end them (see pg_stat_activity) and try again")


def columns(connection: Connection, name: str) -> list[tuple[str, str]]:
    """Names and types of a view's columns; empty where there is no such view."""
    rows = connection.execute(_SQL["view_columns"], (f'read."{name}"',)).fetchall()
    return [(str(name), str(kind)) for name, kind in rows]


def show(connection: Connection, table: Table, reports: Sequence[Report], text: ReportText = shipped) -> None:
    """Point the projection's view at a table, in the caller's transaction.

    Where its columns change, the reports on it are made anew.
    """
    name = table.shape.projection.name
    there = columns(connection, name)
    same = there == [(column.name, _full(column.holds.sql)) for column in table.shown]
    if there and not same:
        for report in reports:
            if name in report.reads:
                connection.execute(SQL("drop view if exists {}").format(Identifier("read", report.name)))
        connection.execute(SQL("drop view {}").format(Identifier("read", name)))
    connection.execute(SQL(";\n").join(table.show(replace=bool(there) and same)))
    install(connection, reports, text)


def _full(sql_type: str) -> str:
    return {"timestamptz": "timestamp with time zone"}.get(sql_type, sql_type)


def install(connection: Connection, reports: Iterable[Report], text: ReportText = shipped) -> None:
    """Make the views of reports whose projections are there, where they are missing or changed."""
    for report in reports:
        if all(columns(connection, name) for name in report.reads):
            _install(connection, report, text(report).strip().rstrip(";"))


def _install(connection: Connection, report: Report, text: str) -> None:
    declared = list(columns_of(report.row).values())
    checksum = hashlib.sha256(repr((text, declared, report.comment)).encode()).hexdigest()
    kept = connection.execute(_SQL["report"], (report.name,)).fetchone()
    if kept is not None and kept[0] == checksum and columns(connection, report.name):
        return
    view = Identifier("read", report.name)
    connection.execute(SQL("drop view if exists {}").format(view))
    connection.execute(SQL("create view {} ({}) as {}").format(view, names(declared), SQL(text)))
    answered = columns(connection, report.name)
    expected = [(column.name, _full(column.holds.sql)) for column in declared]
    if answered != expected:
        raise ReportMismatch(f"read.{report.name} answers {answered}, its row class declares {expected}")
    granted = SQL("grant select on {} to {}").format(view, READER)
    connection.execute(SQL(";\n").join([granted, *described("view", view, report.comment, declared)]))
    connection.execute(_SQL["keep_report"], (report.name, checksum))
