"""Read models whose fold does something bad at an event of one case, and a city that has such a case."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

from domain.efile.commands import FileDocument, OpenCase
from domain.families import FAMILIES
from domain.kernel import Command, Recorded
from infra.database import Database
from infra.projector import Projector, SetAside, quarantine
from projections.efile import PROJECTIONS as EFILE
from projections.families import PROJECTIONS
from projections.model import Projection, find
from tests.infra.projector.office import Office

EVENT = find(PROJECTIONS, "event")
CASES = find(EFILE, "case_record")
LONG = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(4000))  # too long, and too varied, for an index


class Faulty:
    """A read model whose fold does something bad at an event of one case, until it is mended.

    With `then_raises` it does not take a later event of that case either, if it is shown the bad row.
    """

    def __init__(
        self, bad: Callable[[Any], Any], projection: Projection = CASES, *, version: int = 2, then_raises: bool = False
    ) -> None:
        self.bad = bad
        self.version = version
        self.then_raises = then_raises
        self.victim: UUID | None = None
        self.mended = False
        self.projection = replace(projection, fold=self.fold)
        self.healthy = projection

    def fold(self, row: Any, event: Recorded) -> Any:
        found = self.healthy.fold(row, event)
        if event.record_id != self.victim or self.mended:
            return found
        if event.version == self.version:
            return self.bad(found)
        if event.version > self.version + 1 and self.then_raises:
            raise ValueError("cannot go on from so bad a row")
        return found


def raises(row: Any) -> Any:
    raise ZeroDivisionError("boom")


def too_long(row: Any) -> Any:
    return replace(row, reference=LONG)


def too_large(row: Any) -> Any:
    return replace(row, corrections=2**70)


def unprintable(row: Any) -> Any:
    return replace(row, lead_unit="\0")


def endless(row: Any) -> Any:
    for _ in count():
        pass


def stubborn(row: Any) -> Any:
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def asleep(row: Any) -> Any:
    threading.Event().wait()


def projector(database: Database, *projections: Projection) -> Projector:
    return Projector(database, FAMILIES, projections, (), fold_seconds=0.3)


def aside(database: Database) -> list[SetAside]:
    return quarantine(database.conninfo("reader"))


def begun(database: Database, office: Office, faulty: Faulty) -> Projector:
    """A city with a case that has one event, followed until then."""
    follows = projector(database, EVENT, faulty.projection)
    office.work(20)
    faulty.victim = office.do(a_command(office, OpenCase)).record_id
    follows.catch_up()
    return follows


def a_command(office: Office, wanted: type[Command]) -> Command:
    """One that the office could hand in."""
    return next(each for each in iter(lambda: office.next_request().command, None) if isinstance(each, wanted))


def bothered(office: Office, victim: UUID, others: int = 15) -> None:
    """More events, with some of the victim's among them."""
    for _ in range(3):
        office.work(others)
        office.do(a_command(office, FileDocument), victim)


POISONS = [raises, too_long, too_large, unprintable, endless, stubborn, asleep]
