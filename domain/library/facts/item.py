"""What happens to an item: its loans, its holds, and its way from branch to branch.

What links a reader to a loan or a hold is sealed under that loan's or hold's own key. `reader` is a keyed hash made for
this one loan or hold: it can be compared with a reader who is named, and joined with nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed
from domain.library.vocabulary import AgeBand, CancellationGround, MediaType, WithdrawalGround

BARCODE: Final = "library.barcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAcquired(Fact):
    """A copy joined the stock (Zugang)."""

    topic: ClassVar[str] = "library.item_acquired.v1"
    kind: ClassVar[str] = "item"
    barcode: Number
    title: PublicText
    media_type: MediaType
    shelf_mark: Number | None
    branch: Number
    for_loan: bool

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(BARCODE, self.barcode),)

    def number(self) -> str | None:
        return self.barcode


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCorrected(Fact):
    """What was recorded of the item was put right; both values stay in the history."""

    topic: ClassVar[str] = "library.item_corrected.v1"
    kind: ClassVar[str] = "item"
    field: Code
    old: PublicText | None
    new: PublicText | None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Fact):
    """The copy left the stock (Aussonderung aus dem Bestand)."""

    topic: ClassVar[str] = "library.item_withdrawn.v1"
    kind: ClassVar[str] = "item"
    ground: WithdrawalGround
    note: Sealed[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLent(Fact):
    """`patron_ref` is the reader's record id. `terms` is the version of the lending terms that `due` follows from."""

    topic: ClassVar[str] = "library.item_lent.v1"
    kind: ClassVar[str] = "item"
    loan: UUID
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

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRenewed(Fact):
    """`overridden` names the rules that stood against it and `override_by` the member of staff who set them aside."""

    topic: ClassVar[str] = "library.loan_renewed.v1"
    kind: ClassVar[str] = "item"
    loan: UUID
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

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReturned(Fact):
    """`returned_on` is the day in the world, `days_overdue` counts from it: what lay in the return box is not late."""

    topic: ClassVar[str] = "library.item_returned.v1"
    kind: ClassVar[str] = "item"
    loan: UUID
    media_type: MediaType
    branch: Number
    returned_on: date
    days_overdue: int

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Fact):
    """A reader joined the queue for the item (Vormerkung)."""

    topic: ClassVar[str] = "library.hold_placed.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    reader: Code
    patron_ref: Sealed[str]
    barcode: Number
    pickup_branch: Number
    placed_on: date

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReady(Fact):
    """The item waits on the pick-up shelf until `pickup_until`, which follows from `terms` (Bereitstellung)."""

    topic: ClassVar[str] = "library.hold_ready.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    branch: Number
    pickup_until: date
    terms: Code

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFulfilled(Fact):
    """The reader who waited has borrowed the item."""

    topic: ClassVar[str] = "library.hold_fulfilled.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    loan: UUID

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(Fact):
    """Nobody came for the item by `pickup_until`."""

    topic: ClassVar[str] = "library.hold_expired.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    pickup_until: date

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCancelled(Fact):
    """The hold was given up before it was fulfilled."""

    topic: ClassVar[str] = "library.hold_cancelled.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    ground: CancellationGround

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSentInTransit(Fact):
    """`transit` counts the item's journeys; `hold` is the hold that waits where it goes to."""

    topic: ClassVar[str] = "library.item_sent_in_transit.v1"
    kind: ClassVar[str] = "item"
    transit: int
    media_type: MediaType
    from_branch: Number
    to_branch: Number
    sent_on: date
    hold: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemArrived(Fact):
    """`hold` is the hold it travelled for, if that still waits; `branch` need not be where it was sent to."""

    topic: ClassVar[str] = "library.item_arrived.v1"
    kind: ClassVar[str] = "item"
    transit: int
    branch: Number
    arrived_on: date
    hold: UUID | None


ItemFact = (
    ItemAcquired
    | ItemCorrected
    | ItemWithdrawn
    | ItemLent
    | LoanRenewed
    | ItemReturned
    | HoldPlaced
    | HoldReady
    | HoldFulfilled
    | HoldExpired
    | HoldCancelled
    | ItemSentInTransit
    | ItemArrived
)
