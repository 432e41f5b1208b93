"""What can be ordered: products, formats, parcels, and who may ask for owner data."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.cadastre.commands import (
    AssessFee,
    ConfirmLegitimateInterest,
    CorrectOrder,
    PlaceOrder,
    RefuseLegitimateInterest,
)
from domain.cadastre.decide import decide
from domain.cadastre.facts import (
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderPlaced,
)
from domain.cadastre.inputs import NUMBER_LENGTH, TEXT_LENGTH
from domain.cadastre.parcels import districts
from domain.cadastre.vocabulary import Assurance, Format, InterestGround, OrderField, PaperSize, Product, Stage
from domain.kernel import Channel, Command, Context, Effective, Rejected, Sealed, Supervision
from domain.requests import actor_of
from tests.domain.cadastre.orders import (
    ALTSTADT,
    BENRATH,
    BIELEFELD,
    CLAIM,
    DATA,
    MAP,
    OWNERS,
    claimed,
    completed,
    nothing_yet,
    placed,
    sealed,
)
from tests.scenario import ACTOR, NOW, RECORD, SOMEBODY_ELSE, TODAY, Given, an_id, pseudonym

A_CONTEXT = Context(
    now=NOW,
    effective=Effective(NOW),
    actor=ACTOR,
    role="clerk",
    org_unit="62",
    channel=Channel.STAFF,
    record_id=RECORD,
    pseudonym=pseudonym,
)


@pytest.mark.allows("cadastre.order_exists")
def test_an_order_states_office_and_version_of_the_parcel_table() -> None:
    nothing_yet.when(MAP).then(
        OrderPlaced(
            order_number="62-2026-00017",
            product=Product.PROPERTY_MAP,
            catalogue="2020-03-01",
            parcels=(ALTSTADT,),
            area=None,
            office="Düsseldorf",
            parcel_table=districts().version,
            format=Format.PDF,
            paper_size=PaperSize.A3,
            copies=1,
            assurance=Assurance.NONE,
            placed_by=ACTOR,
            placed_for=None,
            marks=(),
            placed_on=TODAY,
            requester=MAP.requester,
            purpose=None,
        )
    )


def test_an_order_is_known_by_its_number() -> None:
    (fact,) = nothing_yet.when(MAP).facts
    assert isinstance(fact, OrderPlaced)
    assert fact.number() == "62-2026-00017"


@pytest.mark.allows("cadastre.order_number_taken")
def test_an_order_number_is_never_given_twice() -> None:
    placed().about(an_id("another order")).when(MAP).refused("cadastre.order_number_taken")
    placed().about(an_id("another order")).when(OWNERS).so()


def test_a_number_is_not_free_again_after_the_order_is_done() -> None:
    completed().about(an_id("another order")).when(MAP).refused("cadastre.order_number_taken")


def test_an_order_is_placed_once() -> None:
    placed().when(OWNERS).refused("cadastre.order_exists")


def test_without_an_order_there_is_nothing_to_work_on() -> None:
    with pytest.raises(Rejected) as refusal:
        decide(None, AssessFee(), A_CONTEXT)
    assert refusal.value.rule.id == "cadastre.order_unknown"


@pytest.mark.parametrize("number", ["", "  ", "x" * 41])
def test_an_order_number_says_something_and_is_short(number: str) -> None:
    nothing_yet.when(replace(MAP, order_number=number)).invalid("order_number")


@pytest.mark.parametrize("requester", [None, "", " \n"])
def test_an_order_names_its_requester(requester: str | None) -> None:
    nothing_yet.when(replace(MAP, requester=Sealed(requester))).invalid("requester")


def test_a_purpose_that_is_given_says_something() -> None:
    nothing_yet.when(replace(MAP, purpose=sealed(""))).invalid("purpose")


@pytest.mark.parametrize("parcel", ["", "-", "0531100010001200030", "053110001000120003___"])
def test_a_malformed_parcel_id_is_refused(parcel: str) -> None:
    nothing_yet.when(replace(MAP, parcels=(parcel,))).refused("cadastre.parcel_id_malformed")


@pytest.mark.parametrize("parcel", ["059999001000120003__", "063110001000120003__"])
def test_a_gemarkung_that_does_not_exist_is_refused(parcel: str) -> None:
    nothing_yet.when(replace(MAP, parcels=(parcel,))).refused("cadastre.gemarkung_unknown")


@pytest.mark.parametrize("flur", ["000", "013", "999", "___"])
def test_a_flur_that_does_not_exist_is_refused(flur: str) -> None:
    refusal = nothing_yet.when(replace(MAP, parcels=(f"053110{flur}000120003__",))).refused("cadastre.flur_unknown")
    assert refusal.details["fluren"] == "1-12"


@pytest.mark.allows("cadastre.parcel_id_malformed", "cadastre.gemarkung_unknown", "cadastre.flur_unknown")
def test_the_last_flur_of_a_gemarkung_exists() -> None:
    nothing_yet.when(replace(MAP, parcels=("053110012000120003__",))).so()


@pytest.mark.allows("cadastre.one_office")
def test_parcels_of_one_office_make_one_order() -> None:
    nothing_yet.when(replace(MAP, parcels=(ALTSTADT, BENRATH))).so()
    refusal = nothing_yet.when(replace(MAP, parcels=(ALTSTADT, BIELEFELD))).refused("cadastre.one_office")
    assert refusal.details["offices"] == "Bielefeld, Düsseldorf"


@pytest.mark.parametrize("parcels", [(ALTSTADT, ALTSTADT), tuple(f"053110001{n:05}______" for n in range(101))])
def test_an_order_has_one_to_a_hundred_different_parcels(parcels: tuple[str, ...]) -> None:
    nothing_yet.when(replace(MAP, parcels=parcels)).invalid("parcels")


def test_a_hundred_parcels_are_an_order() -> None:
    nothing_yet.when(replace(MAP, parcels=tuple(f"053110001{n:05}______" for n in range(1, 101)))).so()


@pytest.mark.parametrize(
    ("order", "format", "paper_size", "copies"),
    [
        (MAP, Format.PDF, None, 1),
        (MAP, Format.DXF, PaperSize.A4, 1),
        (MAP, Format.DXF, None, 2),
        (OWNERS, Format.NAS, None, 1),
        (OWNERS, Format.PDF, PaperSize.A3, 1),
        (DATA, Format.PDF, PaperSize.A4, 1),
    ],
)
def test_a_product_comes_in_its_own_formats_and_sizes(
    order: PlaceOrder, format: Format, paper_size: PaperSize | None, copies: int
) -> None:
    wrong = replace(order, format=format, paper_size=paper_size, copies=copies)
    nothing_yet.when(wrong).refused("cadastre.format_not_offered")


@pytest.mark.allows("cadastre.format_not_offered")
def test_a_map_comes_as_sheet_and_as_data() -> None:
    nothing_yet.when(replace(MAP, paper_size=PaperSize.A0, copies=100)).so()
    nothing_yet.when(replace(MAP, format=Format.DXF, paper_size=None)).so()


@pytest.mark.parametrize("copies", [0, 101, -1])
def test_copies_are_counted_from_one_to_a_hundred(copies: int) -> None:
    nothing_yet.when(replace(MAP, copies=copies)).invalid("copies")


@pytest.mark.allows("cadastre.assurance_too_low")
@pytest.mark.parametrize("assurance", [Assurance.NONE, Assurance.LOW, Assurance.SUBSTANTIAL])
def test_owner_data_needs_a_high_assurance_level(assurance: Assurance) -> None:
    nothing_yet.when(replace(OWNERS, assurance=assurance)).refused("cadastre.assurance_too_low")
    nothing_yet.when(OWNERS).so()


@pytest.mark.allows("cadastre.order_unknown", "cadastre.assurance_too_low", "cadastre.interest_open")
def test_a_map_needs_neither_assurance_nor_interest() -> None:
    placed(MAP).when(AssessFee()).so()
    placed(MAP).when(CLAIM).refused("cadastre.no_interest_needed")


def test_owner_data_needs_an_interest_before_the_fee() -> None:
    placed(OWNERS).when(AssessFee()).refused("cadastre.interest_open")
    claimed().when(AssessFee()).refused("cadastre.interest_open")


@pytest.mark.allows("cadastre.no_interest_needed", "cadastre.interest_already_claimed")
def test_an_interest_is_claimed_with_its_ground() -> None:
    placed(OWNERS).when(CLAIM).then(
        LegitimateInterestClaimed(
            ground_kind=InterestGround.NEIGHBOUR,
            ground=CLAIM.ground,
            claimed_by=ACTOR,
            claimed_for=None,
            marks=(),
            claimed_on=TODAY,
        )
    )
    placed(OWNERS).when(replace(CLAIM, ground=sealed(" "))).invalid("ground")


def test_numbers_and_texts_have_a_greatest_length() -> None:
    nothing_yet.when(replace(MAP, order_number="6" * NUMBER_LENGTH)).so()
    nothing_yet.when(replace(MAP, order_number="6" * (NUMBER_LENGTH + 1))).invalid("order_number")
    nothing_yet.when(replace(MAP, requester=sealed("ä" * TEXT_LENGTH))).so()
    nothing_yet.when(replace(MAP, requester=sealed("ä" * (TEXT_LENGTH + 1)))).invalid("requester")


def test_an_interest_is_claimed_once() -> None:
    claimed().when(CLAIM).refused("cadastre.interest_already_claimed")


@pytest.mark.allows(
    "cadastre.interest_not_under_review",
    "cadastre.reviewer_is_requester",
    "cadastre.wish_to_buy",
    "cadastre.staff_decides",
)
def test_somebody_else_confirms_the_interest() -> None:
    claimed().when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE, on=date(2026, 3, 5)).then(
        LegitimateInterestConfirmed(reviewer=SOMEBODY_ELSE, held_against=(ACTOR,), confirmed_on=date(2026, 3, 5))
    )


def test_the_requester_does_not_review_the_interest() -> None:
    claimed().when(ConfirmLegitimateInterest()).refused("cadastre.reviewer_is_requester")
    claimed().when(RefuseLegitimateInterest(reason=sealed("nein"))).refused("cadastre.reviewer_is_requester")


@pytest.mark.allows("cadastre.reviewer_is_requester")
def test_who_claimed_for_another_does_not_review_either() -> None:
    by_another = placed(OWNERS).when(CLAIM, actor=SOMEBODY_ELSE).so()
    by_another.when(ConfirmLegitimateInterest(), actor=ACTOR).refused("cadastre.reviewer_is_requester")
    by_another.when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE).refused("cadastre.reviewer_is_requester")
    by_another.when(ConfirmLegitimateInterest(), actor=an_id("a third")).so()


@pytest.mark.allows("cadastre.reviewer_is_requester")
@pytest.mark.parametrize("review", [ConfirmLegitimateInterest(), RefuseLegitimateInterest(reason=sealed("nein"))])
def test_a_deputy_does_not_review_in_the_place_of_the_requester(review: Command) -> None:
    third, fourth = an_id("a third"), an_id("a fourth")
    claimed().when(review, actor=third, deputising_for=ACTOR).refused("cadastre.reviewer_is_requester")
    claimed().when(review, actor=ACTOR, deputising_for=third).refused("cadastre.reviewer_is_requester")
    claimed().when(review, actor=third, deputising_for=fourth).so()


@pytest.mark.allows("cadastre.reviewer_is_requester")
@pytest.mark.parametrize("review", [ConfirmLegitimateInterest(), RefuseLegitimateInterest(reason=sealed("nein"))])
def test_in_whose_place_a_deputy_ordered_or_claimed_does_not_review(review: Command) -> None:
    absent, deputy, third = SOMEBODY_ELSE, an_id("a deputy"), an_id("a third")
    ordered = nothing_yet.when(OWNERS, actor=deputy, deputising_for=absent).so().when(CLAIM).so()
    claimed_for_another = placed(OWNERS).when(CLAIM, actor=deputy, deputising_for=absent).so()
    for scenario in (ordered, claimed_for_another):
        for reviewer in (absent, deputy, ACTOR):
            scenario.when(review, actor=reviewer).refused("cadastre.reviewer_is_requester")
        scenario.when(review, actor=third, deputising_for=absent).refused("cadastre.reviewer_is_requester")
        (fact,) = scenario.when(review, actor=third).facts
        assert isinstance(fact, LegitimateInterestConfirmed | LegitimateInterestRefused)
        assert set(fact.held_against) == {ACTOR, deputy, absent}


PORTAL = actor_of(Channel.SERVICE_PORTAL)


def under_review(
    placed_by: UUID | None = None, claimed_by: UUID | None = None, corrected_by: UUID | None = None
) -> Given:
    """An order whose steps were taken by these citizens at the portal, or by somebody of whom nothing is known."""
    scenario = nothing_yet.when(OWNERS, actor=PORTAL, own=placed_by, channel=Channel.SERVICE_PORTAL).so()
    correct = CorrectOrder(field=OrderField.PARCELS, new=BENRATH, reason=sealed("Zahlendreher"))
    scenario = scenario.when(correct, actor=PORTAL, own=corrected_by, channel=Channel.SERVICE_PORTAL).so()
    return scenario.when(CLAIM, actor=PORTAL, own=claimed_by, channel=Channel.SERVICE_PORTAL).so()


@pytest.mark.allows("cadastre.reviewer_is_requester")
@pytest.mark.parametrize("review", [ConfirmLegitimateInterest(), RefuseLegitimateInterest(reason=sealed("nein"))])
def test_who_ordered_at_the_portal_is_known_again_as_reviewer(review: Command) -> None:
    deputy = an_id("a deputy")
    for scenario in (under_review(placed_by=ACTOR), under_review(claimed_by=ACTOR), under_review(corrected_by=ACTOR)):
        scenario.when(review, actor=ACTOR).refused("cadastre.reviewer_is_requester")
        scenario.when(review, actor=deputy, deputising_for=ACTOR).refused("cadastre.reviewer_is_requester")
        scenario.when(review, actor=ACTOR, deputising_for=deputy).refused("cadastre.reviewer_is_requester")
        (fact,) = scenario.when(review, actor=SOMEBODY_ELSE).facts
        assert isinstance(fact, LegitimateInterestConfirmed | LegitimateInterestRefused)
        assert fact.held_against == (PORTAL,)


def test_who_ordered_at_the_portal_stands_nowhere_in_clear() -> None:
    scenario = under_review(placed_by=ACTOR, claimed_by=ACTOR, corrected_by=ACTOR)
    assert len(scenario.state.marks) == 3
    assert all(str(ACTOR) not in str(fact) for _, fact in scenario.history)


def test_of_whom_nothing_is_known_the_review_is_held_against_the_portal() -> None:
    """What docs/guarantees.md excludes: somebody who came without a sign-in of their own, or before marks were kept."""
    (fact,) = under_review().when(ConfirmLegitimateInterest(), actor=ACTOR).facts
    assert isinstance(fact, LegitimateInterestConfirmed)
    assert fact.held_against == (PORTAL,)


def test_a_review_of_an_order_without_marks_asks_for_no_key() -> None:
    """So it is decided, too, where the order's key is gone: then marks cannot be made."""

    def no_key(purpose: str, text: str, key: UUID | None = None) -> str:
        raise KeyError(key)

    context = replace(A_CONTEXT, actor=SOMEBODY_ELSE, pseudonym=no_key)
    (fact,) = decide(under_review().state, ConfirmLegitimateInterest(), context)
    assert isinstance(fact, LegitimateInterestConfirmed)
    with pytest.raises(KeyError):
        decide(under_review(placed_by=ACTOR).state, ConfirmLegitimateInterest(), context)


