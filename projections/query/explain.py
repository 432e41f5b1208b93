"""Which events set the values of a row: its versions with the events that made them, and what changed between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from projections.model import Projection, columns_of
from projections.query.text import BadQuery, Statement, Text, quoted

MOST_STEPS: Final = 10_000
FOLLOWING: Final = frozenset({"position", "version", "changed_at"})
"""Columns that every event sets: told only where they are asked for."""
_EVENT: Final = ("position", "topic", "actor", "recorded_at", "effective_at")


class Told(NamedTuple):
    """An event that made a version of a row."""

    position: int
    topic: str
    actor: UUID
    recorded_at: datetime
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """A column that an event set, with the value before; None where there was no row or no value."""

    key: tuple[Any, ...]
    column: str
    old: Any
    new: Any
    event: Told


@dataclass(frozen=True, slots=True)
class Blame:
    """The statement that finds the versions of rows, and how to read what it answers."""

    statement: Statement
    projection: Projection
    columns: tuple[str, ...]

    def read(self, answered: Sequence[tuple[Any, ...]]) -> list[Changed]:
        """What each event changed, by row, oldest first."""
        width, told = len(self.projection.key), len(_EVENT)
        found: list[Changed] = []
        before: dict[tuple[Any, ...], tuple[int | None, tuple[Any, ...]]] = {}
        for row in answered:
            key, event = row[:width], Told(*row[width : width + told])
            ends, values = row[width + told], row[width + told + 1 :]
            ended, old = before.get(key, (None, ()))
            gone = not old or ended != event.position
            for place, (name, new) in enumerate(zip(self.columns, values, strict=True)):
                was = None if gone else old[place]
                if was != new:
                    found.append(Changed(key, name, was, new, event))
            before[key] = (ends, values)
        return found


def explained(projection: Projection, column: str | None) -> tuple[str, ...]:
    """The columns that are told of: the one asked for, or all that not every event sets. Raises BadQuery."""
    known = columns_of(projection.row)
    if column is None:
        return tuple(name for name in known if name not in FOLLOWING)
    if column not in known:
        raise BadQuery(f"{projection.name} has no column {column!r}; it has {', '.join(known)}")
    return (column,)


def blame(
    projection: Projection,
    keys: Sequence[Sequence[Any]],
    *,
    by: Sequence[str] | None = None,
    column: str | None = None,
    upto: int | None = None,
) -> Blame:
    """Of the rows whose columns `by` (the key, unless it is given) have these values: what set their values, or those
    of one `column`, up to a position. A version that an event made late, of days that had passed, is not told of.

    Values of `by` may be texts. Raises BadQuery where no versions are kept.
    """
    if not projection.keeps_versions:
        raise BadQuery(f"{projection.name} keeps no versions: each of its rows names its event")
    text, columns = Text(projection), explained(projection, column)
    found_by = [text.column(name) for name in (by or projection.key)]
    arrays = ", ".join(
        text.param([key[place] if each.holds.sql != "text" else str(key[place]) for key in keys], f"{each.holds.sql}[]")
        for place, each in enumerate(found_by)
    )
    by_names = ", ".join(quoted(each) for each in found_by)
    shown = ", ".join(
        [
            *(f"v.{quoted(text.column(name))}" for name in projection.key),
            *(f"e.{name}" for name in _EVENT),
            "v.to_position",
            *(f"v.{quoted(text.column(name))}" for name in columns),
        ]
    )
    last = "" if upto is None else f" and v.from_position <= {text.param(upto, 'bigint')}"
    limit = text.param(MOST_STEPS + 1, "bigint")
    return Blame(
        text.statement(
            f'select {shown} from history."{projection.name}" v join unnest({arrays}) k({by_names})'
            f" on {' and '.join(f'v.{quoted(each)} = k.{quoted(each)}' for each in found_by)}"
            " join read.event e on e.position = v.from_position"
            f" where (v.to_position is null or v.to_position > v.from_position){last}"
            f" order by v.from_position limit {limit}"
        ),
        projection,
        columns,
    )
