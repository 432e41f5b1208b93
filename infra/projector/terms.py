"""What a rebuild is asked with and answers: where things are declared, how far it is, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from infra.database import Database
from infra.projector.compare import Difference
from infra.projector.events import Connection, connect, prefer_indexes, prefer_order


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come, in events; `rate` is events a second, `eta` the seconds left at that rate."""

    name: str
    done: int
    total: int
    rate: float
    eta: float


Tell = Callable[[Progress], None]


class Declared(NamedTuple):
    """Where worker processes find what is declared, as `module:NAME`."""

    projections: str = "projections.families:PROJECTIONS"
    families: str = "domain.families:FAMILIES"


class Rebuilding(Exception):
    """Another process is rebuilding this projection."""


class Cancelled(Exception):
    """The rebuild was told to stop; the read model is left as it was."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found. Live values are None where no rows of the same fold were there to compare with.

    Checksums are SHA-256 over the rows, and over their `versions`, as they were at `position`; `differences` names the
    first unequal ones, with the events that made their values, and `ranges` all ranges of keys with unequal rows.
    """

    name: str
    position: int
    rows: int
    checksum: str
    live_rows: int | None
    live_checksum: str | None
    differences: tuple[Difference, ...]
    ranges: tuple[str, ...]
    seconds: float
    versions: int = 0
    versions_checksum: str | None = None
    live_versions_checksum: str | None = None

    @property
    def equal(self) -> bool | None:
        """Whether the live rows and versions were what the ledger says; None where there were none to compare with."""
        if self.live_checksum is None:
            return None
        live = (self.live_checksum, self.live_versions_checksum)
        return live == (self.checksum, self.versions_checksum)

    def described(self, *, check: bool = False) -> str:
        """The result for people; with `check` the live rows were left."""
        lines = [f"{self.name}: {self.rows:,} rows at position {self.position:,} in {self.seconds:.1f} s"]
        lines.append(f"  rebuilt {self.checksum}")
        lines.append(f"  live    {self.live_checksum or 'nothing to compare with'}")
        unequal = f"NOT EQUAL: the live rows were {'left' if check else 'replaced'}"
        lines.append(f"  {({True: 'equal', False: unequal, None: 'new'})[self.equal]}")
        if self.ranges:
            lines.append(f"  keys that begin with {', '.join(self.ranges[:20])}{' …' if len(self.ranges) > 20 else ''}")
        return "\n".join([*lines, *(f"  {difference}" for difference in self.differences)])

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "name": self.name,
            "position": self.position,
            "rows": self.rows,
            "checksum": self.checksum,
            "liveRows": self.live_rows,
            "liveChecksum": self.live_checksum,
            "equal": self.equal,
            "ranges": list(self.ranges),
            "differences": [str(difference) for difference in self.differences],
            "seconds": round(self.seconds, 3),
        }


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
        prefer_order(tools.reading)
        yield tools
