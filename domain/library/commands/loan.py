"""What is wanted of an item's loan: at the counter, at the terminal, by the calendar."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.kernel import Command, Sealed
from domain.library.vocabulary import ReturnPlace
from domain.rights import CITIZENS, CLERKS, Roles


def loan_id(item: UUID, version: int) -> UUID:
    """The id of the loan that begins with an item's next event."""
    return uuid5(item, f"loan:{version}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LendItem(Command):
    """Lend an item to a reader (Ausleihe). The loan's id is `loan_id` of the item and its version before."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    patron: UUID
    branch: str

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLoan(Command):
    """Prolong the running loan of an item (Verlängerung). The reader is named again: the loan does not tell who it is.

    An `override_reason` asks to set aside the cap, the waiting hold, and that it is overdue; only staff may.
    """

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CITIZENS
    own: ClassVar[str] = "patron"
    patron: UUID
    override_reason: Sealed[str] | None = None

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem(Command):
    """Take an item back (Rückgabe). What lay in the return box takes effect on the day it was put there.

    What was given back at the counter takes effect on the day of recording. An `override_reason` asks for an earlier
    one; only staff may.
    """

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    branch: str
    place: ReturnPlace = ReturnPlace.COUNTER
    override_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDueDate(Command):
    """Give the running loan another due date, for a reason (Friständerung). A later one is an exception by staff."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    due: date
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallItem(Command):
    """Ask for an item back sooner, because somebody waits for it (Rückruf)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLoanOverdue(Command):
    """Note that a loan is past its due date (Fristüberschreitung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    loan: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReminder(Command):
    """Send the next reminder of an overdue loan (Mahnung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    loan: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimItemReturned(Command):
    """Note that the reader says the item was brought back (angeblich zurückgegeben). No reminder follows.

    It takes effect on the day it is said. An `override_reason` asks for an earlier one; only staff may.
    """

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    note: Sealed[str] | None = None
    override_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareLost(Command):
    """Give up an item that is on loan (Verlusterklärung). The reader owes what its replacement costs, in EUR.

    It takes effect on the day of recording. An `override_reason` asks for an earlier one; only staff may.
    """

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    replacement: Decimal
    override_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindItem(Command):
    """Book an item in that was lost or was said to be back (Wiederauffindung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymiseLoan(Command):
    """Forget who had an item, when the loan is over and settled long enough (Anonymisierung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    loan: UUID
