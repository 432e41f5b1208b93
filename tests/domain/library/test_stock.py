"""Items as part of the stock: acquired, corrected, withdrawn."""

from datetime import timedelta

import pytest

from domain.kernel import Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import MediaType, WithdrawalGround
from tests.domain.library.examples import ADA, BILK, CENTRAL, MONDAY, REASON, a_book, a_hold, a_loan, acquired
from tests.scenario import an_id, given

ACQUIRE = c.AcquireItem(
    barcode="10042",
    title="Der Schimmelreiter",
    media_type=MediaType.BOOK,
    branch=CENTRAL,
    shelf_mark="R 11 Sto",
)
ONE_DAY = timedelta(days=1)
WITHDRAW = c.WithdrawItem(ground=WithdrawalGround.WORN, note=Sealed("Wasserschaden"))


@pytest.mark.allows("library.barcode_taken", "library.title_wanted")
def test_an_item_is_acquired_under_its_barcode() -> None:
    item = given(FAMILY).when(ACQUIRE).then(acquired(acquired_on=MONDAY))
    assert acquired().number() == "10042"
    item.when(ACQUIRE).refused("library.record_exists")


def test_a_barcode_belongs_to_one_item_for_ever() -> None:
    gone = a_book().when(WITHDRAW).so()

    other = gone.about(an_id("another copy"))
    other.when(ACQUIRE).refused("library.barcode_taken")


def test_a_blank_title_is_invalid() -> None:
    given(FAMILY).when(c.AcquireItem(barcode="1", title=" ", media_type=MediaType.BOOK, branch=CENTRAL)).invalid(
        "title"
    )


@pytest.mark.allows("library.holds_wait")
def test_a_worn_item_leaves_the_stock_and_nothing_is_wanted_of_it_any_more() -> None:
    gone = (
        a_book()
        .when(WITHDRAW)
        .then(f.ItemWithdrawn(ground=WithdrawalGround.WORN, note=Sealed("Wasserschaden"), withdrawn_on=MONDAY))
    )
    assert gone.state.since == MONDAY
    gone.when(WITHDRAW).refused("library.item_withdrawn")
    gone.when(c.LendItem(patron=ADA, branch=CENTRAL)).refused("library.item_withdrawn")
    gone.when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL)).refused("library.item_withdrawn")
    gone.when(c.SendInTransit(to_branch=BILK)).refused("library.item_withdrawn")


def test_what_is_on_loan_or_on_the_way_or_waited_for_stays_in_the_stock() -> None:
    a_loan().when(WITHDRAW).refused("library.item_on_loan")
    a_book().when(c.SendInTransit(to_branch=BILK)).so().when(WITHDRAW).refused("library.item_in_transit")
    a_hold().when(WITHDRAW).refused("library.holds_wait")


@pytest.mark.allows("library.out_of_order")
def test_an_item_leaves_the_stock_no_sooner_than_it_came_and_was_last_moved() -> None:
    new = a_book(acquired_on=MONDAY)
    new.when(WITHDRAW, on=MONDAY - ONE_DAY).refused("library.out_of_order")
    new.when(WITHDRAW, on=MONDAY).so()
    new.when(c.LendItem(patron=ADA, branch=CENTRAL), on=MONDAY - ONE_DAY).refused("library.out_of_order")
    back = a_loan().when(c.ReturnItem(branch=CENTRAL)).so()
    back.when(WITHDRAW, on=MONDAY - ONE_DAY).refused("library.out_of_order")
    a_book(acquired_on=None).when(WITHDRAW, on=MONDAY - ONE_DAY).so()


def test_a_misspelt_title_is_put_right_and_the_history_shows_both() -> None:
    corrected = (
        a_book(title="Der Schimelreiter")
        .when(c.CorrectItem(field="title", new="Der Schimmelreiter", reason=REASON))
        .then(f.ItemCorrected(field="title", old="Der Schimelreiter", new="Der Schimmelreiter", reason=REASON))
    )
    assert corrected.state.title == "Der Schimmelreiter"
    corrected.when(c.CorrectItem(field="title", new="Der Schimmelreiter", reason=REASON)).refused(
        "library.nothing_changed"
    )


def test_each_field_that_can_be_corrected_is_corrected() -> None:
    item = a_book()
    for field, new in (("title", "Immensee"), ("media_type", "AUDIOBOOK"), ("shelf_mark", "H 2"), ("branch", BILK)):
        item = item.when(c.CorrectItem(field=field, new=new, reason=REASON)).so()
        assert str(getattr(item.state, field)) == new


def test_a_shelf_mark_can_be_taken_away_and_a_title_cannot() -> None:
    assert a_book().when(c.CorrectItem(field="shelf_mark", new=None, reason=REASON)).so().state.shelf_mark is None
    a_book().when(c.CorrectItem(field="title", new=None, reason=REASON)).invalid("new")


def test_a_media_type_is_one_of_the_list() -> None:
    a_book().when(c.CorrectItem(field="media_type", new="PAPYRUS", reason=REASON)).invalid("new")


def test_a_barcode_is_never_corrected() -> None:
    a_book().when(c.CorrectItem(field="barcode", new="1", reason=REASON)).refused("library.field_not_correctable")


def test_a_correction_of_an_item_needs_a_reason() -> None:
    a_book().when(c.CorrectItem(field="branch", new=BILK, reason=Sealed(" "))).invalid("reason")
