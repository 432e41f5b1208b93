"""One batch for all projections at the same cursor: folded by each, written with the cursor in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from domain.kernel import Fact, Recorded
from infra.projector import state
from infra.projector.apply import Changes, rows_of
from infra.projector.events import Connection, Event
from infra.projector.fold import Aside, Batch, Failure, Overrun, failure, key_text, may_set_aside
from infra.projector.guard import Guard, Overran
from infra.projector.history import Line
from infra.projector.quarantine import of_data, passing, set_aside
from infra.projector.rows import Key, Shape
from infra.projector.table import Table
from projections.model import Projection

log = logging.getLogger("stadtbuch.projector")
ROWS_KEPT: Final = 10_000


class Moved(Exception):
    """Somebody else changed a projection's table or position since it was looked at; look again."""


@dataclass(slots=True)
class Member:
    """A projection that this process keeps up to date, with the rows it wrote last."""

    projection: Projection
    fingerprint: str
    topics: frozenset[str]
    facts: frozenset[type[Fact]] = field(init=False)
    shape: Shape = field(init=False)
    table: Table | None = None
    seen: state.State | None = None
    rows: dict[Key, Any] = field(default_factory=dict)
    lines: dict[Key, Line] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    overruns: dict[int, Overrun] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = frozenset(self.projection.facts)
        self.shape = Shape(self.projection)

    def see(self, now: state.State, held: set[str]) -> None:
        """Take note of what the database says; `held` are the keys whose rows stand still."""
        if self.seen is None or replace(self.seen, status=now.status) != now:
            self.forget()
            self.table = Table(self.shape, now.relation) if now.relation else None
        self.seen, self.held = now, held

    def batch(self) -> Batch:
        """An empty batch."""
        return Batch(self.projection, self.topics, self.facts, held=self.held, overruns=self.overruns)

    @property
    def live(self) -> bool:
        """Whether its rows were made by this fold and follow the ledger."""
        return self.seen is not None and self.seen.status == "live" and self.seen.fingerprint == self.fingerprint

    def keep(self, batch: Batch) -> None:
        """Remember what was written, so that the next event of a busy record need not fetch its row."""
        if self.projection.append_only:
            return
        kept, lines = self.rows, self.lines
        for key, cell in batch.cells.items():
            kept[key] = cell.row
            again = cell.line.again() if cell.line is not None else None
            if again is not None and again.current:
                lines[key] = again
            else:  # versions of earlier days may hold in the database yet, though nothing is left here
                lines.pop(key, None)
        for key in list(islice(kept, max(0, len(kept) - ROWS_KEPT))):
            del kept[key]
            lines.pop(key, None)

    def forget(self) -> None:
        """Ask the database for every row from now on."""
        self.rows.clear()
        self.lines.clear()


@dataclass(slots=True)
class _Work:
    member: Member
    table: Table
    seen: state.State
    batch: Batch
    changes: Changes = field(default_factory=Changes)


def apply(connection: Connection, guard: Guard, members: Sequence[Member], events: Sequence[Event]) -> None:
    """Fold the events into the members' tables. All members are at the position before the first event.

    What a fold cannot take is set aside, or stops its projection at that event. Raises Moved, and
    psycopg.OperationalError.
    """
    if not events:
        return
    try:
        _apply(connection, guard, members, events)
    except Overran as late:
        _blame(members, late)
        apply(connection, guard, members, events)
    except Moved:
        raise
    except Exception as error:  # a row that cannot be stored: find out whose, then at which event
        if passing(error):
            raise
        for member in members:
            member.forget()
        if len(members) > 1:
            for member in members:
                apply(connection, guard, [member], events)
        elif len(events) > 1:
            _apply_halves(connection, guard, members, events)
        else:
            _give_up(connection, members[0], events[0], error)


def _blame(members: Sequence[Member], late: Overran) -> None:
    """The event is not folded again by the projection whose function did not return from it."""
    for member in members:
        if member.projection is late.batch.projection:
            member.overruns[late.position] = late.overrun


def _apply_halves(connection: Connection, guard: Guard, members: Sequence[Member], events: Sequence[Event]) -> None:
    middle = len(events) // 2
    apply(connection, guard, members, events[:middle])
    if members[0].live:
        apply(connection, guard, members, events[middle:])


