"""Cadastre orders at random: the office, its customers, the calendar, and the mistakes of all."""

from collections.abc import Iterator
from uuid import UUID

from domain.cadastre import FAMILY
from domain.cadastre.state import Basket, Order, Series
from tests.machines.cadastre import delivery, fees, ordering, promises
from tests.machines.deputies import with_deputies
from tests.machines.machine import Machine, World
from tests.machines.machine import Stage as Standing


def stages(record_id: UUID, state: Basket | Order | Series) -> Iterator[Standing]:
    if isinstance(state, Series):
        yield Standing("series", record_id, "open")
    else:
        yield Standing("order", record_id, state.stage)


def check(world: World, record_id: UUID) -> None:
    events = world.events(record_id)
    if isinstance(world.state(record_id), Series):
        promises.check_series(world, events)
    else:
        promises.check_order(world, events)


MACHINE = Machine(
    family=FAMILY,
    moves=with_deputies((*ordering.MOVES, *fees.MOVES, *delivery.MOVES)),
    stages=stages,
    check=check,
    kept_back={
        "cadastre.order_exists": "the store creates no record twice: VersionConflict",
        "cadastre.order_unknown": "the store knows no order there: NotFound",
        "cadastre.series_exists": "the store creates no record twice: VersionConflict",
    },
    years=4,
)
