"""What is wanted of the library: at the desk for readers, at the counter, on the van between two branches."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.kernel import Command, Sealed
from domain.library.vocabulary import (
    AgeBand,
    BlockGround,
    CancellationGround,
    DeactivationGround,
    MediaType,
    WithdrawalGround,
)


def loan_id(item: UUID, version: int) -> UUID:
    """The id of the loan that begins with an item's next event."""
    return uuid5(item, f"loan:{version}")


def hold_id(item: UUID, version: int) -> UUID:
    """The id of the hold that begins with an item's next event."""
    return uuid5(item, f"hold:{version}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPatron(Command):
    """Issue a library card (Anmeldung)."""

    kind: ClassVar[str] = "patron"
    creates: ClassVar[bool] = True
    name: Sealed[str]
    card_number: Sealed[str]
    age_band: AgeBand
    branch: str
    born: Sealed[str] | None = None
    guardian: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCard(Command):
    """Issue another card to a reader who lost theirs (Ersatzausweis)."""

    kind: ClassVar[str] = "patron"
    card_number: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAgeBand(Command):
    """Move a reader to the next age band on a birthday (Altersstufe)."""

    kind: ClassVar[str] = "patron"
    age_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGuardianConsent(Command):
    """Note that a guardian consents to the membership (Einverständniserklärung)."""

    kind: ClassVar[str] = "patron"
    guardian: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawGuardianConsent(Command):
    """Note that the guardian takes the consent back (Widerruf)."""

    kind: ClassVar[str] = "patron"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPatron(Command):
    """Stop a reader from borrowing for the time being (Sperre)."""

    kind: ClassVar[str] = "patron"
    ground: BlockGround
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockPatron(Command):
    """Lift a block (Entsperrung)."""

    kind: ClassVar[str] = "patron"
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivatePatron(Command):
    """Let a membership rest (Abmeldung)."""

    kind: ClassVar[str] = "patron"
    ground: DeactivationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivatePatron(Command):
    """Take up a membership again (Wiederanmeldung)."""

    kind: ClassVar[str] = "patron"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPatron(Command):
    """Put right what was recorded of a reader: `name` or `born` (sealed), `age_band` or `branch` (Berichtigung)."""

    kind: ClassVar[str] = "patron"
    field: str
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireItem(Command):
    """Add a copy to the stock (Zugang). What is not `for_loan` is for use in the house (Präsenzbestand)."""

    kind: ClassVar[str] = "item"
    creates: ClassVar[bool] = True
    barcode: str
    title: str
    media_type: MediaType
    branch: str
    shelf_mark: str | None = None
    for_loan: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectItem(Command):
    """Put right an item's `title`, `media_type`, `shelf_mark` or `branch` (Berichtigung)."""

    kind: ClassVar[str] = "item"
    field: str
    new: str | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawItem(Command):
    """Take a copy out of the stock (Aussonderung aus dem Bestand)."""

    kind: ClassVar[str] = "item"
    ground: WithdrawalGround
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LendItem(Command):
    """Lend an item to a reader (Ausleihe). The loan's id is `loan_id` of the item and its version before."""

    kind: ClassVar[str] = "item"
    patron: UUID
    branch: str

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLoan(Command):
    """Prolong the running loan of an item (Verlängerung). The reader is named again: the loan does not tell who it is.

    An `override_reason` asks to set aside the cap and the waiting hold; only staff may.
    """

    kind: ClassVar[str] = "item"
    patron: UUID
    override_reason: Sealed[str] | None = None

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnItem(Command):
    """Take an item back (Rückgabe). What lay in the return box takes effect on the day it was put there."""

    kind: ClassVar[str] = "item"
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Command):
    """Queue a reader for an item (Vormerkung). The hold's id is `hold_id` of the item and its version before."""

    kind: ClassVar[str] = "item"
    patron: UUID
    pickup_branch: str

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItemAside(Command):
    """Put the item on the pick-up shelf for the first hold (Bereitstellung)."""

    kind: ClassVar[str] = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHold(Command):
    """Give up a hold whose item was not picked up in time (Abholfrist verstrichen)."""

    kind: ClassVar[str] = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelHold(Command):
    """Take a hold out of the queue (Löschung der Vormerkung)."""

    kind: ClassVar[str] = "item"
    hold: UUID
    ground: CancellationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInTransit(Command):
    """Send an item to another branch (Leihverkehr)."""

    kind: ClassVar[str] = "item"
    to_branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFromTransit(Command):
    """Book an item in that arrived from another branch; where it goes to the first hold it is set aside (Eingang)."""

    kind: ClassVar[str] = "item"
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispatch(Command):
    """Begin the list of what left a branch on a day (Transportliste)."""

    kind: ClassVar[str] = "dispatch"
    creates: ClassVar[bool] = True
    day: date
    branch: str
    authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransit(Command):
    """Record one item of the list. Equal rows are different items: the n-th equal row has `occurrence` n, from 1 on.

    A row that stands on the list already leads to no fact.
    """

    kind: ClassVar[str] = "dispatch"
    item_type: str
    to_branch: str
    source: str
    occurrence: int
    to_authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractTransit(Command):
    """Take an item off the list: its source no longer has it, or it was a mistake (Berichtigung)."""

    kind: ClassVar[str] = "dispatch"
    transit: int
    reason: Sealed[str]


PatronCommand = (
    RegisterPatron
    | ReplaceCard
    | ChangeAgeBand
    | GiveGuardianConsent
    | WithdrawGuardianConsent
    | BlockPatron
    | UnblockPatron
    | DeactivatePatron
    | ReactivatePatron
    | CorrectPatron
)
StockCommand = AcquireItem | CorrectItem | WithdrawItem
LoanCommand = LendItem | RenewLoan | ReturnItem
HoldCommand = PlaceHold | SetItemAside | ExpireHold | CancelHold
TransitCommand = SendInTransit | ReceiveFromTransit
ItemCommand = StockCommand | LoanCommand | HoldCommand | TransitCommand
DispatchCommand = OpenDispatch | RecordTransit | RetractTransit
LibraryCommand = PatronCommand | ItemCommand | DispatchCommand

COMMANDS: tuple[type[Command], ...] = (
    RegisterPatron,
    ReplaceCard,
    ChangeAgeBand,
    GiveGuardianConsent,
    WithdrawGuardianConsent,
    BlockPatron,
    UnblockPatron,
    DeactivatePatron,
    ReactivatePatron,
    CorrectPatron,
    AcquireItem,
    CorrectItem,
    WithdrawItem,
    LendItem,
    RenewLoan,
    ReturnItem,
    PlaceHold,
    SetItemAside,
    ExpireHold,
    CancelHold,
    SendInTransit,
    ReceiveFromTransit,
    OpenDispatch,
    RecordTransit,
    RetractTransit,
)
