"""The column mapping of a CSV import: which column means which field, in a TOML file that stands for itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from domain.kernel import Message
from infra.imports.framework import BadField, SourceError, clean

ENCODINGS: Final = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252")
"""Encodings in which a line end is one byte, so that a file can be read line by line."""
DELIMITERS: Final = (",", ";", "\t", "|")

Value = str | int | date | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column holds. `values` translates the source's words; `longest` counts characters."""

    name: str
    field: str
    type: str = "text"
    optional: bool = False
    longest: int = 100
    format: str = "%Y-%m-%d"
    values: Mapping[str, str] | None = None

    def value(self, text: str) -> Value:
        """The column's text as a value of its field; None where it is empty and may be. Raises BadField."""
        if self.optional and not text.strip():
            return None
        cleaned = clean(text, longest=self.longest, field=self.name)
        if self.values is not None:
            cleaned = self._translated(cleaned)
        return TYPES[self.type](self, cleaned)

    def _translated(self, text: str) -> str:
        try:
            return (self.values or {})[text]
        except KeyError:
            raise BadField(
                Message(
                    f"{self.name}: the mapping does not translate {text!r}. Add it to the column's values.",
                    f"{self.name}: Die Zuordnung kennt {text!r} nicht. Nehmen Sie es in die Werte der Spalte auf.",
                )
            ) from None


def _text(column: Column, text: str) -> Value:
    return text


def _integer(column: Column, text: str) -> Value:
    try:
        return int(text) if text.isascii() else _no(column, "whole number", "ganze Zahl")
    except ValueError:
        return _no(column, "whole number", "ganze Zahl")


def _decimal(column: Column, text: str) -> Value:
    """An amount such as 30.00 or 30,00; a separator of thousands is none of its form."""
    if not re.fullmatch(r"-?\d{1,12}([.,]\d{1,4})?", text, re.ASCII):
        return _no(column, "decimal number", "Dezimalzahl")
    return Decimal(text.replace(",", "."))


def _date(column: Column, text: str) -> Value:
    try:
        return _parsed(text, column.format)
    except ValueError:
        return _no(column, f"date of the form {column.format}", f"Datum der Form {column.format}")


@lru_cache(maxsize=4096)
def _parsed(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day, without time or zone


def _no(column: Column, en: str, de: str) -> Value:
    # The value itself is not quoted: it may be personal.
    raise BadField(Message(f"{column.name} is no {en}.", f"{column.name} ist kein(e) {de}."))


TYPES: Final[Mapping[str, Callable[[Column, str], Value]]] = MappingProxyType(
    {"text": _text, "integer": _integer, "date": _date, "decimal": _decimal}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How one kind of CSV file is read. `delimiter` None is found from the header.

    `complete_per_record`: a file that has rows of a record has all of them, so what it lacks was withdrawn.
    """

    name: str
    target: str
    source: str
    columns: tuple[Column, ...]
    ignored: frozenset[str] = frozenset()
    encoding: str = "utf-8"
    delimiter: str | None = None
    complete_per_record: bool = False
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def mapping_names() -> tuple[str, ...]:
    """The mappings that ship with the program."""
    found = files("infra.imports").joinpath("mappings").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in found if entry.name.endswith(".toml")))


def load_mapping(wanted: str | Path) -> ColumnMapping:
    """A mapping that ships with the program, by its name, or one of the user's, by its path. Raises SourceError."""
    if str(wanted) in mapping_names():
        text = files("infra.imports").joinpath("mappings", f"{wanted}.toml").read_text("utf-8")
        return parse_mapping(str(wanted), text)
    path = Path(wanted)
    try:
        return parse_mapping(path.stem, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(mapping_names())
        raise SourceError(
            Message(
                f"The mapping {wanted} cannot be read: {error}. Name a TOML file, or one of {known}.",
                f"Die Zuordnung {wanted} ist nicht lesbar: {error}. Nennen Sie eine TOML-Datei oder eine von {known}.",
            )
        ) from error


def parse_mapping(name: str, text: str) -> ColumnMapping:
    """A mapping from its TOML text. Raises SourceError, which names the entry that is wrong."""
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, f"it is no TOML ({error})", f"Sie ist kein TOML ({error})") from error
    columns = entries.pop("columns", None)
    if not isinstance(columns, dict) or not columns:
        raise _wrong(name, "it has no [columns]", "[columns] fehlt")
    ignored = entries.pop("ignored", [])
    if not _texts(ignored):
        raise _wrong(name, "`ignored` is no list of columns", "`ignored` ist keine Liste von Spalten")
    found = [_column(name, column, settings) for column, settings in columns.items()]
    fields = [column.field for column in found]
    if len(set(fields)) < len(fields):
        raise _wrong(name, "two columns have the same field", "Zwei Spalten haben dasselbe Feld")
    settings = _checked(name, entries, _FILE)
    for wanted in ("target", "source"):
        if wanted not in settings:
            raise _wrong(name, f"it has no `{wanted}`", f"`{wanted}` fehlt")
    if settings.get("encoding", "utf-8") not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise _wrong(name, f"`encoding` is none of {known}", f"`encoding` ist keine von {known}")
    if settings.get("delimiter", ",") not in DELIMITERS:
        raise _wrong(name, "`delimiter` is not , ; | or a tab", "`delimiter` ist weder , ; | noch ein Tabulator")
    return ColumnMapping(name=name, columns=tuple(found), ignored=frozenset(ignored), **settings)


_FILE: Final = {"target": str, "source": str, "encoding": str, "delimiter": str, "complete_per_record": bool}
_COLUMN: Final = {"field": str, "type": str, "optional": bool, "longest": int, "format": str, "values": dict}


def _column(mapping: str, name: str, entries: object) -> Column:
    if not isinstance(entries, dict):
        raise _wrong(mapping, f"column {name} is no table", f"Spalte {name} ist keine Tabelle")
    settings = _checked(mapping, entries, _COLUMN, f"column {name}: ")
    if "field" not in settings:
        raise _wrong(mapping, f"column {name} names no `field`", f"Spalte {name} nennt kein `field`")
    if settings.get("type", "text") not in TYPES:
        known = ", ".join(TYPES)
        raise _wrong(
            mapping, f"column {name}: `type` is none of {known}", f"Spalte {name}: `type` ist keines von {known}"
        )
    if not _texts(settings.get("values", {}).values()):
        raise _wrong(mapping, f"column {name}: `values` are no texts", f"Spalte {name}: `values` sind keine Texte")
    return Column(name=name, **settings)


def _checked(mapping: str, entries: Mapping[str, object], known: Mapping[str, type], where: str = "") -> dict[str, Any]:
    for entry, value in entries.items():
        if entry not in known:
            raise _wrong(mapping, f"{where}`{entry}` is not known", f"{where}`{entry}` ist nicht bekannt")
        if type(value) is not known[entry]:
            raise _wrong(mapping, f"{where}`{entry}` has a wrong type", f"{where}`{entry}` hat einen falschen Typ")
    return dict(entries)


def _texts(values: object) -> bool:
    return isinstance(values, (list, type({}.values()))) and all(isinstance(value, str) for value in values)


def _wrong(name: str, en: str, de: str) -> SourceError:
    return SourceError(
        Message(f"The mapping {name} cannot be used: {en}.", f"Die Zuordnung {name} ist nicht brauchbar: {de}.")
    )
