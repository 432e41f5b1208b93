"""Loans: lent, renewed, returned, and who may."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from domain.kernel import BERLIN, Channel, Sealed, Supervised, Supervision
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Item, Loan
from domain.library.terms import TERMS, terms_on
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    DeactivationGround,
    ItemStatus,
    LoanStatus,
    MediaType,
    ReturnPlace,
)
from tests.domain.library.examples import ADA, BEN, BILK, CENTRAL, CHILD, MONDAY, a_book, a_loan
from tests.scenario import ACTOR, RECORD, Given, an_id, pseudonym

LEND = c.LendItem(patron=ADA, branch=CENTRAL)
RENEW = c.RenewLoan(patron=ADA)
RETURN = c.ReturnItem(branch=CENTRAL)
LOAN = c.loan_id(RECORD, 1)
URGENT = Sealed[str]("krank")


def the_loan(scenario: Given) -> Loan:
    state = scenario.state
    assert isinstance(state, Item)
    assert state.loan is not None
    return state.loan


@pytest.mark.allows("library.patron_unknown", "library.item_withdrawn", "library.not_for_loan", "library.item_lost")
def test_a_book_is_lent_for_four_weeks_under_the_loans_own_key() -> None:
    a_book().when(LEND).then(
        f.ItemLent(
            loan=LOAN,
            reader=pseudonym("library.reader", str(ADA), LOAN),
            patron_ref=Sealed(str(ADA), LOAN),
            age_band=AgeBand.ADULT,
            barcode="10042",
            media_type=MediaType.BOOK,
            branch=CENTRAL,
            lent_on=MONDAY,
            due=date(2026, 3, 30),
            terms="2024-01",
            hold=None,
        )
    )


def test_two_loans_of_one_reader_have_nothing_in_common_that_can_be_read() -> None:
    first = a_loan()
    second = first.when(RETURN).so().when(LEND).so()
    assert the_loan(first).reader != the_loan(second).reader


@pytest.mark.parametrize(("media_type", "days"), [(MediaType.BOOK, 28), (MediaType.FILM, 14), (MediaType.THING, 14)])
def test_the_medium_decides_how_long_a_loan_is(media_type: MediaType, days: int) -> None:
    assert the_loan(a_loan(media_type=media_type)).due == MONDAY + timedelta(days=days)


def test_a_loan_booked_later_keeps_the_terms_of_its_day() -> None:
    fact = a_book(media_type=MediaType.FILM).when(LEND, on=date(2023, 12, 30)).facts[0]
    assert isinstance(fact, f.ItemLent)
    assert (fact.terms, fact.due) == ("2000-01", date(2024, 1, 27))


def test_terms_hold_from_their_first_day_on() -> None:
    assert terms_on(date(2023, 12, 31)).version == "2000-01"
    assert terms_on(date(2024, 1, 1)).version == "2024-01"


def test_the_versions_of_the_terms_are_in_order_and_the_first_holds_for_ever_back() -> None:
    assert [terms.valid_from for terms in TERMS] == sorted(terms.valid_from for terms in TERMS)
    assert terms_on(date(1803, 1, 1)) is TERMS[0]


@pytest.mark.allows("library.item_on_loan", "library.out_of_order")
def test_an_item_has_one_active_loan() -> None:
    refusal = a_loan().when(c.LendItem(patron=BEN, branch=CENTRAL)).refused("library.item_on_loan")
    assert refusal.details == {"barcode": "10042", "due": "2026-03-30"}
    a_loan().when(RETURN).so().when(c.LendItem(patron=BEN, branch=CENTRAL)).so()


def test_an_item_for_use_in_the_house_is_neither_lent_nor_held() -> None:
    a_book(for_loan=False).when(LEND).refused("library.not_for_loan")
    a_book(for_loan=False).when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL)).refused("library.not_for_loan")


def test_an_item_on_its_way_is_not_lent() -> None:
    a_book().when(c.SendInTransit(to_branch=BILK)).so().when(LEND).refused("library.item_in_transit")


def test_only_a_registered_reader_borrows() -> None:
    a_book().when(c.LendItem(patron=an_id("nobody"), branch=CENTRAL)).refused("library.patron_unknown")
    a_book().when(c.LendItem(patron=RECORD, branch=CENTRAL)).refused("library.patron_unknown")


@pytest.mark.allows("library.patron_blocked")
def test_a_blocked_reader_neither_borrows_nor_renews_nor_holds() -> None:
    block = f.PatronBlocked(ground=BlockGround.OVERDUE_ITEMS, note=None, blocked_on=MONDAY)
    refusal = a_book().beside(ADA, block).when(LEND).refused("library.patron_blocked")
    assert refusal.details == {"ground": "OVERDUE_ITEMS"}
    a_loan().beside(ADA, block).when(RENEW).refused("library.patron_blocked")
    a_loan().beside(BEN, block).when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).refused("library.patron_blocked")
    a_book().beside(ADA, block, f.PatronUnblocked(note=None, unblocked_on=MONDAY)).when(LEND).so()


@pytest.mark.allows("library.patron_inactive")
def test_a_resting_membership_neither_borrows_nor_renews() -> None:
    rest = f.PatronDeactivated(ground=DeactivationGround.EXPIRED, deactivated_on=MONDAY)
    a_book().beside(ADA, rest).when(LEND).refused("library.patron_inactive")
    a_loan().beside(ADA, rest).when(RENEW).refused("library.patron_inactive")
    a_book().beside(ADA, rest, f.PatronReactivated(reactivated_on=MONDAY)).when(LEND).so()


@pytest.mark.allows("library.consent_missing")
def test_under_16_a_guardian_must_consent() -> None:
    lend = c.LendItem(patron=CHILD, branch=CENTRAL)
    a_book().when(lend).refused("library.consent_missing")
    a_book().beside(CHILD, f.GuardianConsentGiven(guardian=Sealed("Vater"), given_on=MONDAY)).when(lend).so()
    older = f.PatronAgeBandChanged(old=AgeBand.UNDER_16, new=AgeBand.FROM_16_TO_20, changed_on=MONDAY)
    a_book().beside(CHILD, older).when(lend).so()


@pytest.mark.allows("library.item_not_on_loan", "library.other_reader", "library.claimed_returned")
def test_a_renewal_adds_a_period_to_the_due_date() -> None:
    a_loan().when(RENEW).then(
        f.LoanRenewed(
            loan=LOAN,
            media_type=MediaType.BOOK,
            branch=CENTRAL,
            renewed_on=MONDAY,
            old_due=date(2026, 3, 30),
            due=date(2026, 4, 27),
            count=1,
            terms="2024-01",
            overridden=(),
            override_by=None,
            override_reason=None,
        )
    )


def test_an_overdue_loan_is_renewed_by_staff_alone_from_the_day_of_renewal() -> None:
    overdue = a_loan(date(2026, 1, 2))
    assert the_loan(overdue).due == date(2026, 1, 30)
    refusal = overdue.when(RENEW).refused("library.loan_overdue")
    assert refusal.details == {"due": "2026-01-30"}
    again = overdue.when(replace(RENEW, override_reason=URGENT))
    (fact,) = again.facts
    assert isinstance(fact, f.LoanRenewed)
    assert fact.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.loan_overdue",), reason=fact.override_reason
    )
    assert the_loan(again.so()).due == MONDAY + timedelta(days=28)


@pytest.mark.allows("library.loan_overdue")
def test_a_loan_is_renewed_until_its_due_date() -> None:
    due_today = a_loan(MONDAY - timedelta(days=28))
    assert the_loan(due_today.when(RENEW).so()).due == MONDAY + timedelta(days=28)
    due_today.when(RENEW, on=MONDAY + timedelta(days=1)).refused("library.loan_overdue")


def test_an_earlier_day_does_not_renew_what_is_overdue() -> None:
    due = MONDAY - timedelta(days=9)
    late = a_loan(due - timedelta(days=28))
    noted = late.when(c.MarkLoanOverdue(loan=LOAN)).so()
    for scenario in (late, noted):
        for channel in (Channel.STAFF, Channel.TERMINAL):
            scenario.when(RENEW, on=due, channel=channel).refused("library.loan_overdue")
        (fact,) = scenario.when(replace(RENEW, override_reason=URGENT), on=due).facts
        assert isinstance(fact, f.LoanRenewed)
        assert fact.overridden == ("library.loan_overdue",)
        (passed_on,) = scenario.when(RENEW, on=due, channel=Channel.IMPORT).facts
        assert isinstance(passed_on, f.LoanRenewed)
        assert passed_on.overridden == ()
        scenario.when(RENEW, on=due + timedelta(days=1), channel=Channel.IMPORT).refused("library.loan_overdue")
    ahead = c.ChangeDueDate(due=MONDAY, reason=URGENT)
    (changed,) = late.when(ahead, on=due).facts
    assert isinstance(changed, f.DueDateChanged)
    assert "library.loan_overdue" in changed.overridden
    back_in_time = noted.when(c.ChangeDueDate(due=MONDAY + timedelta(days=1), reason=URGENT), on=due).so()
    assert the_loan(back_in_time).status is LoanStatus.ACTIVE


def test_what_happens_to_a_loan_happens_after_it_was_lent() -> None:
    eve = MONDAY - timedelta(days=1)
    a_loan().when(RENEW, on=eve).refused("library.out_of_order")
    change = c.ChangeDueDate(due=MONDAY, reason=URGENT)
    a_loan().when(change, on=eve).refused("library.out_of_order")
    assert the_loan(a_loan().when(change, on=MONDAY).so()).due == MONDAY
    held = a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    held.when(c.RecallItem(), on=eve).refused("library.out_of_order")
    held.when(c.RecallItem(), on=MONDAY).so()


def test_a_due_date_is_changed_without_exception_until_it_is_over() -> None:
    due_today = a_loan(MONDAY - timedelta(days=28))
    sooner = c.ChangeDueDate(due=MONDAY - timedelta(days=1), reason=URGENT)
    yesterday = MONDAY - timedelta(days=1)
    due_today.when(sooner, on=yesterday).refused("library.due_in_the_past")
    due_today.when(sooner, on=yesterday, channel=Channel.IMPORT).so()
    (changed,) = due_today.when(sooner, on=yesterday, now=datetime.combine(yesterday, time(), BERLIN)).facts
    assert isinstance(changed, f.DueDateChanged)
    assert changed.overridden == ()
    (longer,) = due_today.when(c.ChangeDueDate(due=MONDAY + timedelta(days=1), reason=URGENT)).facts
    assert isinstance(longer, f.DueDateChanged)
    assert longer.overridden == ("library.renewal_cap",)
    (late,) = due_today.when(
        c.ChangeDueDate(due=MONDAY + timedelta(days=2), reason=URGENT), on=MONDAY + timedelta(days=1)
    ).facts
    assert isinstance(late, f.DueDateChanged)
    assert late.overridden == ("library.renewal_cap", "library.loan_overdue")


def test_a_due_date_lies_within_ten_years() -> None:
    a_loan().when(c.ChangeDueDate(due=MONDAY + timedelta(days=3_653), reason=URGENT)).so()
    a_loan().when(c.ChangeDueDate(due=MONDAY + timedelta(days=3_654), reason=URGENT)).invalid("due")
    a_loan().when(c.ChangeDueDate(due=date.max, reason=URGENT)).invalid("due")


def renewed(times: int) -> Given:
    scenario = a_loan()
    for _ in range(times):
        scenario = scenario.when(RENEW).so()
    return scenario


@pytest.mark.allows("library.renewal_cap")
def test_a_loan_is_renewed_as_often_as_the_cap_allows_and_no_more() -> None:
    refusal = renewed(3).when(RENEW).refused("library.renewal_cap")
    assert (refusal.details["renewals"], refusal.details["cap"]) == ("3", "3")
    a_loan(media_type=MediaType.THING).when(RENEW).refused("library.renewal_cap")


@pytest.mark.allows("library.held_by_another")
def test_no_renewal_while_another_readers_hold_waits() -> None:
    held = a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    refusal = held.when(RENEW).refused("library.held_by_another")
    assert "2026-03-30" in refusal.message("de")
    (hold,) = held.state.holds
    gone = held.when(c.CancelHold(hold=hold.id, ground=CancellationGround.BY_READER)).so()
    gone.when(RENEW).so()


@pytest.mark.allows("library.override_by_staff")
def test_an_override_names_the_member_of_staff_and_the_rules_set_aside() -> None:
    held = renewed(3).when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
    (fact,) = held.when(replace(RENEW, override_reason=URGENT)).facts
    assert isinstance(fact, f.LoanRenewed)
    assert fact.overridden == ("library.held_by_another", "library.renewal_cap")
    assert fact.override_by == ACTOR
    assert fact.override_reason == Sealed("krank", LOAN)


def test_an_override_that_was_not_needed_is_an_ordinary_renewal() -> None:
    (fact,) = a_loan().when(replace(RENEW, override_reason=URGENT)).facts
    assert isinstance(fact, f.LoanRenewed)
    assert (fact.overridden, fact.override_by, fact.override_reason) == ((), None, None)


def test_only_staff_override() -> None:
    command = replace(RENEW, override_reason=URGENT)
    renewed(3).when(command, channel=Channel.SERVICE_PORTAL).refused("library.override_by_staff")
    renewed(3).when(replace(command, override_reason=Sealed(" "))).invalid("override_reason")


def test_an_override_does_not_unblock_a_reader() -> None:
    blocked = renewed(3).beside(ADA, f.PatronBlocked(ground=BlockGround.HOUSE_RULES, note=None, blocked_on=MONDAY))
    blocked.when(replace(RENEW, override_reason=URGENT)).refused("library.patron_blocked")


def test_only_the_reader_who_borrowed_renews() -> None:
    a_loan().when(c.RenewLoan(patron=BEN)).refused("library.other_reader")


def test_what_is_not_on_loan_is_neither_renewed_nor_returned() -> None:
    a_book().when(RENEW).refused("library.item_not_on_loan")
    a_book().when(RETURN).refused("library.item_not_on_loan")


def test_what_lay_in_the_return_box_over_the_weekend_is_not_late() -> None:
    friday = date(2026, 2, 27)
    due_on_friday = a_loan(friday - timedelta(days=28))
    due_on_friday.when(c.ReturnItem(branch=BILK, place=ReturnPlace.RETURN_BOX), on=friday).then(
        f.ItemReturned(
            loan=due_on_friday.state.loan.id,
            media_type=MediaType.BOOK,
            branch=BILK,
            returned_on=friday,
            days_overdue=0,
            place=ReturnPlace.RETURN_BOX,
            anonymise_from=date(2026, 3, 27),
            overridden=(),
            override_by=None,
            override_reason=None,
        )
    )
    late, _ = due_on_friday.when(c.ReturnItem(branch=BILK)).facts
    assert isinstance(late, f.ItemReturned)
    assert late.days_overdue == 3


@pytest.mark.allows("library.counter_is_today")
def test_what_is_given_back_at_the_counter_is_booked_on_that_day() -> None:
    yesterday = MONDAY - timedelta(days=1)
    late = a_loan(MONDAY - timedelta(days=36))
    for channel in (Channel.STAFF, Channel.TERMINAL):
        refusal = late.when(RETURN, on=yesterday, channel=channel).refused("library.counter_is_today")
        assert refusal.details == {"day": "2026-03-01", "today": "2026-03-02"}
    late.when(RETURN, channel=Channel.TERMINAL).so()
    (back, _) = late.when(RETURN, on=yesterday, channel=Channel.IMPORT).facts
    assert isinstance(back, f.ItemReturned)
    assert back.supervised() is None


def test_staff_date_a_return_back_for_a_reason_and_that_is_supervised() -> None:
    yesterday = MONDAY - timedelta(days=1)
    late = a_loan(MONDAY - timedelta(days=36))
    command = replace(RETURN, override_reason=URGENT)
    back, charge = late.when(command, on=yesterday).facts
    assert isinstance(back, f.ItemReturned)
    assert isinstance(charge, f.ChargeRaised)
    assert (back.days_overdue, charge.weeks, back.override_by) == (7, 1, ACTOR)
    assert back.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.counter_is_today",), reason=Sealed("krank", the_loan(late).id)
    )
    late.when(command, on=yesterday, channel=Channel.TERMINAL).refused("library.override_by_staff")
    late.when(replace(command, override_reason=Sealed(" ")), on=yesterday).invalid("override_reason")
    today, _ = late.when(command).facts
    assert isinstance(today, f.ItemReturned)
    assert (today.supervised(), today.override_by, today.override_reason) == (None, None, None)


def test_a_day_ends_at_midnight_in_berlin() -> None:
    due_on_sunday = a_loan(date(2026, 2, 1))
    assert the_loan(due_on_sunday).due == date(2026, 3, 1)
    last_minute = datetime(2026, 3, 1, 23, 59, tzinfo=BERLIN)
    for at, days in ((last_minute, 0), (last_minute + timedelta(minutes=1), 1)):
        fact = due_on_sunday.when(RETURN, at=at, now=at).facts[0]
        assert isinstance(fact, f.ItemReturned)
        assert fact.days_overdue == days


def test_an_item_stays_where_it_came_back() -> None:
    back = a_loan().when(c.ReturnItem(branch=BILK)).so()
    assert (back.state.branch, back.state.status) == (BILK, ItemStatus.AVAILABLE)


def test_an_item_is_in_one_place_at_a_time() -> None:
    yesterday = MONDAY - timedelta(days=1)
    a_loan().when(RETURN, on=yesterday).refused("library.out_of_order")
    a_loan().when(RETURN).so().when(LEND, on=yesterday).refused("library.out_of_order")
