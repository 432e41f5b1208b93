"""What a command to a cadastre order leads to. Rules about the order come before rules about the input."""

from dataclasses import replace
from typing import assert_never

from domain.cadastre import input_rules, rules
from domain.cadastre.commands import (
    AssessFee,
    CancelOrder,
    ClaimLegitimateInterest,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    DeliverProduct,
    GenerateProduct,
    IssueFeeNotice,
    PlaceOrder,
    RefundOrder,
    RefuseLegitimateInterest,
    SettlePayment,
)
from domain.cadastre.correct import correct
from domain.cadastre.facts import (
    FeeAssessed,
    FeeNoticeIssued,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCancelled,
    OrderFact,
    OrderPlaced,
    OrderRefunded,
    PaymentSettled,
    ProductDelivered,
    ProductGenerated,
    PurposeFulfilled,
)
from domain.cadastre.inputs import (
    check_sheet,
    hash_of_product,
    office_of,
    optional_text,
    required_number,
    required_text,
)
from domain.cadastre.parcels import districts
from domain.cadastre.state import Order
from domain.cadastre.tariff import assess, tariff_on
from domain.cadastre.vocabulary import Assurance, CancelCause, DeliveryChannel, InterestGround, Stage
from domain.kernel import Context, Invalid, Message, Money, Rejected

AnyCommand = (
    PlaceOrder
    | ClaimLegitimateInterest
    | ConfirmLegitimateInterest
    | RefuseLegitimateInterest
    | AssessFee
    | IssueFeeNotice
    | SettlePayment
    | GenerateProduct
    | DeliverProduct
    | CompleteOrder
    | CancelOrder
    | RefundOrder
    | CorrectOrder
)

FINISHED = (Stage.REFUSED, Stage.COMPLETED, Stage.CANCELLED, Stage.REFUNDED)


def decide(state: Order | None, command: AnyCommand, context: Context) -> tuple[OrderFact, ...]:
    """The facts that the command leads to. Raises `Rejected` or `Invalid`."""
    if isinstance(command, PlaceOrder):
        if state is not None:
            raise Rejected(rules.ORDER_EXISTS)
        return (_place(command, context),)
    if state is None:
        raise Rejected(rules.ORDER_UNKNOWN)
    fact = _work_on(state, command, context)
    if context.day < state.placed_on:
        raise Rejected(input_rules.BEFORE_THE_ORDER, placed_on=state.placed_on)
    return (fact,)


def _work_on(order: Order, command: AnyCommand, context: Context) -> OrderFact:
    if order.stage in FINISHED and not isinstance(command, RefundOrder | CorrectOrder):
        raise Rejected(rules.ORDER_FINISHED, stage=order.stage)
    match command:
        case ClaimLegitimateInterest():
            return _claim(order, command, context)
        case ConfirmLegitimateInterest():
            return _confirm(order, context)
        case RefuseLegitimateInterest():
            return _refuse(order, command, context)
        case AssessFee():
            return _assess(order, command)
        case IssueFeeNotice():
            return _notice(order, command, context)
        case SettlePayment():
            return _settle(order, command)
        case GenerateProduct():
            return _generate(order, command, context)
        case DeliverProduct():
            return _deliver(order, command, context)
        case CompleteOrder():
            return _complete(order)
        case CancelOrder():
            return _cancel(order, command)
        case RefundOrder():
            return _refund(order, command)
        case CorrectOrder():
            return correct(order, command, context)
        case PlaceOrder():
            raise Rejected(rules.ORDER_EXISTS)
    assert_never(command)


def _place(command: PlaceOrder, context: Context) -> OrderPlaced:
    number = required_number("order_number", command.order_number)
    requester = required_text("requester", command.requester)
    purpose = optional_text("purpose", command.purpose)
    office = office_of(command.parcels)
    check_sheet(command.product, command.format, command.paper_size, command.copies)
    if command.product.has_owner_data and command.assurance is not Assurance.HIGH:
        raise Rejected(input_rules.ASSURANCE_TOO_LOW, assurance=command.assurance)
    return OrderPlaced(
        order_number=number,
        product=command.product,
        parcels=command.parcels,
        office=office,
        parcel_table=districts().version,
        format=command.format,
        paper_size=command.paper_size,
        copies=command.copies,
        assurance=command.assurance,
        placed_by=context.actor,
        placed_on=context.day,
        requester=requester,
        purpose=purpose,
    )


def _claim(order: Order, command: ClaimLegitimateInterest, context: Context) -> LegitimateInterestClaimed:
    if not order.product.has_owner_data:
        raise Rejected(rules.NO_INTEREST_NEEDED, product=order.product)
    if order.stage is not Stage.SUBMITTED:
        raise Rejected(rules.INTEREST_ALREADY_CLAIMED)
    ground = required_text("ground", command.ground)
    return LegitimateInterestClaimed(ground_kind=command.ground_kind, ground=ground, claimed_by=context.actor)


def _confirm(order: Order, context: Context) -> LegitimateInterestConfirmed:
    _check_review(order, context)
    if order.ground_kind is InterestGround.PURCHASE:
        raise Rejected(rules.WISH_TO_BUY)
    return LegitimateInterestConfirmed(reviewer=context.actor, confirmed_on=context.day)


