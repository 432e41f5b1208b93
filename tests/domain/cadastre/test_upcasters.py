"""What was recorded in an earlier shape: read as the fact of today, with what was not said left unsaid."""

import pytest

from domain.cadastre import FAMILY
from domain.cadastre.facts import (
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCorrected,
    OrderPlaced,
)
from domain.families import FAMILIES
from domain.kernel import Fact, Supervision
from infra.codec import Codec
from tests.golden.samples import golden

CODEC = Codec(FAMILIES)


def read(topic: str) -> object:
    """The fact that a golden body of an outdated topic is today."""
    return CODEC.fact(topic, 1, golden(topic).read_bytes().rstrip(b"\n"))


def test_an_order_of_the_first_version_is_of_parcels_and_was_checked_against_no_catalogue() -> None:
    fact = read("cadastre.order_placed.v1")
    assert isinstance(fact, OrderPlaced)
    assert (fact.area, fact.parcels) == (None, ("ä-1",))
    assert fact.catalogue is None
    assert FAMILY.evolve(None, fact).area is None


def test_whom_a_deputy_stood_in_for_the_first_versions_did_not_say() -> None:
    placed = read("cadastre.order_placed.v1")
    claimed = read("cadastre.legitimate_interest_claimed.v1")
    assert isinstance(placed, OrderPlaced)
    assert isinstance(claimed, LegitimateInterestClaimed)
    assert (placed.placed_for, claimed.claimed_for) == (None, None)


def test_who_corrected_the_first_version_did_not_say() -> None:
    fact = read("cadastre.order_corrected.v1")
    assert isinstance(fact, OrderCorrected)
    assert fact.changed_by == ()


@pytest.mark.parametrize(
    ("topic", "day"),
    [
        ("cadastre.legitimate_interest_refused.v2", "refused_on"),
        ("cadastre.invoice_cancelled.v1", "cancelled_on"),
        ("cadastre.payment_reminded.v1", "reminded_on"),
        ("cadastre.order_refunded.v1", "refunded_on"),
        ("cadastre.purpose_fulfilled.v1", "fulfilled_on"),
        ("cadastre.series_opened.v1", "opened_on"),
    ],
)
def test_a_step_of_an_earlier_version_did_not_say_its_day(topic: str, day: str) -> None:
    assert getattr(read(topic), day) is None


def test_invoices_and_series_of_the_first_version_claim_what_they_claimed_then() -> None:
    for topic, claims in (("invoice_issued", 0), ("invoice_cancelled", 0), ("series_opened", 1)):
        fact = read(f"cadastre.{topic}.v1")
        assert isinstance(fact, Fact)
        assert len(fact.claims()) == claims


def test_a_review_of_the_first_version_names_the_reviewer_alone() -> None:
    for topic in ("cadastre.legitimate_interest_confirmed.v1", "cadastre.legitimate_interest_refused.v1"):
        fact = read(topic)
        assert isinstance(fact, LegitimateInterestConfirmed | LegitimateInterestRefused)
        assert fact.held_against == ()
        supervised = fact.supervised()
        assert (supervised.by, supervised.others) == (Supervision.FOUR_EYES, ())
