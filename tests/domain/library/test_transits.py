"""Transits between branches: of items that are known, and lists that name none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.kernel import Channel, Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import CancellationGround, HoldStatus, ItemStatus, MediaType
from tests.domain.library.examples import BILK, CENTRAL, MONDAY, a_book, a_hold, a_loan
from tests.scenario import RECORD, given

HOLD = c.hold_id(RECORD, 1)
TO_BILK = c.SendInTransit(to_branch=BILK)
DAY = date(2017, 12, 21)
OPEN = c.OpenDispatch(day=DAY, branch="Paulton Library", authority="Bath and North East Somerset")
OPENED = f.DispatchOpened(
    reference="2017-12-21 Bath and North East Somerset/Paulton Library",
    day=DAY,
    branch="Paulton Library",
    authority="Bath and North East Somerset",
)
ROW = c.RecordTransit(
    item_type="Adult Fiction", to_branch="Midsomer Norton Library", source="librarieswest", occurrence=1
)
RECORDED = f.TransitRecorded(
    transit=1,
    day=DAY,
    item_type="Adult Fiction",
    from_branch="Paulton Library",
    from_authority="Bath and North East Somerset",
    to_branch="Midsomer Norton Library",
    to_authority=None,
    source="librarieswest",
    occurrence=1,
)


@pytest.mark.allows("library.same_branch", "library.item_in_transit", "library.item_not_in_transit")
def test_an_item_is_sent_to_another_branch_and_arrives() -> None:
    sent = (
        a_book()
        .when(TO_BILK)
        .then(
            f.ItemSentInTransit(
                transit=1, media_type=MediaType.BOOK, from_branch=CENTRAL, to_branch=BILK, sent_on=MONDAY, hold=None
            )
        )
    )
    assert sent.state.status is ItemStatus.IN_TRANSIT
    there = sent.when(c.ReceiveFromTransit(branch=BILK)).then(
        f.ItemArrived(transit=1, branch=BILK, arrived_on=MONDAY, hold=None)
    )
    assert (there.state.branch, there.state.status) == (BILK, ItemStatus.AVAILABLE)


def test_a_second_journey_has_the_next_number() -> None:
    there = a_book().when(TO_BILK).so().when(c.ReceiveFromTransit(branch=BILK)).so()
    (fact,) = there.when(c.SendInTransit(to_branch=CENTRAL)).facts
    assert isinstance(fact, f.ItemSentInTransit)
    assert fact.transit == 2


def test_a_transit_joins_two_branches() -> None:
    a_book().when(c.SendInTransit(to_branch=CENTRAL)).refused("library.same_branch")


def test_what_is_lent_on_its_way_or_set_aside_is_not_sent() -> None:
    a_loan().when(TO_BILK).refused("library.item_on_loan")
    a_book().when(TO_BILK).so().when(TO_BILK).refused("library.item_in_transit")
    a_hold().when(c.SetItemAside()).so().when(TO_BILK).refused("library.set_aside_already")


def test_only_what_was_sent_arrives_and_not_before_it_was_sent() -> None:
    a_book().when(c.ReceiveFromTransit(branch=BILK)).refused("library.item_not_in_transit")
    sent = a_book().when(TO_BILK).so()
    sent.when(c.ReceiveFromTransit(branch=BILK), on=MONDAY - timedelta(days=1)).refused("library.out_of_order")


def test_an_item_that_travels_for_a_hold_is_set_aside_where_it_arrives() -> None:
    sent = a_hold(BILK).when(TO_BILK).so()
    assert sent.state.holds[0].status is HoldStatus.IN_TRANSIT
    arrived, ready = sent.when(c.ReceiveFromTransit(branch=BILK)).facts
    assert arrived == f.ItemArrived(transit=1, branch=BILK, arrived_on=MONDAY, hold=HOLD)
    assert ready == f.HoldReady(
        hold=HOLD, branch=BILK, pickup_until=date(2026, 3, 12), terms="2024-01", ready_on=MONDAY
    )


@pytest.mark.allows("library.out_of_order")
def test_nothing_travels_for_a_hold_before_it_was_placed() -> None:
    eve = MONDAY - timedelta(days=1)
    a_hold(BILK).when(TO_BILK, on=eve).refused("library.out_of_order")
    a_hold(BILK).when(TO_BILK, on=eve, channel=Channel.IMPORT).refused("library.out_of_order")
    a_hold(BILK).when(TO_BILK, on=MONDAY).so()
    (elsewhere,) = a_hold("Eller").when(TO_BILK, on=eve).facts
    assert isinstance(elsewhere, f.ItemSentInTransit)
    assert elsewhere.hold is None


def test_what_was_once_told_to_travel_before_it_was_wanted_is_not_set_aside_before() -> None:
    eve = MONDAY - timedelta(days=1)
    (sent,) = a_hold(BILK).when(TO_BILK).facts
    assert isinstance(sent, f.ItemSentInTransit)
    on_its_way = a_hold(BILK).beside(RECORD, replace(sent, sent_on=eve))
    assert on_its_way.state.holds[0].since == MONDAY
    _, ready = on_its_way.when(c.ReceiveFromTransit(branch=BILK), on=eve).facts
    assert isinstance(ready, f.HoldReady)
    assert ready.ready_on == MONDAY


def test_an_item_that_went_astray_leaves_its_hold_waiting() -> None:
    sent = a_hold(BILK).when(TO_BILK).so()
    astray = sent.when(c.ReceiveFromTransit(branch="Eller")).then(
        f.ItemArrived(transit=1, branch="Eller", arrived_on=MONDAY, hold=HOLD)
    )
    assert astray.state.holds[0].status is HoldStatus.PLACED


def test_an_item_whose_hold_was_cancelled_on_the_way_just_arrives() -> None:
    sent = a_hold(BILK).when(TO_BILK).so()
    cancelled = sent.when(c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)).so()
    cancelled.when(c.ReceiveFromTransit(branch=BILK)).then(
        f.ItemArrived(transit=1, branch=BILK, arrived_on=MONDAY, hold=None)
    )


@pytest.mark.allows("library.dispatch_exists", "library.in_the_future")
def test_a_branch_has_one_list_a_day() -> None:
    opened = given(FAMILY).when(OPEN, on=DAY).then(OPENED)
    opened.when(OPEN).refused("library.record_exists")
    opened.about(HOLD).when(OPEN).refused("library.dispatch_exists")
    opened.about(HOLD).when(replace(OPEN, authority=None)).so()


def test_a_list_of_tomorrow_is_not_opened() -> None:
    given(FAMILY).when(replace(OPEN, day=MONDAY + timedelta(days=1))).refused("library.in_the_future")
    given(FAMILY).when(replace(OPEN, day=MONDAY)).so()


def test_a_row_is_an_item_that_moved_and_the_same_row_again_is_nothing_new() -> None:
    recorded = given(FAMILY, OPENED).when(ROW).then(RECORDED)
    recorded.when(ROW).nothing()


def test_equal_rows_are_different_items() -> None:
    recorded = given(FAMILY, OPENED, RECORDED)
    recorded.when(replace(ROW, occurrence=2)).then(replace(RECORDED, transit=2, occurrence=2))
    recorded.when(replace(ROW, source="another list")).then(replace(RECORDED, transit=2, source="another list"))


def test_occurrences_are_counted_from_one() -> None:
    given(FAMILY, OPENED).when(replace(ROW, occurrence=0)).invalid("occurrence")


def test_a_row_that_goes_nowhere_is_refused() -> None:
    stays = replace(ROW, to_branch=OPEN.branch, to_authority=OPEN.authority)
    given(FAMILY, OPENED).when(stays).refused("library.same_branch")
    given(FAMILY, OPENED).when(replace(stays, to_authority="Poole")).so()


@pytest.mark.allows("library.transit_unknown")
def test_a_row_is_retracted_once_and_may_come_back_under_a_new_number() -> None:
    retract = c.RetractTransit(transit=1, reason=Sealed("nicht mehr in der Quelle"))
    retracted = (
        given(FAMILY, OPENED, RECORDED)
        .when(retract)
        .then(f.TransitRetracted(transit=1, reason=Sealed("nicht mehr in der Quelle")))
    )
    retracted.when(retract).refused("library.transit_unknown")
    retracted.when(ROW).then(replace(RECORDED, transit=2))


def test_a_retraction_needs_a_reason() -> None:
    given(FAMILY, OPENED, RECORDED).when(c.RetractTransit(transit=1, reason=Sealed(""))).invalid("reason")


def test_a_list_takes_no_command_for_items() -> None:
    given(FAMILY, OPENED).when(TO_BILK).refused("library.wrong_kind")
