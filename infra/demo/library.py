"""The library of the generated city: readers with their fees, titles and stock, and lists of what the vans carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.kernel import Channel, Command, Effective, Sealed
from domain.library.commands import (
    AcquireItem,
    CatalogueTitle,
    OpenDispatch,
    PayMembershipFee,
    RaiseMembershipFee,
    RecordTransit,
    RegisterPatron,
    WaiveMembershipFee,
    fee_id,
)
from domain.library.fees import a_year_from
from domain.library.vocabulary import AgeBand, MeansOfPayment, MediaType, ReliefGround
from domain.requests import Principal
from infra.demo.lending import Lending
from infra.demo.pace import Pace
from infra.demo.people import People
from infra.demo.shelf import Copy, Reader, night
from infra.demo.simulation import Simulation, Work
from infra.demo.stock import BRANCHES, CARD, CASH, CENTRAL, SHARES, TITLES
from infra.tick import PRINCIPAL

EVENTS_PER_LOAN: Final = 5.0
EVENTS_PER_READER: Final = 4
LISTED_A_DAY: Final = 60
YEAR: Final = 365


class Library:
    """All that happens to readers and the stock; what happens to a copy is `Lending`'s."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self.simulation = simulation
        self.people = people
        self._random = simulation.random
        self._readers: list[Reader] = []
        self._titles: dict[str, UUID] = {}
        self._copies = 0
        self.items = max(20, events // 17)
        self.readers = max(20, events // 30)
        streamed = events - self.items - self.readers * EVENTS_PER_READER - len(TITLES)
        self.pace = Pace(simulation, "library", streamed, EVENTS_PER_LOAN, lag=35)
        self._lending = Lending(self)

    # Founding

    def found(self) -> None:
        """Register the readers, catalogue the titles and take over the stock."""
        for _ in range(self.readers):
            reader = self.register()
            if reader.band is AgeBand.ADULT:
                self.simulation.start(self.fees(reader))
        for number, (text, kind) in enumerate(TITLES, start=1):
            creator, _, title = text.rpartition(": ")
            command = CatalogueTitle(number=f"T{number:05}", title=title, media_type=kind, creator=creator or None)
            self._titles[text] = self.simulation.do(self.desk(CENTRAL), command, effective=self.day())
        for _ in range(self.items):
            self.simulation.start(self._lending.rounds(self.acquire()))

    def register(self, name: str | None = None, band: AgeBand | None = None) -> Reader:
        """A new reader; children come with a guardian."""
        name = name or self.people.name()
        band = band or self._random.choices(tuple(AgeBand), (70, 12, 18))[0]
        branch = self._random.choice(BRANCHES)
        age = {AgeBand.ADULT: 40, AgeBand.FROM_16_TO_20: 18, AgeBand.UNDER_16: 9}[band]
        command = RegisterPatron(
            name=Sealed(name),
            card_number=Sealed(f"D{len(self._readers) + 100_001}"),
            age_band=band,
            branch=branch,
            born=Sealed(f"{self.simulation.today.year - age}-{self._random.randint(1, 12):02}-11"),
            guardian=Sealed(self.people.name()) if band is AgeBand.UNDER_16 else None,
        )
        record = self.simulation.do(self.desk(branch), command, effective=self.day())
        reader = Reader(record, name, branch, band)
        self._readers.append(reader)
        return reader

    def acquire(self, media_type: MediaType | None = None) -> Copy:
        """A new copy in one of the branches."""
        kind = media_type or self._random.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        text, _ = self._random.choice([each for each in TITLES if each[1] is kind])
        self._copies += 1
        barcode, branch = f"100{self._copies:06}", self._random.choice((CENTRAL, *BRANCHES))
        command = AcquireItem(
            barcode=barcode,
            title_id=self._titles[text],
            media_type=kind,
            branch=branch,
            shelf_mark=f"{kind[:3]} {self._copies % 900}",
        )
        record = self.simulation.do(self.desk(branch), command, effective=self.day())
        return Copy(record, barcode, kind, branch, branch)

    # Readers

    def fees(self, reader: Reader) -> Work:
        """A reader's years: each begins with a fee, which is paid sooner or later, or waived."""
        day = self.simulation.today + timedelta(days=self._random.randrange(YEAR))
        while True:
            yield night(day)
            charge = fee_id(reader.record, reader.version)
            self.about(reader, PRINCIPAL, RaiseMembershipFee(), Effective.on(day))
            day = a_year_from(day)
            yield self.later(12)
            fate = self._random.random()
            if fate < 0.05:
                reason = Sealed("Düsselpass vorgelegt.")
                waive = WaiveMembershipFee(charge=charge, ground=ReliefGround.HARDSHIP, reason=reason)
                self.about(reader, self.desk(reader.branch), waive)
            elif fate < 0.95:
                method = self.method()
                who = self.desk(reader.branch)
                if method is MeansOfPayment.ONLINE:
                    who = self.self_service(reader, Channel.SERVICE_PORTAL)
                self.about(reader, who, PayMembershipFee(charge=charge, method=method))

    def about(self, reader: Reader, who: Principal, command: Command, effective: Effective | None = None) -> None:
        """One more event of a reader."""
        self.simulation.do(who, command, reader.record, effective=effective)
        reader.version += 1

    def somebody(self, other_than: Reader | None = None) -> Reader:
        """A reader who may borrow."""
        while True:
            reader = self._random.choice(self._readers)
            if reader is not other_than and not reader.overdue:
                return reader

    def method(self) -> MeansOfPayment:
        """How somebody pays."""
        kinds = (MeansOfPayment.CASH, MeansOfPayment.CARD, MeansOfPayment.ONLINE)
        return self._random.choices(kinds, (CASH, CARD, 1 - CASH - CARD))[0]

    # What else the vans carry

    def listed(self, rows: int) -> None:
        """Lists of what the vans carried lately, one event for each row and each list."""
        day = self.simulation.today
        branches = (CENTRAL, *BRANCHES)
        number = 0
        while rows > 0:
            branch = branches[number % len(branches)]
            if number % len(branches) == 0:
                day -= timedelta(days=1)
            effective = Effective.on(day)
            desk = self.desk(branch)
            dispatch = self.simulation.do(desk, OpenDispatch(day=day, branch=branch), effective=effective)
            rows -= 1
            others = [each for each in branches if each != branch]
            for occurrence in range(1, min(rows, LISTED_A_DAY) + 1):
                row = RecordTransit(
                    item_type=self._random.choice(tuple(MediaType)),
                    to_branch=self._random.choice(others),
                    source="Transportliste",
                    occurrence=occurrence,
                )
                self.simulation.do(desk, row, dispatch, effective=effective)
            rows -= min(rows, LISTED_A_DAY)
            number += 1

    # Who and when

    def desk(self, branch: str) -> Principal:
        """Somebody at the counter of a branch."""
        return self.people.staff(f"42.{branch}", "librarian", 3)

    def self_service(self, reader: Reader, channel: Channel = Channel.TERMINAL) -> Principal:
        """The reader, by a channel without staff."""
        return self.people.citizen(channel, reader.name)

    def later(self, days: float) -> datetime:
        """An hour at which the library is open, about so many days from now."""
        return self.simulation.later(days, opens=10, closes=19, working_days=6)

    def day(self) -> Effective:
        """Today, at no particular hour."""
        return Effective.on(self.simulation.today)
