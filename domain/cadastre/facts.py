"""What happens to a cadastre order (Katasterauszug): every fact of its stream."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    OrderField,
    PaperSize,
    PaymentMethod,
    Product,
    TariffPosition,
)
from domain.kernel import ChargeKind, Claim, Code, Fact, Money, Number, PublicText, Sealed

PUBLIC_TEXTS: Final[Mapping[str, str]] = {
    "cadastre.order_corrected.v1.old": "the corrected field's own clear value",
    "cadastre.order_corrected.v1.new": "the corrected field's own clear value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFact(Fact):
    """A fact of the stream of one order."""

    kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(OrderFact):
    """Bestellung eingegangen. `parcel_table` is the version of the table that the parcels were checked against."""

    topic: ClassVar[str] = "cadastre.order_placed.v1"
    order_number: Number
    product: Product
    parcels: tuple[Number, ...]
    office: Code
    parcel_table: Code
    format: Format
    paper_size: PaperSize | None
    copies: int
    assurance: Assurance
    placed_by: UUID
    placed_on: date
    requester: Sealed[str]
    purpose: Sealed[str] | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim("cadastre.order_number", self.order_number),)

    def number(self) -> str:
        return self.order_number


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestClaimed(OrderFact):
    """Berechtigtes Interesse dargelegt."""

    topic: ClassVar[str] = "cadastre.legitimate_interest_claimed.v1"
    ground_kind: InterestGround
    ground: Sealed[str]
    claimed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestConfirmed(OrderFact):
    """Berechtigtes Interesse anerkannt."""

    topic: ClassVar[str] = "cadastre.legitimate_interest_confirmed.v1"
    reviewer: UUID
    confirmed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LegitimateInterestRefused(OrderFact):
    """Berechtigtes Interesse nicht anerkannt: the order is refused (Ablehnung)."""

    topic: ClassVar[str] = "cadastre.legitimate_interest_refused.v1"
    reviewer: UUID
    reason: Sealed[str]


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of an assessment: a position of the tariff, how often, at what price."""

    position: TariffPosition
    quantity: int
    price: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAssessed(OrderFact):
    """Gebühr festgesetzt. `total` is what is owed: `base` plus `copies`, or zero under an exemption.

    `tariff_version` is the day from which that version of the tariff holds; `tariff_day` the day it was looked up for.
    """

    topic: ClassVar[str] = "cadastre.fee_assessed.v1"
    charge_kind: ChargeKind
    tariff: Code
    tariff_version: Code
    tariff_no: TariffPosition
    tariff_day: date
    lines: tuple[FeeLine, ...]
    minutes: int | None
    base: Money
    copies: Money
    exemption_ground: ExemptionGround | None
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNoticeIssued(OrderFact):
    """Gebührenbescheid erlassen: the product may be made before it is paid."""

    topic: ClassVar[str] = "cadastre.fee_notice_issued.v1"
    notice_number: Number
    amount: Money
    due: date

    def claims(self) -> tuple[Claim, ...]:
        return (Claim("cadastre.fee_notice_number", self.notice_number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled(OrderFact):
    """Gebühr bezahlt. `reference` is the office's payment reference (Kassenzeichen)."""

    topic: ClassVar[str] = "cadastre.payment_settled.v1"
    amount: Money
    method: PaymentMethod
    reference: Number | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductGenerated(OrderFact):
    """Auszug hergestellt. The ledger keeps the hash of the product, never its content."""

    topic: ClassVar[str] = "cadastre.product_generated.v1"
    data_as_of: date
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDelivered(OrderFact):
    """Auszug ausgeliefert. `sha256` is that of the product delivered, `expires` the last day of a download."""

    topic: ClassVar[str] = "cadastre.product_delivered.v1"
    channel: DeliveryChannel
    expires: date | None
    sha256: Code
    delivered_on: date
    days: int
    """Calendar days since the order was placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFulfilled(OrderFact):
    """Zweck erfüllt: the order is complete, and the office's copy of a product with owner data is deleted."""

    topic: ClassVar[str] = "cadastre.purpose_fulfilled.v1"
    owner_data_deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderFact):
    """Bestellung storniert. `paid` is what has to be refunded or kept (§ 15 GebG NRW)."""

    topic: ClassVar[str] = "cadastre.order_cancelled.v1"
    cause: CancelCause
    paid: Money | None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(OrderFact):
    """Gebühr erstattet. `kept` is the part that stays with the city (§ 15 (2) GebG NRW)."""

    topic: ClassVar[str] = "cadastre.order_refunded.v1"
    amount: Money
    kept: Money
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCorrected(OrderFact):
    """Angabe berichtigt. Clear fields carry old and new value, sealed ones the position of what they correct.

    `fee_void` tells that the assessed fee no longer holds and has to be assessed again; `parcel_table` is the version
    of the table that new parcels were checked against.
    """

    topic: ClassVar[str] = "cadastre.order_corrected.v1"
    field: OrderField
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    fee_void: bool
    parcel_table: Code | None
    reason: Sealed[str]
