"""The commands of `stadtbuch`."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from infra import projector, settings
from infra.cli import serve as serving
from infra.cli.console import Json, answer, expected, leave, say
from infra.installation import Installation, installation

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Stadtbuch, the ledger of municipal records. `stadtbuch demo` shows it with a filled city.",
)


class Part(StrEnum):
    """What `serve` can run alone."""

    API = "api"
    PROJECT = "project"


@app.callback()
def stadtbuch() -> None:
    """Exit codes: 0 done, 1 a finding, 2 wrong usage, 3 unavailable. Settings: `stadtbuch doctor`, docs/settings.md."""


@app.command()
def init(json_: Json = False) -> None:
    """Create the store, or upgrade it: schema, roles, key-encryption key, read models. May be run again.

    Example: STADTBUCH_LOG_NAME=stadt.example/1 stadtbuch init
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        applied = place.init()
        position = prepared(place)
        names = [f"{migration.number:04}_{migration.name}" for migration in applied]
        text = f"Applied {', '.join(names)}." if names else "The store was up to date."
        answer({"applied": names, "position": position}, f"{text} Last position: {position:,}.", as_json=json_)


@app.command()
def serve(
    only: Annotated[Part | None, typer.Option(help="Run one part alone, for several processes or machines.")] = None,
    json_: Json = False,
) -> None:
    """Answer GraphQL and keep the read models, until Ctrl-C.

    Without configured authentication it listens on a loopback address only.

    Example: STADTBUCH_PORT=8400 stadtbuch serve
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()

        def ready(address: str | None) -> None:
            if json_:
                print(json.dumps({"address": address}), flush=True)
            elif address:
                say(f"Listening on {address} – this machine only, since no authentication is configured. Ctrl-C stops.")
            else:
                say("Keeping the read models. Ctrl-C stops.")

        serving.run(place, frozenset([only.value] if only else ["api", "project"]), ready, say)


@app.command()
def status(json_: Json = False) -> None:
    """How far the ledger and each read model are. Joins a running server, or starts it for the moment."""
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        models = projector.status(place.database.conninfo("reader"))
        lines = [
            f"{model.name}: {model.status}, position {model.position:,}, {model.lag_events:,} behind"
            for model in models
        ]
        answer({"projections": [asdict(model) for model in models]}, "\n".join(lines), as_json=json_)


def prepared(place: Installation) -> int:
    """Read models made and caught up; answers the last position."""
    from domain.families import FAMILIES
    from projections.families import PROJECTIONS, REPORTS

    return projector.Projector(place.database, FAMILIES, PROJECTIONS, REPORTS).catch_up()


def main() -> None:
    """The console script."""
    app()


__all__ = ["app", "leave", "main"]
