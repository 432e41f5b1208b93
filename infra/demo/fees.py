"""The money of cadastre orders: assessed, demanded, paid in time, late or never."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from domain.cadastre.commands import (
    AssessFee,
    CancelInvoice,
    IssueFeeNotice,
    IssueInvoice,
    OpenSeries,
    RecordPaymentOverdue,
    RemindPayment,
    SettlePayment,
    WaiveFee,
)
from domain.cadastre.tariff import assess, tariff_on
from domain.cadastre.vocabulary import ExemptionGround, PaymentMethod, SeriesKind, WaiverGround
from domain.kernel import BERLIN, Command, Effective, Money, Sealed
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work
from infra.demo.wishes import Order
from infra.tick import PRINCIPAL

LEGAL_BASIS: Final = "VermWertKostO NRW"
PREFIXES: Final = {SeriesKind.FEE_NOTICE: "GB62", SeriesKind.INVOICE: "RE62"}


class Fees:
    """What is asked for orders, and what comes of it."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self._series: dict[tuple[SeriesKind, int], UUID] = {}

    def series(self, kind: SeriesKind) -> UUID:
        """This year's series, opened by whoever needs its first number."""
        year = self._simulation.today.year
        if (kind, year) not in self._series:
            opening = OpenSeries(series_kind=kind, year=year, prefix=PREFIXES[kind])
            head = self._people.member("62", "head_of_unit", 0)
            self._series[kind, year] = self._simulation.do(head, opening)
        return self._series[kind, year]

    def assess(self, order: Order, exempt: bool) -> None:
        """Assess the fee, or none."""
        minutes = self._random.randint(10, 90) if order.command.format.is_data else None
        ground = ExemptionGround.ADMINISTRATIVE_ASSISTANCE if exempt else None
        command = AssessFee(minutes=minutes, exemption_ground=ground)
        order.act(self._simulation, order.clerk, command, legal_basis=LEGAL_BASIS)
        order.fee = self._fee_of(order, minutes or 0)

    def _fee_of(self, order: Order, minutes: int) -> Money:
        """What the office will have assessed."""
        tariff = tariff_on(order.tariff_day)
        if tariff is None:
            raise ValueError(f"there is no tariff on {order.tariff_day}: let the city begin later")
        placed = order.command
        return assess(
            tariff,
            product=placed.product,
            format=placed.format,
            paper_size=placed.paper_size,
            copies=placed.copies,
            minutes=minutes,
            tariff_day=order.tariff_day,
            exemption_ground=None,
            assessed_on=self._simulation.today,
        ).total

    def pay(self, order: Order, method: PaymentMethod) -> None:
        """Pay what is owed, at the counter or to the treasury."""
        treasury = self._people.staff("20", "cashier", 2) if method is PaymentMethod.TRANSFER else order.clerk
        reference = f"8462{self._random.randrange(10**8):08}"
        order.act(self._simulation, treasury, SettlePayment(amount=order.fee, method=method, reference=reference))

    def notice(self, order: Order) -> date:
        """Demand the fee by a notice; answers the last day for the payment."""
        due = self._simulation.today + timedelta(days=30)
        notice = IssueFeeNotice(series_id=self.series(SeriesKind.FEE_NOTICE), due=due)
        order.act(self._simulation, order.clerk, notice, legal_basis="§ 14 GebG NRW")
        return due

    def take_back(self, order: Order) -> None:
        """Cancel an invoice that went to the wrong address."""
        reason = Sealed[str]("Falsche Rechnungsanschrift.")
        cancel = CancelInvoice(series_id=self.series(SeriesKind.INVOICE), reason=reason)
        order.act(self._simulation, order.clerk, cancel)

    def invoice(self, order: Order) -> date:
        """Bill the order; answers the last day for the payment."""
        due = self._simulation.today + timedelta(days=30)
        order.act(self._simulation, order.clerk, IssueInvoice(series_id=self.series(SeriesKind.INVOICE), due=due))
        return due

    def collect(self, order: Order, due: date) -> Work:
        """Wait for the money: most pay in time, the others when they are reminded, a few never."""
        simulation, random = self._simulation, self._random
        for reminders in range(3):
            if random.random() < 0.82:
                days = max((due - simulation.today).days, 0)
                yield simulation.later(days * random.uniform(0.3, 0.6))
                self.pay(order, PaymentMethod.TRANSFER)
                return
            yield from self.by_calendar(order, due + timedelta(days=1), RecordPaymentOverdue())
            yield simulation.later(4)
            if reminders < 2:
                due = simulation.today + timedelta(days=14)
                order.act(self._simulation, self._people.staff("20", "cashier", 2), RemindPayment(due=due))
        reason = Sealed[str]("Schuldner unbekannt verzogen, Vollstreckung ohne Erfolg.")
        waive = WaiveFee(ground=WaiverGround.UNCOLLECTIBLE, reason=reason)
        order.act(self._simulation, self._people.member("20", "head_of_unit", 0), waive)

    def by_calendar(self, order: Order, since: date, command: Command) -> Work:
        """What the scheduler records in the night of the day on which it fell due."""
        yield datetime.combine(since, time(3), BERLIN).astimezone(UTC)
        order.act(self._simulation, PRINCIPAL, command, effective=Effective.on(since))
