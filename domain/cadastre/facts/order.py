"""What happens to an order: it is drafted, placed, reviewed where it asks for owners, corrected, cancelled."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.cadastre.area import Area
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    Format,
    InterestGround,
    OrderField,
    PaperSize,
    Product,
)
from domain.kernel import Claim, Code, Fact, Money, Number, PublicText, Sealed, Supervised, Supervision

FOUR_EYES: Final = "cadastre.reviewer_is_requester"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFact(Fact):
    """A fact of the stream of one order."""

    kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(OrderFact):
    """Bestellung eingegangen: of parcels or of an area. `catalogue` is the version of the product that was offered, by
    its first day; `parcel_table` the version of the table that parcels or Gemarkung were checked against.
    `placed_for` is in whose place `placed_by` acted. Version 1 did not say it, and was checked against no catalogue.
    `marks` are the keyed hashes by which a citizen is known again at the review; version 2 had none.
    """

    topic: ClassVar[str] = "cadastre.order_placed.v3"
    order_number: Number
    product: Product
    catalogue: Code | None
    parcels: tuple[Number, ...]
    area: Area | None
    office: Code
    parcel_table: Code
    format: Format
    paper_size: PaperSize | None
    copies: int
    assurance: Assurance
    placed_by: UUID
    placed_for: UUID | None
    marks: tuple[Code, ...] | None
    placed_on: date
    requester: Sealed[str]
    purpose: Sealed[str] | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim("cadastre.order_number", self.order_number),)

    def number(self) -> str:
        return self.order_number

    def found_by(self) -> tuple[str | None, ...]:
        return self.parcels


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDrafted(OrderFact):
    """Warenkorb begonnen: what somebody means to order. Nobody is named yet, and there is no number."""

    topic: ClassVar[str] = "cadastre.order_drafted.v1"
    product: Product
    parcels: tuple[Number, ...]
    area: Area | None
    format: Format
    paper_size: PaperSize | None
    copies: int
    drafted_on: date

    def found_by(self) -> tuple[str | None, ...]:
        return self.parcels


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged(OrderFact):
    """Warenkorb geändert: what is meant to be ordered now, as a whole. Version 1 did not say on which day."""

    topic: ClassVar[str] = "cadastre.draft_changed.v2"
    product: Product
    parcels: tuple[Number, ...]
    area: Area | None
    format: Format
    paper_size: PaperSize | None
    copies: int
    changed_on: date | None

    def found_by(self) -> tuple[str | None, ...]:
        return self.parcels


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(OrderFact):
    """Warenkorb verworfen."""

    topic: ClassVar[str] = "cadastre.draft_discarded.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestClaimed(OrderFact):
    """Berechtigtes Interesse dargelegt. `claimed_for` is in whose place `claimed_by` acted. Version 1 did not say that,
    and version 2 neither on which day nor the `marks` of a citizen.
    """

    topic: ClassVar[str] = "cadastre.legitimate_interest_claimed.v3"
    ground_kind: InterestGround
    ground: Sealed[str]
    claimed_by: UUID
    claimed_for: UUID | None
    marks: tuple[Code, ...] | None
    claimed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestConfirmed(OrderFact):
    """Berechtigtes Interesse anerkannt. `held_against` are those who ordered, claimed or corrected, and in whose place
    they did: the reviewer is none of them, and acts for none of them. Version 1 does not name them.
    """

    topic: ClassVar[str] = "cadastre.legitimate_interest_confirmed.v2"
    reviewer: UUID
    held_against: tuple[UUID, ...]
    confirmed_on: date

    def supervised(self) -> Supervised:
        return Supervised(by=Supervision.FOUR_EYES, rules=(FOUR_EYES,), others=self.held_against)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestRefused(OrderFact):
    """Berechtigtes Interesse nicht anerkannt: the order is refused (Ablehnung). `held_against` as in a confirmation.
    Version 2 did not say on which day.
    """

    topic: ClassVar[str] = "cadastre.legitimate_interest_refused.v3"
    reviewer: UUID
    held_against: tuple[UUID, ...]
    reason: Sealed[str]
    refused_on: date | None

    def supervised(self) -> Supervised:
        return Supervised(by=Supervision.FOUR_EYES, rules=(FOUR_EYES,), others=self.held_against, reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCorrected(OrderFact):
    """Angabe berichtigt. Clear fields carry old and new value, sealed ones the position of what they correct.

    `fee_void` tells that the assessed fee no longer holds and has to be assessed again; `parcel_table` is the version
    of the table that new parcels were checked against. `changed_by` are who corrected, and in whose place: they do not
    review the interest, and `marks` are those of a citizen. Version 1 names none of them, nor the day.
    """

    topic: ClassVar[str] = "cadastre.order_corrected.v2"
    field: OrderField
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    fee_void: bool
    parcel_table: Code | None
    reason: Sealed[str]
    changed_by: tuple[UUID, ...]
    marks: tuple[Code, ...] | None
    corrected_on: date | None

    def found_by(self) -> tuple[str | None, ...]:
        return tuple((self.new or "").split()) if self.field is OrderField.PARCELS else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderFact):
    """Bestellung storniert. `paid` is what has to be refunded or kept (compare § 15 GebG NRW). Version 1 did not say
    on which day.
    """

    topic: ClassVar[str] = "cadastre.order_cancelled.v2"
    cause: CancelCause
    paid: Money | None
    reason: Sealed[str]
    cancelled_on: date | None
