"""What is owed for late and lost items, on the item's stream: a charge is as forgettable as the loan that led to it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.kernel import ChargeKind, Code, Fact, Money, Number, Sealed, Supervised, Supervision
from domain.library.vocabulary import ChargeCause, MeansOfPayment, MediaType, ReliefGround


# A relief sets aside that what is owed is paid; only a found item needs nobody's discretion.
def relief(ground: ReliefGround, reason: Sealed[str] | None) -> Supervised | None:
    """What a waived or repaid charge says for those who watch over the rules."""
    if ground is ReliefGround.ITEM_FOUND:
        return None
    return Supervised(by=Supervision.OVERRIDE, rules=("library.open_charges",), reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRaised(Fact):
    """A late or lost item is charged for by the `table` in force (Entgelt). `weeks` are started weeks."""

    topic: ClassVar[str] = "library.charge_raised.v1"
    kind: ClassVar[str] = "item"
    charge: UUID
    loan: UUID
    charge_kind: ChargeKind
    cause: ChargeCause
    amount: Money
    weeks: int
    table: Code
    media_type: MediaType
    branch: Number
    raised_on: date

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePaid(Fact):
    """The charge was paid in full (Zahlung). `anonymise_from` is set by what settles the loan."""

    topic: ClassVar[str] = "library.charge_paid.v1"
    kind: ClassVar[str] = "item"
    charge: UUID
    loan: UUID
    amount: Money
    method: MeansOfPayment
    branch: Number
    paid_on: date
    anonymise_from: date | None

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeWaived(Fact):
    """The charge was waived (Erlass): by the person named and for a reason, or because the lost item was found."""

    topic: ClassVar[str] = "library.charge_waived.v1"
    kind: ClassVar[str] = "item"
    charge: UUID
    loan: UUID
    amount: Money
    ground: ReliefGround
    waived_by: UUID
    waived_on: date
    reason: Sealed[str] | None
    anonymise_from: date | None

    def supervised(self) -> Supervised | None:
        return relief(self.ground, self.reason)

    def sealing_key(self) -> UUID | None:
        return self.loan


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRefunded(Fact):
    """What was paid is paid back (Erstattung), by the person named and for a reason."""

    topic: ClassVar[str] = "library.charge_refunded.v1"
    kind: ClassVar[str] = "item"
    charge: UUID
    loan: UUID
    amount: Money
    ground: ReliefGround
    refunded_by: UUID
    refunded_on: date
    reason: Sealed[str]
    anonymise_from: date | None

    def supervised(self) -> Supervised | None:
        return relief(self.ground, self.reason)

    def sealing_key(self) -> UUID | None:
        return self.loan


ChargeFact = ChargeRaised | ChargePaid | ChargeWaived | ChargeRefunded
