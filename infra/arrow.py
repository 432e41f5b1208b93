"""The Arrow types that hold the columns of read models."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from projections.model import Column, ColumnType

_TYPES: Final[dict[ColumnType, pa.DataType]] = {
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INSTANT: pa.timestamp("us", "UTC"),
    ColumnType.TEXTS: pa.list_(pa.string()),
    ColumnType.UUIDS: pa.list_(pa.string()),
}


def arrow_type(column: Column, decimals: int) -> pa.DataType:
    """The type of a column's values; amounts have so many decimals, and what has no type here is text."""
    if column.holds is ColumnType.DECIMAL:
        return pa.decimal128(38, decimals)
    return _TYPES.get(column.holds, pa.string())
