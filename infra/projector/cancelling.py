"""Calling a rebuild off from wherever it was asked for: a row that the process which rebuilds looks for.

A notification would do without the row, but every login may send one, those that only read too.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Final, Self

import psycopg

from infra.database import Database
from infra.queries import named

LOOK_SECONDS: Final = 0.25
_SQL: Final = named("projector")


class CalledOff:
    """Whether the rebuild of one read model was called off, asked often and looked up a few times a second."""

    def __init__(self, database: Database, name: str) -> None:
        self._name = name
        self._since: datetime | None = None
        self._heard = False
        self._next = 0.0
        self._connection: psycopg.Connection[Any] = psycopg.connect(database.conninfo("projector"), autocommit=True)

    def __enter__(self) -> Self:
        """Heeds what is called off from now on."""
        row = self._connection.execute(_SQL["clock"]).fetchone()
        self._since = row[0] if row else None
        return self

    def __exit__(self, *_: object) -> None:
        """Looks no more."""
        self._connection.close()

    def __call__(self) -> bool:
        """Whether it was."""
        if not self._heard and time.monotonic() >= self._next:
            self._next = time.monotonic() + LOOK_SECONDS
            row = self._connection.execute(_SQL["was_called_off"], (self._name, self._since)).fetchone()
            self._heard = row is not None and row[0]
        return self._heard


def call_off(database: Database, name: str) -> None:
    """Tells the process that rebuilds this read model, whichever it is, to stop."""
    with psycopg.connect(database.conninfo("projector"), autocommit=True) as connection:
        connection.execute(_SQL["call_off"], (name,))
