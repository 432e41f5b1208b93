"""Baskets: what somebody means to order, until it is submitted."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cadastre.commands import AssessFee, ChangeDraft, DiscardDraft, DraftOrder, SubmitOrder
from domain.cadastre.decide import decide
from domain.cadastre.facts import DraftChanged, DraftDiscarded, OrderDrafted, OrderPlaced
from domain.cadastre.state import Basket, Order
from domain.cadastre.vocabulary import Assurance, Format, PaperSize, Product, Stage
from domain.kernel import Channel, Context, Effective, Rejected
from tests.domain.cadastre.orders import (
    ALTSTADT,
    BENRATH,
    CLAIM,
    DATA,
    MAP,
    OWNERS,
    PAY,
    RHINE,
    draft_of,
    drafted,
    invoiced,
    nothing_yet,
    placed,
    sealed,
)
from tests.scenario import ACTOR, NOW, RECORD, TODAY, pseudonym

SUBMIT = SubmitOrder(order_number="62-2026-00017", requester=MAP.requester)
CHANGE = ChangeDraft(product=Product.PROPERTY_MAP, parcels=(BENRATH,), paper_size=PaperSize.A1, copies=2)


@pytest.mark.allows("cadastre.order_exists", "cadastre.parcels_or_area", "cadastre.product_not_offered")
def test_a_basket_holds_what_is_meant_and_nobodys_name() -> None:
    drafted_ = nothing_yet.when(draft_of(MAP)).then(
        OrderDrafted(
            product=Product.PROPERTY_MAP,
            parcels=(ALTSTADT,),
            area=None,
            format=Format.PDF,
            paper_size=PaperSize.A3,
            copies=1,
            drafted_on=TODAY,
        )
    )
    assert isinstance(drafted_.state, Basket)
    assert drafted_.state.stage is Stage.DRAFT


def test_a_basket_is_begun_once() -> None:
    drafted().when(draft_of(MAP)).refused("cadastre.order_exists")
    placed().when(draft_of(MAP)).refused("cadastre.order_exists")


@pytest.mark.allows("cadastre.already_submitted", "cadastre.order_unknown", "cadastre.before_the_order")
def test_a_basket_is_changed_as_a_whole() -> None:
    changed = drafted().when(CHANGE)
    after = changed.then(
        DraftChanged(
            product=Product.PROPERTY_MAP,
            parcels=(BENRATH,),
            area=None,
            format=Format.PDF,
            paper_size=PaperSize.A1,
            copies=2,
            changed_on=TODAY,
        )
    )
    assert (after.state.parcels, after.state.copies, after.state.paper_size) == ((BENRATH,), 2, PaperSize.A1)


@pytest.mark.parametrize("order", [MAP, DATA, replace(MAP, parcels=(), area=RHINE)])
def test_a_submitted_basket_is_the_order_that_would_have_been_placed_at_once(order: object) -> None:
    assert isinstance(order, type(MAP))
    submit = SubmitOrder(
        order_number=order.order_number,
        assurance=order.assurance,
        requester=order.requester,
        purpose=order.purpose,
    )
    (fact,) = nothing_yet.when(order).facts
    assert isinstance(fact, OrderPlaced)
    submitted = drafted(order).when(submit).then(fact)
    assert isinstance(submitted.state, Order)
    assert submitted.state.stage is Stage.SUBMITTED


def test_the_order_is_placed_on_the_day_the_basket_is_submitted() -> None:
    begun = nothing_yet.when(draft_of(MAP), on=date(2026, 2, 1)).so()
    assert begun.when(SUBMIT).so().state.placed_on == TODAY


def test_who_submits_a_basket_with_owner_data_is_surely_known() -> None:
    drafted(OWNERS).when(SUBMIT).refused("cadastre.assurance_too_low")
    drafted(OWNERS).when(replace(SUBMIT, assurance=Assurance.HIGH)).so().when(CLAIM).so()


def test_what_is_offered_is_asked_again_when_the_basket_is_submitted() -> None:
    long_ago = date(2015, 12, 31)
    begun = drafted(replace(MAP, parcels=(), area=RHINE))
    begun.when(SUBMIT, on=long_ago).refused("cadastre.product_not_offered")
    begun.when(SUBMIT, on=date(2020, 2, 29)).refused("cadastre.area_not_offered")


def test_a_basket_names_its_requester_when_it_is_submitted() -> None:
    drafted().when(replace(SUBMIT, requester=sealed(" "))).invalid("requester")
    drafted().when(replace(SUBMIT, order_number="")).invalid("order_number")


@pytest.mark.parametrize("command", [AssessFee(), CLAIM, PAY])
def test_a_basket_is_not_worked_on(command: object) -> None:
    assert isinstance(command, AssessFee | type(CLAIM) | type(PAY))
    drafted().when(command).refused("cadastre.not_submitted")


@pytest.mark.allows("cadastre.not_submitted")
def test_what_was_submitted_is_worked_on() -> None:
    drafted().when(SUBMIT).so().when(AssessFee()).so()


@pytest.mark.parametrize("command", [CHANGE, SUBMIT, DiscardDraft()])
def test_an_order_is_no_basket_any_more(command: object) -> None:
    assert isinstance(command, ChangeDraft | SubmitOrder | DiscardDraft)
    placed().when(command).refused("cadastre.already_submitted")
    invoiced().when(command).refused("cadastre.already_submitted")


@pytest.mark.allows("cadastre.order_finished")
def test_a_basket_is_discarded() -> None:
    assert drafted().when(DiscardDraft()).then(DraftDiscarded()).state.stage is Stage.CANCELLED


def test_a_discarded_basket_stays_discarded() -> None:
    gone = drafted().when(DiscardDraft()).so()
    for command in (CHANGE, SUBMIT, DiscardDraft(), AssessFee()):
        gone.when(command).refused("cadastre.order_finished")


def test_without_a_basket_there_is_nothing_to_change() -> None:
    context = Context(
        now=NOW,
        effective=Effective(NOW),
        actor=ACTOR,
        role="clerk",
        org_unit="62",
        channel=Channel.STAFF,
        record_id=RECORD,
        pseudonym=pseudonym,
    )
    with pytest.raises(Rejected) as refusal:
        decide(None, CHANGE, context)
    assert refusal.value.rule.id == "cadastre.order_unknown"


def test_nothing_happens_to_a_basket_before_its_day() -> None:
    drafted().when(CHANGE, on=date(2026, 3, 1)).refused("cadastre.before_the_order")


@pytest.mark.allows("cadastre.before_its_ground")
def test_a_basket_is_not_submitted_before_it_was_filled_as_it_is() -> None:
    changed = drafted().when(CHANGE, on=date(2026, 3, 9)).so()
    for command in (CHANGE, SUBMIT, DiscardDraft()):
        changed.when(command, on=date(2026, 3, 8)).refused("cadastre.before_its_ground")
        changed.when(command, on=date(2026, 3, 9)).so()


def test_a_basket_is_checked_like_an_order() -> None:
    wrong = DraftOrder(product=Product.PROPERTY_MAP, parcels=("nowhere",), paper_size=PaperSize.A4)
    nothing_yet.when(wrong).refused("cadastre.parcel_id_malformed")
    drafted().when(replace(CHANGE, paper_size=None)).refused("cadastre.format_not_offered")
