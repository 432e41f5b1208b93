"""What happens, told to all who follow: one look at the trail for all of them each time it has grown.

A follower is offered positions and takes them in its own time. How many may wait is bounded: who is slower than that
is offered nothing more, reads what it missed from the trail, and joins again. So nobody costs more memory than their
bound, and nobody misses anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Hashable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from domain.kernel import Message
from domain.requests import Overloaded, Unavailable
from graphql_api.ports import NotYetReadable, Reader
from graphql_api.schema import EVENTS, RECORDS
from infra.asgi.positions import Positions, meanwhile
from projections import query
from projections.model import Projection, columns_of, find
from projections.query import Matches, Op, Where, operations

LOG: Final = logging.getLogger("stadtbuch.hub")
GATHER_SECONDS: Final = 0.1
"""What happens within this time is told together."""
SHARED_SECONDS: Final = 0.25
IDLE_SECONDS: Final = 60.0
REMEMBERED: Final = 5_000
MOST_WAITING: Final = 1_000
MOST_FOLLOWERS: Final = 10_000
READING_AT_ONCE: Final = 4
READ_AT_ONCE: Final = 1_000

_KEYS: Final = ("record_id", "command_id", "correlation_id", "actor", "topic", "kind", "family")
"""Columns by whose value a follower is found, from the most to the least telling."""
_FULL: Final = Message(
    "Too many follow the ledger already. Try again later, or ask with queries.",
    "Es folgen schon zu viele. Bitte später noch einmal versuchen oder mit Abfragen nachsehen.",
)


class Follower:
    """One who follows the events that meet some predicates."""

    def __init__(self, hub: Hub, where: Sequence[Where]) -> None:
        self._hub = hub
        self._waiting: deque[int] = deque()
        self._bell = asyncio.Event()
        self.matches: Matches = query.matching(hub.trail, where, hub.columns)
        self.place, self.values = _key(where, hub.columns)
        self.after = 0
        self.joined = False

    def join(self, position: int) -> bool:
        """Follow what comes after a position; False where that is not remembered."""
        remembered = self._hub.since(position)
        if remembered is None:
            return False
        fitting = [row[0] for row in remembered if self.matches(row)]
        if len(fitting) > MOST_WAITING:
            return False
        self._waiting.extend(fitting)
        self.after = max(position, self._hub.reached)
        self.joined = True
        return True

    def offer(self, position: int) -> None:
        """Lets it wait to be taken, unless too many do."""
        self.joined = len(self._waiting) < MOST_WAITING
        if self.joined:
            self._waiting.append(position)
        self._bell.set()

    async def next(self, most: int) -> Sequence[int]:
        """The next positions as soon as there are any; none where it has fallen behind."""
        while self.joined and not self._waiting:
            self._bell.clear()
            await self._bell.wait()
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]


class Hub:
    """Everybody who follows, in one process."""

    def __init__(self, reader: Reader, positions: Positions, trail: Projection, names: Sequence[str]) -> None:
        self.trail = trail
        filterable = [name for name, column in columns_of(trail.row).items() if operations(column)]
        self.columns = ("position", *(name for name in filterable if name != "position"))
        self.reached = 0
        self._reader = reader
        self._positions = positions
        self._names = tuple(names)
        self._remembered: deque[Sequence[Any]] = deque()
        self._low = 0
        self._followers: set[Follower] = set()
        self._by_key: dict[int | None, dict[Any, set[Follower]]] = {}
        self._turn = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._reading = asyncio.Semaphore(READING_AT_ONCE)
        self._shared: dict[Hashable, dict[Hashable, Any]] = {}
        self._shared_until = 0.0
        positions.with_it.append(self.forget)

    @contextmanager
    def follow(self, where: Sequence[Where]) -> Iterator[Follower]:
        """Follow while the block runs. Raises Overloaded."""
        if len(self._followers) >= MOST_FOLLOWERS:
            raise Overloaded(_FULL)
        follower = Follower(self, where)
        self._followers.add(follower)
        found = self._by_key.setdefault(follower.place, {})
        for value in follower.values:
            found.setdefault(value, set()).add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            for value in follower.values:
                found[value].discard(follower)
                if not found[value]:
                    del found[value]
            if not self._followers:
                self._wanted.clear()

    async def begin(self) -> int:
        """The position up to which all read models have come; asked anew where nobody has followed for a while."""
        async with self._turn:
            if not self._wanted.is_set():
                rows = await self._reader.fetch(query.positions(self._names))
                self.reached = self._low = min((position for _, position in rows), default=0)
                self._remembered.clear()
                self._wanted.set()
            return self.reached

    def reading(self) -> asyncio.Semaphore:
        """A turn to read what was recorded before."""
        return self._reading

    def since(self, position: int) -> Sequence[Sequence[Any]] | None:
        """The events after a position, as far as they are remembered; None where some are not."""
        if position < self._low:
            return None
        return [row for row in self._remembered if row[0] > position]

    def forget(self) -> None:
        """Remember nothing, and share nothing that was loaded: whoever joins reads from the trail what came before."""
        self._remembered.clear()
        self._low = self.reached
        self._shared_until = 0.0

    def shared(self, whose: Hashable) -> dict[Hashable, Any]:
        """What those who may see the same load together. Soon forgotten: texts are erased without an event."""
        now = asyncio.get_running_loop().time()
        if now >= self._shared_until:
            self._shared, self._shared_until = {}, now + SHARED_SECONDS
        return self._shared.setdefault(whose, {})

    async def run(self) -> None:
        """Tells what happens, for ever."""
        while True:
            await self._wanted.wait()
            try:
                await self._positions.wait_for(self.reached + 1, self._names, IDLE_SECONDS)
                async with self._turn:
                    while await self._look():
                        pass
            except NotYetReadable:
                continue
            except Unavailable as error:
                LOG.warning("what happens is not told while the read models do not answer: %s", error)
            except Exception:
                # Whoever follows would otherwise wait in silence, for ever.
                LOG.exception("what happens could not be told; it is tried again")
            await asyncio.sleep(GATHER_SECONDS)  # what happens meanwhile is told together

    async def _look(self) -> bool:
        """Tells of what has become readable; whether there is more."""
        upto = self._positions.reached(self._names)
        page = query.page(
            self.trail,
            self.columns,
            where=[Where("position", Op.GT, self.reached), Where("position", Op.LTE, upto)],
            order=("position",),
            first=READ_AT_ONCE,
        )
        found = page.read(await self._reader.fetch(page.statement))
        if found.has_next:
            upto = found.rows[-1][0]
        # After a crash of PostgreSQL the trail is for a moment behind what was seen of it before.
        upto = min(upto, found.as_of)
        if upto > self.reached:
            self._tell([row for row in found.rows if row[0] <= upto])
            self.reached = upto
        return found.has_next

    def _tell(self, rows: Sequence[Sequence[Any]]) -> None:
        self._shared_until = 0.0
        self._remembered.extend(rows)
        while len(self._remembered) > REMEMBERED:
            self._low = self._remembered.popleft()[0]
        for row in rows:
            for place, followers in self._by_key.items():
                for follower in followers.get(None if place is None else row[place], ()):
                    if follower.joined and follower.after < row[0] and follower.matches(row):
                        follower.offer(row[0])


@asynccontextmanager
async def following(reader: Reader, positions: Positions, projections: Sequence[Projection]) -> AsyncIterator[Hub]:
    """The hub of a process. What it tells of can be read: in the trail, the index and every register."""
    names = [each.name for each in projections if each.kind or each.name in (RECORDS, EVENTS)]
    hub = Hub(reader, positions, find(projections, EVENTS), names)
    async with meanwhile(hub.run(), "stadtbuch-hub"):
        yield hub


def _key(where: Sequence[Where], columns: Sequence[str]) -> tuple[int | None, frozenset[Any]]:
    """The place of the column by whose values events are found for whom; None, and the value None, where for all."""
    for name in _KEYS:
        values = query.wanted_values(where, name)
        if values is not None:
            return columns.index(name), values
    return None, frozenset({None})
