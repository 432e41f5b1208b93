"""What a visitor of the generated city is shown: a corrected case, a loan that cannot be renewed, a late resolution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain.kernel import Channel
from domain.library.commands import LendItem, PlaceHold
from domain.library.vocabulary import AgeBand, MediaType
from infra.demo.council import Council
from infra.demo.library import Library
from infra.demo.matters import Matter
from infra.demo.office import Office
from infra.demo.people import People
from infra.demo.plan import TASKS
from infra.demo.simulation import Simulation, Work

CASE_DAYS_AGO: Final = 75
LOAN_DAYS_AGO: Final = 44
PAPER_DAYS_AGO: Final = 320

PROMENADE: Final = Matter(
    "66",
    "Sanierung der Uferpromenade, Bauabschnitt {number}",
    "OVA",
    "Die Sanierung der Uferpromenade wird mit Gesamtkosten von 4,2 Mio. EUR beschlossen.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record to look at, by id and human number. `patron` is the reader whose loan of it cannot be renewed."""

    record_id: UUID
    number: str
    patron: UUID | None = None


class Show:
    """Arranges what is shown among everything else that goes on."""

    def __init__(
        self, simulation: Simulation, people: People, office: Office, library: Library, council: Council
    ) -> None:
        self._simulation = simulation
        self._people = people
        self._office = office
        self._library = library
        self._council = council
        self._case: Shown | None = None
        self._loan: Shown | None = None

    def start(self) -> None:
        """Put everything on the calendar."""
        for work in (self._corrected_case(), self._held_loan(), self._late_resolution()):
            self._simulation.start(work, needed=True)

    @property
    def pieces(self) -> dict[str, Shown]:
        """What there is to show, by name."""
        late = self._council.shown
        found = {"case": self._case, "loan": self._loan, "resolution": Shown(*late) if late else None}
        return {name: shown for name, shown in found.items() if shown is not None}

    def _corrected_case(self) -> Work:
        """A letter is booked days after it came, then the day it came is corrected, and the subject too."""
        simulation, office = self._simulation, self._office
        yield simulation.at_work(simulation.end - timedelta(days=CASE_DAYS_AGO))
        task = next(task for task in TASKS if task.code == "63.10")
        file = office.open_file(task)
        case = office.open_case(file, "Neubau eines Mehrfamilienhauses, Lindenstraße 12")
        yield simulation.later(0.2)
        application = office.desk.receive(case, "Bauantrag")
        yield simulation.later(1)
        draft = office.desk.draft(case, "Entwurf Baugenehmigung")
        yield simulation.later(2)
        # The letter lay in another unit: it takes effect on the day it came in, before what is recorded already.
        office.desk.receive(case, "Stellplatznachweis", case.filed[application].day)
        yield simulation.later(2)
        office.desk.correct_received(case, application, "Eingangsstempel falsch gelesen.")
        yield simulation.later(1)
        office.desk.correct_subject(case, "Neubau eines Mehrfamilienhauses, Lindenstraße 21")
        yield simulation.later(2)
        yield from office.circulation(case, task, draft, co_signs=2)
        self._case = Shown(case.record, case.reference)

    def _held_loan(self) -> Work:
        """A book that is overdue while another reader waits for it: its renewal is refused."""
        simulation, library = self._simulation, self._library
        yield simulation.at_work(simulation.end - timedelta(days=LOAN_DAYS_AGO), opens=10)
        reader = library.register("Jörg Müller", AgeBand.ADULT)
        waiting = library.register("Änne Weiß", AgeBand.ADULT)
        copy = library.acquire(MediaType.BOOK)
        yield simulation.later(0.2, opens=10)
        desk = self._people.member(f"42.{copy.branch}", "librarian", 0)
        simulation.do(desk, LendItem(patron=reader.record, branch=copy.branch), copy.record)
        yield simulation.later(12, opens=10)
        shop = self._people.citizen(Channel.ONLINE_SHOP, waiting.name)
        simulation.do(shop, PlaceHold(patron=waiting.record, pickup_branch=waiting.branch), copy.record)
        self._loan = Shown(copy.record, copy.barcode, reader.record)

    def _late_resolution(self) -> Work:
        """A resolution of the council whose implementation was delayed and is overdue."""
        simulation = self._simulation
        yield simulation.at_work(simulation.end - timedelta(days=PAPER_DAYS_AGO))
        yield from self._council.paper(PROMENADE, {"number": "2"}, special=True)
