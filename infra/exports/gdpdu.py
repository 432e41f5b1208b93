"""What a tax auditor's software reads: charges of a period as CSV, described by an index.xml (01-08-2002)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree

from infra.exports.separated import Dialect, write_csv
from infra.exports.source import Source
from infra.exports.tables import Sheet, sheet_of
from infra.exports.terms import Period
from projections.cadastre import orders
from projections.library import charges
from projections.model import Column, ColumnType, Projection

DTD: Final = "gdpdu-01-08-2002.dtd"
GERMAN: Final = Dialect(
    separator=";",
    line_end="\r\n",
    number=lambda amount: str(amount).replace(".", ","),
    day=lambda day: f"{day:%d.%m.%Y}",
    instant=lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}",
)
DECIMALS: Final = 2


class Ledger(NamedTuple):
    """A read model with charges. `days` are the columns that say when one was raised, and when it was settled how."""

    projection: Projection
    name: str
    days: tuple[str, ...]


LEDGERS: Final = (
    Ledger(charges.PROJECTION, "Entgelte der Bibliothek", ("raised_on", "paid_on", "waived_on", "refunded_on")),
    Ledger(
        orders.PROJECTION,
        "Gebühren des Katasters",
        ("assessed_on", "paid_on", "waived_on", "cancelled_on", "refunded_on"),
    ),
)


def write_gdpdu(place: Path, source: Source, period: Period) -> dict[str, int]:
    """Write `index.xml`, what describes it, and a CSV file for each ledger; answers the rows of each.

    A charge is in it where anything happened to it in the period.
    """
    counts = {}
    for ledger in LEDGERS:
        sheet, days = _clear(ledger), ledger.days

        def write(batches: Iterable[Sequence[Any]], sheet: Sheet = sheet, days: tuple[str, ...] = days) -> int:
            within = ([row for row in rows if any(getattr(row, day) in period for day in days)] for rows in batches)
            return write_csv(place, sheet, within, GERMAN)

        counts[ledger.projection.name] = source.rows(ledger.projection, write)
    (place / "index.xml").write_bytes(index(source.log, source.position, period))
    (place / DTD).write_text(resources.files("infra.exports").joinpath(DTD).read_text("utf-8"), encoding="utf-8")
    return counts


def _clear(ledger: Ledger) -> Sheet:
    """The table without sealed texts and JSON, its key first, several texts in one field."""
    sheet, left_out = sheet_of(ledger.projection), (ColumnType.SEALED, ColumnType.JSON)
    kept = [place for place, column in enumerate(sheet.columns) if column.holds not in left_out]
    kept.sort(key=lambda place: sheet.columns[place].name not in ledger.projection.key)
    all_values = sheet.values

    def values(row: Any) -> Sequence[Any]:
        found = all_values(row)
        return [" ".join(found[place]) if isinstance(found[place], list) else found[place] for place in kept]

    return replace(sheet, columns=tuple(sheet.columns[place] for place in kept), values=values)


def index(log: str, position: int, period: Period) -> bytes:
    """The description of the files."""
    root = ElementTree.Element("DataSet")
    _text(root, "Version", "1.0")
    supplier = ElementTree.SubElement(root, "DataSupplier")
    _text(supplier, "Name", log)
    _text(supplier, "Location", log)
    _text(supplier, "Comment", f"Stadtbuch, Stand: Position {position}. Versiegelte Texte sind nicht enthalten.")
    media = ElementTree.SubElement(root, "Media")
    _text(media, "Name", "Datenträger 1")
    for ledger in LEDGERS:
        _table(media, ledger, period)
    ElementTree.indent(root)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE DataSet SYSTEM "{DTD}">\n'
    return f"{head}{ElementTree.tostring(root, 'unicode')}\n".encode()


def _table(media: ElementTree.Element, ledger: Ledger, period: Period) -> None:
    sheet = _clear(ledger)
    table = ElementTree.SubElement(media, "Table")
    _text(table, "URL", f"{sheet.name}.csv")
    _text(table, "Name", ledger.name)
    _text(table, "Description", sheet.about.de)
    _range(ElementTree.SubElement(table, "Validity"), *(f"{day:%d.%m.%Y}" for day in period))
    ElementTree.SubElement(table, "UTF8")
    _text(table, "DecimalSymbol", ",")
    _text(table, "DigitGroupingSymbol", ".")
    _range(table, "2")  # the first line has the names
    length = ElementTree.SubElement(table, "VariableLength")
    _text(length, "ColumnDelimiter", GERMAN.separator)
    _text(length, "TextEncapsulator", '"')
    key = ledger.projection.key
    for column in sheet.columns:
        _column(length, "VariablePrimaryKey" if column.name in key else "VariableColumn", column)


def _range(parent: ElementTree.Element, first: str, last: str | None = None) -> None:
    found = ElementTree.SubElement(parent, "Range")
    _text(found, "From", first)
    if last is not None:
        _text(found, "To", last)


def _column(parent: ElementTree.Element, tag: str, column: Column) -> None:
    element = ElementTree.SubElement(parent, tag)
    _text(element, "Name", column.name)
    _text(element, "Description", column.comment.de)
    match column.holds:
        case ColumnType.DECIMAL:
            _text(ElementTree.SubElement(element, "Numeric"), "Accuracy", str(DECIMALS))
        case ColumnType.INTEGER:
            ElementTree.SubElement(element, "Numeric")
        case ColumnType.DATE:
            _text(ElementTree.SubElement(element, "Date"), "Format", "DD.MM.YYYY")
        case _:
            ElementTree.SubElement(element, "AlphaNumeric")


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text
