"""Fills one part of a shadow table: events read, folded, and the rows copied in, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import psycopg

from domain.kernel import Recorded
from infra.codec import Codec
from infra.projector.apply import copy_rows
from infra.projector.events import Connection, Event, Events
from infra.projector.fold import MOST_SET_ASIDE, Aside, Batch, Cell, Failure, Overrun, failure, without_collector
from infra.projector.guard import Guard, Overran
from infra.projector.parts import Mixed, Part, ahead, is_mixed
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


def failed(name: str, failure: Failure) -> Mixed | FoldFailed:
    """What is raised where a batch cannot go past an event."""
    return Mixed(failure.error) if is_mixed(failure) else FoldFailed(name, failure)


class _Unstorable(Exception):
    """A row of the part cannot be stored; which one is still to be found."""


class _Filled(Exception):
    """Somebody filled the part, and committed, while this one waited for it."""


class _NotFolded(Exception):
    """The fold does not take an event."""


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
            except _Filled:
                return
            except _Unstorable:
                attempt = self._carefully

    def _at_once(self, part: Part, tell: Share, overruns: dict[int, Overrun]) -> None:
        with self.writing.transaction():
            self._claim(part)
            work = _Work(self, part, overruns)
            for cells in work.finished(tell):
                error = self._copied(cells)
                if error is not None:
                    raise _Unstorable from error
            set_aside(self.writing, self.table, work.aside)

    def _carefully(self, part: Part, tell: Share, overruns: dict[int, Overrun]) -> None:
        """As above, in steps that can be taken back: a row that cannot be stored is kept as it was before the event."""
        with self.writing.transaction():
            self._claim(part)
            work = _Work(self, part, overruns)
            for cells in work.finished(tell):
                behind = self._stored(part, cells, overruns)
                keys = {each.key for each in behind}  # with all that follows, among it what the fold did not take
                work.aside = [*(each for each in work.aside if each.key not in keys), *behind]
                work.check()
            set_aside(self.writing, self.table, work.aside)

    def _claim(self, part: Part) -> None:
        try:
            self.writing.execute(_SQL["claim_part"], (self.table.relation, part.number))
        except psycopg.errors.UniqueViolation as error:
            raise _Filled from error

    def _stored(self, part: Part, cells: Sequence[Cell], overruns: dict[int, Overrun]) -> list[Aside]:
        if not cells:
            return []
        error = self._refused(cells)
        if error is None:
            return []
        if len(cells) > 1:
            middle = len(cells) // 2
            return [
                *self._stored(part, cells[:middle], overruns),
                *self._stored(part, cells[middle:], overruns),
            ]
        return self._last_good(part, cells[0].key, overruns)

    def _copied(self, cells: Sequence[Cell]) -> Exception | None:
        """Why rows and their versions cannot be stored, which ends the transaction; None where they are."""
        rows = [cell.row for cell in cells if cell.row is not None]
        versions = [version for cell in cells if cell.line is not None for version in cell.line.new]
        try:
            if rows:
                copy_rows(self.writing, self.table, rows)
            if versions and self.table.versions is not None:
                self.table.versions.copy(self.writing, versions)
        except Exception as error:
            if passing(error) or not of_data(error):
                raise
            return error
        return None

    def _refused(self, cells: Sequence[Cell]) -> Exception | None:
        """As above, with nothing lost."""
        with self.writing.transaction() as step:
            error = self._copied(cells)
            if error is not None:
                raise psycopg.Rollback(step)
        return error

    def _last_good(self, part: Part, key: Key, overruns: dict[int, Overrun]) -> list[Aside]:
        """Store the last row of a key that can be stored, and set aside what comes after it."""
        own: list[Recorded] = []
        for _, raw in part.raw(self.events, self.target, sorted(self.topics), self.chunk):
            batch = self.batch(part, {}, overruns)
            batch.take(self.events.decoded(raw))
            own += [event for cell, event in batch.turns if cell.key == key]
        tried: dict[Key, Cell] = {}
        errors = (self._trial(part, tried, event, overruns) for event in own)
        first = next(((good, error) for good, error in enumerate(errors) if error is not None), None)
        if first is None:
            raise _Unstorable
        good, error = first
        if good:  # what was tried has folded the bad event, too
            refused = self._copied([self._folded(part, {}, own[:good], overruns)])
            if refused is not None:
                raise refused
        return [Aside(key, own[good], error), *(Aside(key, each, None) for each in own[good + 1 :])]

    def _folded(
        self, part: Part, cells: dict[Key, Cell], events: Sequence[Recorded], overruns: dict[int, Overrun]
    ) -> Cell:
        """The one row of these events, which go on from the cells."""
        batch = self.batch(part, cells, overruns)
        batch.take(events)
        for step in (Batch.fold, Batch.keep_versions):
            self.guard.run(step, [batch])
        if batch.aside:
            raise _NotFolded(batch.aside[0].error)
        (cell,) = batch.cells.values()
        return cell

    def _trial(self, part: Part, cells: dict[Key, Cell], event: Recorded, overruns: dict[int, Overrun]) -> str | None:
        """Why the next of a row's events cannot be folded or stored; nothing is stored."""
        try:
            cell = self._folded(part, cells, [event], overruns)
        except _NotFolded as failed:
            return str(failed)
        with self.writing.transaction(force_rollback=True):
            refused = self._copied([cell])
        if cell.line is not None:
            cell.line.new.clear()  # each version is tried once, or a long history would be copied for each event
        return None if refused is None else failure(0, refused).error

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
        for step in (Batch.fold, Batch.keep_versions):
            guard.run(step, [batch])
        if batch.failure is not None:
            raise failed(self.filler.whole.name, batch.failure)
        self.aside += batch.aside
        self.check()

    def check(self) -> None:
        """Raises FoldFailed where too many rows stand still; how many events wait behind them says nothing."""
        causes = [each for each in self.aside if each.error is not None]
        if len(causes) > MOST_SET_ASIDE:
            raise FoldFailed(self.filler.whole.name, failure(causes[0].event.position, causes[0].error or ""))
