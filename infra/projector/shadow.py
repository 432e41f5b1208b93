"""The table that a rebuild fills beside the live one, which outlives an interruption: parts by COPY, then indexes, then
the events since, by the key."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from infra.codec import Codec
from infra.projector import views
from infra.projector.apply import Changes, fetch
from infra.projector.events import Connection, Event, Events
from infra.projector.filling import Filler, FoldFailed
from infra.projector.fingerprint import fingerprint
from infra.projector.fold import Aside, Batch, Overrun, failure, key_text, may_set_aside, wrong_as_a_whole
from infra.projector.guard import Guard, Overran
from infra.projector.parts import Cut, Part, cut_of
from infra.projector.quarantine import held, of_data, passing, set_aside
from infra.projector.rows import Shape
from infra.projector.state import State
from infra.projector.table import Table, is_relation_of, relation_name
from infra.projector.versions import Versions
from infra.queries import named
from projections.model import Projection

_SQL: Final = named("projector")
MOST_AT_ONCE: Final = 5_000


class Sizes(NamedTuple):
    """How a rebuild divides its work: events of a read, events of a part, rows of a part that are held in memory."""

    chunk: int = 5_000
    part_events: int = 250_000
    part_rows: int = 250_000


class PartsMissing(Exception):
    """Parts of a table are not filled, so that it is not to be shown."""

    def __init__(self, name: str, missing: Sequence[Part]) -> None:
        numbers = ", ".join(str(part.number) for part in missing)
        super().__init__(f"{name} is not whole, parts {numbers} are not filled: run `stadtbuch rebuild {name}` again")


class Unindexable(Exception):
    """A row has a value that is too long for an index; which one is still to be found."""


@dataclass(frozen=True, slots=True)
class Build:
    """A row of projector.build: a table in the making. `position` is what it has seen, None until it is filled."""

    relation: str
    fingerprint: str
    generation: int
    target: int
    cut: Cut
    parts: int
    position: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "cut", Cut(self.cut))


@dataclass(slots=True)
class Shadow:
    """A table in the making, and the position its rows have seen."""

    projection: Projection
    codec: Codec
    writing: Connection
    reading: Connection
    guard: Guard
    sizes: Sizes
    topics: frozenset[str] = field(init=False)
    fingerprint: str = field(init=False)
    shape: Shape = field(init=False)
    events: Events = field(init=False)
    build: Build = field(init=False)
    table: Table = field(init=False)
    position: int = 0
    held: set[str] = field(default_factory=set)
    overruns: dict[int, Overrun] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.topics = self.codec.topics_of(self.projection.facts)
        self.fingerprint = fingerprint(self.projection, self.topics)
        self.shape = Shape(self.projection)
        self.events = Events(self.reading, self.codec)

    def found(self, connection: Connection) -> Build | None:
        """The table that an interrupted rebuild with the same fold has left, if any."""
        with connection.cursor(row_factory=class_row(Build)) as cursor:
            build = cursor.execute(_SQL["build"], (self.projection.name,)).fetchone()
        if build is None or build.fingerprint != self.fingerprint or build.relation not in _tables(connection):
            return None
        return build

    def begin(self, live: State, workers: int, target: int, cut: Cut | None = None, *, indexed: bool = False) -> None:
        """Make the table under a free name; `indexed` from the first row on, so that each row is held against them."""
        taken, generation = _tables(self.writing), live.generation + 1
        while relation_name(self.projection, self.fingerprint, generation) in taken:
            generation += 1
        relation = relation_name(self.projection, self.fingerprint, generation)
        cut = cut or cut_of(self.projection)
        parts = self._parts(cut, workers, target, live.relation)
        begun = (relation, self.projection.name, self.fingerprint, generation, target, cut.value, parts)
        with self.writing.transaction():
            self.writing.execute(_SQL["end_build"], (self.projection.name,))
            self.writing.execute(_SQL["begin_build"], begun)
            table = Table(self.shape, relation)
            for made in _both(table):
                self.writing.execute(made.create())
                if indexed:
                    self._index(made)
        self.go_on(Build(relation, self.fingerprint, generation, target, cut, parts, None))

    def _parts(self, cut: Cut, workers: int, target: int, live: str | None) -> int:
        if cut is Cut.KEYS:
            return max(workers, math.ceil(self._held_at_once(target, live) / self.sizes.part_rows))
        return max(workers, math.ceil(target / self.sizes.part_events))

    def _held_at_once(self, target: int, live: str | None) -> int:
        """How many versions the table has, all of which are in memory with their part; rows where it keeps none.

        Before there is a live table to ask, it is as many as there are events at most.
        """
        schema = "history" if self.projection.keeps_versions else "read"
        ((rows,),) = self.writing.execute(_SQL["rows_about"], (f'{schema}."{live}"',)).fetchall()
        if not rows:
            ((rows,),) = self.writing.execute(_SQL["count_of_topics"], (target, sorted(self.topics))).fetchall()
        return int(rows)

    def go_on(self, build: Build) -> None:
        """Fill this table."""
        self.build = build
        self.table = Table(self.shape, build.relation)
        self.position = build.position or 0
        self.held = held(self.writing, [build.relation]).get(build.relation, set())

    def missing(self) -> list[Part]:
        """The parts that are not full."""
        filled = {number for (number,) in self.writing.execute(_SQL["parts_filled"], (self.build.relation,))}
        return [
            Part(self.build.cut, number, self.build.parts) for number in range(self.build.parts) if number not in filled
        ]

    def filler(self) -> Filler:
        """What fills parts in this process."""
        target, chunk = self.build.target, self.sizes.chunk
        return Filler(self.writing, self.reading, self.codec, self.projection, self.table, target, self.guard, chunk)

    def finish(self) -> None:
        """Make the indexes of the table, all parts of which are full. Raises PartsMissing and Unindexable."""
        if missing := self.missing():
            raise PartsMissing(self.projection.name, missing)
        tables = _both(self.table)
        try:
            with self.writing.transaction():
                for made in tables:
                    if not self._is_indexed(made):
                        self._index(made)
                self._reached(self.build.target)
        except psycopg.errors.ProgramLimitExceeded as error:
            raise Unindexable(str(error)) from error
        for made in tables:
            self.writing.execute(SQL("vacuum (analyze) {}").format(made.name))
        self.held = held(self.writing, [self.build.relation]).get(self.build.relation, set())

    def _index(self, made: Table | Versions) -> None:
        self.writing.execute(SQL(";\n").join(made.index()))

    def _is_indexed(self, made: Table | Versions) -> bool:
        ((found,),) = self.writing.execute(_SQL["is_indexed"], (made.name.as_string(self.writing),)).fetchall()
        return bool(found)

    def reach(self, target: int, tell: Callable[[int], None], step: int = 0) -> None:
        """Bring the filled table up to a position, by the key, as the live one is; in steps of a chunk, or of so many
        events. Raises FoldFailed."""
        topics, step = sorted(self.topics), max(self.sizes.chunk, min(step, MOST_AT_ONCE))
        for reached, raw in self.events.raw_between(self.position, target, topics, step):
            self._advance(self.events.decoded(raw), reached)
            tell(reached)

    def _advance(self, events: Sequence[Event], reached: int) -> None:
        try:
            self._apply(events, reached)
        except Overran as late:
            self.overruns[late.position] = late.overrun
            self._advance(events, reached)
        except FoldFailed:
            raise
        except Exception as error:  # a row that cannot be stored: find out at which event
            if passing(error) or not of_data(error):
                raise
            if len(events) > 1:
                middle = len(events) // 2
                self._advance(events[:middle], events[middle].position - 1)
                self._advance(events[middle:], reached)
            else:
                self._give_up(events[0], reached, error)

    def _apply(self, events: Sequence[Event], reached: int) -> None:
        batch = self._batch()
        self.guard.run(lambda each: each.take(events), [batch])
        with self.writing.transaction():
            keys = [] if self.projection.append_only else list(batch.cells)
            for key, row in fetch(self.writing, self.table, keys).items():
                batch.hold(key, row)
            self.guard.run(Batch.fold, [batch])
            if batch.failure is not None:
                raise FoldFailed(self.projection.name, batch.failure)
            if self.table.versions is not None:
                self.table.versions.prepare(self.writing, batch, {})
                self.guard.run(Batch.keep_versions, [batch])
            changes = Changes.of(batch.cells)
            changes.copy(self.writing, self.table)
            with self.writing.pipeline():
                changes.write(self.writing, self.table)
                set_aside(self.writing, self.table, batch.aside)
                self._reached(reached)
        self.held.update(key_text(each.key) for each in batch.aside)

    def _batch(self) -> Batch:
        facts = frozenset(self.projection.facts)
        return Batch(self.projection, self.topics, facts, held=self.held, overruns=self.overruns)

    def _give_up(self, event: Event, reached: int, error: Exception) -> None:
        found, batch = failure(event.position, error), self._batch()
        batch.take([event])
        if not batch.turns or not may_set_aside(self.projection, len(self.held)):
            raise FoldFailed(self.projection.name, found)
        ((cell, own),) = batch.turns
        with self.writing.transaction():
            set_aside(self.writing, self.table, [Aside(cell.key, own, found.error)])
            self._reached(reached)
        self.held.add(key_text(cell.key))

    def _reached(self, position: int) -> None:
        self.writing.execute(_SQL["build_reached"], (position, self.build.relation))
        self.position = position

    def unless_wrong(self, rows: int) -> None:
        """Raises FoldFailed where too many of the rows stand still."""
        ((aside, position, error),) = self.writing.execute(_SQL["set_aside_in"], (self.build.relation,)).fetchall()
        if wrong_as_a_whole(aside, rows):
            raise FoldFailed(self.projection.name, failure(position, error))


def _both(table: Table) -> list[Table | Versions]:
    return [table] if table.versions is None else [table, table.versions]


def _tables(connection: Connection) -> set[str]:
    return {relation for (relation,) in connection.execute(_SQL["tables"])}


def remove_tables(connection: Connection, projection: Projection, kept: Sequence[Any]) -> None:
    """Drop every table of a projection but these; one that is read by a query or a view stays until the next time."""
    for relation in _tables(connection):
        if relation not in kept and is_relation_of(projection.name, relation):
            try:
                with views.replacing(connection):
                    connection.execute(SQL("drop table {}").format(Identifier("read", relation)))
                    connection.execute(SQL("drop table if exists {}").format(Identifier("history", relation)))
                    connection.execute(_SQL["forget_aside"], (relation,))
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DependentObjectsStillExist):
                continue
