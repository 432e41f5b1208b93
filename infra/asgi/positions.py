"""How far the read models have come: one listener for all who wait, one question for all who wait at the same time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import psycopg

from domain.kernel import Message
from graphql_api.ports import NotYetReadable, Reader
from projections import query

LOG: Final = logging.getLogger("stadtbuch.positions")
CHANNEL: Final = "projector"
# Without a notification, as on a standby or while the listener reconnects, waiters look for themselves this often.
LOOK_SECONDS: Final = 0.25

_BEHIND: Final = Message(
    "The read models have not come as far as that yet. What was recorded is safe: ask again in a moment.",
    "Die Leseseite ist noch nicht so weit. Das Aufgezeichnete ist sicher: bitte gleich noch einmal fragen.",
)


class Positions:
    """The positions of all read models, as last seen. `with_it` forgets what rests on them when they are forgotten."""

    def __init__(self, reader: Reader) -> None:
        self.with_it: list[Callable[[], None]] = []
        self._reader = reader
        self._seen: dict[str, int] = {}
        self._bell = asyncio.Event()
        self._looked_since: asyncio.Event | None = None
        self._looking = asyncio.Lock()

    def ring(self) -> None:
        """Wakes all who wait: a read model has moved."""
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    def forget(self) -> None:
        """What was seen holds no more: PostgreSQL may have crashed, and read models go back a little by that."""
        self._seen.clear()
        for forget in self.with_it:
            forget()
        self.ring()

    async def wait_for(self, position: int, names: Iterable[str], seconds: float) -> None:
        """Returns when all these read models have seen the position. Raises NotYetReadable after so many seconds."""
        wanted = sorted(set(names))
        clock = asyncio.get_running_loop()
        deadline = clock.time() + seconds
        while self.reached(wanted) < position:
            bell = self._bell
            await self._look(bell, wanted)
            if (reached := self.reached(wanted)) >= position:
                return
            left = deadline - clock.time()
            if left <= 0:
                raise NotYetReadable(_BEHIND, position=position, reached=reached)
            try:
                await asyncio.wait_for(bell.wait(), min(left, LOOK_SECONDS))
            except TimeoutError:
                if bell is self._bell:
                    self.ring()

    def reached(self, names: Iterable[str]) -> int:
        """How far all these read models have come, as last seen."""
        return min((self._seen.get(name, 0) for name in names), default=0)

    async def _look(self, bell: asyncio.Event, names: list[str]) -> None:
        """Asks how far they have come, unless somebody has asked since the last bell."""
        async with self._looking:
            if self._looked_since is bell and self._seen.keys() >= set(names):
                return
            rows = await self._reader.fetch(query.positions(names))
            self._seen.update(dict(rows))
            self._looked_since = bell


@asynccontextmanager
async def listening(conninfo: str, positions: Positions) -> AsyncIterator[None]:
    """Rings for every notification of the projector, until the end."""
    async with meanwhile(_listen(conninfo, positions), "stadtbuch-listener"):
        yield


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """Goes on with some work of this name, until the end of the block."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _listen(conninfo: str, positions: Positions) -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                await connection.execute(f"listen {CHANNEL}".encode())
                positions.forget()
                async for _ in connection.notifies():
                    positions.ring()
        except psycopg.Error as error:
            positions.forget()
            LOG.info("not listening (%s); waiting readers look every %s s", type(error).__name__, LOOK_SECONDS)
        await asyncio.sleep(LOOK_SECONDS)  # the pause between two attempts to connect
