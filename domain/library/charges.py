"""What late and lost items cost, and what may be done with a charge: pay, waive, pay back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never
from uuid import UUID

from domain.kernel import ChargeKind, Context, Fact, Money, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.checks import by_staff, in_order, sealed, text
from domain.library.state import Charge, Item, Loan
from domain.library.tariff import table_on, weeks
from domain.library.terms import terms_on
from domain.library.vocabulary import ChargeCause, ChargeStatus, LoanStatus, ReliefGround

NOTHING = Money(Decimal("0.00"))


def days_overdue(loan: Loan, day: date) -> int:
    """Whole days after the date that was due on that day; 0 on it and before."""
    return max(0, (day - loan.due_on(day)).days)


def kept_until(day: date, loan: Loan | None = None) -> date:
    """The day from which a loan is to be forgotten that was settled on a day, or later by what was booked before."""
    if loan is not None:
        day = max(day, loan.since, *(charge.since for charge in loan.charges))
    return day + timedelta(days=terms_on(day).keep_days)


def overdue_charge(item: Item, loan: Loan, late: int, day: date, context: Context) -> tuple[f.ChargeRaised, ...]:
    """What is owed for an item that came back so many days late."""
    return raised(item, loan, ChargeCause.OVERDUE, table_on(day).overdue(late), late, day, context)


def replacement_charge(item: Item, loan: Loan, price: Money, day: date, context: Context) -> tuple[f.ChargeRaised, ...]:
    """What is owed for an item that is lost."""
    return raised(item, loan, ChargeCause.REPLACEMENT, price, 0, day, context)


def raised(
    item: Item, loan: Loan, cause: ChargeCause, amount: Money, late: int, day: date, context: Context
) -> tuple[f.ChargeRaised, ...]:
    """The charge, or none where nothing is owed."""
    if amount == NOTHING:
        return ()
    return (
        f.ChargeRaised(
            charge=c.charge_id(context.record_id, context.version, cause),
            loan=loan.id,
            charge_kind=ChargeKind.ENTGELT,
            cause=cause,
            amount=amount,
            weeks=weeks(late),
            table=table_on(day).version,
            media_type=item.media_type,
            branch=loan.branch,
            raised_on=day,
        ),
    )


def decide(item: Item, command: c.ChargeCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on a charge leads to."""
    loan, charge = find(item, command.charge)
    match command:
        case c.PayCharge():
            return pay(loan, charge, command, context)
        case c.WaiveCharge():
            return waive(loan, charge, command, context)
        case c.RefundCharge():
            return refund(loan, charge, command, context)
        case _:
            assert_never(command)


def find(item: Item, charge_id: UUID) -> tuple[Loan, Charge]:
    """The charge and the loan that led to it. Raises Rejected."""
    charge = of(tuple(charge for loan in item.settling for charge in loan.charges), charge_id)
    return next(loan for loan in item.settling if charge in loan.charges), charge


def of(charges: tuple[Charge, ...], charge_id: UUID) -> Charge:
    """One of the charges. Raises Rejected."""
    found = next((charge for charge in charges if charge.id == charge_id), None)
    if found is None:
        raise Rejected(rules.CHARGE_UNKNOWN, charge=charge_id)
    return found


def owed(charge: Charge, context: Context) -> date:
    """The day on which a charge is settled that is still owed. Raises Rejected."""
    if charge.status is not ChargeStatus.OPEN:
        raise Rejected(rules.CHARGE_SETTLED, status=charge.status)
    return in_order(charge.since, context)


def paid(charge: Charge, context: Context) -> date:
    """The day on which a charge that was paid is paid back. Raises Rejected."""
    if charge.status is not ChargeStatus.PAID:
        raise Rejected(rules.CHARGE_NOT_PAID, status=charge.status)
    return in_order(charge.since, context)


def grounded(loan: Loan | None, charge: Charge, ground: ReliefGround, context: Context) -> ReliefGround:
    """The ground of a relief; a find relieves of replacing what was found, which needs nobody's discretion."""
    found = loan is not None and loan.status is LoanStatus.FOUND and charge.cause is ChargeCause.REPLACEMENT
    if ground is ReliefGround.ITEM_FOUND and not found:
        raise Rejected(rules.NOT_FOUND_AGAIN, ground=ground, cause=charge.cause)
    if loan is not None and ground is ReliefGround.ITEM_FOUND:
        in_order(loan.since, context)
    return ground


def settles(loan: Loan, charge: Charge, day: date) -> date | None:
    """The day to forget the loan from, where this charge is the last that is not settled."""
    rest = [each for each in loan.unsettled if each.id != charge.id]
    return None if rest else kept_until(day, loan)


def pay(loan: Loan, charge: Charge, command: c.PayCharge, context: Context) -> tuple[Fact, ...]:
    """The money is in the till."""
    day = owed(charge, context)
    return (
        f.ChargePaid(
            charge=charge.id,
            loan=loan.id,
            amount=charge.amount,
            method=command.method,
            branch=text("branch", command.branch),
            paid_on=day,
            anonymise_from=settles(loan, charge, day),
        ),
    )


def waive(loan: Loan, charge: Charge, command: c.WaiveCharge, context: Context) -> tuple[Fact, ...]:
    """The reader need not pay."""
    day = owed(charge, context)
    return (
        f.ChargeWaived(
            charge=charge.id,
            loan=loan.id,
            amount=charge.amount,
            ground=grounded(loan, charge, command.ground, context),
            waived_by=by_staff(context),
            waived_on=day,
            reason=sealed("reason", command.reason, key=loan.id),
            anonymise_from=settles(loan, charge, day),
        ),
    )


def refund(loan: Loan, charge: Charge, command: c.RefundCharge, context: Context) -> tuple[Fact, ...]:
    """The reader has the money back."""
    day = paid(charge, context)
    return (
        f.ChargeRefunded(
            charge=charge.id,
            loan=loan.id,
            amount=charge.amount,
            ground=grounded(loan, charge, command.ground, context),
            refunded_by=by_staff(context),
            refunded_on=day,
            reason=sealed("reason", command.reason, key=loan.id),
            anonymise_from=settles(loan, charge, day),
        ),
    )
