"""What becomes of the fee of an order: assessed, demanded, paid, reminded of, waived, refunded."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from domain.cadastre.facts.order import OrderFact
from domain.cadastre.vocabulary import ExemptionGround, PaymentMethod, TariffPosition, WaiverGround
from domain.kernel import ChargeKind, Claim, Code, Money, Number, Sealed, Supervised, Supervision

FEE_OPEN: Final = "cadastre.fee_open"


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of an assessment: a position of the tariff, how often, at what price."""

    position: TariffPosition
    quantity: int
    price: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAssessed(OrderFact):
    """Gebühr festgesetzt. `total` is what is owed: `base` plus `copies`, or zero under an exemption, which a
    member of staff grants.

    `tariff_version` is the day from which that version of the tariff holds; `tariff_day` the day it was looked up for.
    Version 1 did not say on which day it was assessed.
    """

    topic: ClassVar[str] = "cadastre.fee_assessed.v2"
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
    assessed_on: date | None

    def supervised(self) -> Supervised | None:
        if self.exemption_ground is None:
            return None
        return Supervised(by=Supervision.OVERRIDE, rules=(FEE_OPEN,))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNoticeIssued(OrderFact):
    """Gebührenbescheid erlassen: the product may be made before it is paid. Version 1 did not say on which day."""

    topic: ClassVar[str] = "cadastre.fee_notice_issued.v2"
    notice_number: Number
    amount: Money
    due: date
    issued_on: date | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim("cadastre.fee_notice_number", self.notice_number),)

    def found_by(self) -> tuple[str | None, ...]:
        return (self.notice_number,)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssued(OrderFact):
    """Rechnung gestellt: as a fee notice, for those who order on account. `bill_to` is an address of its own.
    Version 1 did not say on which day.
    """

    topic: ClassVar[str] = "cadastre.invoice_issued.v2"
    invoice_number: Number
    amount: Money
    due: date
    bill_to: Sealed[str] | None
    issued_on: date | None

    def claims(self) -> tuple[Claim, ...]:
        # Version 1, which names no day, claimed no number.
        return () if self.issued_on is None else (Claim("cadastre.fee_notice_number", self.invoice_number),)

    def found_by(self) -> tuple[str | None, ...]:
        return (self.invoice_number,)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCancelled(OrderFact):
    """Stornorechnung: the invoice is taken back by another one, whose number comes from the same series.
    Version 1 did not say on which day.
    """

    topic: ClassVar[str] = "cadastre.invoice_cancelled.v2"
    cancellation_number: Number
    invoice_number: Number
    amount: Money
    reason: Sealed[str]
    cancelled_on: date | None

    def claims(self) -> tuple[Claim, ...]:
        # Version 1, which names no day, claimed no number.
        return () if self.cancelled_on is None else (Claim("cadastre.fee_notice_number", self.cancellation_number),)

    def found_by(self) -> tuple[str | None, ...]:
        return (self.cancellation_number,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentBecameOverdue(OrderFact):
    """Zahlung überfällig: the last day for it, `due`, went by."""

    topic: ClassVar[str] = "cadastre.payment_became_overdue.v1"
    amount: Money
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReminded(OrderFact):
    """Zahlung gemahnt, for the `level`-th time, with another last day. Version 1 did not say on which day."""

    topic: ClassVar[str] = "cadastre.payment_reminded.v2"
    level: int
    amount: Money
    due: date
    reminded_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeWaived(OrderFact):
    """Gebühr niedergeschlagen oder erlassen: it is owed no longer, by decision of a member of staff. Version 1 did not
    say on which day.
    """

    topic: ClassVar[str] = "cadastre.fee_waived.v2"
    amount: Money
    ground: WaiverGround
    reason: Sealed[str]
    waived_on: date | None

    def supervised(self) -> Supervised:
        return Supervised(by=Supervision.OVERRIDE, rules=(FEE_OPEN,), reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled(OrderFact):
    """Gebühr bezahlt, be it after it was waived or its order cancelled. `reference` is the office's payment reference
    (Kassenzeichen). Version 1 named no day.
    """

    topic: ClassVar[str] = "cadastre.payment_settled.v2"
    amount: Money
    method: PaymentMethod
    reference: Number | None
    settled_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded(OrderFact):
    """Gebühr ganz oder teilweise erstattet. `kept` is what the city has left of what was paid, after all refunds
    (compare § 15 (2) GebG NRW). Version 1 did not say on which day.
    """

    topic: ClassVar[str] = "cadastre.order_refunded.v2"
    amount: Money
    kept: Money
    reason: Sealed[str]
    refunded_on: date | None