def _give_up(connection: Connection, member: Member, event: Event, error: Exception) -> None:
    """Set an event aside whose row cannot be stored, or stop before it. Raises Moved."""
    found = failure(event.position, error)
    if not isinstance(event, Recorded) or not of_data(error) or not may_set_aside(member.projection, len(member.held)):
        stop(connection, member, found)
        return
    key = member.projection.key_of(event)
    if key is None:
        stop(connection, member, found)
        return
    work = _Work(member, *_table_of(member), member.batch())
    work.batch.aside.append(Aside(key, event, found.error))
    with connection.transaction():
        _locked(connection, [member])
        _write(connection, [work], event.position)
    _done(work, event.position)


def stop(connection: Connection, member: Member, found: Failure) -> None:
    """Stop a projection before an event that it cannot go past. Raises Moved."""
    with connection.transaction():
        _locked(connection, [member])
        state.stop(connection, member.projection.name, found)
    _stopped(member, found)


def _stopped(member: Member, found: Failure) -> None:
    log.error("projection %s stopped at event %d: %s", member.projection.name, found.position, found.error)
    _note(member, found.position - 1, "stopped")


def _apply(connection: Connection, guard: Guard, members: Sequence[Member], events: Sequence[Event]) -> None:
    work = [_Work(member, *_table_of(member), member.batch()) for member in members]
    batches = [each.batch for each in work]
    guard.run(lambda batch: batch.take(events), batches)
    with connection.transaction():
        _locked(connection, members)
        _fetch(connection, work)
        guard.run(Batch.fold, batches)
        for each in work:
            if each.table.versions is not None:
                each.table.versions.prepare(connection, each.batch, each.member.lines)
        guard.run(Batch.keep_versions, [batch for batch in batches if batch.steps])
        for each in work:
            each.changes = Changes.of(each.batch.cells)
            each.changes.copy(connection, each.table)
        last = events[-1].position
        with connection.pipeline():
            _write(connection, work, last)
    for each in work:
        each.member.keep(each.batch)
        _done(each, last)


def _table_of(member: Member) -> tuple[Table, state.State]:
    if member.table is None or member.seen is None:
        raise Moved
    return member.table, member.seen


def _locked(connection: Connection, members: Sequence[Member]) -> None:
    """Hold the members' cursors against a swap until the transaction ends."""
    found = state.states(connection, [member.projection.name for member in members], lock=True)
    if any(found.get(member.projection.name) != member.seen for member in members):
        raise Moved


def _fetch(connection: Connection, work: Sequence[_Work]) -> None:
    asked = []
    with connection.pipeline():
        for each in work:
            if each.member.projection.append_only:
                continue
            kept = each.member.rows
            missing = []
            for key, cell in each.batch.cells.items():
                cell.before = cell.row = kept.get(key)
                if cell.row is None and key not in kept:
                    missing.append(key)
            if missing:
                arrays = each.table.shape.keys(missing)
                asked.append((each, connection.execute(each.table.select, arrays, binary=True, prepare=True)))
    for each, cursor in asked:
        for key, row in rows_of(each.table, cursor.fetchall()).items():
            each.batch.hold(key, row)


def _write(connection: Connection, work: Sequence[_Work], last: int) -> None:
    """Rows, what is set aside, and cursors."""
    for each in work:
        each.changes.write(connection, each.table)
        set_aside(connection, each.table, each.batch.aside)
        if each.batch.failure is not None:
            state.stop(connection, each.member.projection.name, each.batch.failure)
    whole = [each.member.projection.name for each in work if each.batch.failure is None]
    if whole:
        state.advance(connection, whole, last)
    state.announce(connection, last)


def _done(work: _Work, last: int) -> None:
    """Take note of what was committed."""
    member, batch = work.member, work.batch
    member.overruns.clear()
    for each in batch.aside:
        if each.error is not None:
            member.held.add(key_text(each.key))
            name, position = member.projection.name, each.event.position
            log.error("projection %s sets aside event %d of %s: %s", name, position, each.key, each.error)
    if batch.failure is None:
        _note(member, last, "live")
    else:
        _stopped(member, batch.failure)


def _note(member: Member, position: int, status: str) -> None:
    if member.seen is not None:
        member.seen = replace(member.seen, position=position, status=status)
