"""Events that a read model does not reflect: written down with their row's mark, read again, and tried again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from infra.projector.events import Connection
from infra.projector.fold import Aside, key_text
from infra.projector.rows import Key
from infra.projector.table import Table
from infra.queries import named

_SQL: Final = named("projector")
# Errors that the row is the reason of: data, constraints, and what is too long for an index.
_OF_DATA: Final = ("22", "23", "54")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row of read.projection_quarantine. `error` is None for an event that waits behind another of its row."""

    name: str
    position: int
    key: str
    record_id: UUID
    topic: str
    error: str | None
    since: datetime
    attempts: int


def passing(error: BaseException) -> bool:
    """Whether it is the state of database or machine and not the row's: a lost connection, a full disk, no memory."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, psycopg.OperationalError) and (error.sqlstate or "")[:2] not in _OF_DATA


def of_data(error: BaseException) -> bool:
    """Whether the row is the reason, so that another row may be written."""
    if not isinstance(error, psycopg.Error):
        return True
    # Without a state it was not the database that refused: what psycopg itself cannot write is a DataError.
    return isinstance(error, psycopg.DataError) if error.sqlstate is None else error.sqlstate[:2] in _OF_DATA


def held(connection: Connection, relations: Iterable[str]) -> dict[str, set[str]]:
    """The keys whose rows stand still, by table."""
    found: dict[str, set[str]] = {}
    for relation, key in connection.execute(_SQL["held"], (list(relations),)):
        found.setdefault(relation, set()).add(key)
    return found


def record(connection: Connection, relation: str, aside: Sequence[Aside]) -> None:
    """Write down what is set aside."""
    if not aside:
        return
    columns = zip(
        *((e.event.position, key_text(e.key), e.event.record_id, e.event.topic, e.error) for e in aside), strict=True
    )
    connection.execute(_SQL["set_aside"], (relation, *map(list, columns)))


def set_aside(connection: Connection, table: Table, aside: Sequence[Aside]) -> None:
    """Write down what is set aside, and mark the rows. To be called when the rows are written."""
    record(connection, table.relation, aside)
    keys = [each.key for each in aside if each.error is not None]
    if keys:
        connection.execute(table.mark, table.shape.keys(keys))
        if table.versions is not None:
            connection.execute(table.versions.mark, table.shape.keys(keys))


def unmark(connection: Connection, table: Table, keys: Sequence[Key]) -> None:
    """Nothing of these rows is set aside any more."""
    connection.execute(table.unmark, table.shape.keys(keys))
    if table.versions is not None:
        connection.execute(table.versions.unmark, table.shape.keys(keys))


def quarantine(conninfo: str) -> list[SetAside]:
    """All that is set aside, by read model and position. Any role may ask."""
    with (
        psycopg.connect(conninfo, autocommit=True) as connection,
        connection.cursor(row_factory=class_row(SetAside)) as rows,
    ):
        return rows.execute(_SQL["quarantine"]).fetchall()
