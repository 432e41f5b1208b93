"""The fee of an order: assessed, demanded, paid, overdue, waived, refunded."""

from dataclasses import replace
from datetime import date
from typing import Final

from domain.cadastre import input_rules, rules
from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    IssueFeeNotice,
    IssueInvoice,
    RefundOrder,
    RemindPayment,
    SettlePayment,
    WaiveFee,
)
from domain.cadastre.facts import (
    FeeAssessed,
    FeeNoticeIssued,
    FeeWaived,
    InvoiceCancelled,
    InvoiceIssued,
    OrderRefunded,
    PaymentBecameOverdue,
    PaymentReminded,
    PaymentSettled,
)
from domain.cadastre.inputs import optional_text, required_number, required_text
from domain.cadastre.ordering import BY_STAFF
from domain.cadastre.series import take_number
from domain.cadastre.state import Order
from domain.cadastre.tariff import assess, tariff_on
from domain.cadastre.vocabulary import NumberUse, SeriesKind, Stage
from domain.kernel import Channel, Context, Fact, Invalid, Message, Money, On, Rejected

MOST_REMINDERS: Final = 2
ENDED: Final = (Stage.COMPLETED, Stage.CANCELLED, Stage.REFUNDED)


def assess_fee(order: Order, command: AssessFee, context: Context) -> FeeAssessed:
    """The fee by the tariff that holds for the order. Only the office says that none is due."""
    if order.fee is not None:
        raise Rejected(rules.FEE_ALREADY_ASSESSED)
    if order.product.has_owner_data and order.stage is not Stage.APPROVED:
        raise Rejected(rules.INTEREST_OPEN)
    if command.exemption_ground is not None and context.channel not in BY_STAFF:
        raise Rejected(rules.STAFF_DECIDES)
    tariff = tariff_on(order.tariff_day)
    if tariff is None:
        raise Rejected(rules.NO_TARIFF, day=order.tariff_day)
    minutes = command.minutes if command.minutes is not None else 0
    if order.format.is_data != (command.minutes is not None) or (order.format.is_data and not 1 <= minutes <= 6_000):
        raise Invalid(
            "minutes",
            Message(
                "Give the working time, 1 to 6000 minutes, where data is delivered, and only there.",
                "Geben Sie die Arbeitszeit (1 bis 6000 Minuten) an, wenn Daten geliefert werden, und nur dann.",
            ),
        )
    return assess(
        tariff,
        product=order.product,
        format=order.format,
        paper_size=order.paper_size,
        copies=order.copies,
        minutes=minutes,
        tariff_day=order.tariff_day,
        exemption_ground=command.exemption_ground,
        assessed_on=context.day,
    )


def notice(order: Order, command: IssueFeeNotice, context: Context) -> tuple[Fact | On, ...]:
    """A fee notice, numbered by a series or, where it is imported, as it was."""
    amount = _to_be_demanded(order)
    _check_due(command.due, context)
    if command.notice_number is not None and context.channel is not Channel.IMPORT:
        raise Rejected(input_rules.NUMBER_FROM_SERIES)
    if (command.series_id is None) == (command.notice_number is None):
        raise Rejected(input_rules.NUMBER_FROM_SERIES)
    if command.series_id is None:
        number = required_number("notice_number", command.notice_number or "")
        return (FeeNoticeIssued(notice_number=number, amount=amount, due=command.due, issued_on=context.day),)
    number, taken = take_number(context, command.series_id, SeriesKind.FEE_NOTICE, NumberUse.FEE_NOTICE)
    return (FeeNoticeIssued(notice_number=number, amount=amount, due=command.due, issued_on=context.day), taken)


def invoice(order: Order, command: IssueInvoice, context: Context) -> tuple[Fact | On, ...]:
    """An invoice, numbered by a series."""
    amount = _to_be_demanded(order)
    _check_due(command.due, context)
    bill_to = optional_text("bill_to", command.bill_to)
    number, taken = take_number(context, command.series_id, SeriesKind.INVOICE, NumberUse.INVOICE)
    issued = InvoiceIssued(
        invoice_number=number, amount=amount, due=command.due, bill_to=bill_to, issued_on=context.day
    )
    return (issued, taken)


