"""What is wanted for a reader at the desk."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid5

from domain.kernel import Command, Sealed
from domain.library.vocabulary import AgeBand, BlockGround, DeactivationGround, MeansOfPayment, ReliefGround
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPatron(Command):
    """Issue a library card (Anmeldung).

    `charged_until` is the last day that membership was paid for in an earlier system, known to an import alone. Who is
    taken over without it owes from the day of the import on.
    """

    kind: ClassVar[str] = "patron"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    name: Sealed[str]
    card_number: Sealed[str]
    age_band: AgeBand
    branch: str
    born: Sealed[str] | None = None
    guardian: Sealed[str] | None = None
    charged_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCard(Command):
    """Issue another card to a reader who lost theirs (Ersatzausweis)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    card_number: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAgeBand(Command):
    """Move a reader to the next age band on a birthday (Altersstufe)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    age_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGuardianConsent(Command):
    """Note that a guardian consents to the membership (Einverständniserklärung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    guardian: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawGuardianConsent(Command):
    """Note that the guardian takes the consent back (Widerruf)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPatron(Command):
    """Stop a reader from borrowing for the time being (Sperre)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    ground: BlockGround
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockPatron(Command):
    """Lift a block (Entsperrung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivatePatron(Command):
    """Let a membership rest (Abmeldung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    ground: DeactivationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivatePatron(Command):
    """Take up a membership again (Wiederanmeldung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPatron(Command):
    """Put right what was recorded of a reader: `name` or `born` (sealed), `age_band` or `branch` (Berichtigung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    field: str
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]


def fee_id(patron: UUID, version: int) -> UUID:
    """The id of the fee that is raised with a reader's next event."""
    return uuid5(patron, f"fee:{version}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseMembershipFee(Command):
    """Ask the fee for the year that begins (Jahresentgelt). The fee's id is `fee_id`."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class PayMembershipFee(Command):
    """Book a fee as paid (Zahlung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    method: MeansOfPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveMembershipFee(Command):
    """Let a reader off a fee, by name and for a reason (Erlass)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    ground: ReliefGround
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundMembershipFee(Command):
    """Pay a fee back, by name and for a reason (Erstattung)."""

    kind: ClassVar[str] = "patron"
    asked_by: ClassVar[Roles] = CLERKS
    charge: UUID
    ground: ReliefGround
    reason: Sealed[str]
