"""Checks the whole ledger row by row: leaves, positions, versions, times, seals, claims and commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from infra.codec import Codec, UnknownTopic, UnreadableEvent
from infra.database import Database
from infra.leaf import entry, leaf
from infra.queries import named
from infra.sealing import digest

CHUNK: Final = 2_000
MOST_FAULTS: Final = 100
_SQL: Final = named("verify")

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was recorded. `position` is None where no single event is at fault."""

    position: int | None
    check: str
    message: str

    def __str__(self) -> str:
        place = "ledger" if self.position is None else f"position {self.position:,}"
        return f"{place}, {self.check}: {self.message}"


@dataclass(slots=True)
class Report:
    """How many rows were read, and the faults found, in order; no more than the first hundred are kept."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        count = f"{self.rows:,} rows, {len(self.faults):,} fault{'' if len(self.faults) == 1 else 's'}"
        return "\n".join([count, *(str(fault) for fault in self.faults)])


class Row(NamedTuple):
    """A row of ledger.event, the texts exactly as stored."""

    position: int
    record_id: UUID
    version: int
    topic: str
    recorded_at: datetime
    effective_at: datetime
    envelope: str
    body: str
    salt: bytes
    sealed: list[bytes] | None
    leaf: bytes


class Part(NamedTuple):
    """A row of ledger.sealed with what its digest covers; no commitment where its key is not in the vault."""

    position: int
    part: int
    key_id: UUID
    nonce: bytes
    ciphertext: bytes
    commitment: bytes | None


def verify(
    database: Database, codec: Codec, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> Report:
    """Read the ledger as of one moment and check all of it. `progress` is told rows done and rows in all.

    Memory grows with the number of records and claims, not of events.
    """
    with _snapshot(database) as connection:
        examination = _Examination(connection, codec)
        for rows, parts in _chunks(connection, examination.position):
            examination.chunk(rows, parts)
            progress(examination.report.rows, examination.position)
            if len(examination.report.faults) >= MOST_FAULTS:
                return examination.report
        examination.end()
        return examination.report


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.conninfo("log"), autocommit=True) as connection:
        connection.execute("set default_transaction_isolation = 'repeatable read'")
        connection.execute("set default_transaction_read_only = on")
        with connection.transaction():
            yield connection


def _chunks(connection: Connection, last: int) -> Iterator[tuple[list[Row], list[Part]]]:
    reached = 0
    while True:
        found = connection.execute(_SQL["events"], (reached, CHUNK), binary=True).fetchall()
        if not found:
            return
        rows = [Row(*row) for row in found]
        # Parts between two events, or behind the last, belong to no event: they are read with what follows or ends.
        upper = rows[-1].position if len(rows) == CHUNK else 2**62
        parts = [Part(*row) for row in connection.execute(_SQL["parts"], (reached, upper), binary=True)]
        yield rows, parts
        reached = rows[-1].position


class _Examination:
    def __init__(self, connection: Connection, codec: Codec) -> None:
        self._connection = connection
        self._codec = codec
        row = connection.execute(_SQL["head"]).fetchone()
        self.report = Report()
        self.log, self.position, self.time = row if row is not None else ("", 0, None)
        if row is None:
            self._found(None, "head", "ledger.head is empty: restore it from a backup")
        self._versions: dict[UUID, int] = {}
        self._claims: dict[tuple[str, str], tuple[UUID, int]] = {}
        self._last: Row | None = None

    def chunk(self, rows: Sequence[Row], parts: Sequence[Part]) -> None:
        """Check neighbouring rows and the sealed parts that lie between them."""
        by_position: dict[int, list[Part]] = {}
        for part in parts:
            by_position.setdefault(part.position, []).append(part)
        for row in rows:
            self._place(row)
            self._leaf(row)
            self._seals(row, by_position.pop(row.position, []))
            self._content(row)
            self._last = row
            self.report.rows += 1
        for position in sorted(by_position):
            self._found(position, "seal", "ledger.sealed has parts of an event that is not there")

    def end(self) -> None:
        """Check what all rows lead to: the head, the claims, the commands."""
        last = self._last.position if self._last else 0
        if last != self.position:
            self._found(None, "head", f"the head is at {self.position:,}, the last event at {last:,}")
        if self._last is not None and self.time != self._last.recorded_at:
            self._found(None, "head", f"the head's time is {self.time}, the last event's {self._last.recorded_at}")
        self._compare_claims()
        for position, problem in self._connection.execute(_SQL["commands"]):
            self._found(position, "command", problem)

    def _found(self, position: int | None, check: str, message: str) -> None:
        if len(self.report.faults) < MOST_FAULTS:
            self.report.faults.append(Fault(position, check, message))

    def _place(self, row: Row) -> None:
        before = self._last.position if self._last else 0
        if row.position != before + 1:
            self._found(row.position, "position", f"follows {before:,}: events between them are missing")
        version = self._versions.get(row.record_id, 0)
        if row.version != version + 1:
            self._found(row.position, "version", f"version {row.version} of {row.record_id} follows version {version}")
        self._versions[row.record_id] = row.version
        if self._last is not None and row.recorded_at < self._last.recorded_at:
            self._found(row.position, "time", f"recorded at {row.recorded_at}, before the event ahead of it")

    def _leaf(self, row: Row) -> None:
        computed = leaf(
            entry(
                log=self.log,
                record_id=row.record_id,
                version=row.version,
                topic=row.topic,
                recorded_at=row.recorded_at,
                effective_at=row.effective_at,
                envelope=row.envelope.encode(),
                body=row.body.encode(),
                salt=row.salt,
                sealed=row.sealed,
            )
        )
        if computed != row.leaf:
            self._found(row.position, "leaf", "the row is not what its leaf was computed from: it was altered")

    def _seals(self, row: Row, parts: Sequence[Part]) -> None:
        there: Mapping[int, Part] = {part.part: part for part in parts}
        digests = row.sealed or []
        for number in there.keys() - set(range(len(digests))):
            self._found(row.position, "seal", f"ledger.sealed has a part {number} that was not recorded")
        for number, recorded in enumerate(digests):
            part = there.get(number)
            if part is None:
                self._found(row.position, "seal", f"part {number} is missing from ledger.sealed")
            elif part.commitment is None:
                self._found(row.position, "seal", f"the key {part.key_id} of part {number} is not in the vault")
            elif recorded != digest(number, part.key_id, part.commitment, part.nonce, part.ciphertext):
                self._found(row.position, "seal", f"part {number} or its key's commitment was altered")

    def _content(self, row: Row) -> None:
        try:
            fact = self._codec.fact(row.topic, row.position, row.body)
            self._codec.envelope(row.position, row.envelope)
        except (UnknownTopic, UnreadableEvent) as error:
            self._found(row.position, "content", str(error))
            return
        for claim in fact.releases():
            if self._claims.pop(claim, (None,))[0] != row.record_id:
                self._found(row.position, "claim", f"releases {claim.kind} {claim.key!r}, which it does not hold")
        for claim in fact.claims():
            if claim in self._claims:
                holder = self._claims[claim][1]
                self._found(row.position, "claim", f"claims {claim.kind} {claim.key!r}, taken at position {holder:,}")
            self._claims[claim] = (row.record_id, row.position)

    def _compare_claims(self) -> None:
        stored: dict[tuple[str, str], tuple[UUID, int]] = {}
        for kind, key, record_id, position in self._connection.execute(_SQL["claims"], binary=True):
            stored[kind, key] = (record_id, position)
        for (kind, key), (record_id, position) in self._claims.items():
            if stored.get((kind, key)) != (record_id, position):
                told = "lacks it" if (kind, key) not in stored else "has it elsewhere"
                self._found(position, "claim", f"{kind} {key!r} is claimed here; ledger.claim {told}")
        for kind, key in stored.keys() - self._claims.keys():
            self._found(stored[kind, key][1], "claim", f"ledger.claim has {kind} {key!r}, which no event claims")
