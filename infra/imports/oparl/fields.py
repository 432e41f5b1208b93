"""The properties of an OParl object, checked for their types and formats; the schemas themselves accept bad ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from domain.council.parts import Reference, imported_id
from domain.kernel import Message, Sealed
from domain.text import BadText, normalise
from infra.imports.framework import BadField

LONGEST_TEXT: Final = 100_000
LONGEST_CODE: Final = 200
LONGEST_URL: Final = 2_000
SYSTEM: Final = "oparl-1.1"
SCHEMA: Final = "https://schema.oparl.org/1.1/"

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{128}")
FIRST_YEAR: Final = 2
LAST_YEAR: Final = 9998
"""A time with a zone stays within Python's and PostgreSQL's years when it is shifted to UTC."""


def bad(path: str, en: str, de: str) -> BadField:
    """What is wrong with a property."""
    return BadField(Message(f"{path} {en}.", f"{path} {de}."))


class Fields:
    """One object. Each property is read once; `further` is what nobody read. Raises BadField."""

    def __init__(self, thing: Mapping[str, Any], path: str = "") -> None:
        self._left = dict(thing)
        self._path = path

    def path(self, name: str) -> str:
        """How a property is called in messages."""
        return f"{self._path}.{name}" if self._path else name

    def _take(self, name: str, kind: type | tuple[type, ...], en: str, de: str) -> Any:
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise bad(self.path(name), f"is not {en}", f"ist {de}")
        return value

    def _string(self, name: str) -> str | None:
        value: str | None = self._take(name, str, "a string", "keine Zeichenkette")
        return value

    def _cleaned(self, name: str, longest: int, *, multiline: bool) -> str | None:
        value = self._string(name)
        if value is None:
            return None
        return cleaned(value, self.path(name), longest, multiline=multiline) or None

    def text(self, name: str) -> Sealed[str] | None:
        """A free text, sealed; an empty one is none."""
        value = self._cleaned(name, LONGEST_TEXT, multiline=True)
        return None if value is None else Sealed(value)

    def code(self, name: str) -> str | None:
        """A short word of the source's own vocabulary; an empty one is none."""
        return self._cleaned(name, LONGEST_CODE, multiline=False)

    def url(self, name: str) -> str | None:
        """An address."""
        value = self._string(name)
        return None if value is None else address(value, self.path(name))

    def required_url(self, name: str) -> str:
        """An address that must be there."""
        value = self.url(name)
        if value is None:
            raise bad(self.path(name), "is missing", "fehlt")
        return value

    def peek_url(self, name: str) -> str:
        """An address that must be there, to be read again."""
        value = self._left.get(name)
        found = self.required_url(name)
        self._left[name] = value
        return found

    def reference(self, name: str) -> Reference | None:
        """Another object; it may not be here."""
        value = self.url(name)
        return None if value is None else Reference(imported_id(value), value)

    def references(self, name: str) -> tuple[Reference, ...]:
        """Other objects; they may not be here."""
        values = self._take(name, list, "a list", "keine Liste") or []
        found = []
        for index, value in enumerate(values):
            path = f"{self.path(name)}.{index}"
            if not isinstance(value, str):
                raise bad(path, "is not a string", "ist keine Zeichenkette")
            found.append(address(value, path))
        return tuple(Reference(imported_id(value), value) for value in found)

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value: bool | None = self._take(name, bool, "true or false", "weder wahr noch falsch")
        return value

    def number(self, name: str) -> int | None:
        """A whole number that is not negative and fits 64 bits."""
        value: int | None = self._take(name, int, "a whole number", "keine ganze Zahl")
        if value is not None and not 0 <= value < 2**63:
            raise bad(self.path(name), "is out of range", "liegt außerhalb des Bereichs")
        return value

    def day(self, name: str) -> date | None:
        """A date of RFC 3339."""
        value = self._string(name)
        if value is None:
            return None
        try:
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # the message below says it for both
        raise bad(self.path(name), "is not a date such as 2026-03-02", "ist kein Datum wie 2026-03-02")

    def instant(self, name: str) -> datetime | None:
        """A time of RFC 3339, with its offset."""
        value = self._string(name)
        if value is None:
            return None
        try:
            if _TIME.fullmatch(value):
                time = datetime.fromisoformat(value.upper())
                if FIRST_YEAR <= time.year <= LAST_YEAR:
                    return time
        except ValueError:
            pass  # the message below says it for both
        example = "2026-03-02T18:00:00+01:00"
        raise bad(self.path(name), f"is not a time such as {example}", f"ist keine Zeit wie {example}")

    def checksum(self, name: str) -> str | None:
        """A SHA-1 or SHA-512 in hex."""
        value = self._string(name)
        if not value:
            return None
        if not _DIGEST.fullmatch(value):
            raise bad(self.path(name), "is not a checksum in hex", "ist keine Prüfsumme in Hexziffern")
        return value.lower()

    def inners(self, name: str) -> Iterator[Fields]:
        """Embedded objects of a list."""
        values = self._take(name, list, "a list", "keine Liste") or []
        for index, value in enumerate(values):
            path = f"{self.path(name)}.{index}"
            if not isinstance(value, dict):
                raise bad(path, "is not an object", "ist kein Objekt")
            yield Fields(value, path)

    def all_inner(self, name: str) -> Iterator[Fields]:
        """Embedded objects, be they one or a list."""
        value = self._left.get(name)
        if isinstance(value, dict):
            del self._left[name]
            yield Fields(value, self.path(name))
        else:
            yield from self.inners(name)

    def is_a(self, name: str) -> None:
        """Check the object's type."""
        if self._string("type") != SCHEMA + name:
            raise bad(self.path("type"), f"is not {SCHEMA}{name}", f"ist nicht {SCHEMA}{name}")

    def drop(self, *names: str) -> None:
        """Leave out properties that say nothing new."""
        for name in names:
            self._left.pop(name, None)

    def keep(self, name: str, value: Any) -> None:
        """Add to what nobody read."""
        self._left[name] = value

    def rest(self) -> dict[str, Any]:
        """What nobody read, its texts cleaned. A full text of a file is kept as its hash."""
        full = self._left.pop("text", None)
        rest = {name: _plain(value, self.path(name)) for name, value in self._left.items() if value is not None}
        if isinstance(full, str) and full:
            rest["text"] = {"sha256": sha256(full.encode(errors="replace")).hexdigest(), "characters": len(full)}
        return rest

    def further(self) -> Sealed[str] | None:
        """What nobody read, as one JSON text."""
        rest = self.rest()
        if not rest:
            return None
        written = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if len(written) > LONGEST_TEXT:
            raise bad(self._path or "object", "says more than can be kept", "enthält mehr, als gespeichert werden kann")
        return Sealed(written)


def cleaned(value: str, path: str, longest: int, *, multiline: bool) -> str:
    """A text in NFC and within DIN 91379, without spaces around. Raises BadField."""
    try:
        return normalise(value.strip(), max_length=longest, multiline=multiline)
    except BadText as error:
        raise BadField(Message(f"{path}: {error.en}", f"{path}: {error.de}")) from error


def address(value: str, path: str) -> str:
    """An address of http or https. Raises BadField."""
    try:
        parts = urlsplit(value)
        good = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value or len(value) > LONGEST_URL:
        raise bad(path, "is not an address of http or https", "ist keine Adresse mit http oder https")
    return cleaned(value, path, LONGEST_URL, multiline=False)


def _plain(value: Any, path: str) -> Any:
    match value:
        case str():
            return cleaned(value, path, LONGEST_TEXT, multiline=True)
        case list():
            return [_plain(each, f"{path}.{index}") for index, each in enumerate(value)]
        case dict():
            return {
                cleaned(str(name), path, LONGEST_CODE, multiline=False): _plain(each, f"{path}.{name}")
                for name, each in value.items()
                if each is not None
            }
    return value
