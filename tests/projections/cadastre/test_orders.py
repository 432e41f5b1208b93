"""The register of cadastre orders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.cadastre import FAMILY
from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    ChangeDraft,
    ClaimLegitimateInterest,
    CorrectOrder,
    DeliverProduct,
    DiscardDraft,
    RefundOrder,
    RemindPayment,
    SubmitOrder,
    WaiveFee,
)
from domain.cadastre.commands import RefuseLegitimateInterest as Refuse
from domain.cadastre.facts import OrderCorrected
from domain.cadastre.vocabulary import (
    CancelCause,
    DeliveryChannel,
    InterestGround,
    OrderField,
    PaperSize,
    Product,
    Stage,
    WaiverGround,
)
from domain.kernel import Channel
from projections.cadastre.orders import PROJECTION, fold
from projections.cadastre.refunds import PROJECTION as REFUNDS
from projections.model import fold_all, reference
from tests.domain.cadastre.orders import (
    ALTSTADT,
    BENRATH,
    CLAIM,
    DUE,
    FREE,
    INVOICE,
    INVOICES,
    MAKE,
    MAP,
    OWNERS,
    PAY,
    RHINE,
    THE_DAY_AFTER,
    WITHDRAW,
    cancelled,
    claimed,
    completed,
    confirmed,
    delivered,
    downloaded,
    drafted,
    euros,
    expired,
    invoiced,
    made,
    noticed,
    overdue,
    paid,
    placed,
    priced,
    sealed,
)
from tests.projections.cadastre.reading import events, row_of
from tests.scenario import ACTOR, RECORD, SOMEBODY_ELSE, TODAY, Given, an_id


def refused() -> Given:
    return claimed().when(Refuse(reason=sealed("nein")), actor=SOMEBODY_ELSE).so()


def refunded() -> Given:
    return cancelled().when(RefundOrder(amount=euros("22.50"), reason=sealed("begonnen"))).so()


def taken_back() -> Given:
    return invoiced().when(CancelInvoice(series_id=INVOICES, reason=sealed("falsch"))).so()


def waived() -> Given:
    waive = WaiveFee(ground=WaiverGround.UNCOLLECTIBLE, reason=sealed("verzogen"))
    return overdue().when(waive, on=THE_DAY_AFTER).so()


def voided() -> Given:
    return priced().when(CorrectOrder(field=OrderField.COPIES, new="2", reason=sealed("zu wenig"))).so()


def test_a_placed_order_stands_in_the_register() -> None:
    row = row_of(placed(OWNERS))
    assert (row.order_number, row.stage, row.owner_data) == ("62-2026-00018", Stage.SUBMITTED, True)
    assert (row.parcels, row.office, row.paper_size) == ((ALTSTADT, BENRATH), "Düsseldorf", PaperSize.A4)
    assert (row.channel, row.placed_on) == (Channel.SERVICE_PORTAL, TODAY)
    assert (row.position, row.version, row.recorded_at) == (1, 1, row.changed_at)


def test_personal_texts_are_references_only() -> None:
    row = row_of(placed(OWNERS))
    assert row.requester is not None
    assert reference(row.requester) == "1/0/requester"
    assert row.purpose is not None
    assert reference(row.purpose) == "1/1/purpose"


@pytest.mark.parametrize(
    "scenario",
    [
        placed, claimed, confirmed, refused, priced, noticed, invoiced, overdue, taken_back, waived, paid, made,
        delivered, downloaded, expired, completed, cancelled, refunded, voided,
    ],
)  # fmt: skip
def test_the_register_and_the_rules_agree_on_the_stage(scenario: Callable[[], Given]) -> None:
    history = scenario()
    row = row_of(history)
    state = history.state
    assert row.stage is state.stage
    assert row.fee == (state.fee.amount if state.fee else None)
    assert row.paid == (state.paid.amount if state.paid else None)
    assert row.settled == state.settled
    assert (row.overdue_on is not None) == (state.demand is not None and state.demand.overdue)
    assert row.due_on == (state.demand.due if state.demand else None)
    assert (row.parcels, row.copies, row.data_as_of) == (state.parcels, state.copies, state.data_as_of)
    assert row.version == history.version_of(history.record_id)


def test_a_review_names_ground_and_reviewer() -> None:
    approved, declined = row_of(confirmed()), row_of(refused())
    assert (approved.ground_kind, approved.reviewer) == (InterestGround.NEIGHBOUR, SOMEBODY_ELSE)
    assert approved.ground is not None
    assert (declined.reviewer, declined.refused_on) == (SOMEBODY_ELSE, TODAY)


def test_fee_notice_and_payment_are_shown() -> None:
    row = row_of(noticed().when(PAY).so(), on=(TODAY, TODAY, TODAY, TODAY, TODAY, TODAY, date(2026, 4, 1)))
    assert (row.fee, row.tariff_version) == (Decimal("30.00"), "2024-08-10")
    assert (row.notice_number, row.due_on) == ("GB62-2026-00001", date(2026, 4, 2))
    assert (row.paid, row.paid_on) == (Decimal("30.00"), date(2026, 4, 1))


def test_an_exemption_is_shown() -> None:
    row = row_of(placed().when(FREE).so())
    assert (row.fee, row.stage, row.exemption_ground) == (Decimal("0.00"), Stage.PAID, "administrative_assistance")


def test_a_delivery_is_shown_with_its_days() -> None:
    download = DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=date(2026, 4, 9))
    row = row_of(made().when(download, on=date(2026, 3, 9)).so())
    assert (row.delivered_on, row.delivery_days) == (date(2026, 3, 9), 7)
    assert (row.delivery_channel, row.expires_on) == (DeliveryChannel.DOWNLOAD, date(2026, 4, 9))
    assert (row.data_as_of, row.sha256) == (TODAY, MAKE.sha256)


def test_a_payment_after_delivery_leaves_the_stage() -> None:
    billed = noticed().when(MAKE).so().when(DeliverProduct(channel=DeliveryChannel.COUNTER)).so()
    assert row_of(billed.when(PAY).so()).stage is Stage.DELIVERED


def test_an_end_is_shown_with_its_day() -> None:
    done = row_of(completed(), on=(TODAY, TODAY, TODAY, TODAY, TODAY, date(2026, 3, 20)))
    assert done.completed_on == date(2026, 3, 20)
    row = row_of(refunded())
    assert (row.cancel_cause, row.cancelled_on) == (CancelCause.WITHDRAWN, TODAY)
    assert (row.stage, row.refunded, row.refunded_on) == (Stage.REFUNDED, Decimal("22.50"), TODAY)


def test_the_register_adds_refunds_up_and_each_has_a_row() -> None:
    rest = RefundOrder(amount=euros("7.50"), reason=sealed("Beschwerde"))
    row = row_of(refunded().when(rest).so(), on=(TODAY,) * 5 + (THE_DAY_AFTER,))
    assert (row.stage, row.refunded, row.refunded_on) == (Stage.REFUNDED, Decimal("30.00"), THE_DAY_AFTER)
    first, second = fold_all(REFUNDS, events(refunded().when(rest).so())).values()
    assert (first.order_id, first.amount, first.kept) == (RECORD, Decimal("22.50"), Decimal("7.50"))
    assert (second.order_id, second.amount, second.kept) == (RECORD, Decimal("7.50"), Decimal("0.00"))


def test_a_complete_order_that_is_refunded_is_still_complete() -> None:
    row = row_of(completed().when(RefundOrder(amount=euros("30.00"), reason=sealed("Beschwerde"))).so())
    assert (row.stage, row.refunded) == (Stage.COMPLETED, Decimal("30.00"))


def test_a_cancelled_order_that_is_paid_late_is_cancelled_and_paid() -> None:
    row = row_of(noticed().when(WITHDRAW).so().when(PAY).so())
    assert (row.stage, row.settled, row.paid) == (Stage.CANCELLED, True, Decimal("30.00"))


def test_corrections_are_counted_and_shown() -> None:
    row = row_of(voided())
    assert (row.copies, row.corrections, row.fee, row.tariff_version) == (2, 1, None, None)
    again = voided().when(CorrectOrder(field=OrderField.PAPER_SIZE, new="A0", reason=sealed("zu klein"))).so()
    assert row_of(again).corrections == 2
    assert row_of(again).paper_size is PaperSize.A0
    other = placed().when(CorrectOrder(field=OrderField.PARCELS, new=BENRATH, reason=sealed("falsch"))).so()
    assert row_of(other).parcels == (BENRATH,)
    dated = made().when(CorrectOrder(field=OrderField.DATA_AS_OF, new="2026-02-27", reason=sealed("falsch"))).so()
    assert row_of(dated).data_as_of == date(2026, 2, 27)


@pytest.mark.parametrize("field", [OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND])
def test_a_corrected_text_is_read_from_its_correction(field: OrderField) -> None:
    """Of what is stored: requester and ground could once be corrected under review and after it."""
    correction = OrderCorrected(
        field=field,
        old=None,
        new=None,
        new_sealed=sealed("neu"),
        corrected_position=1,
        fee_void=False,
        parcel_table=None,
        reason=sealed("alt"),
        changed_by=(),
        marks=(),
        corrected_on=TODAY,
    )
    corrected = claimed().beside(RECORD, correction)
    text = getattr(row_of(corrected), field)
    assert reference(text) == "3/0/new_sealed"


def test_a_void_fee_of_owner_data_keeps_the_approval() -> None:
    void = CorrectOrder(field=OrderField.COPIES, new="2", reason=sealed("zu wenig"))
    assert row_of(confirmed().when(AssessFee()).so().when(void).so()).stage is Stage.APPROVED


def test_each_order_has_its_own_row() -> None:
    both = placed().about(an_id("second")).when(replace(OWNERS, order_number="2")).so()
    rows = fold_all(PROJECTION, events(both))
    assert {row.order_number for row in rows.values()} == {"62-2026-00017", "2"}


def test_a_history_without_its_beginning_makes_no_row() -> None:
    (_, claim) = events(placed(OWNERS).when(CLAIM).so())
    assert fold(None, claim) is None


def test_every_event_moves_the_row_on() -> None:
    history = events(completed())
    row = None
    for event in history:
        row = fold(row, event)
        assert row is not None
        assert (row.position, row.version, row.changed_at) == (event.position, event.version, event.recorded_at)
    assert set(PROJECTION.facts) == {fact for fact in FAMILY.facts if fact.kind == "order"}


def test_the_claim_names_nobody_in_clear() -> None:
    scenario = placed(OWNERS).when(ClaimLegitimateInterest(ground_kind=InterestGround.OWNER, ground=sealed("Erbe")))
    row = row_of(scenario.so())
    assert "Erbe" not in repr(row)
    assert str(ACTOR) not in repr(row.ground)
    assert "Müller" not in repr(row_of(placed(MAP)))


def test_a_basket_stands_in_the_register_without_number_and_name() -> None:
    row = row_of(drafted())
    assert (row.stage, row.product, row.parcels) == (Stage.DRAFT, Product.PROPERTY_MAP, (ALTSTADT,))
    assert (row.order_number, row.requester, row.placed_on, row.office, row.assurance) == (None,) * 5
    larger = ChangeDraft(product=Product.PROPERTY_MAP, parcels=(BENRATH,), paper_size=PaperSize.A1, copies=2)
    changed = row_of(drafted().when(larger).so())
    assert (changed.parcels, changed.paper_size, changed.copies) == ((BENRATH,), PaperSize.A1, 2)
    assert row_of(drafted().when(DiscardDraft()).so()).stage is Stage.CANCELLED


def test_a_submitted_basket_is_an_order_like_any_other() -> None:
    submit = SubmitOrder(order_number=MAP.order_number, requester=MAP.requester)
    row, placed_at_once = row_of(drafted().when(submit).so()), row_of(placed())
    assert row.requester is not None
    row = replace(row, requester=placed_at_once.requester, version=1, position=1, changed_at=row.recorded_at)
    assert row == placed_at_once


def test_an_area_is_shown_as_it_was_ordered() -> None:
    row = row_of(placed(replace(MAP, parcels=(), area=RHINE)))
    assert row.area == ('{"gemarkung": "053110", "west": 344000, "south": 5676000, "east": 345200, "north": 5677000}')
    assert row_of(placed()).area is None


def test_an_invoice_that_was_cancelled_stays_known() -> None:
    row = row_of(taken_back().when(INVOICE).so())
    assert (row.invoice_number, row.cancelled_invoices) == ("RE62-2026-00102", ("RE62-2026-00100",))
    assert row_of(taken_back()).invoice_number is None


def test_overdue_and_reminders_are_shown() -> None:
    late = (TODAY,) * 6 + (THE_DAY_AFTER,)
    assert row_of(overdue(), on=late).overdue_on == THE_DAY_AFTER
    reminded = row_of(overdue().when(RemindPayment(due=date(2026, 4, 20)), on=THE_DAY_AFTER).so(), on=late)
    assert (reminded.overdue_on, reminded.reminders, reminded.due_on) == (None, 1, date(2026, 4, 20))
    assert row_of(invoiced()).due_on == DUE


def test_a_waiver_is_shown_with_its_ground() -> None:
    row = row_of(waived())
    assert (row.waived, row.waived_on, row.waiver_ground) == (Decimal("30.00"), TODAY, WaiverGround.UNCOLLECTIBLE)
    assert (row.settled, row.paid) == (True, None)


def test_a_second_delivery_keeps_the_day_of_the_first() -> None:
    again = expired().when(DeliverProduct(channel=DeliveryChannel.POST), on=date(2026, 4, 9)).so()
    row = row_of(again)
    assert (row.delivered_on, row.delivery_days) == (TODAY, 0)
    assert (row.delivery_channel, row.expires_on, row.expired_on) == (DeliveryChannel.POST, None, None)
