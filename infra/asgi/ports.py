"""The API's ports to the real world: ledger and vault in threads, read models through a pool of the reader's role."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import psycopg
from psycopg.types.string import TextBinaryLoader, TextLoader
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from domain.kernel import Message, Sealed
from domain.requests import Availability, Outcome, Overloaded, Principal, Request, Unavailable
from graphql_api.ports import NotBuilt, Replaced
from infra.database import Database
from infra.keys import KeyUnavailable
from infra.ledger import Ledger
from infra.vault import Vault
from projections.query import Statement

LOG: Final = logging.getLogger("stadtbuch.reader")

COMMANDS_AT_ONCE: Final = 64
COMMANDS_WAITING: Final = 1_000
READS_AT_ONCE: Final = 8
PREPARED: Final = 300
"""Statements that a connection knows: a page of another size is another one."""
FETCH_SECONDS: Final = 10.0
# The pool waits longer and longer between attempts to connect, and a reader in its queue starts none: so that reads
# come back with the server, an attempt is given up soon, and a reader asks anew, which makes the next.
RECONNECT_SECONDS: Final = 3.0
QUEUE_SECONDS: Final = 2.0

_REPLACED: Final = (
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,  # an operator, of another type
)
_STALE_PLAN: Final = "RevalidateCachedQuery"
"""Where PostgreSQL finds that a plan would answer other columns than it did."""
_SET: Final = b"select set_config(%s, %s, true)"
_PLAN_MODE: Final = {
    True: b"set plan_cache_mode = force_generic_plan",
    False: b"set plan_cache_mode = auto",
}
_ENDED_AFTER: Final = b"select set_config('statement_timeout', %s, false)"

T = TypeVar("T")

_BUSY: Final = Message(
    "Too many commands are waiting. Send it again in a moment, with the same idempotency key.",
    "Zu viele Aufträge warten. Bitte gleich noch einmal senden, mit demselben Idempotenzschlüssel.",
)
_NO_ANSWER: Final = Message(
    "The read models do not answer in time. Ask again, for fewer rows or with a narrower filter.",
    "Die Leseseite antwortet nicht rechtzeitig. Bitte noch einmal fragen, mit weniger Zeilen oder engerem Filter.",
)
_NO_KEY: Final = Message(
    "Sealed texts cannot be read now: the key-encryption key is not at hand. Ask the operators.",
    "Verschlüsselte Texte sind jetzt nicht lesbar: Der Hauptschlüssel fehlt. Bitte an den Betrieb wenden.",
)


class LedgerCommands:
    """Commands, handled in threads: the more wait at once, the more share one fsync."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._threads = ThreadPoolExecutor(COMMANDS_AT_ONCE, "stadtbuch-command")
        self._most = COMMANDS_AT_ONCE + COMMANDS_WAITING
        self._inside = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Waits for what is being handled."""
        self._threads.shutdown()

    async def handle(self, request: Request) -> Outcome:
        """Records a command. Raises Overloaded where too many are waiting."""
        return await self._in_thread(lambda: self._ledger.handle(request))

    async def available(self, record_id: UUID, principal: Principal) -> Sequence[Availability]:
        """The commands that the record's state allows."""
        return await self._in_thread(lambda: self._ledger.available(record_id, principal))

    async def made_by(self, record_id: UUID, principal: Principal) -> bool:
        """Whether a citizen began this record for themselves."""
        return await self._in_thread(lambda: self._ledger.made_by(record_id, principal))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._inside >= self._most:
            raise Overloaded(_BUSY)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._inside -= 1


class VaultTexts:
    """Sealed texts, revealed in threads."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._threads = ThreadPoolExecutor(READS_AT_ONCE, "stadtbuch-reveal")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Waits for what is being revealed."""
        self._threads.shutdown()

    async def reveal(self, references: Sequence[Sealed[str]]) -> Sequence[str | None]:
        """The texts in the order of the references; None for what was erased. Raises Unavailable without the key."""
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._vault.reveal, references)
        except KeyUnavailable as error:
            raise Unavailable(_NO_KEY) from error


