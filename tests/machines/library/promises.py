"""What the rules promise of items, told from the stored events alone and not from how rules are decided."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from domain.kernel import Channel, Recorded, day_of
from domain.library import facts as f
from domain.library.facts.hold import OfHold
from domain.library.facts.loan import OfLoan
from domain.library.state import Patron
from domain.library.vocabulary import MediaType, ReturnPlace
from tests.machines.library.days import STAFF, check_day, dated_back
from tests.machines.library.money import NEW_TERMS, Account
from tests.machines.library.standing import check_readers
from tests.machines.machine import World

MONTH = timedelta(days=28)
RENEWALS = {MediaType.BOOK: 3, MediaType.FILM: 1, MediaType.THING: 0}

# Where an item is after a fact, by where it was. What was given up while it was lost may turn up, and stays given up.
WAYS: dict[type, dict[str, str]] = {
    f.ItemAcquired: {"nowhere": "shelf"},
    f.ItemLent: {"shelf": "lent"},
    f.ItemReturned: {"lent": "shelf"},
    f.ItemDeclaredLost: {"lent": "lost"},
    f.ItemFound: {"lent": "shelf", "lost": "shelf", "given up": "gone"},
    f.ItemSentInTransit: {"shelf": "van"},
    f.ItemArrived: {"van": "shelf"},
    f.ItemWithdrawn: {"shelf": "gone", "lost": "given up"},
}
WITH_THE_READER = (f.LoanRenewed, f.DueDateChanged, f.ItemRecalled, f.LoanBecameOverdue, f.ReminderSent)
STEPS = (f.LoanRenewed, f.DueDateChanged, f.ItemRecalled, f.ItemClaimedReturned, f.ItemDeclaredLost)


@dataclass
class LoanTold:
    """A loan as its events tell it."""

    lent: f.ItemLent
    due: date
    since: date
    renewals: int = 0
    reminded: date | None = None
    reminders: int = 0
    overdue: bool = False
    claimed: date | None = None
    dues: list[tuple[date, date]] = field(default_factory=list)
    account: Account = field(default_factory=Account)


@dataclass
class ItemTold:
    """An item as its events tell it: where it is, its loans, its queue, and what was forgotten."""

    where: str = "nowhere"
    moved: date = date.min
    running: UUID | None = None
    queue: list[UUID] = field(default_factory=list)
    waited_until: date = date.min
    placed: dict[UUID, date] = field(default_factory=dict)
    waits_since: dict[UUID, date] = field(default_factory=dict)
    ready: dict[UUID, date] = field(default_factory=dict)
    in_vain: dict[UUID, date] = field(default_factory=dict)
    loans: dict[UUID, LoanTold] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)


def check_item(world: World, record_id: UUID) -> None:
    """All that is promised of an item, at each of its events."""
    events = world.events(record_id)
    told = ItemTold()
    for event in events:
        fact = event.fact
        assert "Text " not in event.body, "a personal text stands in clear"
        assert not any(str(reader) in event.body for reader in world.of(Patron)), "a reader is named in clear"
        _check_staff(event)
        if type(fact) in WAYS:
            _move(told, event)
        if isinstance(fact, OfLoan):
            _loan(told, event, fact)
        elif isinstance(fact, OfHold):
            _hold(told, event, fact)
        elif isinstance(fact, f.ItemSentInTransit | f.ItemArrived):
            _travels(told, event, fact.hold)
        elif isinstance(fact, f.ItemFound):
            _found(told, event, fact)
        elif isinstance(fact, f.ChargeRaised | f.ChargePaid | f.ChargeWaived | f.ChargeRefunded):
            assert fact.loan not in told.forgotten, "a charge of a loan that is forgotten"
            told.loans[fact.loan].account.take(event, fact)
        elif isinstance(fact, f.LoanAnonymised):
            _forget_loan(told, fact)
        elif isinstance(fact, f.HoldAnonymised):
            assert fact.anonymised_on >= told.in_vain.pop(fact.hold) + MONTH, "forgotten too soon who waited"
            assert fact.keys == (fact.hold,)
    assert not told.running or told.loans[told.running].lent.hold not in told.queue, "who has it still waits for it"
    check_readers(world, record_id, events)


def _check_staff(event: Recorded) -> None:
    """Whoever sets a rule aside or dates a return back is named, and one of the staff."""
    fact, by, channel = event.fact, event.envelope.actor, event.envelope.channel
    if isinstance(fact, f.LoanRenewed | f.ItemReturned | f.ItemClaimedReturned | f.ItemDeclaredLost):
        assert fact.override_by == (by if fact.overridden else None), "an override names nobody, or somebody else"
        assert not fact.overridden or fact.override_reason is not None
    if isinstance(fact, f.DueDateChanged | f.HoldReordered) or fact.supervised() is not None:
        assert channel in STAFF, "a rule was set aside by no staff"
    check_day(event)
    if dated_back(event):
        if isinstance(fact, f.ItemReturned) and fact.place is ReturnPlace.COUNTER and channel is not Channel.IMPORT:
            assert "library.counter_is_today" in fact.overridden, "dated back at the counter by nobody's leave"
        if isinstance(fact, f.ItemClaimedReturned | f.ItemDeclaredLost) and channel is not Channel.IMPORT:
            assert "library.said_today" in fact.overridden, "said or lost before by nobody's leave"


def _move(told: ItemTold, event: Recorded) -> None:
    ways = WAYS[type(event.fact)]
    assert told.where in ways, f"{type(event.fact).__name__}, and the item is {told.where}"
    assert event.effective.day >= told.moved, "an item moved before its last move"
    if isinstance(event.fact, f.ItemLent | f.ItemWithdrawn) and not told.queue:
        assert event.effective.day >= told.waited_until, "lent or withdrawn while somebody waited"
    told.where, told.moved = ways[told.where], event.effective.day


def _travels(told: ItemTold, event: Recorded, hold: UUID | None) -> None:
    if hold is not None:
        assert hold in told.queue[:1], "it travels for a hold whose turn it is not"
        assert event.effective.day >= told.waits_since[hold], "it travels for a hold before that was placed"
        told.waits_since[hold] = event.effective.day


def _loan(told: ItemTold, event: Recorded, fact: OfLoan) -> None:
    if isinstance(fact, f.ItemLent):
        assert fact.loan not in told.loans
        assert told.running is None, "lent twice at once"
        assert fact.hold == next(iter(told.queue), None), "lent past the queue"
        assert fact.due > fact.lent_on == event.effective.day
        told.loans[fact.loan] = LoanTold(fact, fact.due, fact.lent_on)
        told.running = fact.loan
        return
    assert told.running == fact.loan, "it is about a loan that is over"
    loan, day = told.loans[fact.loan], event.effective.day
    if isinstance(fact, STEPS) or (isinstance(fact, f.ItemReturned) and fact.place is not ReturnPlace.RETURN_BOX):
        assert day >= loan.since, "a step of a loan before its last one"
    if isinstance(fact, WITH_THE_READER):
        assert loan.claimed is None, "something is asked of a reader who says that it is back"
        _terms(told, loan, fact, day, _past_due(loan, event))
        if isinstance(fact, f.ReminderSent):
            loan.reminded = _told_on(event)
        if isinstance(fact, f.ItemRecalled) and event.envelope.channel is not Channel.IMPORT:
            assert fact.due >= day_of(event.recorded_at), "a recall leaves no time to bring it back"
    elif isinstance(fact, f.ItemClaimedReturned):
        assert loan.claimed is None
        assert day >= loan.lent.lent_on
        loan.claimed = day
    elif isinstance(fact, f.ItemReturned):
        due = next((due for replaced, due in loan.dues if day < replaced), loan.due)
        assert fact.days_overdue == max(0, (day - due).days), "late by another due date than that of its day"
        _end(told, fact.days_overdue, day)
    elif isinstance(fact, f.ItemDeclaredLost):
        assert fact.days_overdue == max(0, ((loan.claimed or day) - loan.due).days)
        _end(told, fact.days_overdue, day)


def _told_on(event: Recorded) -> date:
    """The day from which the reader can know of it: what staff book later nobody was told before."""
    if event.envelope.channel in (Channel.IMPORT, Channel.SYSTEM):
        return event.effective.day
    return max(event.effective.day, day_of(event.recorded_at))


def _past_due(loan: LoanTold, event: Recorded) -> bool:
    """Whether what an earlier day says is contradicted by what everybody knows on the day of recording."""
    day = event.effective.day
    if event.envelope.channel is Channel.IMPORT:
        return day > loan.due
    return loan.overdue or max(day, day_of(event.recorded_at)) > loan.due


def _terms(told: ItemTold, loan: LoanTold, fact: OfLoan, day: date, late: bool) -> None:
    """What changes or follows from the due date: caps, queues, and as much time to answer as was promised."""
    if isinstance(fact, f.LoanRenewed):
        cap = RENEWALS[fact.media_type] if day >= NEW_TERMS else 2
        broken = {
            "library.held_by_another": bool(told.queue),
            "library.renewal_cap": loan.renewals >= cap,
            "library.loan_overdue": late,
        }
        assert set(fact.overridden) == {rule for rule, stands in broken.items() if stands}, "renewed against a rule"
        assert day >= told.waited_until, "renewed while somebody waited"
        loan.renewals += 1
        assert (fact.count, fact.old_due) == (loan.renewals, loan.due)
        assert fact.due > loan.due, "a renewal takes time away"
    elif isinstance(fact, f.DueDateChanged):
        assert fact.changed_on == day
        later = fact.due > loan.due
        broken = {
            "library.held_by_another": later and bool(told.queue),
            "library.renewal_cap": later,
            "library.loan_overdue": late,
        }
        assert set(fact.overridden) == {rule for rule, stands in broken.items() if stands}, "more time against a rule"
    elif isinstance(fact, f.ItemRecalled):
        assert told.queue, "recalled, and nobody waits"
        assert day >= told.waits_since[told.queue[0]], "recalled before anybody waited"
        assert not loan.overdue
        assert day < fact.due < loan.due
    elif isinstance(fact, f.LoanBecameOverdue):
        assert day > loan.due == fact.due, "late before the due date was over"
        assert not loan.overdue, "overdue twice"
        loan.overdue = True
    elif isinstance(fact, f.ReminderSent):
        loan.reminders += 1
        assert loan.overdue, "reminded of what is not overdue"
        assert fact.level == loan.reminders <= 3
        assert day >= loan.due + timedelta(days=3)
        assert loan.reminded is None or day >= loan.reminded + timedelta(days=11), "no time to answer"
    if isinstance(fact, f.LoanRenewed | f.DueDateChanged | f.ItemRecalled):
        loan.dues.append((day, loan.due))
        loan.due, loan.overdue, loan.reminders, loan.reminded = fact.due, False, 0, None
        loan.since = day
    assert loan.due >= loan.lent.lent_on, "due before it was lent"


def _end(told: ItemTold, days_overdue: int, day: date) -> None:
    assert told.running is not None
    account = told.loans[told.running].account
    account.late, account.quiet_since = days_overdue, day
    told.running = None


def _found(told: ItemTold, event: Recorded, fact: f.ItemFound) -> None:
    day = event.effective.day
    if told.running is not None:
        loan = told.loans[told.running]
        assert loan.claimed, "found, and nobody missed it"
        assert day >= loan.claimed, "found before it was said to be back"
        assert fact.loan == told.running
        assert fact.days_overdue == max(0, (loan.claimed - loan.due).days), "late after the day it was said to be back"
        _end(told, fact.days_overdue, day)
    elif fact.loan is not None:
        account = told.loans[fact.loan].account
        account.quiet_since = max(account.quiet_since, day)
    if fact.loan is not None:
        assert fact.loan not in told.forgotten
        told.loans[fact.loan].account.found = day


def _hold(told: ItemTold, event: Recorded, fact: OfHold) -> None:
    day = event.effective.day
    if isinstance(fact, f.HoldPlaced):
        assert day >= told.moved, "held before the item's last move"
        assert told.running is None or day >= told.loans[told.running].since, "held before the loan's last step"
        assert all(day >= told.placed[other] for other in told.queue), "behind who came later"
        assert day >= told.waited_until, "first in a queue that others were in"
        told.queue.append(fact.hold)
        told.placed[fact.hold] = fact.placed_on
        told.waits_since[fact.hold] = fact.placed_on
        return
    rank = told.queue.index(fact.hold)
    if isinstance(fact, f.HoldReordered):
        assert fact.old_rank == rank + 1
        assert not (told.ready.keys() & set(told.queue) and 1 in (fact.old_rank, fact.rank)), "past who is served"
        assert fact.reordered_on == day
        assert all(day >= told.waits_since[hold] for hold in told.queue), "a queue changed before it did last"
        told.queue.insert(fact.rank - 1, told.queue.pop(rank))
        low, high = sorted((rank, fact.rank - 1))
        told.waits_since.update(dict.fromkeys(told.queue[low : high + 1], day))
    elif isinstance(fact, f.HoldReady):
        assert rank == 0, "set aside for whose turn it is not"
        assert told.where == "shelf"
        assert fact.pickup_until >= _told_on(event) + timedelta(days=7), "no time to pick it up"
        assert fact.ready_on is not None
        assert fact.ready_on >= told.waits_since[fact.hold], "set aside before it was wanted"
        assert fact.pickup_until >= fact.ready_on + timedelta(days=7)
        told.waits_since[fact.hold] = fact.ready_on
        told.ready[fact.hold] = fact.pickup_until
    else:
        assert day >= told.waits_since[fact.hold], "a hold ended before its last step"
        told.queue.remove(fact.hold)
    if isinstance(fact, f.HoldFulfilled):
        assert (rank, told.running, told.loans[fact.loan].lent.hold) == (0, fact.loan, fact.hold), "out of turn"
    if isinstance(fact, f.HoldExpired):
        assert event.effective.day > told.ready[fact.hold], "given up while it could be picked up"
    if isinstance(fact, f.HoldExpired | f.HoldCancelled):
        told.in_vain[fact.hold] = day
        if not told.queue:
            told.waited_until = max(told.waited_until, day)
        elif rank == 0:
            told.waits_since[told.queue[0]] = max(told.waits_since[told.queue[0]], day)


def _forget_loan(told: ItemTold, fact: f.LoanAnonymised) -> None:
    loan = told.loans[fact.loan]
    assert fact.loan != told.running, "forgotten who has it"
    assert fact.loan not in told.forgotten, "forgotten twice"
    assert not loan.account.open, "forgotten who owes, or is owed"
    assert fact.anonymised_on >= loan.account.quiet_since + MONTH, "forgotten before the time for questions was over"
    assert set(fact.keys) == {fact.loan, loan.lent.hold} - {None}
    told.forgotten.add(fact.loan)
