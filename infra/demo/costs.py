"""The treasurer of the generated city: what a piece of each product takes, set anew for every year."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.costs.commands import CorrectCostFigure, DefineCostFigure, SetEffort
from domain.costs.vocabulary import FigureField
from domain.kernel import BERLIN, Money, Sealed
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work

RATES: Final = (Decimal("58.20"), Decimal("61.40"), Decimal("64.10"), Decimal("66.30"))
OVERHEAD: Final = 20

PRODUCTS: Final = (
    ("cadastre.property_map", "Auszug aus der Liegenschaftskarte", 14, "0.40"),
    ("cadastre.parcel_statement", "Flurstücksnachweis", 16, "0.10"),
    ("cadastre.owner_statement", "Flurstücks- und Eigentumsnachweis", 24, "0.10"),
    ("cadastre.holding_statement", "Bestandsnachweis", 26, "0.20"),
    ("cadastre.data_extract", "Bestandsdatenauszug", 35, "0.00"),
    ("library.overdue", "Versäumnisentgelt", 3, "0.95"),
    ("library.replacement", "Medienersatz", 12, "1.20"),
    ("library.membership", "Jahresentgelt", 2, "0.10"),
)
"""Product, title, minutes and material in euros."""


class Treasury:
    """Sets the cost figures and puts one right."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._desk = people.member("20", "controller", 0)

    def found(self) -> None:
        """A figure for each product, from the first month on; each has its life."""
        for product, title, minutes, material in PRODUCTS:
            self._simulation.start(self._figure(product, title, minutes, Money(Decimal(material))))

    def _figure(self, product: str, title: str, minutes: int, material: Money) -> Work:
        simulation = self._simulation
        first = simulation.first_day.replace(day=1)
        define = DefineCostFigure(
            product=product,
            title=title,
            valid_from=first,
            minutes=minutes,
            hourly_rate=Money(RATES[0]),
            overhead_percent=OVERHEAD,
            material=material,
        )
        record = simulation.do(self._desk, define)
        for version, rate in enumerate(RATES[1:], 2):
            new_year = date(first.year + version - 1, 1, 1)
            if new_year >= simulation.last_day:
                return
            yield simulation.at_work(datetime(new_year.year - 1, 12, 1, 9, tzinfo=BERLIN))
            self._set(record, new_year, minutes, rate, material)
            if version == 2 and product.startswith("library."):
                yield simulation.later(20)
                reason = Sealed[str]("Zeitaufnahme falsch übertragen.")
                correct = CorrectCostFigure(field=FigureField.MINUTES, new=str(minutes + 1), version=1, reason=reason)
                simulation.do(self._desk, correct, record)

    def _set(self, record: UUID, valid_from: date, minutes: int, rate: Decimal, material: Money) -> None:
        command = SetEffort(
            valid_from=valid_from,
            minutes=minutes,
            hourly_rate=Money(rate),
            overhead_percent=OVERHEAD,
            material=material,
        )
        self._simulation.do(self._desk, command, record)
