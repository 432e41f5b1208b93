"""Holds: the queue for an item, first come, first served."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.kernel import Channel, Sealed, Supervised, Supervision
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import CancellationGround, HoldStatus
from tests.domain.library.examples import (
    ADA,
    BEN,
    BILK,
    CENTRAL,
    CHILD,
    MONDAY,
    REASON,
    a_book,
    a_hold,
    a_loan,
    registered,
)
from tests.scenario import ACTOR, RECORD, Given, an_id, pseudonym

HOLD = c.hold_id(RECORD, 1)
READY = f.HoldReady(hold=HOLD, branch=CENTRAL, pickup_until=date(2026, 3, 12), terms="2024-01", ready_on=MONDAY)


def set_aside(day: date = MONDAY) -> Given:
    """The book on the pick-up shelf for Ada, with Ben behind her."""
    held = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL), on=day).so()
    aside = held.when(c.SetItemAside(), on=day, channel=Channel.IMPORT).so()
    return aside.when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()


def test_a_hold_is_placed_under_a_key_of_its_own() -> None:
    a_book().when(c.PlaceHold(patron=ADA, pickup_branch=BILK)).then(
        f.HoldPlaced(
            hold=HOLD,
            reader=pseudonym("library.reader", str(ADA), HOLD),
            patron_ref=Sealed(str(ADA), HOLD),
            barcode="10042",
            pickup_branch=BILK,
            placed_on=MONDAY,
        )
    )


@pytest.mark.allows("library.hold_exists")
def test_a_reader_stands_once_in_the_queue() -> None:
    a_hold().when(c.PlaceHold(patron=ADA, pickup_branch=BILK)).refused("library.hold_exists")
    a_hold().when(c.PlaceHold(patron=BEN, pickup_branch=BILK)).so()


@pytest.mark.allows("library.own_loan")
def test_nobody_holds_what_they_have() -> None:
    a_loan().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL)).refused("library.own_loan")
    a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()


def test_a_child_without_consent_places_no_hold() -> None:
    a_book().when(c.PlaceHold(patron=CHILD, pickup_branch=CENTRAL)).refused("library.consent_missing")


def test_a_hold_is_served_in_turn() -> None:
    queue = a_hold().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    queue.when(c.LendItem(patron=BEN, branch=CENTRAL)).refused("library.not_your_turn")
    queue.when(c.LendItem(patron=CHILD, branch=CENTRAL)).refused("library.consent_missing")
    lent, fulfilled = queue.when(c.LendItem(patron=ADA, branch=CENTRAL)).facts
    assert isinstance(lent, f.ItemLent)
    assert lent.hold == HOLD
    assert fulfilled == f.HoldFulfilled(hold=HOLD, loan=lent.loan)


@pytest.mark.allows("library.not_your_turn")
def test_after_a_loan_the_rest_of_the_queue_still_waits() -> None:
    lent = set_aside().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    assert [hold.status for hold in lent.state.holds] == [HoldStatus.PLACED]
    back = lent.when(c.ReturnItem(branch=CENTRAL)).so()
    back.when(c.LendItem(patron=BEN, branch=CENTRAL)).so()


@pytest.mark.allows("library.no_hold_waits", "library.set_aside_already", "library.at_other_branch")
def test_the_first_hold_is_set_aside_for_ten_days() -> None:
    a_hold().when(c.SetItemAside()).then(READY)


def test_an_item_is_set_aside_once() -> None:
    set_aside().when(c.SetItemAside()).refused("library.set_aside_already")


def test_nothing_is_set_aside_where_nobody_waits() -> None:
    a_book().when(c.SetItemAside()).refused("library.no_hold_waits")


def test_what_is_lent_or_on_its_way_or_elsewhere_is_not_set_aside() -> None:
    place = c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)
    a_loan().when(place).so().when(c.SetItemAside()).refused("library.item_on_loan")
    on_its_way = a_book().when(c.SendInTransit(to_branch=BILK)).so().when(place).so()
    on_its_way.when(c.SetItemAside()).refused("library.item_in_transit")
    refusal = a_hold(BILK).when(c.SetItemAside()).refused("library.at_other_branch")
    assert refusal.details == {"at": CENTRAL, "pickup": BILK}


@pytest.mark.allows("library.not_set_aside", "library.pickup_time_runs")
def test_a_hold_that_was_not_picked_up_in_time_is_over() -> None:
    long_ago = MONDAY - timedelta(days=11)
    expired = (
        set_aside(long_ago)
        .when(c.ExpireHold())
        .then(
            f.HoldExpired(
                hold=HOLD,
                pickup_until=MONDAY - timedelta(days=1),
                anonymise_from=MONDAY + timedelta(days=28),
                terms="2024-01",
                expired_on=MONDAY,
            )
        )
    )
    expired.when(c.LendItem(patron=BEN, branch=CENTRAL)).so()


def test_the_promised_time_to_pick_up_is_kept_to_its_last_day() -> None:
    set_aside(MONDAY - timedelta(days=10)).when(c.ExpireHold()).refused("library.pickup_time_runs")


def test_only_what_was_set_aside_can_go_unclaimed() -> None:
    a_hold().when(c.ExpireHold()).refused("library.not_set_aside")
    a_book().when(c.ExpireHold()).refused("library.no_hold_waits")


@pytest.mark.allows("library.hold_unknown")
def test_a_hold_is_cancelled_wherever_it_stands_in_the_queue() -> None:
    queue = set_aside()
    last = queue.state.holds[-1].id
    for hold in (HOLD, last):
        left = queue.when(c.CancelHold(hold=hold, ground=CancellationGround.BY_READER)).then(
            f.HoldCancelled(
                hold=hold,
                ground=CancellationGround.BY_READER,
                anonymise_from=MONDAY + timedelta(days=28),
                terms="2024-01",
                cancelled_on=MONDAY,
            )
        )
        assert hold not in [other.id for other in left.state.holds]


@pytest.mark.allows("library.hold_kept_until", "library.hold_not_ended")
def test_who_waited_in_vain_is_forgotten_when_the_time_for_questions_is_over_and_not_before() -> None:
    forget = c.AnonymiseHold(hold=HOLD)
    last_day = MONDAY + timedelta(days=27)
    cancelled = a_hold().when(c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)).so()
    expired = set_aside(MONDAY - timedelta(days=11)).when(c.ExpireHold()).so()
    for ended in (cancelled, expired):
        refusal = ended.when(forget, on=last_day).refused("library.hold_kept_until")
        assert refusal.details == {"day": "2026-03-30"}
        ended.when(forget, on=last_day + timedelta(days=1)).so()


def test_what_happens_to_a_hold_happens_after_it_was_placed() -> None:
    eve = MONDAY - timedelta(days=1)
    cancel = c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)
    for command in (cancel, c.SetItemAside(), c.LendItem(patron=ADA, branch=CENTRAL)):
        a_hold().when(command, on=eve).refused("library.out_of_order")
        a_hold().when(command, on=MONDAY).so()
    aside = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL), on=eve).so().when(c.SetItemAside()).so()
    aside.when(cancel, on=eve).refused("library.out_of_order")
    aside.when(cancel, on=MONDAY).so()
    place = c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)
    a_loan().when(place, on=eve).refused("library.out_of_order")
    a_loan().when(place, on=MONDAY).so()


def test_the_time_to_pick_up_begins_when_the_hold_waits() -> None:
    sent = a_book().when(c.SendInTransit(to_branch=BILK), on=MONDAY - timedelta(days=9)).so()
    held = sent.when(c.PlaceHold(patron=ADA, pickup_branch=BILK)).so()
    _, ready = held.when(c.ReceiveFromTransit(branch=BILK), on=MONDAY - timedelta(days=5)).facts
    assert isinstance(ready, f.HoldReady)
    assert (ready.ready_on, ready.pickup_until) == (MONDAY, MONDAY + timedelta(days=10))


@pytest.mark.allows("library.pickup_time_runs")
def test_what_staff_set_aside_as_of_an_earlier_day_is_kept_as_long_from_the_day_of_booking() -> None:
    long_ago = MONDAY - timedelta(days=30)
    held = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL), on=long_ago).so()
    held_at_bilk = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=BILK), on=long_ago).so()
    on_its_way = held_at_bilk.when(c.SendInTransit(to_branch=BILK), on=long_ago).so()
    last_day = MONDAY + timedelta(days=10)
    for waits, command in ((held, c.SetItemAside()), (on_its_way, c.ReceiveFromTransit(branch=BILK))):
        booked = waits.when(command, on=long_ago)
        ready = booked.facts[-1]
        assert isinstance(ready, f.HoldReady)
        assert (ready.ready_on, ready.pickup_until) == (long_ago, last_day)
        booked.so().when(c.ExpireHold()).refused("library.pickup_time_runs")
        booked.so().when(c.ExpireHold(), on=last_day).refused("library.pickup_time_runs")
        booked.so().when(c.ExpireHold(), on=last_day + timedelta(days=1)).so()
        passed_on = waits.when(command, on=long_ago, channel=Channel.IMPORT).so()
        passed_on.when(c.ExpireHold(), on=long_ago + timedelta(days=10)).refused("library.pickup_time_runs")
        passed_on.when(c.ExpireHold(), on=long_ago + timedelta(days=11)).so()


def test_of_a_hold_that_ended_before_facts_said_how_long_it_is_kept_nobody_need_wait() -> None:
    before = f.HoldCancelled(
        hold=HOLD, ground=CancellationGround.BY_READER, anonymise_from=None, terms=None, cancelled_on=None
    )
    a_hold().beside(RECORD, before).when(c.AnonymiseHold(hold=HOLD)).so()


def test_only_a_waiting_hold_is_cancelled() -> None:
    command = c.CancelHold(hold=an_id("another"), ground=CancellationGround.BY_LIBRARY)
    a_hold().when(command).refused("library.hold_unknown")
    a_book().when(command).refused("library.no_hold_waits")


def queue_of_three() -> Given:
    """Ada, Ben and Cem wait in this order."""
    cem = an_id("Cem")
    queue = a_hold().beside(cem, registered("D-7"))
    for patron in (BEN, cem):
        queue = queue.when(c.PlaceHold(patron=patron, pickup_branch=CENTRAL)).so()
    return queue


def move(scenario: Given, index: int, rank: int) -> c.ReorderHold:
    return c.ReorderHold(hold=scenario.state.holds[index].id, rank=rank, reason=REASON)


@pytest.mark.allows("library.hold_is_served")
def test_staff_give_a_hold_another_place_for_a_reason_and_that_is_supervised() -> None:
    queue = queue_of_three()
    ada, ben, cem = (hold.id for hold in queue.state.holds)
    for index, rank, order in ((2, 1, (cem, ada, ben)), (0, 2, (ben, ada, cem)), (0, 3, (ben, cem, ada))):
        decision = queue.when(move(queue, index, rank))
        (fact,) = decision.facts
        assert isinstance(fact, f.HoldReordered)
        assert (fact.old_rank, fact.rank, fact.reordered_by) == (index + 1, rank, ACTOR)
        assert fact.reason == Sealed("Tippfehler", fact.hold)
        assert fact.supervised() == Supervised(
            by=Supervision.OVERRIDE, rules=("library.not_your_turn",), reason=fact.reason
        )
        assert tuple(hold.id for hold in decision.so().state.holds) == order


def test_who_waits_first_for_an_item_that_is_set_aside_stays_first() -> None:
    queue = queue_of_three().when(c.SetItemAside()).so()
    queue.when(move(queue, 0, 2)).refused("library.hold_is_served")
    queue.when(move(queue, 2, 1)).refused("library.hold_is_served")
    queue.when(move(queue, 2, 2)).so()


def test_a_place_in_the_queue_is_one_of_it_and_another_one_and_given_by_staff() -> None:
    queue = queue_of_three()
    queue.when(move(queue, 0, 1)).refused("library.nothing_changed")
    queue.when(move(queue, 0, 2), channel=Channel.ONLINE_SHOP).refused("library.override_by_staff")
    queue.when(replace(move(queue, 0, 2), hold=an_id("another"))).refused("library.hold_unknown")
    for rank in (0, 4):
        queue.when(move(queue, 0, rank)).invalid("rank")
    a_book().when(move(queue, 0, 2)).refused("library.no_hold_waits")
