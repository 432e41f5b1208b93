"""PostgreSQL arrays in their binary form, built in one go: a batch is sent as 35 arrays, so each must be cheap."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = struct.Struct(">iIIii")
_EMPTY = struct.Struct(">iII")
_LENGTH = struct.Struct(">i")
_NULL = _LENGTH.pack(-1)
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Array(bytes):
    """The binary form of an array."""

    oid: ClassVar[int]


class Int4Array(Array):
    """The binary form of an int4[]."""

    oid = 1007


class Int8Array(Array):
    """The binary form of an int8[]."""

    oid = 1016


class UuidArray(Array):
    """The binary form of a uuid[]."""

    oid = 2951


class TextArray(Array):
    """The binary form of a text[]."""

    oid = 1009


class ByteaArray(Array):
    """The binary form of a bytea[]."""

    oid = 1001


class TimestampArray(Array):
    """The binary form of a timestamptz[]."""

    oid = 1185


class _BinaryDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


def oids(parameters: Iterable[Array]) -> list[int]:
    """The types of arrays, as the server numbers them."""
    return [parameter.oid for parameter in parameters]


def register(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let a connection's cursors send the array classes of this module."""
    for cls in (Int4Array, Int8Array, UuidArray, TextArray, ByteaArray, TimestampArray):
        dumper = type(f"{cls.__name__}Dumper", (_BinaryDumper,), {"oid": cls.oid})
        connection.adapters.register_dumper(cls, dumper)


def _head(element_oid: int, length: int, *, nulls: bool = False) -> bytes:
    return _HEADER.pack(1, int(nulls), element_oid, length, 1)


def _empty(element_oid: int) -> bytes:
    return _EMPTY.pack(0, 0, element_oid)


# Most arrays of a small batch are empty.
_NO_INT4, _NO_INT8, _NO_UUID = Int4Array(_empty(23)), Int8Array(_empty(20)), UuidArray(_empty(2950))
_NO_TEXT, _NO_BYTEA, _NO_TIMESTAMP = TextArray(_empty(25)), ByteaArray(_empty(17)), TimestampArray(_empty(1184))


def int4(values: Sequence[int]) -> Int4Array:
    """An int4[] without nulls."""
    if not values:
        return _NO_INT4
    lengths_and_values = [4] * (2 * len(values))
    lengths_and_values[1::2] = values
    return Int4Array(_head(23, len(values)) + struct.pack(f">{2 * len(values)}i", *lengths_and_values))


def int8(values: Sequence[int]) -> Int8Array:
    """An int8[] without nulls."""
    if not values:
        return _NO_INT8
    parts = [8] * (2 * len(values))
    parts[1::2] = values
    return Int8Array(_head(20, len(values)) + struct.pack(">" + "iq" * len(values), *parts))


def uuid(values: Sequence[UUID]) -> UuidArray:
    """A uuid[] without nulls."""
    if not values:
        return _NO_UUID
    length = _LENGTH.pack(16)
    return UuidArray(_head(2950, len(values)) + b"".join([length + value.bytes for value in values]))


def text(values: Sequence[str]) -> TextArray:
    """A text[] without nulls."""
    if not values:
        return _NO_TEXT
    return TextArray(_variable(25, [value.encode() for value in values]))


def text_of_bytes(values: Sequence[bytes]) -> TextArray:
    """A text[] from values that are UTF-8 already."""
    if not values:
        return _NO_TEXT
    return TextArray(_variable(25, values))


def bytea(values: Sequence[bytes | None]) -> ByteaArray:
    """A bytea[]; None is null."""
    if not values:
        return _NO_BYTEA
    return ByteaArray(_variable(17, values))


def timestamp(values: Sequence[datetime]) -> TimestampArray:
    """A timestamptz[] without nulls, from aware datetimes."""
    if not values:
        return _NO_TIMESTAMP
    parts = [8] * (2 * len(values))
    parts[1::2] = [(value - _POSTGRES_EPOCH) // _MICROSECOND for value in values]
    return TimestampArray(_head(1184, len(values)) + struct.pack(">" + "iq" * len(values), *parts))


def _variable(element_oid: int, values: Sequence[bytes | None]) -> bytes:
    pack = _LENGTH.pack
    parts = [_NULL if value is None else pack(len(value)) + value for value in values]
    return _head(element_oid, len(values), nulls=None in values) + b"".join(parts)
