"""Baskets, orders and interests at random: what people want, and what is wrong with it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.cadastre import commands as c
from domain.cadastre.area import Area
from domain.cadastre.state import Basket, Order
from domain.cadastre.vocabulary import (
    Assurance,
    Format,
    InterestGround,
    PaperSize,
    Product,
    Stage,
)
from domain.kernel import Channel
from tests.machines.machine import Attempt, Move, Scene

PARCELS = ("053110001000120003__", "05310503300007______")
ELSEWHERE = "05285303400001______"
MALFORMED, NO_GEMARKUNG, NO_FLUR = "05311", "059999001000120003__", "053110999000120003__"
AREA = Area("053110", west=344_000, south=5_676_000, east=345_200, north=5_677_000)
BEFORE_ALL_OFFERS, BEFORE_ALL_TARIFFS = date(2015, 6, 1), date(2020, 1, 15)


def or_before(scene: Scene, order: Order) -> date:
    claimed_on = order.claimed_on or scene.today
    return scene.often(scene.today, order.placed_on - timedelta(days=2), claimed_on - timedelta(days=1))


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


def dated_back_at_the_portal(scene: Scene) -> Attempt:
    """What anybody may do, on a day that is over."""
    command = c.PlaceOrder(**ordered(scene), **requested(scene, scene.number("O-")))
    channel = scene.pick((Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP))
    return Attempt(command=command, on=scene.day(-30, -1), channel=channel)


def claim_at_the_portal(scene: Scene) -> Attempt:
    record, _ = scene.some(Order, lambda order: order.stage is Stage.SUBMITTED and order.product.has_owner_data)
    claiming = c.ClaimLegitimateInterest(ground_kind=InterestGround.OWNER, ground=scene.text())
    return Attempt(command=claiming, record=record, channel=Channel.SERVICE_PORTAL)


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


def claim_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    ground = scene.often(InterestGround.OWNER, InterestGround.PURCHASE)
    return Attempt(command=c.ClaimLegitimateInterest(ground_kind=ground, ground=scene.text()), record=record)


def review_what_was_corrected(scene: Scene) -> Attempt:
    """A review by somebody who corrected the order, who is not always among those who ordered."""
    record, order = scene.some(Order, lambda o: o.stage is Stage.INTEREST_REVIEW and bool(o.corrected_by))
    return Attempt(command=c.ConfirmLegitimateInterest(), record=record, actor=scene.pick(order.corrected_by))


def confirm_interest(scene: Scene) -> Attempt:
    record, order = scene.some(Order)
    return Attempt(
        command=c.ConfirmLegitimateInterest(),
        record=record,
        on=or_before(scene, order),
        channel=scene.often(Channel.STAFF, Channel.SERVICE_PORTAL),
    )


def refuse_interest(scene: Scene) -> Attempt:
    record, _ = scene.some(Order)
    return Attempt(command=c.RefuseLegitimateInterest(reason=scene.text()), record=record)


def confirm_a_buyer(scene: Scene) -> Attempt:
    def buys(order: Order) -> bool:
        return order.stage is Stage.INTEREST_REVIEW and order.ground_kind is InterestGround.PURCHASE

    record, _ = scene.some(Order, buys)
    return Attempt(command=c.ConfirmLegitimateInterest(), record=record)


MOVES: tuple[Move, ...] = (
    place,
    place_twice,
    place_on_a_record,
    dated_back_at_the_portal,
    claim_at_the_portal,
    draft,
    change,
    submit,
    discard,
    work_on_a_basket,
    complete_nothing,
    claim_interest,
    review_what_was_corrected,
    confirm_interest,
    confirm_a_buyer,
    refuse_interest,
)