def _refuse(order: Order, command: RefuseLegitimateInterest, context: Context) -> LegitimateInterestRefused:
    _check_review(order, context)
    return LegitimateInterestRefused(reviewer=context.actor, reason=required_text("reason", command.reason))


def _check_review(order: Order, context: Context) -> None:
    if order.stage is not Stage.INTEREST_REVIEW:
        raise Rejected(rules.INTEREST_NOT_UNDER_REVIEW, stage=order.stage)
    if context.actor in (order.placed_by, order.claimed_by):
        raise Rejected(rules.REVIEWER_IS_REQUESTER)


def _assess(order: Order, command: AssessFee) -> FeeAssessed:
    if order.fee is not None:
        raise Rejected(rules.FEE_ALREADY_ASSESSED)
    if order.product.has_owner_data and order.stage is not Stage.APPROVED:
        raise Rejected(rules.INTEREST_OPEN)
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
    )


def _owed(order: Order) -> Money:
    if order.fee is None:
        raise Rejected(rules.FEE_NOT_ASSESSED)
    if order.fee.amount == 0:
        raise Rejected(rules.NOTHING_TO_PAY)
    if order.paid is not None:
        raise Rejected(rules.ALREADY_PAID)
    return order.fee


def _notice(order: Order, command: IssueFeeNotice, context: Context) -> FeeNoticeIssued:
    amount = _owed(order)
    if order.noticed:
        raise Rejected(rules.FEE_NOTICE_ISSUED)
    number = required_number("notice_number", command.notice_number)
    if command.due < context.day:
        raise Invalid(
            "due", Message("Nothing falls due before it is demanded.", "Nichts wird vor dem Bescheid fällig.")
        )
    return FeeNoticeIssued(notice_number=number, amount=amount, due=command.due)


def _settle(order: Order, command: SettlePayment) -> PaymentSettled:
    owed = _owed(order)
    reference = None if command.reference is None else required_number("reference", command.reference)
    if command.amount != owed:
        raise Rejected(input_rules.PAYMENT_DIFFERS, owed=owed.amount, paid=command.amount.amount)
    return PaymentSettled(amount=owed, method=command.method, reference=reference)


def _generate(order: Order, command: GenerateProduct, context: Context) -> ProductGenerated:
    if order.stage is Stage.DELIVERED:
        raise Rejected(rules.ALREADY_DELIVERED)
    if order.fee is None:
        raise Rejected(rules.FEE_NOT_ASSESSED)
    if not order.settled and not order.noticed:
        raise Rejected(rules.PAYMENT_MISSING)
    sha256 = hash_of_product(command.sha256)
    if command.data_as_of > context.day:
        raise Rejected(input_rules.DATA_FROM_THE_FUTURE, data_as_of=command.data_as_of)
    return ProductGenerated(data_as_of=command.data_as_of, sha256=sha256)


def _deliver(order: Order, command: DeliverProduct, context: Context) -> ProductDelivered:
    if order.stage is Stage.DELIVERED:
        raise Rejected(rules.ALREADY_DELIVERED)
    if order.stage is not Stage.PRODUCED or order.sha256 is None:
        raise Rejected(rules.PRODUCT_MISSING)
    is_download = command.channel is DeliveryChannel.DOWNLOAD
    if is_download != (command.expires is not None) or (command.expires or context.day) < context.day:
        raise Rejected(input_rules.DOWNLOAD_EXPIRES, channel=command.channel)
    return ProductDelivered(
        channel=command.channel,
        expires=command.expires,
        sha256=order.sha256,
        delivered_on=context.day,
        days=(context.day - order.placed_on).days,
    )


def _complete(order: Order) -> PurposeFulfilled:
    if order.stage is not Stage.DELIVERED:
        raise Rejected(rules.NOT_DELIVERED)
    if not order.settled:
        raise Rejected(rules.FEE_OPEN)
    return PurposeFulfilled(owner_data_deleted=order.product.has_owner_data)


def _cancel(order: Order, command: CancelOrder) -> OrderCancelled:
    if order.stage is Stage.PRODUCED:
        raise Rejected(rules.PRODUCT_MADE)
    if order.stage is Stage.DELIVERED:
        raise Rejected(rules.ALREADY_DELIVERED)
    if command.cause is CancelCause.NOT_PAID and order.paid is not None:
        raise Invalid("cause", Message("The order is paid.", "Die Bestellung ist bezahlt."))
    return OrderCancelled(cause=command.cause, paid=order.paid, reason=required_text("reason", command.reason))


def _refund(order: Order, command: RefundOrder) -> OrderRefunded:
    if order.stage not in (Stage.CANCELLED, Stage.REFUNDED):
        raise Rejected(rules.NOT_CANCELLED)
    if order.paid is None or order.stage is Stage.REFUNDED:
        raise Rejected(rules.NOTHING_TO_REFUND)
    reason = required_text("reason", command.reason)
    if command.amount.currency != order.paid.currency or command.amount.amount <= 0:
        raise Invalid(
            "amount", Message("Give an amount in euros above zero.", "Geben Sie einen Betrag in Euro über null an.")
        )
    if command.amount.amount > order.paid.amount:
        raise Rejected(input_rules.REFUND_EXCEEDS_PAYMENT, paid=order.paid.amount)
    kept = replace(order.paid, amount=order.paid.amount - command.amount.amount)
    return OrderRefunded(amount=command.amount, kept=kept, reason=reason)
