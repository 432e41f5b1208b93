"""Titles, and the items that are copies of them."""

from dataclasses import replace

import pytest

from domain.kernel import Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.upcasters import UPCASTERS
from domain.library.vocabulary import MediaType, WithdrawalGround
from tests.domain.library.examples import ADA, CENTRAL, MONDAY, REASON, a_book, acquired
from tests.scenario import Given, an_id, given

STORM = an_id("Der Schimmelreiter")
CATALOGUE = c.CatalogueTitle(
    number="T-1888", title="Der Schimmelreiter", media_type=MediaType.BOOK, creator="Theodor Storm", published=1888
)
CATALOGUED = f.TitleCatalogued(
    catalogue_number="T-1888",
    title="Der Schimmelreiter",
    creator="Theodor Storm",
    isbn=None,
    published=1888,
    media_type=MediaType.BOOK,
)
ACQUIRE = c.AcquireItem(barcode="7", media_type=MediaType.BOOK, branch=CENTRAL, title_id=STORM)


def shelf() -> Given:
    """A title, and an item to come."""
    return given(FAMILY).beside(STORM, CATALOGUED)


def corrected(field: str, new: str | None) -> c.CorrectTitle:
    return c.CorrectTitle(field=field, new=new, reason=REASON)


@pytest.mark.allows("library.title_number_taken")
def test_a_title_is_catalogued_under_a_number_of_its_own() -> None:
    given(FAMILY).when(CATALOGUE).then(CATALOGUED)
    assert CATALOGUED.number() == "T-1888"
    given(FAMILY, CATALOGUED).about(an_id("another title")).when(CATALOGUE).refused("library.title_number_taken")
    given(FAMILY, CATALOGUED).when(CATALOGUE).refused("library.record_exists")


@pytest.mark.parametrize("year", [0, 10_000])
def test_a_title_was_published_in_a_year(year: int) -> None:
    given(FAMILY).when(replace(CATALOGUE, published=year)).invalid("published")


@pytest.mark.parametrize("year", [1, 9_999])
def test_any_year_will_do(year: int) -> None:
    given(FAMILY).when(replace(CATALOGUE, published=year)).so()


def test_a_title_is_put_right_and_the_history_shows_both() -> None:
    title = given(FAMILY, CATALOGUED)
    for field, new in (("title", "Immensee"), ("creator", None), ("isbn", "978-3-16-148410-0")):
        old = getattr(title.state, field)
        expected = f.TitleCorrected(field=field, old=old, new=new, reason=REASON)
        title = title.when(corrected(field, new)).then(expected)
        assert getattr(title.state, field) == new
    title.when(corrected("isbn", "978-3-16-148410-0")).refused("library.nothing_changed")
    title.when(corrected("number", "T-1")).refused("library.field_not_correctable")
    title.when(corrected("title", None)).invalid("new")
    title.when(c.CorrectTitle(field="isbn", new="1", reason=Sealed(" "))).invalid("reason")


@pytest.mark.allows("library.title_unknown", "library.other_media_type")
def test_an_item_is_a_copy_of_a_title_and_has_its_text() -> None:
    item = shelf().when(ACQUIRE).then(acquired(barcode="7", title_id=STORM, shelf_mark=None, acquired_on=MONDAY))
    assert (item.state.title, item.state.title_id) == ("Der Schimmelreiter", STORM)


def test_an_item_belongs_to_a_title_that_is_known() -> None:
    given(FAMILY).when(ACQUIRE).refused("library.title_unknown")
    given(FAMILY).when(replace(ACQUIRE, title_id=None)).refused("library.title_wanted")
    shelf().when(replace(ACQUIRE, media_type=MediaType.FILM)).refused("library.other_media_type")


def test_an_item_of_before_finds_its_title() -> None:
    old = a_book(title="Schimmelreiter").beside(STORM, CATALOGUED)
    found = old.when(c.AssignItemToTitle(title_id=STORM)).then(
        f.ItemAssignedToTitle(title_id=STORM, title="Der Schimmelreiter")
    )
    assert (found.state.title, found.state.title_id) == ("Der Schimmelreiter", STORM)
    found.when(c.AssignItemToTitle(title_id=STORM)).refused("library.nothing_changed")
    found.when(c.AssignItemToTitle(title_id=ADA)).refused("library.title_unknown")
    gone = old.when(c.WithdrawItem(ground=WithdrawalGround.WORN)).so()
    gone.when(c.AssignItemToTitle(title_id=STORM)).refused("library.item_withdrawn")


def test_an_item_that_was_acquired_before_there_were_titles_has_none() -> None:
    topic, upcast = UPCASTERS["library.item_acquired.v1"]
    assert upcast({"barcode": "1", "title": "Immensee"}) == {"barcode": "1", "title": "Immensee", "title_id": None}
    topic, upcast = UPCASTERS[topic]
    assert topic == f.ItemAcquired.topic
    assert upcast({"barcode": "1"}) == {"barcode": "1", "acquired_on": None}


def test_a_return_of_before_is_forgotten_when_it_would_have_been_then() -> None:
    topic, upcast = UPCASTERS["library.item_returned.v1"]
    assert topic == f.ItemReturned.topic
    assert upcast({"returned_on": "2025-01-31"}) == {
        "returned_on": "2025-01-31",
        "place": None,
        "anonymise_from": "2025-02-28",
        "overridden": [],
        "override_by": None,
        "override_reason": None,
    }
