"""What is wanted of the queue for an item."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

from domain.kernel import Command, Sealed
from domain.library.vocabulary import CancellationGround
from domain.rights import CITIZENS, CLERKS, Roles


def hold_id(item: UUID, version: int) -> UUID:
    """The id of the hold that begins with an item's next event."""
    return uuid5(item, f"hold:{version}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold(Command):
    """Queue a reader for an item (Vormerkung). The hold's id is `hold_id` of the item and its version before."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CITIZENS
    own: ClassVar[str] = "patron"
    patron: UUID
    pickup_branch: str

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.patron,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetItemAside(Command):
    """Put the item on the pick-up shelf for the first hold (Bereitstellung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHold(Command):
    """Give up a hold whose item was not picked up in time (Abholfrist verstrichen)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelHold(Command):
    """Take a hold out of the queue (Löschung der Vormerkung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    hold: UUID
    ground: CancellationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderHold(Command):
    """Give a waiting hold another place in the queue, 1 being the next, for a reason (Änderung der Reihenfolge)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    hold: UUID
    rank: int
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymiseHold(Command):
    """Forget who waited in vain: the hold expired or was cancelled (Anonymisierung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    hold: UUID
