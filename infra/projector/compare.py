"""Whether two tables of a read model hold the same rows: a checksum over all, and the rows that differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from psycopg.sql import SQL, Composed, Identifier

from infra.projector.columns import names
from infra.projector.events import Connection
from infra.projector.table import Table
from infra.projector.versions import Versions
from projections.model import Column, ColumnType

# One checksum for each range of keys, its rows in any order. `offset 0` keeps the planner from hashing each row once
# for every mention of its hash.
_CHECKSUMS: Final = SQL(
    "select r, count(*), encode(sha256(string_agg(h, ''::bytea order by h)), 'hex')"
    " from (select {} as r, sha256(convert_to(t::text, 'UTF8')) h from (select {} from {}) t offset 0) as by_row"
    " group by 1 order by 1"
)
_DIFFERENCES: Final = SQL(
    "select row_to_json(l)::text, row_to_json(r)::text"
    " from (select {} from {} t where {} = any(%b::text[])) l"
    " full join (select {} from {} t where {} = any(%b::text[])) r on ({}) = ({})"
    " where l::text is distinct from r::text order by {} limit %b::bigint"
)


class Range(NamedTuple):
    """The rows whose key begins so: how many, and SHA-256 over them in hex, whatever their order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds, by ranges of its keys."""

    ranges: dict[str, Range]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(each.rows for each in self.ranges.values())

    @property
    def checksum(self) -> str:
        """SHA-256 over the ranges in order, in hex."""
        text = "".join(f"{name} {each.rows} {each.checksum}\n" for name, each in sorted(self.ranges.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    def unlike(self, other: Contents) -> list[str]:
        """The ranges that are not the same in both."""
        names = self.ranges.keys() | other.ranges.keys()
        return sorted(name for name in names if self.ranges.get(name) != other.ranges.get(name))


def _range(column: Column) -> Composed:
    """The range of a key by its first column: what its text begins with, or ten thousand numbers."""
    name = Identifier("t", column.name)
    match column.holds:
        case ColumnType.INTEGER:
            return SQL("({} / 10000)::text").format(name)
        case ColumnType.DATE | ColumnType.INSTANT:
            return SQL("to_char({}, 'YYYY-MM')").format(name)
        case _:
            return SQL("left({}::text, 2)").format(name)


class Origin(NamedTuple):
    """Where the two values of a column come from: the last event that set the right one, and the last after which the
    live one would have been right. None where no event made it."""

    live: int | None
    rebuilt: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the live table does not have as the ledger says: by column, what is there and what should be.

    `live` is None for a row that is missing there, `rebuilt` for one that should not be there. `events` are the
    positions of all events of the key, `origins` says by column which of them made the values that differ.
    """

    key: dict[str, Any]
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None
    events: tuple[int, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, tuple[Any, Any]]:
        """The columns that differ, live and rebuilt."""
        if self.live is None or self.rebuilt is None:
            return {}
        return {name: (value, self.rebuilt[name]) for name, value in self.live.items() if value != self.rebuilt[name]}

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        if self.live is None:
            return f"{key}: missing, made by {_positions(self.events)}"
        if self.rebuilt is None:
            return f"{key}: should not be there, made by {_positions(self.events)}"
        return f"{key}: " + ", ".join(self._told(name, live, own) for name, (live, own) in self.columns.items())

    def _told(self, column: str, live: Any, own: Any) -> str:
        origin = self.origins.get(column, Origin(None, None))
        return f"{column} is {live!r} ({_made(origin.live)}), not {own!r} ({_made(origin.rebuilt)})"


def _positions(events: Sequence[int]) -> str:
    shown = ", ".join(map(str, events[:5])) + (" …" if len(events) > 5 else "")
    return f"events {shown}" if len(events) > 1 else _made(events[0] if events else None)


def _made(position: int | None) -> str:
    return "no event" if position is None else f"event {position}"


def contents(connection: Connection, table: Table | Versions) -> Contents:
    """What a table holds, as the connection sees it."""
    statement = _CHECKSUMS.format(_range(table.key[0]), names(table.columns), table.name)
    found = connection.execute(statement).fetchall()
    return Contents({str(name): Range(int(rows), str(checksum)) for name, rows, checksum in found})


def differences(
    connection: Connection, live: Table | Versions, rebuilt: Table | Versions, ranges: Sequence[str], at_most: int
) -> tuple[Difference, ...]:
    """The first rows, by key, of these ranges that are not the same in both tables."""
    key, shown, of = live.key, names(live.columns), _range(live.key[0])
    either = _either([column.name for column in key])
    statement = _DIFFERENCES.format(
        shown, live.name, of, shown, rebuilt.name, of, names(key, "l"), names(key, "r"), either
    )
    found = connection.execute(statement, (list(ranges), list(ranges), at_most)).fetchall()
    return tuple(_difference(live, *(json.loads(text) if text else None for text in row)) for row in found)


def _either(key: list[str]) -> Composed:
    return SQL(", ").join(SQL("coalesce({}, {})").format(Identifier("l", name), Identifier("r", name)) for name in key)


def _difference(table: Table | Versions, live: dict[str, Any] | None, rebuilt: dict[str, Any] | None) -> Difference:
    there = live or rebuilt or {}
    return Difference({column.name: there[column.name] for column in table.key}, live, rebuilt)
