"""What may be done with a loan while it runs: lend, renew, change the due date, recall, return."""

from datetime import date, timedelta
from typing import assert_never

from domain.days import last_known
from domain.kernel import Channel, Context, Fact, Rejected, Rule, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.charges import days_overdue, kept_until, overdue_charge
from domain.library.checks import (
    at_hand,
    borrower,
    by_staff,
    dated_back,
    in_order,
    latest,
    past_due,
    reader_of,
    running,
    sealed,
    text,
    waiting,
    with_reader,
)
from domain.library.state import Hold, Item, Loan
from domain.library.terms import Period, terms_on
from domain.library.vocabulary import LoanStatus, ReturnPlace


def decide(item: Item, command: c.LoanCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an item's loan leads to."""
    match command:
        case c.LendItem():
            return lend(item, command, context)
        case c.RenewLoan():
            return renew(item, command, context)
        case c.ReturnItem():
            return take_back(item, command, context)
        case c.ChangeDueDate():
            return change_due_date(item, command, context)
        case c.RecallItem():
            return recall(item, context)
        case _:
            assert_never(command)


def lend(item: Item, command: c.LendItem, context: Context) -> tuple[Fact, ...]:
    """A loan under an id and a key of its own; it fulfils the hold whose turn it is."""
    at_hand(item)
    if not item.for_loan:
        raise Rejected(rules.NOT_FOR_LOAN, barcode=item.barcode)
    if item.loan is not None:
        raise Rejected(rules.ITEM_ON_LOAN, barcode=item.barcode, due=item.loan.due)
    if item.bound_for is not None:
        raise Rejected(rules.ITEM_IN_TRANSIT, to=item.bound_for)
    day = in_order(item.since, context)
    patron = borrower(context, command.patron)
    hold = hold_in_turn(item, command, context)
    in_order(item.free_since if hold is None else hold.since, context)
    terms = terms_on(day)
    loan = c.loan_id(context.record_id, context.version)
    lent = f.ItemLent(
        loan=loan,
        reader=reader_of(context, loan, command.patron),
        patron_ref=Sealed(str(command.patron), loan),
        age_band=patron.age_band,
        barcode=item.barcode,
        media_type=item.media_type,
        branch=text("branch", command.branch),
        lent_on=day,
        due=day + timedelta(days=terms.period(item.media_type).days),
        terms=terms.version,
        hold=None if hold is None else hold.id,
    )
    return (lent,) if hold is None else (lent, f.HoldFulfilled(hold=hold.id, loan=loan))


def hold_in_turn(item: Item, command: c.LendItem, context: Context) -> Hold | None:
    """The hold that this loan fulfils: the first of the queue and no other."""
    first = item.first_hold
    if first is not None and first.reader != reader_of(context, first.id, command.patron):
        raise Rejected(rules.NOT_YOUR_TURN, holds=len(item.holds))
    return first


def renew(item: Item, command: c.RenewLoan, context: Context) -> tuple[Fact, ...]:
    """A later due date, counted from the due date or, when that is over, from the day of renewal."""
    loan = with_reader(item)
    day = in_order(item.free_since, context)
    terms = terms_on(day)
    period = terms.period(item.media_type)
    broken = standing_against(item, loan, period, context)
    if command.override_reason is None:
        if broken:
            raise refusal(broken[0], item, loan, period)
    else:
        by_staff(context)
    borrower(context, command.patron)
    if loan.reader != reader_of(context, loan.id, command.patron):
        raise Rejected(rules.OTHER_READER)
    reason = (
        None if command.override_reason is None else sealed("override_reason", command.override_reason, key=loan.id)
    )
    return (
        f.LoanRenewed(
            loan=loan.id,
            media_type=item.media_type,
            branch=loan.branch,
            renewed_on=day,
            old_due=loan.due,
            due=max(loan.due, day) + timedelta(days=period.renewal_days),
            count=loan.renewals + 1,
            terms=terms.version,
            overridden=tuple(rule.id for rule in broken),
            override_by=context.actor if broken else None,
            override_reason=reason if broken else None,
        ),
    )


def standing_against(item: Item, loan: Loan, period: Period, context: Context) -> tuple[Rule, ...]:
    """The rules that forbid a renewal. Every waiting hold is another reader's: nobody holds what they have."""
    against = []
    if item.holds:
        against.append(rules.HELD_BY_ANOTHER)
    if loan.renewals >= period.renewals:
        against.append(rules.RENEWAL_CAP)
    if past_due(loan, context):
        against.append(rules.LOAN_OVERDUE)
    return tuple(against)


def refusal(rule: Rule, item: Item, loan: Loan, period: Period) -> Rejected:
    """The refusal of a renewal, with what the reader needs to know."""
    if rule is rules.HELD_BY_ANOTHER:
        return Rejected(rule, due=loan.due, holds=len(item.holds))
    if rule is rules.LOAN_OVERDUE:
        return Rejected(rule, due=loan.due)
    return Rejected(rule, due=loan.due, renewals=loan.renewals, cap=period.renewals)


def take_back(item: Item, command: c.ReturnItem, context: Context) -> tuple[Fact, ...]:
    """The end of a loan, on the day the item came back; who was late owes for each started week."""
    loan = running(item)
    # The box is emptied later: what lay in it may have been renewed or recalled since.
    day = in_order(item.since if command.place is ReturnPlace.RETURN_BOX else loan.since, context)
    broken = []
    if booked_back(command, context):
        broken.append(rules.COUNTER_IS_TODAY)
    if command.override_reason is None:
        if broken:
            raise Rejected(broken[0], day=day, today=context.today)
    else:
        by_staff(context)
    reason = (
        None if command.override_reason is None else sealed("override_reason", command.override_reason, key=loan.id)
    )
    late = days_overdue(loan, day)
    charged = overdue_charge(item, loan, late, day, context)
    returned = f.ItemReturned(
        loan=loan.id,
        media_type=item.media_type,
        branch=text("branch", command.branch),
        returned_on=day,
        days_overdue=late,
        place=command.place,
        anonymise_from=None if charged else kept_until(day),
        overridden=tuple(rule.id for rule in broken),
        override_by=context.actor if broken else None,
        override_reason=reason if broken else None,
    )
    return (returned, *charged)


def booked_back(command: c.ReturnItem, context: Context) -> bool:
    """Whether a return at the counter is dated to an earlier day, which an import only passes on."""
    return command.place is ReturnPlace.COUNTER and dated_back(context)


def change_due_date(item: Item, command: c.ChangeDueDate, context: Context) -> tuple[Fact, ...]:
    """Another due date. A later one is a renewal that no cap counts, and so an exception, as one past a hold is."""
    loan = with_reader(item)
    changed_by = by_staff(context)
    day = in_order(loan.since, context)
    to_come(command.due, context)
    latest("due", command.due, context)
    if command.due == loan.due:
        raise Rejected(rules.NOTHING_CHANGED, due=loan.due)
    broken = []
    if item.holds and command.due > loan.due:
        broken.append(rules.HELD_BY_ANOTHER)
    if command.due > loan.due:
        broken.append(rules.RENEWAL_CAP)
    if past_due(loan, context):
        broken.append(rules.LOAN_OVERDUE)
    return (
        f.DueDateChanged(
            loan=loan.id,
            old_due=loan.due,
            due=command.due,
            changed_by=changed_by,
            overridden=tuple(rule.id for rule in broken),
            reason=sealed("reason", command.reason, key=loan.id),
            changed_on=day,
        ),
    )


def to_come(due: date, context: Context) -> None:
    """Refuse to shorten a time that is over by today; an import passes on what was to come on its day."""
    earliest = context.day if context.channel is Channel.IMPORT else max(context.day, context.today)
    if due < earliest:
        raise Rejected(rules.DUE_IN_THE_PAST, due=due, day=earliest)


def recall(item: Item, context: Context) -> tuple[Fact, ...]:
    """An earlier due date, because somebody waits."""
    loan = with_reader(item)
    hold = waiting(item)
    day = in_order(last_known(loan.since, hold.since), context)
    terms = terms_on(day)
    due = day + timedelta(days=terms.recall_days)
    if loan.status is LoanStatus.OVERDUE or due >= loan.due:
        raise Rejected(rules.DUE_SOON_ENOUGH, due=loan.due)
    to_come(due, context)
    return (f.ItemRecalled(loan=loan.id, old_due=loan.due, due=due, recalled_on=day, terms=terms.version),)
