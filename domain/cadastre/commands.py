"""What can be done with a cadastre order."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

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
)
from domain.kernel import Command, Money, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCommand(Command):
    """A command to one order."""

    kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(OrderCommand):
    """Auszug bestellen. `requester` is name and address, `paper_size` is for PDF only."""

    creates: ClassVar[bool] = True
    order_number: str
    product: Product
    parcels: tuple[str, ...]
    format: Format = Format.PDF
    paper_size: PaperSize | None = None
    copies: int = 1
    assurance: Assurance = Assurance.NONE
    requester: Sealed[str]
    purpose: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse darlegen."""

    ground_kind: InterestGround
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse anerkennen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse nicht anerkennen und die Bestellung ablehnen."""

    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessFee(OrderCommand):
    """Gebühr festsetzen. `minutes` is the working time, needed where the product is data."""

    minutes: int | None = None
    exemption_ground: ExemptionGround | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFeeNotice(OrderCommand):
    """Gebührenbescheid erlassen."""

    notice_number: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePayment(OrderCommand):
    """Zahlung verbuchen."""

    amount: Money
    method: PaymentMethod
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateProduct(OrderCommand):
    """Auszug herstellen. `sha256` is the hash of the product's bytes in lower-case hex."""

    data_as_of: date
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverProduct(OrderCommand):
    """Auszug ausliefern. `expires` is the last day of a download."""

    channel: DeliveryChannel
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteOrder(OrderCommand):
    """Bestellung abschließen: its purpose is fulfilled; the office's copy of owner data is deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(OrderCommand):
    """Bestellung stornieren."""

    cause: CancelCause
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder(OrderCommand):
    """Gebühr einer stornierten Bestellung erstatten."""

    amount: Money
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOrder(OrderCommand):
    """Angabe berichtigen. `new` is the text form of a clear field (parcels separated by spaces), `new_sealed` the new
    text of a sealed one.
    """

    field: OrderField
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
