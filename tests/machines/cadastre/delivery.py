"""Products at random: made, delivered, expired; and the ends and corrections of orders."""

from datetime import timedelta

from domain.cadastre import commands as c
from domain.cadastre.state import Order
from domain.cadastre.vocabulary import (
    CancelCause,
    DeliveryChannel,
    OrderField,
    PaperSize,
    Stage,
)
from domain.kernel import Channel
from tests.machines.cadastre.ordering import PARCELS, or_before
from tests.machines.machine import Attempt, Move, Scene

SHA256 = "ab" * 32


def make(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    ago = max(order.placed_on, scene.day(-20, 0))
    on = scene.often(scene.today, ago)
    data_as_of = scene.often(on, on + timedelta(days=1))
    return Attempt(command=c.GenerateProduct(data_as_of=data_as_of, sha256=SHA256), record=record, on=on)


def deliver(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    expires = scene.pick([None, scene.day(0, 30), scene.day(0, 30), scene.day(-3, -1)])
    channel = DeliveryChannel.DOWNLOAD if expires else scene.pick(DeliveryChannel)
    on = scene.often(scene.today, max(order.placed_on, scene.day(-20, 0)))
    return Attempt(command=c.DeliverProduct(channel=channel, expires=expires), record=record, on=on)


def put_up_for_download(scene: Scene) -> Attempt:
    record, order = scene.some(Order, lambda order: order.stage is Stage.PRODUCED)
    ago = max(order.generated_on or order.placed_on, scene.day(-9, -3))
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
    return Attempt(command=c.CompleteOrder(), record=record, on=or_before(scene, order))


def complete_unpaid(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.DELIVERED and not order.settled)
    return Attempt(command=c.CompleteOrder(), record=record)


def cancel(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    on = scene.often(scene.today, max(order.placed_on, scene.day(-20, 0)))
    return Attempt(command=c.CancelOrder(cause=scene.pick(CancelCause), reason=scene.text()), record=record, on=on)


def correct(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    field = scene.pick(OrderField)
    on = scene.often(scene.today, max(order.placed_on, scene.day(-20, 0)))
    new = {
        OrderField.PARCELS: " ".join(scene.pick([PARCELS, PARCELS[:1], PARCELS[1:]])),
        OrderField.PAPER_SIZE: scene.pick(PaperSize).value,
        OrderField.COPIES: str(scene.random.randint(1, 5)),
        OrderField.DATA_AS_OF: scene.day(-9, 2).isoformat(),
    }.get(field)
    sealed = scene.text() if field.is_sealed else None
    command = c.CorrectOrder(field=field, new=new, new_sealed=sealed, reason=scene.text())
    return Attempt(command=command, record=record, on=on)


MOVES: tuple[Move, ...] = (
    make,
    make_on_demand,
    deliver,
    put_up_for_download,
    expire,
    complete,
    complete_unpaid,
    cancel,
    correct,
    correct_owner_statement,
)
