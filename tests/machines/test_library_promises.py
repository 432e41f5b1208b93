"""The promises of the library see each breach: a good history passes, and does no more once it is tampered with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.kernel import Channel, Command, Effective, Fact, Money, Recorded
from domain.library import FAMILY
from domain.library import commands as c
from domain.library import facts as f
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    ChargeCause,
    DeactivationGround,
    MeansOfPayment,
    ReliefGround,
    ReturnPlace,
    WithdrawalGround,
)
from tests.domain.library.examples import (
    ADA,
    BEN,
    BILK,
    CENTRAL,
    MONDAY,
    REASON,
    a_book,
    a_hold,
    a_loan,
    a_reader,
)
from tests.domain.library.test_transits import OPENED, RECORDED
from tests.machines.library import check
from tests.machines.machine import Known, World
from tests.scenario import RECORD, SOMEBODY_ELSE, TODAY, Given, given

Alter = Callable[[Recorded], Recorded | None]
DAY = timedelta(days=1)
MONTH = timedelta(days=28)
BACK = c.ReturnItem(branch=CENTRAL)
LOAN = c.loan_id(RECORD, 1)
OWN_DAY = (
    *("acquired_on", "lent_on", "renewed_on", "recalled_on", "overdue_since", "sent_on", "returned_on", "claimed_on"),
    *("declared_on", "found_on", "anonymised_on", "raised_on", "paid_on", "waived_on", "refunded_on", "placed_on"),
    *("arrived_on", "registered_on", "blocked_on", "unblocked_on", "deactivated_on", "reactivated_on", "period_from"),
    *("changed_on", "given_on", "withdrawn_on", "ready_on", "expired_on", "cancelled_on", "reordered_on", "day"),
)


def told(scenario: Given) -> list[Recorded]:
    """The events of a scenario as the ledger would hold them: each on the day that its fact tells, or on the last."""
    days: dict[UUID, date] = {}
    events = []
    for event in scenario.events():
        day = next((getattr(event.fact, name) for name in OWN_DAY if hasattr(event.fact, name)), None)
        days[event.record_id] = day or days.get(event.record_id, MONDAY)
        events.append(replace(event, effective_at=Effective.on(days[event.record_id]).at))
    return events


def promised(scenario: Given, events: list[Recorded]) -> None:
    """Hold all records of these events against what is promised."""
    world = World(TODAY)
    for event in events:
        known = world.records.setdefault(event.record_id, Known(event.fact.kind))
        known.events.append(event)
    for record_id, known in world.records.items():
        known.state = scenario.state_of(record_id)
    for record_id, fact in scenario.history:
        if isinstance(fact, f.ItemLent):
            world.recorded.append((record_id, c.LendItem(patron=UUID(fact.patron_ref.text), branch=CENTRAL)))
        if isinstance(fact, f.HoldPlaced):
            world.recorded.append((record_id, c.PlaceHold(patron=UUID(fact.patron_ref.text), pickup_branch=CENTRAL)))
    for record_id in world.records:
        check(world, record_id)


def fact(cls: type[Fact], **changes: Any) -> Alter:
    """Another content of the facts of a class."""
    return lambda e: replace(e, fact=replace(e.fact, **changes)) if isinstance(e.fact, cls) else e


def through(cls: type[Fact], channel: Channel) -> Alter:
    """The facts of a class by another way."""
    return lambda e: replace(e, envelope=replace(e.envelope, channel=channel)) if isinstance(e.fact, cls) else e


def without(*classes: type[Fact]) -> Alter:
    """No fact of these classes."""
    return lambda e: None if isinstance(e.fact, classes) else e


def moved(cls: type[Fact], days: int) -> Alter:
    """Facts of a class that many days later."""
    return lambda e: replace(e, effective_at=e.effective_at + days * DAY) if isinstance(e.fact, cls) else e


def dated(cls: type[Fact], name: str, days: int) -> Alter:
    """Facts of a class that many days later, as they say themselves."""

    def later(event: Recorded) -> Recorded:
        if not isinstance(event.fact, cls):
            return event
        told = replace(event.fact, **{name: getattr(event.fact, name) + days * DAY})
        return replace(event, fact=told, effective_at=event.effective_at + days * DAY)

    return later


def in_clear(event: Recorded) -> Recorded:
    return replace(event, body='{"note": "Text 7"}')


def of_a_reader(event: Recorded) -> Recorded:
    return replace(event, body=f'{{"patron": "{ADA}"}}')


def in_time(event: Recorded) -> Recorded | None:
    """A return that was not late, and that nothing was charged for."""
    if isinstance(event.fact, f.ItemReturned):
        return replace(event, fact=replace(event.fact, days_overdue=0))
    return without(f.ChargeRaised)(event)


def charge(scenario: Given, cause: ChargeCause = ChargeCause.OVERDUE) -> UUID:
    (found,) = (x.id for loan in scenario.state.settling for x in loan.charges if x.cause is cause)
    return UUID(str(found))


def settled(scenario: Given, cause: ChargeCause = ChargeCause.OVERDUE) -> Given:
    pay = c.PayCharge(charge=charge(scenario, cause), method=MeansOfPayment.CASH, branch=CENTRAL)
    return scenario.when(pay, on=MONDAY).so()


def days_ago(start: Given, *steps: tuple[int, Command]) -> Given:
    """What these commands lead to, each so many days before."""
    for days, command in steps:
        start = start.when(command, on=MONDAY - days * DAY).so()
    return start


PLACE = c.PlaceHold(patron=ADA, pickup_branch=CENTRAL)
JOIN = c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)
late = a_loan(MONDAY - timedelta(days=36)).when(BACK).so()
waived = late.when(c.WaiveCharge(charge=charge(late), ground=ReliefGround.HARDSHIP, reason=REASON)).so()
forgotten = settled(late).when(c.AnonymiseLoan(loan=LOAN), on=MONDAY + MONTH).so()
lost = settled(a_loan(MONDAY - DAY).when(c.DeclareLost(replacement=Decimal(20))).so(), ChargeCause.REPLACEMENT)
found = lost.when(c.FindItem(branch=BILK)).so()
repaid = found.when(
    c.RefundCharge(charge=charge(found, ChargeCause.REPLACEMENT), ground=ReliefGround.ITEM_FOUND, reason=REASON)
).so()
repaid_forgotten = repaid.when(c.AnonymiseLoan(loan=LOAN), on=MONDAY + MONTH).so()
say = c.ClaimItemReturned(override_reason=REASON)
claimed = a_loan(MONDAY - 2 * DAY).when(say, on=MONDAY - DAY).so().when(c.FindItem(branch=BILK)).so()
lost_before = a_loan(MONDAY - 2 * DAY)
lost_before = lost_before.when(c.DeclareLost(replacement=Decimal(0), override_reason=REASON), on=MONDAY - DAY).so()
found_before = lost_before.when(c.FindItem(branch=BILK), on=MONDAY - DAY).so()
renewed = a_loan()
for _ in range(3):
    renewed = renewed.when(c.RenewLoan(patron=ADA)).so()
renewed = renewed.when(c.RenewLoan(patron=ADA, override_reason=REASON)).so()
renewed_late = a_loan(MONDAY - MONTH).when(c.MarkLoanOverdue(loan=LOAN), on=MONDAY + DAY).so()
renewed_late = renewed_late.when(c.RenewLoan(patron=ADA, override_reason=REASON), on=MONDAY).so()
renewed_early = a_loan(MONDAY - 9 * DAY).when(c.RenewLoan(patron=ADA), on=MONDAY - DAY).so()
past_a_hold = (
    a_loan()
    .when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL))
    .so()
    .when(c.RenewLoan(patron=ADA, override_reason=REASON))
    .so()
)
marked = a_loan(MONDAY - MONTH - 2 * DAY).when(c.MarkLoanOverdue(loan=LOAN), on=MONDAY - DAY).so()
recalled_before = a_loan(MONDAY - 20 * DAY)
recalled_before = recalled_before.when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL), on=MONDAY - 3 * DAY).so()
recalled_before = recalled_before.when(c.RecallItem(), on=MONDAY - 3 * DAY).so()
recalled = a_loan().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so().when(c.RecallItem()).so()
longer = a_loan().when(c.ChangeDueDate(due=MONDAY + 40 * DAY, reason=REASON)).so()
DUE = MONDAY + MONTH
overdue = a_loan().when(c.MarkLoanOverdue(loan=LOAN), on=DUE + DAY).so()
reminded = overdue.when(c.SendReminder(loan=LOAN), on=DUE + 3 * DAY).so()
reminded = reminded.when(c.SendReminder(loan=LOAN), on=DUE + 14 * DAY).so()
reminded_before = days_ago(
    a_loan(MONDAY - 60 * DAY), (31, c.MarkLoanOverdue(loan=LOAN)), (20, c.SendReminder(loan=LOAN))
)
reminded_before = reminded_before.when(c.SendReminder(loan=LOAN), on=MONDAY + 11 * DAY).so()
queued = a_hold().when(c.PlaceHold(patron=BEN, pickup_branch=CENTRAL)).so()
first, second = (hold.id for hold in queued.state.holds)
served = queued.when(c.SetItemAside()).so().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
expired = queued.when(c.SetItemAside()).so().when(c.ExpireHold(), on=MONDAY + 11 * DAY).so()
set_aside = a_book().when(c.PlaceHold(patron=ADA, pickup_branch=CENTRAL), on=MONDAY - DAY).so()
set_aside = set_aside.when(c.SetItemAside(), on=MONDAY - DAY).so()
expired_forgotten = expired.when(c.AnonymiseHold(hold=first), on=MONDAY + 39 * DAY).so()
overtaken = queued.when(c.ReorderHold(hold=second, rank=1, reason=REASON)).so()
overtaken = overtaken.when(c.LendItem(patron=BEN, branch=CENTRAL)).so()
cancelled = queued.when(c.CancelHold(hold=second, ground=CancellationGround.BY_READER)).so()
travelled = a_hold(BILK).when(c.SendInTransit(to_branch=BILK)).so().when(c.ReceiveFromTransit(branch=BILK)).so()
box = c.ReturnItem(branch=CENTRAL, place=ReturnPlace.RETURN_BOX)
given_up = a_loan().when(c.DeclareLost(replacement=Decimal(0))).so()
given_up = given_up.when(c.WithdrawItem(ground=WithdrawalGround.MISSING)).so().when(c.FindItem(branch=BILK)).so()
boxed = a_loan(MONDAY - 9 * DAY).when(box, on=MONDAY - DAY).so()
dated_back = a_loan(MONDAY - 9 * DAY).when(replace(BACK, override_reason=REASON), on=MONDAY - DAY).so()
RENEW = c.RenewLoan(patron=ADA)
HOLD = c.hold_id(RECORD, 1)
CANCEL = c.CancelHold(hold=HOLD, ground=CancellationGround.BY_READER)
SHORTEN = c.ChangeDueDate(due=MONDAY + 8 * DAY, reason=REASON)
changed = days_ago(a_loan(MONDAY - 9 * DAY), (4, RENEW), (3, SHORTEN))
stepped = days_ago(changed, (2, say))
given_back = days_ago(changed, (2, replace(BACK, override_reason=REASON)))
box_renewed = days_ago(a_loan(MONDAY - 9 * DAY), (4, RENEW), (5, box))
late_and_renewed = days_ago(a_loan(MONDAY - 40 * DAY), (4, replace(RENEW, override_reason=REASON)), (5, box))
for_a_hold = days_ago(
    a_book(),
    (4, replace(PLACE, pickup_branch=BILK)),
    (3, c.SendInTransit(to_branch=BILK)),
    (2, c.ReceiveFromTransit(branch=BILK)),
)
wanted = days_ago(changed, (2, JOIN))
recalled_after = days_ago(a_loan(MONDAY - 9 * DAY), (4, JOIN), (3, c.RecallItem()))
in_line = days_ago(a_book(), (4, PLACE), (3, JOIN))
turned = days_ago(in_line, (2, c.ReorderHold(hold=HOLD, rank=2, reason=REASON)), (1, c.SetItemAside()))
next_in_line = days_ago(in_line, (2, CANCEL), (1, c.SetItemAside()))
emptied = days_ago(a_book(), (4, PLACE), (3, CANCEL))
lent_on = days_ago(emptied, (2, c.LendItem(patron=BEN, branch=CENTRAL)))
withdrawn = days_ago(emptied, (2, c.WithdrawItem(ground=WithdrawalGround.WORN)))
joined = days_ago(emptied, (2, JOIN))
renewed_on = days_ago(a_loan(MONDAY - 9 * DAY), (4, JOIN), (3, replace(CANCEL, hold=c.hold_id(RECORD, 2))), (2, RENEW))
listed = given(FAMILY, OPENED, RECORDED)
listed_before = given(FAMILY, replace(OPENED, day=MONDAY - DAY), replace(RECORDED, day=MONDAY - DAY))
reader = a_reader(registered_on=MONDAY - 9 * DAY)
standing = reader.when(c.BlockPatron(ground=BlockGround.CARD_LOST), on=MONDAY - 3 * DAY).so()
standing = standing.when(c.UnblockPatron(), on=MONDAY - 2 * DAY).so()
standing = standing.when(c.DeactivatePatron(ground=DeactivationGround.EXPIRED), on=MONDAY - DAY).so()
member = reader.when(c.RaiseMembershipFee(), on=MONDAY - DAY).so()
paid = member.when(c.PayMembershipFee(charge=member.state.fees[0].id, method=MeansOfPayment.CASH)).so()
again = paid.when(c.RaiseMembershipFee(), on=date(2027, 3, 1)).so()
rested = a_reader().when(c.DeactivatePatron(ground=DeactivationGround.EXPIRED), on=MONDAY - 9 * DAY).so()
rested = rested.when(c.ReactivatePatron(), on=MONDAY - 2 * DAY).so().when(c.RaiseMembershipFee(), on=MONDAY - DAY).so()
grown = a_reader(age_band=AgeBand.FROM_16_TO_20)
grown = grown.when(c.ChangeAgeBand(age_band=AgeBand.ADULT), on=MONDAY - 2 * DAY).so()
grown = grown.when(c.RaiseMembershipFee(), on=MONDAY - DAY).so()
consented = a_reader().when(c.GiveGuardianConsent(guardian=REASON), on=MONDAY - 2 * DAY).so()
consented = consented.when(c.WithdrawGuardianConsent(), on=MONDAY - DAY).so()
blocked = f.PatronBlocked(ground=BlockGround.CARD_LOST, note=None, blocked_on=MONDAY)

GOOD = {
    name: scenario
    for name, scenario in list(globals().items())
    if isinstance(scenario, Given) and name not in ("reader", "lost")
}


@pytest.mark.parametrize("name", GOOD)
def test_what_follows_the_rules_is_as_promised(name: str) -> None:
    promised(GOOD[name], told(GOOD[name]))


@pytest.mark.parametrize(
    ("scenario", "alter"),
    [
        # one place at a time
        (late, without(f.ItemReturned)),
        (forgotten, without(f.ItemLent)),
        (late, moved(f.ItemAcquired, 20_000)),
        (travelled, without(f.ItemArrived)),
        (given_up, without(f.ItemDeclaredLost)),
        # days
        (late, moved(f.ItemLent, 60)),
        (longer, fact(f.DueDateChanged, due=MONDAY - DAY)),
        (late, fact(f.ItemLent, due=MONDAY - 37 * DAY)),
        (longer, fact(f.DueDateChanged, changed_on=None)),
        (stepped, moved(f.LoanRenewed, 2)),
        (stepped, dated(f.DueDateChanged, "changed_on", 2)),
        (given_back, dated(f.DueDateChanged, "changed_on", 2)),
        (wanted, dated(f.DueDateChanged, "changed_on", 2)),
        (recalled_after, dated(f.HoldPlaced, "placed_on", 2)),
        (in_line, lambda e: dated(f.HoldPlaced, "placed_on", 2)(e) if e.position == 5 else e),
        (turned, fact(f.HoldReordered, reordered_on=None)),
        (turned, dated(f.HoldReordered, "reordered_on", 2)),
        (turned, dated(f.HoldReordered, "reordered_on", -2)),
        (next_in_line, moved(f.HoldCancelled, 2)),
        (lent_on, moved(f.HoldCancelled, 2)),
        (withdrawn, moved(f.HoldCancelled, 2)),
        (joined, moved(f.HoldCancelled, 2)),
        (renewed_on, moved(f.HoldCancelled, 2)),
        (repaid, moved(f.ItemFound, 1)),
        (for_a_hold, dated(f.HoldPlaced, "placed_on", 2)),
        (late_and_renewed, in_time),
        # caps and exceptions
        (renewed, fact(f.LoanRenewed, overridden=(), override_by=None, override_reason=None)),
        (renewed, fact(f.LoanRenewed, override_by=SOMEBODY_ELSE)),
        (renewed, through(f.LoanRenewed, Channel.SERVICE_PORTAL)),
        (renewed, fact(f.LoanRenewed, count=1)),
        (past_a_hold, fact(f.LoanRenewed, overridden=("library.renewal_cap",))),
        (longer, fact(f.DueDateChanged, overridden=())),
        (longer, through(f.DueDateChanged, Channel.CHATBOT)),
        (recalled, without(f.HoldPlaced)),
        (recalled, fact(f.ItemRecalled, due=DUE)),
        (recalled, fact(f.ItemRecalled, due=MONDAY - DAY)),
        (recalled_before, fact(f.ItemRecalled, due=MONDAY - DAY)),
        # late and reminded
        (overdue, moved(f.LoanBecameOverdue, -1)),
        (reminded, without(f.LoanBecameOverdue)),
        (reminded, moved(f.ReminderSent, -1)),
        (reminded, lambda e: moved(f.ReminderSent, 1)(e) if e.position == 7 else e),
        (reminded, fact(f.ReminderSent, level=1)),
        (reminded_before, lambda e: dated(f.ReminderSent, "sent_on", -1)(e) if e.position == 8 else e),
        # the queue
        (served, fact(f.ItemLent, hold=None)),
        (served, fact(f.ItemLent, hold=second)),
        (served, without(f.HoldFulfilled)),
        (overtaken, without(f.HoldReordered)),
        (overtaken, through(f.HoldReordered, Channel.TERMINAL)),
        (expired, fact(f.HoldReady, hold=second)),
        (expired, moved(f.HoldExpired, -1)),
        (cancelled, moved(f.HoldCancelled, -1)),
        (served, moved(f.HoldFulfilled, -1)),
        (recalled, moved(f.HoldPlaced, -1)),
        (expired, fact(f.HoldReady, ready_on=MONDAY - DAY)),
        (set_aside, through(f.HoldReady, Channel.TERMINAL)),
        (set_aside, fact(f.HoldReady, pickup_until=MONDAY + 6 * DAY)),
        (expired_forgotten, fact(f.HoldAnonymised, anonymised_on=MONDAY + 38 * DAY)),
        (travelled, fact(f.ItemSentInTransit, hold=LOAN)),
        # money
        (late, fact(f.ChargeRaised, amount=Money(Decimal("1.50")))),
        (late, fact(f.ItemReturned, days_overdue=7)),
        (forgotten, fact(f.ChargePaid, amount=Money(Decimal("1.50")))),
        (forgotten, moved(f.ChargePaid, -1)),
        (forgotten, without(f.ChargePaid)),
        (forgotten, fact(f.LoanAnonymised, anonymised_on=MONDAY + MONTH - DAY)),
        (forgotten, fact(f.LoanAnonymised, keys=())),
        (waived, fact(f.ChargeWaived, ground=ReliefGround.ITEM_FOUND)),
        (waived, fact(f.ChargeWaived, waived_by=SOMEBODY_ELSE)),
        (waived, through(f.ChargeWaived, Channel.SERVICE_PORTAL)),
        (repaid, without(f.ChargePaid)),
        (repaid, without(f.ItemFound)),
        (repaid, moved(f.ChargeRefunded, -1)),
        (repaid_forgotten, without(f.ChargeRefunded)),
        # back
        (claimed, without(f.ItemClaimedReturned)),
        (claimed, through(f.ItemClaimedReturned, Channel.SERVICE_PORTAL)),
        (claimed, fact(f.ItemClaimedReturned, overridden=(), override_by=None)),
        (claimed, fact(f.ItemClaimedReturned, override_by=SOMEBODY_ELSE)),
        (claimed, moved(f.ItemFound, -2)),
        (lost_before, through(f.ItemDeclaredLost, Channel.TERMINAL)),
        (lost_before, fact(f.ItemDeclaredLost, overridden=(), override_by=None)),
        (found_before, through(f.ItemFound, Channel.TERMINAL)),
        (renewed_late, fact(f.LoanRenewed, overridden=(), override_by=None)),
        (renewed_late, without(f.LoanBecameOverdue)),
        (renewed_early, through(f.LoanRenewed, Channel.TERMINAL)),
        (boxed, through(f.ItemReturned, Channel.TERMINAL)),
        (boxed, fact(f.ItemReturned, place=ReturnPlace.COUNTER)),
        (dated_back, through(f.ItemReturned, Channel.TERMINAL)),
        # an earlier day
        (late, through(f.ItemLent, Channel.TERMINAL)),
        (set_aside, through(f.HoldPlaced, Channel.ONLINE_SHOP)),
        (marked, through(f.LoanBecameOverdue, Channel.CHATBOT)),
        (standing, through(f.PatronBlocked, Channel.SERVICE_PORTAL)),
        (listed_before, through(f.TransitRecorded, Channel.TERMINAL)),
        # seals
        (late, in_clear),
        (late, of_a_reader),
        # lists
        (listed, fact(f.TransitRecorded, transit=2)),
        # readers
        (standing, moved(f.PatronBlocked, 2)),
        (standing, moved(f.PatronRegistered, 8)),
        (standing, without(f.PatronBlocked)),
        (rested, moved(f.PatronReactivated, 2)),
        (grown, moved(f.PatronAgeBandChanged, 2)),
        (consented, moved(f.GuardianConsentGiven, 2)),
        (again, moved(f.MembershipFeeRaised, -9)),
        (again, lambda e: moved(f.MembershipFeeRaised, -1)(e) if e.position == 4 else e),
        (member, fact(f.PatronRegistered, age_band=AgeBand.FROM_16_TO_20)),
        (member, fact(f.PatronRegistered, charged_until=MONDAY)),
        (member, fact(f.MembershipFeeRaised, amount=Money(Decimal("15.00")))),
        (member, fact(f.MembershipFeeRaised, period_until=MONDAY)),
        (paid, fact(f.MembershipFeePaid, amount=Money(Decimal("15.00")))),
    ],
)
def test_a_breach_is_seen(scenario: Given, alter: Alter) -> None:
    events = [altered for altered in map(alter, told(scenario)) if altered is not None]
    with pytest.raises((AssertionError, KeyError, ValueError)):
        promised(scenario, events)


@pytest.mark.parametrize(
    "twice",
    [
        f.ItemLent,
        f.HoldPlaced,
        f.ChargeRaised,
        f.ChargePaid,
        f.ChargeRefunded,
        f.ItemFound,
        f.LoanAnonymised,
        f.ItemWithdrawn,
    ],
)
def test_what_happens_once_and_is_told_twice_is_seen(twice: type[Fact]) -> None:
    scenario = next(
        s for s in (repaid_forgotten, forgotten, served, given_up) if any(isinstance(x, twice) for _, x in s.history)
    )
    events = [
        each for event in told(scenario) for each in ([event, event] if isinstance(event.fact, twice) else [event])
    ]
    with pytest.raises((AssertionError, KeyError, ValueError)):
        promised(scenario, events)


def test_who_borrows_on_a_day_before_the_standing_changed_is_seen() -> None:
    lent = a_loan(MONDAY - 9 * DAY)
    promised(lent, told(lent))
    events = told(lent)
    changes: tuple[f.PatronFact, ...] = (
        f.PatronUnblocked(note=None, unblocked_on=MONDAY),
        f.PatronReactivated(reactivated_on=MONDAY),
        f.PatronAgeBandChanged(old=AgeBand.UNDER_16, new=AgeBand.ADULT, changed_on=MONDAY),
        f.GuardianConsentGiven(guardian=REASON, given_on=MONDAY),
    )
    for change in changes:
        changed = a_book().beside(ADA, change).events()[-1]
        with pytest.raises(AssertionError, match="before the reader's standing changed"):
            promised(lent, [*events[:4], replace(changed, position=4, version=2), *events[4:]])


def test_who_may_not_borrow_is_seen() -> None:
    lent = a_loan()
    for standing_against in (
        blocked,
        f.PatronDeactivated(ground=DeactivationGround.EXPIRED, deactivated_on=MONDAY),
        f.PatronAgeBandChanged(old=AgeBand.ADULT, new=AgeBand.UNDER_16, changed_on=MONDAY),
    ):
        against = a_book().beside(ADA, standing_against).events()[-1]
        events = told(lent)
        events.insert(4, replace(against, position=4, version=2, effective_at=events[-1].effective_at))
        with pytest.raises(AssertionError):
            promised(lent, events)
