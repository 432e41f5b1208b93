"""The mutation check itself: it breaks what it says, mends it again, and sees a test that would never fail."""

from collections.abc import Callable

import pytest

from domain.efile import FAMILY
from domain.kernel import Rejected
from tests.mutation import toy
from tests.mutation.breaking import broken
from tests.mutation.sites import Site, sites_in
from tests.mutation.verdict import first_red
from tests.mutation.witnesses import Case, allowing, refusing

SITES = list(sites_in(toy))
YOUNG = [site for site in SITES if site.rule is toy.TOO_YOUNG]
NOBODY = [site for site in SITES if site.rule is toy.NOBODY]


def case(name: str, test: Callable[[], object]) -> Case:
    return Case(name, test, {}, "", frozenset())


def refused(age: int | None, rule: str) -> None:
    with pytest.raises(Rejected) as refusal:
        toy.enter(age)
    assert refusal.value.rule.id == rule


def test_a_rule_that_never_refuses_lets_through_what_it_was_there_for() -> None:
    with broken(FAMILY, toy.TOO_YOUNG.id, YOUNG, "never"):
        assert toy.enter(3) == "in"
    refused(3, "toy.too_young")


def test_a_rule_that_always_refuses_stops_everybody() -> None:
    with broken(FAMILY, toy.TOO_YOUNG.id, YOUNG, "always"):
        refused(80, "toy.too_young")
    assert toy.enter(80) == "in"


def test_rules_that_are_collected_first_are_broken_as_well() -> None:
    with broken(FAMILY, toy.NOBODY.id, NOBODY, "never"):
        refused(None, "toy.too_young")
    with broken(FAMILY, toy.NOBODY.id, NOBODY, "always"):
        refused(80, "toy.nobody")
    assert toy.enter(80) == "in"


@pytest.mark.parametrize("how", ["never", "always"])
def test_a_test_that_watches_the_rule_turns_red(how: str) -> None:
    def test() -> None:
        refused(17, "toy.too_young")
        assert toy.enter(18) == "in"

    assert first_red(FAMILY, toy.TOO_YOUNG.id, YOUNG, how, [case("sharp", test)]) == "sharp"


@pytest.mark.parametrize("how", ["never", "always"])
def test_a_test_without_teeth_is_seen(how: str) -> None:
    def test() -> None:
        try:
            toy.enter(17)
        except Rejected:
            return

    assert first_red(FAMILY, toy.TOO_YOUNG.id, YOUNG, how, [case("toothless", test)]) is None


def test_a_test_that_is_red_by_itself_proves_nothing() -> None:
    with pytest.raises(AssertionError, match="although nothing is broken"):
        first_red(FAMILY, toy.TOO_YOUNG.id, YOUNG, "never", [case("red", lambda: refused(80, "toy.too_young"))])


def test_a_claim_is_dropped_or_always_taken() -> None:
    rule = "efile.file_reference_taken"
    for how, cases in (("never", refusing("efile", rule)), ("always", allowing("efile", rule))):
        assert first_red(FAMILY, rule, [], how, cases)


def test_what_cannot_be_broken_is_not_guarded() -> None:
    no_sites: list[Site] = []
    cases = refusing("efile", "efile.file_closed")
    assert cases
    assert first_red(FAMILY, "efile.file_closed", no_sites, "never", cases) is None
