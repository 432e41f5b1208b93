"""The days of an order's steps: each is held against the one it rests on, which may be on the same day."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    OpenSeries,
    RecordDeliveryExpired,
    RecordPaymentOverdue,
    RefundOrder,
    RefuseLegitimateInterest,
    RemindPayment,
    WaiveFee,
)
from domain.cadastre.vocabulary import OrderField, SeriesKind, WaiverGround
from domain.kernel import BERLIN, Channel, Command, Fact
from tests.domain.cadastre.orders import (
    BENRATH,
    BY_POST,
    CLAIM,
    DOWNLOAD,
    FREE,
    INVOICE,
    INVOICES,
    MAKE,
    NOTICE,
    NOTICES,
    OWNERS,
    PAY,
    WITHDRAW,
    another_priced,
    draft_of,
    euros,
    nothing_yet,
    numbered,
    placed,
    sealed,
)
from tests.scenario import RECORD, SOMEBODY_ELSE, Decision, Given, an_id

# Each step is taken on a day of its own, so that it can be told what a later one is held against.
PLACED = date(2026, 3, 2)
FIRST, SECOND, THIRD, FOURTH = (date(2026, 3, day) for day in (5, 9, 12, 16))
WAIVE = WaiveFee(ground=WaiverGround.HARDSHIP, reason=sealed("Härtefall"))
CONFIRM = ConfirmLegitimateInterest()
REFUSE = RefuseLegitimateInterest(reason=sealed("Nicht belegt"))
MADE_EARLY = replace(MAKE, data_as_of=PLACED)

claimed = placed(OWNERS).when(CLAIM, on=FIRST).so()
approved = claimed.when(CONFIRM, on=SECOND, actor=SOMEBODY_ELSE).so()
UNUSED, LATER = an_id("a series that gave no number yet"), an_id("another one")
OPEN = OpenSeries(series_kind=SeriesKind.INVOICE, year=2026, prefix="RE63")
priced = numbered(placed()).when(AssessFee(), on=FIRST).so().about(UNUSED).when(OPEN).so().about(RECORD)
priced = priced.about(LATER).when(replace(OPEN, prefix="RE64")).so().about(RECORD)
paid = priced.when(PAY, on=SECOND).so()
waived = priced.when(WAIVE, on=SECOND).so()
free = placed().when(FREE, on=SECOND).so()
noticed = priced.when(NOTICE, on=SECOND).so()
invoiced = priced.when(INVOICE, on=SECOND).so()
made = paid.when(MADE_EARLY, on=THIRD).so()
delivered = made.when(BY_POST, on=FOURTH).so()
made_on_invoice = invoiced.when(MADE_EARLY, on=THIRD).so()
delivered_on_invoice = made_on_invoice.when(BY_POST, on=THIRD).so()
paid_late = delivered_on_invoice.when(PAY, on=FOURTH).so()
reminding = RemindPayment(due=date(2026, 5, 2))
overdue = invoiced.when(RecordPaymentOverdue(), on=date(2026, 4, 7)).so()
downloaded = made.when(replace(DOWNLOAD, expires=FOURTH), on=THIRD).so()
expired = downloaded.when(RecordDeliveryExpired(), on=date(2026, 3, 20)).so()
cancelled = paid.when(WITHDRAW, on=THIRD).so()
cancelled_unpaid = noticed.when(WITHDRAW, on=THIRD).so()
TAKE_BACK = CancelInvoice(series_id=UNUSED, reason=sealed("Anschrift"))
taken_back = invoiced.when(TAKE_BACK, on=THIRD).so()
taken_back_late = delivered_on_invoice.when(PAY, on=THIRD).so().when(TAKE_BACK, on=FOURTH).so()
reminded = overdue.when(reminding, on=date(2026, 4, 9)).so()
overdue_notice = noticed.when(RecordPaymentOverdue(), on=date(2026, 4, 7)).so()
delivered_again = expired.when(BY_POST, on=date(2026, 3, 20)).so()
reminded_of_notice = noticed.when(RecordPaymentOverdue(), on=date(2026, 4, 7)).so()
reminded_of_notice = reminded_of_notice.when(reminding, on=date(2026, 4, 9)).so()
REFUND = RefundOrder(amount=euros("10.00"), reason=sealed("Rücknahme"))
COPIES = CorrectOrder(field=OrderField.COPIES, new="2", reason=sealed("Verzählt"))
SHEET = CorrectOrder(field=OrderField.PAPER_SIZE, new="A0", reason=sealed("Zu klein"))
voided = priced.when(COPIES, on=SECOND).so()
recounted = placed().when(COPIES, on=SECOND).so()
completed = delivered.when(CompleteOrder(), on=date(2026, 3, 20)).so()

GROUNDS: list[tuple[Given, Command, date]] = [
    (claimed, CONFIRM, FIRST),
    (claimed, REFUSE, FIRST),
    (approved, AssessFee(), SECOND),
    (priced, NOTICE, FIRST),
    (priced, INVOICE, FIRST),
    (priced, PAY, FIRST),
    (priced, WAIVE, FIRST),
    (noticed, WAIVE, SECOND),
    (taken_back, WAIVE, THIRD),
    (overdue, WAIVE, date(2026, 4, 3)),
    (reminded, WAIVE, date(2026, 4, 9)),
    (overdue, replace(TAKE_BACK, series_id=LATER), date(2026, 4, 3)),
    (overdue_notice, WITHDRAW, date(2026, 4, 3)),
    (waived.when(PAY, on=THIRD).so(), WITHDRAW, THIRD),
    (made, MADE_EARLY, THIRD),
    (expired, CompleteOrder(), date(2026, 3, 17)),
    (delivered_again, CompleteOrder(), date(2026, 3, 20)),
    (paid, MADE_EARLY, SECOND),
    (waived, MADE_EARLY, SECOND),
    (free, MADE_EARLY, SECOND),
    (noticed, MADE_EARLY, SECOND),
    (invoiced, MADE_EARLY, SECOND),
    (invoiced, TAKE_BACK, SECOND),
    (overdue, reminding, date(2026, 4, 3)),
    (made, BY_POST, THIRD),
    (expired, BY_POST, date(2026, 3, 17)),
    (delivered, CompleteOrder(), FOURTH),
    (paid_late, CompleteOrder(), FOURTH),
    (taken_back_late, CompleteOrder(), FOURTH),
    (taken_back, NOTICE, THIRD),
    (taken_back, replace(INVOICE, series_id=LATER), THIRD),
    (taken_back, WITHDRAW, THIRD),
    (reminded, replace(TAKE_BACK, series_id=LATER), date(2026, 4, 9)),
    (reminded_of_notice, WITHDRAW, date(2026, 4, 9)),
    (claimed, WITHDRAW, FIRST),
    (approved, WITHDRAW, SECOND),
    (paid, WITHDRAW, SECOND),
    (noticed, WITHDRAW, SECOND),
    (cancelled, REFUND, THIRD),
    (cancelled_unpaid.when(PAY, on=FOURTH).so(), REFUND, FOURTH),
    (cancelled_unpaid.when(PAY, on=FIRST).so(), REFUND, THIRD),
    (completed, REFUND, date(2026, 3, 20)),
    (cancelled.when(REFUND, on=FOURTH).so(), REFUND, FOURTH),
    (completed.when(REFUND, on=date(2026, 3, 23)).so(), REFUND, date(2026, 3, 23)),
    (priced, COPIES, FIRST),
    (priced, SHEET, FIRST),
    (taken_back, COPIES, THIRD),
    (recounted, SHEET, SECOND),
    (recounted, AssessFee(), SECOND),
    (voided, SHEET, SECOND),
    (voided, AssessFee(), SECOND),
    (voided, WITHDRAW, SECOND),
]


@pytest.mark.allows("cadastre.before_its_ground")
@pytest.mark.parametrize(("scenario", "command", "ground"), GROUNDS)
def test_a_step_is_taken_on_the_day_of_the_one_it_rests_on(scenario: Given, command: Command, ground: date) -> None:
    scenario.when(command, on=ground, actor=SOMEBODY_ELSE).so()


@pytest.mark.parametrize(("scenario", "command", "ground"), GROUNDS)
def test_no_step_is_taken_the_day_before_the_one_it_rests_on(scenario: Given, command: Command, ground: date) -> None:
    day_before = date.fromordinal(ground.toordinal() - 1)
    scenario.when(command, on=day_before, actor=SOMEBODY_ELSE).refused("cadastre.before_its_ground")


def test_no_step_is_taken_the_day_before_the_order() -> None:
    placed().when(AssessFee(), on=PLACED).so()
    placed().when(AssessFee(), on=date(2026, 3, 1)).refused("cadastre.before_the_order")


@pytest.mark.allows("cadastre.before_its_ground")
def test_money_that_came_before_the_extract_is_booked_after_it() -> None:
    booked = made_on_invoice.when(PAY, on=FIRST).so()
    assert booked.state.settled
    booked.when(BY_POST, on=THIRD).so()


@pytest.mark.allows("cadastre.before_its_ground")
def test_a_product_whose_invoice_was_taken_back_is_handed_over_when_its_fee_is_settled() -> None:
    waived_late = made_on_invoice.when(WAIVE, on=FOURTH).so()
    waived_late.when(BY_POST, on=THIRD).so()
    no_invoice = waived_late.when(TAKE_BACK, on=FOURTH).so()
    no_invoice.when(BY_POST, on=THIRD).refused("cadastre.before_its_ground")
    no_invoice.when(BY_POST, on=FOURTH).so()


@pytest.mark.allows("cadastre.before_its_ground")
def test_a_product_rests_on_the_first_of_notice_and_payment() -> None:
    late = invoiced.when(PAY, on=FOURTH).so()
    late.when(MADE_EARLY, on=SECOND).so()
    early = invoiced.when(PAY, on=FIRST).so()
    early.when(MADE_EARLY, on=FIRST).so()


@pytest.mark.allows("cadastre.before_its_ground")
def test_a_correction_that_no_fee_depends_on_holds_from_the_day_of_the_order() -> None:
    requester = CorrectOrder(field=OrderField.REQUESTER, new_sealed=sealed("Jörg Möller"), reason=sealed("Verhört"))
    parcels = CorrectOrder(field=OrderField.PARCELS, new=BENRATH, reason=sealed("Zahlendreher"))
    for command in (requester, parcels):
        voided.when(command, on=PLACED).so()
        voided.when(command, on=THIRD).so().when(AssessFee(), on=SECOND).so()


DAYS = (
    "claimed_on",
    "assessed_on",
    "issued_on",
    "reminded_on",
    "settled_on",
    "waived_on",
    "generated_on",
    "cancelled_on",
    "refunded_on",
    "corrected_on",
)


def undated(scenario: Given) -> Given:
    """The scenario, as it was recorded when facts did not say their day."""

    def without_its_day(fact: Fact) -> Fact:
        days = {name: None for name in DAYS if hasattr(fact, name)}
        return replace(fact, **days)

    return replace(scenario, history=tuple((owner, without_its_day(fact)) for owner, fact in scenario.history))


@pytest.mark.allows("cadastre.before_its_ground")
@pytest.mark.parametrize(
    ("scenario", "command"),
    [
        (claimed, CONFIRM),
        (priced, PAY),
        (paid, MADE_EARLY),
        (invoiced, TAKE_BACK),
        (made, BY_POST),
        (cancelled, REFUND),
        (taken_back, WITHDRAW),
        (reminded_of_notice, WITHDRAW),
        (cancelled.when(REFUND, on=FOURTH).so(), REFUND),
        (voided, SHEET),
        (voided, AssessFee()),
    ],
)
def test_what_was_recorded_without_its_day_holds_nothing_up(scenario: Given, command: Command) -> None:
    undated(scenario).when(command, on=PLACED, actor=SOMEBODY_ELSE).so()


ONE_BY_ONE: list[tuple[Given, Command]] = [
    (nothing_yet, replace(OWNERS, order_number="62-2026-00100")),
    (nothing_yet, draft_of(OWNERS)),
    (placed(OWNERS, on=PLACED), CLAIM),
    (priced, PAY),
    (priced, COPIES),
    (paid, WITHDRAW),
    (invoiced, RecordPaymentOverdue()),
]
CITIZENS = (Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.CHATBOT, Channel.TERMINAL)
LONG_AFTER = datetime(2026, 4, 20, 10, 0, tzinfo=BERLIN)


@pytest.mark.allows("cadastre.dated_back_by_staff")
@pytest.mark.parametrize(("scenario", "command"), ONE_BY_ONE)
def test_nobody_but_staff_and_imports_names_an_earlier_day(scenario: Given, command: Command) -> None:
    today, eve = LONG_AFTER.date(), date(2026, 4, 19)
    for channel in CITIZENS:
        scenario.when(command, on=eve, now=LONG_AFTER, channel=channel).refused("cadastre.dated_back_by_staff")
        scenario.when(command, on=today, now=LONG_AFTER, channel=channel).so()
    for channel in (Channel.STAFF, Channel.IMPORT):
        scenario.when(command, on=eve, now=LONG_AFTER, channel=channel).so()


def test_the_calendar_names_the_day_on_which_something_fell_due_and_no_other() -> None:
    def by_calendar(scenario: Given, command: Command, on: date) -> Decision:
        return scenario.when(command, on=on, now=LONG_AFTER, channel=Channel.SYSTEM)

    by_calendar(invoiced, RecordPaymentOverdue(), date(2026, 4, 3)).so()
    by_calendar(downloaded, RecordDeliveryExpired(), date(2026, 3, 17)).so()
    by_calendar(priced, PAY, SECOND).refused("cadastre.dated_back_by_staff")


def test_no_number_is_given_before_its_series_was_opened() -> None:
    opened = another_priced(noticed, "62-2026-00099", on=PLACED).about(an_id("late"))
    opened = opened.when(replace(OPEN, prefix="RE65"), on=THIRD).so().about(an_id("62-2026-00099"))
    late = replace(INVOICE, series_id=an_id("late"))
    opened.when(late, on=date(2026, 3, 11)).refused("cadastre.series_back_in_time")
    opened.when(late, on=THIRD).so()


def test_a_number_is_given_on_the_day_of_the_last_one_or_later() -> None:
    scenario = another_priced(noticed, "62-2026-00099", on=PLACED)
    scenario.when(NOTICE, on=FIRST).refused("cadastre.series_back_in_time")
    scenario.when(NOTICE, on=date(2026, 3, 8)).refused("cadastre.series_back_in_time")
    scenario.when(INVOICE, on=date(2026, 3, 8)).so()


@pytest.mark.allows("cadastre.series_back_in_time")
def test_numbers_of_one_day_and_of_later_days_follow_each_other() -> None:
    scenario = another_priced(noticed, "62-2026-00099", on=PLACED).when(NOTICE, on=SECOND).so()
    scenario = another_priced(scenario, "62-2026-00100", on=PLACED).when(NOTICE, on=THIRD).so()
    assert scenario.state.demand.number == "GB62-2026-00003"
    assert scenario.state_of(NOTICES).last_on == THIRD


def test_a_cancellation_invoice_is_not_dated_before_the_last_invoice() -> None:
    scenario = another_priced(invoiced, "62-2026-00099", on=PLACED).when(INVOICE, on=THIRD).so()
    scenario.about(invoiced.record_id).when(replace(TAKE_BACK, series_id=INVOICES), on=SECOND).refused(
        "cadastre.series_back_in_time"
    )


def test_data_is_corrected_to_a_day_up_to_that_of_the_product() -> None:
    correct = CorrectOrder(field=OrderField.DATA_AS_OF, new=THIRD.isoformat(), reason=sealed("Datenstand"))
    made.when(correct, on=FOURTH).so()
    later = replace(correct, new=date(2026, 3, 13).isoformat())
    made.when(later, on=FOURTH).refused("cadastre.data_from_the_future")
    undated(made).when(later, on=FOURTH).so()
    undated(made).when(later, on=date(2026, 3, 13)).so()
    undated(made).when(later, on=THIRD).refused("cadastre.data_from_the_future")
