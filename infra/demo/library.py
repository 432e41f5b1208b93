"""The library of the generated city: readers, stock, and the round of each item from hand to hand."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from domain.kernel import Channel, Command, Effective, Sealed
from domain.library.commands import (
    AcquireItem,
    BlockPatron,
    CorrectItem,
    ExpireHold,
    LendItem,
    OpenDispatch,
    PlaceHold,
    ReceiveFromTransit,
    RecordTransit,
    RegisterPatron,
    RenewLoan,
    ReturnItem,
    SendInTransit,
    SetItemAside,
    UnblockPatron,
)
from domain.library.terms import Period, terms_on
from domain.library.vocabulary import AgeBand, BlockGround, MediaType
from domain.requests import Principal
from infra.demo.pace import Pace
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work
from infra.demo.stock import BRANCHES, CENTRAL, TITLES

EVENTS_PER_LOAN: Final = 4.0
LISTED_A_DAY: Final = 60


@dataclass(slots=True)
class Reader:
    """A reader as the generator remembers them. `overdue` counts items that are long overdue."""

    record: UUID
    name: str
    branch: str
    overdue: int = 0


@dataclass(slots=True)
class Copy:
    """An item as the generator remembers it."""

    record: UUID
    barcode: str
    media_type: MediaType
    home: str
    branch: str

    def period(self, day: date) -> Period:
        """The lending terms of a day."""
        return terms_on(day).period(self.media_type)


class Library:
    """All that happens to readers and items."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self._readers: list[Reader] = []
        self._copies = 0
        self.items = max(20, events // 15)
        self.readers = max(20, events // 30)
        self.pace = Pace(simulation, "library", events - self.items - self.readers, EVENTS_PER_LOAN, lag=25)

    # Founding

    def found(self) -> None:
        """Register the readers and take over the stock."""
        for _ in range(self.readers):
            self.register()
        for _ in range(self.items):
            self._simulation.start(self.rounds(self.acquire()))

    def register(self, name: str | None = None, band: AgeBand | None = None) -> Reader:
        """A new reader; children come with a guardian."""
        name = name or self._people.name()
        band = band or self._random.choices(tuple(AgeBand), (70, 12, 18))[0]
        branch = self._random.choice(BRANCHES)
        age = {AgeBand.ADULT: 40, AgeBand.FROM_16_TO_20: 18, AgeBand.UNDER_16: 9}[band]
        command = RegisterPatron(
            name=Sealed(name),
            card_number=Sealed(f"D{len(self._readers) + 100_001}"),
            age_band=band,
            branch=branch,
            born=Sealed(f"{self._simulation.today.year - age}-{self._random.randint(1, 12):02}-11"),
            guardian=Sealed(self._people.name()) if band is AgeBand.UNDER_16 else None,
        )
        record = self._simulation.do(self._desk(branch), command, effective=self._day())
        reader = Reader(record, name, branch)
        self._readers.append(reader)
        return reader

    def acquire(self, media_type: MediaType | None = None) -> Copy:
        """A new copy in one of the branches."""
        titles = [each for each in TITLES if media_type in (None, each[1])]
        title, kind = self._random.choice(titles)
        self._copies += 1
        barcode, branch = f"100{self._copies:06}", self._random.choice((CENTRAL, *BRANCHES))
        command = AcquireItem(
            barcode=barcode, title=title, media_type=kind, branch=branch, shelf_mark=f"{kind[:3]} {self._copies % 900}"
        )
        record = self._simulation.do(self._desk(branch), command, effective=self._day())
        return Copy(record, barcode, kind, branch, branch)

    # The round of an item

    def rounds(self, copy: Copy) -> Work:
        """The item waits on its shelf, is lent, comes back, and waits again."""
        yield self._later(self._random.uniform(0, self.pace.gap() * self.items))
        if self._random.random() < 0.02:
            yield self._later(9)
            mark = CorrectItem(
                field="shelf_mark", new=f"{copy.media_type[:3]} 901", reason=Sealed("Signatur vertauscht.")
            )
            self._do(copy, self._desk(copy.branch), mark)
        while True:
            # An item's share of the library's pace.
            yield self._later(max(0.5, self.pace.gap() * self.items - 25))
            yield from self.loan(copy, self._somebody())

    def loan(self, copy: Copy, reader: Reader) -> Work:
        """A loan, with what follows from it: renewals, a hold that is placed meanwhile, the way to whoever waits."""
        while True:
            waiting = yield from self.lend(copy, reader)
            if waiting is None:
                break
            fetched = yield from self.hand_over(copy, waiting)
            if not fetched:
                break
            reader = waiting
        if copy.branch != copy.home:
            yield self._later(1)
            yield from self.move(copy, copy.home)

    def lend(self, copy: Copy, reader: Reader) -> Generator[datetime, None, Reader | None]:
        """From lending to return; answers the reader who waits by then."""
        random = self._random
        self._do(copy, self._self_service(reader) if random.random() < 0.6 else self._desk(copy.branch),
                 LendItem(patron=reader.record, branch=copy.branch))  # fmt: skip
        period = copy.period(self._simulation.today)
        due = self._simulation.today + timedelta(days=period.days)
        waiting: Reader | None = None
        renewals = 0
        while True:
            left = max(1, (due - self._simulation.today).days)
            fate = random.random()
            if waiting is None and fate < 0.16:
                yield self._later(left / 2)
                waiting = self._somebody(other_than=reader)
                self._do(copy, self._self_service(waiting, Channel.ONLINE_SHOP),
                         PlaceHold(patron=waiting.record, pickup_branch=waiting.branch))  # fmt: skip
            elif waiting is None and fate < 0.36 and self._may_renew(reader, renewals, period):
                yield self._later(left * 0.6)
                period = copy.period(self._simulation.today)
                if not self._may_renew(reader, renewals, period):
                    continue
                self._do(copy, self._self_service(reader, Channel.ONLINE_SHOP), RenewLoan(patron=reader.record))
                renewals += 1
                due = max(due, self._simulation.today) + timedelta(days=period.renewal_days)
            else:
                break
        yield self._later(left * 0.65 if random.random() < 0.9 else left + random.choice((4, 9, 30, 75)))
        overdue = (self._simulation.today - due).days
        if overdue > 40:
            yield from self.chase(reader)
        branch = copy.branch if random.random() < 0.75 else reader.branch
        box = random.random() < 0.1
        self._do(copy, self._desk(branch), ReturnItem(branch=branch), self._day() if box else None)
        copy.branch = branch
        return waiting

    def hand_over(self, copy: Copy, reader: Reader) -> Generator[datetime, None, bool]:
        """The item goes to the pick-up shelf; answers whether the reader fetched it."""
        yield self._later(0.5)
        if copy.branch == reader.branch:
            self._do(copy, self._desk(copy.branch), SetItemAside())
        else:
            yield from self.move(copy, reader.branch)
        days = terms_on(self._simulation.today).pickup_days
        if self._random.random() < 0.9:
            yield self._later(days * 0.5)
            if not reader.overdue:
                return True
        yield self._later(days * 2.5)
        self._do(copy, self._desk(copy.branch), ExpireHold())
        return False

    def move(self, copy: Copy, branch: str) -> Work:
        """The van takes the item to another branch."""
        self._do(copy, self._desk(copy.branch), SendInTransit(to_branch=branch))
        yield self._later(1.5)
        self._do(copy, self._desk(branch), ReceiveFromTransit(branch=branch))
        copy.branch = branch

    def chase(self, reader: Reader) -> Work:
        """A reader who does not return an item is blocked until it is back."""
        reader.overdue += 1
        if reader.overdue == 1:
            block = BlockPatron(ground=BlockGround.OVERDUE_ITEMS, note=Sealed("Dritte Mahnung ohne Antwort."))
            self._simulation.do(self._desk(reader.branch), block, reader.record)
        yield self._later(12)
        reader.overdue -= 1
        if reader.overdue == 0:
            self._simulation.do(self._desk(reader.branch), UnblockPatron(), reader.record)

    # What else the vans carry

    def listed(self, rows: int) -> None:
        """Lists of what the vans carried lately, one event for each row and each list."""
        day = self._simulation.today
        branches = (CENTRAL, *BRANCHES)
        number = 0
        while rows > 0:
            branch = branches[number % len(branches)]
            if number % len(branches) == 0:
                day -= timedelta(days=1)
            effective = Effective.on(day)
            desk = self._desk(branch)
            dispatch = self._simulation.do(desk, OpenDispatch(day=day, branch=branch), effective=effective)
            rows -= 1
            others = [each for each in branches if each != branch]
            for occurrence in range(1, min(rows, LISTED_A_DAY) + 1):
                row = RecordTransit(
                    item_type=self._random.choice(tuple(MediaType)),
                    to_branch=self._random.choice(others),
                    source="Transportliste",
                    occurrence=occurrence,
                )
                self._simulation.do(desk, row, dispatch, effective=effective)
            rows -= min(rows, LISTED_A_DAY)
            number += 1

    # Parts

    def _do(self, copy: Copy, who: Principal, command: Command, effective: Effective | None = None) -> None:
        self._simulation.do(who, command, copy.record, effective=effective)

    def _may_renew(self, reader: Reader, renewals: int, period: Period) -> bool:
        return renewals < period.renewals and not reader.overdue

    def _somebody(self, other_than: Reader | None = None) -> Reader:
        while True:
            reader = self._random.choice(self._readers)
            if reader is not other_than and not reader.overdue:
                return reader

    def _desk(self, branch: str) -> Principal:
        return self._people.staff(f"42.{branch}", "librarian", 3)

    def _self_service(self, reader: Reader, channel: Channel = Channel.TERMINAL) -> Principal:
        return self._people.citizen(channel, reader.name)

    def _later(self, days: float) -> datetime:
        return self._simulation.later(days, opens=10, closes=19, working_days=6)

    def _day(self) -> Effective:
        return Effective.on(self._simulation.today)
