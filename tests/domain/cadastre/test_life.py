"""Whatever is tried on an order: it is decided or refused, what is decided folds, and the documentation knows it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.cadastre import FAMILY
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
from domain.cadastre.evolve import evolve
from domain.cadastre.facts import FeeAssessed
from domain.cadastre.state import Basket, Order
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    OrderField,
    PaperSize,
    PaymentMethod,
    Product,
    Stage,
    WaiverGround,
)
from domain.kernel import Command, Invalid, Money, Rejected, Sealed
from tests.conftest import ROOT
from tests.domain.cadastre.orders import (
    ALTSTADT,
    BENRATH,
    INVOICES,
    MAP,
    NOTICES,
    OWNERS,
    RHINE,
    SHA256,
    cancelled,
    claimed,
    completed,
    confirmed,
    delivered,
    downloaded,
    drafted,
    expired,
    invoiced,
    made,
    nothing_yet,
    noticed,
    numbered,
    overdue,
    paid,
    placed,
    priced,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id

texts = st.sampled_from(["", "-", "Größe", "x" * 4_001]).map(Sealed[str])
strings = st.sampled_from(["-", "", "1", "2", "A4", "2026-03-02", ALTSTADT, f"{ALTSTADT} {BENRATH}", SHA256])
days = st.integers(-3, 40).map(lambda n: TODAY + timedelta(days=n))
money = st.sampled_from(["0.00", "1", "22.50", "30.00", "60.00", "108.00"]).map(lambda amount: Money(Decimal(amount)))
exemptions = st.one_of(st.none(), st.none(), st.sampled_from(ExemptionGround))

areas = st.none() | st.sampled_from([RHINE, replace(RHINE, east=RHINE.west)])
products = st.sampled_from(Product)
ordered: dict[str, st.SearchStrategy[Any]] = {
    "parcels": st.one_of(st.just(()), st.tuples(strings)),
    "area": areas,
    "format": st.sampled_from(Format),
    "paper_size": st.none() | st.sampled_from(PaperSize),
    "copies": st.integers(0, 3),
}
requested: dict[str, st.SearchStrategy[Any]] = {
    "order_number": strings,
    "assurance": st.sampled_from(Assurance),
    "requester": texts,
    "purpose": st.none() | texts,
}
series = st.sampled_from([NOTICES, INVOICES, an_id("no series")])

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(PlaceOrder, product=products, **ordered, **requested),
    st.builds(DraftOrder, product=products, **ordered),
    st.builds(ChangeDraft, product=products, **ordered),
    st.builds(SubmitOrder, **requested),
    st.builds(DiscardDraft),
    st.builds(ClaimLegitimateInterest, ground_kind=st.sampled_from(InterestGround), ground=texts),
    st.builds(ConfirmLegitimateInterest),
    st.builds(RefuseLegitimateInterest, reason=texts),
    st.builds(AssessFee, minutes=st.sampled_from([None, None, 1, 50]), exemption_ground=exemptions),
    st.builds(IssueFeeNotice, series_id=st.none() | series, notice_number=st.none() | strings, due=days),
    st.builds(IssueInvoice, series_id=series, due=days, bill_to=st.none() | texts),
    st.builds(CancelInvoice, series_id=series, reason=texts),
    st.builds(RecordPaymentOverdue),
    st.builds(RemindPayment, due=days),
    st.builds(WaiveFee, ground=st.sampled_from(WaiverGround), reason=texts),
    st.builds(RecordDeliveryExpired),
    st.builds(SettlePayment, amount=money, method=st.sampled_from(PaymentMethod), reference=st.none() | strings),
    st.builds(GenerateProduct, data_as_of=days, sha256=strings),
    st.builds(DeliverProduct, channel=st.sampled_from(DeliveryChannel), expires=st.none() | days),
    st.builds(CompleteOrder),
    st.builds(CancelOrder, cause=st.sampled_from(CancelCause), reason=texts),
    st.builds(RefundOrder, amount=money, reason=texts),
    st.builds(
        CorrectOrder,
        field=st.sampled_from(OrderField),
        new=st.none() | strings,
        new_sealed=st.none() | texts,
        reason=texts,
    ),
)
steps = st.lists(st.tuples(commands, st.sampled_from([ACTOR, SOMEBODY_ELSE]), days), max_size=25)


scenarios = st.sampled_from(
    [
        drafted, placed, claimed, confirmed, priced, noticed, invoiced, overdue, paid, made, delivered, downloaded,
        expired, completed, cancelled,
    ]
)  # fmt: skip


@for_all(scenarios, steps)
def test_whatever_is_decided_folds_and_keeps_the_order_whole(
    begin: Callable[[], Given], attempts: list[tuple[Command, UUID, date]]
) -> None:
    scenario = begin()
    scenario = scenario if scenario.state_of(NOTICES) else numbered(scenario)
    for command, actor, day in attempts:
        decision = scenario.when(command, actor=actor, on=day)
        if decision.refusal is None:
            scenario = decision.so()
        assert isinstance(decision.refusal, Rejected | Invalid | None)
        check_whole(scenario.state)


def check_whole(order: Basket | Order) -> None:
    """What no command may break."""
    assert 1 <= order.copies <= 100
    assert bool(order.parcels) == (order.area is None)
    if isinstance(order, Basket):
        return
    if order.product.has_owner_data and order.fee is not None:
        assert order.claimed_by is not None
        assert order.ground_kind is not InterestGround.PURCHASE
    if order.stage in (Stage.PRODUCED, Stage.DELIVERED, Stage.COMPLETED):
        assert order.fee is not None
        assert order.sha256 is not None
    if order.stage is Stage.COMPLETED:
        assert order.settled
    if order.paid is not None:
        assert order.paid == order.fee
    if order.waived:
        assert order.paid is None
    if order.expired:
        assert order.expires is not None
    if order.demand is not None:
        assert order.demand.amount == order.fee
        assert order.demand.reminders <= 2


def test_a_stream_without_its_beginning_is_no_order() -> None:
    (fact,) = nothing_yet.when(MAP).so().when(AssessFee()).facts
    assert isinstance(fact, FeeAssessed)
    with pytest.raises(ValueError, match="OrderPlaced"):
        evolve(None, fact)


def test_two_orders_know_nothing_of_each_other() -> None:
    both = nothing_yet.when(MAP).so().about(an_id("second")).when(OWNERS).so()
    assert both.state_of(an_id("second")).product is Product.OWNER_STATEMENT
    assert both.state_of(nothing_yet.record_id).product is Product.PROPERTY_MAP


def test_facts_commands_and_rules_are_documented() -> None:
    page = (ROOT / "docs" / "families" / "cadastre.md").read_text(encoding="utf-8")
    names = [f"`{fact.topic}`" for fact in FAMILY.facts]
    names += [f"`{command.__name__}`" for command in FAMILY.commands]
    names += [f"`{rule.id}`" for rule in FAMILY.rules]
    assert [name for name in names if name not in page] == []


def test_every_rule_speaks_both_languages_and_says_what_to_do() -> None:
    for rule in FAMILY.rules:
        assert rule.id.startswith("cadastre.")
        assert all(text.endswith(".") for text in (*rule.protects, *rule.next_step)), rule.id
        assert rule.protects.en != rule.protects.de
        assert rule.about in ("record", "input")
    assert len({rule.id for rule in FAMILY.rules}) == len(FAMILY.rules)
