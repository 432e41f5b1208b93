"""What the calendar brings about in cadastre orders: payments become overdue, downloads expire."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from domain.cadastre.commands import RecordDeliveryExpired, RecordPaymentOverdue
from domain.cadastre.vocabulary import Stage
from domain.kernel import Command, Message
from projections.cadastre.order_row import OrderRow
from projections.cadastre.orders import PROJECTION
from projections.duties import Duty
from projections.query import Op, Where


def _overdue(day: date) -> tuple[Where, ...]:
    open_demand = Where("due_on", Op.LT, day)
    return (open_demand, Where("overdue_on", Op.IS_NULL, True), Where("settled", Op.EQ, False))


def _overdue_since(row: OrderRow) -> date:
    if row.due_on is None:
        raise ValueError("an order without a last day for its payment is not overdue")
    return row.due_on + timedelta(days=1)


def _overdue_command(row: OrderRow) -> tuple[UUID, Command]:
    return row.record_id, RecordPaymentOverdue()


def _expired(day: date) -> tuple[Where, ...]:
    delivered = Where("stage", Op.EQ, Stage.DELIVERED)
    return (delivered, Where("expires_on", Op.LT, day), Where("expired_on", Op.IS_NULL, True))


def _expired_since(row: OrderRow) -> date:
    if row.expires_on is None:
        raise ValueError("an order without a download does not expire")
    return row.expires_on + timedelta(days=1)


def _expired_command(row: OrderRow) -> tuple[UUID, Command]:
    return row.record_id, RecordDeliveryExpired()


DUTIES: tuple[Duty, ...] = (
    Duty(
        name="cadastre.payment_overdue",
        comment=Message(
            "A demanded fee was not paid in time.", "Eine geforderte Gebühr wurde nicht fristgerecht bezahlt."
        ),
        source=PROJECTION,
        due=_overdue,
        since=_overdue_since,
        command=_overdue_command,
    ),
    Duty(
        name="cadastre.delivery_expired",
        comment=Message("The last day of a download is over.", "Der letzte Tag eines Downloads ist vorbei."),
        source=PROJECTION,
        due=_expired,
        since=_expired_since,
        command=_expired_command,
    ),
)
