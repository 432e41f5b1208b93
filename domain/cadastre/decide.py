"""What a command to an order or a series leads to. Rules about the record come before rules about the input."""

from datetime import date
from typing import assert_never

from domain.cadastre import delivery, fees, input_rules, ordering, rules
from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    CancelOrder,
    ChangeDraft,
    ClaimLegitimateInterest,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    DeliverProduct,
    DiscardDraft,
    DraftOrder,
    GenerateProduct,
    IssueFeeNotice,
    IssueInvoice,
    OpenSeries,
    PassOverNumber,
    PlaceOrder,
    RecordDeliveryExpired,
    RecordPaymentOverdue,
    RefundOrder,
    RefuseLegitimateInterest,
    RemindPayment,
    SettlePayment,
    SubmitOrder,
    WaiveFee,
)
from domain.cadastre.correct import correct
from domain.cadastre.days import ground_of
from domain.cadastre.facts import DraftDiscarded
from domain.cadastre.series import open_series, pass_over
from domain.cadastre.state import Basket, Order, State
from domain.cadastre.vocabulary import Stage
from domain.kernel import Channel, Context, Fact, On, Rejected

BasketCommand = ChangeDraft | SubmitOrder | DiscardDraft
WorkCommand = (
    ClaimLegitimateInterest
    | ConfirmLegitimateInterest
    | RefuseLegitimateInterest
    | AssessFee
    | IssueFeeNotice
    | IssueInvoice
    | CancelInvoice
    | SettlePayment
    | RecordPaymentOverdue
    | RemindPayment
    | WaiveFee
    | GenerateProduct
    | DeliverProduct
    | RecordDeliveryExpired
    | CompleteOrder
    | CancelOrder
    | RefundOrder
    | CorrectOrder
)
CalendarCommand = RecordPaymentOverdue | RecordDeliveryExpired
AnyCommand = OpenSeries | PassOverNumber | PlaceOrder | DraftOrder | BasketCommand | WorkCommand

FINISHED = (Stage.REFUSED, Stage.COMPLETED, Stage.CANCELLED, Stage.REFUNDED)


def decide(state: State | None, command: AnyCommand, context: Context) -> tuple[Fact | On, ...]:
    """The facts that the command leads to, on a day that is the caller's to name. Raises `Rejected` or `Invalid`."""
    facts = _decide(state, command, context)
    _check_own_day(command, context)
    return facts


def _decide(state: State | None, command: AnyCommand, context: Context) -> tuple[Fact | On, ...]:
    match command:
        case OpenSeries():
            return (open_series(state, command, context),)
        case PassOverNumber():
            return (pass_over(state, command, context),)
        case PlaceOrder():
            _check_new(state)
            return (ordering.place(command, context),)
        case DraftOrder():
            _check_new(state)
            return (ordering.draft(command, context),)
        case ChangeDraft() | SubmitOrder() | DiscardDraft():
            basket = _basket(state)
            facts: tuple[Fact | On, ...] = (_change(basket, command, context),)
            _check_day(basket.drafted_on, context)
            _check_ground(basket.changed_on or basket.drafted_on, context)
            return facts
        case _:
            order = _order(state, command)
            facts = _work_on(order, command, context)
            _check_day(order.placed_on, context)
            _check_ground(ground_of(order, command), context)
            return facts


def _check_new(state: State | None) -> None:
    if state is not None:
        raise Rejected(rules.ORDER_EXISTS)


def _basket(state: State | None) -> Basket:
    if isinstance(state, Order):
        raise Rejected(rules.ALREADY_SUBMITTED)
    if not isinstance(state, Basket):
        raise Rejected(rules.ORDER_UNKNOWN)
    if state.discarded:
        raise Rejected(rules.ORDER_FINISHED, stage=state.stage)
    return state


def _order(state: State | None, command: WorkCommand) -> Order:
    if isinstance(state, Basket) and not state.discarded:
        raise Rejected(rules.NOT_SUBMITTED)
    if isinstance(state, Basket):
        raise Rejected(rules.ORDER_FINISHED, stage=state.stage)
    if not isinstance(state, Order):
        raise Rejected(rules.ORDER_UNKNOWN)
    if state.stage in FINISHED and not _follows_the_end(state, command):
        raise Rejected(rules.ORDER_FINISHED, stage=state.stage)
    return state


def _follows_the_end(order: Order, command: WorkCommand) -> bool:
    """Whether it is a correction, or money that goes back or comes in for a fee that was assessed."""
    if isinstance(command, SettlePayment):
        return order.fee is not None
    return isinstance(command, RefundOrder | CorrectOrder)


def _check_day(begun_on: date, context: Context) -> None:
    if context.day < begun_on:
        raise Rejected(input_rules.BEFORE_THE_ORDER, begun_on=begun_on)


def _check_own_day(command: AnyCommand, context: Context) -> None:
    by_calendar = context.channel is Channel.SYSTEM and isinstance(command, CalendarCommand)
    if context.day < context.today and not by_calendar and context.channel not in ordering.BY_STAFF:
        raise Rejected(input_rules.DATED_BACK_BY_STAFF, day=context.day, channel=context.channel)


def _check_ground(ground: date, context: Context) -> None:
    if context.day < ground:
        raise Rejected(input_rules.BEFORE_ITS_GROUND, not_before=ground)


def _change(basket: Basket, command: BasketCommand, context: Context) -> Fact:
    match command:
        case ChangeDraft():
            return ordering.change(command, context)
        case SubmitOrder():
            return ordering.submit(basket, command, context)
        case DiscardDraft():
            return DraftDiscarded()
    assert_never(command)


def _work_on(order: Order, command: WorkCommand, context: Context) -> tuple[Fact | On, ...]:
    match command:
        case ClaimLegitimateInterest():
            return (ordering.claim(order, command, context),)
        case ConfirmLegitimateInterest():
            return (ordering.confirm(order, context),)
        case RefuseLegitimateInterest():
            return (ordering.refuse(order, command, context),)
        case AssessFee():
            return (fees.assess_fee(order, command, context),)
        case IssueFeeNotice():
            return fees.notice(order, command, context)
        case IssueInvoice():
            return fees.invoice(order, command, context)
        case CancelInvoice():
            return fees.cancel_invoice(order, command, context)
        case SettlePayment():
            return (fees.settle(order, command, context),)
        case RecordPaymentOverdue():
            return (fees.overdue(order, context),)
        case RemindPayment():
            return (fees.remind(order, command, context),)
        case WaiveFee():
            return (fees.waive(order, command, context),)
        case GenerateProduct():
            return (delivery.generate(order, command, context),)
        case DeliverProduct():
            return (delivery.deliver(order, command, context),)
        case RecordDeliveryExpired():
            return (delivery.expire(order, context),)
        case CompleteOrder():
            return (delivery.complete(order, context),)
        case CancelOrder():
            return (ordering.cancel(order, command, context),)
        case RefundOrder():
            return (fees.refund(order, command, context),)
        case CorrectOrder():
            return (correct(order, command, context),)
    assert_never(command)
