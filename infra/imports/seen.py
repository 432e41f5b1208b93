"""How often each text occurred in a source, and in which records: counted on disk, so that memory stays bounded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b


class Seen:
    """Counts in a temporary file. One for each reading of a source, so that every reading counts alike."""

    def __init__(self) -> None:
        # The empty name is a private database in a temporary file that is gone when it is closed.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            """
            pragma journal_mode = off;
            pragma synchronous = off;
            create table rows (digest blob primary key, times integer not null) without rowid;
            create table records (key text primary key) without rowid;
            create table said (record blob primary key, digest blob not null) without rowid;
            """
        )
        self._last: str | None = None

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def add(self, text: str, record: str | None = None) -> int:
        """Count a text, and keep the record that it is of; answers how often it has occurred now."""
        if record is not None and record != self._last:
            self._database.execute("insert or ignore into records values (?)", (record,))
            self._last = record
        statement = "insert into rows values (?, 1) on conflict do update set times = times + 1 returning times"
        times: int = self._database.execute(statement, (_digest(text),)).fetchone()[0]
        return times

    def count(self, text: str) -> int:
        """How often a text occurred."""
        row = self._database.execute("select times from rows where digest = ?", (_digest(text),)).fetchone()
        return 0 if row is None else int(row[0])

    def agrees(self, record: str, text: str) -> bool:
        """Whether this is what the first row of a record says of it."""
        what = _digest(record)
        self._database.execute("insert or ignore into said values (?, ?)", (what, _digest(text)))
        (first,) = self._database.execute("select digest from said where record = ?", (what,)).fetchone()
        return bool(first == _digest(text))

    def records(self) -> Iterator[str]:
        """The records that were kept."""
        for (key,) in self._database.execute("select key from records order by key"):
            yield key


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
