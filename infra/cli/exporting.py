"""`stadtbuch export`: ledger and read models, taken away for other tools."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from domain.families import FAMILIES
from infra.cli.console import DONE, FINDING, EverySecond, say
from infra.codec import Codec
from infra.exports import ALWAYS, Exported, Kind, Period, destination, source
from infra.installation import Installation


class Ticker:
    """Says how far an export is, about once a second."""

    def __init__(self) -> None:
        self._now = EverySecond()

    def __call__(self, what: str, share: float) -> None:
        """Progress of the export."""
        if self._now():
            say(f"{what}: {share:.0%}")


def period_of(kind: Kind, first: datetime | None, last: datetime | None) -> Period:
    """The days that gdpdu needs and no other kind takes. Raises typer.BadParameter."""
    if kind is not Kind.GDPDU:
        if first or last:
            raise typer.BadParameter(f"--from and --until are for gdpdu; {kind} is the ledger up to a position, --to.")
        return ALWAYS
    if first is None or last is None or last < first:
        raise typer.BadParameter("gdpdu is for a period, as --from 2025-01-01 --until 2025-12-31.")
    return Period(first.date(), last.date())


def run(
    place: Installation, kind: Kind, to: Path, position: int | None, parts: int, period: Period, *, force: bool
) -> Exported:
    """Write the export, or nothing."""
    from infra.exports.kinds import export

    with (
        destination(to, force=force) as directory,
        source(place.database, Codec(FAMILIES), Ticker(), to=position) as ledger,
    ):
        return export(kind, ledger, directory, parts=parts, period=period)


def described(done: Exported, to: Path) -> str:
    """The result for people."""
    lines = [f"{done.log} up to position {done.position:,} as {done.kind} in {to}"]
    lines += [f"  {name}: {count:,}" for name, count in done.counts.items()]
    lines += [f"  {name}: {rows:,} rows stand still" for name, rows in done.still.items()]
    lines.append("Sealed texts are left out.")
    return "\n".join(lines)


def as_json(done: Exported, to: Path) -> dict[str, Any]:
    """The result for programs."""
    told = asdict(done)
    standing = told.pop("still")
    return {"destination": str(to), **told, "standingStill": standing, "sealed": "left out"}


def code(done: Exported) -> int:
    """The exit code."""
    return FINDING if done.still else DONE
