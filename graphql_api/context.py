"""What a resolver may use: who is asking, in which language, and the ports to the world."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final, Literal
from uuid import UUID

from strawberry.dataloader import DataLoader

from domain.kernel import Message, Sealed
from domain.requests import Principal, Unavailable
from domain.rights import Role, role_of
from graphql_api.ports import Commands, Operations, Positions, Reader, Unsealer
from projections.query import Statement
from projections.rights import Viewer

Language = Literal["en", "de"]

FETCHED_AT_ONCE: Final = 2
"""Statements that one request has run at the same time: all share a few connections with everybody else's."""


def preferred(accept_language: str | None) -> Language:
    """German or English, whichever an Accept-Language header (RFC 9110, 12.5.4) weighs higher; English where equal."""
    weights = {"en": 0.0, "de": 0.0}
    for part in (accept_language or "")[:1000].split(","):
        tag, *parameters = (piece.strip().lower() for piece in part.split(";"))
        language = tag.split("-")[0]
        if language in weights:
            quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
            weights[language] = max(weights[language], _weight(quality))
    return "de" if weights["de"] > weights["en"] else "en"


def _weight(quality: str) -> float:
    whole, _, decimals = quality.partition(".")
    sound = whole in ("0", "1") and (not decimals or (decimals.isascii() and decimals.isdigit()))
    return float(quality) if sound else 0.0


class Unanswered:
    """Read models that have not answered this request, and are not asked again for it."""

    def __init__(self, error: Unavailable) -> None:
        self._error = error

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        """Raises the error once more."""
        raise self._error


@dataclass(slots=True)
class Asking:
    """One request to the API: what several of its fields need at once is asked for together.

    `operation` is its kind and `cost` what it may come to, as soon as they are known; `spent` is told of the cost,
    which is `most_cost` at most. `as_of` is the position that everything read for it reflects at least; None where
    nothing was read. `recorded` is the last position that it recorded itself. `viewer` is who sees what is read;
    `may_inspect` tells whether hints may show them the schema. `trace_id` is what errors are found by in the log.
    """

    principal: Principal
    language: Language
    commands: Commands
    reader: Reader
    unsealer: Unsealer
    positions: Positions
    wait_seconds: float
    most_cost: float = inf
    spent: Callable[[int], None] = field(default=lambda cost: None)
    may_inspect: bool = True
    trace_id: str | None = None
    operations: Operations | None = None
    cost: int = field(init=False, default=0)
    operation: str | None = field(init=False, default=None)
    as_of: int | None = field(init=False, default=None)
    recorded: int | None = field(init=False, default=None)
    viewer: Viewer = field(init=False)
    _loaders: dict[Hashable, DataLoader[Any, Any]] = field(init=False, default_factory=dict)
    _turns: Semaphore = field(init=False, default_factory=lambda: Semaphore(FETCHED_AT_ONCE))

    def __post_init__(self) -> None:
        principal = self.principal
        self.viewer = Viewer(role_of(principal.role), principal.org_unit, tuple(sorted(principal.records)))

    @property
    def texts(self) -> DataLoader[Sealed[str], str | None]:
        """The loader of sealed texts."""
        return self.loader("texts", self._reveal)

    async def _reveal(self, references: list[Sealed[str]]) -> Sequence[str | None]:
        return await self.unsealer.reveal(references)

    async def own(self, record_id: UUID) -> bool:
        """Whether a record is the citizen's own; if so they see it from now on."""
        asks = self.viewer.role is Role.CITIZEN and record_id not in self.viewer.own
        if asks and await self.commands.made_by(record_id, self.principal):
            self.viewer = self.viewer._replace(own=(*self.viewer.own, record_id))
        return record_id in self.viewer.own

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement of the reader, when it is its turn among those of this request."""
        async with self._turns:
            return await self.reader.fetch(statement)

    def reflects(self, position: int) -> None:
        """Take note of the position that rows were read at."""
        self.as_of = position if self.as_of is None else min(self.as_of, position)

    def loader(self, what: Hashable, load: Callable[[list[Any]], Awaitable[Sequence[Any]]]) -> DataLoader[Any, Any]:
        """The loader of this request for `what`; the fields of one tick that load the same are answered together."""
        if what not in self._loaders:
            self._loaders[what] = DataLoader(load_fn=load)
        return self._loaders[what]

    def forget(self, recorded: int | None) -> None:
        """Read anew what is asked for from now on: a command has been recorded, at this position."""
        self.recorded = recorded if self.recorded is None else max(self.recorded, recorded or 0)
        self._loaders.clear()

    def say(self, message: Message) -> str:
        """A message in the language of the request."""
        return message.de if self.language == "de" else message.en
