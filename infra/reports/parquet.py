"""Rows as Parquet: typed columns with their meaning, written chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from infra.arrow import arrow_type
from infra.reports.errors import DoesNotFit
from infra.reports.reading import Rows
from projections.model import Column, ColumnType

GROUP: Final = 20_000
SCALE: Final = 9


def schema(rows: Rows) -> pa.Schema:
    """The columns with their types; uuids and JSON are text, and each column's meaning is in its metadata."""
    about = rows.source.comment
    position = {} if rows.position is None else {"stadtbuch.position": str(rows.position)}
    fields = [
        pa.field(
            column.name,
            arrow_type(column, SCALE),
            metadata={"comment.en": column.comment.en, "comment.de": column.comment.de},
        )
        for column in rows.columns
    ]
    named = {"stadtbuch.name": rows.source.name, "comment.en": about.en, "comment.de": about.de}
    return pa.schema(fields, metadata={**named, **position})


def to_parquet(rows: Rows, path: Path) -> None:
    """Writes groups of rows, compressed. Raises DoesNotFit."""
    shape = schema(rows)
    prepare = [_prepared(column) for column in rows.columns]
    read = iter(rows)
    with pq.ParquetWriter(path, shape, compression="zstd") as writer:
        while chunk := list(islice(read, GROUP)):
            values = zip(*chunk, strict=True)
            try:
                arrays = [
                    pa.array([None if v is None else how(v) for v in column] if how else column, field.type)
                    for column, how, field in zip(values, prepare, shape, strict=True)
                ]
            except pa.ArrowInvalid as error:
                raise DoesNotFit(f"Parquet holds {SCALE} decimals here: {error}. Take csv or json.") from error
            writer.write_table(pa.Table.from_arrays(arrays, schema=shape))


def _prepared(column: Column) -> Callable[[Any], Any] | None:
    match column.holds:
        case ColumnType.UUID:
            return str
        case ColumnType.UUIDS:
            return lambda values: [str(value) for value in values]
        case _:
            return None
