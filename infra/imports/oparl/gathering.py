"""Brings together what a file says of one record in several places: later versions, and parts that stand alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import orjson

from domain.kernel import Message
from infra.imports.framework import SourceError
from infra.imports.oparl.fields import SCHEMA
from infra.imports.oparl.reading import Found, read_objects

MOST_OBJECTS: Final = 1_000
MOST_BYTES: Final = 32 * 1024 * 1024
"""How much a file may say of one record: it is planned together, so it is in memory together."""

TOO_MANY: Final = Message(
    f"The file says more of this record than {MOST_OBJECTS} objects or {MOST_BYTES // 1024**2} MB. Divide it.",
    f"Die Datei sagt über diesen Datensatz mehr als {MOST_OBJECTS} Objekte oder {MOST_BYTES // 1024**2} MB. "
    "Bitte aufteilen.",
)
RECORD_IN: Final = {f"{SCHEMA}Consultation": "paper", f"{SCHEMA}AgendaItem": "meeting"}
"""Objects that are about another record than their own, and where they name it."""


def read_gathered(path: Path) -> Iterator[Found]:
    """The objects of a file, those of one record right after its first one. Raises SourceError.

    The file is read twice. Only by what it says last of a record can it be told whether the record is there already.
    """
    later = _Later()
    try:
        # The second reading comes upon the same fault, after the same objects, and reports it.
        with suppress(SourceError):
            for found in read_objects(path):
                later.take(found)
        for found in read_objects(path):
            if not later.holds(found.number):
                yield found
                yield from later.after(found)
    finally:
        later.close()


class _Later:
    """All but the first object of each record, in a temporary file."""

    def __init__(self) -> None:
        # The empty name is a private database in a temporary file that is gone when it is closed.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            """
            pragma journal_mode = off;
            pragma synchronous = off;
            create table records (
                record blob primary key, objects integer not null, bytes integer not null
            ) without rowid;
            create table later (number integer primary key, record blob not null, thing blob, size integer not null);
            create index later_by_record on later (record, number);
            """
        )

    def close(self) -> None:
        self._database.close()

    def take(self, found: Found) -> None:
        record = _record(found)
        if record is None:
            return
        objects, size = self._database.execute(
            "insert into records values (?, 1, ?)"
            " on conflict do update set objects = objects + 1, bytes = bytes + excluded.bytes returning objects, bytes",
            (record, found.size),
        ).fetchone()
        if objects > 1:
            kept = orjson.dumps(found.thing) if objects <= MOST_OBJECTS and size <= MOST_BYTES else None
            self._database.execute("insert into later values (?, ?, ?, ?)", (found.number, record, kept, found.size))

    def holds(self, number: int) -> bool:
        return self._database.execute("select 1 from later where number = ?", (number,)).fetchone() is not None

    def after(self, first: Found) -> Iterator[Found]:
        """The other objects of the same record, in the order of the file."""
        rows = self._database.execute(
            "select number, thing, size from later where record = ? order by number", (_record(first),)
        )
        for number, thing, size in rows:
            yield Found(number, TOO_MANY if thing is None else orjson.loads(thing), size)


def _record(found: Found) -> bytes | None:
    """What tells the record that an object is about, if it names one at all."""
    if not isinstance(found.thing, dict):
        return None
    kind = found.thing.get("type")
    name: Any = found.thing.get(RECORD_IN.get(kind, "id") if isinstance(kind, str) else "id")
    return blake2b(name.strip().encode(), digest_size=16).digest() if isinstance(name, str) else None
