"""Events as the ledger holds them, read in order and never past a gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.string import TextBinaryLoader, TextLoader

from domain.kernel import Recorded
from infra.codec import Codec, UnknownTopic, UnreadableEvent
from infra.projector.arrays import register
from infra.queries import named

Connection = psycopg.Connection[TupleRow]

_SQL: Final = named("projector")


class LedgerGap(Exception):
    """A position is missing between two that are there."""

    def __init__(self, after: int, found: int) -> None:
        super().__init__(f"after position {after} the ledger goes on with {found}: run `stadtbuch verify`")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that this program cannot decode; no read model it may concern goes past it."""

    position: int
    topic: str
    error: UnknownTopic | UnreadableEvent


Event = Recorded | Unreadable


def connect(conninfo: str) -> Connection:
    """A connection for the projector: read models need no fsync, since lost rows and lost cursor are lost together.

    Plans use indexes whatever the statistics say: a plan made on an empty table is kept while the table grows.
    """
    connection = psycopg.connect(conninfo, autocommit=True)
    connection.adapters.register_loader("json", TextLoader)
    connection.adapters.register_loader("json", TextBinaryLoader)
    register(connection)
    for setting in ("synchronous_commit = off", "jit = off", "timezone = 'UTC'"):
        connection.execute(f"set {setting}".encode())
    return connection


def prefer_indexes(connection: Connection) -> None:
    """For statements that touch a thousand rows by key."""
    for method in ("seqscan", "hashjoin", "mergejoin"):
        connection.execute(f"set enable_{method} = off".encode())


def prefer_order(connection: Connection) -> None:
    """For events read record by record, a few thousand at a time: never sort all that are left for the next few."""
    for method in ("sort", "bitmapscan", "seqscan"):
        connection.execute(f"set enable_{method} = off".encode())


class Events:
    """A reader of events over a connection of its own."""

    def __init__(self, connection: Connection, codec: Codec) -> None:
        self.connection = connection
        self.codec = codec

    def head(self) -> int:
        """The last position."""
        row = self.connection.execute(_SQL["head"]).fetchone()
        return int(row[0]) if row else 0

    def after(self, position: int, at_most: int) -> list[Event]:
        """The next events, up to a gap. Raises LedgerGap where the gap is the next thing."""
        rows = self.connection.execute(_SQL["events_after"], (position, at_most), binary=True, prepare=True).fetchall()
        if rows and rows[0][0] != position + 1:
            raise LedgerGap(position, rows[0][0])
        if rows and rows[-1][0] != position + len(rows):
            rows = [row for expected, row in enumerate(rows, position + 1) if row[0] == expected]
        return self.decoded(rows)

    def of(self, record_id: UUID) -> list[Recorded]:
        """The events of one record in order of version. Raises UnknownTopic and UnreadableEvent."""
        rows = self.connection.execute(_SQL["events_of"], (record_id,), binary=True).fetchall()
        return [self.codec.recorded(*row) for row in rows]

    @cached_property
    def known(self) -> list[str]:
        """All topics that this program knows. Those it does not are read too: what they concern is unknown."""
        return sorted(self.codec.topics_of(self.codec.facts.values()))

    def raw(self, query: bytes, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows of one of the queries for events, in binary and undecoded."""
        return self.connection.execute(query, params, binary=True, prepare=True).fetchall()

    def raw_between(
        self, after: int, upto: int, topics: Sequence[str], chunk: int
    ) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
        """Events of these topics, and of those unknown, undecoded: chunk by chunk with the position reached."""
        while after < upto:
            reached = min(after + chunk, upto)
            yield reached, self.raw(_SQL["events_between"], (after, reached, list(topics), self.known))
            after = reached

    def at(self, positions: Sequence[int]) -> list[Event]:
        """The events at these positions, in order."""
        rows = self.connection.execute(_SQL["events_at"], (list(positions),), binary=True).fetchall()
        return self.decoded(rows)

    def check(self, upto: int) -> None:
        """Raises LedgerGap unless every position up to this one is there."""
        row = self.connection.execute(_SQL["count_events"], (upto,)).fetchone()
        if row is None or row[0] != upto or (upto and row[1] != upto):
            raise LedgerGap(int(row[0]) if row else 0, upto)

    def decoded(self, rows: Sequence[tuple[Any, ...]]) -> list[Event]:
        """Events of rows; what cannot be decoded is Unreadable."""
        return decoded(self.codec, rows)


def decoded(codec: Codec, rows: Sequence[tuple[Any, ...]]) -> list[Event]:
    """Events of rows; what cannot be decoded is Unreadable."""
    recorded = codec.recorded
    try:
        return [recorded(*row) for row in rows]
    except (UnknownTopic, UnreadableEvent):
        return [_one(codec, row) for row in rows]


def _one(codec: Codec, row: tuple[Any, ...]) -> Event:
    try:
        return codec.recorded(*row)
    except (UnknownTopic, UnreadableEvent) as error:
        return Unreadable(row[0], row[3], error)
