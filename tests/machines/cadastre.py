"""Cadastre orders at random: the office, its customers, and the mistakes of both."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.cadastre import FAMILY
from domain.cadastre import commands as c
from domain.cadastre.state import Order
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
    Stage,
)
from domain.kernel import Money
from tests.machines.machine import Attempt, Machine, Scene, World
from tests.machines.machine import Stage as Standing

PARCELS = ("053110001000120003__", "05310503300007______")
ELSEWHERE = "05285303400001______"
MALFORMED, NO_GEMARKUNG, NO_FLUR = "05311", "059999001000120003__", "053110999000120003__"
SHA256 = "ab" * 32


def placing(scene: Scene, order_number: str) -> c.PlaceOrder:
    product = scene.pick(Product)
    data = product is Product.DATA_EXTRACT
    wrong = scene.pick([(MALFORMED,), (NO_GEMARKUNG,), (NO_FLUR,), (*PARCELS[:1], ELSEWHERE)])
    return c.PlaceOrder(
        order_number=order_number,
        product=product,
        parcels=scene.often(PARCELS, wrong),
        format=scene.often(Format.NAS if data else Format.PDF, Format.DXF),
        paper_size=None if data else PaperSize.A4,
        copies=1 if data else scene.pick([1, 1, 3]),
        assurance=scene.often(Assurance.HIGH, Assurance.LOW),
        requester=scene.text(),
        purpose=scene.text() if scene.chance(0.5) else None,
    )


def place(scene: Scene) -> Attempt:
    return Attempt(command=placing(scene, scene.number("O-")))


def place_twice(scene: Scene) -> Attempt:
    return Attempt(command=placing(scene, scene.taken("cadastre.order_number")))


def place_on_a_record(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=placing(scene, scene.number("O-")), record=record)


def complete_nothing(scene: Scene) -> Attempt:
    return Attempt(command=c.CompleteOrder(), record=UUID(int=scene.random.getrandbits(128)))


def claim_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    ground = scene.often(InterestGround.OWNER, InterestGround.PURCHASE)
    return Attempt(command=c.ClaimLegitimateInterest(ground_kind=ground, ground=scene.text()), record=record)


def confirm_interest(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    return Attempt(command=c.ConfirmLegitimateInterest(), record=record, on=_or_before(scene, order))


def refuse_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.RefuseLegitimateInterest(reason=scene.text()), record=record)


def assess(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    ground = scene.often(None, ExemptionGround.EQUITY)
    return Attempt(
        command=c.AssessFee(minutes=50 if order.format.is_data else None, exemption_ground=ground), record=record
    )


def give_notice(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    number = scene.number("B-")
    return Attempt(command=c.IssueFeeNotice(notice_number=number, due=scene.day(10, 30)), record=record)


def give_notice_twice(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.PRICED)
    number = scene.taken("cadastre.fee_notice_number")
    return Attempt(command=c.IssueFeeNotice(notice_number=number, due=scene.day(10, 30)), record=record)


def pay(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    amount = scene.often(order.fee or Money(Decimal("30.00")), Money(Decimal("1.00")))
    return Attempt(command=c.SettlePayment(amount=amount, method=PaymentMethod.CARD), record=record)


def make(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    data_as_of = scene.often(scene.today, scene.today + timedelta(days=1))
    return Attempt(command=c.GenerateProduct(data_as_of=data_as_of, sha256=SHA256), record=record)


def deliver(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    expires = scene.often(None, scene.day(0, 30), scene.day(-3, -1))
    channel = DeliveryChannel.DOWNLOAD if expires else scene.pick(DeliveryChannel)
    return Attempt(command=c.DeliverProduct(channel=channel, expires=expires), record=record)


def complete(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    return Attempt(command=c.CompleteOrder(), record=record, on=_or_before(scene, order))


def complete_unpaid(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.DELIVERED and not order.settled)
    return Attempt(command=c.CompleteOrder(), record=record)


def cancel(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.CancelOrder(cause=scene.pick(CancelCause), reason=scene.text()), record=record)


def refund(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    if scene.chance(0.5):
        record, order = scene.some(Order, lambda order: order.stage is Stage.CANCELLED and order.paid is not None)
    amount = scene.often(order.paid or Money(Decimal("30.00")), Money(Decimal("999.00")))
    return Attempt(command=c.RefundOrder(amount=amount, reason=scene.text()), record=record)


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


def stages(record_id: UUID, state: Order) -> Iterator[Standing]:
    yield Standing("order", record_id, state.stage)


def check(world: World, record_id: UUID) -> None:
    order = world.state(record_id)
    past_review = order.stage not in (Stage.SUBMITTED, Stage.INTEREST_REVIEW, Stage.REFUSED, Stage.CANCELLED)
    if order.product.has_owner_data and past_review:
        assert order.ground_kind not in (None, InterestGround.PURCHASE)
    if order.stage in (Stage.PRODUCED, Stage.DELIVERED, Stage.COMPLETED):
        assert order.settled or order.noticed
        assert order.sha256 is not None
    if order.stage is Stage.COMPLETED:
        assert order.settled
    if order.paid is not None:
        assert order.paid == order.fee


MACHINE = Machine(
    family=FAMILY,
    moves=(
        place,
        place_twice,
        place_on_a_record,
        complete_nothing,
        claim_interest,
        confirm_interest,
        refuse_interest,
        assess,
        give_notice,
        give_notice_twice,
        pay,
        make,
        deliver,
        complete,
        complete_unpaid,
        cancel,
        refund,
        correct,
    ),
    stages=stages,
    check=check,
    kept_back={
        "cadastre.order_exists": "the store creates no record twice: VersionConflict",
        "cadastre.order_unknown": "the store knows no order there: NotFound",
    },
    years=7,
)
