"""What happens to an item's loans, from lending to the day on which it is forgotten who had it.

What links a reader to a loan is sealed under that loan's own key. `reader` is a keyed hash made for this one loan: it
can be compared with a reader who is named, and joined with nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.kernel import Code, Fact, Number, Sealed, Supervised
from domain.library.vocabulary import AgeBand, MediaType, ReturnPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLoan(Fact):
    """What happened to a loan: sealed under the key of the loan, so that it can be forgotten apart from the item."""

    loan: UUID

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLent(OfLoan):
    """`patron_ref` is the reader's record id. `terms` is the version of the lending terms that `due` follows from."""

    topic: ClassVar[str] = "library.item_lent.v1"
    kind: ClassVar[str] = "item"
    reader: Code
    patron_ref: Sealed[str]
    age_band: AgeBand
    barcode: Number
    media_type: MediaType
    branch: Number
    lent_on: date
    due: date
    terms: Code
    hold: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRenewed(OfLoan):
    """`overridden` names the rules that stood against it and `override_by` the member of staff who set them aside."""

    topic: ClassVar[str] = "library.loan_renewed.v1"
    kind: ClassVar[str] = "item"
    media_type: MediaType
    branch: Number
    renewed_on: date
    old_due: date
    due: date
    count: int
    terms: Code
    overridden: tuple[Code, ...]
    override_by: UUID | None
    override_reason: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.override_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateChanged(OfLoan):
    """The loan is due on another day (Friständerung); `overridden` names the rules against a later one.

    Version 1 left the day of the change to the envelope.
    """

    topic: ClassVar[str] = "library.due_date_changed.v2"
    kind: ClassVar[str] = "item"
    old_due: date
    due: date
    changed_by: UUID
    overridden: tuple[Code, ...]
    reason: Sealed[str]
    changed_on: date | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecalled(OfLoan):
    """Somebody waits, so the item is due sooner (Rückruf); `due` follows from `terms`."""

    topic: ClassVar[str] = "library.item_recalled.v1"
    kind: ClassVar[str] = "item"
    old_due: date
    due: date
    recalled_on: date
    terms: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanBecameOverdue(OfLoan):
    """The due date has passed (Fristüberschreitung). A box emptied later may still show that it came back in time."""

    topic: ClassVar[str] = "library.loan_became_overdue.v1"
    kind: ClassVar[str] = "item"
    media_type: MediaType
    branch: Number
    due: date
    overdue_since: date
    next_reminder_on: date | None
    terms: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent(OfLoan):
    """The reader was reminded (Mahnung). `level` counts from 1; no `next_reminder_on` means it was the last."""

    topic: ClassVar[str] = "library.reminder_sent.v1"
    kind: ClassVar[str] = "item"
    level: int
    due: date
    sent_on: date
    next_reminder_on: date | None
    terms: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReturned(OfLoan):
    """`returned_on` is the day in the world, `days_overdue` counts from it: what lay in the return box is not late.

    `anonymise_from` is the day from which the loan is to be forgotten, where nothing is owed. `overridden` names the
    rules that stood against it and `override_by` the member of staff who set them aside. Version 1 knew neither
    `place` nor charges.
    """

    topic: ClassVar[str] = "library.item_returned.v2"
    kind: ClassVar[str] = "item"
    media_type: MediaType
    branch: Number
    returned_on: date
    days_overdue: int
    place: ReturnPlace | None
    anonymise_from: date | None
    overridden: tuple[Code, ...]
    override_by: UUID | None
    override_reason: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.override_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClaimedReturned(OfLoan):
    """The reader says that the item was brought back (angeblich zurückgegeben). Overrides are as in ItemReturned."""

    topic: ClassVar[str] = "library.item_claimed_returned.v2"
    kind: ClassVar[str] = "item"
    claimed_on: date
    note: Sealed[str] | None
    overridden: tuple[Code, ...]
    override_by: UUID | None
    override_reason: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.override_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeclaredLost(OfLoan):
    """The item was given up and the loan ended (Verlusterklärung). Overrides are as in ItemReturned."""

    topic: ClassVar[str] = "library.item_declared_lost.v2"
    kind: ClassVar[str] = "item"
    media_type: MediaType
    branch: Number
    declared_on: date
    days_overdue: int
    anonymise_from: date | None
    overridden: tuple[Code, ...]
    override_by: UUID | None
    override_reason: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.override_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFound(Fact):
    """The item turned up (Wiederauffindung). `loan` is the one it was missed from, unless that is forgotten."""

    topic: ClassVar[str] = "library.item_found.v1"
    kind: ClassVar[str] = "item"
    loan: UUID | None
    media_type: MediaType
    branch: Number
    found_on: date
    days_overdue: int | None
    anonymise_from: date | None

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanAnonymised(Fact):
    """Nobody is to know any more who had the item: the `keys`, of loan and fulfilled hold, are to be destroyed."""

    topic: ClassVar[str] = "library.loan_anonymised.v1"
    kind: ClassVar[str] = "item"
    loan: UUID
    keys: tuple[UUID, ...]
    anonymised_on: date


LoanFact = (
    ItemLent
    | LoanRenewed
    | DueDateChanged
    | ItemRecalled
    | LoanBecameOverdue
    | ReminderSent
    | ItemReturned
    | ItemClaimedReturned
    | ItemDeclaredLost
    | ItemFound
    | LoanAnonymised
)
