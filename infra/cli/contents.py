"""`stadtbuch check-content`: whether a file is what a record's facts say it was."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import typer

from domain.families import FAMILIES
from domain.kernel import Recorded
from infra import projector
from infra.cli.console import DONE, FINDING
from infra.codec import Codec
from infra.contents import Kept, Measured, closest, kept, measure
from infra.database import Database
from infra.installation import Installation
from infra.projector.events import Events, connect
from projections import query
from projections.families import PROJECTIONS, REPORTS
from projections.model import find


def run(place: Installation, path: Path, record: str, version: int | None) -> tuple[dict[str, Any], str, int]:
    """Compare a file with what a record's facts keep; answers the result for programs and for people, and the code.

    Raises typer.BadParameter for a number that several records have.
    """
    measured = measure(path)
    result: dict[str, Any] = {"file": str(path), "size": measured.size, "sha256": measured.digests["sha256"]}
    found = _record(place, record)
    events = [] if found is None else events_of(place.database, found)
    if not events:
        text = f"There is no record {record!r}. Check the number, or give the record's id."
        return result | {"verdict": "record unknown", "matches": [], "closest": []}, text, FINDING
    files = list(kept(events))
    asked = [each for each in files if version in (None, each.version)]
    matches = [each for each in asked if each.is_of(measured)]
    near = [] if matches else closest(asked or files, measured)
    verdict = "matches" if matches else "no match"
    lists = {"matches": [asdict(each) for each in matches], "closest": [asdict(each) for each in near]}
    text = _told(path, record, version, measured, files, matches, near)
    return result | {"record": found, "verdict": verdict} | lists, text, DONE if matches else FINDING


def _record(place: Installation, text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        projector.Projector(place.database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        asked = query.by_number(find(PROJECTIONS, "record"), ["record_id", "kind"], [text])
    with psycopg.connect(place.database.conninfo("reader"), autocommit=True) as reader:
        rows = psycopg.RawCursor(reader).execute(asked.sql.encode(), asked.params).fetchall()
    if len(rows) > 1:
        named = ", ".join(f"{kind} {record_id}" for _, record_id, kind in rows)
        raise typer.BadParameter(f"several records have the number {text!r}: {named}. Give the id of one.")
    return rows[0][1] if rows else None


def events_of(database: Database, record_id: UUID) -> list[Recorded]:
    """The events of one record."""
    with connect(database.conninfo("projector")) as connection:
        return Events(connection, Codec(FAMILIES)).of(record_id)


def _told(
    path: Path,
    record: str,
    version: int | None,
    measured: Measured,
    files: list[Kept],
    matches: list[Kept],
    near: list[Kept],
) -> str:
    lines = [f"{path}: {measured.size:,} bytes, sha256 {measured.digests['sha256']}"]
    for each in matches:
        latest = max(other.version for other in files if other.part_id == each.part_id)
        later = "" if each.version == latest else f"; the latest is version {latest}"
        lines.append(f"It matches {each}{later}.")
    if not matches and not files:
        lines.append(f"No match: record {record} keeps the hash of no file.")
    elif not matches:
        only = "" if version is None else f" in version {version}"
        lines.append(f"No match: none of {len(files):,} files that record {record} keeps the hash of{only}. Closest:")
        lines.extend(f"  {each}" for each in near)
    return "\n".join(lines)
