"""What membership costs by the year, and what may be done with a fee: pay, waive, pay back."""

from datetime import date, timedelta
from typing import assert_never

from domain.kernel import ChargeKind, Context, Fact, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.charges import grounded, of, owed, paid
from domain.library.checks import by_staff, in_order, sealed
from domain.library.state import Patron
from domain.library.tariff import table_on
from domain.library.vocabulary import ChargeCause


def decide(patron: Patron, command: c.FeeCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on a reader's fees leads to."""
    match command:
        case c.RaiseMembershipFee():
            return raise_fee(patron, context)
        case c.PayMembershipFee():
            fee = of(patron.fees, command.charge)
            day = owed(fee, context)
            return (f.MembershipFeePaid(charge=fee.id, amount=fee.amount, method=command.method, paid_on=day),)
        case c.WaiveMembershipFee():
            return waive(patron, command, context)
        case c.RefundMembershipFee():
            return refund(patron, command, context)
        case _:
            assert_never(command)


def raise_fee(patron: Patron, context: Context) -> tuple[Fact, ...]:
    """The fee for the year that begins."""
    table = table_on(context.day)
    if not patron.active:
        raise Rejected(rules.MEMBERSHIP_RESTS)
    if patron.age_band in table.free:
        raise Rejected(rules.FEE_EXEMPT, age_band=patron.age_band)
    if patron.charged_until is not None and context.day <= patron.charged_until:
        raise Rejected(rules.FEE_NOT_DUE, charged_until=patron.charged_until)
    day = in_order(patron.pays_from, context)
    return (
        f.MembershipFeeRaised(
            charge=c.fee_id(context.record_id, context.version),
            charge_kind=ChargeKind.ENTGELT,
            cause=ChargeCause.MEMBERSHIP,
            amount=table.year,
            table=table.version,
            period_from=day,
            period_until=a_year_from(day) - timedelta(days=1),
            branch=patron.branch,
        ),
    )


def a_year_from(day: date) -> date:
    """The same day of the next year; the day after 28 February for a 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def waive(patron: Patron, command: c.WaiveMembershipFee, context: Context) -> tuple[Fact, ...]:
    """The reader need not pay."""
    fee = of(patron.fees, command.charge)
    day = owed(fee, context)
    return (
        f.MembershipFeeWaived(
            charge=fee.id,
            amount=fee.amount,
            ground=grounded(None, fee, command.ground, context),
            waived_by=by_staff(context),
            waived_on=day,
            reason=sealed("reason", command.reason),
        ),
    )


def refund(patron: Patron, command: c.RefundMembershipFee, context: Context) -> tuple[Fact, ...]:
    """The reader has the money back."""
    fee = of(patron.fees, command.charge)
    day = paid(fee, context)
    return (
        f.MembershipFeeRefunded(
            charge=fee.id,
            amount=fee.amount,
            ground=grounded(None, fee, command.ground, context),
            refunded_by=by_staff(context),
            refunded_on=day,
            reason=sealed("reason", command.reason),
        ),
    )
