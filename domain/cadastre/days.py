"""The days of an order's steps: none is taken before what it rests on."""

from datetime import date

from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    CancelOrder,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
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
from domain.days import first_known, last_known


def ground_of(order: Order, command: OrderCommand) -> date:
    """The first day on which a command can take effect: that of the step it rests on.

    Money that comes in late is booked for the day on which it came, even if the extract was made since. A correction
    holds from the day of what it corrects, but one that voids the fee not from before that fee, and the calendar's
    facts from the day after the last one. What was recorded without its day holds nothing up.
    """
    days = [order.tariff_day, order.repriced_on, order.assessed_on]
    demanded = [order.demanded_on, order.reminded_on, order.overdue_since, order.invoice_cancelled_on]
    match command:
        case AssessFee() | SettlePayment():
            pass
        case IssueFeeNotice() | IssueInvoice():
            days.append(order.invoice_cancelled_on)
        case WaiveFee() | CancelInvoice():
            days += demanded
        case ConfirmLegitimateInterest() | RefuseLegitimateInterest():
            days = [order.claimed_on]
        case RemindPayment():
            days = [order.overdue_since]
        case GenerateProduct():
            days += [_released_on(order), order.generated_on]
        case DeliverProduct():
            days += [_released_on(order), order.generated_on, order.delivered_on, order.expired_since]
        case CompleteOrder() | CancelOrder():
            days += [
                *demanded,
                order.claimed_on,
                order.paid_on,
                order.waived_on,
                order.delivered_on,
                order.expired_since,
            ]
        case RefundOrder():
            days = [order.cancelled_on, order.fulfilled_on, order.paid_on, order.refunded_on]
        case CorrectOrder() if command.field.is_priced:
            days = [order.assessed_on, order.repriced_on, order.invoice_cancelled_on]
        case _:
            days = []
    return last_known(*days) or order.placed_on


def _released_on(order: Order) -> date | None:
    """When the fee stood no longer in the way of the product: it was paid, waived or demanded, whichever came first."""
    return first_known(order.settled_on, order.demanded_on)
