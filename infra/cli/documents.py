"""`stadtbuch documents`: GraphQL documents that front ends send by their hash."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from infra import settings
from infra.cli.console import DONE, FINDING, Json, answer, expected, say
from infra.documents import registry
from infra.documents.reading import PREFIX, BadDocument, read
from infra.installation import installation

_HELP = """Trusted documents: what front ends may ask, by the hash of its text (docs/front-ends.md).

Example: stadtbuch documents add persisted.json"""
app = typer.Typer(no_args_is_help=True, help=_HELP)


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="GraphQL files, directories of them, or a manifest (.json) of Relay, Apollo or graphql-codegen.",
            exists=True,
        ),
    ],
    json_: Json = False,
) -> None:
    """Check documents against schema and limits, and register them: all of them, or none.

    A running server takes them within seconds. Exit code 1: some cannot be asked, and why.

    Example: stadtbuch documents add persisted.json src/queries
    """
    from infra.documents.checking import Check, operations  # takes the whole schema along

    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        check, documents = Check(), read(paths)
        wrong = [f"{each.source}, {each.id[:19]}…: {line}" for each in documents for line in check(each.text)]
        if wrong:
            raise BadDocument("\n".join([*wrong, "Nothing was registered."]))
        new = registry.add(place.database, documents)
        told = [{"id": each.id, "operations": operations(each.text), "new": each.id in new} for each in documents]
        lines = [_line(each, "" if each["new"] else "  (was there)") for each in told]
        answer({"documents": told}, "\n".join(lines), as_json=json_)


@app.command(name="list")
def list_(json_: Json = False) -> None:
    """The registered documents. Exit code 1: the schema of this version does not answer one of them.

    Example: stadtbuch documents list
    """
    from infra.documents.checking import Check, operations

    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        check = Check()
        told: list[dict[str, Any]] = []
        for each in registry.registered(place.database):
            wrong = check(each.text)
            names = [] if wrong else operations(each.text)
            told.append(
                {"id": each.id, "operations": names, "source": each.source, "added": each.added_at, "wrong": wrong}
            )
        lines = [_line(each, "".join(f"\n  {line}" for line in each["wrong"])) for each in told]
        text = "\n".join(lines) or "There are none: `stadtbuch documents add FILE`."
        answer({"documents": told}, text, as_json=json_)
    raise typer.Exit(FINDING if any(each["wrong"] for each in told) else DONE)


@app.command()
def show(
    document: Annotated[str, typer.Argument(help="Its id, or how the hash begins.")],
    json_: Json = False,
) -> None:
    """The text of a registered document.

    Example: stadtbuch documents show 7dba4bd7
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        found = registry.find(registry.registered(place.database), document)
        told = {"id": found.id, "source": found.source, "added": found.added_at, "text": found.text}
        answer(told, found.text, as_json=json_)


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="Their ids, or how the hashes begin.")],
    json_: Json = False,
) -> None:
    """Take documents out: front ends that still send them are refused within seconds.

    Example: stadtbuch documents remove 7dba4bd7
    """
    with expected(as_json=json_), installation(settings.load(), say) as place:
        place.check()
        known = registry.registered(place.database)
        gone = registry.remove(place.database, [registry.find(known, each).id for each in documents])
        answer({"removed": gone}, "\n".join(f"{each} is gone." for each in gone), as_json=json_)


def _line(told: dict[str, Any], more: str) -> str:
    return f"{told['id'].removeprefix(PREFIX)}  {', '.join(told['operations'])}{more}"
