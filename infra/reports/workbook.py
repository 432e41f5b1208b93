"""Rows as a workbook of Excel (XLSX): one sheet of rows, one that says what the columns mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from infra.reports.errors import DoesNotFit
from infra.reports.reading import Rows
from infra.reports.texts import instant
from projections.model import Column, ColumnType

MOST_ROWS: Final = 1_048_575
LONGEST: Final = 32_767
_EXACT: Final = 2**53
_DIGITS: Final = 15
_FIRST_YEAR: Final = 1900
_INSTEAD: Final = "Take csv, json or parquet, or fewer rows by --where and --limit."


def to_xlsx(rows: Rows, path: Path) -> None:
    """Writes row by row. Text is stored as text: no cell is a formula or a link. Raises DoesNotFit."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Rows")
        sheet.freeze_panes(1, 0)
        cells = [_Cells(sheet, place, column, book) for place, column in enumerate(rows.columns)]
        for place, column in enumerate(rows.columns):
            sheet.set_column(place, place, max(12, min(40, len(column.name) + 2)))
            sheet.write_string(0, place, column.name, bold)
        for line, row in enumerate(rows, 1):
            if line > MOST_ROWS:
                raise DoesNotFit(f"A sheet of XLSX holds {MOST_ROWS:,} rows, and there are more. {_INSTEAD}")
            for cell, value in zip(cells, row, strict=True):
                if value is not None:
                    cell.write(line, value)
        sheet.autofilter(0, 0, max(rows.count, 1), len(rows.columns) - 1)
        _explain(book.add_worksheet("Columns"), rows, bold)


def _explain(sheet: Worksheet, rows: Rows, bold: Format) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 70)
    about = rows.source.comment
    position = "" if rows.position is None else f"Position {rows.position}, "
    lines: list[tuple[str, str, str]] = [
        (rows.source.name, about.en, about.de),
        ("", f"{position}written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Times are UTC.", "Zeitangaben in UTC."),
        ("Column", "Meaning", "Bedeutung"),
        *((column.name, column.comment.en, column.comment.de) for column in rows.columns),
    ]
    for line, texts in enumerate(lines):
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text, bold if line in (0, 2) else None)


class _Cells:
    """The cells of one column."""

    def __init__(self, sheet: Worksheet, place: int, column: Column, book: Any) -> None:
        self.sheet = sheet
        self.place = place
        self.column = column
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.put = self._how()

    def write(self, line: int, value: Any) -> None:
        """One cell; what a number or date of XLSX cannot hold exactly is written as text."""
        self.put(line, value)

    def _how(self) -> Callable[[int, Any], None]:
        match self.column.holds:
            case ColumnType.INTEGER | ColumnType.DECIMAL:
                return self._number
            case ColumnType.BOOLEAN:
                return lambda line, value: _done(self.sheet.write_boolean(line, self.place, value))
            case ColumnType.DATE:
                return self._day
            case ColumnType.INSTANT:
                return self._instant
            case ColumnType.TEXTS | ColumnType.UUIDS:
                return lambda line, value: self._text(line, ", ".join(map(str, value)))
            case _:
                return self._text

    def _text(self, line: int, value: Any) -> None:
        text = str(value)
        if len(text) > LONGEST:
            what = f"Row {line}, {self.column.name}: {len(text):,} characters, and a cell of XLSX holds {LONGEST:,}"
            raise DoesNotFit(f"{what}. {_INSTEAD}")
        _done(self.sheet.write_string(line, self.place, text))

    def _number(self, line: int, value: int | Decimal) -> None:
        exact = abs(value) <= _EXACT if isinstance(value, int) else len(value.normalize().as_tuple().digits) <= _DIGITS
        if not exact:
            self._text(line, value)
        else:
            _done(self.sheet.write_number(line, self.place, float(value)))

    def _day(self, line: int, value: date) -> None:
        if value.year < _FIRST_YEAR:
            self._text(line, value.isoformat())
        else:
            _done(self.sheet.write_datetime(line, self.place, value, self.day))

    def _instant(self, line: int, value: datetime) -> None:
        if value.year < _FIRST_YEAR:
            self._text(line, instant(value))
        else:
            _done(self.sheet.write_datetime(line, self.place, value.astimezone(UTC).replace(tzinfo=None), self.instant))


def _done(answer: int | None) -> None:
    if answer:
        raise DoesNotFit(f"A cell could not be written (XlsxWriter answered {answer}). {_INSTEAD}")
