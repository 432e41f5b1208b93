"""One batch for all projections at the same cursor: folded by each, written with the cursor in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import psycopg

from domain.kernel import Fact
from infra.projector import state
from infra.projector.apply import Changes, rows_of
from infra.projector.events import Connection, Event
from infra.projector.fold import Batch, Failure, failure
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

    def __post_init__(self) -> None:
        self.facts = frozenset(self.projection.facts)
        self.shape = Shape(self.projection)

    def see(self, now: state.State) -> None:
        """Take note of what the database says."""
        if self.seen is None or self.seen.relation != now.relation or self.seen.position != now.position:
            self.rows.clear()
            self.table = Table(self.shape, now.relation) if now.relation else None
        self.seen = now

    @property
    def live(self) -> bool:
        """Whether its rows were made by this fold and follow the ledger."""
        return self.seen is not None and self.seen.status == "live" and self.seen.fingerprint == self.fingerprint

    def keep(self, batch: Batch) -> None:
        """Remember what was written, so that the next event of a busy record need not fetch its row."""
        if self.projection.append_only:
            return
        kept = self.rows
        for key, cell in batch.cells.items():
            kept[key] = cell.row
        for key in list(islice(kept, max(0, len(kept) - ROWS_KEPT))):
            del kept[key]


@dataclass(slots=True)
class _Work:
    member: Member
    table: Table
    seen: state.State
    batch: Batch
    changes: Changes = field(default_factory=Changes)


def apply(connection: Connection, members: Sequence[Member], events: Sequence[Event]) -> None:
    """Fold the events into the members' tables. All members are at the position before the first event.

    What a fold raises stops its projection at that event. Raises Moved, and psycopg.OperationalError.
    """
    if not events:
        return
    try:
        _apply(connection, members, events)
    except (Moved, psycopg.OperationalError):
        raise
    except Exception as error:  # a row that cannot be stored: find out whose, then at which event
        for member in members:
            member.rows.clear()
        if len(members) > 1:
            for member in members:
                apply(connection, [member], events)
        elif len(events) > 1:
            _apply_halves(connection, members, events)
        else:
            stop(connection, members[0], failure(events[0].position, error))


def _apply_halves(connection: Connection, members: Sequence[Member], events: Sequence[Event]) -> None:
    middle = len(events) // 2
    apply(connection, members, events[:middle])
    if members[0].live:
        apply(connection, members, events[middle:])


def stop(connection: Connection, member: Member, found: Failure) -> None:
    """Stop a projection before an event that it cannot go past. Raises Moved."""
    with connection.transaction():
        _locked(connection, [member])
        state.stop(connection, member.projection.name, found)
    _stopped(member, found)


def _stopped(member: Member, found: Failure) -> None:
    log.error("projection %s stopped at event %d: %s", member.projection.name, found.position, found.error)
    _note(member, found.position - 1, "stopped")


def _apply(connection: Connection, members: Sequence[Member], events: Sequence[Event]) -> None:
    work = [_taken(member, events) for member in members]
    with connection.transaction():
        _locked(connection, members)
        _fetch(connection, work)
        for each in work:
            each.batch.fold()
            each.changes = Changes.of(each.batch.cells)
            each.changes.copy(connection, each.table)
        last = events[-1].position
        with connection.pipeline():
            for each in work:
                each.changes.write(connection, each.table)
                if each.batch.failure is not None:
                    state.stop(connection, each.member.projection.name, each.batch.failure)
            whole = [each.member.projection.name for each in work if each.batch.failure is None]
            if whole:
                state.advance(connection, whole, last)
            state.announce(connection, last)
    for each in work:
        each.member.keep(each.batch)
        if each.batch.failure is None:
            _note(each.member, last, "live")
        else:
            _stopped(each.member, each.batch.failure)


def _taken(member: Member, events: Sequence[Event]) -> _Work:
    if member.table is None or member.seen is None:
        raise Moved
    batch = Batch(member.projection, member.topics, member.facts)
    batch.take(events)
    return _Work(member, member.table, member.seen, batch)


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


def _note(member: Member, position: int, status: str) -> None:
    seen = member.seen
    if seen is not None:
        member.seen = state.State(seen.name, seen.fingerprint, seen.relation, seen.generation, position, status)
