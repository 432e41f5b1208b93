"""Days: which earlier ones a command may be booked on, and by whom. One table for all commands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest

from domain.kernel import Channel, Command, Sealed
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.upcasters import UPCASTERS
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    DeactivationGround,
    MeansOfPayment,
    MediaType,
    ReliefGround,
    ReturnPlace,
    WithdrawalGround,
)
from tests.domain.library.examples import (
    ADA,
    BEN,
    BILK,
    CENTRAL,
    LONG_AGO,
    MONDAY,
    REASON,
    a_book,
    a_loan,
    a_reader,
    registered,
)
from tests.domain.library.test_titles import CATALOGUED
from tests.domain.library.test_transits import OPENED, RECORDED
from tests.scenario import RECORD, Given, an_id, given

DAY = timedelta(days=1)
EVE = MONDAY - DAY
CITIZENS = (Channel.TERMINAL, Channel.SERVICE_PORTAL, Channel.CHATBOT, Channel.ONLINE_SHOP)
ORDER = "library.out_of_order"
LOAN = c.loan_id(RECORD, 1)
HOLD = c.hold_id(RECORD, 1)
CONSENT = c.GiveGuardianConsent(guardian=REASON)
BLOCK = c.BlockPatron(ground=BlockGround.CARD_LOST)
REST = c.DeactivatePatron(ground=DeactivationGround.EXPIRED)
RAISE = c.RaiseMembershipFee()
PLACE = c.PlaceHold(patron=ADA, pickup_branch=CENTRAL)
QUEUE = c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)
CEM = an_id("Cem")
CANCEL = c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)


def on_eve(start: Given, *commands: Command) -> Given:
    """What these commands lead to, on the day before."""
    for command in commands:
        start = start.when(command, on=EVE).so()
    return start


def set_aside(held: Given, day: date) -> Given:
    """On the pick-up shelf since a day that an import passes on: what staff book later waits from today."""
    return held.when(c.SetItemAside(), on=day, channel=Channel.IMPORT).so()


def fresh() -> Given:
    """A reader since that day."""
    return a_reader(registered_on=EVE)


def new_book() -> Given:
    """A book acquired on that day."""
    return a_book(acquired_on=EVE)


def fee() -> UUID:
    return c.fee_id(RECORD, 1)


def late() -> Given:
    """The book, back so late on that day that it costs something."""
    return on_eve(a_loan(EVE - 36 * DAY), c.ReturnItem(branch=CENTRAL, override_reason=REASON))


def charge() -> UUID:
    (found,) = late().state.settling[-1].charges
    return UUID(str(found.id))


def owed() -> Given:
    return on_eve(fresh(), RAISE)


PAY = c.PayMembershipFee(charge=fee(), method=MeansOfPayment.CASH)
SETTLE = c.PayCharge(charge=charge(), method=MeansOfPayment.CASH, branch=CENTRAL)


class Case(NamedTuple):
    """A command that is right on the day before, and the rule that refuses the day before that, where one does."""

    command: Command
    scenario: Callable[[], Given]
    too_early: str | None = ORDER


CASES = (
    # of readers
    Case(
        c.RegisterPatron(name=REASON, card_number=Sealed("D-77"), age_band=AgeBand.ADULT, branch=CENTRAL),
        lambda: given(FAMILY),
        None,
    ),
    Case(c.ReplaceCard(card_number=Sealed("D-78")), fresh, None),
    Case(c.CorrectPatron(field="branch", new=BILK, reason=REASON), fresh, None),
    Case(c.ChangeAgeBand(age_band=AgeBand.UNDER_16), fresh),
    Case(CONSENT, fresh),
    Case(c.WithdrawGuardianConsent(), lambda: on_eve(a_reader(), CONSENT)),
    Case(BLOCK, fresh),
    Case(c.UnblockPatron(), lambda: on_eve(a_reader(), BLOCK)),
    Case(REST, fresh),
    Case(c.ReactivatePatron(), lambda: on_eve(a_reader(), REST)),
    Case(RAISE, fresh),
    Case(PAY, owed),
    Case(c.WaiveMembershipFee(charge=fee(), ground=ReliefGround.HARDSHIP, reason=REASON), owed),
    Case(
        c.RefundMembershipFee(charge=fee(), ground=ReliefGround.MISTAKE, reason=REASON),
        lambda: on_eve(a_reader(), RAISE, PAY),
    ),
    # of the stock: what is described or put right is told of no day
    Case(
        c.CatalogueTitle(number="T-9", title="Immensee", media_type=MediaType.BOOK),
        lambda: given(FAMILY),
        None,
    ),
    Case(c.CorrectTitle(field="creator", new="Storm", reason=REASON), lambda: given(FAMILY, CATALOGUED), None),
    Case(
        c.AcquireItem(barcode="99", title="Immensee", media_type=MediaType.BOOK, branch=CENTRAL),
        lambda: given(FAMILY),
        None,
    ),
    Case(c.CorrectItem(field="branch", new=BILK, reason=REASON), new_book, None),
    Case(c.AssignItemToTitle(title_id=an_id("title")), lambda: new_book().beside(an_id("title"), CATALOGUED), None),
    Case(c.WithdrawItem(ground=WithdrawalGround.WORN), new_book),
    # of loans
    Case(c.LendItem(patron=ADA, branch=CENTRAL), new_book),
    Case(c.RenewLoan(patron=ADA), lambda: a_loan(EVE)),
    Case(c.ReturnItem(branch=CENTRAL, place=ReturnPlace.RETURN_BOX), lambda: a_loan(EVE)),
    Case(c.ChangeDueDate(due=MONDAY + 40 * DAY, reason=REASON), lambda: a_loan(EVE)),
    Case(c.RecallItem(), lambda: on_eve(a_loan(EVE), QUEUE)),
    Case(c.ClaimItemReturned(override_reason=REASON), lambda: a_loan(EVE)),
    Case(c.DeclareLost(replacement=Decimal(5), override_reason=REASON), lambda: a_loan(EVE)),
    Case(c.FindItem(branch=BILK), lambda: on_eve(a_loan(EVE - 9 * DAY), c.ClaimItemReturned(override_reason=REASON))),
    # of the calendar
    Case(c.MarkLoanOverdue(loan=LOAN), lambda: a_loan(EVE - 29 * DAY), "library.not_yet_overdue"),
    Case(
        c.SendReminder(loan=LOAN),
        lambda: on_eve(a_loan(EVE - 31 * DAY), c.MarkLoanOverdue(loan=LOAN)),
        "library.reminder_not_due",
    ),
    Case(
        c.AnonymiseLoan(loan=LOAN),
        lambda: (
            a_loan(EVE - 28 * DAY).when(c.ReturnItem(branch=CENTRAL), on=EVE - 28 * DAY, channel=Channel.IMPORT).so()
        ),
        "library.kept_until",
    ),
    Case(
        c.ExpireHold(),
        lambda: set_aside(a_book().when(PLACE, on=EVE - 11 * DAY).so(), EVE - 11 * DAY),
        "library.pickup_time_runs",
    ),
    Case(
        c.AnonymiseHold(hold=HOLD),
        lambda: a_book().when(PLACE, on=EVE - 28 * DAY).so().when(CANCEL, on=EVE - 28 * DAY).so(),
        "library.hold_kept_until",
    ),
    # of charges
    Case(SETTLE, late),
    Case(c.WaiveCharge(charge=charge(), ground=ReliefGround.HARDSHIP, reason=REASON), late),
    Case(c.RefundCharge(charge=charge(), ground=ReliefGround.MISTAKE, reason=REASON), lambda: on_eve(late(), SETTLE)),
    # of the queue and on the van
    Case(PLACE, new_book),
    Case(c.SetItemAside(), lambda: on_eve(a_book(), PLACE)),
    Case(CANCEL, lambda: on_eve(a_book(), PLACE)),
    Case(c.ReorderHold(hold=HOLD, rank=2, reason=REASON), lambda: on_eve(a_book(), PLACE, QUEUE)),
    Case(c.SendInTransit(to_branch=BILK), new_book),
    Case(c.ReceiveFromTransit(branch=BILK), lambda: on_eve(a_book(), c.SendInTransit(to_branch=BILK))),
    # of lists, which have a day of their own
    Case(c.OpenDispatch(day=EVE, branch=CENTRAL), lambda: given(FAMILY), None),
    Case(
        c.RecordTransit(item_type="Buch", to_branch=BILK, source="Liste", occurrence=7),
        lambda: given(FAMILY, OPENED),
        None,
    ),
    Case(c.RetractTransit(transit=1, reason=REASON), lambda: given(FAMILY, OPENED, RECORDED), None),
)
every_command = pytest.mark.parametrize("case", CASES, ids=lambda case: type(case.command).__name__)
CALENDAR = (
    *(c.MarkLoanOverdue, c.SendReminder, c.AnonymiseLoan, c.ExpireHold, c.AnonymiseHold),
    c.RaiseMembershipFee,
)


def test_the_table_knows_every_command() -> None:
    assert sorted(type(case.command).__name__ for case in CASES) == sorted(command.__name__ for command in c.COMMANDS)


@pytest.mark.allows("library.dated_back_by_staff", "library.out_of_order")
@every_command
def test_staff_and_imports_book_an_earlier_day_that_is_not_before_the_last(case: Case) -> None:
    for channel in (Channel.STAFF, Channel.IMPORT):
        case.scenario().when(case.command, on=EVE, channel=channel).so()
    earlier = case.scenario().when(case.command, on=EVE - DAY)
    if case.too_early is None:
        earlier.so()
    else:
        earlier.refused(case.too_early)


@pytest.mark.allows("library.forgotten_by_library")
@every_command
def test_nobody_else_books_an_earlier_day(case: Case) -> None:
    for channel in CITIZENS:
        today = case.scenario().when(case.command, channel=channel)
        on_eve = case.scenario().when(case.command, on=EVE, channel=channel)
        if today.refusal is None:
            on_eve.refused("library.dated_back_by_staff")
        else:
            rule = "library.override_by_staff"
            if isinstance(case.command, c.AnonymiseLoan | c.AnonymiseHold):
                rule = "library.forgotten_by_library"
            today.refused(rule)
            on_eve.refused(rule)


def test_the_calendar_books_what_falls_due_on_the_day_it_fell_due() -> None:
    for case in CASES:
        if isinstance(case.command, CALENDAR):
            case.scenario().when(case.command, on=EVE, channel=Channel.SYSTEM).so()


LEND = c.LendItem(patron=ADA, branch=CENTRAL)


@pytest.mark.parametrize(
    "changed",
    [
        [registered(registered_on=EVE)],
        [
            f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None, blocked_on=LONG_AGO),
            f.PatronUnblocked(note=None, unblocked_on=EVE),
        ],
        [
            f.PatronDeactivated(ground=DeactivationGround.EXPIRED, deactivated_on=LONG_AGO),
            f.PatronReactivated(reactivated_on=EVE),
        ],
        [f.PatronAgeBandChanged(old=AgeBand.UNDER_16, new=AgeBand.ADULT, changed_on=EVE)],
        [f.GuardianConsentGiven(guardian=REASON, given_on=EVE)],
    ],
    ids=["registered", "unblocked", "taken up again", "grown up", "consented"],
)
def test_nobody_borrows_renews_or_queues_as_of_a_day_before_they_could(changed: list[f.PatronFact]) -> None:
    lent = a_loan(EVE - 9 * DAY)
    for scenario, command in ((a_book(), LEND), (a_book(), PLACE), (lent, c.RenewLoan(patron=ADA))):
        able = scenario.beside(ADA, *changed)
        able.when(command, on=EVE - DAY).refused("library.out_of_order")
        able.when(command, on=EVE - DAY, channel=Channel.IMPORT).refused("library.out_of_order")
        able.when(command, on=EVE).so()


def test_of_a_reader_of_before_whose_days_are_not_known_no_day_is_asked() -> None:
    a_book().beside(ADA, registered(registered_on=None)).when(LEND, on=LONG_AGO).so()


@pytest.mark.allows("library.due_in_the_past")
def test_a_recall_leaves_time_until_today_at_least() -> None:
    held = a_loan(MONDAY - 20 * DAY).when(QUEUE, on=MONDAY - 20 * DAY).so()
    week = MONDAY - 7 * DAY
    refusal = held.when(c.RecallItem(), on=week - DAY).refused("library.due_in_the_past")
    assert refusal.details == {"due": "2026-03-01", "day": "2026-03-02"}
    assert held.when(c.RecallItem(), on=week).so().state.loan.due == MONDAY
    assert held.when(c.RecallItem(), on=date(2026, 2, 20), channel=Channel.IMPORT).so().state.loan.due < MONDAY


RENEW = c.RenewLoan(patron=ADA, override_reason=REASON)
SHORTEN = c.ChangeDueDate(due=MONDAY + 8 * DAY, reason=REASON)
CLAIM = c.ClaimItemReturned(override_reason=REASON)
LOSE = c.DeclareLost(replacement=Decimal(0), override_reason=REASON)
BACK = c.ReturnItem(branch=CENTRAL, override_reason=REASON)
BOX = c.ReturnItem(branch=CENTRAL, place=ReturnPlace.RETURN_BOX)
QUEUE_TOO = c.PlaceHold(patron=CEM, pickup_branch=CENTRAL)


@pytest.mark.parametrize("first", [RENEW, SHORTEN, c.RecallItem()], ids=lambda first: type(first).__name__)
@pytest.mark.parametrize(
    "then", [RENEW, SHORTEN, c.RecallItem(), CLAIM, LOSE, BACK, QUEUE_TOO], ids=lambda then: type(then).__name__
)
def test_the_steps_of_a_loan_follow_each_other_in_the_order_of_their_days(first: Command, then: Command) -> None:
    queued = a_loan(EVE - 9 * DAY).beside(CEM, registered("D-7")).when(QUEUE, on=EVE - 9 * DAY).so()
    changed = on_eve(queued, first)
    changed.when(then, on=EVE - DAY).refused("library.out_of_order")
    if type(first) is type(then) and not isinstance(first, c.RenewLoan):
        then = RENEW
    changed.when(then, on=EVE).so()


def test_what_lay_in_the_return_box_may_have_been_renewed_since() -> None:
    renewed = on_eve(a_loan(EVE - 9 * DAY), RENEW)
    (back,) = renewed.when(BOX, on=EVE - DAY).facts
    assert isinstance(back, f.ItemReturned)
    assert (back.returned_on, back.anonymise_from) == (EVE - DAY, EVE + 27 * DAY)
    renewed.when(BOX, on=EVE - 10 * DAY).refused("library.out_of_order")


def test_what_came_back_before_it_was_renewed_is_late_by_the_due_date_of_that_day() -> None:
    due = MONDAY - 32 * DAY
    lent = a_loan(due - 28 * DAY)
    renewed = on_eve(lent, RENEW)
    twice = renewed.when(c.ChangeDueDate(due=MONDAY + 40 * DAY, reason=REASON)).so()
    for loan in (renewed, twice):
        for day, late in ((due, 0), (due + DAY, 1), (EVE - DAY, 30), (EVE, 0)):
            returned, *charged = loan.when(BOX, on=day).facts
            assert isinstance(returned, f.ItemReturned)
            assert (returned.days_overdue, len(charged)) == (late, 1 if late else 0)
    changed = lent.when(c.ChangeDueDate(due=MONDAY + 40 * DAY, reason=REASON)).facts[0]
    assert isinstance(changed, f.DueDateChanged)
    of_before = lent.beside(RECORD, replace(changed, changed_on=None)).when(BOX, on=EVE).facts[0]
    assert isinstance(of_before, f.ItemReturned)
    assert of_before.days_overdue == 0


def test_of_a_change_that_told_no_day_no_order_is_asked() -> None:
    for topic, successor, day in (
        ("library.due_date_changed.v1", f.DueDateChanged, "changed_on"),
        ("library.hold_reordered.v1", f.HoldReordered, "reordered_on"),
    ):
        current, upcast = UPCASTERS[topic]
        assert (current, upcast({"reason": "r"})) == (successor.topic, {"reason": "r", day: None})
    (changed,) = a_loan(EVE - 9 * DAY).when(SHORTEN).facts
    assert isinstance(changed, f.DueDateChanged)
    of_before = a_loan(EVE - 9 * DAY).beside(RECORD, replace(changed, changed_on=None))
    of_before.when(RENEW, on=EVE).so()
    queue = on_eve(a_book(), PLACE, QUEUE)
    (moved,) = queue.when(c.ReorderHold(hold=HOLD, rank=2, reason=REASON)).facts
    assert isinstance(moved, f.HoldReordered)
    queue.beside(RECORD, replace(moved, reordered_on=None)).when(c.SetItemAside(), on=EVE).so()


def test_readers_queue_in_the_order_of_their_days() -> None:
    queue = on_eve(a_book(), PLACE)
    queue.when(QUEUE, on=EVE - DAY).refused("library.out_of_order")
    queue.when(QUEUE, on=EVE).so()


def test_whose_turn_it_is_by_a_change_of_the_queue_it_was_not_before() -> None:
    queue = a_book().beside(CEM, registered("D-7"))
    for place in (PLACE, QUEUE, QUEUE_TOO):
        queue = queue.when(place, on=EVE - 9 * DAY).so()
    ada, _, cem = (hold.id for hold in queue.state.holds)
    moved = on_eve(queue, c.ReorderHold(hold=ada, rank=2, reason=REASON))
    assert [hold.since for hold in moved.state.holds] == [EVE, EVE, EVE - 9 * DAY]
    gone = on_eve(queue, c.CancelHold(hold=ada, ground=CancellationGround.BY_READER))
    for now_first in (moved, gone):
        for turn in (c.SetItemAside(), c.LendItem(patron=BEN, branch=CENTRAL)):
            now_first.when(turn, on=EVE - DAY).refused("library.out_of_order")
            now_first.when(turn, on=EVE).so()
    further_back = on_eve(queue, c.CancelHold(hold=cem, ground=CancellationGround.BY_READER))
    further_back.when(c.SetItemAside(), on=EVE - DAY).so()
    moved.when(c.ReorderHold(hold=cem, rank=1, reason=REASON), on=EVE - DAY).refused("library.out_of_order")
    moved.when(c.ReorderHold(hold=cem, rank=1, reason=REASON), on=EVE).so()


def test_nothing_passes_a_queue_in_the_days_in_which_somebody_waited() -> None:
    shelf = a_book().when(QUEUE, on=EVE - 9 * DAY).so()
    lent = a_loan(EVE - 9 * DAY).when(QUEUE, on=EVE - 9 * DAY).so()
    ready = set_aside(a_book().when(QUEUE, on=EVE - 20 * DAY).so(), EVE - 20 * DAY)
    for waited, command in (
        (on_eve(shelf, CANCEL), LEND),
        (on_eve(shelf, CANCEL), PLACE),
        (on_eve(shelf, CANCEL), c.WithdrawItem(ground=WithdrawalGround.WORN)),
        (on_eve(lent, replace(CANCEL, hold=c.hold_id(RECORD, 2))), c.RenewLoan(patron=ADA)),
        (on_eve(ready, c.ExpireHold()), LEND),
    ):
        waited.when(command, on=EVE - DAY).refused("library.out_of_order")
        waited.when(command, on=EVE).so()


def test_nobody_is_recalled_for_a_reader_who_did_not_wait_yet() -> None:
    held = on_eve(a_loan(EVE - 9 * DAY), QUEUE)
    held.when(c.RecallItem(), on=EVE - DAY).refused("library.out_of_order")
    held.when(c.RecallItem(), on=EVE).so()
