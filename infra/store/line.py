"""One thread's connection to the database that survives the server's restarts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from eventsourcing.persistence import OperationalError

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

RECONNECT_SECONDS = 30.0


class Line:
    """A connection in autocommit, opened when first needed and again after it is lost. Used by one thread at a time."""

    def __init__(
        self, conninfo: str, configure: Callable[[Connection], None], patience: float = RECONNECT_SECONDS
    ) -> None:
        self._conninfo = conninfo
        self._configure = configure
        self._patience = patience
        self._connection: Connection | None = None
        self._configured = False

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def call(self, work: Callable[[Connection], T]) -> tuple[T, bool]:
        """The work's result, and whether it was done more than once: a lost connection leaves open whether its work was
        committed, so `work` must be safe to repeat. Raises OperationalError when the server stays away.
        """
        deadline: float | None = None
        while True:
            try:
                return work(self._open(deadline)), deadline is not None
            except psycopg.Error as error:
                if self._connection is not None and not (self._connection.closed or self._connection.broken):
                    raise
                deadline = deadline or time.monotonic() + self._patience
                if time.monotonic() > deadline:
                    raise OperationalError(f"the database does not answer: {error}") from error

    def _open(self, deadline: float | None) -> Connection:
        if self._connection is None or self._connection.closed or self._connection.broken or not self._configured:
            self.close()
            self._configured = False
            self._connection = connect(self._conninfo, deadline)
            self._configure(self._connection)
            self._configured = True
        return self._connection


def connect(conninfo: str, deadline: float | None = None) -> Connection:
    """A connection in autocommit; until the deadline a server that is starting or restarting is waited for."""
    pause = 0.02
    while True:
        try:
            return psycopg.connect(conninfo, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            if deadline is None or time.monotonic() + pause > deadline:
                raise
            # Nothing announces that a server accepts connections again; asking is the only way to know.
            time.sleep(pause)
            pause = min(pause * 2, 0.5)
