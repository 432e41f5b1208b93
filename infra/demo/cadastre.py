"""Cadastre orders of the generated city: maps, statements and data, from the order to the delivery."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from domain.cadastre.commands import (
    CancelOrder,
    ChangeDraft,
    ClaimLegitimateInterest,
    CompleteOrder,
    ConfirmLegitimateInterest,
    CorrectOrder,
    DeliverProduct,
    DiscardDraft,
    DraftOrder,
    GenerateProduct,
    RecordDeliveryExpired,
    RefundOrder,
    RefuseLegitimateInterest,
    SubmitOrder,
)
from domain.cadastre.vocabulary import (
    CancelCause,
    DeliveryChannel,
    Format,
    InterestGround,
    OrderField,
    PaymentMethod,
)
from domain.kernel import Channel, Effective, Money, Sealed
from infra.demo.fees import Fees
from infra.demo.pace import Pace
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work
from infra.demo.wishes import Order, Wishes

EVENTS_PER_ORDER: Final = 6.9
GROUNDS: Final = {
    InterestGround.OWNER: "Ich bin Miteigentümerin des Grundstücks.",
    InterestGround.NEIGHBOUR: "Die Grenzmauer ist baufällig, ich muss mich mit dem Nachbarn abstimmen.",
    InterestGround.CREDITOR: "Vollstreckungstitel liegt bei.",
    InterestGround.BUILDING_PROJECT: "Für mein Bauvorhaben brauche ich die Zustimmung des Nachbarn.",
    InterestGround.PUBLIC_TASK: "Vorbereitung einer notariellen Beurkundung.",
    InterestGround.PURCHASE: "Ich möchte das Grundstück kaufen.",
}


class CadastreOffice:
    """All that happens to orders."""

    def __init__(self, simulation: Simulation, people: People, events: int) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random
        self.pace = Pace(simulation, "cadastre", events, EVENTS_PER_ORDER, lag=9)
        self._wishes = Wishes(simulation, people)
        self._fees = Fees(simulation, people)
        self._orders = 0

    def arrivals(self) -> Work:
        """Orders come in for as long as the city is simulated."""
        while True:
            yield self._simulation.after(self.pace.gap())
            self._simulation.start(self.order())

    def order(self) -> Work:
        """One order, until it is complete, refused, cancelled or given up."""
        simulation, random = self._simulation, self._random
        channel = random.choices((Channel.SERVICE_PORTAL, Channel.ONLINE_SHOP, Channel.STAFF), (45, 20, 35))[0]
        if channel is Channel.STAFF:
            yield simulation.at_work(simulation.now)
        else:
            # The portal is open at night.
            yield simulation.at_work(simulation.now, opens=6, closes=23, working_days=7)
        wanted = self._wishes.wanted(channel)
        if channel is Channel.STAFF or random.random() < 0.25:
            order = self.place(wanted)
        else:
            basket = yield from self.basket(wanted)
            if basket is None:
                return
            order = basket
        if random.random() < 0.03:
            yield simulation.later(0.3)
            self._correct(order)
        if order.command.product.has_owner_data:
            confirmed = yield from self.review(order)
            if not confirmed:
                return
        yield simulation.later(0.7)
        exempt = random.random() < 0.04
        self._fees.assess(order, exempt)
        if random.random() < 0.03:
            yield simulation.later(6)
            self._cancel(order, CancelCause.WITHDRAWN, "Wird nicht mehr benötigt.")
            return
        if exempt:
            yield from self.deliver(order)
            order.act(self._simulation, order.clerk, CompleteOrder())
        elif random.random() < 0.18:
            yield from self.on_account(order)
        else:
            yield from self.prepaid(order)

    def basket(self, wanted: Order) -> Generator[datetime, None, Order | None]:
        """Fill a basket, perhaps change it, and submit it; some are discarded, some are left standing."""
        simulation, random = self._simulation, self._random
        placed = wanted.command
        parts: dict[str, Any] = {
            "product": placed.product,
            "parcels": placed.parcels,
            "area": placed.area,
            "format": placed.format,
            "paper_size": placed.paper_size,
        }
        changed = placed.copies > 1 or random.random() < 0.1
        draft = DraftOrder(**parts, copies=1 if changed else placed.copies)
        wanted.record = simulation.do(wanted.citizen, draft, correlation=wanted.correlation)
        yield simulation.at_work(simulation.after(0.02), opens=6, closes=23, working_days=7)
        if changed:
            wanted.act(self._simulation, wanted.citizen, ChangeDraft(**parts, copies=placed.copies))
        end = random.random()
        if end < 0.08:
            if end < 0.03:
                wanted.act(self._simulation, wanted.citizen, DiscardDraft())
            return None
        submit = SubmitOrder(
            order_number=self._number(),
            assurance=placed.assurance,
            requester=placed.requester,
            purpose=placed.purpose,
        )
        wanted.act(self._simulation, wanted.citizen, submit)
        wanted.begin(simulation)
        return wanted

    def review(self, order: Order) -> Generator[datetime, None, bool]:
        """Claim a legitimate interest and have it reviewed by somebody else than who took the order."""
        random = self._random
        kind = random.choices(tuple(GROUNDS), (30, 25, 8, 15, 10, 12))[0]
        order.act(
            self._simulation, order.citizen, ClaimLegitimateInterest(ground_kind=kind, ground=Sealed(GROUNDS[kind]))
        )
        yield self._simulation.later(3)
        reviewer = self._people.member("62", "head_of_unit", 0)
        if kind is InterestGround.PURCHASE:
            reason = Sealed[str]("Ein reines Kaufinteresse ist kein berechtigtes Interesse.")
            order.act(self._simulation, reviewer, RefuseLegitimateInterest(reason=reason))
        elif random.random() < 0.05:
            order.act(
                self._simulation, reviewer, RefuseLegitimateInterest(reason=Sealed("Das Interesse ist nicht belegt."))
            )
        else:
            order.act(self._simulation, reviewer, ConfirmLegitimateInterest())
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
        self._fees.pay(order, method)
        if random.random() < 0.02:
            yield simulation.later(1)
            yield from self.give_up(order)
            return
        yield from self.deliver(order)
        order.act(self._simulation, order.clerk, CompleteOrder())

    def on_account(self, order: Order) -> Work:
        """Firms and authorities receive first, and pay on an invoice or a fee notice."""
        simulation, random = self._simulation, self._random
        yield simulation.later(1)
        if random.random() < 0.45:
            due = self._fees.invoice(order)
            if random.random() < 0.06:
                yield simulation.later(2)
                self._fees.take_back(order)
                due = self._fees.invoice(order)
        else:
            due = self._fees.notice(order)
        yield from self.deliver(order)
        yield from self._fees.collect(order, due)
        yield simulation.later(3)
        order.act(self._simulation, order.clerk, CompleteOrder())

    def deliver(self, order: Order) -> Work:
        """Make the product and hand it over; until the requester has it, or a download has expired."""
        simulation, random = self._simulation, self._random
        online = order.citizen.channel is not Channel.STAFF
        yield simulation.later(0.4 if order.command.format is Format.PDF else 2.5)
        made = GenerateProduct(data_as_of=simulation.today, sha256=random.randbytes(32).hex())
        order.act(self._simulation, order.clerk, made)
        yield simulation.later(0.2 if online else 0.8)
        if not online and not order.command.format.is_data:
            channel = random.choice((DeliveryChannel.COUNTER, DeliveryChannel.POST))
            order.act(self._simulation, order.clerk, DeliverProduct(channel=channel))
            yield simulation.later(14)
            return
        expires = simulation.today + timedelta(days=30)
        order.act(self._simulation, order.clerk, DeliverProduct(channel=DeliveryChannel.DOWNLOAD, expires=expires))
        if random.random() < 0.9:
            yield simulation.later(10)
            return
        yield from self._fees.by_calendar(order, expires + timedelta(days=1), RecordDeliveryExpired())
        yield simulation.later(5)
        if random.random() < 0.3:
            order.act(self._simulation, order.clerk, DeliverProduct(channel=DeliveryChannel.POST))

    def give_up(self, order: Order) -> Work:
        """Cancel what was paid, and refund three quarters of it."""
        self._cancel(order, CancelCause.NOT_POSSIBLE, "Die Vermessungsschriften sind noch nicht übernommen.")
        yield self._simulation.later(4)
        refund = Money((order.fee.amount * 3 / 4).quantize(Decimal("0.01")))
        reason = Sealed[str]("Bearbeitung hatte begonnen.")
        order.act(
            self._simulation, order.clerk, RefundOrder(amount=refund, reason=reason), legal_basis="§ 15 (2) GebG NRW"
        )

    # Parts

    def place(self, wanted: Order) -> Order:
        """The order, placed at once."""
        command = replace(wanted.command, order_number=self._number())
        wanted.record = self._simulation.do(wanted.citizen, command, correlation=wanted.correlation)
        wanted.begin(self._simulation)
        return wanted

    def _number(self) -> str:
        self._orders += 1
        return f"62-{self._simulation.today.year}-{self._orders:06}"

    def _cancel(self, order: Order, cause: CancelCause, reason: str) -> None:
        order.act(self._simulation, order.clerk, CancelOrder(cause=cause, reason=Sealed(reason)))

    def _correct(self, order: Order) -> None:
        self._simulation.flush()
        text = f"{self._people.name()}, {self._people.street()}, 40210 Düsseldorf"
        command = CorrectOrder(
            field=OrderField.REQUESTER, new_sealed=Sealed(text), reason=Sealed("Anschrift verwechselt.")
        )
        order.act(self._simulation, order.clerk, command, effective=Effective(order.placed))
