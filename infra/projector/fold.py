"""One batch of events folded into the rows of one projection. Pure: rows come in, changed rows go out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from domain.kernel import Fact
from infra.codec import UnknownTopic
from infra.projector.events import Event, Unreadable
from infra.projector.rows import Key
from projections.model import Projection


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a projection cannot go past an event."""

    position: int
    error: str


def failure(position: int, error: BaseException) -> Failure:
    """An error at an event, in a line that an operator can act on."""
    return Failure(position, f"{type(error).__name__}: {error}".replace("\0", "")[:2000])


@contextmanager
def without_collector() -> Iterator[None]:
    """Rows and events refer to nothing in circles; looking for circles takes half the time of a fold."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Cell:
    """A row of one key: as it was `before` a batch, and as it is after the events so far. None where there is none."""

    __slots__ = ("before", "row")

    def __init__(self) -> None:
        self.before: Any = None
        self.row: Any = None


@dataclass(slots=True)
class Batch:
    """What a batch of events means to one projection: the rows it touches, and how far it can be folded.

    A key is looked up once for an event: hashing ids would otherwise be a good part of a fold.
    """

    projection: Projection
    topics: frozenset[str]
    facts: frozenset[type[Fact]]
    cells: dict[Key, Cell] = field(default_factory=dict)
    turns: list[tuple[Cell, Any]] = field(default_factory=list)
    failure: Failure | None = None

    def take(self, events: Sequence[Event]) -> None:
        """Find the keys of the events that concern the projection, up to one that it cannot go past."""
        key_of, facts, cells, turns = self.projection.key_of, self.facts, self.cells, self.turns
        event: Event | None = None
        try:
            for event in events:
                if isinstance(event, Unreadable):
                    if event.topic in self.topics or isinstance(event.error, UnknownTopic):
                        self.failure = failure(event.position, event.error)
                        return
                elif type(event.fact) in facts:
                    key = key_of(event)
                    if key is not None:
                        cell = cells.get(key)
                        if cell is None:
                            cells[key] = cell = Cell()
                        turns.append((cell, event))
        except Exception as error:  # whatever a fold raises stops its projection, and is shown there
            self.failure = failure(event.position if event else 0, error)

    def hold(self, key: Key, row: Any) -> None:
        """Take note of the row that a touched key has."""
        cell = self.cells[key]
        cell.before = cell.row = row

    def fold(self) -> None:
        """Fold the events into the cells. A fold that raises ends the batch there."""
        fold = self.projection.fold
        event: Any = None
        try:
            for cell, event in self.turns:
                cell.row = fold(cell.row, event)
        except Exception as error:  # as in `take`
            self.failure = failure(event.position, error)

    def rows(self) -> Iterator[Any]:
        """The rows after the batch."""
        return (cell.row for cell in self.cells.values() if cell.row is not None)
