"""The next state of a basket, an order or a series, fact by fact."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from domain.cadastre.facts import (
    DeliveryExpired,
    DraftChanged,
    DraftDiscarded,
    FeeAssessed,
    FeeNoticeIssued,
    FeeWaived,
    InvoiceCancelled,
    InvoiceIssued,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    NumberTaken,
    OrderCancelled,
    OrderCorrected,
    OrderDrafted,
    OrderPlaced,
    OrderRefunded,
    PaymentBecameOverdue,
    PaymentReminded,
    PaymentSettled,
    ProductDelivered,
    ProductGenerated,
    PurposeFulfilled,
    SeriesOpened,
)
from domain.cadastre.state import Basket, Demand, Order, Series, State
from domain.cadastre.vocabulary import OrderField, PaperSize, Stage

DraftFact = OrderDrafted | DraftChanged | DraftDiscarded
WorkFact = (
    LegitimateInterestClaimed
    | LegitimateInterestConfirmed
    | LegitimateInterestRefused
    | FeeAssessed
    | FeeNoticeIssued
    | InvoiceIssued
    | InvoiceCancelled
    | PaymentSettled
    | PaymentBecameOverdue
    | PaymentReminded
    | FeeWaived
    | ProductGenerated
    | ProductDelivered
    | DeliveryExpired
    | PurposeFulfilled
    | OrderCancelled
    | OrderRefunded
    | OrderCorrected
)
AnyFact = DraftFact | OrderPlaced | WorkFact | SeriesOpened | NumberTaken

UNPAID = (Stage.PRICED, Stage.INVOICED)


def evolve(state: State | None, fact: AnyFact) -> State:
    """The state after a stored fact."""
    match fact:
        case OrderPlaced():
            return _placed(fact)
        case OrderDrafted():
            return _drafted(fact)
        case SeriesOpened():
            kind, day = fact.series_kind, fact.opened_on
            return Series(kind=kind, year=fact.year, prefix=fact.prefix, next=fact.first, last_on=day)
        case NumberTaken():
            if not isinstance(state, Series):
                raise ValueError("a series begins with SeriesOpened")
            return replace(state, next=fact.number_in_series + 1, last_on=fact.taken_on)
        case DraftChanged() | DraftDiscarded():
            if not isinstance(state, Basket):
                raise ValueError("a basket begins with OrderDrafted")
            return _redrafted(state, fact)
        case _:
            if not isinstance(state, Order):
                raise ValueError("an order begins with OrderPlaced")
            return _worked_on(state, fact)


def _worked_on(state: Order, fact: WorkFact) -> Order:
    match fact:
        case LegitimateInterestClaimed():
            return replace(
                state,
                stage=Stage.INTEREST_REVIEW,
                ground_kind=fact.ground_kind,
                ground=fact.ground,
                claimed_by=fact.claimed_by,
                claimed_for=fact.claimed_for,
                marks=(*state.marks, *(fact.marks or ())),
                claimed_on=fact.claimed_on,
            )
        case LegitimateInterestConfirmed():
            return replace(state, stage=Stage.APPROVED, tariff_day=fact.confirmed_on)
        case LegitimateInterestRefused():
            return replace(state, stage=Stage.REFUSED)
        case FeeAssessed():
            stage = Stage.PRICED if fact.total.amount else Stage.PAID
            return replace(state, stage=stage, fee=fact.total, assessed_on=fact.assessed_on)
        case FeeNoticeIssued() | InvoiceIssued():
            return _demanded(state, fact)
        case InvoiceCancelled():
            stage = Stage.PRICED if state.stage is Stage.INVOICED else state.stage
            return replace(state, stage=stage, demand=None, invoice_cancelled_on=fact.cancelled_on)
        case PaymentSettled():
            return replace(_settled(state), paid=fact.amount, kept=fact.amount, paid_on=fact.settled_on)
        case PaymentBecameOverdue():
            return replace(state, demand=state.demand and replace(state.demand, overdue=True))
        case PaymentReminded():
            return replace(state, demand=state.demand and _reminded(state.demand, fact))
        case FeeWaived():
            return replace(_settled(state), waived=True, waived_on=fact.waived_on)
        case ProductGenerated():
            made = replace(state, data_as_of=fact.data_as_of, sha256=fact.sha256, generated_on=fact.generated_on)
            return replace(made, stage=Stage.PRODUCED)
        case ProductDelivered():
            delivered = replace(state, expires=fact.expires, expired=False, delivered_on=fact.delivered_on)
            return replace(delivered, stage=Stage.DELIVERED)
        case DeliveryExpired():
            return replace(state, expired=True)
        case PurposeFulfilled():
            return replace(state, stage=Stage.COMPLETED, fulfilled_on=fact.fulfilled_on)
        case OrderCancelled():
            return replace(state, stage=Stage.CANCELLED, cancelled_on=fact.cancelled_on)
        case OrderRefunded():
            stage = Stage.REFUNDED if state.stage is Stage.CANCELLED else state.stage
            return replace(state, stage=stage, kept=fact.kept, refunded_on=fact.refunded_on)
        case OrderCorrected():
            return _corrected(state, fact)
    assert_never(fact)


def _drafted(fact: OrderDrafted) -> Basket:
    return Basket(
        product=fact.product,
        parcels=fact.parcels,
        area=fact.area,
        format=fact.format,
        paper_size=fact.paper_size,
        copies=fact.copies,
        drafted_on=fact.drafted_on,
    )


def _redrafted(state: Basket, fact: DraftChanged | DraftDiscarded) -> Basket:
    if isinstance(fact, DraftDiscarded):
        return replace(state, discarded=True)
    return replace(
        state,
        product=fact.product,
        parcels=fact.parcels,
        area=fact.area,
        format=fact.format,
        paper_size=fact.paper_size,
        copies=fact.copies,
        changed_on=fact.changed_on,
    )


def _placed(fact: OrderPlaced) -> Order:
    return Order(
        stage=Stage.SUBMITTED,
        product=fact.product,
        parcels=fact.parcels,
        area=fact.area,
        office=fact.office,
        format=fact.format,
        paper_size=fact.paper_size,
        copies=fact.copies,
        placed_by=fact.placed_by,
        placed_for=fact.placed_for,
        marks=fact.marks or (),
        placed_on=fact.placed_on,
        tariff_day=fact.placed_on,
        requester=fact.requester,
        purpose=fact.purpose,
    )


def _settled(state: Order) -> Order:
    return replace(state, stage=Stage.PAID if state.stage in UNPAID else state.stage)


def _demanded(state: Order, fact: FeeNoticeIssued | InvoiceIssued) -> Order:
    number = fact.invoice_number if isinstance(fact, InvoiceIssued) else fact.notice_number
    demand = Demand(
        number=number,
        invoice=isinstance(fact, InvoiceIssued),
        amount=fact.amount,
        due=fact.due,
        issued_on=fact.issued_on,
    )
    return replace(state, stage=Stage.INVOICED if state.stage is Stage.PRICED else state.stage, demand=demand)


def _reminded(demand: Demand, fact: PaymentReminded) -> Demand:
    return replace(demand, overdue=False, reminders=fact.level, due=fact.due, reminded_on=fact.reminded_on)


def _corrected(state: Order, fact: OrderCorrected) -> Order:
    correctors = tuple(dict.fromkeys((*state.corrected_by, *fact.changed_by)))
    state = replace(state, corrected_by=correctors, marks=(*state.marks, *(fact.marks or ())))
    if fact.fee_void:
        before = Stage.APPROVED if state.product.has_owner_data else Stage.SUBMITTED
        state = replace(state, stage=before, fee=None, assessed_on=None)
    if fact.field.is_priced:
        state = replace(state, repriced_on=fact.corrected_on)
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
