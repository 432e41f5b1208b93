"""Rows as text: a table for people, CSV for spreadsheets and statistics, JSON for programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final, TextIO

import orjson
from rich.console import Console
from rich.table import Table

from infra.reports.reading import Rows
from projections.model import Column, ColumnType

TABLE_ROWS: Final = 200
_WIDE: Final = 500
# What a spreadsheet takes for the beginning of a formula; the wide signs are so taken in East Asian settings.
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)


def defused(text: str) -> str:
    """A text that no spreadsheet computes: an apostrophe stands before what would begin a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _several(values: Sequence[Any]) -> str:
    return orjson.dumps([str(value) for value in values]).decode()


def _written(column: Column) -> Callable[[Any], str]:
    """How CSV has the values of a column; null is nothing at all."""
    match column.holds:
        case ColumnType.BOOLEAN:
            return lambda value: "true" if value else "false"
        case ColumnType.INSTANT:
            return instant
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return _several
        case ColumnType.TEXT | ColumnType.CHOICE | ColumnType.SEALED | ColumnType.JSON:
            return defused
        case ColumnType.DECIMAL:
            return lambda value: f"{value:f}"
        case _:
            return str


def instant(value: datetime) -> str:
    """An instant in UTC, as ISO 8601 has it."""
    return value.isoformat().replace("+00:00", "Z")


def to_csv(rows: Rows, out: TextIO) -> None:
    """RFC 4180 with a header. Texts that begin like a formula get an apostrophe before them."""
    writer = csv.writer(out)
    writer.writerow([column.name for column in rows.columns])
    written = [_written(column) for column in rows.columns]
    writer.writerows(
        ["" if value is None else write(value) for write, value in zip(written, row, strict=True)] for row in rows
    )


def to_json(rows: Rows, out: TextIO) -> None:
    """An array of objects, one on each line. Amounts are strings, as everywhere in JSON here."""
    names = [column.name for column in rows.columns]
    raw = [place for place, column in enumerate(rows.columns) if column.holds is ColumnType.JSON]
    out.write("[")
    before = "\n"
    for row in rows:
        values: list[Any] = list(row)
        for place in raw:
            values[place] = None if values[place] is None else orjson.Fragment(values[place])
        found = dict(zip(names, values, strict=True))
        out.write(before + orjson.dumps(found, default=_plain, option=orjson.OPT_UTC_Z).decode())
        before = ",\n"
    out.write("\n]\n")


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{value!r} is not a value of a row")


def to_table(rows: Rows, out: TextIO) -> None:
    """For people: the header comes again every so many rows, since widths are those of the rows on hand."""
    console = Console(file=out, highlight=False, **({} if out.isatty() else {"width": _WIDE}))  # type: ignore[arg-type]
    read = iter(rows)
    shown = 0
    while chunk := list(islice(read, TABLE_ROWS)):
        table = Table()
        for column in rows.columns:
            table.add_column(column.name, justify="right" if column.holds in _NUMBERS else "left", overflow="fold")
        for row in chunk:
            table.add_row(*map(_cell, row))
        console.print(table)
        shown += len(chunk)
    if not shown:
        print("No rows.", file=sys.stderr)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}Z"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
