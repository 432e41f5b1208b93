"""Rows of a read model fetched by key, and changed rows written: a few statements for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from infra.projector.events import Connection
from infra.projector.fold import Batch, Cell
from infra.projector.history import Version
from infra.projector.rows import Key
from infra.projector.table import Table

# COPY takes two round trips of its own, and half the time for each row.
COPY_FROM: Final = 100


def rows_of(table: Table, found: Iterable[tuple[Any, ...]]) -> dict[Key, Any]:
    """Answered rows by key."""
    places = [table.shape.names.index(column.name) for column in table.shape.key]
    return {tuple(values[place] for place in places): table.shape.row(values) for values in found}


def fetch(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, Any]:
    """The rows with these keys; a key without a row is not there."""
    if not keys:
        return {}
    cursor = connection.execute(table.select, table.shape.keys(keys), binary=True, prepare=True)
    return rows_of(table, cursor.fetchall())


@dataclass(slots=True)
class Changes:
    """What a batch does to a table, and to the versions of its rows: those that are new, and those that end."""

    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    gone: list[Key] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    ended: list[tuple[Key, Version]] = field(default_factory=list)

    @classmethod
    def of(cls, cells: Mapping[Key, Cell]) -> Changes:
        """From the rows before and after."""
        made = cls()
        for key, cell in cells.items():
            if cell.line is not None:
                made.versions += cell.line.new
                made.ended += [(key, version) for version in cell.line.changed.values()]
            if cell.before is None:
                if cell.row is not None:
                    made.new.append(cell.row)
            elif cell.row is None:
                made.gone.append(key)
            elif cell.row is not cell.before:
                made.changed.append(cell.row)
        return made

    def copy(self, connection: Connection, table: Table) -> None:
        """Write many new rows. Not to be called in a pipeline."""
        if len(self.new) >= COPY_FROM:
            copy_rows(connection, table, self.new)
            self.new = []
        if len(self.versions) >= COPY_FROM and table.versions is not None:
            table.versions.copy(connection, self.versions)
            self.versions = []

    def write(self, connection: Connection, table: Table) -> None:
        """Write what is left."""
        if self.gone:
            connection.execute(table.delete, table.shape.keys(self.gone), prepare=True)
        if self.changed:
            connection.execute(table.update, table.shape.arrays(self.changed), prepare=True)
        if self.new:
            connection.execute(table.insert, table.shape.arrays(self.new), prepare=True)
        if table.versions is not None:
            table.versions.write(connection, self.versions, self.ended)


def write(connection: Connection, table: Table, batch: Batch) -> None:
    """Make the table's rows those after the batch."""
    changes = Changes.of(batch.cells)
    changes.copy(connection, table)
    changes.write(connection, table)


def copy_rows(connection: Connection, table: Table, rows: Iterable[Any], *, freeze: bool = False) -> None:
    """Add rows by COPY; frozen where the table was made in the same transaction."""
    copied = table.shape.copied
    with connection.cursor().copy(table.copy(freeze=freeze)) as copy:
        copy.set_types(table.shape.copy_types)
        for row in rows:
            copy.write_row(copied(row))
