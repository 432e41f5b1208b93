"""What each kind of export writes. Imported by who exports: Arrow takes a moment to load."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from infra.exports.clear import SEALED_TEXT, Clear
from infra.exports.destination import MANIFEST
from infra.exports.gdpdu import write_gdpdu
from infra.exports.ocel import write_ocel
from infra.exports.parquet import write_parquet
from infra.exports.separated import write_csv
from infra.exports.source import Source
from infra.exports.tables import EVENT_LOG, Sheet, sheet_of
from infra.exports.terms import ALWAYS, Exported, Kind, Period, StandsStill
from infra.exports.xes import write_xes
from projections.families import PROJECTIONS

PARTS: Final = 8


Write = Callable[[Sheet, Iterable[Sequence[Any]]], int]


def export(
    kind: Kind,
    source: Source,
    place: Path,
    *,
    parts: int = PARTS,
    period: Period = ALWAYS,
    clear: Clear | None = None,
) -> Exported:
    """Write an export into a directory, with a note of what it is; `period` is for gdpdu. Raises FoldFailed.

    With `clear` parquet and csv have one table more, of all sealed texts; everything else is as without.
    """
    match kind:
        case Kind.PARQUET:
            counts = _tables(source, lambda sheet, rows: write_parquet(place, sheet, rows, parts), clear)
        case Kind.CSV:
            counts = _tables(source, lambda sheet, rows: write_csv(place, sheet, rows), clear)
        case Kind.OCEL:
            counts = write_ocel(place, source)
        case Kind.XES:
            counts = write_xes(place, source)
        case Kind.GDPDU:
            counts = write_gdpdu(place, source, period)
    still = {name: rows for name, rows in source.still.items() if rows}
    done = Exported(source.log, kind, source.position, counts, still)
    noted = {"log": done.log, "kind": kind, "position": done.position, "counts": counts, **standing(still)}
    if clear is not None:
        done = replace(done, clear=clear.entry, erased=clear.erased)
        noted["inClear"] = in_clear(done)
    (place / MANIFEST).write_text(json.dumps(noted, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return done


def standing(still: Mapping[str, Sequence[StandsStill]]) -> dict[str, Any]:
    """The rows that stand still, for programs: how many by read model, and each with the event it does not reflect."""
    aside = [{"readModel": name, **each._asdict()} for name, rows in still.items() for each in rows]
    return {"standingStill": {name: len(rows) for name, rows in still.items()}, "setAside": aside}


def in_clear(done: Exported) -> dict[str, Any] | None:
    """What left in clear, for programs: the entry that tells of it, and how many texts nobody can open."""
    if done.clear is None:
        return None
    return {"entry": done.clear.number, "leaf": done.clear.leaf, "erased": done.erased}


def _tables(source: Source, write: Write, clear: Clear | None) -> dict[str, int]:
    counts = {EVENT_LOG.name: write(EVENT_LOG, source.events())}
    if clear is not None:
        counts[SEALED_TEXT.name] = write(SEALED_TEXT, clear.texts(source))
    for projection in PROJECTIONS:
        sheet = sheet_of(projection)
        counts[projection.name] = source.rows(projection, lambda rows, sheet=sheet: write(sheet, rows))  # type: ignore[misc]
    return counts
