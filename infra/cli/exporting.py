"""`stadtbuch export`: ledger and read models, taken away for other tools."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from domain.families import FAMILIES
from domain.requests import Principal
from infra.asgi.access import ROLE, Denied
from infra.cli.console import DONE, FINDING, EverySecond, say
from infra.codec import Codec
from infra.exports import ALWAYS, Exported, Kind, NotAllowed, Period, destination, source
from infra.exports.destination import MANIFEST
from infra.installation import Installation
from infra.ledger import Ledger

if TYPE_CHECKING:
    from infra.exports.clear import Clear

CLIENT: Final = "stadtbuch-export/1"
SHOWN: Final = 20
"""Rows that stand still are told one by one up to here."""


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


class InClear(NamedTuple):
    """Who wants sealed texts too, by an access token, and why."""

    token: str
    reason: str


def in_clear(token: str | None, reason: str | None, *, clear: bool) -> InClear | None:
    """What --clear, --as and --reason say together. Raises typer.BadParameter."""
    if not clear:
        if token is not None or reason is not None:
            raise typer.BadParameter("--as and --reason belong to --clear.")
        return None
    if token is None or reason is None:
        raise typer.BadParameter(
            "--clear needs to know who asks and why: --as FILE, with their access token, --reason TEXT."
        )
    return InClear(token, reason)


def run(
    place: Installation,
    kind: Kind,
    to: Path,
    position: int | None,
    parts: int,
    period: Period,
    asked: InClear | None,
    *,
    force: bool,
) -> Exported:
    """Write the export, or nothing."""
    from infra.exports.kinds import export

    with ExitStack() as stack:
        directory = stack.enter_context(destination(to, force=force))
        ledger = stack.enter_context(source(place.database, Codec(FAMILIES), Ticker(), to=position))
        clear = None
        if asked is not None:
            directory.chmod(0o700)
            clear = _allowed(place, stack.enter_context(place.ledger()), kind, ledger.position, asked)
        return export(kind, ledger, directory, parts=parts, period=period, clear=clear)


def _allowed(place: Installation, ledger: Ledger, kind: Kind, position: int, asked: InClear) -> Clear:
    """Leave to open sealed texts, for whoever the token says. Raises NotAllowed and KeyUnavailable."""
    from infra.asgi.bearer import who_is_asking
    from infra.exports.clear import MAY, allowed

    who = who_is_asking(place.settings, ledger.vault.pseudonym, CLIENT)

    async def asking() -> Principal:
        return await who({"authorization": f"Bearer {asked.token.strip()}", ROLE: MAY})

    try:
        principal = asyncio.run(asking())
    except Denied as denied:
        raise NotAllowed(str(denied)) from denied
    return allowed(place.database, principal, kind, position, asked.reason, ledger.vault.reveal)


def described(done: Exported, to: Path) -> str:
    """The result for people."""
    lines = [f"{done.log} up to position {done.position:,} as {done.kind} in {to}"]
    lines += [f"  {name}: {count:,}" for name, count in done.counts.items()]
    for name, rows in done.still.items():
        lines.append(f"  {name}: {len(rows):,} rows stand still, as they were before these events:")
        lines += [f"    event {each.position:,} ({each.topic}) of {each.key}: {each.error}" for each in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(f"    and {len(rows) - SHOWN:,} more, all of them in {MANIFEST}")
    if done.clear is None:
        lines.append("Sealed texts are left out.")
    else:
        lines.append(
            f"Sealed texts are in it IN CLEAR, but for {done.erased:,} that were erased: entry {done.clear.number:,}."
        )
    return "\n".join(lines)


def as_json(done: Exported, to: Path) -> dict[str, Any]:
    """The result for programs."""
    from infra.exports.kinds import in_clear, standing

    told = {"log": done.log, "kind": done.kind, "position": done.position, "counts": done.counts}
    return {"destination": str(to), **told, **standing(done.still), "sealed": in_clear(done) or "left out"}


def code(done: Exported) -> int:
    """The exit code."""
    return FINDING if done.still else DONE
