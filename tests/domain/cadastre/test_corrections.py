"""Corrections: what was wrong, what is right, and until when it may still be put right."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cadastre.commands import (
    AssessFee,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    RefuseLegitimateInterest,
)
from domain.cadastre.facts import LegitimateInterestConfirmed, LegitimateInterestRefused, OrderCorrected
from domain.cadastre.parcels import districts
from domain.cadastre.vocabulary import OrderField, PaperSize, Stage
from domain.kernel import Command
from tests.domain.cadastre.orders import (
    ALTSTADT,
    BENRATH,
    BIELEFELD,
    BY_POST,
    CLAIM,
    DATA,
    FREE,
    MAKE,
    OWNERS,
    PAY,
    WITHDRAW,
    claimed,
    completed,
    confirmed,
    euros,
    made,
    noticed,
    paid,
    placed,
    priced,
    sealed,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, an_id

REASON = sealed("Zahlendreher")


def correct(field: OrderField, new: str) -> CorrectOrder:
    return CorrectOrder(field=field, new=new, reason=REASON)


def correct_text(field: OrderField, text: str) -> CorrectOrder:
    return CorrectOrder(field=field, new_sealed=sealed(text), reason=REASON)


@pytest.mark.allows("cadastre.nothing_corrected", "cadastre.field_fixed")
def test_a_correction_says_old_and_new() -> None:
    corrected = (
        placed()
        .when(correct(OrderField.COPIES, "3"))
        .then(
            OrderCorrected(
                field=OrderField.COPIES,
                old="1",
                new="3",
                new_sealed=None,
                corrected_position=None,
                fee_void=False,
                parcel_table=None,
                reason=REASON,
                changed_by=(ACTOR,),
                marks=(),
                corrected_on=TODAY,
            )
        )
    )
    assert corrected.state.copies == 3


@pytest.mark.allows("cadastre.field_absent")
def test_a_correction_of_a_sealed_text_names_the_event_it_corrects() -> None:
    corrected = (
        placed(OWNERS)
        .when(correct_text(OrderField.PURPOSE, "Zaun statt Mauer"))
        .then(
            OrderCorrected(
                field=OrderField.PURPOSE,
                old=None,
                new=None,
                new_sealed=sealed("Zaun statt Mauer"),
                corrected_position=1,
                fee_void=False,
                parcel_table=None,
                reason=REASON,
                changed_by=(ACTOR,),
                marks=(),
                corrected_on=TODAY,
            )
        )
    )
    (again,) = corrected.when(correct_text(OrderField.PURPOSE, "Hecke")).facts
    assert isinstance(again, OrderCorrected)
    assert again.corrected_position == 2


@pytest.mark.allows("cadastre.field_fixed")
def test_requester_and_purpose_can_be_corrected_until_an_interest_is_claimed() -> None:
    for scenario in (placed(OWNERS), placed(), priced(), paid(), made(), placed(OWNERS).when(WITHDRAW).so()):
        scenario.when(correct_text(OrderField.REQUESTER, "Änne Weiss-Groß")).so()
    placed(OWNERS).when(correct_text(OrderField.PURPOSE, "Grenzzaun")).so()


@pytest.mark.parametrize("field", [OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND])
def test_an_interest_is_reviewed_for_this_requester_purpose_and_ground(field: OrderField) -> None:
    refused = claimed().when(RefuseLegitimateInterest(reason=REASON), actor=SOMEBODY_ELSE).so()
    owners_done = (
        confirmed().when(AssessFee()).so().when(PAY).so().when(MAKE).so().when(BY_POST).so().when(CompleteOrder()).so()
    )
    for scenario in (claimed(), confirmed(), refused, claimed().when(WITHDRAW).so(), owners_done):
        scenario.when(correct_text(field, "Zaun statt Mauer")).refused("cadastre.field_fixed")


@pytest.mark.allows("cadastre.order_finished")
def test_a_finished_order_still_has_its_personal_texts_put_right() -> None:
    completed().when(correct_text(OrderField.REQUESTER, "Jörg Möller")).so()


def test_only_what_the_order_states_can_be_corrected() -> None:
    placed().when(correct_text(OrderField.PURPOSE, "Bauantrag")).refused("cadastre.field_absent")
    placed(OWNERS).when(correct_text(OrderField.GROUND, "Zaun")).refused("cadastre.field_absent")
    placed().when(correct(OrderField.DATA_AS_OF, "2026-03-01")).refused("cadastre.field_absent")
    placed(DATA).when(correct(OrderField.PAPER_SIZE, "A4")).refused("cadastre.field_absent")


def test_a_correction_changes_something() -> None:
    placed().when(correct(OrderField.COPIES, "1")).refused("cadastre.nothing_corrected")
    placed().when(correct(OrderField.COPIES, "01")).refused("cadastre.nothing_corrected")
    placed().when(correct(OrderField.PARCELS, f" {ALTSTADT}")).refused("cadastre.nothing_corrected")


def test_a_correction_needs_a_reason() -> None:
    placed().when(replace(correct(OrderField.COPIES, "2"), reason=sealed(""))).invalid("reason")


def test_a_clear_field_is_corrected_in_clear_and_a_sealed_one_sealed() -> None:
    placed().when(correct_text(OrderField.COPIES, "2")).invalid("new")
    placed().when(replace(correct(OrderField.COPIES, "2"), new_sealed=sealed("2"))).invalid("new")
    placed().when(correct(OrderField.REQUESTER, "Jörg")).invalid("new")
    placed().when(replace(correct_text(OrderField.REQUESTER, "Jörg"), new_sealed=None)).invalid("new_sealed")


@pytest.mark.parametrize(
    ("field", "new"),
    [
        (OrderField.COPIES, "two"),
        (OrderField.COPIES, "²"),
        (OrderField.COPIES, "10000"),
        (OrderField.PAPER_SIZE, "B5"),
    ],
)
def test_a_corrected_value_is_one_that_can_be(field: OrderField, new: str) -> None:
    placed().when(correct(field, new)).invalid("new")


def test_corrected_copies_keep_the_limits_of_an_order() -> None:
    placed().when(correct(OrderField.COPIES, "0")).invalid("copies")
    placed().when(correct(OrderField.COPIES, "9999")).invalid("copies")
    placed().when(correct(OrderField.COPIES, "100")).so()
    placed(DATA).when(correct(OrderField.COPIES, "2")).refused("cadastre.format_not_offered")
    placed(OWNERS).when(correct(OrderField.PAPER_SIZE, "A3")).refused("cadastre.format_not_offered")


@pytest.mark.allows("cadastre.field_absent", "cadastre.field_fixed", "cadastre.one_office")
def test_corrected_parcels_are_checked_again_and_stay_with_the_office() -> None:
    corrected = placed().when(correct(OrderField.PARCELS, f"{ALTSTADT} {BENRATH}")).so()
    assert corrected.state.parcels == (ALTSTADT, BENRATH)
    (fact,) = placed().when(correct(OrderField.PARCELS, BENRATH)).facts
    assert isinstance(fact, OrderCorrected)
    assert fact.parcel_table == districts().version
    placed().when(correct(OrderField.PARCELS, "05311099900012______")).refused("cadastre.flur_unknown")
    placed().when(correct(OrderField.PARCELS, BIELEFELD)).refused("cadastre.one_office")
    placed().when(correct(OrderField.PARCELS, " ")).invalid("parcels")


@pytest.mark.allows("cadastre.field_fixed")
def test_an_interest_that_was_claimed_is_one_in_these_parcels() -> None:
    placed(OWNERS).when(correct(OrderField.PARCELS, BENRATH)).so()
    claimed().when(correct(OrderField.PARCELS, BENRATH), actor=SOMEBODY_ELSE).refused("cadastre.field_fixed")
    confirmed().when(correct(OrderField.PARCELS, BENRATH)).refused("cadastre.field_fixed")
    confirmed().when(AssessFee()).so().when(correct(OrderField.PARCELS, BENRATH)).refused("cadastre.field_fixed")


@pytest.mark.allows("cadastre.reviewer_is_requester")
@pytest.mark.parametrize(
    "command", [correct_text(OrderField.REQUESTER, "Änne Groß"), correct(OrderField.PARCELS, BENRATH)]
)
@pytest.mark.parametrize("review", [ConfirmLegitimateInterest(), RefuseLegitimateInterest(reason=REASON)])
def test_whoever_corrected_an_order_does_not_review_its_interest(command: CorrectOrder, review: Command) -> None:
    third, deputy = an_id("a third"), an_id("a deputy")
    claimed_anew = placed(OWNERS).when(command, actor=deputy, deputising_for=SOMEBODY_ELSE).so().when(CLAIM).so()
    for reviewer in (SOMEBODY_ELSE, deputy, ACTOR):
        claimed_anew.when(review, actor=reviewer).refused("cadastre.reviewer_is_requester")
    claimed_anew.when(review, actor=third, deputising_for=SOMEBODY_ELSE).refused("cadastre.reviewer_is_requester")
    (fact,) = claimed_anew.when(review, actor=third).facts
    assert isinstance(fact, LegitimateInterestConfirmed | LegitimateInterestRefused)
    assert fact.held_against == (ACTOR, deputy, SOMEBODY_ELSE)


def test_whoever_corrects_under_review_does_not_go_on_to_review() -> None:
    corrected = claimed().when(correct(OrderField.COPIES, "2"), actor=SOMEBODY_ELSE).so()
    corrected.when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE).refused("cadastre.reviewer_is_requester")
    corrected.when(ConfirmLegitimateInterest(), actor=an_id("a third")).so()


@pytest.mark.allows("cadastre.field_absent", "cadastre.fee_already_assessed")
def test_a_correction_that_changes_the_price_voids_the_assessed_fee() -> None:
    corrected = priced().when(correct(OrderField.PAPER_SIZE, "A1")).so()
    assert (corrected.state.stage, corrected.state.fee) == (Stage.SUBMITTED, None)
    assert corrected.state.paper_size is PaperSize.A1
    assert corrected.when(AssessFee()).so().state.fee == euros("60.00")


def test_owner_data_stays_approved_when_its_fee_is_void() -> None:
    corrected = confirmed().when(AssessFee()).so().when(correct(OrderField.COPIES, "2")).so()
    assert corrected.state.stage is Stage.APPROVED
    assert corrected.when(AssessFee()).so().state.fee == euros("40.00")


def test_other_parcels_leave_the_fee_as_it_is() -> None:
    assert priced().when(correct(OrderField.PARCELS, BENRATH)).so().state.fee == euros("30.00")


@pytest.mark.parametrize("field", [OrderField.PARCELS, OrderField.PAPER_SIZE, OrderField.COPIES])
def test_what_is_billed_paid_or_made_is_fixed(field: OrderField) -> None:
    new = {OrderField.PARCELS: BENRATH, OrderField.PAPER_SIZE: "A1", OrderField.COPIES: "2"}[field]
    scenarios: tuple[Given, ...] = (noticed(), paid(), made(), completed(), placed().when(FREE).so())
    for scenario in scenarios:
        scenario.when(correct(field, new)).refused("cadastre.field_fixed")


@pytest.mark.allows("cadastre.field_absent", "cadastre.data_from_the_future")
def test_the_date_of_the_data_is_corrected_after_the_product_was_made() -> None:
    corrected = made().when(correct(OrderField.DATA_AS_OF, "2026-02-27")).so()
    assert corrected.state.data_as_of == date(2026, 2, 27)
    made().when(correct(OrderField.DATA_AS_OF, "2026-03-03")).refused("cadastre.data_from_the_future")
    made().when(correct(OrderField.DATA_AS_OF, "27.02.2026")).invalid("new")
