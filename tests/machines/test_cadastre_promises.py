"""The promises of cadastre orders see each breach: a good history passes, and does no more once it is tampered with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.cadastre import FAMILY
from domain.cadastre import facts as f
from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    ChangeDraft,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    IssueFeeNotice,
    PassOverNumber,
    RecordPaymentOverdue,
    RefundOrder,
    RemindPayment,
    SubmitOrder,
    WaiveFee,
)
from domain.cadastre.vocabulary import ExemptionGround, InterestGround, NumberUse, OrderField, WaiverGround
from domain.kernel import Channel, Fact, Recorded
from tests.domain.cadastre.orders import (
    BENRATH,
    BY_POST,
    CLAIM,
    FREE,
    INVOICES,
    MAKE,
    MAP,
    NOTICE,
    NOTICES,
    OWNERS,
    PAY,
    WITHDRAW,
    another_priced,
    cancelled,
    completed,
    confirmed,
    drafted,
    euros,
    expired,
    invoiced,
    noticed,
    numbered,
    overdue,
    placed,
    priced,
    sealed,
)
from tests.machines.cadastre import check
from tests.machines.cadastre.promises import SAID
from tests.machines.machine import Known, World
from tests.scenario import ACTOR, RECORD, SOMEBODY_ELSE, TODAY, Given

Alter = Callable[[Recorded], Recorded | None]
DAY = timedelta(days=1)
REVIEWS = (f.LegitimateInterestConfirmed, f.LegitimateInterestRefused)

owners = confirmed().when(AssessFee()).so().when(PAY).so().when(MAKE).so().when(BY_POST).so()
taken_back = invoiced().when(CancelInvoice(series_id=INVOICES, reason=sealed("falsch"))).so()
refunded = cancelled().when(RefundOrder(amount=euros("10.00"), reason=sealed("Rücknahme"))).so()
refunded_twice = refunded.when(RefundOrder(amount=euros("20.00"), reason=sealed("Rest"))).so()
REFUND = RefundOrder(amount=euros("30.00"), reason=sealed("Beschwerde"))
paid_after = noticed().when(WITHDRAW).so().when(PAY).so().when(REFUND).so()
refunded_after = completed().when(REFUND).so()
WAIVE = WaiveFee(ground=WaiverGround.UNCOLLECTIBLE, reason=sealed("verzogen"))
waived_and_paid = noticed().when(WAIVE).so().when(PAY).so()
MADE_AGAIN = replace(MAKE, sha256="cd" * 32)
made_again = priced().when(PAY).so().when(MAKE).so().when(MADE_AGAIN).so()
delivered_again = expired().when(BY_POST, on=TODAY + 40 * DAY).so()
expired_and_complete = expired().when(CompleteOrder(), on=TODAY + 40 * DAY).so()
overdue_notice = noticed().when(RecordPaymentOverdue(), on=TODAY + 40 * DAY).so()
waived_late = overdue_notice.when(WAIVE, on=TODAY + 40 * DAY).so()
cancelled_late = overdue_notice.when(WITHDRAW, on=TODAY + 40 * DAY).so()
CHANGE = ChangeDraft(product=MAP.product, parcels=MAP.parcels, paper_size=MAP.paper_size)
SUBMIT = SubmitOrder(order_number="62-2026-00017", requester=MAP.requester)
changed = drafted().when(CHANGE).so().when(SUBMIT).so()
free = placed().when(FREE).so().when(MAKE).so()
made_on_notice = noticed().when(MAKE).so()
made_on_invoice = invoiced().when(MAKE).so()
REMIND = RemindPayment(due=date(2026, 5, 1))
LATE = 40 * DAY
reminded = overdue().when(REMIND, on=TODAY + LATE).so()
CORRECT = CorrectOrder(field=OrderField.PARCELS, new=BENRATH, reason=sealed("Zahlendreher"))
corrected = (
    placed(OWNERS).when(CORRECT).so().when(CLAIM).so().when(ConfirmLegitimateInterest(), actor=SOMEBODY_ELSE).so()
)
COPIES = CorrectOrder(field=OrderField.COPIES, new="2", reason=sealed("Verzählt"))
repriced = priced().when(COPIES).so().when(AssessFee()).so()
taken_back_and_repriced = taken_back.when(COPIES).so()
AHEAD = IssueFeeNotice(notice_number="GB62-2026-00001", due=date(2026, 5, 1))
imported = numbered(priced()).when(AHEAD, channel=Channel.IMPORT).so().about(NOTICES)
passed_over = imported.when(PassOverNumber(order_id=RECORD)).so()
billed_anew = taken_back.when(NOTICE).so()
numbered_twice = another_priced(noticed(), "2").when(NOTICE).so()


def told(scenario: Given) -> list[Recorded]:
    """The events of a scenario as the ledger would hold them: with who reviewed, with commands of two facts, and later
    from the first that the calendar brings.
    """
    events: list[Recorded] = []
    late = False
    for event in scenario.events():
        envelope = event.envelope
        if isinstance(event.fact, REVIEWS):
            envelope = replace(envelope, actor=SOMEBODY_ELSE)
        if isinstance(event.fact, f.FeeNoticeIssued) and scenario is passed_over:
            envelope = replace(envelope, channel=Channel.IMPORT)
        if isinstance(event.fact, f.NumberTaken) and event.fact.use is not NumberUse.TAKEN_OVER:
            envelope = replace(envelope, command_id=events[-1].envelope.command_id)
        late = late or isinstance(event.fact, f.PaymentBecameOverdue | f.DeliveryExpired)
        effective_at = event.effective_at + (LATE if late else 0 * DAY)
        events.append(replace(event, envelope=envelope, effective_at=effective_at))
    return events


def promised(events: list[Recorded]) -> None:
    """Hold all records of these events against what is promised."""
    world = World(TODAY)
    for event in events:
        known = world.records.setdefault(event.record_id, Known(event.fact.kind))
        known.events.append(event)
        known.state = FAMILY.evolve(known.state, event.fact) if known.state or event.version == 1 else known.state
    for record_id in world.records:
        check(world, record_id)


def fact(cls: type[Fact], **changes: Any) -> Alter:
    """Another content of the facts of a class."""
    return lambda e: replace(e, fact=replace(e.fact, **changes)) if isinstance(e.fact, cls) else e


def envelope(cls: type[Fact], **changes: Any) -> Alter:
    """Another envelope of the facts of a class."""
    return lambda e: replace(e, envelope=replace(e.envelope, **changes)) if isinstance(e.fact, cls) else e


def without(cls: type[Fact]) -> Alter:
    """No fact of a class."""
    return lambda e: None if isinstance(e.fact, cls) else e


def moved(cls: type[Fact], days: int) -> Alter:
    """Facts of a class that many days later, which say so."""

    def alter(event: Recorded) -> Recorded | None:
        if not isinstance(event.fact, cls):
            return event
        name = SAID.get(cls)
        said = {name: getattr(event.fact, name) + days * DAY} if name else {}
        return replace(event, effective_at=event.effective_at + days * DAY, fact=replace(event.fact, **said))

    return alter


def dated_back(cls: type[Fact], channel: Channel) -> Alter:
    """Facts of a class a day earlier, by this way."""

    def alter(event: Recorded) -> Recorded | None:
        by = envelope(cls, channel=channel)(event)
        return by and moved(cls, -1)(by)

    return alter


def in_clear(event: Recorded) -> Recorded:
    return replace(event, body='{"requester": "Text 7"}')


GOOD = [
    owners,
    taken_back,
    refunded,
    made_again,
    delivered_again,
    expired_and_complete,
    waived_late,
    cancelled_late,
    changed,
    refunded_twice,
    refunded_after,
    paid_after,
    waived_and_paid,
    free,
    made_on_notice,
    made_on_invoice,
    reminded,
    corrected,
    passed_over,
    billed_anew,
    numbered_twice,
    repriced,
    taken_back_and_repriced,
    completed(),
    expired(),
]


@pytest.mark.parametrize("scenario", GOOD)
def test_what_follows_the_rules_is_as_promised(scenario: Given) -> None:
    promised(told(scenario))


@pytest.mark.parametrize(
    ("scenario", "alter"),
    [
        # numbers
        (numbered_twice, fact(f.NumberTaken, number_in_series=1)),
        (numbered_twice, lambda e: moved(f.NumberTaken, -1)(e) if e.position > 8 else e),
        (numbered_twice, fact(f.NumberTaken, text="GB62-2026-00001")),
        (numbered_twice, fact(f.NumberTaken, taken_on=TODAY + DAY)),
        (noticed(), without(f.FeeNoticeIssued)),
        (made_on_notice, without(f.NumberTaken)),
        (taken_back, fact(f.InvoiceCancelled, invoice_number="RE62-2026-00001")),
        (passed_over, fact(f.FeeNoticeIssued, notice_number="GB62-2026-00002")),
        (passed_over, fact(f.NumberTaken, use=NumberUse.FEE_NOTICE)),
        (numbered_twice, fact(f.FeeNoticeIssued, notice_number="GB62-2026-00001")),
        # four eyes
        (owners, envelope(f.LegitimateInterestConfirmed, actor=ACTOR)),
        (owners, envelope(f.LegitimateInterestConfirmed, deputising_for=ACTOR)),
        (owners, envelope(f.OrderPlaced, deputising_for=SOMEBODY_ELSE)),
        (owners, envelope(f.LegitimateInterestClaimed, deputising_for=SOMEBODY_ELSE)),
        (owners, envelope(f.LegitimateInterestConfirmed, channel=Channel.SERVICE_PORTAL)),
        (owners, fact(f.LegitimateInterestConfirmed, held_against=())),
        (owners, fact(f.LegitimateInterestClaimed, ground_kind=InterestGround.PURCHASE)),
        (owners, without(f.LegitimateInterestConfirmed)),
        (corrected, envelope(f.OrderCorrected, actor=SOMEBODY_ELSE)),
        (corrected, envelope(f.OrderCorrected, deputising_for=SOMEBODY_ELSE)),
        (corrected, fact(f.OrderCorrected, changed_by=())),
        (corrected, fact(f.LegitimateInterestConfirmed, held_against=())),
        # fees
        (owners, fact(f.FeeAssessed, base=euros("31.00"))),
        (owners, fact(f.FeeAssessed, copies=euros("10.00"))),
        (owners, fact(f.FeeAssessed, total=euros("0.00"))),
        (owners, fact(f.FeeAssessed, exemption_ground=ExemptionGround.EQUITY)),
        (owners, fact(f.FeeAssessed, tariff_version="2023-01-07")),
        (free, envelope(f.FeeAssessed, channel=Channel.SERVICE_PORTAL)),
        (free, fact(f.FeeAssessed, exemption_ground=None)),
        (completed(), fact(f.PaymentSettled, amount=euros("29.00"))),
        # nothing unpaid
        (completed(), without(f.PaymentSettled)),
        (made_on_notice, without(f.FeeAssessed)),
        (made_on_invoice, lambda e: None if isinstance(e.fact, f.InvoiceIssued | f.NumberTaken) else e),
        (completed(), moved(f.ProductGenerated, -1)),
        (completed(), moved(f.PaymentSettled, 1)),
        # the days of the steps
        (completed(), moved(f.OrderPlaced, 1)),
        (completed(), moved(f.ProductDelivered, -1)),
        (completed(), moved(f.PurposeFulfilled, -1)),
        (owners, moved(f.LegitimateInterestClaimed, 1)),
        (refunded, moved(f.OrderCancelled, 1)),
        (refunded, fact(f.OrderRefunded, refunded_on=TODAY - DAY)),
        (taken_back, fact(f.InvoiceCancelled, cancelled_on=TODAY - DAY)),
        (billed_anew, moved(f.FeeNoticeIssued, -1)),
        (completed(), fact(f.PurposeFulfilled, fulfilled_on=TODAY + DAY)),
        (reminded, fact(f.PaymentReminded, reminded_on=TODAY)),
        (reminded, moved(f.PaymentBecameOverdue, -9)),
        (expired(), moved(f.DeliveryExpired, -10)),
        (made_again, lambda e: moved(f.ProductGenerated, -1)(e) if e.version > 4 else e),
        (delivered_again, moved(f.ProductDelivered, -1)),
        (expired_and_complete, moved(f.PurposeFulfilled, -LATE.days)),
        (waived_late, moved(f.FeeWaived, -LATE.days)),
        (waived_late, moved(f.FeeNoticeIssued, LATE.days + 1)),
        (cancelled_late, moved(f.OrderCancelled, -LATE.days)),
        (changed, moved(f.DraftChanged, -1)),
        (changed, fact(f.DraftChanged, changed_on=TODAY + DAY)),
        (changed, moved(f.OrderPlaced, -1)),
        (billed_anew, moved(f.SeriesOpened, 1)),
        (placed(), dated_back(f.OrderPlaced, Channel.SERVICE_PORTAL)),
        (changed, dated_back(f.OrderDrafted, Channel.ONLINE_SHOP)),
        # the product
        (completed(), fact(f.ProductGenerated, sha256="Änne Weiß")),
        (completed(), fact(f.ProductDelivered, sha256="cd" * 32)),
        (completed(), fact(f.ProductGenerated, data_as_of=TODAY + DAY)),
        (completed(), in_clear),
        # the end
        (refunded, fact(f.OrderRefunded, amount=euros("31.00"))),
        (refunded, fact(f.OrderRefunded, kept=euros("30.00"))),
        (refunded_twice, fact(f.OrderRefunded, amount=euros("20.00"))),
        (refunded, envelope(f.OrderRefunded, channel=Channel.SERVICE_PORTAL)),
        (refunded_after, without(f.PurposeFulfilled)),
        (refunded_after, moved(f.OrderRefunded, -1)),
        (paid_after, fact(f.PaymentSettled, amount=euros("29.00"))),
        (paid_after, moved(f.OrderRefunded, -1)),
        (refunded_twice, lambda e: moved(f.OrderRefunded, 1)(e) if e.version < 6 else e),
        (repriced, moved(f.OrderCorrected, -1)),
        (repriced, moved(f.OrderCorrected, 1)),
        (repriced, fact(f.OrderCorrected, corrected_on=TODAY + DAY)),
        (taken_back_and_repriced, moved(f.InvoiceCancelled, 1)),
        (paid_after, moved(f.PaymentSettled, 1)),
        (waived_and_paid, fact(f.PaymentSettled, amount=euros("0.00"))),
        (refunded, without(f.OrderCancelled)),
        (refunded, without(f.PaymentSettled)),
    ],
)
def test_a_breach_is_seen(scenario: Given, alter: Alter) -> None:
    events = [altered for altered in map(alter, told(scenario)) if altered is not None]
    with pytest.raises(AssertionError):
        promised(events)


def test_an_order_that_goes_on_after_its_end_is_seen() -> None:
    events = told(completed())
    again = replace(events[-2], version=events[-1].version + 1)
    with pytest.raises(AssertionError, match="after its end"):
        promised([*events, again])


def test_a_third_reminder_is_seen() -> None:
    events = told(reminded)
    later = [replace(events[-1], version=events[-1].version + n) for n in (1, 2)]
    promised([*events, later[0]])
    with pytest.raises(AssertionError):
        promised([*events, *later])


@pytest.mark.parametrize("field", [OrderField.PARCELS, OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND])
def test_a_change_under_review_is_seen(field: OrderField) -> None:
    events = told(corrected)
    correction = next(event for event in events if isinstance(event.fact, f.OrderCorrected))
    late = replace(correction, version=events[-1].version + 1)
    later = fact(f.OrderCorrected, field=field)(late)
    assert later is not None
    with pytest.raises(AssertionError, match="what is reviewed is changed"):
        promised([*events, later])
