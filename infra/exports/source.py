"""What is exported: the ledger up to one position, and the rows that read models have there, folded from its events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from domain.kernel import Recorded
from infra.codec import Codec
from infra.database import Database
from infra.exports.terms import DIGITS, NotYet, StandsStill
from infra.projector.events import Event, Events, connect, prefer_order
from infra.projector.filling import failed
from infra.projector.fold import Batch, Cell, Overrun, key_text, without_collector
from infra.projector.guard import SECONDS, Guard, Overran
from infra.projector.parts import Cut, Mixed, Part, Raw, ahead, cut_of
from infra.projector.rows import Key
from infra.projector.storable import storing
from projections.model import Projection

_CHUNK: Final = 5_000
_PART_EVENTS: Final = 250_000
Tell = Callable[[str, float], None]
Rows = Iterator[Sequence[Any]]


@dataclass(slots=True)
class Source:
    """The ledger up to `position`, which never changes any more: every export of it is the same.

    `still` has the rows that stand still because their fold could not take an event, by read model.
    """

    log: str
    position: int
    codec: Codec
    tell: Tell
    _events: Events
    _guard: Guard
    chunk: int = _CHUNK
    part_events: int = _PART_EVENTS
    still: dict[str, list[StandsStill]] = field(default_factory=dict)

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

        `write` begins anew where it turns out midway that the rows cannot be made record by record, or that the fold
        does not return from an event. Raises FoldFailed.
        """
        cut, overruns = cut_of(projection), dict[int, Overrun]()
        while True:
            self.still[projection.name] = []
            try:
                return write(self._folded(projection, cut, overruns))
            except Mixed:
                cut = Cut.KEYS
            except Overran as late:
                overruns[late.position] = late.overrun

    def _folded(self, projection: Projection, cut: Cut, overruns: Mapping[int, Overrun]) -> Rows:
        of = max(1, math.ceil(self.position / self.part_events)) if cut is Cut.KEYS else 1
        with without_collector():
            for number in range(of):
                yield from self._part(projection, Part(cut, number, of), overruns)

    def _part(self, projection: Projection, part: Part, overruns: Mapping[int, Overrun]) -> Rows:
        topics, cells = self.codec.topics_of(projection.facts), dict[Key, Cell]()
        own = part.projection(storing(projection, DIGITS))
        for share, raw in ahead(part.raw(self._events, self.position, sorted(topics), self.chunk)):
            self._fold(own, cells, self._events.decoded(raw), overruns)
            done, cells = part.divided(cells, raw)
            yield [cell.row for cell in done if cell.row is not None]
            self.tell(projection.name, (part.number + share) / part.of)
        yield [cell.row for cell in cells.values() if cell.row is not None]

    def rows_of(self, projection: Projection, events: Sequence[Recorded]) -> list[Any]:
        """The rows that these events make, which are all events of their keys. Raises FoldFailed."""
        concerned = [event for event in events if type(event.fact) in projection.facts]
        if not concerned:
            return []
        own, overruns = storing(projection, DIGITS), dict[int, Overrun]()
        while True:
            cells = dict[Key, Cell]()
            try:
                self._fold(own, cells, concerned, overruns)
                return [cell.row for cell in cells.values() if cell.row is not None]
            except Overran as late:
                overruns[late.position] = late.overrun

    def _fold(
        self, projection: Projection, cells: dict[Key, Cell], events: Sequence[Event], overruns: Mapping[int, Overrun]
    ) -> None:
        """Fold events into cells, under the watch over time. Raises Overran, Mixed and FoldFailed."""
        still = self.still.setdefault(projection.name, [])
        topics, held = self.codec.topics_of(projection.facts), {each.key for each in still}
        batch = Batch(projection, topics, frozenset(projection.facts), cells, held=held, overruns=overruns)
        self._guard.run(lambda each: each.take(events), [batch])
        self._guard.run(Batch.fold, [batch])
        if batch.failure is not None:
            raise failed(projection.name, batch.failure)
        still += (
            StandsStill(key_text(key), event.position, event.topic, error)
            for key, event, error in batch.aside
            if error is not None
        )


@contextmanager
def source(
    database: Database,
    codec: Codec,
    tell: Tell = lambda what, share: None,
    *,
    to: int | None = None,
    fold_seconds: float = SECONDS,
) -> Iterator[Source]:
    """The ledger up to a position, its last one where none is named. Raises NotYet and LedgerGap."""
    guard = Guard(fold_seconds)
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
        try:
            yield Source(log, position, codec, tell, events, guard)
        finally:
            guard.close()
