"""Rebuild: fold all events into a shadow table, compare it with the live one, and put it in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from infra.codec import Codec
from infra.database import Database
from infra.projector import state, views
from infra.projector.compare import Contents, Difference, contents, differences
from infra.projector.events import Connection, connect, prefer_indexes
from infra.projector.shadow import Progress, Shadow, Tell, remove_tables
from infra.projector.table import Table
from infra.queries import named
from projections.model import Projection, Report

CHUNK: Final = 10_000
MOST_ROWS: Final = 500_000
_TELL_EVERY: Final = 1.0
_SQL: Final = named("projector")


class Rebuilding(Exception):
    """Another process is rebuilding this projection."""


class Cancelled(Exception):
    """The rebuild was told to stop; the read model is left as it was."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found. Live values are None where no rows of the same fold were there to compare with.

    Both checksums are SHA-256 over the rows as they were at `position`; `differences` names the first unequal rows.
    """

    name: str
    position: int
    rows: int
    checksum: str
    live_rows: int | None
    live_checksum: str | None
    differences: tuple[Difference, ...]
    seconds: float

    @property
    def equal(self) -> bool | None:
        """Whether the live rows were what the ledger says; None where there were none to compare with."""
        return None if self.live_checksum is None else self.live_checksum == self.checksum


def rebuild(
    database: Database,
    codec: Codec,
    projection: Projection,
    reports: Sequence[Report],
    *,
    tools: Bench | None = None,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    text: views.ReportText = views.shipped,
    chunk: int = CHUNK,
    most_rows: int = MOST_ROWS,
    shown_differences: int = 20,
) -> Rebuilt:
    """Fold the projection from nothing and put the result in the place of the live rows, equal or not.

    May be interrupted and run again: readers see the old rows until the new ones are whole. Raises Rebuilding,
    FoldFailed, LedgerGap, views.ViewInUse, and Cancelled soon after `cancelled` answers True.
    """
    with ExitStack() as stack:
        tools = tools or stack.enter_context(bench(database))
        work = stack.enter_context(_Rebuild(projection, tools, progress, cancelled))
        return work.through(Shadow(projection, codec, chunk, most_rows, work.tell), reports, text, shown_differences)


class Bench(NamedTuple):
    """The connections of a rebuild: one fills the shadow, one reads the ledger, one keeps the live cursor still, one
    looks at both tables in a snapshot of its own."""

    writing: Connection
    reading: Connection
    keeping: Connection
    looking: Connection


@contextmanager
def bench(database: Database) -> Iterator[Bench]:
    """Connections for one rebuild after another."""
    with ExitStack() as stack:
        conninfo = database.conninfo("projector")
        tools = Bench(*(stack.enter_context(connect(conninfo)) for _ in Bench._fields))
        prefer_indexes(tools.writing)
        yield tools


class _Rebuild:
    """One rebuild."""

    shadow: Shadow

    def __init__(
        self, projection: Projection, tools: Bench, progress: Tell | None, cancelled: Callable[[], bool]
    ) -> None:
        self.projection = projection
        self.tools = tools
        self.keeping = tools.keeping
        self.progress = progress
        self.cancelled = cancelled
        self.started = time.monotonic()
        self.told = 0.0

    def through(self, shadow: Shadow, reports: Sequence[Report], text: views.ReportText, shown: int) -> Rebuilt:
        """Fill, compare, swap."""
        self.shadow = shadow
        self.fill()
        found = views.patiently(lambda: self.compare(shown), self.projection.name)
        shadow.unless_wrong(found.rows)
        views.patiently(lambda: self.swap(reports, text, found), self.projection.name)
        return found

    def __enter__(self) -> _Rebuild:
        """Lock out other rebuilds, and remove what an interrupted one left. Raises Rebuilding."""
        name = self.projection.name
        row = self.keeping.execute(_SQL["lock_of"], ("stadtbuch.rebuild", name)).fetchone()
        if row is None or not row[0]:
            raise Rebuilding(f"{name} is being rebuilt by another process; wait for it, or end that process")
        state.register(self.keeping, [name])
        remove_tables(self.keeping, self.projection, self.cursor().relation)
        return self

    def cursor(self) -> state.State:
        """How far the live rows have come."""
        name = self.projection.name
        return state.states(self.keeping, [name])[name]

    def comparable(self, live: state.State) -> bool:
        """Whether the live rows were made by this fold."""
        return live.fingerprint == self.shadow.fingerprint

    def tell(self, progress: Progress) -> None:
        """Show how far it is, here and to everybody, once a second."""
        if self.cancelled():
            raise Cancelled(f"the rebuild of {self.projection.name} was cancelled; it can be started again")
        now = time.monotonic()
        if progress.done < progress.total and now - self.told < _TELL_EVERY:
            return
        self.told = now
        self.keeping.execute(_SQL["building"], (progress.done, progress.total, progress.done, self.projection.name))
        if self.progress is not None:
            self.progress(progress)

    def fill(self) -> None:
        """All events up to where the live rows are; up to the end of the ledger where they came from another fold."""
        live = self.cursor()
        self.shadow.create(self.tools.writing, self.tools.reading, live.generation + 1)
        self.shadow.fill(live.position if self.comparable(live) else max(live.position, self.shadow.events.head()))

    @contextmanager
    def _held(self) -> Iterator[state.State]:
        """The live cursor, which does not move inside, with the shadow at its position.

        Where the live rows came from another fold, the shadow may be further.
        """
        name = self.projection.name
        while True:
            self.shadow.reach(max(self.shadow.position, self.cursor().position))
            with views.replacing(self.keeping):
                live = state.states(self.keeping, [name], lock=True)[name]
                if live.position - self.shadow.position <= self.shadow.chunk:
                    self.shadow.reach(max(self.shadow.position, live.position))
                    yield live
                    return

    def compare(self, shown: int) -> Rebuilt:
        """Both tables at one position: seen in one snapshot, while the live one goes on."""
        looking = self.tools.looking
        with ExitStack() as stack:
            with self._held() as live:
                position = self.shadow.position
                stack.enter_context(looking.transaction())
                looking.execute("set transaction isolation level repeatable read, read only")
                looking.execute(_SQL["states"], ([self.projection.name],))  # takes the snapshot
            own = contents(looking, self.shadow.table)
            if not self.comparable(live) or live.relation is None:
                return self._result(position, own, None, ())
            there = Table(self.shadow.shape, live.relation)
            other = contents(looking, there)
            unequal = () if other == own else differences(looking, there, self.shadow.table, shown)
            return self._result(position, own, other, unequal)

    def _result(self, position: int, own: Contents, other: Contents | None, unequal: tuple[Difference, ...]) -> Rebuilt:
        return Rebuilt(
            name=self.projection.name,
            position=position,
            rows=own.rows,
            checksum=own.checksum,
            live_rows=other.rows if other else None,
            live_checksum=other.checksum if other else None,
            differences=unequal,
            seconds=time.monotonic() - self.started,
        )

    def swap(self, reports: Sequence[Report], text: views.ReportText, found: Rebuilt) -> None:
        """Point the view and the live cursor at the shadow, in one transaction."""
        shadow = self.shadow
        with self._held():
            views.show(self.keeping, shadow.table, reports, text)
            relation = shadow.table.relation
            made = (relation, shadow.fingerprint, shadow.generation, shadow.position)
            rebuilt = (found.position, found.rows, found.seconds, found.checksum)
            self.keeping.execute(_SQL["swap"], (*made, *rebuilt, self.projection.name))
            state.announce(self.keeping, shadow.position)

    def __exit__(self, *_: object) -> None:
        """Remove the tables not in use now, whatever became of it; after a lost connection the next rebuild does."""
        if not self.keeping.broken:
            self.keeping.execute(_SQL["building"], (None, None, None, self.projection.name))
            remove_tables(self.keeping, self.projection, self.cursor().relation)
            self.keeping.execute(_SQL["unlock"], ("stadtbuch.rebuild", self.projection.name))
