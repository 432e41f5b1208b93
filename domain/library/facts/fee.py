"""What a reader owes for membership, on the reader's own stream: it tells nothing of loans."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.kernel import ChargeKind, Code, Fact, Money, Number, Sealed, Supervised
from domain.library.facts.charge import relief
from domain.library.vocabulary import ChargeCause, MeansOfPayment, ReliefGround


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFeeRaised(Fact):
    """The fee of a year of membership is owed, by the `table` in force (Jahresentgelt)."""

    topic: ClassVar[str] = "library.membership_fee_raised.v1"
    kind: ClassVar[str] = "patron"
    charge: UUID
    charge_kind: ChargeKind
    cause: ChargeCause
    amount: Money
    table: Code
    period_from: date
    period_until: date
    branch: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFeePaid(Fact):
    """The fee was paid in full (Zahlung)."""

    topic: ClassVar[str] = "library.membership_fee_paid.v1"
    kind: ClassVar[str] = "patron"
    charge: UUID
    amount: Money
    method: MeansOfPayment
    paid_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFeeWaived(Fact):
    """The fee was waived (Erlass), by the person named and for a reason."""

    topic: ClassVar[str] = "library.membership_fee_waived.v1"
    kind: ClassVar[str] = "patron"
    charge: UUID
    amount: Money
    ground: ReliefGround
    waived_by: UUID
    waived_on: date
    reason: Sealed[str]

    def supervised(self) -> Supervised | None:
        return relief(self.ground, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFeeRefunded(Fact):
    """The fee was paid back (Erstattung), by the person named and for a reason."""

    topic: ClassVar[str] = "library.membership_fee_refunded.v1"
    kind: ClassVar[str] = "patron"
    charge: UUID
    amount: Money
    ground: ReliefGround
    refunded_by: UUID
    refunded_on: date
    reason: Sealed[str]

    def supervised(self) -> Supervised | None:
        return relief(self.ground, self.reason)


FeeFact = MembershipFeeRaised | MembershipFeePaid | MembershipFeeWaived | MembershipFeeRefunded
