"""How far each projection has come: the rows of projector.projection, and waiting for them to move."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from psycopg.rows import class_row

from infra.projector.events import Connection
from infra.projector.fold import Failure
from infra.queries import named

_SQL: Final = named("projector")


@dataclass(frozen=True, slots=True)
class State:
    """What the database knows of one projection. `relation` is its live table, None before the first is filled;
    `revision` grows when rows are mended without the position moving."""

    name: str
    fingerprint: str | None
    relation: str | None
    generation: int
    position: int
    status: str
    revision: int


@dataclass(frozen=True, slots=True)
class Status:
    """A row of read.projection_status: how far a projection has come, and what is wrong with it."""

    name: str
    status: str
    position: int
    lag_events: int
    lag_seconds: float
    updated_at: datetime
    error_position: int | None
    error: str | None
    error_since: datetime | None
    building_done: int | None
    building_total: int | None
    building_since: datetime | None
    building_rate: float | None
    building_seconds_left: float | None
    rebuilt_at: datetime | None
    rebuilt_position: int | None
    rebuilt_rows: int | None
    rebuilt_seconds: float | None
    checksum: str | None
    fingerprint: str | None
    quarantined_rows: int
    quarantined_events: int
    quarantined_since: datetime | None


def register(connection: Connection, names: Iterable[str]) -> None:
    """Rows for projections that are new."""
    connection.execute(_SQL["register"], (sorted(names),))


def states(connection: Connection, names: Iterable[str], *, lock: bool = False) -> dict[str, State]:
    """The projections of these names; locked against change until the transaction ends, where asked."""
    with connection.cursor(row_factory=class_row(State)) as cursor:
        cursor.execute(_SQL["locked_states" if lock else "states"], (sorted(names),), prepare=True)
        return {state.name: state for state in cursor}


def advance(connection: Connection, names: Sequence[str], position: int) -> None:
    """The projections have seen `position`."""
    connection.execute(_SQL["advance"], (position, list(names)), prepare=True)


def stop(connection: Connection, name: str, failure: Failure) -> None:
    """The projection cannot go past an event; it stays before it, with the error to be seen."""
    connection.execute(_SQL["stop"], (failure.position - 1, failure.error, failure.position, name))


def not_built(connection: Connection, name: str, error: str, position: int | None) -> None:
    """The projection could not be built by the present fold; older rows, if there are any, stay as they are."""
    connection.execute(_SQL["not_built"], (error[:2000], position, name))


def resume(connection: Connection, names: Sequence[str]) -> None:
    """Projections that had stopped try again."""
    connection.execute(_SQL["resume"], (list(names),))


def forget_progress(connection: Connection, names: Iterable[str]) -> None:
    """What a rebuild told that was killed: nobody rebuilds these now."""
    connection.execute(_SQL["forget_progress"], (list(names),))


def announce(connection: Connection, position: int) -> None:
    """Tell those who wait, at commit."""
    connection.execute(_SQL["announce"], (str(position),), prepare=True)


def status(conninfo: str) -> list[Status]:
    """All projections, by name. Any role may ask."""
    with (
        psycopg.connect(conninfo, autocommit=True) as connection,
        connection.cursor(row_factory=class_row(Status)) as rows,
    ):
        return rows.execute(_SQL["status"]).fetchall()


def wait_for(conninfo: str, position: int, names: Iterable[str], timeout: float) -> bool:
    """Whether all these projections have seen `position`, waiting for it at most `timeout` seconds.

    A projection that does not exist has seen nothing.
    """
    wanted = sorted(set(names))
    deadline = time.monotonic() + timeout
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("listen projector")
        while True:
            row = connection.execute(_SQL["reached"], (wanted, position)).fetchone()
            if row is not None and row[0] == len(wanted):
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if not notified(connection):
                select.select([connection.fileno()], [], [], left)


def notified(connection: Connection) -> set[tuple[str, int]]:
    """Channels and senders of the notifications that have come in. Ask before waiting on the connection's socket: one
    that came with the answer to a query is not to be seen there any more."""
    return {(each.channel, each.pid) for each in connection.notifies(timeout=0)}
