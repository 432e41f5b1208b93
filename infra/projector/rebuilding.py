"""Rebuild: fold all events into a shadow table, compare it with the live one, and put it in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

from infra.codec import Codec
from infra.database import Database
from infra.projector import state, views
from infra.projector.compare import Contents, Difference, contents, differences
from infra.projector.crew import Crew
from infra.projector.events import LedgerGap
from infra.projector.filling import FoldFailed
from infra.projector.guard import SECONDS, Guard
from infra.projector.origins import explained
from infra.projector.parts import Cut, Mixed, Part
from infra.projector.shadow import Shadow, Sizes, Unindexable, remove_tables
from infra.projector.table import Table
from infra.projector.terms import Bench, Cancelled, Declared, Progress, Rebuilding, Rebuilt, Tell, bench
from infra.queries import named
from projections.model import Projection, Report

_TELL_EVERY: Final = 1.0
_SQL: Final = named("projector")
SHIPPED: Final = Declared()
_Filling = Callable[[Shadow, Sequence[Part], Callable[[float], None]], None]
Elsewhere = Callable[[Declared, Shadow, Sequence[Part], Callable[[float], None]], None]
SIZES: Final = Sizes()


def rebuild(
    database: Database,
    codec: Codec,
    projection: Projection,
    reports: Sequence[Report],
    *,
    workers: int = 1,
    declared: Declared = SHIPPED,
    from_zero: bool = False,
    tools: Bench | None = None,
    progress: Tell | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    accept: Callable[[Rebuilt], bool] = lambda found: True,
    text: views.ReportText = views.shipped,
    sizes: Sizes = SIZES,
    fold_seconds: float = SECONDS,
    shown_differences: int = 20,
    elsewhere: Elsewhere | None = None,
) -> Rebuilt:
    """Fold the projection from nothing and put the result in the place of the live rows, equal or not.

    With more than one worker the parts of the table are filled by processes, which look the projection up where it is
    `declared`; `elsewhere` fills them in place of processes here. May be interrupted in any way and run again: readers
    see the old rows until the new ones are whole, and what is filled is not filled again, unless `from_zero` says so.
    `accept` is shown what was found before the swap, and the live rows stay where it answers False. Raises Rebuilding,
    FoldFailed, LedgerGap, WorkerLost, PartsMissing, views.ViewInUse, and Cancelled soon after `cancelled` answers True.
    """
    with ExitStack() as stack:
        guard = Guard(fold_seconds)
        stack.callback(guard.close)
        tools = tools or stack.enter_context(bench(database))
        shadow = Shadow(projection, codec, tools.writing, tools.reading, guard, sizes)
        work = stack.enter_context(_Rebuild(shadow, tools, progress, cancelled, accept, from_zero=from_zero))
        job = {
            "conninfo": database.conninfo("projector"),
            "seconds": fold_seconds,
            "chunk": sizes.chunk,
            **declared._asdict(),
        }
        work.fill(workers, job, partial(elsewhere, declared) if elsewhere else None)
        return work.put_in_place(reports, text, shown_differences)


class _Rebuild:
    """One rebuild."""

    def __init__(
        self,
        shadow: Shadow,
        tools: Bench,
        progress: Tell | None,
        cancelled: Callable[[], bool],
        accept: Callable[[Rebuilt], bool],
        *,
        from_zero: bool,
    ) -> None:
        self.shadow = shadow
        self.projection = shadow.projection
        self.tools = tools
        self.keeping = tools.keeping
        self.progress = progress
        self.cancelled = cancelled
        self.accept = accept
        self.declined = False
        self.from_zero = from_zero
        self.started = time.monotonic()
        self.told = 0.0
        self.before = 0.0

    def __enter__(self) -> _Rebuild:
        """Lock out other rebuilds, and remove what cannot be gone on with. Raises Rebuilding."""
        name = self.projection.name
        row = self.keeping.execute(_SQL["lock_of"], ("stadtbuch.rebuild", name)).fetchone()
        if row is None or not row[0]:
            raise Rebuilding(f"{name} is being rebuilt by another process; wait for it, or end that process")
        state.register(self.keeping, [name])
        self._clean(resumable=not self.from_zero)
        return self

    def _clean(self, *, resumable: bool) -> None:
        build = self.shadow.found(self.keeping) if resumable else None
        if build is None:
            self.keeping.execute(_SQL["end_build"], (self.projection.name,))
        remove_tables(self.keeping, self.projection, [self.cursor().relation, build and build.relation])

    def cursor(self) -> state.State:
        """How far the live rows have come."""
        name = self.projection.name
        return state.states(self.keeping, [name])[name]

    def comparable(self, live: state.State) -> bool:
        """Whether the live rows were made by this fold."""
        return live.fingerprint == self.shadow.fingerprint

    def tell(self, done: float) -> None:
        """Show how many events are folded, here and to everybody, once a second."""
        if self.cancelled():
            raise Cancelled(
                f"the rebuild of {self.projection.name} was cancelled; started again, it goes on from there"
            )
        now, total = time.monotonic(), max(self.shadow.build.target, self.shadow.position)
        if done < total and now - self.told < _TELL_EVERY:
            return
        self.told = now
        rate = max(done - self.before, 0.0) / max(now - self.started, 0.001)
        told = Progress(self.projection.name, int(done), total, rate, (total - done) / rate if rate else 0.0)
        shown = (told.done, told.total, told.rate, told.done, self.projection.name)
        self.keeping.execute(_SQL["building"], shown)
        if self.progress is not None:
            self.progress(told)

    def fill(self, workers: int, job: Mapping[str, Any], elsewhere: _Filling | None = None) -> None:
        """All events up to where the live rows are; up to the end of the ledger where they came from another fold."""
        live, build, shadow = self.cursor(), self.shadow.found(self.keeping), self.shadow
        if build is not None:
            shadow.go_on(build)
        else:
            target = live.position if self.comparable(live) else max(live.position, shadow.events.head())
            shadow.begin(live, workers, target)
        shadow.events.check(shadow.build.target)
        while shadow.build.position is None:
            target, cut = shadow.build.target, shadow.build.cut
            try:
                self._fill(workers, job, elsewhere)
                shadow.finish()
                break
            except Mixed:
                shadow.begin(live, workers, target, Cut.KEYS)
            except Unindexable:
                shadow.begin(live, workers, target, cut, indexed=True)
        shadow.reach(max(shadow.position, self.cursor().position), self.tell)

    def _fill(self, workers: int, job: Mapping[str, Any], elsewhere: _Filling | None) -> None:
        build, missing = self.shadow.build, self.shadow.missing()
        full = build.parts - len(missing)
        each = build.target / build.parts
        self.before = full * each
        if elsewhere is not None:
            elsewhere(self.shadow, missing, lambda share: self.tell((full + share) * each))
            return
        if workers > 1 and len(missing) > 1:
            about = {
                "name": self.projection.name,
                "fingerprint": build.fingerprint,
                "relation": build.relation,
                "target": build.target,
                "cut": build.cut,
                "parts": build.parts,
            }
            Crew(workers, {**job, **about}).fill(missing, lambda share: self.tell((full + share) * each))
            return
        filler = self.shadow.filler()
        for number, part in enumerate(missing, full):
            filler.fill(part, lambda share, number=number: self.tell((number + share) * each))  # type: ignore[misc]

    def put_in_place(self, reports: Sequence[Report], text: views.ReportText, shown: int) -> Rebuilt:
        """Compare, and swap."""
        found = views.patiently(lambda: self.compare(shown), self.projection.name)
        self.shadow.unless_wrong(found.rows)
        if not self.accept(found):
            self.declined = True
            return found
        views.patiently(lambda: self.swap(reports, text, found), self.projection.name)
        return found

    @contextmanager
    def _held(self) -> Iterator[state.State]:
        """The live cursor, which does not move inside, with the shadow at its position.

        Where the live rows came from another fold, the shadow may be further. Live rows that run away are followed in
        greater steps each time, and held from further off, so that this ends.
        """
        name, near = self.projection.name, self.shadow.sizes.chunk
        while True:
            self.shadow.reach(max(self.shadow.position, self.cursor().position), self.tell, near)
            with views.replacing(self.keeping):
                live = state.states(self.keeping, [name], lock=True)[name]
                if live.position - self.shadow.position <= near:
                    self.shadow.reach(max(self.shadow.position, live.position), lambda _: None)
                    yield live
                    return
            near *= 2

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
            own_versions = self._versions(self.shadow.table)
            if not self.comparable(live) or live.relation is None:
                return self._result(position, (own, own_versions), (None, None), ())
            there = Table(self.shadow.shape, live.relation)
            other = contents(looking, there)
            ranges = own.unlike(other)
            unequal = differences(looking, there, self.shadow.table, ranges, shown) if ranges else ()
            if unequal:
                shadow, topics = self.shadow, sorted(self.shadow.topics)
                behind = (self.projection, shadow.guard, topics, shadow.events, looking, there, shadow.table)
                unequal = explained(unequal, *behind, position, shadow.sizes.chunk)
            other_versions = self._versions(there)
            unequal += self._unequal_versions(there, own_versions, other_versions, shown - len(unequal))
            return self._result(position, (own, own_versions), (other, other_versions), unequal)

    def _versions(self, table: Table) -> Contents | None:
        return None if table.versions is None else contents(self.tools.looking, table.versions)

    def _unequal_versions(
        self, there: Table, own: Contents | None, other: Contents | None, at_most: int
    ) -> tuple[Difference, ...]:
        """Versions that differ, each with the event that made it."""
        if own is None or other is None or there.versions is None or self.shadow.table.versions is None:
            return ()
        ranges = own.unlike(other)
        found = differences(self.tools.looking, there.versions, self.shadow.table.versions, ranges, max(at_most, 0))
        return tuple(replace(each, events=(each.key["from_position"],)) for each in found)

    def _result(
        self,
        position: int,
        rebuilt: tuple[Contents, Contents | None],
        live: tuple[Contents | None, Contents | None],
        unequal: tuple[Difference, ...],
    ) -> Rebuilt:
        (own, versions), (other, live_versions) = rebuilt, live
        return Rebuilt(
            name=self.projection.name,
            position=position,
            rows=own.rows,
            checksum=own.checksum,
            live_rows=other.rows if other else None,
            live_checksum=other.checksum if other else None,
            versions=versions.rows if versions else 0,
            versions_checksum=versions.checksum if versions else None,
            live_versions_checksum=live_versions.checksum if live_versions else None,
            differences=unequal,
            ranges=tuple(own.unlike(other)) if other else (),
            seconds=time.monotonic() - self.started,
        )

    def swap(self, reports: Sequence[Report], text: views.ReportText, found: Rebuilt) -> None:
        """Point the view and the live cursor at the shadow, in one transaction."""
        shadow = self.shadow
        with self._held():
            views.show(self.keeping, shadow.table, reports, text)
            made = (shadow.table.relation, shadow.fingerprint, shadow.build.generation, shadow.position)
            rebuilt = (found.position, found.rows, found.seconds, found.checksum)
            self.keeping.execute(_SQL["swap"], (*made, *rebuilt, self.projection.name))
            self.keeping.execute(_SQL["end_build"], (self.projection.name,))
            state.announce(self.keeping, shadow.position)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Remove the tables not in use now, but for one to be gone on with; after a lost connection the next does."""
        if not self.keeping.broken:
            self.keeping.execute(_SQL["building"], (None, None, None, None, self.projection.name))
            fails_again = self.declined or (
                kind is not None and issubclass(kind, (FoldFailed, LedgerGap, views.ReportMismatch))
            )
            self._clean(resumable=not fails_again)
            self.keeping.execute(_SQL["unlock"], ("stadtbuch.rebuild", self.projection.name))
