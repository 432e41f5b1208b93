"""What happens to an item as part of the stock, and on its way from branch to branch."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed
from domain.library.vocabulary import MediaType, WithdrawalGround

BARCODE: Final = "library.barcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAcquired(Fact):
    """A copy joined the stock (Zugang). `title` is the text at that time, `title_id` the title's record, if any.

    Version 1 had no `title_id`, and versions 1 and 2 left the day to the envelope.
    """

    topic: ClassVar[str] = "library.item_acquired.v3"
    kind: ClassVar[str] = "item"
    barcode: Number
    title: PublicText
    title_id: UUID | None
    media_type: MediaType
    shelf_mark: Number | None
    branch: Number
    for_loan: bool
    acquired_on: date | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(BARCODE, self.barcode),)

    def number(self) -> str | None:
        return self.barcode

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title, self.shelf_mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAssignedToTitle(Fact):
    """The item is a copy of this title (Zuordnung zum Titel)."""

    topic: ClassVar[str] = "library.item_assigned_to_title.v1"
    kind: ClassVar[str] = "item"
    title_id: UUID
    title: PublicText

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCorrected(Fact):
    """What was recorded of the item was put right; both values stay in the history."""

    topic: ClassVar[str] = "library.item_corrected.v1"
    kind: ClassVar[str] = "item"
    field: Code
    old: PublicText | None
    new: PublicText | None
    reason: Sealed[str]

    def found_by(self) -> tuple[str | None, ...]:
        return (self.new,) if self.field in ("title", "shelf_mark") else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Fact):
    """The copy left the stock (Aussonderung aus dem Bestand). Version 1 left the day to the envelope."""

    topic: ClassVar[str] = "library.item_withdrawn.v2"
    kind: ClassVar[str] = "item"
    ground: WithdrawalGround
    note: Sealed[str] | None
    withdrawn_on: date | None


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


StockFact = ItemAcquired | ItemAssignedToTitle | ItemCorrected | ItemWithdrawn | ItemSentInTransit | ItemArrived