def cancel_invoice(order: Order, command: CancelInvoice, context: Context) -> tuple[Fact | On, ...]:
    """A cancellation invoice, numbered as the invoices are."""
    demand = order.demand
    if demand is None or not demand.invoice:
        raise Rejected(rules.NO_INVOICE)
    reason = required_text("reason", command.reason)
    number, taken = take_number(context, command.series_id, SeriesKind.INVOICE, NumberUse.CANCELLATION_INVOICE)
    cancelled = InvoiceCancelled(
        cancellation_number=number,
        invoice_number=demand.number,
        amount=demand.amount,
        reason=reason,
        cancelled_on=context.day,
    )
    return (cancelled, taken)


def settle(order: Order, command: SettlePayment, context: Context) -> PaymentSettled:
    """A payment of exactly the fee; of one that was waived or of a cancelled order too, for the money is there."""
    fee = _unpaid(order)
    reference = None if command.reference is None else required_number("reference", command.reference)
    if command.amount != fee:
        raise Rejected(input_rules.PAYMENT_DIFFERS, owed=fee.amount, paid=command.amount.amount)
    return PaymentSettled(amount=fee, method=command.method, reference=reference, settled_on=context.day)


def overdue(order: Order, context: Context) -> PaymentBecameOverdue:
    """What the calendar says of a demand that is not paid."""
    demand = order.demand
    if demand is None or demand.overdue or order.settled:
        raise Rejected(rules.NOTHING_OVERDUE)
    if context.day <= demand.due:
        raise Rejected(rules.NOT_YET_DUE, due=demand.due)
    return PaymentBecameOverdue(amount=demand.amount, due=demand.due)


def remind(order: Order, command: RemindPayment, context: Context) -> PaymentReminded:
    """A reminder with another last day."""
    demand = order.demand
    if demand is None or not demand.overdue or order.settled:
        raise Rejected(rules.NOT_OVERDUE)
    if demand.reminders >= MOST_REMINDERS:
        raise Rejected(rules.REMINDERS_EXHAUSTED, reminders=demand.reminders)
    _check_due(command.due, context)
    level = demand.reminders + 1
    return PaymentReminded(level=level, amount=demand.amount, due=command.due, reminded_on=context.day)


def waive(order: Order, command: WaiveFee, context: Context) -> FeeWaived:
    """What is owed is demanded no longer."""
    amount = _owed(order)
    if context.channel not in BY_STAFF:
        raise Rejected(rules.STAFF_DECIDES)
    reason = required_text("reason", command.reason)
    return FeeWaived(amount=amount, ground=command.ground, reason=reason, waived_on=context.day)


def refund(order: Order, command: RefundOrder, context: Context) -> OrderRefunded:
    """What was paid for an order that has come to its end, or a part of it: so often as something is left."""
    if order.stage not in ENDED:
        raise Rejected(rules.NOT_CANCELLED)
    if order.kept is None or order.kept.amount == 0:
        raise Rejected(rules.NOTHING_TO_REFUND)
    if context.channel not in BY_STAFF:
        raise Rejected(rules.STAFF_DECIDES)
    reason = required_text("reason", command.reason)
    if command.amount.currency != order.kept.currency or command.amount.amount <= 0:
        raise Invalid(
            "amount", Message("Give an amount in euros above zero.", "Geben Sie einen Betrag in Euro über null an.")
        )
    if command.amount.amount > order.kept.amount:
        raise Rejected(input_rules.REFUND_EXCEEDS_PAYMENT, left=order.kept.amount)
    kept = replace(order.kept, amount=order.kept.amount - command.amount.amount)
    return OrderRefunded(amount=command.amount, kept=kept, reason=reason, refunded_on=context.day)


def _unpaid(order: Order) -> Money:
    if order.fee is None:
        raise Rejected(rules.FEE_NOT_ASSESSED)
    if order.fee.amount == 0:
        raise Rejected(rules.NOTHING_TO_PAY)
    if order.paid is not None:
        raise Rejected(rules.ALREADY_PAID)
    return order.fee


def _owed(order: Order) -> Money:
    fee = _unpaid(order)
    if order.waived:
        raise Rejected(rules.NOTHING_TO_PAY)
    return fee


def _to_be_demanded(order: Order) -> Money:
    amount = _owed(order)
    if order.demand is not None:
        raise Rejected(rules.FEE_NOTICE_ISSUED, number=order.demand.number)
    return amount


def _check_due(due: date, context: Context) -> None:
    if due < context.day:
        raise Invalid(
            "due", Message("Nothing falls due before it is demanded.", "Nichts wird fällig, bevor es gefordert ist.")
        )
