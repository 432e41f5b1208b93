"""Loans that do not end by their due date: overdue, reminded, recalled, claimed returned, lost, found."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.kernel import Channel, Sealed, Supervised, Supervision
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Item, Loan
from domain.library.vocabulary import (
    ChargeCause,
    ChargeStatus,
    ItemStatus,
    LoanStatus,
    MeansOfPayment,
    MediaType,
    ReliefGround,
    ReturnPlace,
    WithdrawalGround,
)
from tests.domain.library.examples import ADA, BEN, BILK, CENTRAL, MONDAY, REASON, a_book, a_loan
from tests.scenario import ACTOR, RECORD, Given, an_id

LOAN = c.loan_id(RECORD, 1)
DUE = MONDAY - timedelta(days=1)
MARK = c.MarkLoanOverdue(loan=LOAN)
REMIND = c.SendReminder(loan=LOAN)
LOSE = c.DeclareLost(replacement=Decimal("24.90"))
FIND = c.FindItem(branch=BILK)


def due_yesterday(**changes: object) -> Given:
    """The book, due on the day before."""
    return a_loan(DUE - timedelta(days=28), **changes)


def overdue() -> Given:
    """The book, overdue since today."""
    return due_yesterday().when(MARK).so()


def held() -> Given:
    """A loan of today that Ben waits for."""
    return a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()


def running(scenario: Given) -> Loan:
    state = scenario.state
    assert isinstance(state, Item)
    assert state.loan is not None
    return state.loan


def last(scenario: Given) -> Loan:
    state = scenario.state
    assert isinstance(state, Item)
    return state.settling[-1]


@pytest.mark.allows("library.not_yet_overdue", "library.overdue_already", "library.other_loan")
def test_a_loan_is_overdue_from_the_day_after_its_due_date_and_becomes_so_once() -> None:
    marked = (
        due_yesterday()
        .when(MARK)
        .then(
            f.LoanBecameOverdue(
                loan=LOAN,
                media_type=MediaType.BOOK,
                branch=CENTRAL,
                due=DUE,
                overdue_since=MONDAY,
                next_reminder_on=DUE + timedelta(days=3),
                terms="2024-01",
            )
        )
    )
    assert running(marked).status is LoanStatus.OVERDUE
    marked.when(MARK).refused("library.overdue_already")
    due_yesterday().when(MARK, on=DUE).refused("library.not_yet_overdue")


def test_what_falls_due_is_a_certain_loan() -> None:
    due_yesterday().when(c.MarkLoanOverdue(loan=an_id("an earlier loan"))).refused("library.other_loan")
    overdue().when(c.SendReminder(loan=an_id("an earlier loan")), on=DUE + timedelta(days=3)).refused(
        "library.other_loan"
    )


@pytest.mark.allows("library.not_overdue", "library.reminder_not_due", "library.last_reminder_sent")
def test_three_reminders_follow_each_other_and_no_fourth() -> None:
    late = overdue()
    for level, days in enumerate((3, 14, 28), start=1):
        day = DUE + timedelta(days=days)
        late.when(REMIND, on=day - timedelta(days=1)).refused("library.reminder_not_due")
        (sent,) = late.when(REMIND, on=day).facts
        assert isinstance(sent, f.ReminderSent)
        assert (sent.level, sent.sent_on) == (level, day)
        late = late.when(REMIND, on=day).so()
    late.when(REMIND, on=DUE + timedelta(days=90)).refused("library.last_reminder_sent")


def test_a_reminder_that_is_sent_late_leaves_as_much_time_to_answer_as_any_other() -> None:
    found_late = DUE + timedelta(days=90)
    (first,) = overdue().when(REMIND, on=found_late).facts
    assert isinstance(first, f.ReminderSent)
    assert (first.sent_on, first.next_reminder_on) == (found_late, found_late + timedelta(days=11))
    once = overdue().when(REMIND, on=found_late).so()
    once.when(REMIND, on=found_late).refused("library.reminder_not_due")
    once.when(REMIND, on=found_late + timedelta(days=10)).refused("library.reminder_not_due")
    once.when(REMIND, on=found_late + timedelta(days=11)).so()


@pytest.mark.allows("library.reminder_not_due")
def test_what_staff_book_as_reminded_of_before_leaves_time_to_answer_from_today() -> None:
    due = MONDAY - timedelta(days=60)
    late = a_loan(due - timedelta(days=28)).when(MARK, on=due + timedelta(days=1)).so()
    booked = late.when(REMIND, on=due + timedelta(days=3))
    (sent,) = booked.facts
    assert isinstance(sent, f.ReminderSent)
    assert (sent.sent_on, sent.next_reminder_on) == (due + timedelta(days=3), MONDAY + timedelta(days=11))
    for day in (due + timedelta(days=14), MONDAY, MONDAY + timedelta(days=10)):
        booked.so().when(REMIND, on=day).refused("library.reminder_not_due")
    booked.so().when(REMIND, on=MONDAY + timedelta(days=11)).so()
    for channel in (Channel.IMPORT, Channel.SYSTEM):
        passed_on = late.when(REMIND, on=due + timedelta(days=3), channel=channel).so()
        passed_on.when(REMIND, on=due + timedelta(days=13)).refused("library.reminder_not_due")
        passed_on.when(REMIND, on=due + timedelta(days=14)).so()


def test_a_loan_that_is_not_overdue_is_not_reminded_of() -> None:
    due_yesterday().when(REMIND).refused("library.not_overdue")


def test_a_renewed_loan_is_no_longer_overdue_and_its_reminders_begin_anew() -> None:
    again = overdue().when(c.RenewLoan(patron=ADA, override_reason=REASON)).so()
    assert (running(again).status, running(again).next_reminder_on) == (LoanStatus.ACTIVE, None)


def test_a_return_box_that_is_emptied_later_shows_that_an_overdue_loan_came_back_in_time() -> None:
    back = overdue().when(c.ReturnItem(branch=BILK, place=ReturnPlace.RETURN_BOX), on=DUE)
    (returned,) = back.facts
    assert isinstance(returned, f.ItemReturned)
    assert (returned.returned_on, returned.days_overdue) == (DUE, 0)


@pytest.mark.allows("library.due_soon_enough", "library.no_hold_waits")
def test_a_recall_shortens_the_time_to_a_week_where_somebody_waits() -> None:
    recalled = (
        held()
        .when(c.RecallItem())
        .then(
            f.ItemRecalled(
                loan=LOAN,
                old_due=MONDAY + timedelta(days=28),
                due=MONDAY + timedelta(days=7),
                recalled_on=MONDAY,
                terms="2024-01",
            )
        )
    )
    recalled.when(c.RecallItem()).refused("library.due_soon_enough")
    a_loan().when(c.RecallItem()).refused("library.no_hold_waits")


@pytest.mark.allows("library.due_in_the_past", "library.override_by_staff")
def test_staff_change_a_due_date_for_a_reason() -> None:
    later = MONDAY + timedelta(days=40)
    change = c.ChangeDueDate(due=later, reason=REASON)
    a_loan().when(change).then(
        f.DueDateChanged(
            loan=LOAN,
            old_due=MONDAY + timedelta(days=28),
            due=later,
            changed_by=ACTOR,
            overridden=("library.renewal_cap",),
            reason=Sealed("Tippfehler", LOAN),
            changed_on=MONDAY,
        )
    )
    a_loan().when(change, channel=Channel.TERMINAL).refused("library.override_by_staff")
    a_loan().when(c.ChangeDueDate(due=DUE, reason=REASON)).refused("library.due_in_the_past")
    a_loan().when(c.ChangeDueDate(due=MONDAY, reason=REASON)).so()
    same = c.ChangeDueDate(due=MONDAY + timedelta(days=28), reason=REASON)
    a_loan().when(same).refused("library.nothing_changed")


def test_a_later_due_date_is_an_exception_that_is_supervised() -> None:
    (changed,) = held().when(c.ChangeDueDate(due=MONDAY + timedelta(days=40), reason=REASON)).facts
    assert isinstance(changed, f.DueDateChanged)
    assert changed.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.held_by_another", "library.renewal_cap"), reason=changed.reason
    )
    (uncounted,) = a_loan().when(c.ChangeDueDate(due=MONDAY + timedelta(days=29), reason=REASON)).facts
    assert isinstance(uncounted, f.DueDateChanged)
    assert uncounted.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.renewal_cap",), reason=uncounted.reason
    )
    (late,) = overdue().when(c.ChangeDueDate(due=MONDAY, reason=REASON)).facts
    assert isinstance(late, f.DueDateChanged)
    assert late.overridden == ("library.renewal_cap", "library.loan_overdue")
    (sooner,) = held().when(c.ChangeDueDate(due=MONDAY + timedelta(days=4), reason=REASON)).facts
    assert isinstance(sooner, f.DueDateChanged)
    assert sooner.supervised() is None


def test_nothing_more_is_asked_of_a_reader_who_says_that_the_item_is_back() -> None:
    claimed = (
        overdue()
        .when(c.ClaimItemReturned(note=Sealed("Samstag, Kasten Bilk")))
        .then(
            f.ItemClaimedReturned(
                loan=LOAN,
                claimed_on=MONDAY,
                note=Sealed("Samstag, Kasten Bilk", LOAN),
                overridden=(),
                override_by=None,
                override_reason=None,
            )
        )
    )
    for command in (REMIND, MARK, c.RenewLoan(patron=ADA), c.RecallItem(), c.ClaimItemReturned()):
        claimed.when(command).refused("library.claimed_returned")
    claimed.when(c.ReturnItem(branch=CENTRAL)).so()


def test_a_reader_who_was_right_owes_for_the_time_until_they_said_so() -> None:
    claimed = overdue().when(c.ClaimItemReturned(), on=MONDAY + timedelta(days=3)).so()
    found, charge = claimed.when(FIND, on=MONDAY + timedelta(days=30)).facts
    assert isinstance(found, f.ItemFound)
    assert (found.loan, found.days_overdue, found.anonymise_from) == (LOAN, 4, None)
    assert isinstance(charge, f.ChargeRaised)
    assert (charge.cause, charge.weeks, charge.amount.amount) == (ChargeCause.OVERDUE, 1, Decimal("1.50"))


def test_a_reader_who_was_right_in_time_owes_nothing() -> None:
    claimed = a_loan().when(c.ClaimItemReturned()).so()
    back = claimed.when(FIND, on=MONDAY + timedelta(days=60)).so()
    assert (back.state.branch, back.state.status) == (BILK, ItemStatus.AVAILABLE)
    assert (last(back).status, last(back).unsettled) == (LoanStatus.FOUND, ())


@pytest.mark.allows("library.said_today")
@pytest.mark.parametrize("command", [c.ClaimItemReturned(), LOSE], ids=["claim", "loss"])
def test_a_claim_or_a_loss_is_dated_back_for_a_reason_and_that_is_supervised(
    command: c.ClaimItemReturned | c.DeclareLost,
) -> None:
    refusal = overdue().when(command, on=DUE).refused("library.said_today")
    assert refusal.details == {"day": "2026-03-01", "today": "2026-03-02"}
    passed_on = overdue().when(command, on=DUE, channel=Channel.IMPORT).facts[0]
    assert isinstance(passed_on, f.ItemClaimedReturned | f.ItemDeclaredLost)
    assert passed_on.supervised() is None
    excepted = replace(command, override_reason=REASON)
    fact = overdue().when(excepted, on=DUE).facts[0]
    assert isinstance(fact, f.ItemClaimedReturned | f.ItemDeclaredLost)
    assert fact.override_by == ACTOR
    assert fact.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.said_today",), reason=Sealed("Tippfehler", LOAN)
    )
    overdue().when(excepted, channel=Channel.SERVICE_PORTAL).refused("library.override_by_staff")
    overdue().when(replace(command, override_reason=Sealed(" "))).invalid("override_reason")
    today = overdue().when(excepted).facts[0]
    assert isinstance(today, f.ItemClaimedReturned | f.ItemDeclaredLost)
    assert (today.overridden, today.override_by, today.override_reason) == ((), None, None)


def test_what_is_said_to_be_back_is_neither_found_nor_lost_before_that_was_said() -> None:
    claimed = due_yesterday().when(c.ClaimItemReturned()).so()
    claimed.when(FIND, on=DUE).refused("library.out_of_order")
    claimed.when(replace(LOSE, override_reason=REASON), on=DUE).refused("library.out_of_order")
    claimed.when(FIND).so()
    claimed.when(LOSE).so()


@pytest.mark.allows("library.item_not_missing")
def test_only_what_is_missed_is_found() -> None:
    a_book().when(FIND).refused("library.item_not_missing")
    a_loan().when(FIND).refused("library.item_not_missing")
    a_loan().when(LOSE).so().when(FIND).so()


def test_a_lost_item_ends_the_loan_and_is_charged_for_delay_and_replacement() -> None:
    gone, delay, replacement = due_yesterday().when(LOSE, on=MONDAY + timedelta(days=7)).facts
    assert isinstance(gone, f.ItemDeclaredLost)
    assert (gone.days_overdue, gone.anonymise_from) == (8, None)
    assert isinstance(delay, f.ChargeRaised)
    assert (delay.weeks, delay.amount.amount) == (2, Decimal("3.00"))
    assert isinstance(replacement, f.ChargeRaised)
    assert (replacement.cause, replacement.amount.amount) == (ChargeCause.REPLACEMENT, Decimal("24.90"))
    assert delay.charge != replacement.charge


def test_a_lost_item_is_neither_lent_nor_held_nor_sent_and_can_leave_the_stock() -> None:
    gone = a_loan().when(LOSE).so()
    for command in (
        c.LendItem(patron=BEN, branch=CENTRAL),
        c.PlaceHold(patron=BEN, pickup_branch=CENTRAL),
        c.SendInTransit(to_branch=BILK),
    ):
        gone.when(command).refused("library.item_lost")
    gone.when(LOSE).refused("library.item_not_on_loan")
    left = gone.when(c.WithdrawItem(ground=WithdrawalGround.MISSING)).so()
    assert left.when(FIND).so().state.status is ItemStatus.WITHDRAWN


@pytest.mark.parametrize("price", ["-1", "NaN", "10000.01", "1.005"])
def test_a_price_is_an_amount_in_cents(price: str) -> None:
    a_loan().when(c.DeclareLost(replacement=Decimal(price))).invalid("replacement")
    a_loan().when(c.DeclareLost(replacement=Decimal(10_000))).so()


def test_a_lost_item_for_which_nothing_is_asked_is_settled_at_once() -> None:
    (gone,) = a_loan().when(c.DeclareLost(replacement=Decimal(0))).facts
    assert isinstance(gone, f.ItemDeclaredLost)
    assert gone.anonymise_from == MONDAY + timedelta(days=28)


def test_a_replacement_that_is_owed_is_owed_no_more_when_the_item_is_found() -> None:
    found, waived = a_loan().when(LOSE).so().when(FIND).facts
    assert isinstance(found, f.ItemFound)
    assert isinstance(waived, f.ChargeWaived)
    assert (waived.ground, waived.supervised()) == (ReliefGround.ITEM_FOUND, None)
    assert waived.anonymise_from == MONDAY + timedelta(days=28)


def test_a_delay_is_owed_even_when_the_lost_item_is_found() -> None:
    back = due_yesterday().when(LOSE).so().when(FIND).so()
    (delay,) = last(back).unsettled
    assert delay.cause is ChargeCause.OVERDUE
    assert last(back).anonymise_from is None


def lost_and_paid() -> Given:
    """The book, lost and paid for."""
    gone = a_loan().when(LOSE).so()
    (charge,) = last(gone).charges
    return gone.when(c.PayCharge(charge=charge.id, method=MeansOfPayment.CARD, branch=CENTRAL)).so()


def test_a_replacement_that_was_paid_is_to_be_paid_back_when_the_item_is_found() -> None:
    paid = lost_and_paid()
    assert last(paid).status is LoanStatus.PAID
    back = paid.when(FIND).so()
    (charge,) = last(back).unsettled
    back.when(c.AnonymiseLoan(loan=LOAN), on=date(2027, 1, 4)).refused("library.open_charges")
    again = back.when(c.RefundCharge(charge=charge.id, ground=ReliefGround.ITEM_FOUND, reason=REASON)).so()
    assert last(again).charges[0].status is ChargeStatus.REFUNDED
    assert last(again).anonymise_from == MONDAY + timedelta(days=28)


def test_what_is_found_after_the_loan_was_forgotten_concerns_nobody() -> None:
    forgotten = lost_and_paid().when(c.AnonymiseLoan(loan=LOAN), on=date(2027, 1, 4)).so()
    found = f.ItemFound(
        loan=None,
        media_type=MediaType.BOOK,
        branch=BILK,
        found_on=date(2027, 1, 5),
        days_overdue=None,
        anonymise_from=None,
    )
    forgotten.when(FIND, on=date(2027, 1, 5)).then(found)
