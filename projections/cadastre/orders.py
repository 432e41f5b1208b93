"""The register of cadastre orders: one row per order, as it stands."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from domain.cadastre import FAMILY, facts
from domain.cadastre.vocabulary import OrderField, PaperSize, Stage
from domain.kernel import Message, Recorded
from domain.rights import Role
from projections.cadastre.order_row import OrderRow
from projections.model import Json, Projection, follow
from projections.rights import OFFICE, Own

UNPAID = (Stage.PRICED, Stage.INVOICED)
NOT_YET_SAID = ("order_number", "office", "assurance", "requester", "purpose", "placed_on")


def fold(row: OrderRow | None, event: Recorded) -> OrderRow | None:
    """The order after an event."""
    if row is not None:
        return follow(row, event, **_changes(row, event))
    match event.fact:
        case facts.OrderPlaced() as fact:
            return OrderRow(**_begun(event), **_ordered(fact), **_placed(fact))
        case facts.OrderDrafted() as fact:
            nobody: dict[str, Any] = dict.fromkeys(NOT_YET_SAID)
            return OrderRow(**_begun(event), **_ordered(fact), **nobody, stage=Stage.DRAFT)
    return None


def _begun(event: Recorded) -> dict[str, Any]:
    return {
        "record_id": event.record_id,
        "channel": event.envelope.channel,
        "version": event.version,
        "position": event.position,
        "recorded_at": event.recorded_at,
        "changed_at": event.recorded_at,
    }


def _ordered(fact: facts.OrderPlaced | facts.OrderDrafted | facts.DraftChanged) -> dict[str, Any]:
    """What is ordered, or means to be."""
    area = fact.area and {
        "gemarkung": fact.area.gemarkung,
        "west": fact.area.west,
        "south": fact.area.south,
        "east": fact.area.east,
        "north": fact.area.north,
    }
    return {
        "product": fact.product,
        "owner_data": fact.product.has_owner_data,
        "parcels": fact.parcels,
        "area": area and Json(json.dumps(area)),
        "format": fact.format,
        "paper_size": fact.paper_size,
        "copies": fact.copies,
    }


def _placed(fact: facts.OrderPlaced) -> dict[str, Any]:
    return {
        "order_number": fact.order_number,
        "stage": Stage.SUBMITTED,
        "office": fact.office,
        "assurance": fact.assurance,
        "requester": fact.requester,
        "purpose": fact.purpose,
        "placed_on": fact.placed_on,
    }


def _changes(row: OrderRow, event: Recorded) -> dict[str, Any]:
    day = event.effective.day
    match event.fact:
        case facts.OrderPlaced() as fact:
            return {**_ordered(fact), **_placed(fact), "channel": event.envelope.channel}
        case facts.DraftChanged() as fact:
            return _ordered(fact)
        case facts.DraftDiscarded():
            return {"stage": Stage.CANCELLED}
        case facts.LegitimateInterestClaimed() as fact:
            return {"stage": Stage.INTEREST_REVIEW, "ground_kind": fact.ground_kind, "ground": fact.ground}
        case facts.LegitimateInterestConfirmed() as fact:
            return {"stage": Stage.APPROVED, "reviewer": fact.reviewer}
        case facts.LegitimateInterestRefused() as fact:
            return {"stage": Stage.REFUSED, "reviewer": fact.reviewer, "refused_on": day}
        case facts.OrderCancelled() as fact:
            return {"stage": Stage.CANCELLED, "cancel_cause": fact.cause, "cancelled_on": day, "due_on": None}
        case facts.OrderCorrected() as fact:
            return {**_voided(row, fact), **_corrected(fact), "corrections": row.corrections + 1}
    return _product(row, event) or _money(row, event)


def _product(row: OrderRow, event: Recorded) -> dict[str, Any]:
    """What a fact says of the product."""
    match event.fact:
        case facts.ProductGenerated() as fact:
            return {"stage": Stage.PRODUCED, "data_as_of": fact.data_as_of, "sha256": fact.sha256}
        case facts.ProductDelivered() as fact:
            # Delivered again after a download expired, it keeps the day and the days of the first time.
            first = {} if row.delivered_on else {"delivered_on": fact.delivered_on, "delivery_days": fact.days}
            again = {"delivery_channel": fact.channel, "expires_on": fact.expires, "expired_on": None}
            return {"stage": Stage.DELIVERED, **first, **again}
        case facts.DeliveryExpired():
            return {"expired_on": event.effective.day}
        case facts.PurposeFulfilled():
            return {"stage": Stage.COMPLETED, "completed_on": event.effective.day}
    return {}


def _money(row: OrderRow, event: Recorded) -> dict[str, Any]:
    """What a fact says of the fee."""
    day = event.effective.day
    settled = {"stage": Stage.PAID if row.stage in UNPAID else row.stage, "settled": True}
    demanded = Stage.INVOICED if row.stage is Stage.PRICED else row.stage
    match event.fact:
        case facts.FeeAssessed() as fact:
            return {
                "stage": Stage.PRICED if fact.total.amount else Stage.PAID,
                "assessed_on": day,
                "fee": fact.total.amount,
                "settled": not fact.total.amount,
                "tariff_version": fact.tariff_version,
                "exemption_ground": fact.exemption_ground,
            }
        case facts.FeeNoticeIssued() as fact:
            return {"stage": demanded, "notice_number": fact.notice_number, "due_on": fact.due}
        case facts.InvoiceIssued() as fact:
            return {"stage": demanded, "invoice_number": fact.invoice_number, "due_on": fact.due}
        case facts.InvoiceCancelled() as fact:
            return {
                "stage": Stage.PRICED if row.stage is Stage.INVOICED else row.stage,
                "invoice_number": None,
                "cancelled_invoices": (*row.cancelled_invoices, fact.invoice_number),
                "due_on": None,
                "overdue_on": None,
                "reminders": 0,
            }
        case facts.PaymentSettled() as fact:
            return {**settled, "paid": fact.amount.amount, "paid_on": day, "payment_method": fact.method}
        case facts.PaymentBecameOverdue():
            return {"overdue_on": day}
        case facts.PaymentReminded() as fact:
            return {"due_on": fact.due, "overdue_on": None, "reminders": fact.level}
        case facts.FeeWaived() as fact:
            return {**settled, "waived": fact.amount.amount, "waived_on": day, "waiver_ground": fact.ground}
        case facts.OrderRefunded() as fact:
            stage = Stage.REFUNDED if row.stage is Stage.CANCELLED else row.stage
            refunded = (row.refunded or Decimal(0)) + fact.amount.amount
            return {"stage": stage, "refunded": refunded, "refunded_on": day}
    return {}


def _voided(row: OrderRow, fact: facts.OrderCorrected) -> dict[str, Any]:
    if not fact.fee_void:
        return {}
    stage = Stage.APPROVED if row.owner_data else Stage.SUBMITTED
    return {"stage": stage, "assessed_on": None, "fee": None, "tariff_version": None, "exemption_ground": None}


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
    readers={**OFFICE, Role.CITIZEN: (Own(),)},
    facts=tuple(fact for fact in FAMILY.facts if fact.kind == "order"),
    fold=fold,
    kind="order",
    number="order_number",
    order=("-placed_on",),
    indexes=(("parcels",), ("stage", "placed_on"), ("notice_number",), ("delivered_on",), ("due_on",)),
)
