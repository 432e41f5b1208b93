"""Columns of rows as PostgreSQL arrays in their binary form: a batch of rows is written as one array per column."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from projections.model import ColumnType, reference

_HEADER: Final = struct.Struct(">iIIii")
_EMPTY: Final = struct.Struct(">iII")
_LENGTH: Final = struct.Struct(">i")
_INT8: Final = struct.Struct(">iq")
_INT4: Final = struct.Struct(">ii")
_NULL: Final = _LENGTH.pack(-1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(2000, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_BOOLEAN: Final = {True: _LENGTH.pack(1) + b"\x01", False: _LENGTH.pack(1) + b"\x00", None: _NULL}
_UUID_LENGTH: Final = _LENGTH.pack(16)


class BinaryArray(bytes):
    """The binary form of an array. Its type is that of the cast it stands under."""


class _BinaryArrayDumper(Dumper):
    format = Format.BINARY
    oid = 0

    def dump(self, obj: bytes) -> bytes:
        return obj


def register(connection: psycopg.Connection[Any]) -> None:
    """Let a connection send arrays made here."""
    connection.adapters.register_dumper(BinaryArray, _BinaryArrayDumper)


Encode = Callable[[Sequence[Any]], list[bytes]]


def _integers(values: Sequence[int | None]) -> list[bytes]:
    pack = _INT8.pack
    return [_NULL if value is None else pack(8, value) for value in values]


def _texts(values: Sequence[str | None]) -> list[bytes]:
    pack = _LENGTH.pack
    encoded = [None if value is None else value.encode() for value in values]
    return [_NULL if value is None else pack(len(value)) + value for value in encoded]


def _booleans(values: Sequence[bool | None]) -> list[bytes]:
    return [_BOOLEAN[value] for value in values]


def _uuids(values: Sequence[UUID | None]) -> list[bytes]:
    return [_NULL if value is None else _UUID_LENGTH + value.bytes for value in values]


def _dates(values: Sequence[date | None]) -> list[bytes]:
    pack = _INT4.pack
    return [_NULL if value is None else pack(4, value.toordinal() - _EPOCH_DAY) for value in values]


def _instants(values: Sequence[datetime | None]) -> list[bytes]:
    pack = _INT8.pack
    return [_NULL if value is None else pack(8, (value - _EPOCH) // _MICROSECOND) for value in values]


def _as_text(written: Callable[[Any], str]) -> Encode:
    return lambda values: _texts([None if value is None else written(value) for value in values])


def _array_literal(values: Sequence[object]) -> str:
    escaped = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in escaped) + "}"


# What travels as text is cast to its column's type where it is inserted.
_WIRE: Final[dict[ColumnType, tuple[str, int, Encode]]] = {
    ColumnType.INTEGER: ("bigint", 20, _integers),
    ColumnType.TEXT: ("text", 25, _texts),
    ColumnType.CHOICE: ("text", 25, _texts),
    ColumnType.BOOLEAN: ("boolean", 16, _booleans),
    ColumnType.UUID: ("uuid", 2950, _uuids),
    ColumnType.DATE: ("date", 1082, _dates),
    ColumnType.INSTANT: ("timestamptz", 1184, _instants),
    ColumnType.DECIMAL: ("text", 25, _as_text(str)),
    ColumnType.JSON: ("text", 25, _texts),
    ColumnType.SEALED: ("text", 25, _as_text(reference)),
    ColumnType.TEXTS: ("text", 25, _as_text(_array_literal)),
    ColumnType.UUIDS: ("text", 25, _as_text(_array_literal)),
}


def wire_type(holds: ColumnType) -> str:
    """The type of the array's elements."""
    return _WIRE[holds][0]


def array(holds: ColumnType, values: Sequence[Any]) -> BinaryArray:
    """The values of a column, None for null."""
    _, oid, encode = _WIRE[holds]
    if not values:
        return BinaryArray(_EMPTY.pack(0, 0, oid))
    elements = encode(values)
    return BinaryArray(_HEADER.pack(1, 1, oid, len(elements), 1) + b"".join(elements))