class ReadModels:
    """Statements on the read models, in the reader's role."""

    def __init__(self, pool: AsyncConnectionPool[_Connection]) -> None:
        self._pool = pool

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement, run as of its moment. Raises Unavailable, NotBuilt and Replaced."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                while True:
                    rows = await self._attempt(statement)
                    if rows is not None:
                        return rows
        except (psycopg.OperationalError, TimeoutError) as error:
            raise Unavailable(_NO_ANSWER) from error
        except psycopg.errors.UndefinedTable as error:
            LOG.warning("a statement names what is not there: %s", error.diag.message_primary)
            raise NotBuilt from error
        except _REPLACED as error:
            raise Replaced(str(error)) from error

    async def _attempt(self, statement: Statement) -> Sequence[tuple[Any, ...]] | None:
        """The rows; None where the connection was lost, as all of the pool are after a restart of the server, or given
        up: it has a plan for a view whose columns are of another type by now.
        """
        connection: _Connection | None = None
        try:
            async with self._pool.connection(QUEUE_SECONDS) as connection:
                try:
                    return await _rows(connection, statement)
                except psycopg.errors.FeatureNotSupported as error:
                    if error.diag.source_function != _STALE_PLAN:
                        raise
                    await connection.close()
                    return None
        except PoolTimeout:
            return None
        except psycopg.OperationalError:
            if connection is None or not connection.closed:
                raise
            return None


class _Connection(psycopg.AsyncConnection[Any]):
    """A connection that plans `steady` statements once, and others for the values of their parameters.

    Its cursor is kept, which remembers how the values of each type are sent and read while the same statement comes.
    """

    kept: psycopg.AsyncRawCursor[Any]
    steady: bool | None = False

    async def plan(self, *, steady: bool) -> None:
        if steady != self.steady:
            self.steady = None  # nobody knows, where nobody waits for the answer
            await self.execute(_PLAN_MODE[steady])
            self.steady = steady


async def _rows(connection: _Connection, statement: Statement) -> Sequence[tuple[Any, ...]]:
    sql, params, moment, steady = statement
    cursor = connection.kept
    await connection.plan(steady=steady)
    if moment is None:
        await cursor.execute(_encoded(sql), params, binary=True)
        return await cursor.fetchall()
    async with connection.pipeline(), connection.transaction():
        for setting in moment.settings.items():
            await connection.execute(_SET, setting)
        await cursor.execute(_encoded(sql), params, binary=True)
        return await cursor.fetchall()


@lru_cache(PREPARED)
def _encoded(sql: str) -> bytes:
    """The same object for the same text, by which a cursor knows it again."""
    return sql.encode()


async def _configure(connection: _Connection) -> None:
    # A fact's body is handed on as it was stored; parsing is left to those who look inside.
    connection.adapters.register_loader("json", TextLoader)
    connection.adapters.register_loader("json", TextBinaryLoader)
    connection.prepared_max = PREPARED
    connection.kept = psycopg.AsyncRawCursor(connection)
    # The server ends what nobody waits for any more, also where this process was killed.
    await connection.execute(_ENDED_AFTER, (f"{FETCH_SECONDS * 1000:.0f}ms",))


@asynccontextmanager
async def read_models(database: Database) -> AsyncIterator[ReadModels]:
    """The read models, through connections that are opened as they are needed."""
    pool = AsyncConnectionPool(
        database.conninfo("reader"),
        connection_class=_Connection,
        min_size=1,
        max_size=READS_AT_ONCE,
        open=False,
        kwargs={"autocommit": True},
        configure=_configure,
        reconnect_timeout=RECONNECT_SECONDS,
        name="stadtbuch-reader",
    )
    async with pool:
        yield ReadModels(pool)
