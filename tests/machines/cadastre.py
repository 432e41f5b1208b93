"""Cadastre orders at random: the office, its customers, the calendar, and the mistakes of all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.cadastre import FAMILY
from domain.cadastre import commands as c
from domain.cadastre.area import Area
from domain.cadastre.state import Basket, Order, Series
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    OrderField,
    PaperSize,
    PaymentMethod,
    Product,
    SeriesKind,
    Stage,
    WaiverGround,
)
from domain.kernel import Channel, Money
from tests.machines.machine import Attempt, Machine, Scene, World
from tests.machines.machine import Stage as Standing

PARCELS = ("053110001000120003__", "05310503300007______")
ELSEWHERE = "05285303400001______"
MALFORMED, NO_GEMARKUNG, NO_FLUR = "05311", "059999001000120003__", "053110999000120003__"
AREA = Area("053110", west=344_000, south=5_676_000, east=345_200, north=5_677_000)
SHA256 = "ab" * 32
BEFORE_ALL_OFFERS, BEFORE_ALL_TARIFFS = date(2015, 6, 1), date(2020, 1, 15)


# What is ordered, and by whom


def ordered(scene: Scene) -> dict[str, Any]:
    product = scene.pick(Product)
    data = product is Product.DATA_EXTRACT
    wrong = scene.pick([(), (MALFORMED,), (NO_GEMARKUNG,), (NO_FLUR,), (*PARCELS[:1], ELSEWHERE)])
    parcels = scene.often(PARCELS, wrong)
    area = None
    if scene.chance(0.3):
        area = scene.often(AREA, replace(AREA, east=AREA.west))
        parcels = scene.often((), PARCELS)
    return {
        "product": product,
        "parcels": parcels,
        "area": area,
        "format": scene.often(Format.NAS if data else Format.PDF, Format.DXF),
        "paper_size": None if data else PaperSize.A4,
        "copies": 1 if data else scene.pick([1, 1, 3]),
    }


def requested(scene: Scene, order_number: str) -> dict[str, Any]:
    return {
        "order_number": order_number,
        "assurance": scene.often(Assurance.HIGH, Assurance.LOW),
        "requester": scene.text(),
        "purpose": scene.text() if scene.chance(0.5) else None,
    }


def place(scene: Scene) -> Attempt:
    command = c.PlaceOrder(**ordered(scene), **requested(scene, scene.number("O-")))
    on = scene.often(scene.day(-90, 0), BEFORE_ALL_OFFERS, BEFORE_ALL_TARIFFS)
    return Attempt(command=command, on=min(on, scene.today))


def place_twice(scene: Scene) -> Attempt:
    return Attempt(command=c.PlaceOrder(**ordered(scene), **requested(scene, scene.taken("cadastre.order_number"))))


def place_on_a_record(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.PlaceOrder(**ordered(scene), **requested(scene, scene.number("O-"))), record=record)


def draft(scene: Scene) -> Attempt:
    return Attempt(command=c.DraftOrder(**ordered(scene)))


def change(scene: Scene) -> Attempt:
    record, _ = scene.some(Basket) if scene.chance(0.8) else scene.some(Order)
    return Attempt(command=c.ChangeDraft(**ordered(scene)), record=record)


def submit(scene: Scene) -> Attempt:
    record, basket = scene.some(Basket)
    number = scene.often(scene.number("O-"), scene.taken("cadastre.order_number"))
    before = basket.drafted_on - timedelta(days=2)
    return Attempt(
        command=c.SubmitOrder(**requested(scene, number)), record=record, on=scene.often(scene.today, before)
    )


def discard(scene: Scene) -> Attempt:
    record, _ = scene.some(Basket)
    return Attempt(command=c.DiscardDraft(), record=record)


def work_on_a_basket(scene: Scene) -> Attempt:
    record, _ = scene.some(Basket)
    return Attempt(command=c.AssessFee(), record=record)


def complete_nothing(scene: Scene) -> Attempt:
    return Attempt(command=c.CompleteOrder(), record=UUID(int=scene.random.getrandbits(128)))


# The interest


def claim_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    ground = scene.often(InterestGround.OWNER, InterestGround.PURCHASE)
    return Attempt(command=c.ClaimLegitimateInterest(ground_kind=ground, ground=scene.text()), record=record)


def confirm_interest(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    return Attempt(
        command=c.ConfirmLegitimateInterest(),
        record=record,
        on=_or_before(scene, order),
        channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL),
    )


def refuse_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.RefuseLegitimateInterest(reason=scene.text()), record=record)


# The fee


def assess(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    ground = scene.often(None, ExemptionGround.EQUITY)
    return Attempt(
        command=c.AssessFee(minutes=50 if order.format.is_data else None, exemption_ground=ground), record=record
    )


def open_series(scene: Scene) -> Attempt:
    prefix = scene.number("P")
    year = scene.day(-60, 0).year
    return Attempt(command=c.OpenSeries(series_kind=scene.pick(SeriesKind), year=year, prefix=prefix))


def open_series_twice(scene: Scene) -> Attempt:
    kind, _, name = scene.taken("cadastre.series").partition(":")
    prefix, _, year = name.rpartition("-")
    return Attempt(command=c.OpenSeries(series_kind=SeriesKind(kind), year=int(year), prefix=prefix))


def open_series_on_a_record(scene: Scene) -> Attempt:
    record, series = scene.some(Series)
    opening = c.OpenSeries(series_kind=series.kind, year=series.year, prefix=scene.number("P"))
    return Attempt(command=opening, record=record)


def series_for(scene: Scene, kind: SeriesKind, year: int) -> UUID:
    """Mostly one of the kind and the year; else any, or none at all."""
    every = scene.world.of(Series)
    fitting = [record for record, each in every.items() if each.kind is kind and each.year == year]
    if fitting and scene.chance(0.8):
        return scene.pick(fitting)
    same_kind = [record for record, each in every.items() if each.kind is kind]
    return scene.pick([*every, *same_kind, UUID(int=scene.random.getrandbits(128))])


def demanding(scene: Scene, where: Callable[[Order], bool] = lambda order: True) -> tuple[UUID, date, date]:
    """An order, a day for its demand, some time ago so that it can fall due by today, and the last day for it."""
    record, order = scene.some(Order, where)
    day = max(order.placed_on, scene.day(-60, 0))
    return record, day, day + timedelta(days=scene.random.randint(1, 20))


def is_priced(order: Order) -> bool:
    return order.stage is Stage.PRICED


def made_unpaid(order: Order) -> bool:
    return order.stage in (Stage.PRODUCED, Stage.DELIVERED) and not order.settled


def has_invoice(order: Order) -> bool:
    return order.demand is not None and order.demand.invoice


def give_notice(scene: Scene) -> Attempt:
    record, day, due = demanding(scene)
    notice = c.IssueFeeNotice(series_id=series_for(scene, SeriesKind.FEE_NOTICE, day.year), due=due)
    return Attempt(command=scene.often(notice, replace(notice, series_id=None)), record=record, on=day)


def give_notice_of_a_fee(scene: Scene) -> Attempt:
    record, day, due = demanding(scene, is_priced)
    notice = c.IssueFeeNotice(series_id=series_for(scene, SeriesKind.FEE_NOTICE, day.year), due=due)
    return Attempt(command=notice, record=record, on=day)


def import_notice(scene: Scene) -> Attempt:
    record, day, due = demanding(scene, is_priced)
    return Attempt(
        command=c.IssueFeeNotice(notice_number=scene.number("B-"), due=due),
        record=record,
        on=day,
        channel=scene.often(Channel.IMPORT, Channel.STAFF),
    )


def import_notice_twice(scene: Scene) -> Attempt:
    record, day, due = demanding(scene, is_priced)
    notice = c.IssueFeeNotice(notice_number=scene.taken("cadastre.fee_notice_number"), due=due)
    return Attempt(command=notice, record=record, on=day, channel=Channel.IMPORT)


def invoice(scene: Scene) -> Attempt:
    record, day, due = demanding(scene)
    bill_to = scene.text() if scene.chance(0.3) else None
    series = series_for(scene, SeriesKind.INVOICE, day.year)
    return Attempt(command=c.IssueInvoice(series_id=series, due=due, bill_to=bill_to), record=record, on=day)


def invoice_a_fee(scene: Scene) -> Attempt:
    record, day, due = demanding(scene, scene.pick([is_priced, made_unpaid]))
    series = series_for(scene, SeriesKind.INVOICE, day.year)
    return Attempt(command=c.IssueInvoice(series_id=series, due=due), record=record, on=day)


def take_back_invoice(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, has_invoice) if scene.chance(0.5) else scene.some(Order)
    series = series_for(scene, SeriesKind.INVOICE, scene.today.year)
    return Attempt(command=c.CancelInvoice(series_id=series, reason=scene.text()), record=record)


def cancel_with_invoice(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda o: o.stage in (Stage.INVOICED, Stage.PAID) and has_invoice(o))
    return Attempt(command=c.CancelOrder(cause=CancelCause.WITHDRAWN, reason=scene.text()), record=record)


def pay(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    amount = scene.often(order.fee or Money(Decimal("30.00")), Money(Decimal("1.00")))
    return Attempt(command=c.SettlePayment(amount=amount, method=PaymentMethod.CARD), record=record)


def overdue(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.demand is not None) if scene.chance(0.5) else scene.some(Order)
    return Attempt(command=c.RecordPaymentOverdue(), record=record, channel=Channel.SYSTEM)


def overdue_too_early(scene: Scene) -> Attempt:
    def demanded(order: Order) -> bool:
        return order.demand is not None and not order.demand.overdue and not order.settled

    record, order = scene.some(Order, demanded)
    due = order.demand.due if order.demand else scene.today
    return Attempt(command=c.RecordPaymentOverdue(), record=record, on=min(due, scene.today), channel=Channel.SYSTEM)


def remind(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.RemindPayment(due=scene.today), record=record)


def remind_and_remind(scene: Scene) -> Attempt:
    """The day after a reminder's last day it is overdue again: so the reminder is of some time ago."""
    record, order = scene.some(Order, lambda order: order.demand is not None and order.demand.overdue)
    ago = max(order.placed_on, scene.day(-9, -3))
    return Attempt(command=c.RemindPayment(due=ago), record=record, on=ago)


