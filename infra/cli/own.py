"""`stadtbuch project`: an analyst's own projections, added, listed and removed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from infra import settings
from infra.cli.console import DONE, FINDING, Json, answer, expected, say
from infra.cli.projecting import described
from infra.cli.rebuilding import registry
from infra.installation import Installation, installation
from infra.own import adding
from infra.own.registry import Own
from infra.projector import quarantine

_HELP = """Your own projections: one file with a row class, a fold and a Projection (docs/analysts.md).

Example: stadtbuch project add cases_by_weekday.py"""
app = typer.Typer(no_args_is_help=True, help=_HELP)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="The file. It replaces one of the same name.", dir_okay=False)],
    json_: Json = False,
) -> None:
    """Check a projection, try it on events of the ledger, copy it into the home, build it and serve it.

    What it declares as NAME is read as read.own_NAME by SQL and `stadtbuch report own_NAME`. `stadtbuch serve` keeps it
    up to date, in a process of its own. Exit code 1: it was not taken, and why.

    Example: stadtbuch project add cases_by_weekday.py
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        trial, status = adding.add(place.database, registry(place), file, say)
        text = f"read.{status.name}: position {status.position:,}. See it: stadtbuch report {status.name}"
        answer({"trial": asdict(trial), "status": asdict(status)}, text, as_json=json_)


@app.command(name="list")
def list_(json_: Json = False) -> None:
    """Your own projections, how far they are, and what is wrong with them. Exit code 1: something is.

    Example: stadtbuch project list
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        told = [_told(place, own) for own in registry(place).all()]
        lines = [line for _, each, _ in told for line in each] or ["There are none: `stadtbuch project add FILE`."]
        answer({"projections": [result for result, _, _ in told]}, "\n".join(lines), as_json=json_)
    raise typer.Exit(FINDING if any(wrong for _, _, wrong in told) else DONE)


def _told(place: Installation, own: Own) -> tuple[dict[str, Any], list[str], bool]:
    status = adding.standing(place.database, own.name)
    aside = [each for each in quarantine(place.database.conninfo("reader")) if each.name == own.name]
    unchanged = own.unchanged
    result = {"name": own.name, "sha256": own.sha256, "unchanged": unchanged, "status": status and asdict(status)}
    lines = [f"{own.name}: not built yet"] if status is None else described(status, aside)
    if not unchanged:
        lines.append(f"  {own.path} is not what was added: add it again")
    return result, lines, not unchanged or bool(aside) or status is None or status.error is not None


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The projection, with or without own_.")], json_: Json = False
) -> None:
    """Take a projection out, with its rows.

    Example: stadtbuch project remove own_cases_by_weekday
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        known = registry(place)
        own = adding.removable(place.database, known, name)
        adding.remove(place.database, known, own)
        answer({"removed": own.name}, f"{own.name} is gone, and its rows with it.", as_json=json_)
