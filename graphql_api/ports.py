"""What the API needs from the world, as protocols; the composition root hands it in with every request."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Final, Protocol
from uuid import UUID

from domain.kernel import Message, Sealed
from domain.requests import Availability, Outcome, Principal, Refused, Request, Unavailable
from projections.query import Statement, Where

_NOT_THERE: Final = Message(
    "The read models are being built or replaced. Ask again in a moment.",
    "Die Leseseite wird gerade aufgebaut oder ersetzt. Bitte gleich noch einmal fragen.",
)


class Forbidden(Refused):
    """This principal may not do or see this."""


class NotYetReadable(Refused):
    """The read models have not reached the position the caller named within the time they may take."""

    def __init__(self, message: Message, *, position: int, reached: int) -> None:
        super().__init__(message)
        self.position = position
        self.reached = reached


class NotBuilt(Unavailable):
    """A read model that a statement names is not there: it is being built, or replaced, or has been removed."""

    def __init__(self) -> None:
        super().__init__(_NOT_THERE)


class Replaced(Exception):
    """What a statement names is of another type: a view that is known by what the database said of it may have been
    replaced since."""


class Commands(Protocol):
    """The way to the ledger."""

    async def handle(self, request: Request) -> Outcome:
        """Records a command. Raises `Rejected`, `Invalid` or a `Refused`."""

    async def available(self, record_id: UUID, principal: Principal) -> Sequence[Availability]:
        """Which commands the record's state allows now; nothing is stored."""

    async def made_by(self, record_id: UUID, principal: Principal) -> bool:
        """Whether a citizen began this record for themselves."""


class Reader(Protocol):
    """The way to the read models, in the reader's role."""

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement, run as of a moment. Raises `Unavailable` where the database does not answer in
        time, `NotBuilt`, and `Replaced`."""


class Unsealer(Protocol):
    """The way to the clear text of sealed columns."""

    async def reveal(self, references: Sequence[Sealed[str]]) -> Sequence[str | None]:
        """The texts in the order of the references, in one query; None for one that was erased."""


class Operations(Protocol):
    """What operators have done."""

    async def rebuild(self, name: str) -> None:
        """Begins to make a read model anew. Raises `Refused` where one is being made."""

    async def cancel(self, name: str) -> None:
        """Stops that."""


class Positions(Protocol):
    """How far the read models have come."""

    async def wait_for(self, position: int, names: Iterable[str], seconds: float) -> None:
        """Returns when all named read models have seen `position`. Raises `NotYetReadable` after so many seconds."""

    def forget(self) -> None:
        """What was seen of them holds no more: they have gone back."""


class Follower(Protocol):
    """One who follows the events that meet some predicates."""

    def join(self, position: int) -> bool:
        """Follow what comes after a position; False where that lies too far back to be told from memory."""

    async def next(self, most: int) -> Sequence[int]:
        """The positions of the next events, at most so many, as soon as there are any; none where the follower took
        them too slowly, and has to read and join again."""


class Live(Protocol):
    """What happens, told to all who follow."""

    @property
    def reached(self) -> int:
        """The position up to which all read models have come, as far as is known here."""

    def follow(self, where: Sequence[Where]) -> AbstractContextManager[Follower]:
        """Follow events that meet the predicates while the block runs. Raises `Overloaded`."""

    async def begin(self) -> int:
        """The position that a follower goes on from who asks for nothing earlier."""

    def reading(self) -> AbstractAsyncContextManager[object]:
        """A turn to read what was recorded before, so that those who come back leave room to everybody else."""

    def shared(self, whose: Hashable) -> dict[Hashable, Any]:
        """What those who may see the same load together, until more happens."""