def waive(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    command = c.WaiveFee(ground=scene.pick(WaiverGround), reason=scene.text())
    return Attempt(command=command, record=record, channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL))


def refund_too_much(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.CANCELLED and order.paid is not None)
    return Attempt(command=c.RefundOrder(amount=Money(Decimal("999.00")), reason=scene.text()), record=record)


def refund(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    if scene.chance(0.5):
        record, order = scene.some(Order, lambda order: order.stage is Stage.CANCELLED and order.paid is not None)
    amount = scene.often(order.paid or Money(Decimal("30.00")), Money(Decimal("999.00")))
    return Attempt(command=c.RefundOrder(amount=amount, reason=scene.text()), record=record)


# The product, and the end


def make(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    data_as_of = scene.often(scene.today, scene.today + timedelta(days=1))
    return Attempt(command=c.GenerateProduct(data_as_of=data_as_of, sha256=SHA256), record=record)


def deliver(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    expires = scene.pick([None, scene.day(0, 30), scene.day(0, 30), scene.day(-3, -1)])
    channel = DeliveryChannel.DOWNLOAD if expires else scene.pick(DeliveryChannel)
    return Attempt(command=c.DeliverProduct(channel=channel, expires=expires), record=record)


def put_up_for_download(scene: Scene) -> Attempt:
    record, order = scene.some(Order, lambda order: order.stage is Stage.PRODUCED)
    ago = max(order.placed_on, scene.day(-9, -3))
    command = c.DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=ago)
    return Attempt(command=command, record=record, on=ago)


def make_on_demand(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.INVOICED)
    return Attempt(command=c.GenerateProduct(data_as_of=scene.today, sha256=SHA256), record=record)


def correct_owner_statement(scene: Scene) -> Attempt:
    """A correction that voids a fee after the interest was confirmed."""
    record, order = scene.some(Order, lambda o: o.stage is Stage.PRICED and o.product.has_owner_data)
    new = str(order.copies + 1)
    return Attempt(command=c.CorrectOrder(field=OrderField.COPIES, new=new, reason=scene.text()), record=record)


def expire(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.RecordDeliveryExpired(), record=record, channel=Channel.SYSTEM)


def complete(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    return Attempt(command=c.CompleteOrder(), record=record, on=_or_before(scene, order))


def complete_unpaid(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.DELIVERED and not order.settled)
    return Attempt(command=c.CompleteOrder(), record=record)


def cancel(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.CancelOrder(cause=scene.pick(CancelCause), reason=scene.text()), record=record)


def correct(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    field = scene.pick(OrderField)
    new = {
        OrderField.PARCELS: " ".join(scene.pick([PARCELS, PARCELS[:1], PARCELS[1:]])),
        OrderField.PAPER_SIZE: scene.pick(PaperSize).value,
        OrderField.COPIES: str(scene.random.randint(1, 5)),
        OrderField.DATA_AS_OF: scene.day(-9, 2).isoformat(),
    }.get(field)
    sealed = scene.text() if field.is_sealed else None
    return Attempt(command=c.CorrectOrder(field=field, new=new, new_sealed=sealed, reason=scene.text()), record=record)


def _or_before(scene: Scene, order: Order) -> date:
    return scene.often(scene.today, order.placed_on - timedelta(days=2))


# What must hold


def stages(record_id: UUID, state: Basket | Order | Series) -> Iterator[Standing]:
    if isinstance(state, Series):
        yield Standing("series", record_id, "open")
    else:
        yield Standing("order", record_id, state.stage)


def check(world: World, record_id: UUID) -> None:
    state = world.state(record_id)
    if isinstance(state, Series):
        # They begin at 1, and every event but the first takes a number: none is lost, none given twice.
        assert state.next == world.records[record_id].version
    if isinstance(state, Order):
        check_order(state)


def check_order(order: Order) -> None:
    past_review = order.stage not in (Stage.SUBMITTED, Stage.INTEREST_REVIEW, Stage.REFUSED, Stage.CANCELLED)
    if order.product.has_owner_data and past_review:
        assert order.ground_kind not in (None, InterestGround.PURCHASE)
    if order.stage in (Stage.PRODUCED, Stage.DELIVERED, Stage.COMPLETED):
        assert order.fee is not None
        assert order.sha256 is not None
    if order.stage is Stage.COMPLETED:
        assert order.settled
    if order.stage is Stage.INVOICED:
        assert order.demand is not None
    if order.stage in (Stage.CANCELLED, Stage.REFUNDED):
        assert order.demand is None or not order.demand.invoice
    if order.paid is not None:
        assert order.paid == order.fee
        assert not order.waived


MACHINE = Machine(
    family=FAMILY,
    moves=(
        place,
        place_twice,
        place_on_a_record,
        draft,
        change,
        submit,
        discard,
        work_on_a_basket,
        complete_nothing,
        claim_interest,
        confirm_interest,
        refuse_interest,
        assess,
        open_series,
        open_series_twice,
        open_series_on_a_record,
        give_notice,
        give_notice_of_a_fee,
        import_notice,
        import_notice_twice,
        invoice,
        invoice_a_fee,
        take_back_invoice,
        cancel_with_invoice,
        pay,
        overdue,
        overdue_too_early,
        remind,
        remind_and_remind,
        waive,
        refund,
        refund_too_much,
        make,
        make_on_demand,
        deliver,
        put_up_for_download,
        correct_owner_statement,
        expire,
        complete,
        complete_unpaid,
        cancel,
        correct,
    ),
    stages=stages,
    check=check,
    kept_back={
        "cadastre.order_exists": "the store creates no record twice: VersionConflict",
        "cadastre.order_unknown": "the store knows no order there: NotFound",
        "cadastre.series_exists": "the store creates no record twice: VersionConflict",
    },
    years=4,
)
