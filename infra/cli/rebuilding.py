"""`stadtbuch rebuild`: read models from nothing, with the proof that they are what they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import typer

from domain.families import FAMILIES
from infra.cli.console import EverySecond, say
from infra.codec import Codec
from infra.installation import Installation
from infra.own import again
from infra.own.again import Redone
from infra.own.registry import Own, Registry
from infra.projector import Progress, Rebuilt, rebuild
from infra.projector.cancelling import CalledOff
from infra.projector.rebuilding import Elsewhere
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection
from projections.query import OWN


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


def meant(place: Installation, names: Sequence[str], *, everything: bool) -> list[Projection | Own]:
    """The same, with own projections where they are named. Raises typer.BadParameter and BadProjection."""
    known = registry(place)
    own = {name: known.find(name) for name in names if name.startswith(OWN)}
    shipped = [name for name in names if name not in own]
    found: dict[str, Projection | Own] = {**own}
    if shipped or not own:
        found |= {each.name: each for each in chosen(shipped, everything=everything)}
    return [found[name] for name in names] if names else list(found.values())


def registry(place: Installation) -> Registry:
    """The own projections of a home."""
    return Registry(place.settings.home / "own")


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
    projection: Projection | Own,
    workers: int = 1,
    *,
    from_zero: bool = False,
    check: bool = False,
    elsewhere: Elsewhere | None = None,
) -> Redone:
    """Rebuild one, with progress on stderr, and differences before the rows are replaced; `check` leaves them."""
    if isinstance(projection, Own):
        if workers > 1 or elsewhere is not None:
            raise typer.BadParameter(
                f"{projection.name} is folded by one process of its own: leave --workers and --engine"
            )
        return again.rebuild(place.database, projection, from_zero=from_zero, check=check)

    def accept(found: Rebuilt) -> bool:
        for difference in found.differences:
            say(f"{found.name}: {difference}")
        return not check

    with CalledOff(place.database, projection.name) as called_off:
        found = rebuild(
            place.database,
            Codec(FAMILIES),
            projection,
            REPORTS,
            workers=workers,
            from_zero=from_zero,
            progress=Ticker(),
            cancelled=called_off,
            accept=accept,
            elsewhere=elsewhere,
        )
    return Redone(found.equal, found.described(check=check), found.as_json())
