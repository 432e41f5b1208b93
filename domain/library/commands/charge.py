"""What is wanted of a charge that a loan led to: pay, waive, pay back."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid5

from domain.kernel import Command, Sealed
from domain.library.vocabulary import ChargeCause, MeansOfPayment, ReliefGround
from domain.rights import CLERKS, Roles


def charge_id(item: UUID, version: int, cause: ChargeCause) -> UUID:
    """The id of the charge that an item's next events raise for a cause."""
    return uuid5(item, f"charge:{version}:{cause}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCharge(Command):
    """Book a charge as paid, in full (Zahlung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    method: MeansOfPayment
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveCharge(Command):
    """Let a reader off a charge, by name and for a reason (Erlass)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    ground: ReliefGround
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCharge(Command):
    """Pay a charge back, by name and for a reason (Erstattung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    ground: ReliefGround
    reason: Sealed[str]
