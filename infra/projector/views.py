"""The views that readers see: one per projection and one per report, each as of now and of a moment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from typing import Final, TypeVar

import psycopg
from psycopg.sql import SQL, Identifier

from infra.projector.columns import READER, described, names
from infra.projector.events import Connection
from infra.projector.table import Table
from infra.queries import named
from projections.model import Column, Report, columns_of

_SQL: Final = named("projector")
PATIENCE: Final = 20
NOW: Final = "read"
THEN: Final = "as_of"
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


def columns(connection: Connection, name: str, schema: str = NOW) -> list[tuple[str, str]]:
    """Names and types of a view's columns; empty where there is no such view."""
    rows = connection.execute(_SQL["view_columns"], (f'{schema}."{name}"',)).fetchall()
    return [(str(name), str(kind)) for name, kind in rows]


def show(connection: Connection, table: Table, reports: Sequence[Report], text: ReportText = shipped) -> None:
    """Point the projection's views at a table, in the caller's transaction.

    Where their columns change, the reports on them are made anew.
    """
    name = table.shape.projection.name
    on_it = [report for report in reports if name in report.reads]
    for schema, rows in ((NOW, table.select_all()), (THEN, table.as_of())):
        there = columns(connection, name, schema)
        if there and (rows is None or there != _declared(table.shown)):
            for report in on_it:
                connection.execute(SQL("drop view if exists {}").format(Identifier(schema, report.name)))
            connection.execute(SQL("drop view {}").format(Identifier(schema, name)))
        if rows is not None:
            connection.execute(SQL(";\n").join(table.show(schema, rows)))
    if table.versions is not None:
        connection.execute(SQL(";\n").join(table.versions.show()))
    else:
        connection.execute(SQL("drop view if exists {}").format(Identifier("history", name)))
    install(connection, on_it, text)


def _declared(shown: Iterable[Column]) -> list[tuple[str, str]]:
    full = {"timestamptz": "timestamp with time zone"}
    return [(column.name, full.get(column.holds.sql, column.holds.sql)) for column in shown]


def install(connection: Connection, reports: Iterable[Report], text: ReportText = shipped) -> None:
    """Make the views of reports whose projections are there, where they are missing or changed."""
    for report in reports:
        own = text(report).strip().rstrip(";")
        for schema in (NOW, THEN):
            if all(columns(connection, name, schema) for name in report.reads):
                _install(connection, report, schema, own if schema == NOW else _as_of(report, own))


def _as_of(report: Report, text: str) -> str:
    """The same report over the views of schema as_of."""
    asked = "|".join(map(re.escape, (*report.reads, "today")))
    return re.sub(rf"\bread\.({asked})\b", rf"{THEN}.\1", text)


def _install(connection: Connection, report: Report, schema: str, text: str) -> None:
    declared = list(columns_of(report.row).values())
    checksum = hashlib.sha256(repr((text, declared, report.comment)).encode()).hexdigest()
    name = report.name if schema == NOW else f"{schema}.{report.name}"
    kept = connection.execute(_SQL["report"], (name,)).fetchone()
    if kept is not None and kept[0] == checksum and columns(connection, report.name, schema):
        return
    view = Identifier(schema, report.name)
    connection.execute(SQL("drop view if exists {}").format(view))
    connection.execute(SQL("create view {} ({}) as {}").format(view, names(declared), SQL(text)))
    answered = columns(connection, report.name, schema)
    if answered != _declared(declared):
        raise ReportMismatch(f"read.{report.name} answers {answered}, its row class declares {_declared(declared)}")
    granted = SQL("grant select on {} to {}").format(view, READER)
    connection.execute(SQL(";\n").join([granted, *described("view", view, report.comment, declared)]))
    connection.execute(_SQL["keep_report"], (name, checksum))
