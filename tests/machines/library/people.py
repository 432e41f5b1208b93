"""Who and where: the branches, and readers who may borrow."""

from datetime import date, timedelta
from uuid import UUID

from domain.kernel import Channel
from domain.library import commands as c
from domain.library.state import Item, Patron
from domain.library.vocabulary import (
    AgeBand,
    HoldStatus,
    LoanStatus,
    MediaType,
)
from tests.machines.machine import Scene

BRANCHES = ("Zentralbibliothek", "Bilk")
CALENDAR = (Channel.SYSTEM, Channel.STAFF, Channel.TERMINAL)
MEDIA = (MediaType.BOOK, MediaType.FILM, MediaType.THING)


def nobody(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))


def a_reader(scene: Scene) -> UUID:
    """Mostly somebody who may borrow."""
    able = [
        record
        for record, patron in scene.world.of(Patron).items()
        if patron.active and patron.blocked is None and (patron.age_band is AgeBand.ADULT or patron.guardian_consent)
    ]
    return scene.pick(able) if able and scene.chance(0.75) else scene.often(any_reader(scene), nobody(scene))


def any_reader(scene: Scene) -> UUID:
    return scene.pick(scene.world.of(Patron))


def who_said(scene: Scene, record: UUID, cls: type[c.LendItem] | type[c.PlaceHold]) -> UUID:
    """Who borrowed the item last, or waits for it: the item itself does not tell."""
    said = [command for where, command in scene.world.recorded if where == record and isinstance(command, cls)]
    return scene.often(said[-1].patron, scene.pick(said).patron, a_reader(scene)) if said else a_reader(scene)


def or_before(scene: Scene) -> date:
    return scene.often(scene.today, scene.today - timedelta(days=2))


def is_set_aside(item: Item) -> bool:
    return bool(item.holds) and item.holds[0].status is HoldStatus.READY


def loan_is(item: Item, status: LoanStatus) -> bool:
    return item.loan is not None and item.loan.status is status
