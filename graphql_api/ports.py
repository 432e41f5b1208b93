"""What the API needs from the world, as protocols; the composition root hands it in with every request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from domain.kernel import Message, Sealed
from domain.requests import Availability, Outcome, Principal, Refused, Request
from projections.query import Moment


class Forbidden(Refused):
    """This principal may not do or see this."""


class NotYetReadable(Refused):
    """The read models have not reached the position the caller named within the time they may take."""

    def __init__(self, message: Message, *, position: int, reached: int) -> None:
        super().__init__(message)
        self.position = position
        self.reached = reached


class Replaced(Exception):
    """What a statement names is not there, or of another type: a view that is known by what the database said of it
    may have been replaced since."""


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

    async def fetch(self, sql: str, params: Any, moment: Moment | None = None) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement, run as of a moment. Raises `Unavailable` where the database does not answer in
        time, and `Replaced`."""


class Unsealer(Protocol):
    """The way to the clear text of sealed columns."""

    async def reveal(self, references: Sequence[Sealed[str]]) -> Sequence[str | None]:
        """The texts in the order of the references, in one query; None for one that was erased."""


class Positions(Protocol):
    """How far the read models have come."""

    async def wait_for(self, position: int, names: Iterable[str], seconds: float) -> None:
        """Returns when all named read models have seen `position`. Raises `NotYetReadable` after so many seconds."""
