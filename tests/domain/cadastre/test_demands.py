"""Demands: fee notices and invoices, cancelled, overdue, reminded of; and fees that are waived."""

from dataclasses import replace
from datetime import date

import pytest

from domain.cadastre.commands import (
    CancelInvoice,
    CompleteOrder,
    CorrectOrder,
    RecordPaymentOverdue,
    RemindPayment,
    WaiveFee,
)
from domain.cadastre.facts import (
    FeeWaived,
    InvoiceCancelled,
    InvoiceIssued,
    PaymentBecameOverdue,
    PaymentReminded,
)
from domain.cadastre.vocabulary import OrderField, Stage, WaiverGround
from domain.kernel import Channel, Supervised, Supervision
from tests.domain.cadastre.orders import (
    BY_POST,
    DUE,
    FREE,
    INVOICE,
    INVOICES,
    MAKE,
    NOTICE,
    PAY,
    THE_DAY_AFTER,
    WITHDRAW,
    cancelled,
    completed,
    euros,
    invoiced,
    made,
    noticed,
    numbered,
    overdue,
    paid,
    placed,
    priced,
    sealed,
)
from tests.scenario import TODAY, Given

REASON = sealed("Rechnung an falsche Anschrift")
TAKE_BACK = CancelInvoice(series_id=INVOICES, reason=REASON)
OVERDUE = RecordPaymentOverdue()
REMIND = RemindPayment(due=date(2026, 4, 20))
WAIVE = WaiveFee(ground=WaiverGround.UNCOLLECTIBLE, reason=sealed("Schuldner unbekannt verzogen"))


def made_on_invoice() -> Given:
    return invoiced().when(MAKE).so()


# Demanded


@pytest.mark.allows("cadastre.fee_notice_issued", "cadastre.fee_not_assessed", "cadastre.nothing_to_pay")
def test_an_invoice_demands_the_assessed_fee() -> None:
    billed = numbered(priced()).when(replace(INVOICE, bill_to=sealed("Planungsbüro Grün GmbH, Hilden")))
    fact = billed.facts[0]
    assert fact == InvoiceIssued(
        invoice_number="RE62-2026-00100",
        amount=euros("30.00"),
        due=DUE,
        bill_to=sealed("Planungsbüro Grün GmbH, Hilden"),
        issued_on=TODAY,
    )
    assert billed.so().state.stage is Stage.INVOICED


def test_a_fee_is_demanded_once() -> None:
    noticed().when(NOTICE).refused("cadastre.fee_notice_issued")
    noticed().when(INVOICE).refused("cadastre.fee_notice_issued")
    invoiced().when(NOTICE).refused("cadastre.fee_notice_issued")


def test_only_an_open_fee_is_demanded() -> None:
    for demand in (NOTICE, INVOICE):
        numbered(placed()).when(demand).refused("cadastre.fee_not_assessed")
        numbered(paid()).when(demand).refused("cadastre.already_paid")
        numbered(placed().when(FREE).so()).when(demand).refused("cadastre.nothing_to_pay")


def test_nothing_falls_due_before_it_is_demanded() -> None:
    numbered(priced()).when(replace(NOTICE, due=date(2026, 3, 1))).invalid("due")
    numbered(priced()).when(replace(INVOICE, due=date(2026, 3, 1))).invalid("due")
    overdue().when(replace(REMIND, due=DUE), on=THE_DAY_AFTER).invalid("due")


def test_an_address_for_the_invoice_says_something() -> None:
    numbered(priced()).when(replace(INVOICE, bill_to=sealed(" "))).invalid("bill_to")


# Cancelled


@pytest.mark.allows("cadastre.no_invoice")
def test_an_invoice_is_taken_back_by_another() -> None:
    decision = invoiced().when(TAKE_BACK)
    assert decision.facts[0] == InvoiceCancelled(
        cancellation_number="RE62-2026-00101",
        invoice_number="RE62-2026-00100",
        amount=euros("30.00"),
        reason=REASON,
        cancelled_on=TODAY,
    )
    after = decision.so().state
    assert (after.stage, after.demand, after.fee) == (Stage.PRICED, None, euros("30.00"))


