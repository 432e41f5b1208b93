"""Imports CSV files by a column mapping. What a row means is its target's business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from domain.kernel import Message
from infra.imports.csv_library import ITEMS, LOANS, PATRONS
from infra.imports.csv_mapping import ColumnMapping, load_mapping
from infra.imports.csv_orders import OrderTarget
from infra.imports.csv_rows import Record, read_rows
from infra.imports.csv_target import Target
from infra.imports.csv_transits import KIND, TransitTarget
from infra.imports.framework import BadField, BadRow, Book, Group, Item, Planned, Row, Setup, SourceError
from infra.imports.seen import Seen
from infra.imports.sources import open_source

DEFAULT_MAPPING: Final = "library_transits"
ROWS_AT_ONCE: Final = 5_000
RECORDS_AT_ONCE: Final = 500

CONTRADICTS: Final = Message(
    "An earlier row of the file says something else of the same record, and stands. "
    "Find out which is right, leave one row in the file and import it again.",
    "Eine frühere Zeile der Datei sagt zum selben Datensatz etwas anderes, und sie gilt. "
    "Klären Sie, welche stimmt, lassen Sie eine Zeile stehen und importieren Sie noch einmal.",
)
TARGETS: Final[Mapping[str, Target[Any]]] = MappingProxyType(
    {target.name: target for target in (TransitTarget(), OrderTarget(), ITEMS, PATRONS, LOANS)}
)
"""The closed list of what a CSV row can become: a further kind is a module with a target like it, and a line here."""


class CsvImporter:
    """Reads CSV files by a mapping: one that ships with the program, by its name, or the user's own, by its path.

    Raises SourceError where the mapping cannot be used.
    """

    kind: Final = KIND

    def __init__(self, mapping: str | Path = DEFAULT_MAPPING) -> None:
        self._mapping = load_mapping(mapping)
        self._target = _target(self._mapping)

    def read(self, path: Path, book: Book) -> Iterator[Item[Any]]:
        """The rows, those of a record together as far as they lie close; at the end, where a file is complete for each
        record that it names, what it has no longer."""
        whole = True
        with open_source(path) as source, closing(Seen()) as seen:
            window: dict[str, list[Row[Any]]] = {}
            held = 0
            fault: SourceError | None = None
            try:
                for record in read_rows(source, self._mapping):
                    row = record if isinstance(record, BadRow) else self._row(record, seen)
                    if isinstance(row, BadRow):
                        whole = False
                        yield row
                        continue
                    window.setdefault(row.key, []).append(row)
                    held += 1
                    if held == ROWS_AT_ONCE:
                        yield from chain.from_iterable(window.values())
                        window, held = {}, 0
            except SourceError as error:
                fault = error
            yield from chain.from_iterable(window.values())
            if fault is not None:
                raise fault
            # A row that could not be read may be one that would be missed.
            if whole and self._mapping.complete_per_record:
                yield Setup(requests=())
                yield from self._missing(seen, book)

    def _row(self, record: Record, seen: Seen) -> Row[Any] | BadRow:
        try:
            row = self._target.content(record.values, self._mapping.source, seen.add)
        except BadField as fault:
            return BadRow(number=record.line, source_id=None, message=fault.message)
        source_id, key = self._target.source_id(row), self._target.key(row)
        if self._target.one_row and not seen.agrees(key, str(row)):
            return BadRow(number=record.line, source_id=source_id, message=CONTRADICTS)
        return Row(number=record.line, source_id=source_id, key=key, content=row)

    def record_id(self, key: str, book: Book) -> UUID:
        """The record of a key."""
        return self._target.record_id(key, book)

    def plan(self, group: Group[Any], book: Book) -> Sequence[Planned]:
        """What the rows of a record lead to."""
        return self._target.plan(group, book)

    def _missing(self, seen: Seen, book: Book) -> Iterator[Setup]:
        keys = seen.records()
        while some := list(islice(keys, RECORDS_AT_ONCE)):
            ids = {key: self.record_id(key, book) for key in some}
            streams = book.streams(list(ids.values()))
            requests = [
                request
                for key, record in ids.items()
                if record in streams
                for request in self._target.missing(key, streams[record], self._mapping.source, seen.count)
            ]
            if requests:
                yield Setup(requests=tuple(requests))


def _target(mapping: ColumnMapping) -> Target[Any]:
    target = TARGETS.get(mapping.target)
    if target is None:
        raise _unfit(
            mapping, f"its target is none of {', '.join(TARGETS)}", f"Ihr Ziel ist keines von {', '.join(TARGETS)}"
        )
    fields = {column.field for column in mapping.columns if not column.optional}
    missing = sorted(target.required - fields)
    if missing:
        listed = ", ".join(missing)
        raise _unfit(mapping, f"no column is for {listed}", f"Keine Spalte steht für {listed}")
    strange = sorted({column.field for column in mapping.columns} - target.required - target.optional)
    if strange:
        listed = ", ".join(strange)
        raise _unfit(mapping, f"{mapping.target} has no field {listed}", f"{mapping.target} hat kein Feld {listed}")
    wrong = sorted(column.field for column in mapping.columns if column.type != target.types.get(column.field, "text"))
    if wrong:
        listed = ", ".join(wrong)
        raise _unfit(mapping, f"the type of {listed} does not fit", f"Der Typ von {listed} passt nicht")
    if mapping.complete_per_record and not target.retracts:
        raise _unfit(
            mapping,
            f"{mapping.target} takes nothing back: leave complete_per_record out",
            f"{mapping.target} nimmt nichts zurück: complete_per_record entfällt",
        )
    return target


def _unfit(mapping: ColumnMapping, en: str, de: str) -> SourceError:
    return SourceError(
        Message(
            f"The mapping {mapping.name} cannot be used: {en}.",
            f"Die Zuordnung {mapping.name} ist nicht brauchbar: {de}.",
        )
    )
