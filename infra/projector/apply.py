"""Rows of a read model fetched by key, and changed rows written: a few statements for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.projector.events import Connection
from infra.projector.rows import Key
from infra.projector.table import Table


def rows_of(table: Table, found: Sequence[tuple[Any, ...]]) -> dict[Key, Any]:
    """Answered rows by key."""
    places = [table.shape.names.index(column.name) for column in table.shape.key]
    return {tuple(values[place] for place in places): table.shape.row(values) for values in found}


def fetch(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, Any]:
    """The rows with these keys; a key without a row is not there."""
    if not keys:
        return {}
    cursor = connection.execute(table.select, table.shape.keys(keys), binary=True, prepare=True)
    return rows_of(table, cursor.fetchall())


def write(connection: Connection, table: Table, before: Mapping[Key, Any], after: Mapping[Key, Any]) -> None:
    """Make the table's rows those of `after`, where `before` holds what it has under these keys."""
    new, changed, gone = [], [], []
    for key, row in after.items():
        old = before.get(key)
        if row is None:
            if old is not None:
                gone.append(key)
        elif old is None:
            new.append(row)
        elif row is not old:
            changed.append(row)
    if gone:
        connection.execute(table.delete, table.shape.keys(gone), prepare=True)
    if changed:
        rest = table.shape.arrays(changed)
        connection.execute(table.update, rest, prepare=True)
    if new:
        connection.execute(table.insert, table.shape.arrays(new), prepare=True)
