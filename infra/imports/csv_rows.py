"""CSV text to rows: line by line in bounded memory, however the quotes, the lengths or the encoding are broken."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.kernel import Message
from infra.imports.csv_mapping import DELIMITERS, ColumnMapping, Value
from infra.imports.framework import BadField, BadRow, SourceError
from infra.imports.sources import Source

LONGEST_LINE: Final = 64 * 1024
LONGEST_ROW: Final = 128 * 1024
"""Bytes. A row may go over several lines where a quoted field does. Both keep a field below the limit of csv."""
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """A row: the line it begins on, from 1, and its values by field."""

    line: int
    values: dict[str, Value]


class _RowTooLong(Exception):
    """A row goes on for longer than any row may; most likely a quote was never closed."""


class _BadLine(Exception):
    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: bytes
    whole: bool = True


class Lines:
    """The lines of a source, as csv asks for them, with those of the row at hand kept so that they can be read anew."""

    def __init__(self, source: Source, encoding: str) -> None:
        # Small, because what a cut gzip file still has in the buffer it breaks off in is lost.
        self._file = io.BufferedReader(source, 8 * 1024)
        self._encoding = encoding
        self._again: deque[_Line] = deque()
        self._number = 0
        self.row: list[_Line] = []
        self._bytes = 0

    def begin_row(self) -> None:
        """Forget the lines of the last row."""
        self.row = []
        self._bytes = 0

    def reread(self) -> None:
        """Give up the first line of the row at hand and read on with its second."""
        self._again.extendleft(reversed(self.row[1:]))

    @property
    def begun_on(self) -> int:
        """The line the row at hand begins on."""
        return self.row[0].number if self.row else self._number + 1

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        self.row.append(line)
        self._bytes += len(line.text)
        if not line.whole:
            raise _BadLine(
                Message(
                    f"The line has more than {LONGEST_LINE // 1024} KB.",
                    f"Die Zeile hat über {LONGEST_LINE // 1024} KB.",
                )
            )
        if self._bytes > LONGEST_ROW:
            raise _RowTooLong
        try:
            return line.text.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise _BadLine(
                Message(
                    f"Byte {error.start + 1} of the line is not {self._encoding}: "
                    "save the file in this encoding, or name its own in the mapping.",
                    f"Byte {error.start + 1} der Zeile ist kein {self._encoding}: "
                    "Speichern Sie die Datei so, oder nennen Sie ihre Kodierung in der Zuordnung.",
                )
            ) from None

    def _read(self) -> _Line:
        text = self._file.readline(LONGEST_LINE)
        if not text:
            raise StopIteration
        self._number += 1
        if text.endswith(b"\n") or len(text) < LONGEST_LINE:
            return _Line(self._number, text)
        rest = text
        while rest and not rest.endswith(b"\n"):
            rest = self._file.readline(LONGEST_LINE)
        return _Line(self._number, text[:100], whole=False)


def read_rows(source: Source, mapping: ColumnMapping) -> Iterator[Record | BadRow]:
    """The rows below the header. Raises SourceError where the file is not one that the mapping describes."""
    lines = Lines(source, mapping.encoding)
    header, delimiter = _header(lines, mapping)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (_BadLine, _RowTooLong, csv.Error) as error:
            number = lines.begun_on
            # An unclosed quote swallows the lines after it: they are rows of their own.
            if not isinstance(error, _BadLine) or len(lines.row) > 1:
                lines.reread()
                yield BadRow(number=number, source_id=None, message=_unclosed(error))
            else:
                yield BadRow(number=number, source_id=None, message=error.message)
            rows = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if not cells:
            continue
        if len(cells) != len(header):
            lines.reread()
            yield BadRow(number=lines.begun_on, source_id=None, message=_ragged(len(cells), len(header)))
            continue
        yield _record(lines.begun_on, header, cells, mapping)


def _record(line: int, header: list[str], cells: list[str], mapping: ColumnMapping) -> Record | BadRow:
    values: dict[str, Value] = {}
    try:
        for name, cell in zip(header, cells, strict=True):
            column = mapping.by_name.get(name)
            if column is not None:
                values[column.field] = column.value(cell)
    except BadField as error:
        return BadRow(number=line, source_id=None, message=error.message)
    return Record(line, values)


def _header(lines: Lines, mapping: ColumnMapping) -> tuple[list[str], str]:
    """The names of the columns, and what separates them. Raises SourceError."""
    lines.begin_row()
    try:
        text = next(lines)
    except StopIteration:
        raise _unusable("it is empty", "Sie ist leer") from None
    except _BadLine as error:
        text = _undecodable(lines.row[0].text, error)
    raw = lines.row[0].text
    if raw.startswith(UTF16) or b"\0" in raw:
        raise _unusable(
            "it is UTF-16 or no text at all; save it as UTF-8",
            "Sie ist UTF-16 oder kein Text; bitte als UTF-8 speichern",
        )
    text = raw.removeprefix(BOM).decode(mapping.encoding) if raw.startswith(BOM) else text
    text = text.rstrip("\r\n")
    if "\r" in text:
        raise _unusable(
            "its lines end with CR alone; save it with LF or CR LF",
            "Ihre Zeilen enden nur mit CR; bitte mit LF oder CR LF speichern",
        )
    delimiter = mapping.delimiter or max(DELIMITERS, key=lambda each: _known(_split(text, each), mapping))
    names = _split(text, delimiter)
    _check_names(names, mapping)
    return names, delimiter


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([text], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return [text]


def _known(names: list[str], mapping: ColumnMapping) -> int:
    return sum(name in mapping.by_name for name in names)


def _check_names(names: list[str], mapping: ColumnMapping) -> None:
    unknown = [name for name in names if name not in mapping.by_name and name not in mapping.ignored]
    missing = [column.name for column in mapping.columns if column.name not in names and not column.optional]
    twice = sorted({name for name in names if names.count(name) > 1})
    if missing:
        listed = ", ".join(missing)
        raise _unusable(
            f"the mapping {mapping.name} needs the columns {listed}, which it lacks; its first line is the header",
            f"Die Zuordnung {mapping.name} braucht die Spalten {listed}, die ihr fehlen; die erste Zeile ist der Kopf",
        )
    if unknown:
        listed = ", ".join(name[:40] for name in unknown[:10])
        raise _unusable(
            f"the mapping {mapping.name} does not know the columns {listed}; map them, or list them as `ignored`",
            f"Die Zuordnung {mapping.name} kennt die Spalten {listed} nicht; ordnen Sie sie zu, oder `ignored`",
        )
    if twice:
        listed = ", ".join(twice)
        raise _unusable(f"it has the columns {listed} twice", f"Sie hat die Spalten {listed} doppelt")


def _undecodable(raw: bytes, error: _BadLine) -> str:
    if raw.startswith(UTF16):
        return ""
    raise SourceError(error.message) from None


def _unclosed(error: Exception) -> Message:
    detail = "" if isinstance(error, (_BadLine, _RowTooLong)) else f" ({error})"
    return Message(
        f"The quotes of the row are not closed, or it is too long{detail}.",
        f"Die Anführungszeichen der Zeile sind nicht geschlossen, oder sie ist zu lang{detail}.",
    )


def _ragged(found: int, wanted: int) -> Message:
    return Message(
        f"The row has {found} columns, the header {wanted}.", f"Die Zeile hat {found} Spalten, der Kopf {wanted}."
    )


def _unusable(en: str, de: str) -> SourceError:
    return SourceError(Message(f"The file cannot be imported: {en}.", f"Die Datei ist nicht importierbar: {de}."))
