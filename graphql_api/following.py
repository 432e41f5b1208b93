"""Following the ledger: first what was recorded before, then what happens, each event once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, Final, NamedTuple, Self, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_api.context import Asking
from graphql_api.lists import Listing, Row, caught_up, rows_by_key
from graphql_api.ports import Live
from projections import query
from projections.query import Op, Where

READ_AT_ONCE: Final = 1_000
LOADED_AT_ONCE: Final = 50
Found = TypeVar("Found")


class _Shared(DataLoader[Any, Any]):
    """A loader of many subscriptions: one that ends while it waits takes nothing from the others."""

    def load(self, key: Any) -> Awaitable[Any]:
        """The value of a key."""
        return asyncio.shield(asyncio.ensure_future(super().load(key)))


@dataclass(slots=True)
class Following(Asking):
    """A subscription: it asks as any request does, again for each message, together with all who may see the same.

    Each message is paid for. `at` is the position that the last one reflects, None where there is none.
    """

    live: Live = field(kw_only=True)
    at: int | None = field(init=False, default=None)

    @classmethod
    def of(cls, asking: Asking, live: Live) -> Self:
        """The subscription that somebody asks for."""
        return cls(**{each.name: getattr(asking, each.name) for each in fields(asking) if each.init}, live=live)

    def renew(self) -> None:
        """Read anew from now on: a message is made."""
        viewer = self.viewer
        self._loaders = self.live.shared((viewer.role, viewer.office, viewer.own))

    def loader(self, what: Hashable, load: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> DataLoader[Any, Any]:
        """The loader for `what`, shared with those who may see the same and are told at the same time."""
        if what not in self._loaders:
            self._loaders[what] = _Shared(load_fn=load, max_batch_size=LOADED_AT_ONCE)
        return self._loaders[what]


class Batch(NamedTuple):
    """Positions of events, oldest first. Whoever has seen them goes on after `at`; `live` where they just happened."""

    positions: tuple[int, ...]
    at: int
    live: bool


async def followed(
    asking: Following, trail: Listing, names: Sequence[str], where: Sequence[Where], after: int | None, most: int
) -> AsyncGenerator[Batch, None]:
    """The events that meet the predicates and come after a position, or from now on, in batches of at most so many.

    The first batch is empty, and says where it begins. What is told are positions; who may see what is for those to
    find out who load the events. Who takes batches too slowly is told the rest from the trail, and loses nothing.
    """
    with asking.live.follow(where) as follower:
        at = await asking.live.begin()
        if after is not None:
            await caught_up(asking, after, names, "after")
            at = after
        yield Batch((), at, live=False)
        while True:
            while not follower.join(at):
                found, at = await _before(asking, trail, where, at)
                for start in range(0, len(found), most):
                    some = found[start : start + most]
                    yield Batch(some, some[-1], live=False)
            while some := tuple(await follower.next(most)):
                at = some[-1]
                yield Batch(some, at, live=True)


async def _before(asking: Following, trail: Listing, where: Sequence[Where], after: int) -> tuple[tuple[int, ...], int]:
    """The next positions by the trail, and the one up to which there are no others."""
    upto = asking.live.reached
    between = [Where("position", Op.GT, after), Where("position", Op.LTE, upto)]
    page = query.page(
        trail.source,
        ("position",),
        where=[*where, *between],
        order=("position",),
        first=READ_AT_ONCE,
        viewer=asking.viewer,
    )

    async def read() -> tuple[int, query.Slice]:
        async with asking.live.reading():
            found = page.read(await asking.fetch(page.statement))
        return found.as_of, found

    found = await _not_before(asking, upto, trail.reads, read)
    positions = tuple(position for (position,) in found.rows)
    return positions, positions[-1] if found.has_next else max(after, upto)


async def events_at(
    asking: Following, trail: Listing, asked: frozenset[str], positions: tuple[int, ...]
) -> Sequence[Row]:
    """The events at these positions, as far as the viewer sees them; those of all who are told now in one statement."""

    async def load(batches: list[tuple[int, ...]]) -> list[list[Row]]:
        keys = sorted({(position,) for batch in batches for position in batch})
        read = partial(rows_by_key, trail, asking, asked, keys)
        rows = await _not_before(asking, keys[-1][0], trail.reads, read)
        seen = {position: row for (position,), row in zip(keys, rows, strict=True) if row is not None}
        return [[seen[position] for position in batch if position in seen] for batch in batches]

    loaded: Sequence[Row] = await asking.loader(("events at", asked), load).load(positions)
    return loaded


async def record_at(
    asking: Following, index: Listing, names: Sequence[str], asked: frozenset[str], record_id: UUID, position: int
) -> Row | None:
    """A record as it is at a position or later, None where there is none to be seen; all told now in one statement.

    `names` are the projections that it is put together from.
    """

    async def load(told: list[tuple[UUID, int]]) -> list[Row | None]:
        read = partial(rows_by_key, index, asking, asked, [(each,) for each, _ in told])
        return await _not_before(asking, max(at for _, at in told), names, read)

    loaded: Row | None = await asking.loader(("record at", asked), load).load((record_id, position))
    return loaded


async def _not_before(
    asking: Following, position: int, names: Sequence[str], read: Callable[[], Awaitable[tuple[int, Found]]]
) -> Found:
    """What is read, with the position it was read at, when that is not before one that read models were seen at.

    After a crash of PostgreSQL they are for a moment behind what was seen of them: what they committed last is made
    again. What is missing until then would be lost to those who follow.
    """
    while True:
        as_of, found = await read()
        if as_of >= position:
            return found
        asking.positions.forget()
        await caught_up(asking, position, names)
