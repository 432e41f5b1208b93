"""Read models and the event log as tables of other tools: columns, their Arrow types, and rows taken apart for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final
from uuid import UUID
from zlib import crc32

import pyarrow as pa

from domain.kernel import Message
from infra.arrow import arrow_type
from infra.exports.terms import DIGITS
from projections.model import Column, ColumnType, Projection, added_column, columns_of, reference


def _plain(column: Column) -> Callable[[Any], Any] | None:
    """How a value of the column is written where there are no uuids, enumerations and references; None for as it is."""
    match column.holds:
        case ColumnType.UUID | ColumnType.CHOICE:
            return str
        case ColumnType.SEALED:
            return reference
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return lambda values: [str(value) for value in values]
        case ColumnType.DECIMAL:
            return Decimal
    return None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written: its columns, how a row becomes their values, and the part a row belongs to."""

    name: str
    about: Message
    columns: tuple[Column, ...]
    values: Callable[[Any], Sequence[Any]]
    hashed: Callable[[Any], int]

    @property
    def schema(self) -> pa.Schema:
        """The table in Arrow, with the meaning of each column."""
        fields = [
            pa.field(
                each.name,
                arrow_type(each, DIGITS.after),
                nullable=each.nullable,
                metadata={"comment": each.comment.en, "comment:de": each.comment.de},
            )
            for each in self.columns
        ]
        return pa.schema(fields, metadata={"comment": self.about.en, "comment:de": self.about.de})

    def batch(self, rows: Sequence[Any]) -> pa.RecordBatch:
        """Rows in Arrow."""
        values = self.values
        columns = zip(*(values(row) for row in rows), strict=True)
        schema = self.schema
        arrays = [pa.array(column, each.type) for column, each in zip(columns, schema, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def sheet_of(projection: Projection) -> Sheet:
    """The table of a read model. Rows with a record are hashed by it, all others by their key."""
    columns = tuple(columns_of(projection.row).values())
    getter = attrgetter(*(column.name for column in columns))
    plain = [(place, how) for place, column in enumerate(columns) if (how := _plain(column)) is not None]

    def values(row: Any) -> Sequence[Any]:
        found = list(getter(row))
        for place, how in plain:
            if found[place] is not None:
                found[place] = how(found[place])
        return found

    key = attrgetter(*projection.key)

    def by_record(row: Any) -> int:
        return record_hash(row.record_id)

    def by_key(row: Any) -> int:
        return crc32(repr(key(row)).encode())

    hashed = by_record if any(column.name == "record_id" for column in columns) else by_key
    return Sheet(projection.name, projection.comment, columns, values, hashed)


def record_hash(record_id: UUID) -> int:
    """What a record's rows and events are parted by: CRC-32 of the sixteen bytes of its id."""
    return crc32(record_id.bytes)


EVENT_LOG: Final = Sheet(
    "event_log",
    Message("Every event as the ledger stores it.", "Jedes Ereignis, wie das Register es speichert."),
    (
        added_column(
            "position", ColumnType.INTEGER, "Place in the ledger: 1, 2, 3 … without gaps.", "Stelle im Register."
        ),
        added_column("record_id", ColumnType.TEXT, "The record that changed.", "Der geänderte Datensatz."),
        added_column(
            "version", ColumnType.INTEGER, "The record's version after it.", "Version des Datensatzes danach."
        ),
        added_column("topic", ColumnType.TEXT, "What happened.", "Was geschah."),
        added_column("recorded_at", ColumnType.INSTANT, "When it was recorded.", "Wann es aufgezeichnet wurde."),
        added_column("effective_at", ColumnType.INSTANT, "When it happened.", "Wann es sich ereignete."),
        added_column("envelope", ColumnType.JSON, "Who recorded it, and why.", "Wer es warum aufzeichnete."),
        added_column("body", ColumnType.JSON, "The fact, as it is stored.", "Die Tatsache, wie gespeichert."),
    ),
    lambda row: (row[0], str(row[1]), *row[2:]),
    lambda row: record_hash(row[1]),
)
"""The events, of rows as the ledger answers them."""