@pytest.mark.parametrize("scenario", [priced, noticed, paid])
def test_only_an_invoice_that_stands_is_taken_back(scenario: object) -> None:
    assert callable(scenario)
    begun = scenario()
    begun = begun if begun.state_of(INVOICES) else numbered(begun)
    begun.when(TAKE_BACK).refused("cadastre.no_invoice")


def test_an_invoice_is_taken_back_once_and_for_a_reason() -> None:
    invoiced().when(TAKE_BACK).so().when(TAKE_BACK).refused("cadastre.no_invoice")
    invoiced().when(replace(TAKE_BACK, reason=sealed(""))).invalid("reason")


def test_an_order_with_an_invoice_is_cancelled_after_the_invoice() -> None:
    invoiced().when(WITHDRAW).refused("cadastre.invoice_open")
    invoiced().when(PAY).so().when(WITHDRAW).refused("cadastre.invoice_open")


@pytest.mark.allows("cadastre.invoice_open")
def test_an_order_whose_invoice_was_taken_back_is_cancelled() -> None:
    assert invoiced().when(TAKE_BACK).so().when(WITHDRAW).so().state.stage is Stage.CANCELLED
    paid_first = invoiced().when(PAY).so().when(TAKE_BACK).so()
    assert paid_first.state.stage is Stage.PAID
    assert paid_first.when(WITHDRAW).so().state.paid == euros("30.00")


def test_a_fee_notice_ends_with_its_order() -> None:
    noticed().when(WITHDRAW).so()


@pytest.mark.allows("cadastre.fee_notice_issued")
def test_an_order_is_invoiced_anew_after_the_invoice_was_taken_back() -> None:
    again = invoiced().when(TAKE_BACK).so().when(INVOICE).so()
    assert (again.state.stage, again.state.demand.number) == (Stage.INVOICED, "RE62-2026-00102")
    made = made_on_invoice().when(TAKE_BACK).so()
    assert made.state.stage is Stage.PRODUCED
    assert made.when(INVOICE).so().state.stage is Stage.PRODUCED


def test_what_nobody_owes_by_a_demand_is_not_handed_out() -> None:
    made_on_invoice().when(TAKE_BACK).so().when(BY_POST).refused("cadastre.payment_missing")


@pytest.mark.allows("cadastre.payment_missing")
def test_what_is_demanded_by_invoice_is_made_and_handed_out() -> None:
    made_on_invoice().when(BY_POST).so()


def test_an_order_goes_back_to_its_size_when_the_invoice_was_taken_back() -> None:
    larger = CorrectOrder(field=OrderField.PAPER_SIZE, new="A1", reason=sealed("zu klein"))
    invoiced().when(larger).refused("cadastre.field_fixed")
    assert invoiced().when(TAKE_BACK).so().when(larger).so().state.fee is None


# Overdue


@pytest.mark.allows("cadastre.nothing_overdue", "cadastre.not_yet_due")
@pytest.mark.parametrize("scenario", [noticed, invoiced, made_on_invoice])
def test_a_payment_is_overdue_the_day_after_its_last_day(scenario: object) -> None:
    assert callable(scenario)
    after = scenario().when(OVERDUE, on=THE_DAY_AFTER).then(PaymentBecameOverdue(amount=euros("30.00"), due=DUE))
    assert after.state.demand.overdue
    assert after.state.stage is scenario().state.stage


def test_until_its_last_day_a_payment_is_in_time() -> None:
    invoiced().when(OVERDUE, on=DUE).refused("cadastre.not_yet_due")


@pytest.mark.parametrize("scenario", [priced, paid, overdue])
def test_only_what_is_demanded_and_open_becomes_overdue_and_once(scenario: object) -> None:
    assert callable(scenario)
    scenario().when(OVERDUE, on=THE_DAY_AFTER).refused("cadastre.nothing_overdue")
    invoiced().when(PAY).so().when(OVERDUE, on=THE_DAY_AFTER).refused("cadastre.nothing_overdue")


