"""What becomes of a loan that does not end by its due date, and when it is forgotten who had the item."""

from datetime import date, timedelta
from typing import assert_never

from domain.kernel import Context, Fact, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.charges import days_overdue, kept_until, overdue_charge, replacement_charge
from domain.library.checks import (
    amount,
    by_library,
    by_staff,
    dated_back,
    in_order,
    optional_sealed,
    running,
    text,
    told_on,
    with_reader,
)
from domain.library.state import Item, Loan
from domain.library.terms import terms_on
from domain.library.vocabulary import ChargeCause, ChargeStatus, LoanStatus, ReliefGround


def decide(item: Item, command: c.OverdueCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an item that is late, missed or long back leads to."""
    match command:
        case c.MarkLoanOverdue():
            return mark(item, command, context)
        case c.SendReminder():
            return remind(item, command, context)
        case c.ClaimItemReturned():
            return claim(item, command, context)
        case c.DeclareLost():
            return declare_lost(item, command, context)
        case c.FindItem():
            return find(item, command, context)
        case c.AnonymiseLoan():
            return anonymise(item, command, context)
        case _:
            assert_never(command)


def mark(item: Item, command: c.MarkLoanOverdue, context: Context) -> tuple[Fact, ...]:
    """The due date has passed."""
    loan = with_reader(item)
    if loan.status is LoanStatus.OVERDUE:
        raise Rejected(rules.OVERDUE_ALREADY, due=loan.due)
    if context.day <= loan.due:
        raise Rejected(rules.NOT_YET_OVERDUE, due=loan.due)
    same(loan, command)
    terms = terms_on(context.day)
    return (
        f.LoanBecameOverdue(
            loan=loan.id,
            media_type=item.media_type,
            branch=loan.branch,
            due=loan.due,
            overdue_since=loan.due + timedelta(days=1),
            next_reminder_on=terms.reminder_on(loan.due, 0),
            terms=terms.version,
        ),
    )


def remind(item: Item, command: c.SendReminder, context: Context) -> tuple[Fact, ...]:
    """The next reminder goes out."""
    loan = with_reader(item)
    if loan.status is not LoanStatus.OVERDUE:
        raise Rejected(rules.NOT_OVERDUE, due=loan.due)
    if loan.next_reminder_on is None:
        raise Rejected(rules.LAST_REMINDER_SENT, sent=loan.reminders)
    if context.day < loan.next_reminder_on:
        raise Rejected(rules.REMINDER_NOT_DUE, next=loan.next_reminder_on)
    same(loan, command)
    terms = terms_on(context.day)
    return (
        f.ReminderSent(
            loan=loan.id,
            level=loan.reminders + 1,
            due=loan.due,
            sent_on=context.day,
            next_reminder_on=terms.reminder_on(told_on(context), loan.reminders + 1),
            terms=terms.version,
        ),
    )


def same(loan: Loan, command: c.MarkLoanOverdue | c.SendReminder) -> None:
    """Refuse what is meant for a loan that is over: the list it comes from may be older than the return."""
    if command.loan != loan.id:
        raise Rejected(rules.OTHER_LOAN, loan=loan.id)


def claim(item: Item, command: c.ClaimItemReturned, context: Context) -> tuple[Fact, ...]:
    """The reader says that the item is back."""
    loan = with_reader(item)
    day = in_order(loan.since, context)
    broken = set_aside(command, context)
    note = optional_sealed("note", command.note, key=loan.id)
    reason = optional_sealed("override_reason", command.override_reason, key=loan.id)
    return (
        f.ItemClaimedReturned(
            loan=loan.id,
            claimed_on=day,
            note=note,
            overridden=broken,
            override_by=context.actor if broken else None,
            override_reason=reason if broken else None,
        ),
    )


def set_aside(command: c.ClaimItemReturned | c.DeclareLost, context: Context) -> tuple[str, ...]:
    """The rule that an earlier day sets aside: the delay ends on the day that is booked. Raises Rejected."""
    broken = []
    if dated_back(context):
        broken.append(rules.SAID_TODAY)
    if command.override_reason is None:
        if broken:
            raise Rejected(broken[0], day=context.day, today=context.today)
    else:
        by_staff(context)
    return tuple(rule.id for rule in broken)


def declare_lost(item: Item, command: c.DeclareLost, context: Context) -> tuple[Fact, ...]:
    """The loan ends without the item; the reader owes for the delay and for the replacement."""
    loan = running(item)
    day = in_order(loan.missed or loan.since, context)
    broken = set_aside(command, context)
    reason = optional_sealed("override_reason", command.override_reason, key=loan.id)
    late = days_overdue(loan, day if loan.missed is None else loan.missed)
    price = amount("replacement", command.replacement)
    charged = (
        *overdue_charge(item, loan, late, day, context),
        *replacement_charge(item, loan, price, day, context),
    )
    lost = f.ItemDeclaredLost(
        loan=loan.id,
        media_type=item.media_type,
        branch=loan.branch,
        declared_on=day,
        days_overdue=late,
        anonymise_from=None if charged else kept_until(day),
        overridden=broken,
        override_by=context.actor if broken else None,
        override_reason=reason if broken else None,
    )
    return (lost, *charged)


def find(item: Item, command: c.FindItem, context: Context) -> tuple[Fact, ...]:
    """The item turned up: on its shelf, as the reader said, or after it was given up."""
    claimed = item.loan if item.loan is not None and item.loan.status is LoanStatus.CLAIMED_RETURNED else None
    if claimed is None and not item.lost:
        raise Rejected(rules.ITEM_NOT_MISSING, barcode=item.barcode)
    day = in_order(item.since if claimed is None else claimed.missed, context)
    branch = text("branch", command.branch)
    if claimed is not None:
        return found_as_claimed(item, claimed, branch, day, context)
    loan = next((loan for loan in reversed(item.settling) if loan.status in (LoanStatus.LOST, LoanStatus.PAID)), None)
    return found_after_loss(item, loan, branch, day, context)


def found_as_claimed(item: Item, loan: Loan, branch: str, day: date, context: Context) -> tuple[Fact, ...]:
    """The reader was right: the loan ended on the day they said so."""
    late = days_overdue(loan, loan.missed or day)
    charged = overdue_charge(item, loan, late, day, context)
    found = f.ItemFound(
        loan=loan.id,
        media_type=item.media_type,
        branch=branch,
        found_on=day,
        days_overdue=late,
        anonymise_from=None if charged else kept_until(day),
    )
    return (found, *charged)


def found_after_loss(item: Item, loan: Loan | None, branch: str, day: date, context: Context) -> tuple[Fact, ...]:
    """A replacement that is still owed is owed no more; one that was paid is to be paid back."""
    replacement = () if loan is None else tuple(x for x in loan.charges if x.cause is ChargeCause.REPLACEMENT)
    owed = tuple(charge for charge in replacement if charge.status is ChargeStatus.OPEN)
    rest = () if loan is None else tuple(x for x in loan.unsettled if x not in owed)
    settled = not rest and not any(charge.status is ChargeStatus.PAID for charge in replacement)
    until = kept_until(day, loan) if settled and loan is not None else None
    found = f.ItemFound(
        loan=None if loan is None else loan.id,
        media_type=item.media_type,
        branch=branch,
        found_on=day,
        days_overdue=None,
        anonymise_from=until,
    )
    if loan is None:
        return (found,)
    waived = (
        f.ChargeWaived(
            charge=charge.id,
            loan=loan.id,
            amount=charge.amount,
            ground=ReliefGround.ITEM_FOUND,
            waived_by=context.actor,
            waived_on=day,
            reason=None,
            anonymise_from=until,
        )
        for charge in owed
    )
    return (found, *waived)


def anonymise(item: Item, command: c.AnonymiseLoan, context: Context) -> tuple[Fact, ...]:
    """Forget who had the item: the loan is over, nothing is owed, and the time for questions is over."""
    by_library(context)
    if item.loan is not None and item.loan.id == command.loan:
        raise Rejected(rules.LOAN_RUNS, due=item.loan.due)
    loan = next((loan for loan in item.settling if loan.id == command.loan), None)
    if loan is None:
        raise Rejected(rules.LOAN_UNKNOWN, loan=command.loan)
    if loan.unsettled:
        raise Rejected(rules.OPEN_CHARGES, charges=len(loan.unsettled))
    if loan.anonymise_from is not None and context.day < loan.anonymise_from:
        raise Rejected(rules.KEPT_UNTIL, day=loan.anonymise_from)
    keys = (loan.id,) if loan.hold is None else (loan.id, loan.hold)
    return (f.LoanAnonymised(loan=loan.id, keys=keys, anonymised_on=context.day),)
