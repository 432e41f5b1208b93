"""A copy's loans after a fact: the one that runs, and those that are over and still tell who had the item."""

from dataclasses import replace
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from domain.days import last_known
from domain.library import facts as f
from domain.library.evolve.charges import settled
from domain.library.state import Charge, Item, Loan
from domain.library.vocabulary import ChargeStatus, LoanStatus


def evolve_loan(item: Item, fact: f.LoanFact) -> Item:
    """The copy after a fact about a loan."""
    match fact:
        case f.ItemLent():
            loan = Loan(
                id=fact.loan, reader=fact.reader, branch=fact.branch, due=fact.due, since=fact.lent_on, hold=fact.hold
            )
            return replace(item, loan=loan, branch=fact.branch, since=fact.lent_on)
        case f.LoanRenewed():
            return prolonged(item, fact.renewed_on, due=fact.due, renewals=fact.count)
        case f.DueDateChanged():
            return prolonged(item, fact.changed_on, due=fact.due)
        case f.ItemRecalled():
            return prolonged(item, fact.recalled_on, due=fact.due)
        case f.LoanBecameOverdue():
            return with_loan(item, status=LoanStatus.OVERDUE, next_reminder_on=fact.next_reminder_on)
        case f.ReminderSent():
            return with_loan(item, reminders=fact.level, next_reminder_on=fact.next_reminder_on)
        case f.ItemClaimedReturned():
            return with_loan(item, status=LoanStatus.CLAIMED_RETURNED, missed=fact.claimed_on)
        case f.ItemReturned():
            back = replace(item, branch=fact.branch, since=fact.returned_on)
            returned = {"status": LoanStatus.RETURNED, "since": fact.returned_on}
            return ended(back, **returned, anonymise_from=fact.anonymise_from)
        case f.ItemDeclaredLost():
            gone = replace(item, lost=True, since=fact.declared_on)
            lost = {"status": LoanStatus.LOST, "missed": fact.declared_on, "since": fact.declared_on}
            return ended(gone, **lost, anonymise_from=fact.anonymise_from)
        case f.ItemFound():
            return found(item, fact)
        case f.LoanAnonymised():
            return replace(item, settling=tuple(loan for loan in item.settling if loan.id != fact.loan))
        case _:
            assert_never(fact)


def with_loan(item: Item, **changes: Any) -> Item:
    """The copy with its running loan changed."""
    return item if item.loan is None else replace(item, loan=replace(item.loan, **changes))


def prolonged(item: Item, day: date | None, **changes: Any) -> Item:
    """The copy whose running loan has another due date: what was overdue is so no more, and reminders begin anew."""
    if item.loan is not None:
        changes["since"] = last_known(day, item.loan.since)
        if day is not None:
            changes["dues"] = (*item.loan.dues, (day, item.loan.due))
    return with_loan(item, **changes, status=LoanStatus.ACTIVE, reminders=0, next_reminder_on=None)


def ended(item: Item, **changes: Any) -> Item:
    """The copy whose running loan is over."""
    if item.loan is None:
        return item
    return replace(item, loan=None, settling=(*item.settling, replace(item.loan, **changes)))


def found(item: Item, fact: f.ItemFound) -> Item:
    """The copy back where it was found; the loan that it was missed from has come to its end."""
    back = replace(item, lost=False, branch=fact.branch, since=fact.found_on)
    changes: dict[str, Any] = {"status": LoanStatus.FOUND, "since": fact.found_on}
    changes["anonymise_from"] = fact.anonymise_from
    if item.loan is not None and item.loan.id == fact.loan:
        return ended(back, **changes)
    return back if fact.loan is None else with_settling(back, fact.loan, **changes)


def with_settling(item: Item, loan_id: UUID, **changes: Any) -> Item:
    """The copy of whose finished loans one is changed."""
    loans = (replace(loan, **changes) if loan.id == loan_id else loan for loan in item.settling)
    return replace(item, settling=tuple(loans))


def evolve_charge(item: Item, fact: f.ChargeFact) -> Item:
    """The copy after a fact about a charge, which is a finished loan's."""
    loan = next((loan for loan in item.settling if loan.id == fact.loan), None)
    if loan is None:
        return item
    match fact:
        case f.ChargeRaised():
            charge = Charge(id=fact.charge, cause=fact.cause, amount=fact.amount, since=fact.raised_on)
            return with_settling(item, loan.id, charges=(*loan.charges, charge))
        case f.ChargePaid():
            return after(item, loan, fact, ChargeStatus.PAID, fact.paid_on)
        case f.ChargeWaived():
            return after(item, loan, fact, ChargeStatus.WAIVED, fact.waived_on)
        case f.ChargeRefunded():
            return after(item, loan, fact, ChargeStatus.REFUNDED, fact.refunded_on)
        case _:
            assert_never(fact)


def after(
    item: Item, loan: Loan, fact: f.ChargePaid | f.ChargeWaived | f.ChargeRefunded, status: ChargeStatus, day: date
) -> Item:
    """The copy after a charge of a loan was settled; of a lost item nothing may be owed any more then."""
    charges = settled(loan.charges, fact.charge, status, day)
    paid = loan.status is LoanStatus.LOST and fact.anonymise_from is not None
    return with_settling(
        item,
        loan.id,
        charges=charges,
        status=LoanStatus.PAID if paid else loan.status,
        anonymise_from=fact.anonymise_from,
    )
