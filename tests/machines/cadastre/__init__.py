"""Cadastre orders at random: the office, its customers, the calendar, and the mistakes of all."""

from collections.abc import Iterator
from uuid import UUID

from domain.cadastre import FAMILY
from domain.cadastre.state import Basket, Order, Series
from domain.cadastre.vocabulary import InterestGround, Stage
from tests.machines.cadastre import delivery, fees, ordering
from tests.machines.machine import Machine, World
from tests.machines.machine import Stage as Standing


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
    moves=(*ordering.MOVES, *fees.MOVES, *delivery.MOVES),
    stages=stages,
    check=check,
    kept_back={
        "cadastre.order_exists": "the store creates no record twice: VersionConflict",
        "cadastre.order_unknown": "the store knows no order there: NotFound",
        "cadastre.series_exists": "the store creates no record twice: VersionConflict",
    },
    years=4,
)
