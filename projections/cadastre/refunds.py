"""The register of refunds: an order may be refunded in several parts, each in the month in which it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.cadastre import facts
from domain.kernel import Message, Recorded, Sealed
from projections.model import Projection, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    """One refund. Amounts are euros."""

    order_id: UUID = column("The order.", "Die Bestellung.", filterable=True)
    order_version: int = column("Which event of the order it is.", "Das wievielte Ereignis der Bestellung es ist.")
    amount: Decimal = column("What was refunded.", "Erstatteter Betrag.", filterable=True, sortable=True)
    kept: Decimal = column("What the city had left then.", "Was der Stadt danach blieb.")
    reason: Sealed[str] = column("Why.", "Der Grund.")
    refunded_on: date = column("When.", "Tag der Erstattung.", filterable=True, sortable=True)
    position: int = column("The event.", "Das Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)


def _key_of(event: Recorded) -> tuple[Any, ...] | None:
    return (event.record_id, event.version) if isinstance(event.fact, facts.OrderRefunded) else None


def fold(row: RefundRow | None, event: Recorded) -> RefundRow | None:
    """A refund stays as it is."""
    match event.fact:
        case facts.OrderRefunded() as fact:
            return RefundRow(
                order_id=event.record_id,
                order_version=event.version,
                amount=fact.amount.amount,
                kept=fact.kept.amount,
                reason=fact.reason,
                refunded_on=event.effective.day,
                position=event.position,
                recorded_at=event.recorded_at,
            )
    return row


PROJECTION = Projection(
    name="cadastre_refund",
    singular="CadastreRefund",
    plural="cadastreRefunds",
    comment=Message("Every refund of a cadastre fee.", "Jede Erstattung einer Katastergebühr."),
    row=RefundRow,
    readers=OFFICE,
    key=("order_id", "order_version"),
    key_of=_key_of,
    facts=(facts.OrderRefunded,),
    fold=fold,
    order=("-position",),
    indexes=(("order_id",), ("refunded_on",)),
    append_only=True,
)
