"""Baskets, orders, and the review of a legitimate interest."""

from domain.cadastre import input_rules, rules
from domain.cadastre.commands import (
    CancelOrder,
    ChangeDraft,
    ClaimLegitimateInterest,
    DraftOrder,
    PlaceOrder,
    RefuseLegitimateInterest,
    SubmitOrder,
)
from domain.cadastre.facts import (
    DraftChanged,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCancelled,
    OrderDrafted,
    OrderPlaced,
)
from domain.cadastre.inputs import Ordered, check_ordered, optional_text, required_number, required_text
from domain.cadastre.parcels import districts
from domain.cadastre.state import Basket, Order
from domain.cadastre.vocabulary import Assurance, CancelCause, InterestGround, Stage
from domain.kernel import Channel, Context, Invalid, Message, Rejected

BY_STAFF = (Channel.STAFF, Channel.IMPORT)


def marks_of(context: Context) -> tuple[str, ...]:
    """By what a citizen is known again; staff are by who they are."""
    return () if context.own is None else context.marks()


def draft(command: DraftOrder, context: Context) -> OrderDrafted:
    """A new basket."""
    check_ordered(command, context.day)
    return OrderDrafted(
        product=command.product,
        parcels=command.parcels,
        area=command.area,
        format=command.format,
        paper_size=command.paper_size,
        copies=command.copies,
        drafted_on=context.day,
    )


def change(command: ChangeDraft, context: Context) -> DraftChanged:
    """Another content of a basket."""
    check_ordered(command, context.day)
    return DraftChanged(
        product=command.product,
        parcels=command.parcels,
        area=command.area,
        format=command.format,
        paper_size=command.paper_size,
        copies=command.copies,
        changed_on=context.day,
    )


def submit(basket: Basket, command: SubmitOrder, context: Context) -> OrderPlaced:
    """The order that a basket becomes: of what is offered on the day it is submitted."""
    return _placed(basket, command, context)


def place(command: PlaceOrder, context: Context) -> OrderPlaced:
    """An order without a basket."""
    return _placed(command, command, context)


def _placed(what: Ordered, command: PlaceOrder | SubmitOrder, context: Context) -> OrderPlaced:
    number = required_number("order_number", command.order_number)
    requester = required_text("requester", command.requester)
    purpose = optional_text("purpose", command.purpose)
    offered = check_ordered(what, context.day)
    if what.product.has_owner_data and command.assurance is not Assurance.HIGH:
        raise Rejected(input_rules.ASSURANCE_TOO_LOW, assurance=command.assurance)
    return OrderPlaced(
        order_number=number,
        product=what.product,
        catalogue=offered.catalogue,
        parcels=what.parcels,
        area=what.area,
        office=offered.office,
        parcel_table=districts().version,
        format=what.format,
        paper_size=what.paper_size,
        copies=what.copies,
        assurance=command.assurance,
        placed_by=context.actor,
        placed_for=context.deputising_for,
        marks=marks_of(context),
        placed_on=context.day,
        requester=requester,
        purpose=purpose,
    )


def claim(order: Order, command: ClaimLegitimateInterest, context: Context) -> LegitimateInterestClaimed:
    """What the requester says of their interest."""
    if not order.product.has_owner_data:
        raise Rejected(rules.NO_INTEREST_NEEDED, product=order.product)
    if order.stage is not Stage.SUBMITTED:
        raise Rejected(rules.INTEREST_ALREADY_CLAIMED)
    ground = required_text("ground", command.ground)
    return LegitimateInterestClaimed(
        ground_kind=command.ground_kind,
        ground=ground,
        claimed_by=context.actor,
        claimed_for=context.deputising_for,
        marks=marks_of(context),
        claimed_on=context.day,
    )


def confirm(order: Order, context: Context) -> LegitimateInterestConfirmed:
    """The interest is legitimate."""
    _check_review(order, context)
    if order.ground_kind is InterestGround.PURCHASE:
        raise Rejected(rules.WISH_TO_BUY)
    return LegitimateInterestConfirmed(reviewer=context.actor, held_against=order.requesters, confirmed_on=context.day)


def refuse(order: Order, command: RefuseLegitimateInterest, context: Context) -> LegitimateInterestRefused:
    """The interest is not legitimate, and the order ends."""
    _check_review(order, context)
    reason = required_text("reason", command.reason)
    return LegitimateInterestRefused(
        reviewer=context.actor, held_against=order.requesters, reason=reason, refused_on=context.day
    )


def _check_review(order: Order, context: Context) -> None:
    if order.stage is not Stage.INTEREST_REVIEW:
        raise Rejected(rules.INTEREST_NOT_UNDER_REVIEW, stage=order.stage)
    if context.channel not in BY_STAFF:
        raise Rejected(rules.STAFF_DECIDES)
    known = set(context.persons) & set(order.requesters)
    # Where there are no marks, none are made: that takes the order's key, which may be gone.
    if known or (order.marks and set(context.marks()) & set(order.marks)):
        raise Rejected(rules.REVIEWER_IS_REQUESTER)


def cancel(order: Order, command: CancelOrder, context: Context) -> OrderCancelled:
    """The end of an order whose product was not made."""
    if order.stage is Stage.PRODUCED:
        raise Rejected(rules.PRODUCT_MADE)
    if order.stage is Stage.DELIVERED:
        raise Rejected(rules.ALREADY_DELIVERED)
    if order.demand is not None and order.demand.invoice:
        raise Rejected(rules.INVOICE_OPEN, invoice=order.demand.number)
    if command.cause is CancelCause.NOT_PAID and order.paid is not None:
        raise Invalid("cause", Message("The order is paid.", "Die Bestellung ist bezahlt."))
    reason = required_text("reason", command.reason)
    return OrderCancelled(cause=command.cause, paid=order.paid, reason=reason, cancelled_on=context.day)
