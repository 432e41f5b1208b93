"""`stadtbuch projection`: what read models have set aside, and another try."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from domain.families import FAMILIES
from infra import projector, settings
from infra.cli.console import DONE, FINDING, Json, answer, expected, say
from infra.cli.rebuilding import meant, registry
from infra.codec import Codec
from infra.installation import Installation, installation
from infra.own import again, keeper
from infra.own.registry import Own
from projections.families import PROJECTIONS, REPORTS

_HELP = """Read models one by one: how they stand, what they could not fold, and another try.

Example: stadtbuch projection status"""
OWN_SECONDS = 60.0
app = typer.Typer(no_args_is_help=True, help=_HELP)


def prepared(place: Installation) -> int:
    """Read models made and caught up, where no `serve` keeps them; answers the last position."""
    position = projector.Projector(place.database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    for line in keeper.catch_up(place.database, registry(place), OWN_SECONDS):
        say(line)
    return position


@app.command()
def status(
    names: Annotated[list[str] | None, typer.Argument(help="Read models; all where none is named.")] = None,
    json_: Json = False,
) -> None:
    """How far read models are, what they could not fold and why. Exit code 1: one stands still, or a row of one does.

    Example: stadtbuch projection status loan
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        wanted = {each.name for each in meant(place, names or [], everything=not names)}
        found = [each for each in projector.status(place.database.conninfo("reader")) if each.name in wanted]
        aside = [each for each in projector.quarantine(place.database.conninfo("reader")) if each.name in wanted]
        lines = [line for each in found for line in described(each, [one for one in aside if one.name == each.name])]
        result = {"projections": [asdict(each) for each in found], "quarantine": [asdict(each) for each in aside]}
        answer(result, "\n".join(lines), as_json=json_)
    raise typer.Exit(FINDING if aside or any(each.error for each in found) else DONE)


@app.command()
def retry(
    name: Annotated[str, typer.Argument(help="The read model.")],
    position: Annotated[int | None, typer.Option(help="Only the row that this event belongs to.", min=1)] = None,
    json_: Json = False,
) -> None:
    """Fold what was set aside again, and go on where the read model had stopped. Exit code 1: something is left.

    Example: stadtbuch projection retry loan --position 4711
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        (projection,) = meant(place, [name], everything=False)
        if isinstance(projection, Own):
            retried = again.retry(place.database, projection, position)
        else:
            retried = projector.retry(place.database, Codec(FAMILIES), projection, position)
        prepared(place)
        lines = [
            f"{each.key}: {each.healed} events folded" + (f", {each.left} left: {each.error}" if each.left else "")
            for each in retried
        ]
        text = "\n".join(lines) or "Nothing was set aside."
        answer({"retried": [asdict(each) for each in retried]}, text, as_json=json_)
    raise typer.Exit(FINDING if any(each.left for each in retried) else DONE)


def described(model: projector.Status, aside: list[projector.SetAside]) -> list[str]:
    """A read model for people: a line of its own, and one for each event it could not fold."""
    behind = f"{model.lag_events:,} events, {model.lag_seconds:,.0f} s behind" if model.lag_events else "up to date"
    lines = [f"{model.name}: {model.status}, position {model.position:,}, {behind}"]
    if model.error:
        lines.append(f"  {model.error}")
    waiting = len([one for one in aside if one.error is None])
    for one in aside:
        if one.error is not None:
            since = f"{one.since:%Y-%m-%d %H:%M:%S %Z}"
            lines.append(f"  event {one.position:,} ({one.topic}) of {one.key}, since {since}: {one.error}")
    if waiting:
        lines.append(f"  {waiting:,} events wait behind them")
    return lines
