"""Fees at random: assessed, demanded with numbers from series, paid, overdue, waived, refunded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.cadastre import commands as c
from domain.cadastre.state import Order, Series
from domain.cadastre.vocabulary import (
    CancelCause,
    ExemptionGround,
    PaymentMethod,
    SeriesKind,
    Stage,
    WaiverGround,
)
from domain.kernel import Channel, Money
from tests.machines.machine import Attempt, Move, Scene

ENDED = (Stage.CANCELLED, Stage.REFUNDED, Stage.COMPLETED)


def assess(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    ground = scene.often(None, ExemptionGround.EQUITY)
    minutes = scene.pick((1, 15, 16, 50)) if order.format.is_data else None
    ago = max(order.tariff_day, scene.day(-60, 0))
    assessing = c.AssessFee(minutes=minutes, exemption_ground=ground)
    return Attempt(command=assessing, record=record, on=scene.often(ago, scene.today))


def open_series(scene: Scene) -> Attempt:
    """Mostly some time ago, so that it can number what was demanded since."""
    prefix = scene.number("P")
    year = scene.day(-60, 0).year
    opening = c.OpenSeries(series_kind=scene.pick(SeriesKind), year=year, prefix=prefix)
    return Attempt(command=opening, on=scene.often(scene.day(-90, -60), scene.today))


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


def demanding(
    scene: Scene, kind: SeriesKind, where: Callable[[Order], bool] = lambda order: True
) -> tuple[UUID, date, date, UUID]:
    """An order, a day for its demand, the last day for it, and a series.

    The day is some time ago, so that it can fall due by today; seldom before the fee or the last number of the series.
    """
    record, order = scene.some(Order, where)
    day = max(order.placed_on, scene.day(-60, 0))
    series_id = series_for(scene, kind, day.year)
    series = scene.world.state(series_id)
    if scene.chance(0.85):
        last = series.last_on if isinstance(series, Series) and series.year == day.year else None
        day = max(day, order.assessed_on or day, last or day)
    return record, day, day + timedelta(days=scene.random.randint(1, 20)), series_id


def is_priced(order: Order) -> bool:
    return order.stage is Stage.PRICED


def made_unpaid(order: Order) -> bool:
    return order.stage in (Stage.PRODUCED, Stage.DELIVERED) and not order.settled


def refundable(order: Order) -> bool:
    return order.stage in ENDED and order.kept is not None and order.kept.amount > 0


def has_invoice(order: Order) -> bool:
    return order.demand is not None and order.demand.invoice


def give_notice(scene: Scene) -> Attempt:
    record, day, due, series = demanding(scene, SeriesKind.FEE_NOTICE)
    notice = c.IssueFeeNotice(series_id=series, due=due)
    return Attempt(command=scene.often(notice, replace(notice, series_id=None)), record=record, on=day)


def give_notice_of_a_fee(scene: Scene) -> Attempt:
    record, day, due, series = demanding(scene, SeriesKind.FEE_NOTICE, is_priced)
    return Attempt(command=c.IssueFeeNotice(series_id=series, due=due), record=record, on=day)


def import_notice(scene: Scene) -> Attempt:
    record, day, due, _ = demanding(scene, SeriesKind.FEE_NOTICE, is_priced)
    return Attempt(
        command=c.IssueFeeNotice(notice_number=scene.number("B-"), due=due),
        record=record,
        on=day,
        channel=scene.often(Channel.IMPORT, Channel.STAFF),
    )


def import_notice_twice(scene: Scene) -> Attempt:
    record, day, due, _ = demanding(scene, SeriesKind.FEE_NOTICE, is_priced)
    notice = c.IssueFeeNotice(notice_number=scene.taken("cadastre.fee_notice_number"), due=due)
    return Attempt(command=notice, record=record, on=day, channel=Channel.IMPORT)


def import_ahead_of_a_series(scene: Scene) -> Attempt:
    """A notice of an earlier system that bears the number which a series gives next, or the one after."""
    _, series = scene.some(Series)
    ahead = replace(series, next=series.next + scene.pick((0, 1)))
    record, day, due, _ = demanding(scene, SeriesKind.FEE_NOTICE, is_priced)
    notice = c.IssueFeeNotice(notice_number=ahead.text, due=due)
    return Attempt(command=notice, record=record, on=day, channel=Channel.IMPORT)


def pass_over(scene: Scene) -> Attempt:
    """Past a number that an order bears; now and then past one that it does not."""
    bearing = {order.demand.number: record for record, order in scene.world.of(Order).items() if order.demand}
    if scene.chance(0.4):
        series_id, series = scene.some(Series)
        order_id, _ = scene.some(Order)
    else:
        series_id, series = scene.some(Series, lambda series: series.text in bearing)
        order_id = bearing[series.text]
    on = scene.today if scene.today.year == series.year else series.last_on
    return Attempt(command=c.PassOverNumber(order_id=order_id), record=series_id, on=on)


def invoice(scene: Scene) -> Attempt:
    record, day, due, series = demanding(scene, SeriesKind.INVOICE)
    bill_to = scene.text() if scene.chance(0.3) else None
    return Attempt(command=c.IssueInvoice(series_id=series, due=due, bill_to=bill_to), record=record, on=day)


def invoice_a_fee(scene: Scene) -> Attempt:
    record, day, due, series = demanding(scene, SeriesKind.INVOICE, scene.pick([is_priced, made_unpaid]))
    return Attempt(command=c.IssueInvoice(series_id=series, due=due), record=record, on=day)


def number_back_in_time(scene: Scene) -> Attempt:
    """A number on the day before the last one of its series, for an order whose fee was assessed by then."""
    series_id, series = scene.some(Series, lambda series: series.last_on is not None)
    day = (series.last_on or scene.today) - timedelta(days=1)
    record, _ = scene.some(Order, lambda order: is_priced(order) and (order.assessed_on or day) <= day)
    due = day + timedelta(days=9)
    if series.kind is SeriesKind.INVOICE:
        return Attempt(command=c.IssueInvoice(series_id=series_id, due=due), record=record, on=day)
    return Attempt(command=c.IssueFeeNotice(series_id=series_id, due=due), record=record, on=day)


def take_back_back_in_time(scene: Scene) -> Attempt:
    """A cancellation invoice on the day before the last number of its series."""
    record, order = scene.some(Order, has_invoice)
    issued_on = order.demanded_on or scene.today

    def went_on(series: Series) -> bool:
        on = series.last_on
        return series.kind is SeriesKind.INVOICE and on is not None and on > issued_on

    series_id, series = scene.some(Series, went_on)
    day = (series.last_on or scene.today) - timedelta(days=1)
    return Attempt(command=c.CancelInvoice(series_id=series_id, reason=scene.text()), record=record, on=day)


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
    ago = max(order.placed_on, scene.day(-20, 0))
    paying = c.SettlePayment(amount=amount, method=PaymentMethod.CARD)
    return Attempt(command=paying, record=record, on=scene.often(scene.today, ago))


def pay_after_the_end(scene: Scene) -> Attempt:
    """Money for a fee that fell away with its order, or was waived."""
    record, order = scene.some(Order, lambda order: order.stage in ENDED and order.fee is not None)
    paying = c.SettlePayment(amount=order.fee or Money(Decimal("30.00")), method=PaymentMethod.TRANSFER)
    return Attempt(command=paying, record=record)


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
    due = order.demand.due if order.demand else scene.today
    ago = max(due + timedelta(days=1), scene.day(-9, -3))
    return Attempt(command=c.RemindPayment(due=ago), record=record, on=ago)


def waive(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    command = c.WaiveFee(ground=scene.pick(WaiverGround), reason=scene.text())
    on = scene.often(scene.today, max(order.placed_on, scene.day(-20, 0)))
    return Attempt(command=command, record=record, on=on, channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL))


def refund_too_much(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, refundable)
    return Attempt(command=c.RefundOrder(amount=Money(Decimal("999.00")), reason=scene.text()), record=record)


def refund(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    if scene.chance(0.5):
        record, order = scene.some(Order, refundable)
    left = order.kept or Money(Decimal("30.00"))
    amount = scene.pick((left, Money(min(left.amount, Decimal("0.50"))), Money(left.amount + Decimal("0.01"))))
    on = scene.often(scene.today, max(order.placed_on, scene.day(-20, 0)))
    return Attempt(command=c.RefundOrder(amount=amount, reason=scene.text()), record=record, on=on)


MOVES: tuple[Move, ...] = (
    assess,
    open_series,
    open_series_twice,
    open_series_on_a_record,
    give_notice,
    give_notice_of_a_fee,
    import_notice,
    import_notice_twice,
    import_ahead_of_a_series,
    pass_over,
    invoice,
    invoice_a_fee,
    number_back_in_time,
    take_back_back_in_time,
    take_back_invoice,
    cancel_with_invoice,
    pay,
    pay_after_the_end,
    overdue,
    overdue_too_early,
    remind,
    remind_and_remind,
    waive,
    refund,
    refund_too_much,
)
