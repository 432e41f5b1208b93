"""Whether two tables of a read model hold the same rows: a checksum over all, and the rows that differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from psycopg.sql import SQL, Composed, Identifier

from infra.projector.events import Connection
from infra.projector.table import Table, names

# Rows in any order, in as many steps as keep each step's input below what one value can hold. `offset 0` keeps the
# planner from hashing each row once for every mention of its hash.
_CHECKSUM: Final = SQL(
    "select coalesce(sum(n), 0)::bigint,"
    " encode(sha256(coalesce(string_agg(h, ''::bytea order by b), ''::bytea)), 'hex')"
    " from (select substr(h, 1, 1) b, count(*) n, sha256(string_agg(h, ''::bytea order by h)) h"
    " from (select sha256(convert_to(t::text, 'UTF8')) h from (select {} from {}) t offset 0) as by_row"
    " group by 1) as by_first_byte"
)
_DIFFERENCES: Final = SQL(
    "select row_to_json(l)::text, row_to_json(r)::text"
    " from (select {} from {}) l full join (select {} from {}) r on ({}) = ({})"
    " where l::text is distinct from r::text order by {} limit %b::bigint"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows a table holds, and SHA-256 over them in hex, whatever their order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the live table does not have as the ledger says: by column, what is there and what should be.

    `live` is None for a row that is missing there, `rebuilt` for one that should not be there.
    """

    key: dict[str, Any]
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None

    @property
    def columns(self) -> dict[str, tuple[Any, Any]]:
        """The columns that differ, live and rebuilt."""
        if self.live is None or self.rebuilt is None:
            return {}
        return {name: (value, self.rebuilt[name]) for name, value in self.live.items() if value != self.rebuilt[name]}

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        if self.live is None:
            return f"{key}: missing"
        if self.rebuilt is None:
            return f"{key}: should not be there"
        return f"{key}: " + ", ".join(f"{name} is {live!r}, not {own!r}" for name, (live, own) in self.columns.items())


def contents(connection: Connection, table: Table) -> Contents:
    """What a table holds, as the connection sees it."""
    rows, checksum = connection.execute(_CHECKSUM.format(names(table.shape.columns), table.name)).fetchall()[0]
    return Contents(int(rows), str(checksum))


def differences(connection: Connection, live: Table, rebuilt: Table, at_most: int) -> tuple[Difference, ...]:
    """The first rows, by key, that are not the same in both tables."""
    key = live.shape.key
    shown = names(live.shape.columns)
    either = _either([column.name for column in key])
    statement = _DIFFERENCES.format(shown, live.name, shown, rebuilt.name, names(key, "l"), names(key, "r"), either)
    found = connection.execute(statement, (at_most,)).fetchall()
    return tuple(_difference(live, *(json.loads(text) if text else None for text in row)) for row in found)


def _either(key: list[str]) -> Composed:
    return SQL(", ").join(SQL("coalesce({}, {})").format(Identifier("l", name), Identifier("r", name)) for name in key)


def _difference(table: Table, live: dict[str, Any] | None, rebuilt: dict[str, Any] | None) -> Difference:
    there = live or rebuilt or {}
    return Difference({column.name: there[column.name] for column in table.shape.key}, live, rebuilt)
