"""The table that a rebuild fills beside the live one: by COPY from nothing, then by key up to any position."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Identifier

from infra.codec import Codec
from infra.projector import views
from infra.projector.apply import copy_rows, fetch, write
from infra.projector.events import Connection, Event, Events
from infra.projector.fingerprint import fingerprint
from infra.projector.fold import Aside, Batch, Cell, Failure, key_text, without_collector, wrong_as_a_whole
from infra.projector.quarantine import set_aside
from infra.projector.rows import Key, Shape
from infra.projector.table import Table, is_relation_of, relation_name
from infra.queries import named
from projections.model import Projection

_SQL: Final = named("projector")


class FoldFailed(Exception):
    """The fold cannot go past an event; the read model is left as it was."""

    def __init__(self, name: str, failure: Failure) -> None:
        super().__init__(f"{name} cannot be built past event {failure.position}: {failure.error}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come, in events; `rate` is events a second, `eta` the seconds left at that rate."""

    name: str
    done: int
    total: int
    rate: float
    eta: float


Tell = Callable[[Progress], None]


class Shadow:
    """The table in the making, and the position its rows have seen."""

    def __init__(self, projection: Projection, codec: Codec, chunk: int, most_rows: int, tell: Tell) -> None:
        self.projection = projection
        self.facts = frozenset(projection.facts)
        self.topics = codec.topics_of(projection.facts)
        self.fingerprint = fingerprint(projection, self.topics)
        self.shape = Shape(projection)
        self.codec = codec
        self.chunk = chunk
        self.most_rows = most_rows
        self.tell = tell
        self.position = 0
        self.held: set[str] = set()
        self.aside: list[Aside] = []
        self.failed: Failure | None = None

    def create(self, writing: Connection, reading: Connection, generation: int) -> None:
        """Give it a free name and the connections it is filled by; the table itself comes with its rows."""
        taken = {relation for (relation,) in writing.execute(_SQL["tables"])}
        while relation_name(self.projection, self.fingerprint, generation) in taken:
            generation += 1
        self.generation = generation
        self.table = Table(self.shape, relation_name(self.projection, self.fingerprint, generation))
        self.writing = writing
        self.events = Events(reading, self.codec)

    def fill(self, target: int) -> None:
        """Fold all events up to a position and copy the rows in. Memory is bounded by rows, not by events.

        Raises LedgerGap and FoldFailed.
        """
        self.started = time.monotonic()
        self.target = target
        self.events.check(target)
        with without_collector(), self.writing.transaction():
            self.writing.execute(self.table.create())
            copy_rows(self.writing, self.table, self._rows(), freeze=True)
            self.writing.execute(SQL(";\n").join(self.table.index()))
            self._set_aside()
        self.writing.execute(SQL("analyze {}").format(self.table.name))
        self.reach(target)

    def _rows(self) -> Iterator[Any]:
        """The rows at the target, or at a position before it where there are too many to hold in memory."""
        cells: dict[Key, Cell] = {}
        for reached, events in self._events(self.target):
            batch = self._batch(events, {} if self.projection.append_only else cells)
            self._fold(batch)
            self._passed(reached)
            if self.projection.append_only:
                yield from batch.rows()
            elif len(cells) > self.most_rows:
                break
        yield from (cell.row for cell in cells.values() if cell.row is not None)

    def reach(self, target: int) -> None:
        """Bring the filled table up to a position, by the key, as the live one is. Raises FoldFailed."""
        self.target = max(self.target, target)
        for reached, events in self._events(target):
            batch = self._batch(events, {})
            with self.writing.transaction():
                keys = [] if self.projection.append_only else list(batch.cells)
                for key, row in fetch(self.writing, self.table, keys).items():
                    batch.hold(key, row)
                self._fold(batch)
                write(self.writing, self.table, batch)
                self._set_aside()
            self._passed(reached)

    def _fold(self, batch: Batch) -> None:
        batch.fold()
        self._unless_failed(batch)
        if batch.aside and self.failed is None:
            self.failed = Failure(batch.aside[0].event.position, batch.aside[0].error or "")
        self.aside += batch.aside
        self.held.update(key_text(each.key) for each in batch.aside)

    def unless_wrong(self, rows: int) -> None:
        """Raises FoldFailed where too many of the rows stand still."""
        if self.failed is not None and wrong_as_a_whole(len(self.held), rows):
            raise FoldFailed(self.projection.name, self.failed)

    def _set_aside(self) -> None:
        set_aside(self.writing, self.table, self.aside)
        self.aside = []

    def _events(self, upto: int) -> Iterator[tuple[int, list[Event]]]:
        return self.events.between(self.position, upto, sorted(self.topics), self.chunk)

    def _batch(self, events: Sequence[Event], cells: dict[Key, Cell]) -> Batch:
        batch = Batch(self.projection, self.topics, self.facts, cells, held=self.held)
        batch.take(events)
        self._unless_failed(batch)
        return batch

    def _unless_failed(self, batch: Batch) -> None:
        if batch.failure is not None:
            raise FoldFailed(self.projection.name, batch.failure)

    def _passed(self, reached: int) -> None:
        self.position = reached
        rate = reached / max(time.monotonic() - self.started, 0.001)
        left = (self.target - reached) / rate if rate else 0.0
        self.tell(Progress(self.projection.name, reached, self.target, rate, left))


def remove_tables(connection: Connection, projection: Projection, live: str | None) -> None:
    """Drop every table of a projection but the live one; one that is read by a query or a view stays for now."""
    for (relation,) in connection.execute(_SQL["tables"]).fetchall():
        if relation != live and is_relation_of(projection, relation):
            try:
                with views.replacing(connection):
                    connection.execute(SQL("drop table {}").format(Identifier("read", relation)))
                    connection.execute(_SQL["forget_aside"], (relation,))
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DependentObjectsStillExist):
                continue
