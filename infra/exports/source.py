"""What is exported: the ledger up to one position, and the rows that read models have there, folded from its events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from domain.kernel import Recorded
from infra.codec import Codec
from infra.database import Database
from infra.exports.terms import NotYet
from infra.projector import FoldFailed
from infra.projector.events import Events, connect, prefer_order
from infra.projector.fold import Batch, Cell, without_collector
from infra.projector.parts import Cut, Mixed, Part, Raw, ahead, cut_of, is_mixed
from infra.projector.rows import Key
from projections.model import Projection

_CHUNK: Final = 5_000
_PART_EVENTS: Final = 250_000
Tell = Callable[[str, float], None]
Rows = Iterator[Sequence[Any]]


@dataclass(slots=True)
class Source:
    """The ledger up to `position`, which never changes any more: every export of it is the same.

    `still` counts, by read model, the rows that stand still because their fold could not take an event.
    """

    log: str
    position: int
    codec: Codec
    tell: Tell
    _events: Events
    chunk: int = _CHUNK
    part_events: int = _PART_EVENTS
    still: dict[str, int] = field(default_factory=dict)

    def events(self) -> Iterator[Raw]:
        """Every event as it is stored, undecoded, in the order of positions."""
        known = self._events.known
        for reached, raw in ahead(self._events.raw_between(0, self.position, known, self.chunk)):
            yield raw
            self.tell("events", reached / self.position)

    def records(self) -> Iterator[tuple[UUID, list[Recorded]]]:
        """Every record with its events in order, decoded. Raises UnknownTopic and UnreadableEvent."""
        decoded = self.codec.recorded
        for record_id, rows in groupby(self._by_record(), key=itemgetter(1)):
            yield record_id, [decoded(*row) for row in rows]

    def _by_record(self) -> Iterator[tuple[Any, ...]]:
        whole = Part(Cut.RECORDS, 0, 1)
        for share, raw in ahead(whole.raw(self._events, self.position, self._events.known, self.chunk)):
            yield from raw
            self.tell("records", share)

    def rows(self, projection: Projection, write: Callable[[Rows], int]) -> int:
        """Hand the rows of a read model to `write`, in batches, and answer what it does.

        `write` begins anew where it turns out midway that the rows cannot be made record by record. Raises FoldFailed.
        """
        try:
            return write(self._folded(projection, cut_of(projection)))
        except Mixed:
            return write(self._folded(projection, Cut.KEYS))

    def _folded(self, projection: Projection, cut: Cut) -> Rows:
        of = max(1, math.ceil(self.position / self.part_events)) if cut is Cut.KEYS else 1
        self.still[projection.name] = 0
        with without_collector():
            for number in range(of):
                yield from self._part(projection, Part(cut, number, of))

    def _part(self, projection: Projection, part: Part) -> Rows:
        topics, facts = self.codec.topics_of(projection.facts), frozenset(projection.facts)
        own, cells = part.projection(projection), dict[Key, Cell]()
        for share, raw in ahead(part.raw(self._events, self.position, sorted(topics), self.chunk)):
            batch = Batch(own, topics, facts, cells)
            batch.take(self._events.decoded(raw))
            batch.fold()
            if batch.failure is not None:
                if is_mixed(batch.failure):
                    raise Mixed(batch.failure.error)
                raise FoldFailed(projection.name, batch.failure)
            self.still[projection.name] += sum(1 for aside in batch.aside if aside.error is not None)
            done, cells = part.divided(cells, raw)
            yield [cell.row for cell in done if cell.row is not None]
            self.tell(projection.name, (part.number + share) / part.of)
        yield [cell.row for cell in cells.values() if cell.row is not None]


@contextmanager
def source(
    database: Database, codec: Codec, tell: Tell = lambda what, share: None, *, to: int | None = None
) -> Iterator[Source]:
    """The ledger up to a position, its last one where none is named. Raises NotYet and LedgerGap."""
    with connect(database.conninfo("projector")) as connection:
        connection.execute("set default_transaction_read_only = on")
        prefer_order(connection)
        events = Events(connection, codec)
        head = events.head()
        if to is not None and to > head:
            raise NotYet(f"the ledger ends at position {head:,}, so it has no position {to:,} yet")
        position = head if to is None else to
        events.check(position)
        (log,) = connection.execute("select log from ledger.head").fetchone() or ("",)
        yield Source(log, position, codec, tell, events)
