"""The fee: its versioned tariff, exemptions, notice, payment, cancellation and refund."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.cadastre.commands import (
    AssessFee,
    CompleteOrder,
    ConfirmLegitimateInterest,
    PlaceOrder,
    RefundOrder,
    RefuseLegitimateInterest,
    WaiveFee,
)
from domain.cadastre.facts import (
    FeeAssessed,
    FeeLine,
    OrderCancelled,
    OrderPlaced,
    OrderRefunded,
    PaymentSettled,
)
from domain.cadastre.tariff import TARIFFS, tariff_on
from domain.cadastre.vocabulary import (
    CancelCause,
    ExemptionGround,
    Format,
    PaperSize,
    PaymentMethod,
    Stage,
    TariffPosition,
    WaiverGround,
)
from domain.kernel import Channel, ChargeKind, Money, Supervised, Supervision
from tests.domain.cadastre.orders import (
    BY_POST,
    CLAIM,
    DATA,
    FREE,
    MAKE,
    MAP,
    NOTICE,
    OWNERS,
    PAY,
    THE_DAY_AFTER,
    WITHDRAW,
    cancelled,
    claimed,
    completed,
    confirmed,
    delivered,
    euros,
    made,
    nothing_yet,
    noticed,
    numbered,
    paid,
    placed,
    priced,
    sealed,
)
from tests.scenario import NOW, SOMEBODY_ELSE, TODAY, Given


def total(scenario: Given) -> Money:
    (fact,) = scenario.when(AssessFee(minutes=40 if scenario.state.format.is_data else None)).facts
    assert isinstance(fact, FeeAssessed)
    return fact.total


@pytest.mark.allows("cadastre.fee_already_assessed")
def test_an_assessment_says_what_was_computed_from_which_tariff() -> None:
    two = placed(replace(MAP, copies=2))
    assessed = FeeAssessed(
        charge_kind=ChargeKind.GEBUEHR,
        tariff="VermWertKostO NRW",
        tariff_version="2024-08-10",
        tariff_no=TariffPosition.MAP_A4_A3,
        tariff_day=TODAY,
        lines=(
            FeeLine(TariffPosition.MAP_A4_A3, 1, euros("30.00"), euros("30.00")),
            FeeLine(TariffPosition.EXTRA_COPY, 1, euros("10.00"), euros("10.00")),
        ),
        minutes=None,
        base=euros("30.00"),
        copies=euros("10.00"),
        exemption_ground=None,
        total=euros("40.00"),
        assessed_on=TODAY,
    )
    two.when(AssessFee()).then(assessed)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (MAP, "30.00"),
        (replace(MAP, paper_size=PaperSize.A4), "30.00"),
        (replace(MAP, paper_size=PaperSize.A2), "60.00"),
        (replace(MAP, paper_size=PaperSize.A0), "60.00"),
        (replace(MAP, paper_size=PaperSize.A0, copies=3), "80.00"),
        (DATA, "81.00"),
        (replace(MAP, format=Format.DXF, paper_size=None), "81.00"),
    ],
)
def test_the_fee_follows_size_copies_and_working_time(order: PlaceOrder, expected: str) -> None:
    assert total(placed(order)) == euros(expected)


@pytest.mark.allows("cadastre.interest_open")
def test_a_statement_costs_the_same_however_many_parcels() -> None:
    assert total(confirmed()) == euros("30.00")


@pytest.mark.parametrize(("minutes", "quarters"), [(1, 1), (15, 1), (16, 2), (30, 2), (31, 3), (6_000, 400)])
def test_a_started_quarter_of_an_hour_counts(minutes: int, quarters: int) -> None:
    (fact,) = placed(DATA).when(AssessFee(minutes=minutes)).facts
    assert isinstance(fact, FeeAssessed)
    assert (fact.lines[0].quantity, fact.minutes) == (quarters, minutes)
    assert fact.total == euros("27.00") * quarters


@pytest.mark.parametrize("minutes", [None, 0, -15, 6_001])
def test_data_is_priced_by_a_plausible_working_time(minutes: int | None) -> None:
    placed(DATA).when(AssessFee(minutes=minutes)).invalid("minutes")


def test_a_sheet_is_not_priced_by_working_time() -> None:
    placed(MAP).when(AssessFee(minutes=15)).invalid("minutes")


@pytest.mark.parametrize(
    ("day", "version", "expected"),
    [
        (date(2020, 3, 1), "2020-03-01", "69.00"),
        (date(2023, 1, 6), "2020-03-01", "69.00"),
        (date(2023, 1, 7), "2023-01-07", "75.00"),
        (date(2024, 8, 9), "2023-01-07", "75.00"),
        (date(2024, 8, 10), "2024-08-10", "81.00"),
    ],
)
def test_the_tariff_of_the_day_of_the_order_holds(day: date, version: str, expected: str) -> None:
    (fact,) = placed(DATA, on=day).when(AssessFee(minutes=40)).facts
    assert isinstance(fact, FeeAssessed)
    assert (fact.tariff_version, fact.tariff_day, fact.total) == (version, day, euros(expected))


def test_for_owner_data_the_tariff_of_the_day_of_the_approval_holds() -> None:
    claimed_long_ago = nothing_yet.when(OWNERS, on=date(2022, 12, 1)).so().when(CLAIM, on=date(2022, 12, 1)).so()
    approved = claimed_long_ago.when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE, on=date(2023, 2, 1)).so()
    (fact,) = approved.when(AssessFee()).facts
    assert isinstance(fact, FeeAssessed)
    assert (fact.tariff_version, fact.tariff_day) == ("2023-01-07", date(2023, 2, 1))


@pytest.mark.allows("cadastre.no_tariff")
def test_before_the_first_tariff_there_is_no_fee() -> None:
    placed(on=date(2020, 2, 29)).when(AssessFee()).refused("cadastre.no_tariff")
    placed(on=date(2020, 3, 1)).when(AssessFee()).so()


@for_all(st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_a_day_has_the_latest_tariff_that_began_by_then(day: date) -> None:
    begun = [tariff for tariff in TARIFFS if tariff.valid_from <= day]
    assert tariff_on(day) == (max(begun, key=lambda tariff: tariff.valid_from) if begun else None)


def test_tariffs_are_listed_in_order_and_price_every_position() -> None:
    assert sorted(TARIFFS, key=lambda tariff: tariff.valid_from) == list(TARIFFS)
    assert all(set(tariff.prices) == set(TariffPosition) for tariff in TARIFFS)


@for_all(st.integers(1, 100), st.sampled_from(PaperSize))
def test_the_total_is_the_sum_of_its_lines(copies: int, paper_size: PaperSize) -> None:
    (fact,) = placed(replace(MAP, copies=copies, paper_size=paper_size)).when(AssessFee()).facts
    assert isinstance(fact, FeeAssessed)
    assert fact.total.amount == sum(line.amount.amount for line in fact.lines)
    assert all(line.amount == line.price * line.quantity for line in fact.lines)


@pytest.mark.parametrize("ground", ExemptionGround)
def test_an_exemption_makes_the_fee_zero_and_says_why(ground: ExemptionGround) -> None:
    scenario = placed().when(AssessFee(exemption_ground=ground)).so()
    assert scenario.state.fee == euros("0.00")
    assert scenario.state.stage is Stage.PAID


@pytest.mark.allows("cadastre.staff_decides")
@pytest.mark.parametrize("channel", [Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.SYSTEM])
def test_nobody_but_staff_exempts_from_a_fee(channel: Channel) -> None:
    placed().when(FREE, channel=channel).refused("cadastre.staff_decides")
    placed().when(AssessFee(), channel=channel).so()
    placed().when(FREE, channel=Channel.IMPORT).so()


def test_an_exemption_is_recorded_as_an_override() -> None:
    (free,) = placed().when(FREE).facts
    (owed,) = placed().when(AssessFee()).facts
    assert isinstance(free, FeeAssessed)
    assert isinstance(owed, FeeAssessed)
    assert free.supervised() == Supervised(by=Supervision.OVERRIDE, rules=("cadastre.fee_open",))
    assert owed.supervised() is None


def test_a_zero_price_is_legal_and_nothing_is_paid() -> None:
    free = placed().when(FREE).so()
    free.when(PAY).refused("cadastre.nothing_to_pay")
    numbered(free).when(NOTICE).refused("cadastre.nothing_to_pay")
    free.when(MAKE).so()


def test_a_fee_is_assessed_once() -> None:
    priced().when(AssessFee()).refused("cadastre.fee_already_assessed")


@pytest.mark.allows(
    "cadastre.fee_not_assessed", "cadastre.nothing_to_pay", "cadastre.already_paid", "cadastre.payment_differs"
)
def test_a_payment_settles_the_fee() -> None:
    assert (
        priced()
        .when(PAY)
        .then(PaymentSettled(amount=euros("30.00"), method=PaymentMethod.CARD, reference="8400123", settled_on=TODAY))
        .state.settled
    )
    assert noticed().when(PAY).so().state.stage is Stage.PAID


def test_a_payment_waits_for_the_fee() -> None:
    placed().when(PAY).refused("cadastre.fee_not_assessed")


def test_a_fee_is_paid_once() -> None:
    paid().when(PAY).refused("cadastre.already_paid")


@pytest.mark.parametrize("amount", ["29.99", "30.01", "0.00", "-30.00"])
def test_a_payment_is_exactly_the_fee(amount: str) -> None:
    priced().when(replace(PAY, amount=euros(amount))).refused("cadastre.payment_differs")


def test_another_currency_is_another_amount() -> None:
    priced().when(replace(PAY, amount=Money(Decimal(30), "CHF"))).refused("cadastre.payment_differs")


def test_a_payment_reference_says_something() -> None:
    priced().when(replace(PAY, reference="")).invalid("reference")
    priced().when(replace(PAY, reference=None)).so()


def test_a_single_copy_is_one_line_of_the_assessment() -> None:
    (assessed,) = placed().when(AssessFee()).facts
    assert isinstance(assessed, FeeAssessed)
    assert [line.position for line in assessed.lines] == [TariffPosition.MAP_A4_A3]


def withdrawn(paid: Money | None) -> OrderCancelled:
    return OrderCancelled(cause=CancelCause.WITHDRAWN, paid=paid, reason=WITHDRAW.reason, cancelled_on=TODAY)


@pytest.mark.allows("cadastre.product_made", "cadastre.already_delivered")
def test_an_order_is_cancelled_until_its_product_is_made() -> None:
    for scenario in (placed(), claimed(), confirmed(), priced(), noticed()):
        scenario.when(WITHDRAW).then(
            OrderCancelled(cause=CancelCause.WITHDRAWN, paid=None, reason=WITHDRAW.reason, cancelled_on=TODAY)
        )
    made().when(WITHDRAW).refused("cadastre.product_made")
    delivered().when(WITHDRAW).refused("cadastre.already_delivered")
    completed().when(WITHDRAW).refused("cadastre.order_finished")
    cancelled().when(WITHDRAW).refused("cadastre.order_finished")


def test_a_cancellation_says_what_was_paid() -> None:
    paid().when(WITHDRAW).then(
        OrderCancelled(cause=CancelCause.WITHDRAWN, paid=euros("30.00"), reason=WITHDRAW.reason, cancelled_on=TODAY)
    )


def test_a_paid_order_is_not_cancelled_for_want_of_payment() -> None:
    paid().when(replace(WITHDRAW, cause=CancelCause.NOT_PAID)).invalid("cause")
    noticed().when(replace(WITHDRAW, cause=CancelCause.NOT_PAID)).so()


def test_a_cancellation_needs_a_reason() -> None:
    placed().when(replace(WITHDRAW, reason=sealed(" "))).invalid("reason")


WAIVE = WaiveFee(ground=WaiverGround.UNCOLLECTIBLE, reason=sealed("unbekannt verzogen"))
REFUSE = RefuseLegitimateInterest(reason=sealed("nicht belegt"))
REFUND = RefundOrder(amount=euros("22.50"), reason=sealed("Bearbeitung hatte begonnen"))


@pytest.mark.allows("cadastre.not_cancelled", "cadastre.nothing_to_refund", "cadastre.order_finished")
def test_what_is_refunded_and_what_is_kept_add_up() -> None:
    done = (
        cancelled()
        .when(REFUND)
        .then(OrderRefunded(amount=euros("22.50"), kept=euros("7.50"), reason=REFUND.reason, refunded_on=TODAY))
    )
    assert done.state.stage is Stage.REFUNDED


@pytest.mark.allows("cadastre.staff_decides")
@pytest.mark.parametrize("channel", [Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.SYSTEM])
def test_nobody_but_staff_refunds_a_fee(channel: Channel) -> None:
    cancelled().when(REFUND, channel=channel).refused("cadastre.staff_decides")
    cancelled().when(REFUND, channel=Channel.STAFF).so()


def test_what_is_not_cancelled_or_complete_is_not_refunded() -> None:
    for scenario in (paid(), made(), delivered()):
        scenario.when(REFUND).refused("cadastre.not_cancelled")


@pytest.mark.allows("cadastre.not_cancelled")
def test_a_complete_order_is_refunded_and_stays_complete() -> None:
    done = completed().when(REFUND).so()
    assert (done.state.stage, done.state.kept) == (Stage.COMPLETED, euros("7.50"))


@pytest.mark.allows("cadastre.nothing_to_refund", "cadastre.refund_exceeds_payment")
def test_a_refund_is_made_in_parts_until_nothing_is_left() -> None:
    for scenario in (cancelled(), completed()):
        once = scenario.when(REFUND).so()
        once.when(replace(REFUND, amount=euros("7.51"))).refused("cadastre.refund_exceeds_payment")
        rest = replace(REFUND, amount=euros("7.50"))
        told = OrderRefunded(amount=euros("7.50"), kept=euros("0.00"), reason=REFUND.reason, refunded_on=TODAY)
        twice = once.when(rest).then(told)
        assert twice.state.stage is once.state.stage
        twice.when(replace(REFUND, amount=euros("0.01"))).refused("cadastre.nothing_to_refund")


def test_only_what_was_paid_is_refunded() -> None:
    placed().when(WITHDRAW).so().when(REFUND).refused("cadastre.nothing_to_refund")
    noticed().when(WITHDRAW).so().when(REFUND).refused("cadastre.nothing_to_refund")


@pytest.mark.allows("cadastre.refund_exceeds_payment")
def test_no_more_is_refunded_than_was_paid() -> None:
    for scenario in (cancelled(), completed()):
        scenario.when(replace(REFUND, amount=euros("30.01"))).refused("cadastre.refund_exceeds_payment")
        assert scenario.when(replace(REFUND, amount=euros("30.00"))).so().state.kept == euros("0.00")


@pytest.mark.allows("cadastre.order_finished", "cadastre.already_paid", "cadastre.nothing_to_refund")
def test_money_for_a_cancelled_order_is_booked_and_goes_back() -> None:
    late = noticed().when(WITHDRAW).so().when(PAY, on=THE_DAY_AFTER).so()
    assert (late.state.stage, late.state.kept) == (Stage.CANCELLED, euros("30.00"))
    late.when(PAY).refused("cadastre.already_paid")
    back = late.when(replace(REFUND, amount=euros("30.00")), on=THE_DAY_AFTER).so()
    assert back.state.stage is Stage.REFUNDED
    back.when(PAY).refused("cadastre.already_paid")


@pytest.mark.allows("cadastre.order_finished", "cadastre.nothing_to_pay")
def test_money_for_a_fee_that_was_waived_is_booked_whenever_it_comes() -> None:
    made_on_notice = noticed().when(MAKE).so().when(WAIVE).so()
    assert made_on_notice.when(PAY).so().state.kept == euros("30.00")
    complete = made_on_notice.when(BY_POST).so().when(CompleteOrder()).so()
    late = complete.when(PAY, on=THE_DAY_AFTER).so()
    assert late.state.stage is Stage.COMPLETED
    late.when(REFUND, on=THE_DAY_AFTER).so()


def test_a_fee_that_was_waived_is_not_demanded_or_waived_again() -> None:
    waived = numbered(priced()).when(WAIVE).so()
    waived.when(NOTICE).refused("cadastre.nothing_to_pay")
    waived.when(WAIVE).refused("cadastre.nothing_to_pay")


def test_no_money_is_booked_for_an_order_that_ended_without_a_fee() -> None:
    for scenario in (placed(), claimed(), confirmed()):
        scenario.when(WITHDRAW).so().when(PAY).refused("cadastre.order_finished")
    claimed().when(REFUSE, actor=SOMEBODY_ELSE).so().when(PAY).refused("cadastre.order_finished")
    placed().when(FREE).so().when(WITHDRAW).so().when(PAY).refused("cadastre.nothing_to_pay")
    completed().when(PAY).refused("cadastre.already_paid")


@pytest.mark.parametrize("amount", [euros("0.00"), euros("-1.00"), Money(Decimal(30), "CHF")])
def test_a_refund_is_euros_above_zero(amount: Money) -> None:
    cancelled().when(replace(REFUND, amount=amount)).invalid("amount")


def test_the_day_of_the_order_is_that_of_berlin() -> None:
    (fact,) = nothing_yet.when(MAP, at=NOW.replace(hour=0, minute=30)).facts
    assert isinstance(fact, OrderPlaced)
    assert fact.placed_on == NOW.date()
