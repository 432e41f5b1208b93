"""Rows of a read model on their way to the database and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from infra.projector.arrays import BinaryArray, array
from projections.model import Column, ColumnType, Projection, columns_of, reference, referred, row_of

Key = tuple[Any, ...]
Values = tuple[Any, ...]


def _from_database(column: Column) -> Callable[[Any], Any] | None:
    match column.holds:
        case ColumnType.CHOICE:
            return column.choices
        case ColumnType.SEALED:
            return referred
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return tuple
    return None


def _for_copy(column: Column) -> Callable[[Any], Any] | None:
    match column.holds:
        case ColumnType.SEALED:
            return reference
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return list
    return None


def _converting(columns: Iterable[Column], how: Callable[[Column], Callable[[Any], Any] | None]) -> list[Any]:
    found = ((place, how(column)) for place, column in enumerate(columns))
    return [(place, convert) for place, convert in found if convert is not None]


@dataclass(slots=True)
class Shape:
    """How the rows of one projection are taken apart and put together."""

    projection: Projection
    columns: tuple[Column, ...] = field(init=False)
    names: tuple[str, ...] = field(init=False)
    key: tuple[Column, ...] = field(init=False)
    _values: Callable[[Any], Values] = field(init=False)
    _reading: list[tuple[int, Callable[[Any], Any]]] = field(init=False)
    _copying: list[tuple[int, Callable[[Any], Any]]] = field(init=False)

    def __post_init__(self) -> None:
        known = columns_of(self.projection.row)
        self.columns = tuple(known.values())
        self.names = tuple(known)
        self.key = tuple(known[name] for name in self.projection.key)
        getter = attrgetter(*self.names)
        self._values = getter if len(self.names) > 1 else lambda row: (getter(row),)
        self._reading = _converting(self.columns, _from_database)
        self._copying = _converting(self.columns, _for_copy)

    def row(self, values: Sequence[Any]) -> Any:
        """A row from the values of its columns, as the database answers them."""
        found = list(values)
        for place, convert in self._reading:
            if found[place] is not None:
                found[place] = convert(found[place])
        return row_of(self.projection.row, found)

    @property
    def copy_types(self) -> list[str]:
        """The types that COPY takes the values as. The text of a JSON value is not to be encoded again."""
        return ["text" if column.holds is ColumnType.JSON else column.holds.sql for column in self.columns]

    def copied(self, row: Any) -> Sequence[Any]:
        """The values of a row's columns, as COPY takes them."""
        values = self._values(row)
        if not self._copying:
            return values
        found = list(values)
        for place, convert in self._copying:
            if found[place] is not None:
                found[place] = convert(found[place])
        return found

    def arrays(self, rows: Sequence[Any]) -> list[BinaryArray]:
        """One array for each column."""
        columns = zip(*map(self._values, rows), strict=True) if rows else ((),) * len(self.columns)
        return [array(column.holds, values) for column, values in zip(self.columns, columns, strict=True)]

    def keys(self, keys: Sequence[Key]) -> list[BinaryArray]:
        """One array for each column of the key."""
        columns = zip(*keys, strict=True) if keys else ((),) * len(self.key)
        return [array(column.holds, values) for column, values in zip(self.key, columns, strict=True)]