@pytest.mark.parametrize("channel", [Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.SYSTEM])
def test_a_member_of_staff_reviews_the_interest(channel: Channel) -> None:
    refuse = RefuseLegitimateInterest(reason=sealed("nein"))
    for review in (ConfirmLegitimateInterest(), refuse):
        claimed().when(review, actor=SOMEBODY_ELSE, channel=channel).refused("cadastre.staff_decides")


def test_a_review_is_a_decision_of_two_people() -> None:
    by_another = placed(OWNERS).when(CLAIM, actor=SOMEBODY_ELSE).so()
    refuse = RefuseLegitimateInterest(reason=sealed("nein"))
    for review in (ConfirmLegitimateInterest(), refuse):
        (fact,) = by_another.when(review, actor=an_id("a third")).facts
        assert isinstance(fact, LegitimateInterestConfirmed | LegitimateInterestRefused)
        supervised = fact.supervised()
        assert supervised.by is Supervision.FOUR_EYES
        assert supervised.rules == ("cadastre.reviewer_is_requester",)
        assert supervised.others == (ACTOR, SOMEBODY_ELSE)


def test_a_mere_wish_to_buy_is_not_enough() -> None:
    buyer = claimed(InterestGround.PURCHASE)
    buyer.when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE).refused("cadastre.wish_to_buy")
    refused = buyer.when(RefuseLegitimateInterest(reason=sealed("Kaufinteresse")), actor=SOMEBODY_ELSE).then(
        LegitimateInterestRefused(
            reviewer=SOMEBODY_ELSE, held_against=(ACTOR,), reason=sealed("Kaufinteresse"), refused_on=TODAY
        )
    )
    assert refused.state.stage is Stage.REFUSED


def test_only_a_claimed_interest_is_reviewed() -> None:
    review = ConfirmLegitimateInterest()
    placed(OWNERS).when(review, actor=SOMEBODY_ELSE).refused("cadastre.interest_not_under_review")
    placed(MAP).when(review, actor=SOMEBODY_ELSE).refused("cadastre.interest_not_under_review")


def test_a_refusal_needs_a_reason() -> None:
    claimed().when(RefuseLegitimateInterest(reason=sealed("")), actor=SOMEBODY_ELSE).invalid("reason")


def test_a_refused_order_goes_no_further() -> None:
    refused = claimed().when(RefuseLegitimateInterest(reason=sealed("nein")), actor=SOMEBODY_ELSE).so()
    refused.when(CLAIM).refused("cadastre.order_finished")
    refused.when(AssessFee()).refused("cadastre.order_finished")


@pytest.mark.allows("cadastre.before_the_order")
def test_nothing_happens_before_the_day_of_the_order() -> None:
    placed().when(AssessFee(), on=date(2026, 3, 1)).refused("cadastre.before_the_order")
    placed(on=date(2026, 2, 1)).when(AssessFee(), on=date(2026, 2, 1)).so()
