"""Charges and fees: raised by a table, paid, waived, paid back; and what must be settled before a loan is forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.kernel import Channel, ChargeKind, Money, Sealed, Supervised, Supervision
from domain.library import commands as c
from domain.library import facts as f
from domain.library.state import Charge, Item, Patron
from domain.library.tariff import TABLES, table_on
from domain.library.vocabulary import (
    AgeBand,
    CancellationGround,
    ChargeCause,
    ChargeStatus,
    DeactivationGround,
    MeansOfPayment,
    MediaType,
    ReliefGround,
    ReturnPlace,
)
from tests.domain.library.examples import ADA, CENTRAL, MONDAY, REASON, a_hold, a_loan, a_reader
from tests.golden.samples import sample
from tests.scenario import ACTOR, NOW, RECORD, Given, an_id

LOAN = c.loan_id(RECORD, 1)
RETURN = c.ReturnItem(branch=CENTRAL)
BOX = c.ReturnItem(branch=CENTRAL, place=ReturnPlace.RETURN_BOX)
FEE = c.fee_id(RECORD, 1)


def returned_late(days: int = 8) -> Given:
    """The book, back so many days late."""
    return a_loan(MONDAY - timedelta(days=28 + days)).when(RETURN).so()


def the_charge(scenario: Given) -> Charge:
    state = scenario.state
    assert isinstance(state, Item | Patron)
    return state.fees[-1] if isinstance(state, Patron) else state.settling[-1].charges[-1]


def pay(scenario: Given) -> c.PayCharge:
    return c.PayCharge(charge=the_charge(scenario).id, method=MeansOfPayment.CASH, branch=CENTRAL)


def waive(scenario: Given, **changes: Any) -> c.WaiveCharge:
    return replace(
        c.WaiveCharge(charge=the_charge(scenario).id, ground=ReliefGround.HARDSHIP, reason=REASON), **changes
    )


def refund(scenario: Given, **changes: Any) -> c.RefundCharge:
    return replace(
        c.RefundCharge(charge=the_charge(scenario).id, ground=ReliefGround.GOODWILL, reason=REASON), **changes
    )


@pytest.mark.parametrize(("days", "weeks", "euros"), [(1, 1, "1.50"), (7, 1, "1.50"), (8, 2, "3.00"), (15, 3, "4.50")])
def test_each_started_week_costs_what_the_table_of_the_day_says(days: int, weeks: int, euros: str) -> None:
    back, charge = a_loan(MONDAY - timedelta(days=28 + days)).when(RETURN).facts
    assert isinstance(back, f.ItemReturned)
    assert back.anonymise_from is None
    assert charge == f.ChargeRaised(
        charge=c.charge_id(RECORD, 2, ChargeCause.OVERDUE),
        loan=LOAN,
        charge_kind=ChargeKind.ENTGELT,
        cause=ChargeCause.OVERDUE,
        amount=Money(Decimal(euros)),
        weeks=weeks,
        table="2024-01",
        media_type=MediaType.BOOK,
        branch=CENTRAL,
        raised_on=MONDAY,
    )


def test_what_is_back_in_time_costs_nothing() -> None:
    (back,) = a_loan(MONDAY - timedelta(days=28)).when(RETURN).facts
    assert isinstance(back, f.ItemReturned)
    assert back.anonymise_from == MONDAY + timedelta(days=28)


def test_a_return_of_before_keeps_the_table_of_its_day() -> None:
    charge = a_loan(date(2023, 1, 2)).when(BOX, on=date(2023, 1, 31)).facts[1]
    assert isinstance(charge, f.ChargeRaised)
    assert (charge.table, charge.amount) == ("2000-01", Money(Decimal("1.00")))
    assert table_on(date(1803, 1, 1)) is TABLES[0]
    assert (table_on(date(2023, 12, 31)), table_on(date(2024, 1, 1))) == TABLES
    assert [table.valid_from for table in TABLES] == sorted(table.valid_from for table in TABLES)


@pytest.mark.allows("library.charge_settled", "library.charge_unknown")
def test_a_charge_is_paid_once() -> None:
    owed = returned_late()
    paid = owed.when(pay(owed)).then(
        f.ChargePaid(
            charge=the_charge(owed).id,
            loan=LOAN,
            amount=Money(Decimal("3.00")),
            method=MeansOfPayment.CASH,
            branch=CENTRAL,
            paid_on=MONDAY,
            anonymise_from=MONDAY + timedelta(days=28),
        )
    )
    paid.when(pay(owed)).refused("library.charge_settled")
    paid.when(waive(owed)).refused("library.charge_settled")


def test_only_what_was_charged_is_settled() -> None:
    unknown = an_id("another charge")
    owed = returned_late()
    owed.when(replace(pay(owed), charge=unknown)).refused("library.charge_unknown")
    owed.when(waive(owed, charge=unknown)).refused("library.charge_unknown")
    owed.when(refund(owed, charge=unknown)).refused("library.charge_unknown")


def test_a_waiver_names_who_waived_and_is_supervised() -> None:
    owed = returned_late()
    (waived,) = owed.when(waive(owed)).facts
    assert isinstance(waived, f.ChargeWaived)
    assert (waived.waived_by, waived.reason) == (ACTOR, Sealed("Tippfehler", LOAN))
    assert waived.supervised() == Supervised(
        by=Supervision.OVERRIDE, rules=("library.open_charges",), reason=waived.reason
    )
    owed.when(waive(owed), channel=Channel.SERVICE_PORTAL).refused("library.override_by_staff")
    owed.when(waive(owed, reason=Sealed(" "))).invalid("reason")


@pytest.mark.allows("library.charge_not_paid")
def test_what_was_paid_is_paid_back_once() -> None:
    owed = returned_late()
    owed.when(refund(owed)).refused("library.charge_not_paid")
    paid = owed.when(pay(owed)).so()
    paid.when(refund(owed), channel=Channel.TERMINAL).refused("library.override_by_staff")
    back = paid.when(refund(owed)).so()
    assert the_charge(back).status is ChargeStatus.REFUNDED
    back.when(refund(owed)).refused("library.charge_not_paid")


@pytest.mark.allows("library.not_found_again")
def test_a_find_relieves_only_of_what_was_found() -> None:
    owed = returned_late()
    owed.when(waive(owed, ground=ReliefGround.ITEM_FOUND)).refused("library.not_found_again")
    gone = a_loan().when(c.DeclareLost(replacement=Decimal(20))).so()
    found = gone.when(pay(gone)).so().when(c.FindItem(branch=CENTRAL)).so()
    found.when(refund(found, ground=ReliefGround.ITEM_FOUND)).so()


def test_a_find_does_not_relieve_of_the_delay() -> None:
    late = a_loan(MONDAY - timedelta(days=36)).when(c.DeclareLost(replacement=Decimal(20))).so()
    found = late.when(c.FindItem(branch=CENTRAL)).so()
    delay = next(charge.id for charge in found.state.settling[-1].charges if charge.cause is ChargeCause.OVERDUE)
    without_grounds = waive(found, charge=delay, ground=ReliefGround.ITEM_FOUND)
    found.when(without_grounds).refused("library.not_found_again")
    paid = found.when(replace(pay(found), charge=delay)).so()
    paid.when(refund(found, charge=delay, ground=ReliefGround.ITEM_FOUND)).refused("library.not_found_again")
    paid.when(refund(found, charge=delay, ground=ReliefGround.GOODWILL)).so()


def test_a_charge_is_settled_no_sooner_than_it_was_raised_and_paid_back_no_sooner_than_paid() -> None:
    owed, eve = returned_late(), MONDAY - timedelta(days=1)
    owed.when(pay(owed), on=eve).refused("library.out_of_order")
    owed.when(waive(owed), on=eve).refused("library.out_of_order")
    paid = owed.when(pay(owed), on=MONDAY).so()
    paid.when(refund(owed), on=eve).refused("library.out_of_order")
    paid.when(refund(owed), on=MONDAY).so()
    fee = c.PayMembershipFee(charge=FEE, method=MeansOfPayment.CASH)
    raised().when(fee, on=eve).refused("library.out_of_order")
    raised().when(fee, on=MONDAY).so()


def test_no_fee_is_raised_for_the_time_before_a_reader_was_one() -> None:
    reader = a_reader(registered_on=MONDAY)
    reader.when(RAISE, on=MONDAY - timedelta(days=1)).refused("library.out_of_order")
    reader.when(RAISE, on=MONDAY).so()


FORGET = c.AnonymiseLoan(loan=LOAN)


@pytest.mark.allows("library.loan_runs", "library.loan_unknown", "library.kept_until")
def test_four_weeks_after_return_it_is_forgotten_who_had_the_item() -> None:
    back = a_loan().when(RETURN).so()
    day = MONDAY + timedelta(days=28)
    back.when(FORGET, on=day - timedelta(days=1)).refused("library.kept_until")
    forgotten = back.when(FORGET, on=day).then(f.LoanAnonymised(loan=LOAN, keys=(LOAN,), anonymised_on=day))
    assert forgotten.state.settling == ()
    forgotten.when(FORGET, on=day).refused("library.loan_unknown")
    a_loan().when(FORGET, on=day).refused("library.loan_runs")


def test_the_hold_that_a_loan_fulfilled_is_forgotten_with_it() -> None:
    lent = a_hold().when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    back = lent.when(RETURN).so()
    (loan,) = back.state.settling
    (forgotten,) = back.when(c.AnonymiseLoan(loan=loan.id), on=date(2027, 1, 4)).facts
    assert isinstance(forgotten, f.LoanAnonymised)
    assert forgotten.keys == (loan.id, c.hold_id(RECORD, 1))
    assert forgotten.sealing_key() is None


@pytest.mark.allows("library.open_charges")
def test_open_charges_keep_a_loan_from_being_forgotten() -> None:
    owed = returned_late()
    owed.when(FORGET, on=date(2027, 1, 4)).refused("library.open_charges")
    owed.when(pay(owed)).so().when(FORGET, on=date(2027, 1, 4)).so()
    owed.when(waive(owed)).so().when(FORGET, on=date(2027, 1, 4)).so()


def test_a_loan_is_kept_from_the_day_it_was_settled() -> None:
    owed = returned_late()
    paid = owed.when(pay(owed), on=MONDAY + timedelta(days=20)).so()
    paid.when(FORGET, on=MONDAY + timedelta(days=47)).refused("library.kept_until")
    paid.when(FORGET, on=MONDAY + timedelta(days=48)).so()


def test_a_charge_of_a_forgotten_loan_is_gone_with_it() -> None:
    owed = returned_late()
    forgotten = owed.when(pay(owed)).so().when(FORGET, on=date(2027, 1, 4)).so()
    forgotten.when(refund(owed)).refused("library.charge_unknown")


def lost_late() -> tuple[Given, c.PayCharge, c.PayCharge]:
    """The book, given up when it was late, and how its delay and its replacement are paid."""
    gone = a_loan(MONDAY - timedelta(days=36)).when(c.DeclareLost(replacement=Decimal(20))).so()
    delay, replacement = (replace(pay(gone), charge=charge.id) for charge in gone.state.settling[-1].charges)
    return gone, delay, replacement


def test_a_loan_is_kept_from_the_last_settlement_whichever_is_booked_last() -> None:
    gone, delay, replacement = lost_late()
    day = MONDAY + timedelta(days=20)
    (paid,) = gone.when(replacement, on=day).so().when(delay).facts
    assert isinstance(paid, f.ChargePaid)
    assert paid.anonymise_from == day + timedelta(days=28)


def test_a_find_that_is_booked_later_forgets_nobody_sooner() -> None:
    gone, delay, replacement = lost_late()
    day = MONDAY + timedelta(days=20)
    waived = c.WaiveCharge(charge=replacement.charge, ground=ReliefGround.GOODWILL, reason=REASON)
    settled = gone.when(delay, on=day).so().when(waived, on=day).so()
    (found,) = settled.when(c.FindItem(branch=CENTRAL), on=MONDAY).facts
    assert isinstance(found, f.ItemFound)
    assert found.anonymise_from == day + timedelta(days=28)


def test_a_find_relieves_from_the_day_of_the_find_on() -> None:
    gone, delay, replacement = lost_late()
    day = MONDAY + timedelta(days=20)
    found = gone.when(delay).so().when(replacement).so().when(c.FindItem(branch=CENTRAL), on=day).so()
    back = c.RefundCharge(charge=replacement.charge, ground=ReliefGround.ITEM_FOUND, reason=REASON)
    found.when(back, on=day - timedelta(days=1)).refused("library.out_of_order")
    (refunded,) = found.when(back, on=day).facts
    assert isinstance(refunded, f.ChargeRefunded)
    assert refunded.anonymise_from == day + timedelta(days=28)
    (earlier,) = found.when(replace(back, ground=ReliefGround.MISTAKE), on=MONDAY).facts
    assert isinstance(earlier, f.ChargeRefunded)
    assert earlier.anonymise_from == day + timedelta(days=28)


def test_a_refund_after_settlement_keeps_the_loan_four_weeks_more() -> None:
    owed = returned_late()
    day = MONDAY + timedelta(days=20)
    again = owed.when(pay(owed)).so().when(refund(owed), on=day).so()
    assert again.state.settling[-1].anonymise_from == day + timedelta(days=28)
    again.when(FORGET, on=day + timedelta(days=27)).refused("library.kept_until")
    again.when(FORGET, on=day + timedelta(days=28)).so()


def test_whatever_names_a_loan_or_a_hold_is_sealed_under_its_key_so_that_it_is_forgotten_with_it() -> None:
    for fact in f.FACTS:
        example = sample(fact)
        of = getattr(example, "loan", None) or getattr(example, "hold", None)
        by_staff_alone = (f.LoanAnonymised, f.HoldAnonymised, f.ItemSentInTransit, f.ItemArrived)
        if of is not None and not isinstance(example, by_staff_alone):
            assert example.sealing_key() == of, fact.__name__


@pytest.mark.allows("library.forgotten_by_library")
def test_no_reader_is_named_by_forgetting_who_they_were() -> None:
    back = a_loan().when(RETURN).so()
    day = MONDAY + timedelta(days=28)
    hold = c.hold_id(RECORD, 1)
    ended = a_hold().when(c.CancelHold(hold=hold, ground=CancellationGround.BY_READER)).so()
    now = NOW + timedelta(days=28)
    for scenario, forget in ((back, FORGET), (ended, c.AnonymiseHold(hold=hold))):
        for channel in (Channel.TERMINAL, Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.CHATBOT):
            scenario.when(forget, on=day, now=now, channel=channel).refused("library.forgotten_by_library")
        for channel in (Channel.STAFF, Channel.SYSTEM, Channel.IMPORT):
            scenario.when(forget, on=day, now=now, channel=channel).so()


@pytest.mark.allows("library.hold_not_ended")
def test_who_waited_in_vain_is_forgotten_too() -> None:
    hold = c.hold_id(RECORD, 1)
    a_hold().when(c.AnonymiseHold(hold=hold)).refused("library.hold_not_ended")
    ended = a_hold().when(c.CancelHold(hold=hold, ground=CancellationGround.BY_READER)).so()
    day = MONDAY + timedelta(days=28)
    gone = ended.when(c.AnonymiseHold(hold=hold), on=day).then(
        f.HoldAnonymised(hold=hold, keys=(hold,), anonymised_on=day)
    )
    gone.when(c.AnonymiseHold(hold=hold)).refused("library.hold_not_ended")


RAISE = c.RaiseMembershipFee()


def raised(day: date = MONDAY) -> Given:
    """A reader who owes the fee of a year."""
    return a_reader().when(RAISE, on=day).so()


@pytest.mark.allows("library.membership_rests", "library.fee_exempt", "library.fee_not_due")
def test_a_year_of_membership_costs_what_the_table_says_and_once() -> None:
    owed = (
        a_reader()
        .when(RAISE)
        .then(
            f.MembershipFeeRaised(
                charge=FEE,
                charge_kind=ChargeKind.ENTGELT,
                cause=ChargeCause.MEMBERSHIP,
                amount=Money(Decimal("20.00")),
                table="2024-01",
                period_from=MONDAY,
                period_until=date(2027, 3, 1),
                branch=CENTRAL,
            )
        )
    )
    owed.when(RAISE, on=date(2027, 3, 1)).refused("library.fee_not_due")
    owed.when(RAISE, on=date(2027, 3, 2)).so()


def test_a_year_that_begins_on_a_leap_day_ends_on_the_last_of_february() -> None:
    (fact,) = a_reader().when(RAISE, on=date(2024, 2, 29)).facts
    assert isinstance(fact, f.MembershipFeeRaised)
    assert fact.period_until == date(2025, 2, 28)


@pytest.mark.parametrize("band", [AgeBand.UNDER_16, AgeBand.FROM_16_TO_20])
def test_under_21_membership_is_free(band: AgeBand) -> None:
    young = a_reader(age_band=band)
    young.when(RAISE).refused("library.fee_exempt")
    young.when(c.ChangeAgeBand(age_band=AgeBand.ADULT)).so().when(RAISE).so()


def test_a_resting_membership_costs_nothing() -> None:
    resting = a_reader().when(c.DeactivatePatron(ground=DeactivationGround.ON_REQUEST)).so()
    resting.when(RAISE).refused("library.membership_rests")


def test_nothing_is_owed_for_the_time_that_a_membership_rested_or_was_free() -> None:
    year = timedelta(days=365)
    rested = a_reader().when(c.DeactivatePatron(ground=DeactivationGround.ON_REQUEST), on=MONDAY - 5 * year).so()
    again = rested.when(c.ReactivatePatron(), on=MONDAY - timedelta(days=9)).so()
    grown = a_reader(age_band=AgeBand.FROM_16_TO_20)
    grown = grown.when(c.ChangeAgeBand(age_band=AgeBand.ADULT), on=MONDAY - timedelta(days=9)).so()
    for reader in (again, grown):
        reader.when(RAISE, on=MONDAY - 4 * year).refused("library.out_of_order")
        reader.when(RAISE, on=MONDAY - timedelta(days=10)).refused("library.out_of_order")
        reader.when(RAISE, on=MONDAY - timedelta(days=9)).so()
    unknown = rested.beside(RECORD, f.PatronReactivated(reactivated_on=None))
    unknown.when(RAISE, on=MONDAY - 4 * year).so()


def test_a_fee_is_paid_and_paid_back() -> None:
    pay_it = c.PayMembershipFee(charge=FEE, method=MeansOfPayment.ONLINE)
    refund_it = c.RefundMembershipFee(charge=FEE, ground=ReliefGround.MISTAKE, reason=REASON)
    raised().when(refund_it).refused("library.charge_not_paid")
    paid = (
        raised()
        .when(pay_it)
        .then(
            f.MembershipFeePaid(
                charge=FEE, amount=Money(Decimal("20.00")), method=MeansOfPayment.ONLINE, paid_on=MONDAY
            )
        )
    )
    paid.when(pay_it).refused("library.charge_settled")
    paid.when(refund_it, channel=Channel.SERVICE_PORTAL).refused("library.override_by_staff")
    (back,) = paid.when(refund_it).facts
    assert isinstance(back, f.MembershipFeeRefunded)
    assert back.supervised() is not None
    assert the_charge(paid.when(refund_it).so()).status is ChargeStatus.REFUNDED
    a_reader().when(pay_it).refused("library.charge_unknown")


def test_a_fee_is_waived_by_name() -> None:
    waive_it = c.WaiveMembershipFee(charge=FEE, ground=ReliefGround.HARDSHIP, reason=REASON)
    (waived,) = raised().when(waive_it).facts
    assert isinstance(waived, f.MembershipFeeWaived)
    assert waived.waived_by == ACTOR
    assert waived.supervised() is not None
    raised().when(waive_it).so().when(waive_it).refused("library.charge_settled")
    raised().when(replace(waive_it, ground=ReliefGround.ITEM_FOUND)).refused("library.not_found_again")


def test_money_tells_nothing_of_two_loans_of_one_reader() -> None:
    first = returned_late()
    again = first.when(c.LendItem(patron=ADA, branch=CENTRAL)).so()
    second = again.when(RETURN, on=MONDAY + timedelta(days=40)).so()
    charges = [fact for _, fact in second.history if isinstance(fact, f.ChargeRaised)]
    assert {charge.sealing_key() for charge in charges} == {loan.id for loan in second.state.settling}
    assert len(charges) == 2
