"""An order's next state, fact by fact."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.cadastre.facts import (
    FeeAssessed,
    FeeNoticeIssued,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCancelled,
    OrderCorrected,
    OrderPlaced,
    OrderRefunded,
    PaymentSettled,
    ProductDelivered,
    ProductGenerated,
    PurposeFulfilled,
)
from domain.cadastre.state import Order
from domain.cadastre.vocabulary import OrderField, PaperSize, Stage

AnyFact = (
    OrderPlaced
    | LegitimateInterestClaimed
    | LegitimateInterestConfirmed
    | LegitimateInterestRefused
    | FeeAssessed
    | FeeNoticeIssued
    | PaymentSettled
    | ProductGenerated
    | ProductDelivered
    | PurposeFulfilled
    | OrderCancelled
    | OrderRefunded
    | OrderCorrected
)


def evolve(state: Order | None, fact: AnyFact) -> Order:
    """The state after a stored fact."""
    if isinstance(fact, OrderPlaced):
        return _placed(fact)
    if state is None:
        raise ValueError("an order begins with OrderPlaced")
    match fact:
        case LegitimateInterestClaimed():
            return replace(
                state,
                stage=Stage.INTEREST_REVIEW,
                ground_kind=fact.ground_kind,
                ground=fact.ground,
                claimed_by=fact.claimed_by,
            )
        case LegitimateInterestConfirmed():
            return replace(state, stage=Stage.APPROVED, tariff_day=fact.confirmed_on)
        case LegitimateInterestRefused():
            return replace(state, stage=Stage.REFUSED)
        case FeeAssessed():
            return replace(state, stage=Stage.PRICED if fact.total.amount else Stage.PAID, fee=fact.total)
        case FeeNoticeIssued():
            return replace(state, stage=Stage.INVOICED, noticed=True)
        case PaymentSettled():
            waiting = state.stage in (Stage.PRICED, Stage.INVOICED)
            return replace(state, stage=Stage.PAID if waiting else state.stage, paid=fact.amount)
        case ProductGenerated():
            return replace(state, stage=Stage.PRODUCED, data_as_of=fact.data_as_of, sha256=fact.sha256)
        case ProductDelivered():
            return replace(state, stage=Stage.DELIVERED)
        case PurposeFulfilled():
            return replace(state, stage=Stage.COMPLETED)
        case OrderCancelled():
            return replace(state, stage=Stage.CANCELLED)
        case OrderRefunded():
            return replace(state, stage=Stage.REFUNDED)
        case OrderCorrected():
            return _corrected(state, fact)
    assert_never(fact)


def _placed(fact: OrderPlaced) -> Order:
    return Order(
        stage=Stage.SUBMITTED,
        product=fact.product,
        parcels=fact.parcels,
        office=fact.office,
        format=fact.format,
        paper_size=fact.paper_size,
        copies=fact.copies,
        placed_by=fact.placed_by,
        placed_on=fact.placed_on,
        tariff_day=fact.placed_on,
        requester=fact.requester,
        purpose=fact.purpose,
    )


def _corrected(state: Order, fact: OrderCorrected) -> Order:
    if fact.fee_void:
        before = Stage.APPROVED if state.product.has_owner_data else Stage.SUBMITTED
        state = replace(state, stage=before, fee=None)
    new = fact.new or ""
    match fact.field:
        case OrderField.PARCELS:
            return replace(state, parcels=tuple(new.split()))
        case OrderField.PAPER_SIZE:
            return replace(state, paper_size=PaperSize(new))
        case OrderField.COPIES:
            return replace(state, copies=int(new))
        case OrderField.DATA_AS_OF:
            return replace(state, data_as_of=date.fromisoformat(new))
        case OrderField.REQUESTER:
            return replace(state, requester=fact.new_sealed or state.requester)
        case OrderField.PURPOSE:
            return replace(state, purpose=fact.new_sealed)
        case OrderField.GROUND:
            return replace(state, ground=fact.new_sealed)
    assert_never(fact.field)
