"""Registers as bare tables in the real database, so that a report's query can be asked about rows made for the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from domain.kernel import Sealed
from projections.council import PROJECTIONS
from projections.model import Projection, Report, columns_of, ordering, reference
from tests.projections.council.reading import rows_of
from tests.scenario import Given

Connection = psycopg.Connection[Any]


@contextmanager
def empty_registers(admin: Connection) -> Iterator[Connection]:
    """Empty registers under the names that reports read; gone afterwards."""
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        for register in PROJECTIONS:
            columns = [
                SQL("{} {}").format(Identifier(c.name), SQL(c.holds.sql)) for c in columns_of(register.row).values()
            ]
            table = Identifier(register.name)
            admin.execute(SQL("create table read.{} ({})").format(table, SQL(", ").join(columns)))
        yield admin


def keep(connection: Connection, register: Projection, *rows: Any) -> None:
    """Rows in a register."""
    for row in rows:
        values = SQL(", ").join(SQL("%s") for _ in fields(row))
        stored = [_stored(getattr(row, field.name)) for field in fields(row)]
        connection.execute(SQL("insert into read.{} values ({})").format(Identifier(register.name), values), stored)


def keep_all(connection: Connection, scenario: Given) -> None:
    """What all registers show after a scenario."""
    for register in PROJECTIONS:
        keep(connection, register, *rows_of(register, scenario))


def _stored(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case Sealed():
            return reference(value)
    return value


def query_of(report: Report) -> str:
    """The report's own SQL."""
    return (files("projections") / "reports" / f"{report.name}.sql").read_text(encoding="utf-8")


def ask(connection: Connection, report: Report) -> list[Any]:
    """The report's rows, in its order."""
    named = [(Identifier(name), SQL(" desc" if falls else "")) for name, falls in map(ordering, report.order)]
    order = SQL(", ").join(SQL("{}{}").format(*each) for each in named)
    row: type[Any] = report.row
    with connection.cursor(row_factory=class_row(row)) as cursor:
        query = SQL("select * from ({}) report order by {}").format(SQL(query_of(report)), order)
        return cursor.execute(query).fetchall()


def columns_asked(connection: Connection, report: Report) -> list[str]:
    """The names of the columns that the report's query has, in their order."""
    cursor = connection.execute(SQL("select * from ({}) report limit 0").format(SQL(query_of(report))))
    return [column.name for column in cursor.description or ()]
