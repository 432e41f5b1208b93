"""What people want of the cadastre office: products and their forms, for parcels or for an area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.cadastre.area import Area
from domain.cadastre.commands import PlaceOrder
from domain.cadastre.parcels import Gemarkung, districts
from domain.cadastre.vocabulary import Assurance, Format, PaperSize, Product
from domain.kernel import Channel, Command, Effective, Money, Sealed
from domain.requests import Principal
from infra.demo.people import People
from infra.demo.simulation import Simulation

OFFICE: Final = "Düsseldorf"
NOTHING: Final = Money(Decimal("0.00"))
PURPOSES: Final = (
    "Bauantrag",
    "Finanzierung",
    "Planung einer Zufahrt",
    "Nachbarschaftliche Einigung",
    "Wertermittlung",
)


@dataclass(slots=True)
class Order:
    """An order as the generator remembers it."""

    record: UUID
    correlation: UUID
    command: PlaceOrder
    citizen: Principal
    clerk: Principal
    placed: datetime
    tariff_day: date
    fee: Money = NOTHING

    def begin(self, simulation: Simulation) -> None:
        """From now on it is an order, and no basket."""
        self.placed, self.tariff_day = simulation.now, simulation.today

    def act(
        self,
        simulation: Simulation,
        who: Principal,
        command: Command,
        *,
        effective: Effective | None = None,
        legal_basis: str | None = None,
    ) -> None:
        """Have somebody do something to the order."""
        simulation.do(
            who, command, self.record, effective=effective, legal_basis=legal_basis, correlation=self.correlation
        )


class Wishes:
    """Thinks of orders, one after the other."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self._gemarkungen = tuple(g for g in districts().gemarkungen.values() if g.office == OFFICE)
        self._wanted = 0

    def wanted(self, channel: Channel) -> Order:
        """What somebody wants: on their own, or told to a clerk at the counter."""
        random = self._random
        requester = self._people.address()
        product = random.choices(tuple(Product), (46, 12, 22, 6, 14))[0]
        format, size, copies = self._form(product)
        of_area = random.random() < {Product.PROPERTY_MAP: 0.2, Product.DATA_EXTRACT: 0.6}.get(product, 0)
        clerk = self._people.staff("62", "cadastre_clerk", 6)
        citizen = clerk if channel is Channel.STAFF else self._people.citizen(channel, requester.partition(",")[0])
        command = PlaceOrder(
            order_number="",
            product=product,
            parcels=() if of_area else self._parcels(random.choice((1, 1, 1, 1, 2, 2, 3, 5))),
            area=self._area() if of_area else None,
            format=format,
            paper_size=size,
            copies=copies,
            assurance=Assurance.HIGH if product.has_owner_data else random.choice((Assurance.NONE, Assurance.LOW)),
            requester=Sealed(requester),
            purpose=Sealed(random.choice(PURPOSES)) if random.random() < 0.7 else None,
        )
        self._wanted += 1
        correlation = self._simulation.derived(f"cadastre order {self._wanted}")
        simulation = self._simulation
        return Order(correlation, correlation, command, citizen, clerk, simulation.now, simulation.today)

    def _form(self, product: Product) -> tuple[Format, PaperSize | None, int]:
        random = self._random
        if product is Product.DATA_EXTRACT:
            return random.choice((Format.NAS, Format.DXF)), None, 1
        if product is not Product.PROPERTY_MAP:
            return Format.PDF, PaperSize.A4, 1
        if random.random() < 0.12:
            return Format.DXF, None, 1
        return Format.PDF, random.choices(tuple(PaperSize), (50, 25, 10, 8, 7))[0], random.choice((1, 1, 1, 1, 2, 3))

    def _parcels(self, count: int) -> tuple[str, ...]:
        """Neighbouring parcels of one Flur."""
        gemarkung: Gemarkung = self._random.choice(self._gemarkungen)
        flur = self._random.choice(gemarkung.fluren())
        first = self._random.randint(1, 900)
        shared = self._random.random() < 0.3
        tail = f"{self._random.randint(1, 12):04}__" if shared else "______"
        return tuple(f"05{gemarkung.key}{flur:03}{first + n:05}{tail}" for n in range(count))

    def _area(self) -> Area:
        """A rectangle of some hundred metres in the city."""
        random = self._random
        gemarkung: Gemarkung = random.choice(self._gemarkungen)
        west, south = random.randrange(338_000, 354_000, 50), random.randrange(5_666_000, 5_686_000, 50)
        width, height = random.randrange(200, 2_000, 50), random.randrange(200, 2_000, 50)
        return Area(f"05{gemarkung.key}", west=west, south=south, east=west + width, north=south + height)
