"""One batch of events folded into the rows of one projection. Pure: rows come in, changed rows go out."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from domain.kernel import Fact, Recorded
from infra.codec import UnknownTopic
from infra.projector.events import Event, Unreadable
from infra.projector.history import Line
from infra.projector.rows import Key
from projections.model import OnFailure, Projection

# A fold that fails on so many rows is wrong as a whole: the projection stops.
MOST_SET_ASIDE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a projection cannot go past an event; `cause` is the error itself, where it is one of this process."""

    position: int
    error: str
    cause: BaseException | None = field(default=None, compare=False, repr=False)


def failure(position: int, error: BaseException | str) -> Failure:
    """An error at an event, in a line that an operator can act on."""
    cause = None if isinstance(error, str) else error
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return Failure(position, text.replace("\0", "")[:2000], cause)


def key_text(key: Key) -> str:
    """A key as the quarantine names it: a JSON array of texts."""
    return json.dumps([str(value) for value in key], ensure_ascii=False)


def may_set_aside(projection: Projection, already: int) -> bool:
    """Whether one more row may stand still, rather than the projection."""
    return projection.on_failure is OnFailure.SKIP and already < MOST_SET_ASIDE


def wrong_as_a_whole(aside: int, rows: int) -> bool:
    """Whether a fold that fails on so many of its rows is not to be put in the place of another."""
    return aside > max(10, rows // 100)


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
    """A row of one key: as it was `before` a batch, and as it is after the events so far. None where there is none.

    A `held` row stands still: an event of its key is set aside, and those that follow are too. `line` is its versions,
    where they are kept.
    """

    __slots__ = ("before", "held", "key", "line", "row")

    def __init__(self, key: Key, *, held: bool) -> None:
        self.key = key
        self.held = held
        self.before: Any = None
        self.row: Any = None
        self.line: Line | None = None


class Aside(NamedTuple):
    """An event that a row does not reflect: the first one with its error, those behind it without."""

    key: Key
    event: Recorded
    error: str | None


class Overrun(NamedTuple):
    """What is known of a fold that did not return: whether its key was found, and the error to be shown."""

    keyed: bool
    error: str


@dataclass(slots=True)
class Batch:
    """What a batch of events means to one projection: the rows it touches, and how far it can be folded.

    A key is looked up once for an event: hashing ids would otherwise be a good part of a fold. `held` names the keys
    whose rows stand still, `overruns` by position the events whose fold did not return before. `at` is the event in
    hand, for who watches from another thread. `steps` are the events that were folded, each with the row after it,
    where versions are kept.
    """

    projection: Projection
    topics: frozenset[str]
    facts: frozenset[type[Fact]]
    cells: dict[Key, Cell] = field(default_factory=dict)
    held: AbstractSet[str] = frozenset()
    overruns: Mapping[int, Overrun] = field(default_factory=dict)
    turns: list[tuple[Cell, Recorded]] = field(default_factory=list)
    steps: list[tuple[Cell, Recorded, Any]] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    failure: Failure | None = None
    keyed: bool = False
    at: Event | None = None

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
                    self.at = event
                    if self.overruns and self._never_keyed(event):
                        return
                    key = key_of(event)
                    if key is not None:
                        cell = cells.get(key)
                        if cell is None:
                            held = bool(self.held) and key_text(key) in self.held
                            cells[key] = cell = Cell(key, held=held)
                        turns.append((cell, event))
        except MemoryError:  # not the event's fault
            raise
        except Exception as error:  # without a key there is no row to stand still: the projection stops
            self.failure = failure(event.position if event else 0, error)
        self.keyed = True

    def _never_keyed(self, event: Recorded) -> bool:
        late = self.overruns.get(event.position)
        if late is None or late.keyed:
            return False
        self.failure = failure(event.position, late.error)
        self.keyed = True
        return True

    def hold(self, key: Key, row: Any) -> None:
        """Take note of the row that a touched key has."""
        cell = self.cells[key]
        cell.before = cell.row = row

    def fold(self) -> None:
        """Fold the events into the cells. What the fold cannot take is set aside, or ends the batch there."""
        fold, late = self.projection.fold, self.overruns
        steps = self.steps if self.projection.keeps_versions else None
        turns = iter(self.turns)
        while True:
            try:
                for cell, event in turns:
                    if cell.held:
                        self.aside.append(Aside(cell.key, event, None))
                        continue
                    self.at = event
                    if late and event.position in late:
                        if not self._set_aside(cell, event, failure(event.position, late[event.position].error)):
                            return
                        continue
                    cell.row = fold(cell.row, event)
                    if steps is not None:
                        steps.append((cell, event, cell.row))
                return
            except MemoryError:  # not the event's fault
                raise
            except Exception as error:  # whatever a fold raises is its row's matter, and is shown there
                if not self._set_aside(cell, event, failure(event.position, error)):
                    return

    def _set_aside(self, cell: Cell, event: Recorded, found: Failure) -> bool:
        causes = sum(1 for aside in self.aside if aside.error is not None)
        if not may_set_aside(self.projection, len(self.held) + causes):
            self.failure = found
            return False
        cell.held = True
        self.aside.append(Aside(cell.key, event, found.error))
        return True

    def keep_versions(self) -> None:
        """Add the steps to the lines of their rows. A batch without versions has none."""
        fold = self.projection.fold
        for cell, event, row in self.steps:
            self.at = event
            if cell.line is None:
                cell.line = Line(whole=True)
            cell.line.take(event, row, fold)

    def rows(self) -> Iterator[Any]:
        """The rows after the batch."""
        return (cell.row for cell in self.cells.values() if cell.row is not None)
