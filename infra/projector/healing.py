"""Tries events again that were set aside, row by row, while the projector goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from infra.codec import Codec
from infra.database import Database
from infra.projector import state
from infra.projector.apply import Changes, fetch
from infra.projector.events import Connection, Event, Events, connect, prefer_indexes
from infra.projector.fingerprint import fingerprint
from infra.projector.fold import Batch, Failure, Overrun, failure
from infra.projector.guard import SECONDS, Guard, Overran
from infra.projector.quarantine import passing, unmark
from infra.projector.rows import Shape
from infra.projector.table import Table
from infra.queries import named
from projections.model import Projection

_SQL: Final = named("projector")


class Outdated(Exception):
    """The rows were made by another fold than this program's."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the fold of {name} is not the one its rows were made by: start `stadtbuch serve` of this version, which"
            f" builds it anew, or run `stadtbuch rebuild {name}`"
        )


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of one row: how many of its events it reflects now, how many are left, and why."""

    name: str
    key: str
    healed: int
    left: int
    error: str | None


def retry(
    database: Database, codec: Codec, projection: Projection, position: int | None = None, seconds: float = SECONDS
) -> list[Retried]:
    """Fold what is set aside again, in order, or only the row that this event belongs to. A read model that had stopped
    goes on where its projector runs. Raises Outdated.
    """
    with connect(database.conninfo("projector")) as connection:
        prefer_indexes(connection)
        healing = _Healing(connection, codec, projection, Guard(seconds))
        try:
            return healing.through(position)
        finally:
            healing.guard.close()


class _Healing:
    def __init__(self, connection: Connection, codec: Codec, projection: Projection, guard: Guard) -> None:
        self.connection = connection
        self.projection = projection
        self.guard = guard
        self.events = Events(connection, codec)
        self.topics = codec.topics_of(projection.facts)
        self.shape = Shape(projection)

    def through(self, position: int | None) -> list[Retried]:
        name = self.projection.name
        live = state.states(self.connection, [name]).get(name)
        if live is None or live.relation is None or live.fingerprint != fingerprint(self.projection, self.topics):
            raise Outdated(name)
        with self.connection.transaction():
            state.resume(self.connection, [name])
            state.announce(self.connection, live.position)
        found = self.connection.execute(_SQL["rows_aside"], (live.relation, position)).fetchall()
        return [self._row(live.relation, key) for (key,) in found]

    def _row(self, relation: str, key: str) -> Retried:
        healed = 0
        while positions := self._aside(relation, key):  # the projector may have set more aside behind them
            events = self.events.at(positions)
            try:
                done, found = self._attempt(relation, key, events)
            except Exception as error:  # a row that cannot be stored: find out at which event
                if passing(error):
                    raise
                done, found = self._one_by_one(relation, key, events)
            healed += done
            if found is not None:
                return Retried(self.projection.name, key, healed, len(positions) - done, found.error)
        return Retried(self.projection.name, key, healed, 0, None)

    def _aside(self, relation: str, key: str) -> list[int]:
        """What is set aside of the row now, in order."""
        return [position for (position,) in self.connection.execute(_SQL["aside_of_row"], (relation, key))]

    def _one_by_one(self, relation: str, key: str, events: Sequence[Event]) -> tuple[int, Failure | None]:
        for healed, event in enumerate(events):
            try:
                _, found = self._attempt(relation, key, [event])
            except Exception as error:  # as above
                if passing(error):
                    raise
                found = failure(event.position, error)
                self._failed(relation, found)
            if found is not None:
                return healed, found
        return len(events), None

    def _attempt(
        self, relation: str, key: str, events: Sequence[Event], overruns: dict[int, Overrun] | None = None
    ) -> tuple[int, Failure | None]:
        """Fold events of one row, as many as can be."""
        overruns = overruns or {}
        try:
            with self.connection.transaction():
                return self._fold(relation, key, events, overruns)
        except Overran as late:
            return self._attempt(relation, key, events, {**overruns, late.position: late.overrun})

    def _fold(
        self, relation: str, key: str, events: Sequence[Event], overruns: dict[int, Overrun]
    ) -> tuple[int, Failure | None]:
        name, table = self.projection.name, Table(self.shape, relation)
        if state.states(self.connection, [name], lock=True)[name].relation != relation:
            raise Outdated(name)
        batch = Batch(self.projection, self.topics, frozenset(self.projection.facts), overruns=overruns)
        self.guard.run(lambda each: each.take(events), [batch])
        if not self.projection.append_only:
            for found_by, row in fetch(self.connection, table, list(batch.cells)).items():
                batch.hold(found_by, row)
        self.guard.run(Batch.fold, [batch])
        if table.versions is not None:
            table.versions.prepare(self.connection, batch, {})
            self.guard.run(Batch.keep_versions, [batch])
        Changes.of(batch.cells).write(self.connection, table)
        found = batch.failure or next((failure(e.event.position, e.error or "") for e in batch.aside), None)
        healed = [event.position for event in events if found is None or event.position < found.position]
        self.connection.execute(_SQL["healed"], (relation, healed))
        if found is not None:
            self.connection.execute(_SQL["tried_again"], (found.error, relation, found.position))
        elif not self._aside(relation, key):
            unmark(self.connection, table, list(batch.cells))
        self.connection.execute(_SQL["mended"], (name,))
        state.announce(self.connection, 0)
        return len(healed), found

    def _failed(self, relation: str, found: Failure) -> None:
        self.connection.execute(_SQL["tried_again"], (found.error, relation, found.position))
