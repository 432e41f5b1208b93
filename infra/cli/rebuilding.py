"""`stadtbuch rebuild`: read models from nothing, with the proof that they are what they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from domain.families import FAMILIES
from infra.cli.console import EverySecond, say
from infra.codec import Codec
from infra.installation import Installation
from infra.projector import Progress, Rebuilt, rebuild
from infra.projector.rebuilding import Elsewhere
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection


class Engine(StrEnum):
    """What folds in a rebuild."""

    LOCAL = "local"
    SPARK = "spark"


@contextmanager
def engine(which: Engine, master: str, directory: Path | None) -> Iterator[Elsewhere | None]:
    """Who fills the tables: None for processes of our own. Raises SparkMissing."""
    if which is Engine.LOCAL:
        yield None
        return
    from infra.spark.engine import spark

    with spark(master, directory) as elsewhere:
        yield elsewhere


def chosen(names: Sequence[str], *, everything: bool) -> list[Projection]:
    """The read models that are meant. Raises typer.BadParameter."""
    known = {projection.name: projection for projection in PROJECTIONS}
    if everything == bool(names):
        raise typer.BadParameter(f"name read models, or say --all. There are: {', '.join(sorted(known))}")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise typer.BadParameter(f"there is no read model {unknown[0]!r}. There are: {', '.join(sorted(known))}")
    return [known[name] for name in names] if names else list(PROJECTIONS)


class Ticker:
    """How far a rebuild is, on stderr, once a second."""

    def __init__(self) -> None:
        self._now = EverySecond()

    def __call__(self, progress: Progress) -> None:
        """Progress of the rebuild."""
        if self._now():
            share = progress.done / progress.total if progress.total else 1
            say(f"{progress.name}: {share:.0%}, {progress.rate:,.0f} events/s, {progress.eta:.0f} s left")


def run(
    place: Installation,
    projection: Projection,
    workers: int = 1,
    *,
    from_zero: bool = False,
    check: bool = False,
    elsewhere: Elsewhere | None = None,
) -> Rebuilt:
    """Rebuild one, with progress on stderr, and differences before the rows are replaced; `check` leaves them."""

    def accept(found: Rebuilt) -> bool:
        for difference in found.differences:
            say(f"{found.name}: {difference}")
        return not check

    return rebuild(
        place.database,
        Codec(FAMILIES),
        projection,
        REPORTS,
        workers=workers,
        from_zero=from_zero,
        progress=Ticker(),
        accept=accept,
        elsewhere=elsewhere,
    )


def described(result: Rebuilt, *, check: bool = False) -> str:
    """The result for people."""
    lines = [f"{result.name}: {result.rows:,} rows at position {result.position:,} in {result.seconds:.1f} s"]
    lines.append(f"  rebuilt {result.checksum}")
    lines.append(f"  live    {result.live_checksum or 'nothing to compare with'}")
    verdict = {True: "equal", False: f"NOT EQUAL: the live rows were {'left' if check else 'replaced'}", None: "new"}[
        result.equal
    ]
    lines.append(f"  {verdict}")
    if result.ranges:
        lines.append(f"  keys that begin with {', '.join(result.ranges[:20])}{' …' if len(result.ranges) > 20 else ''}")
    lines.extend(f"  {difference}" for difference in result.differences)
    return "\n".join(lines)


def as_json(result: Rebuilt) -> dict[str, Any]:
    """The result for programs."""
    return {
        "name": result.name,
        "position": result.position,
        "rows": result.rows,
        "checksum": result.checksum,
        "liveRows": result.live_rows,
        "liveChecksum": result.live_checksum,
        "equal": result.equal,
        "ranges": list(result.ranges),
        "differences": [str(difference) for difference in result.differences],
        "seconds": round(result.seconds, 3),
    }
