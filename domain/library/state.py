"""The states of a reader, an item and a dispatch, as the rules need them. A sealed text is a reference here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from domain.kernel import Sealed
from domain.library.vocabulary import AgeBand, BlockGround, HoldStatus, ItemStatus, MediaType


@dataclass(frozen=True, slots=True, kw_only=True)
class Patron:
    """A reader (Benutzer)."""

    name: Sealed[str]
    born: Sealed[str] | None
    card: str
    age_band: AgeBand
    guardian_consent: bool
    branch: str
    active: bool = True
    blocked: BlockGround | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """The loan that is running (Ausleihe)."""

    id: UUID
    reader: str
    branch: str
    due: date
    renewals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One place in the queue for an item (Vormerkung)."""

    id: UUID
    reader: str
    pickup_branch: str
    status: HoldStatus = HoldStatus.PLACED
    pickup_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A copy (Exemplar) with its running loan and the holds that wait, first come first served.

    `since` is the day of its last move in the world: lent, returned, sent or arrived.
    """

    barcode: str
    title: str
    media_type: MediaType
    shelf_mark: str | None
    branch: str
    for_loan: bool
    withdrawn: bool = False
    loan: Loan | None = None
    holds: tuple[Hold, ...] = ()
    transits: int = 0
    bound_for: str | None = None
    since: date | None = None

    @property
    def status(self) -> ItemStatus:
        """Where the item stands."""
        if self.withdrawn:
            return ItemStatus.WITHDRAWN
        if self.loan is not None:
            return ItemStatus.LENT
        return ItemStatus.AVAILABLE if self.bound_for is None else ItemStatus.IN_TRANSIT

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


LibraryState = Patron | Item | Dispatch
