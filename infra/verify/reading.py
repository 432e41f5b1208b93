"""What verify reads: events with their sealed parts in order of position, claims and commands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from infra.queries import named

CHUNK: Final = 2_000
SQL: Final = named("verify")

Connection = psycopg.Connection[tuple[Any, ...]]


class Stored(NamedTuple):
    """The row of ledger.head; no name where there is none. `clock` is the server's."""

    log: str | None
    position: int
    recorded_at: datetime | None
    clock: datetime


class Row(NamedTuple):
    """A row of ledger.event, the texts exactly as stored, ids as text: they are hashed and compared, nothing else. The
    last four columns are generated from the envelope.
    """

    position: int
    record_id: str
    version: int
    topic: str
    recorded_at: datetime
    effective_at: datetime
    envelope: bytes
    body: bytes
    salt: bytes
    sealed: list[bytes] | None
    leaf: bytes
    actor_id: str
    channel: str
    command_id: str
    correlation_id: str


class Part(NamedTuple):
    """A row of ledger.sealed with what its digest covers; no commitment where its key is not in the vault."""

    position: int
    part: int
    key_id: UUID
    nonce: bytes
    ciphertext: bytes
    commitment: bytes | None


class ClaimRow(NamedTuple):
    """A row of ledger.claim."""

    position: int
    kind: str
    key: str
    record_id: str


class CommandRow(NamedTuple):
    """A row of ledger.command that tells of events."""

    first: int
    last: int
    command_id: str
    record_id: str
    version: int


def head(connection: Connection) -> Stored:
    """The head of the ledger."""
    (row,) = connection.execute(SQL["head"])
    return Stored(*row)


def chunks(connection: Connection) -> Iterator[tuple[list[Row], dict[int, list[Part]]]]:
    """All events in order, a few thousand at a time, and the sealed parts at and between their positions."""
    reached = -(2**63)
    while True:
        found = connection.execute(SQL["events"], (reached, CHUNK), binary=True, prepare=True).fetchall()
        rows = list(map(Row._make, found))
        # Parts behind the last event belong to no event.
        upper = rows[-1].position if len(rows) == CHUNK else 2**63 - 1
        parts: dict[int, list[Part]] = {}
        found = connection.execute(SQL["parts"], (reached, upper), binary=True, prepare=True).fetchall()
        for part in map(Part._make, found):
            parts.setdefault(part.position, []).append(part)
        yield rows, parts
        if len(rows) < CHUNK:
            return
        reached = upper


def claims(connection: Connection) -> Iterator[ClaimRow]:
    """ledger.claim in order of position."""
    return map(ClaimRow._make, streamed(connection, "claims"))


def commands(connection: Connection) -> Iterator[CommandRow]:
    """Those of ledger.command that recorded something, in order of position."""
    return map(CommandRow._make, streamed(connection, "commands"))


def problems(connection: Connection, query: str) -> Iterator[tuple[int | None, str]]:
    """Position and message of what the server finds by itself."""
    yield from connection.execute(SQL[query]).fetchall()


def destroyed(connection: Connection, key_ids: set[UUID]) -> set[UUID]:
    """Those of the keys that were destroyed."""
    return {key_id for (key_id,) in connection.execute(SQL["destroyed"], (list(key_ids),), binary=True)}


def streamed(connection: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows of one of the queries, a few thousand at a time."""
    with psycopg.ServerCursor(connection, query) as cursor:
        cursor.execute(SQL[query], binary=True)
        while found := cursor.fetchmany(CHUNK):
            yield from found