@pytest.mark.allows("cadastre.not_overdue", "cadastre.reminders_exhausted")
def test_a_reminder_sets_another_last_day() -> None:
    reminded = overdue().when(REMIND, on=THE_DAY_AFTER)
    after = reminded.then(
        PaymentReminded(level=1, amount=euros("30.00"), due=date(2026, 4, 20), reminded_on=THE_DAY_AFTER)
    )
    assert not after.state.demand.overdue
    after.when(OVERDUE, on=date(2026, 4, 20)).refused("cadastre.not_yet_due")
    again = after.when(OVERDUE, on=date(2026, 4, 21)).so()
    second = again.when(replace(REMIND, due=date(2026, 5, 4)), on=date(2026, 4, 21)).so()
    assert second.state.demand.reminders == 2


@pytest.mark.parametrize("scenario", [priced, noticed, paid])
def test_only_what_is_overdue_is_reminded_of(scenario: object) -> None:
    assert callable(scenario)
    scenario().when(REMIND, on=THE_DAY_AFTER).refused("cadastre.not_overdue")
    overdue().when(PAY).so().when(REMIND, on=THE_DAY_AFTER).refused("cadastre.not_overdue")


def test_a_payment_is_reminded_of_twice_at_most() -> None:
    scenario = overdue()
    for day in (20, 21):
        due = replace(REMIND, due=date(2026, 4, day))
        scenario = scenario.when(due, on=date(2026, 4, day)).so().when(OVERDUE, on=date(2026, 4, day + 1)).so()
    late = replace(REMIND, due=date(2026, 5, 30))
    scenario.when(late, on=date(2026, 5, 1)).refused("cadastre.reminders_exhausted")


def test_an_overdue_fee_can_still_be_paid() -> None:
    assert overdue().when(PAY).so().state.stage is Stage.PAID


# Waived


@pytest.mark.allows("cadastre.staff_decides", "cadastre.already_paid", "cadastre.nothing_to_pay")
def test_a_waived_fee_is_owed_no_longer() -> None:
    after = (
        overdue()
        .when(WAIVE, on=THE_DAY_AFTER)
        .then(
            FeeWaived(
                amount=euros("30.00"),
                ground=WaiverGround.UNCOLLECTIBLE,
                reason=WAIVE.reason,
                waived_on=THE_DAY_AFTER,
            )
        )
    )
    assert (after.state.stage, after.state.settled, after.state.paid) == (Stage.PAID, True, None)
    after.when(RecordPaymentOverdue(), on=TODAY).refused("cadastre.nothing_overdue")


@pytest.mark.allows("cadastre.fee_open")
def test_a_delivered_order_is_completed_without_a_waived_fee() -> None:
    delivered = made_on_invoice().when(BY_POST).so()
    delivered.when(CompleteOrder()).refused("cadastre.fee_open")
    delivered.when(WAIVE).so().when(CompleteOrder()).so()


@pytest.mark.parametrize("channel", [Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.SYSTEM])
def test_nobody_but_staff_waives_a_fee(channel: Channel) -> None:
    priced().when(WAIVE, channel=channel).refused("cadastre.staff_decides")


def test_only_what_is_owed_is_waived() -> None:
    placed().when(WAIVE).refused("cadastre.fee_not_assessed")
    paid().when(WAIVE).refused("cadastre.already_paid")
    placed().when(FREE).so().when(WAIVE).refused("cadastre.nothing_to_pay")
    made().when(WAIVE).refused("cadastre.already_paid")
    for scenario in (completed(), cancelled()):
        scenario.when(WAIVE).refused("cadastre.order_finished")


def test_a_waiver_needs_a_reason_and_is_recorded_as_an_override() -> None:
    priced().when(replace(WAIVE, reason=sealed(""))).invalid("reason")
    (fact,) = priced().when(WAIVE).facts
    assert isinstance(fact, FeeWaived)
    assert fact.supervised() == Supervised(by=Supervision.OVERRIDE, rules=("cadastre.fee_open",), reason=WAIVE.reason)
