"""One run of a plan: what is to be fetched next for all rows at once, and which texts are to be revealed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from graphql_api.context import Asking
from graphql_api.lists import Row
from graphql_api.sealed import Place, SealedText
from projections.query import Moment

Columns = Mapping[str, Sequence[Any]]
"""Rows by column."""
Arguments = Callable[[Any], Mapping[str, Any]]
"""The arguments of a field, given the values of the variables."""


class Batch(NamedTuple):
    """Rows of a level: as the answer shows them, with what is below still to be put in, and their columns."""

    shown: Sequence[Row]
    columns: Columns
    moment: Moment | None


class Level(Protocol):
    """What is fetched below rows."""

    async def fetch(self, run: Run, batches: Sequence[Batch]) -> None:
        """Fetches for all rows at once, and puts what is found into them."""


@dataclass(slots=True)
class Run:
    """A plan being run for somebody. `variables` are their coerced values."""

    asking: Asking
    variables: Any
    places: list[Place] = field(default_factory=list)
    endings: list[Callable[[], None]] = field(default_factory=list)
    _pending: dict[int, tuple[Level, list[Batch]]] = field(default_factory=dict)

    def later(self, level: Level, batch: Batch) -> None:
        """Notes rows below which something is to be fetched."""
        self._pending.setdefault(id(level), (level, []))[1].append(batch)

    async def finish(self) -> None:
        """Fetches level by level until nothing is left to fetch, and reveals all texts in one call."""
        while self._pending:
            pending, self._pending = list(self._pending.values()), {}
            await together([level.fetch(self, batches) for level, batches in pending])
        if self.places:
            await self._reveal()
        for ending in self.endings:
            ending()

    async def _reveal(self) -> None:
        references = list(dict.fromkeys(reference for reference, _ in self.places))
        texts = await self.asking.unsealer.reveal(references)
        found = {
            reference: SealedText(text=text, erased=text is None)
            for reference, text in zip(references, texts, strict=True)
        }
        for reference, put in self.places:
            put(found[reference])


async def together(work: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
    """The results of all; of a single one without the cost of a task. Where one fails, none goes on."""
    if len(work) == 1:
        return [await work[0]]
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
