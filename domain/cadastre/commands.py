"""What can be done with a cadastre order, and with the series that number its bills."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from domain.cadastre.area import Area
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
    SeriesKind,
    WaiverGround,
)
from domain.kernel import Command, Money, Sealed
from domain.rights import CITIZENS, CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCommand(Command):
    """A command to one order."""

    kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(OrderCommand):
    """Auszug bestellen, at once and without a basket. Parcels or an area; `requester` is name and address, `paper_size`
    is for PDF only.
    """

    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CITIZENS
    order_number: str
    product: Product
    parcels: tuple[str, ...] = ()
    area: Area | None = None
    format: Format = Format.PDF
    paper_size: PaperSize | None = None
    copies: int = 1
    assurance: Assurance = Assurance.NONE
    requester: Sealed[str]
    purpose: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder(OrderCommand):
    """Warenkorb beginnen. Who orders is said when the basket is submitted."""

    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CITIZENS
    product: Product
    parcels: tuple[str, ...] = ()
    area: Area | None = None
    format: Format = Format.PDF
    paper_size: PaperSize | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft(OrderCommand):
    """Warenkorb ändern: all that is meant to be ordered, anew."""

    asked_by: ClassVar[Roles] = CITIZENS
    product: Product
    parcels: tuple[str, ...] = ()
    area: Area | None = None
    format: Format = Format.PDF
    paper_size: PaperSize | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOrder(OrderCommand):
    """Warenkorb absenden: it becomes an order. `requester` is name and address."""

    asked_by: ClassVar[Roles] = CITIZENS
    order_number: str
    assurance: Assurance = Assurance.NONE
    requester: Sealed[str]
    purpose: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft(OrderCommand):
    """Warenkorb verwerfen."""

    asked_by: ClassVar[Roles] = CITIZENS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse darlegen."""

    asked_by: ClassVar[Roles] = CITIZENS
    ground_kind: InterestGround
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse anerkennen."""

    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseLegitimateInterest(OrderCommand):
    """Berechtigtes Interesse nicht anerkennen und die Bestellung ablehnen."""

    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessFee(OrderCommand):
    """Gebühr festsetzen. `minutes` is the working time, needed where the product is data."""

    asked_by: ClassVar[Roles] = CLERKS
    minutes: int | None = None
    exemption_ground: ExemptionGround | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFeeNotice(OrderCommand):
    """Gebührenbescheid erlassen. Its number comes from a series; `notice_number` is for notices of an earlier system,
    which are imported with the numbers they have.
    """

    asked_by: ClassVar[Roles] = CLERKS
    series_id: UUID | None = None
    notice_number: str | None = None
    due: date

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return () if self.series_id is None else (self.series_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueInvoice(OrderCommand):
    """Rechnung stellen. Its number comes from the series; `bill_to` is an address other than the requester's."""

    asked_by: ClassVar[Roles] = CLERKS
    series_id: UUID
    due: date
    bill_to: Sealed[str] | None = None

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.series_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelInvoice(OrderCommand):
    """Rechnung stornieren, by a cancellation invoice with a number from the series."""

    asked_by: ClassVar[Roles] = CLERKS
    series_id: UUID
    reason: Sealed[str]

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.series_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePayment(OrderCommand):
    """Zahlung verbuchen, also one that comes after the fee was waived or the order cancelled."""

    asked_by: ClassVar[Roles] = CLERKS
    amount: Money
    method: PaymentMethod
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaymentOverdue(OrderCommand):
    """Überfällige Zahlung feststellen, the day after the last day for it."""

    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPayment(OrderCommand):
    """Zahlung mahnen; `due` is the new last day."""

    asked_by: ClassVar[Roles] = CLERKS
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveFee(OrderCommand):
    """Gebühr niederschlagen oder erlassen."""

    asked_by: ClassVar[Roles] = CLERKS
    ground: WaiverGround
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateProduct(OrderCommand):
    """Auszug herstellen. `sha256` is the hash of the product's bytes in lower-case hex."""

    asked_by: ClassVar[Roles] = CLERKS
    data_as_of: date
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverProduct(OrderCommand):
    """Auszug ausliefern. `expires` is the last day of a download."""

    asked_by: ClassVar[Roles] = CLERKS
    channel: DeliveryChannel
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeliveryExpired(OrderCommand):
    """Abgelaufenen Download feststellen, the day after its last day."""

    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteOrder(OrderCommand):
    """Bestellung abschließen: its purpose is fulfilled; the office's copy of owner data is deleted."""

    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(OrderCommand):
    """Bestellung stornieren."""

    asked_by: ClassVar[Roles] = CITIZENS
    cause: CancelCause
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder(OrderCommand):
    """Gebühr einer stornierten oder abgeschlossenen Bestellung erstatten, ganz oder zum Teil."""

    asked_by: ClassVar[Roles] = CLERKS
    amount: Money
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOrder(OrderCommand):
    """Angabe berichtigen. `new` is the text form of a clear field (parcels separated by spaces), `new_sealed` the new
    text of a sealed one.
    """

    asked_by: ClassVar[Roles] = CLERKS
    field: OrderField
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSeries(Command):
    """Nummernkreis für ein Jahr eröffnen. The prefix stands before each number; `first` follows on what was given."""

    kind: ClassVar[str] = "series"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    series_kind: SeriesKind
    year: int
    prefix: str
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOverNumber(Command):
    """Nummer übergehen: the next number of the series, which the notice of this order bears already (Übernahme)."""

    kind: ClassVar[str] = "series"
    asked_by: ClassVar[Roles] = CLERKS
    order_id: UUID

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.order_id,)
