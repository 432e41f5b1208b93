"""The days of an order's steps: none is taken before what it rests on."""

from datetime import date, timedelta
from typing import Final

from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    CancelOrder,
    CompleteOrder,
    ConfirmLegitimateInterest,
    DeliverProduct,
    GenerateProduct,
    IssueFeeNotice,
    IssueInvoice,
    OrderCommand,
    RefundOrder,
    RefuseLegitimateInterest,
    RemindPayment,
    SettlePayment,
    WaiveFee,
)
from domain.cadastre.state import Order

_DAY: Final = timedelta(days=1)


def ground_of(order: Order, command: OrderCommand) -> date:
    """The first day on which a command can take effect: that of the step it rests on.

    Money that comes in late is booked for the day on which it came, even if the extract was made since. What was
    recorded without its day holds nothing up.
    """
    days = [order.tariff_day, order.assessed_on]
    match command:
        case AssessFee() | SettlePayment() | WaiveFee():
            pass
        case IssueFeeNotice() | IssueInvoice():
            days.append(order.invoice_cancelled_on)
        case ConfirmLegitimateInterest() | RefuseLegitimateInterest():
            days = [order.claimed_on]
        case CancelInvoice():
            days = [order.demanded_on, order.reminded_on]
        case RemindPayment():
            days = [order.demand.due + _DAY if order.demand else None]
        case GenerateProduct():
            days.append(_released_on(order))
        case DeliverProduct():
            days += [_released_on(order), order.generated_on]
            days.append(order.expires + _DAY if order.expired and order.expires else None)
        case CompleteOrder():
            days += [order.delivered_on, order.settled_on, order.demanded_on, order.reminded_on]
            days.append(order.invoice_cancelled_on)
        case CancelOrder():
            days += [order.claimed_on, order.settled_on, order.demanded_on, order.reminded_on]
            days.append(order.invoice_cancelled_on)
        case RefundOrder():
            days = [order.cancelled_on, order.fulfilled_on, order.paid_on]
        case _:
            days = []
    return max((day for day in days if day is not None), default=order.placed_on)


def _released_on(order: Order) -> date | None:
    """When the fee stood no longer in the way of the product: it was paid, waived or demanded, whichever came first."""
    days = (order.settled_on, order.demanded_on)
    return min((day for day in days if day is not None), default=None)
