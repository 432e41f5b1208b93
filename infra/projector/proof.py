"""The proof of read models: what is live, what a rebuild makes here and on Spark, and what a plain fold of all events
makes, held against each other by checksum."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from infra.codec import Codec
from infra.database import Database
from infra.projector.apply import copy_rows
from infra.projector.compare import Contents, contents
from infra.projector.events import Events, connect
from infra.projector.fold import without_collector
from infra.projector.parts import Cut, Part, ahead
from infra.projector.quarantine import quarantine
from infra.projector.rebuilding import Elsewhere, rebuild
from infra.projector.rows import Key, Shape
from infra.projector.table import Table
from infra.projector.terms import Rebuilt, Tell, bench
from projections.model import Projection, fold_all

_CHUNK: Final = 5_000
SHARE_EVENTS: Final = 250_000
"""So many events are folded at once, that their rows have room in memory."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of one read model.

    `folded` are the rows of the plain fold at the position of `rebuilt`; None where live rows stand still, which no
    plain fold knows of. `spark` is None where it was not asked for.
    """

    rebuilt: Rebuilt
    folded: Contents | None
    spark: Rebuilt | None = None

    @property
    def equal(self) -> bool:
        """Whether all of them have the same rows, and the same versions of these where versions are made."""
        by_spark = self.spark is None or self.spark.equal is True
        plain = self.folded is not None and self.folded.checksum == self.rebuilt.checksum
        return self.rebuilt.equal is True and by_spark and plain


def prove(
    database: Database,
    codec: Codec,
    projections: Sequence[Projection],
    *,
    workers: int = 1,
    elsewhere: Elsewhere | None = None,
    progress: Tell | None = None,
    plain: Callable[[float], None] = lambda share: None,
    share_events: int = SHARE_EVENTS,
) -> list[Proof]:
    """Prove these read models; nothing is replaced. `plain` is told how far the plain fold is.

    Raises whatever a rebuild does.
    """

    def rebuilt(projection: Projection, by: Elsewhere | None) -> Rebuilt:
        return rebuild(
            database, codec, projection, (), workers=workers, from_zero=True, tools=tools, progress=progress,
            accept=lambda found: False, elsewhere=by,
        )  # fmt: skip

    with bench(database) as tools:
        here = [rebuilt(each, None) for each in projections]
        there = [rebuilt(each, elsewhere) if elsewhere else None for each in projections]
    standing = {each.name for each in quarantine(database.conninfo("reader"))}
    whole = {each: found.position for each, found in zip(projections, here, strict=True) if each.name not in standing}
    folded = _folded(database, codec, whole, share_events, plain)
    return [Proof(found, folded.get(found.name), by_spark) for found, by_spark in zip(here, there, strict=True)]


def _folded(
    database: Database,
    codec: Codec,
    projections: Mapping[Projection, int],
    share_events: int,
    tell: Callable[[float], None],
) -> dict[str, Contents]:
    """What `fold_all` makes of the events up to a position of each: one event after the other. What is
    stored to be compared is taken back at the end.

    Where there are many events, they are gone through several times, each time with another share of the keys.
    """
    conninfo, last = database.conninfo("projector"), max(projections.values(), default=0)
    of = max(1, math.ceil(last / share_events))
    tables = {each.name: Table(Shape(each), f"{each.name}__proof") for each in projections}
    with ExitStack() as stack:
        reading, writing = (stack.enter_context(connect(conninfo)) for _ in range(2))
        stack.enter_context(without_collector())
        stack.enter_context(writing.transaction(force_rollback=True))
        events = Events(reading, codec)
        for table in tables.values():
            writing.execute(table.create())
        for number in range(of):
            part, rows = Part(Cut.KEYS, number, of), {each.name: dict[Key, Any]() for each in projections}
            for reached, raw in ahead(events.raw_between(0, last, events.known, _CHUNK)):
                chunk = [codec.recorded(*row) for row in raw]
                for each, upto in projections.items():
                    own = chunk if reached <= upto else [event for event in chunk if event.position <= upto]
                    fold_all(part.projection(each), own, rows[each.name])
                tell((number + reached / last) / of)
            for name, table in tables.items():
                copy_rows(writing, table, rows[name].values())
        return {name: contents(writing, table) for name, table in tables.items()}
