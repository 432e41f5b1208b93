"""Fills one part of a shadow table: events read, folded, and the rows copied in, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import psycopg

from domain.kernel import Recorded
from infra.codec import Codec
from infra.projector.apply import copy_rows
from infra.projector.events import Connection, Event, Events
from infra.projector.fold import MOST_SET_ASIDE, Aside, Batch, Cell, Failure, Overrun, failure, without_collector
from infra.projector.guard import Guard, Overran
from infra.projector.parts import Mixed, Part, ahead
from infra.projector.quarantine import of_data, passing, set_aside
from infra.projector.rows import Key
from infra.projector.table import Table
from infra.queries import named
from projections.model import Projection

_SQL: Final = named("projector")
Share = Callable[[float], None]


class FoldFailed(Exception):
    """The fold cannot go past an event; the read model is left as it was."""

    def __init__(self, name: str, failure: Failure) -> None:
        super().__init__(f"{name} cannot be built past event {failure.position}: {failure.error}")
        self.failure = failure


class _Unstorable(Exception):
    """A row of the part cannot be stored; which one is still to be found."""


class Filler:
    """Fills parts of one table, one after the other. `target` is the position up to which it is filled."""

    def __init__(
        self,
        writing: Connection,
        reading: Connection,
        codec: Codec,
        projection: Projection,
        table: Table,
        target: int,
        guard: Guard,
        chunk: int,
    ) -> None:
        self.writing = writing
        self.events = Events(reading, codec)
        self.whole = projection
        self.topics = codec.topics_of(projection.facts)
        self.table = table
        self.target = target
        self.guard = guard
        self.chunk = chunk

    def fill(self, part: Part, tell: Share) -> None:
        """Fill a part, unless it is full. Raises FoldFailed and Mixed, and whatever `tell` does."""
        overruns: dict[int, Overrun] = {}
        attempt: Callable[[Part, Share, dict[int, Overrun]], None] = self._at_once
        while True:
            try:
                with without_collector():
                    attempt(part, tell, overruns)
                return
            except Overran as late:
                overruns[late.position] = late.overrun
            except psycopg.errors.UniqueViolation:
                return  # somebody filled it, and committed, while this one waited for it
            except _Unstorable:
                attempt = self._carefully

    def _at_once(self, part: Part, tell: Share, overruns: dict[int, Overrun]) -> None:
        with self.writing.transaction():
            self._claim(part)
            work = _Work(self, part, overruns)
            try:
                copy_rows(self.writing, self.table, work.rows(tell))
            except Exception as error:
                if work.interrupted or passing(error) or not of_data(error):
                    raise
                raise _Unstorable from error
            set_aside(self.writing, self.table, work.aside)

    def _carefully(self, part: Part, tell: Share, overruns: dict[int, Overrun]) -> None:
        """As above, in steps that can be taken back: a row that cannot be stored is kept as it was before the event."""
        with self.writing.transaction():
            self._claim(part)
            work = _Work(self, part, overruns)
            for cells in work.finished(tell):
                work.aside += self._stored(part, [cell for cell in cells if cell.row is not None], overruns)
            set_aside(self.writing, self.table, work.aside)

    def _claim(self, part: Part) -> None:
        self.writing.execute(_SQL["claim_part"], (self.table.relation, part.number))

    def _stored(self, part: Part, cells: Sequence[Cell], overruns: dict[int, Overrun]) -> list[Aside]:
        if not cells:
            return []
        error = self._refused([cell.row for cell in cells])
        if error is None:
            return []
        if len(cells) > 1:
            middle = len(cells) // 2
            return [
                *self._stored(part, cells[:middle], overruns),
                *self._stored(part, cells[middle:], overruns),
            ]
        return self._last_good(part, cells[0].key, overruns)

    def _refused(self, rows: Sequence[Any]) -> Exception | None:
        """Why rows cannot be stored. Where they can they are."""
        try:
            with self.writing.transaction():
                copy_rows(self.writing, self.table, rows)
        except Exception as error:
            if passing(error) or not of_data(error):
                raise
            return error
        return None

    def _last_good(self, part: Part, key: Key, overruns: dict[int, Overrun]) -> list[Aside]:
        """Store the last row of a key that can be stored, and set aside what comes after it."""
        own: list[Recorded] = []
        for _, raw in part.raw(self.events, self.target, sorted(self.topics), self.chunk):
            batch = self.batch(part, {}, overruns)
            batch.take(self.events.decoded(raw))
            own += [event for cell, event in batch.turns if cell.key == key]
        good: Any = None
        for number, event in enumerate(own):
            step = self.batch(part, {}, overruns)
            step.take([event])
            step.hold(key, good)
            self.guard.run(Batch.fold, [step])
            row = step.cells[key].row
            error = step.aside[0].error if step.aside else self._trial(row)
            if error is not None:
                if good is not None:
                    copy_rows(self.writing, self.table, [good])
                return [Aside(key, event, error), *(Aside(key, each, None) for each in own[number + 1 :])]
            good = row
        raise _Unstorable

    def _trial(self, row: Any) -> str | None:
        class _TakenBack(Exception):
            pass

        found: str | None = None
        try:
            with self.writing.transaction():
                if row is not None:
                    refused = self._refused([row])
                    found = None if refused is None else failure(0, refused).error
                raise _TakenBack
        except _TakenBack:
            return found

    def batch(self, part: Part, cells: dict[Key, Cell], overruns: dict[int, Overrun]) -> Batch:
        """An empty batch of the part, on these cells."""
        facts = frozenset(self.whole.facts)
        return Batch(part.projection(self.whole), self.topics, facts, cells, overruns=overruns)


class _Work:
    """One pass over the events of a part."""

    def __init__(self, filler: Filler, part: Part, overruns: dict[int, Overrun]) -> None:
        self.filler = filler
        self.part = part
        self.overruns = overruns
        self.aside: list[Aside] = []
        self.interrupted = True

    def rows(self, tell: Share) -> Iterator[Any]:
        """The rows of the part. `interrupted` is False while they are stored and true while they are made."""
        for cells in self.finished(tell):
            self.interrupted = False
            for cell in cells:
                if cell.row is not None:
                    yield cell.row
            self.interrupted = True
        self.interrupted = False

    def finished(self, tell: Share) -> Iterator[Sequence[Cell]]:
        """The cells that no event of the part will change any more."""
        filler, part = self.filler, self.part
        cells: dict[Key, Cell] = {}
        for share, raw in ahead(part.raw(filler.events, filler.target, sorted(filler.topics), filler.chunk)):
            events = filler.events.decoded(raw)
            self._fold(filler.batch(part, cells, self.overruns), events)
            done, cells = part.divided(cells, raw)
            yield done
            tell(share)
        yield list(cells.values())

    def _fold(self, batch: Batch, events: Sequence[Event]) -> None:
        guard = self.filler.guard
        guard.run(lambda each: each.take(events), [batch])
        guard.run(Batch.fold, [batch])
        if batch.failure is not None:
            if batch.failure.error.startswith(f"{Mixed.__name__}:"):
                raise Mixed(batch.failure.error)
            raise FoldFailed(self.filler.whole.name, batch.failure)
        self.aside += batch.aside
        if len(self.aside) > MOST_SET_ASIDE:
            first = self.aside[0]
            raise FoldFailed(self.filler.whole.name, failure(first.event.position, first.error or ""))
