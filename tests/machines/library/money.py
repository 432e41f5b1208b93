"""What the rules promise of charges and fees: each amount anew, nothing settled twice or beyond what was raised."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.kernel import ChargeKind, Recorded
from domain.library import facts as f
from domain.library.vocabulary import ChargeCause, ReliefGround

NEW_TERMS = date(2024, 1, 1)
Raised = f.ChargeRaised | f.MembershipFeeRaised
Paid = f.ChargePaid | f.MembershipFeePaid
Waived = f.ChargeWaived | f.MembershipFeeWaived
Refunded = f.ChargeRefunded | f.MembershipFeeRefunded


@dataclass
class ChargeTold:
    """A charge as its events tell it."""

    cause: ChargeCause
    amount: Decimal
    since: date
    standing: str = "open"


@dataclass
class Account:
    """The charges of a loan or of a reader. `late` is by how many days the loan was, `quiet_since` its last change."""

    charges: dict[UUID, ChargeTold] = field(default_factory=dict)
    late: int = 0
    quiet_since: date = date.min
    found: date | None = None

    @property
    def open(self) -> list[ChargeTold]:
        """What is owed: by the reader, or to the reader who paid for what was found."""
        return [
            charge
            for charge in self.charges.values()
            if charge.standing == "open"
            or (self.found and charge.standing == "paid" and charge.cause is ChargeCause.REPLACEMENT)
        ]

    def take(self, event: Recorded, fact: Raised | Paid | Waived | Refunded) -> None:
        """The account after one more fact."""
        day = event.effective.day
        if isinstance(fact, Raised):
            assert fact.charge not in self.charges
            assert fact.charge_kind is ChargeKind.ENTGELT
            _check_amount(fact, day, self.late)
            self.charges[fact.charge] = ChargeTold(fact.cause, fact.amount.amount, day)
            return
        charge = self.charges[fact.charge]
        assert fact.amount.amount == charge.amount, "settled with another amount than was raised"
        assert day >= charge.since, "settled before it was raised"
        if isinstance(fact, Refunded):
            assert charge.standing == "paid", "paid back what was not paid"
        else:
            assert charge.standing == "open", "settled twice"
        if isinstance(fact, Waived | Refunded) and fact.ground is ReliefGround.ITEM_FOUND:
            assert self.found is not None, "relieved by a find that nobody made"
            assert day >= self.found, "relieved before it was found"
            assert charge.cause is ChargeCause.REPLACEMENT, "relieved by a find of what is no replacement"
        elif isinstance(fact, Waived | Refunded):
            told = fact.supervised()
            assert told is not None, "a relief that nobody watches over"
            assert event.envelope.actor == (fact.waived_by if isinstance(fact, Waived) else fact.refunded_by)
        charge.standing = "paid" if isinstance(fact, Paid) else "waived" if isinstance(fact, Waived) else "refunded"
        charge.since = day
        self.quiet_since = max(self.quiet_since, day)


def _check_amount(fact: Raised, day: date, late: int) -> None:
    new = day >= NEW_TERMS
    assert fact.table == ("2024-01" if new else "2000-01")
    if fact.cause is ChargeCause.OVERDUE:
        started = late // 7 + (1 if late % 7 else 0)
        assert fact.amount.amount == started * Decimal("1.50" if new else "1.00"), "delay at another price"
    elif fact.cause is ChargeCause.MEMBERSHIP:
        assert fact.amount.amount == Decimal("20.00" if new else "15.00"), "membership at another price"
    assert fact.amount.amount > 0, "nothing is charged"
