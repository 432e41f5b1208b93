"""`stadtbuch explain`: which events set the values of a read model's row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import typer

from infra.cli.console import DONE, FINDING
from infra.installation import Installation
from projections import query
from projections.families import PROJECTIONS
from projections.model import Projection, columns_of, find
from projections.query.explain import MOST_STEPS, Changed, blame


def run(place: Installation, name: str, record: str, column: str | None) -> tuple[dict[str, Any], str, int]:
    """What set the values of a record's rows: for programs, for people, and the exit code.

    Raises typer.BadParameter for what cannot be asked so.
    """
    try:
        projection = find(PROJECTIONS, name)
        with psycopg.connect(place.database.conninfo("reader"), autocommit=True) as reader:
            found = _named(reader, projection, record)
            if found is None:
                return {"readModel": name, "changes": []}, f"No record has the number {record!r}.", FINDING
            by, key = found
            asked = blame(projection, [key], by=by, column=column)
            answered = psycopg.RawCursor(reader).execute(asked.statement.sql.encode(), asked.statement.params)
            rows = answered.fetchall()
    except (LookupError, query.BadQuery) as error:
        raise typer.BadParameter(str(error)) from error
    except psycopg.DataError as error:
        raise typer.BadParameter(f"{record!r} names no row of {name}: give the number or id of a record") from error
    changed = asked.read(rows[:MOST_STEPS])
    changes = [_as_json(projection, each) for each in changed]
    lines = [_told(projection, each) for each in changed] or [f"{name} has no row of {record!r}."]
    if len(rows) > MOST_STEPS:
        lines.append(f"There is more: only the first {MOST_STEPS:,} versions are told. Name a --field of fewer rows.")
    return {"readModel": name, "changes": changes}, "\n".join(lines), DONE if changed else FINDING


def _named(
    reader: psycopg.Connection[tuple[Any, ...]], projection: Projection, text: str
) -> tuple[tuple[str, ...], tuple[Any, ...]] | None:
    """The columns and values by which the rows are found: of a record by id or number, or a key with commas between.

    None where no record has the number.
    """
    if "record_id" not in columns_of(projection.row):
        parts = tuple(part.strip() for part in text.split(","))
        if len(parts) != len(projection.key):
            raise query.BadQuery(f"a row of {projection.name} is named by {','.join(projection.key)}")
        return projection.key, parts
    try:
        return ("record_id",), (UUID(text),)
    except ValueError:
        asked = query.by_number(find(PROJECTIONS, "record"), ["record_id", "kind"], [text])
    rows = psycopg.RawCursor(reader).execute(asked.sql.encode(), asked.params).fetchall()
    if not rows:
        return None
    if len(rows) > 1:
        named = ", ".join(f"{kind} {record_id}" for _, record_id, kind in rows)
        raise query.BadQuery(f"several records have the number {text!r}: {named}. Give the id of one")
    return ("record_id",), (rows[0][1],)


def _as_json(projection: Projection, changed: Changed) -> dict[str, Any]:
    return {
        "key": dict(zip(projection.key, changed.key, strict=True)),
        "field": changed.column,
        "old": changed.old,
        "new": changed.new,
        **changed.event._asdict(),
    }


def _told(projection: Projection, changed: Changed) -> str:
    event = changed.event
    key = "" if projection.key == ("record_id",) else f"{', '.join(map(str, changed.key))}: "
    when = f"{event.recorded_at:%Y-%m-%d %H:%M:%S %Z}"
    was = "" if changed.old is None else f"{changed.old!s} → "
    now = "nothing" if changed.new is None else changed.new
    return f"{key}{changed.column}: {was}{now}  (event {event.position:,}, {event.topic}, {when}, by {event.actor})"
