"""The states of readers, titles, items and dispatches, as the rules need them. A sealed text is a reference here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.days import last_known
from domain.kernel import Money, Sealed
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    ChargeCause,
    ChargeStatus,
    HoldStatus,
    ItemStatus,
    LoanStatus,
    MediaType,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What was charged for, and whether it is settled (Entgelt). `since` is the day that its status is of."""

    id: UUID
    cause: ChargeCause
    amount: Money
    since: date
    status: ChargeStatus = ChargeStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Patron:
    """A reader (Benutzer). `charged_until` is the last day of the last year that was charged for.

    `pays_from` is the day before which nothing is owed: registered, taken up again, in another age band.
    `consent_since` is the day on which a guardian's consent was given or withdrawn last.

    `since` is the day of the last change of standing: registered, blocked, unblocked, at rest, taken up again. Facts of
    version 1 did not tell theirs.
    """

    name: Sealed[str]
    born: Sealed[str] | None
    card: str
    age_band: AgeBand
    guardian_consent: bool
    branch: str
    active: bool = True
    blocked: BlockGround | None = None
    registered_on: date | None = None
    since: date | None = None
    pays_from: date | None = None
    consent_since: date | None = None
    charged_until: date | None = None
    fees: tuple[Charge, ...] = ()

    @property
    def borrows_since(self) -> date | None:
        """The last day of a change that decides whether they may borrow. How it was before is not known here."""
        return last_known(self.since, self.consent_since, self.pays_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What items are copies of (Titel)."""

    number: str
    title: str
    creator: str | None
    isbn: str | None
    media_type: MediaType


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A loan, as long as it tells who has or had the item (Ausleihe). `missed` is the day it was claimed or lost on.

    `since` is the day of its last step: lent, renewed, given another due date, recalled, ended, found. What the
    calendar notes is none: a return box that is emptied later may show that it came back before. `dues` are the due
    dates before the present one, each with the day on which another took its place.
    """

    id: UUID
    reader: str
    branch: str
    due: date
    since: date
    hold: UUID | None
    renewals: int = 0
    status: LoanStatus = LoanStatus.ACTIVE
    reminders: int = 0
    next_reminder_on: date | None = None
    missed: date | None = None
    charges: tuple[Charge, ...] = ()
    anonymise_from: date | None = None
    dues: tuple[tuple[date, date], ...] = ()

    def due_on(self, day: date) -> date:
        """The due date as it was on a day, which a later renewal or recall does not change."""
        return next((due for replaced, due in self.dues if day < replaced), self.due)

    @property
    def unsettled(self) -> tuple[Charge, ...]:
        """What is owed: by the reader, or to the reader who paid for an item that was found."""
        refundable = ChargeCause.REPLACEMENT if self.status is LoanStatus.FOUND else None
        return tuple(
            charge
            for charge in self.charges
            if charge.status is ChargeStatus.OPEN or (charge.status is ChargeStatus.PAID and charge.cause is refundable)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One place in the queue for an item (Vormerkung).

    `since` is the day of its last move: placed, moved up or down, sent, set aside.
    """

    id: UUID
    reader: str
    pickup_branch: str
    placed_on: date
    status: HoldStatus = HoldStatus.PLACED
    pickup_until: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A copy (Exemplar) with its running loan and the holds that wait, first come first served.

    `since` is the day of its last move in the world: acquired, lent, returned, lost, found, sent, arrived or
    withdrawn. `waited_until` is the day on which the last of a queue gave up, or was given up, so that nobody waits.
    `settling` are the loans that are over and `ended_holds` the holds that ended in vain, as long as they tell who the
    reader was; these with the day from which that is to be forgotten, where a fact says it.
    """

    barcode: str
    title: str
    media_type: MediaType
    shelf_mark: str | None
    branch: str
    for_loan: bool
    withdrawn: bool = False
    loan: Loan | None = None
    title_id: UUID | None = None
    lost: bool = False
    holds: tuple[Hold, ...] = ()
    settling: tuple[Loan, ...] = ()
    ended_holds: Mapping[UUID, date | None] = field(default_factory=dict)
    transits: int = 0
    bound_for: str | None = None
    since: date | None = None
    waited_until: date | None = None

    @property
    def status(self) -> ItemStatus:
        """Where the item stands."""
        if self.withdrawn:
            return ItemStatus.WITHDRAWN
        if self.lost:
            return ItemStatus.LOST
        if self.loan is not None:
            return ItemStatus.LENT
        return ItemStatus.AVAILABLE if self.bound_for is None else ItemStatus.IN_TRANSIT

    @property
    def free_since(self) -> date | None:
        """The last day of which somebody had it, or waited in a queue that is empty now: its own, and its loan's."""
        return last_known(self.since if self.loan is None else self.loan.since, self.waited_until)

    @property
    def first_hold(self) -> Hold | None:
        """The hold whose turn it is."""
        return self.holds[0] if self.holds else None


class ListedTransit(NamedTuple):
    """One row of a dispatch list. Equal rows of one source are told apart by their `occurrence`, from 1 on."""

    item_type: str
    to_branch: str
    to_authority: str | None
    source: str
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What a branch sent away on one day: the rows not retracted, by number. `recorded` counts all there ever were."""

    reference: str
    day: date
    branch: str
    authority: str | None
    recorded: int = 0
    transits: Mapping[int, ListedTransit] = field(default_factory=dict)


LibraryState = Patron | Title | Item | Dispatch
