"""Calling a rebuild off from wherever it was asked for: a notification that the process which rebuilds listens for."""

from __future__ import annotations

import time
from typing import Any, Final, Self

import psycopg

from infra.database import Database

CHANNEL: Final = "stadtbuch_rebuild"
LISTEN_SECONDS: Final = 0.25


class CalledOff:
    """Whether the rebuild of one read model was called off, asked often and looked up a few times a second."""

    def __init__(self, database: Database, name: str) -> None:
        self._name = name
        self._heard = False
        self._next = 0.0
        self._connection: psycopg.Connection[Any] = psycopg.connect(database.conninfo("reader"), autocommit=True)

    def __enter__(self) -> Self:
        """Listens from now on."""
        self._connection.execute(f"listen {CHANNEL}".encode())
        return self

    def __exit__(self, *_: object) -> None:
        """Listens no more."""
        self._connection.close()

    def __call__(self) -> bool:
        """Whether it was."""
        if not self._heard and time.monotonic() >= self._next:
            self._next = time.monotonic() + LISTEN_SECONDS
            self._heard = any(note.payload == self._name for note in self._connection.notifies(timeout=0))
        return self._heard


def call_off(database: Database, name: str) -> None:
    """Tells the process that rebuilds this read model, whichever it is, to stop."""
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as connection:
        connection.execute("select pg_notify(%s, %s)", (CHANNEL, name))
