"""The product catalogue and its versions; orders of an area instead of parcels."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.cadastre.area import LONGEST_SIDE
from domain.cadastre.catalogue import CATALOGUE, offer_on
from domain.cadastre.commands import AssessFee, CorrectOrder, PlaceOrder
from domain.cadastre.facts import OrderPlaced
from domain.cadastre.vocabulary import OrderField, Product
from tests.domain.cadastre.orders import ALTSTADT, BENRATH, DATA, MAP, OWNERS, RHINE, euros, nothing_yet, placed, sealed

OF_AREA = replace(MAP, parcels=(), area=RHINE)
ALKIS = date(2016, 1, 1)
BY_AREA = date(2020, 3, 1)


@for_all(st.sampled_from(Product), st.dates(date(2010, 1, 1), date(2040, 1, 1)))
def test_a_product_is_offered_in_one_version_at_a_time(product: Product, day: date) -> None:
    holding = [offer for offer in CATALOGUE if offer.product is product and offer.holds(day)]
    assert len(holding) == (1 if day >= ALKIS else 0)
    assert offer_on(product, day) == (holding[0] if holding else None)


@pytest.mark.parametrize("product", Product)
def test_versions_of_an_offer_follow_each_other_without_a_gap(product: Product) -> None:
    offers = [offer for offer in CATALOGUE if offer.product is product]
    for before, after in pairwise(offers):
        assert before.valid_to is not None
        assert before.valid_to + timedelta(days=1) == after.valid_from
    assert offers[-1].valid_to is None


@pytest.mark.parametrize("order", [MAP, OWNERS, DATA])
def test_what_is_not_offered_yet_cannot_be_ordered(order: PlaceOrder) -> None:
    nothing_yet.when(order, on=date(2015, 12, 31)).refused("cadastre.product_not_offered")


@pytest.mark.allows("cadastre.product_not_offered")
def test_the_first_day_of_an_offer_counts() -> None:
    nothing_yet.when(MAP, on=ALKIS).so()


@pytest.mark.parametrize(("day", "version"), [(ALKIS, "2016-01-01"), (BY_AREA, "2020-03-01")])
def test_an_order_says_which_version_of_the_offer_it_is_of(day: date, version: str) -> None:
    (fact,) = nothing_yet.when(MAP, on=day).facts
    assert isinstance(fact, OrderPlaced)
    assert fact.catalogue == version


@pytest.mark.allows(
    "cadastre.parcels_or_area", "cadastre.area_impossible", "cadastre.area_not_offered", "cadastre.gemarkung_unknown"
)
def test_a_map_of_an_area_names_the_office_of_its_gemarkung() -> None:
    (fact,) = nothing_yet.when(OF_AREA).facts
    assert isinstance(fact, OrderPlaced)
    assert (fact.area, fact.parcels, fact.office) == (RHINE, (), "Düsseldorf")


def test_an_order_is_of_parcels_or_of_an_area() -> None:
    nothing_yet.when(replace(MAP, parcels=())).refused("cadastre.parcels_or_area")
    nothing_yet.when(replace(MAP, area=RHINE)).refused("cadastre.parcels_or_area")


@pytest.mark.parametrize(
    "area",
    [
        replace(RHINE, east=RHINE.west),
        replace(RHINE, south=RHINE.north),
        replace(RHINE, east=RHINE.west - 1),
        replace(RHINE, east=RHINE.west + LONGEST_SIDE + 1),
        replace(RHINE, north=RHINE.south + LONGEST_SIDE + 1),
        replace(RHINE, west=RHINE.south, south=RHINE.west, east=RHINE.north, north=RHINE.east),
        replace(RHINE, west=6, south=51, east=7, north=52),
    ],
)
def test_an_area_is_a_rectangle_that_can_lie_in_the_land(area: object) -> None:
    assert isinstance(area, type(RHINE))
    nothing_yet.when(replace(OF_AREA, area=area)).refused("cadastre.area_impossible")


@pytest.mark.allows("cadastre.area_impossible")
def test_the_largest_area_is_ten_kilometres_wide() -> None:
    largest = replace(RHINE, east=RHINE.west + LONGEST_SIDE, north=RHINE.south + LONGEST_SIDE)
    nothing_yet.when(replace(OF_AREA, area=largest)).so()


@pytest.mark.parametrize("gemarkung", ["", "053", "059999", "063110", "0531100"])
def test_the_gemarkung_of_an_area_exists(gemarkung: str) -> None:
    area = replace(RHINE, gemarkung=gemarkung)
    nothing_yet.when(replace(OF_AREA, area=area)).refused("cadastre.gemarkung_unknown")


def test_a_statement_is_about_parcels() -> None:
    nothing_yet.when(replace(OWNERS, parcels=(), area=RHINE)).refused("cadastre.area_not_offered")


@pytest.mark.allows("cadastre.area_not_offered")
def test_data_of_an_area_is_offered_since_march_2020() -> None:
    of_area = replace(DATA, parcels=(), area=RHINE)
    nothing_yet.when(of_area, on=date(2020, 2, 29)).refused("cadastre.area_not_offered")
    nothing_yet.when(of_area, on=BY_AREA).so()


def test_an_area_is_priced_by_its_sheet_or_working_time() -> None:
    assert placed(OF_AREA).when(AssessFee()).so().state.fee == euros("30.00")
    assert placed(replace(DATA, parcels=(), area=RHINE)).when(AssessFee(minutes=16)).so().state.fee == euros("54.00")


def test_an_order_of_an_area_has_no_parcels_to_correct() -> None:
    correction = CorrectOrder(field=OrderField.PARCELS, new=f"{ALTSTADT} {BENRATH}", reason=sealed("falsch"))
    placed(OF_AREA).when(correction).refused("cadastre.field_absent")
