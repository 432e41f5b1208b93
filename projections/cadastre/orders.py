"""The register of cadastre orders: one row per order, as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.cadastre import FAMILY, facts
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
    Stage,
)
from domain.kernel import Channel, Code, Message, Number, Recorded, Sealed
from projections.model import Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order. Amounts are euros."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    order_number: Number = column("The order's number.", "Die Bestellnummer.", filterable=True, sortable=True)
    stage: Stage = column("Where the order stands.", "Bearbeitungsstand.", filterable=True)
    product: Product = column("What was ordered.", "Das bestellte Produkt.", filterable=True)
    owner_data: bool = column("Whether it names owners.", "Ob es Eigentümerdaten enthält.", filterable=True)
    parcels: tuple[Number, ...] = column("The parcels.", "Die Flurstücke.", filterable=True)
    office: Code = column("The cadastre office that keeps them.", "Das zuständige Katasteramt.", filterable=True)
    format: Format = column("PDF, NAS or DXF.", "PDF, NAS oder DXF.", filterable=True)
    paper_size: PaperSize | None = column("The sheet, for PDF.", "Das Blattformat, bei PDF.", filterable=True)
    copies: int = column("How many copies.", "Zahl der Ausfertigungen.")
    assurance: Assurance = column("How surely the requester is known.", "Vertrauensniveau.", filterable=True)
    channel: Channel = column("The way the order came in.", "Eingangskanal der Bestellung.", filterable=True)
    requester: Sealed[str] = column("Who ordered.", "Wer bestellt hat.")
    purpose: Sealed[str] | None = column("What for.", "Der Verwendungszweck.")
    placed_on: date = column("When it was ordered.", "Tag der Bestellung.", filterable=True, sortable=True)
    ground_kind: InterestGround | None = column(
        "What the legitimate interest rests on.", "Art des berechtigten Interesses.", filterable=True, default=None
    )
    ground: Sealed[str] | None = column("The ground given.", "Der dargelegte Grund.", default=None)
    reviewer: UUID | None = column("Who reviewed the interest.", "Wer das Interesse prüfte.", default=None)
    refused_on: date | None = column("When it was refused.", "Tag der Ablehnung.", filterable=True, default=None)
    fee: Decimal | None = column(
        "The assessed fee.", "Festgesetzte Gebühr.", filterable=True, sortable=True, default=None
    )
    tariff_version: Code | None = column(
        "The tariff's version, by its first day.", "Fassung des Tarifs, nach ihrem ersten Tag.", default=None
    )
    exemption_ground: ExemptionGround | None = column(
        "Why no fee is due.", "Grund der Gebührenfreiheit.", filterable=True, default=None
    )
    notice_number: Number | None = column(
        "The fee notice.", "Nummer des Gebührenbescheids.", filterable=True, default=None
    )
    due_on: date | None = column("When the fee falls due.", "Fälligkeit der Gebühr.", filterable=True, default=None)
    paid: Decimal | None = column("What was paid.", "Gezahlter Betrag.", default=None)
    paid_on: date | None = column("When it was paid.", "Tag der Zahlung.", filterable=True, sortable=True, default=None)
    payment_method: PaymentMethod | None = column("How it was paid.", "Zahlungsart.", filterable=True, default=None)
    data_as_of: date | None = column("The day the data shows.", "Stand der Daten.", filterable=True, default=None)
    sha256: Code | None = column("The hash of the extract.", "Hashwert des Auszugs.", filterable=True, default=None)
    delivery_channel: DeliveryChannel | None = column(
        "The way it was delivered.", "Weg der Auslieferung.", filterable=True, default=None
    )
    delivered_on: date | None = column(
        "When it was delivered.", "Tag der Auslieferung.", filterable=True, sortable=True, default=None
    )
    delivery_days: int | None = column(
        "Days from order to delivery.", "Tage von der Bestellung zur Auslieferung.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    expires_on: date | None = column("The last day of a download.", "Letzter Tag des Downloads.", default=None)
    completed_on: date | None = column("When it was completed.", "Tag des Abschlusses.", default=None)
    cancelled_on: date | None = column("When it was cancelled.", "Tag der Stornierung.", filterable=True, default=None)
    cancel_cause: CancelCause | None = column("Why.", "Grund der Stornierung.", filterable=True, default=None)
    refunded: Decimal | None = column("What was refunded.", "Erstatteter Betrag.", default=None)
    refunded_on: date | None = column("When it was refunded.", "Tag der Erstattung.", filterable=True, default=None)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def fold(row: OrderRow | None, event: Recorded) -> OrderRow | None:
    """The order after an event."""
    if row is None:
        return _placed(event, event.fact) if isinstance(event.fact, facts.OrderPlaced) else None
    return follow(row, event, **_changes(row, event))


def _placed(event: Recorded, fact: facts.OrderPlaced) -> OrderRow:
    return OrderRow(
        record_id=event.record_id,
        order_number=fact.order_number,
        stage=Stage.SUBMITTED,
        product=fact.product,
        owner_data=fact.product.has_owner_data,
        parcels=fact.parcels,
        office=fact.office,
        format=fact.format,
        paper_size=fact.paper_size,
        copies=fact.copies,
        assurance=fact.assurance,
        channel=event.envelope.channel,
        requester=fact.requester,
        purpose=fact.purpose,
        placed_on=fact.placed_on,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: OrderRow, event: Recorded) -> dict[str, Any]:
    day = event.effective.day
    match event.fact:
        case facts.LegitimateInterestClaimed() as fact:
            return {"stage": Stage.INTEREST_REVIEW, "ground_kind": fact.ground_kind, "ground": fact.ground}
        case facts.LegitimateInterestConfirmed() as fact:
            return {"stage": Stage.APPROVED, "reviewer": fact.reviewer}
        case facts.LegitimateInterestRefused() as fact:
            return {"stage": Stage.REFUSED, "reviewer": fact.reviewer, "refused_on": day}
        case facts.FeeAssessed() as fact:
            return {
                "stage": Stage.PRICED if fact.total.amount else Stage.PAID,
                "fee": fact.total.amount,
                "tariff_version": fact.tariff_version,
                "exemption_ground": fact.exemption_ground,
            }
        case facts.FeeNoticeIssued() as fact:
            return {"stage": Stage.INVOICED, "notice_number": fact.notice_number, "due_on": fact.due}
        case facts.PaymentSettled() as fact:
            waiting = row.stage in (Stage.PRICED, Stage.INVOICED)
            return {
                "stage": Stage.PAID if waiting else row.stage,
                "paid": fact.amount.amount,
                "paid_on": day,
                "payment_method": fact.method,
            }
        case facts.ProductGenerated() as fact:
            return {"stage": Stage.PRODUCED, "data_as_of": fact.data_as_of, "sha256": fact.sha256}
        case facts.ProductDelivered() as fact:
            return {
                "stage": Stage.DELIVERED,
                "delivery_channel": fact.channel,
                "delivered_on": fact.delivered_on,
                "delivery_days": fact.days,
                "expires_on": fact.expires,
            }
        case facts.PurposeFulfilled():
            return {"stage": Stage.COMPLETED, "completed_on": day}
        case facts.OrderCancelled() as fact:
            return {"stage": Stage.CANCELLED, "cancel_cause": fact.cause, "cancelled_on": day}
        case facts.OrderRefunded() as fact:
            return {"stage": Stage.REFUNDED, "refunded": fact.amount.amount, "refunded_on": day}
        case facts.OrderCorrected() as fact:
            return {**_voided(row, fact), **_corrected(fact), "corrections": row.corrections + 1}
    return {}


def _voided(row: OrderRow, fact: facts.OrderCorrected) -> dict[str, Any]:
    if not fact.fee_void:
        return {}
    stage = Stage.APPROVED if row.owner_data else Stage.SUBMITTED
    return {"stage": stage, "fee": None, "tariff_version": None, "exemption_ground": None}


def _corrected(fact: facts.OrderCorrected) -> dict[str, Any]:
    new = fact.new or ""
    match fact.field:
        case OrderField.PARCELS:
            return {"parcels": tuple(new.split())}
        case OrderField.PAPER_SIZE:
            return {"paper_size": PaperSize(new)}
        case OrderField.COPIES:
            return {"copies": int(new)}
        case OrderField.DATA_AS_OF:
            return {"data_as_of": date.fromisoformat(new)}
        case _:
            return {fact.field.value: fact.new_sealed}


PROJECTION = Projection(
    name="cadastre_order",
    singular="CadastreOrder",
    plural="cadastreOrders",
    comment=Message("The register of cadastre orders.", "Das Verzeichnis der Katasterbestellungen."),
    row=OrderRow,
    facts=FAMILY.facts,
    fold=fold,
    kind="order",
    number="order_number",
    order=("-placed_on",),
    indexes=(("parcels",), ("stage", "placed_on"), ("notice_number",), ("delivered_on",)),
)
