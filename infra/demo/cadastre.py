"""Cadastre orders of the generated city: maps, statements and data, from the order to the delivery."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.cadastre.commands import (
    AssessFee,
    CancelOrder,
    ClaimLegitimateInterest,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    DeliverProduct,
    GenerateProduct,
    IssueFeeNotice,
    OpenSeries,
    PlaceOrder,
    RefundOrder,
    RefuseLegitimateInterest,
    SettlePayment,
)
from domain.cadastre.parcels import Gemarkung, districts
from domain.cadastre.tariff import assess, tariff_on
from domain.cadastre.vocabulary import (
    Assurance,
    CancelCause,
    DeliveryChannel,
    ExemptionGround,
    Format,
    InterestGround,
    OrderField,
    PaperSize,
    PaymentMethod,
    Product,
    SeriesKind,
)
from domain.kernel import Channel, Command, Effective, Money, Sealed
from domain.requests import Principal
from infra.demo.pace import Pace
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work

EVENTS_PER_ORDER: Final = 6.2
OFFICE: Final = "Düsseldorf"
NOTHING: Final = Money(Decimal("0.00"))
LEGAL_BASIS: Final = "VermWertKostO NRW"
PREFIXES: Final = {SeriesKind.FEE_NOTICE: "GB62", SeriesKind.INVOICE: "RE62"}
PURPOSES: Final = (
    "Bauantrag",
    "Finanzierung",
    "Planung einer Zufahrt",
    "Nachbarschaftliche Einigung",
    "Wertermittlung",
)
GROUNDS: Final = {
    InterestGround.OWNER: "Ich bin Miteigentümerin des Grundstücks.",
    InterestGround.NEIGHBOUR: "Die Grenzmauer ist baufällig, ich muss mich mit dem Nachbarn abstimmen.",
    InterestGround.CREDITOR: "Vollstreckungstitel liegt bei.",
    InterestGround.BUILDING_PROJECT: "Für mein Bauvorhaben brauche ich die Zustimmung des Nachbarn.",
    InterestGround.PUBLIC_TASK: "Vorbereitung einer notariellen Beurkundung.",
    InterestGround.PURCHASE: "Ich möchte das Grundstück kaufen.",
}


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


class CadastreOffice:
    """All that happens to orders."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self.pace = Pace(simulation, "cadastre", events, EVENTS_PER_ORDER, lag=9)
        self._gemarkungen = tuple(g for g in districts().gemarkungen.values() if g.office == OFFICE)
        self._orders = 0
        self._series: dict[tuple[SeriesKind, int], UUID] = {}

    def arrivals(self) -> Work:
        """Orders come in for as long as the city is simulated."""
        while True:
            yield self._simulation.after(self.pace.gap())
            self._simulation.start(self.order())

    def order(self) -> Work:
        """One order, until it is complete, refused or cancelled."""
        simulation, random = self._simulation, self._random
        channel = random.choices((Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.STAFF), (45, 20, 35))[0]
        if channel is Channel.STAFF:
            yield simulation.at_work(simulation.now)
        else:
            # The portal is open at night.
            yield simulation.at_work(simulation.now, opens=6, closes=23, working_days=7)
        order = self.place(channel)
        if random.random() < 0.03:
            yield simulation.later(0.3)
            self._correct(order)
        if order.command.product.has_owner_data:
            confirmed = yield from self.review(order)
            if not confirmed:
                return
        yield simulation.later(0.7)
        exempt = random.random() < 0.04
        self._assess(order, exempt)
        if random.random() < 0.03:
            yield simulation.later(6)
            self._cancel(order, CancelCause.WITHDRAWN, "Wird nicht mehr benötigt.")
            return
        if exempt:
            yield from self.deliver(order)
            yield simulation.later(14)
            self._do(order, order.clerk, CompleteOrder())
        elif random.random() < 0.18:
            yield from self.on_account(order)
        else:
            yield from self.prepaid(order)

    def review(self, order: Order) -> Generator[datetime, None, bool]:
        """Claim a legitimate interest and have it reviewed by somebody else than who took the order."""
        random = self._random
        kind = random.choices(tuple(GROUNDS), (30, 25, 8, 15, 10, 12))[0]
        self._do(order, order.citizen, ClaimLegitimateInterest(ground_kind=kind, ground=Sealed(GROUNDS[kind])))
        yield self._simulation.later(3)
        reviewer = self._people.member("62", "head_of_unit", 0)
        if kind is InterestGround.PURCHASE:
            reason = Sealed[str]("Ein reines Kaufinteresse ist kein berechtigtes Interesse.")
            self._do(order, reviewer, RefuseLegitimateInterest(reason=reason))
        elif random.random() < 0.05:
            self._do(order, reviewer, RefuseLegitimateInterest(reason=Sealed("Das Interesse ist nicht belegt.")))
        else:
            self._do(order, reviewer, ConfirmLegitimateInterest())
            order.tariff_day = self._simulation.today
            return True
        return False

    def prepaid(self, order: Order) -> Work:
        """Pay, then receive; a few never pay."""
        simulation, random = self._simulation, self._random
        if random.random() < 0.04:
            yield simulation.later(45)
            self._cancel(order, CancelCause.NOT_PAID, "Trotz Erinnerung nicht bezahlt.")
            return
        yield simulation.later(0.2 if order.command.format is Format.PDF else 2)
        at_counter = order.citizen.channel is Channel.STAFF
        method = random.choice((PaymentMethod.CASH, PaymentMethod.CARD)) if at_counter else PaymentMethod.E_PAYMENT
        self._pay(order, method)
        if random.random() < 0.02:
            yield simulation.later(1)
            yield from self.give_up(order)
            return
        yield from self.deliver(order)
        yield simulation.later(14)
        self._do(order, order.clerk, CompleteOrder())

    def on_account(self, order: Order) -> Work:
        """Firms and authorities receive first and pay on a fee notice."""
        simulation = self._simulation
        yield simulation.later(1)
        notice = IssueFeeNotice(series_id=self.series(SeriesKind.FEE_NOTICE), due=simulation.today + timedelta(days=30))
        self._do(order, order.clerk, notice, legal_basis="§ 14 GebG NRW")
        yield from self.deliver(order)
        yield simulation.later(24)
        self._pay(order, PaymentMethod.TRANSFER)
        yield simulation.later(3)
        self._do(order, order.clerk, CompleteOrder())

    def deliver(self, order: Order) -> Work:
        """Make the product and hand it over."""
        simulation, random = self._simulation, self._random
        online = order.citizen.channel is not Channel.STAFF
        yield simulation.later(0.4 if order.command.format is Format.PDF else 2.5)
        made = GenerateProduct(data_as_of=simulation.today, sha256=random.randbytes(32).hex())
        self._do(order, order.clerk, made)
        yield simulation.later(0.2 if online else 0.8)
        if online or order.command.format.is_data:
            expires = simulation.today + timedelta(days=30)
            self._do(order, order.clerk, DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=expires))
        else:
            channel = random.choice((DeliveryChannel.COUNTER, DeliveryChannel.POST))
            self._do(order, order.clerk, DeliverProduct(channel=channel))

    def give_up(self, order: Order) -> Work:
        """Cancel what was paid, and refund three quarters of it."""
        self._cancel(order, CancelCause.NOT_POSSIBLE, "Die Vermessungsschriften sind noch nicht übernommen.")
        yield self._simulation.later(4)
        refund = Money((order.fee.amount * 3 / 4).quantize(Decimal("0.01")))
        reason = Sealed[str]("Bearbeitung hatte begonnen.")
        self._do(order, order.clerk, RefundOrder(amount=refund, reason=reason), legal_basis="§ 15 (2) GebG NRW")

    # Parts

    def series(self, kind: SeriesKind) -> UUID:
        """This year's series, opened by whoever needs its first number."""
        year = self._simulation.today.year
        if (kind, year) not in self._series:
            opening = OpenSeries(series_kind=kind, year=year, prefix=PREFIXES[kind])
            head = self._people.member("62", "head_of_unit", 0)
            self._series[kind, year] = self._simulation.do(head, opening)
        return self._series[kind, year]

    def place(self, channel: Channel) -> Order:
        """A new order: somebody's own, or one that a clerk takes at the counter."""
        random = self._random
        self._orders += 1
        number = f"62-{self._simulation.today.year}-{self._orders:06}"
        requester = self._people.address()
        product = random.choices(tuple(Product), (46, 12, 22, 6, 14))[0]
        format, size, copies = self._form(product)
        clerk = self._people.staff("62", "cadastre_clerk", 6)
        citizen = clerk if channel is Channel.STAFF else self._people.citizen(channel, requester.partition(",")[0])
        command = PlaceOrder(
            order_number=number,
            product=product,
            parcels=self._parcels(random.choice((1, 1, 1, 1, 2, 2, 3, 5))),
            format=format,
            paper_size=size,
            copies=copies,
            assurance=Assurance.HIGH if product.has_owner_data else random.choice((Assurance.NONE, Assurance.LOW)),
            requester=Sealed(requester),
            purpose=Sealed(random.choice(PURPOSES)) if random.random() < 0.7 else None,
        )
        correlation = self._simulation.derived(number)
        record = self._simulation.do(citizen, command, correlation=correlation)
        return Order(record, correlation, command, citizen, clerk, self._simulation.now, self._simulation.today)

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

    def _assess(self, order: Order, exempt: bool) -> None:
        minutes = self._random.randint(10, 90) if order.command.format.is_data else None
        ground = ExemptionGround.ADMINISTRATIVE_ASSISTANCE if exempt else None
        command = AssessFee(minutes=minutes, exemption_ground=ground)
        self._do(order, order.clerk, command, legal_basis=LEGAL_BASIS)
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
        ).total

    def _pay(self, order: Order, method: PaymentMethod) -> None:
        treasury = self._people.staff("20", "cashier", 2) if method is PaymentMethod.TRANSFER else order.clerk
        reference = f"8462{self._random.randrange(10**8):08}"
        self._do(order, treasury, SettlePayment(amount=order.fee, method=method, reference=reference))

    def _cancel(self, order: Order, cause: CancelCause, reason: str) -> None:
        self._do(order, order.clerk, CancelOrder(cause=cause, reason=Sealed(reason)))

    def _correct(self, order: Order) -> None:
        self._simulation.flush()
        text = f"{self._people.name()}, {self._people.street()}, 40210 Düsseldorf"
        command = CorrectOrder(
            field=OrderField.REQUESTER, new_sealed=Sealed(text), reason=Sealed("Anschrift verwechselt.")
        )
        self._do(order, order.clerk, command, effective=Effective(order.placed))

    def _do(
        self,
        order: Order,
        who: Principal,
        command: Command,
        *,
        effective: Effective | None = None,
        legal_basis: str | None = None,
    ) -> None:
        self._simulation.do(
            who, command, order.record, effective=effective, legal_basis=legal_basis, correlation=order.correlation
        )
