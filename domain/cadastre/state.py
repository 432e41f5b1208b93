"""Baskets, orders and series as far as decisions need them. Sealed texts are references to where they were recorded."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from domain.cadastre.area import Area
from domain.cadastre.vocabulary import Format, InterestGround, PaperSize, Product, SeriesKind, Stage
from domain.days import first_known
from domain.kernel import Money, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What somebody means to order (Warenkorb), before it is submitted."""

    product: Product
    parcels: tuple[str, ...]
    area: Area | None
    format: Format
    paper_size: PaperSize | None
    copies: int
    drafted_on: date
    changed_on: date | None = None
    discarded: bool = False

    @property
    def stage(self) -> Stage:
        """Where it stands, in the words of an order."""
        return Stage.CANCELLED if self.discarded else Stage.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The fee notice or the invoice by which a fee is demanded; `invoice` tells which."""

    number: str
    invoice: bool
    amount: Money
    due: date
    issued_on: date | None = None
    reminded_on: date | None = None
    overdue: bool = False
    reminders: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A cadastre order. `tariff_day` is the day whose tariff holds: when the office could begin.

    The days of its steps are None where the step was not taken, or was recorded when facts did not say their day.
    """

    stage: Stage
    product: Product
    parcels: tuple[str, ...]
    area: Area | None
    office: str
    format: Format
    paper_size: PaperSize | None
    copies: int
    placed_by: UUID
    placed_for: UUID | None
    placed_on: date
    tariff_day: date
    requester: Sealed[str]
    purpose: Sealed[str] | None
    ground_kind: InterestGround | None = None
    ground: Sealed[str] | None = None
    claimed_by: UUID | None = None
    claimed_for: UUID | None = None
    claimed_on: date | None = None
    corrected_by: tuple[UUID, ...] = ()
    marks: tuple[str, ...] = ()
    """Those of the citizens among all these, by whom they are known again."""
    fee: Money | None = None
    assessed_on: date | None = None
    repriced_on: date | None = None
    """When something that the fee depends on was last corrected."""
    demand: Demand | None = None
    invoice_cancelled_on: date | None = None
    paid: Money | None = None
    paid_on: date | None = None
    kept: Money | None = None
    """What the city still has of what was paid: that less what was refunded."""
    waived: bool = False
    waived_on: date | None = None
    data_as_of: date | None = None
    sha256: str | None = None
    generated_on: date | None = None
    delivered_on: date | None = None
    cancelled_on: date | None = None
    fulfilled_on: date | None = None
    refunded_on: date | None = None
    expires: date | None = None
    expired: bool = False

    @property
    def requesters(self) -> tuple[UUID, ...]:
        """Who ordered, claimed an interest or corrected, and in whose place: none of them may review it."""
        persons = (self.placed_by, self.placed_for, self.claimed_by, self.claimed_for, *self.corrected_by)
        return tuple(dict.fromkeys(person for person in persons if person is not None))

    @property
    def demanded_on(self) -> date | None:
        """When the demand that stands was issued."""
        return self.demand.issued_on if self.demand else None

    @property
    def reminded_on(self) -> date | None:
        """When the demand that stands was last reminded of."""
        return self.demand.reminded_on if self.demand else None

    @property
    def overdue_since(self) -> date | None:
        """Since when the demand that stands is overdue."""
        return self.demand.due + timedelta(days=1) if self.demand and self.demand.overdue else None

    @property
    def expired_since(self) -> date | None:
        """Since when the download is closed."""
        return self.expires + timedelta(days=1) if self.expired and self.expires else None

    @property
    def settled(self) -> bool:
        """Whether nothing is owed: paid, waived, or a fee of zero."""
        return self.fee is not None and (self.paid is not None or self.waived or self.fee.amount == 0)

    @property
    def settled_on(self) -> date | None:
        """When it was paid or waived, whichever came first."""
        return first_known(self.paid_on, self.waived_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series of numbers (Nummernkreis); `next` is the number it gives next, `last_on` the day of its last one, or on
    which it was opened.
    """

    kind: SeriesKind
    year: int
    prefix: str
    next: int
    last_on: date | None = None

    @property
    def text(self) -> str:
        """The next number as it stands on the paper."""
        return f"{self.prefix}-{self.year}-{self.next:05}"


State = Basket | Order | Series
