"""What happens to the queue for an item. Each hold has a key of its own, as each loan has."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.kernel import Code, Fact, Number, Sealed, Supervised, Supervision
from domain.library.vocabulary import CancellationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Fact):
    """A reader joined the queue for the item (Vormerkung)."""

    topic: ClassVar[str] = "library.hold_placed.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    reader: Code
    patron_ref: Sealed[str]
    barcode: Number
    pickup_branch: Number
    placed_on: date

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReordered(Fact):
    """A hold has another place in the queue, by whom and why (Änderung der Reihenfolge); ranks count from 1."""

    topic: ClassVar[str] = "library.hold_reordered.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    old_rank: int
    rank: int
    reordered_by: UUID
    overridden: tuple[Code, ...]
    reason: Sealed[str]

    def supervised(self) -> Supervised | None:
        if not self.overridden:
            return None
        return Supervised(by=Supervision.OVERRIDE, rules=self.overridden, reason=self.reason)

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReady(Fact):
    """The item waits on the pick-up shelf until `pickup_until`, which follows from `terms` (Bereitstellung)."""

    topic: ClassVar[str] = "library.hold_ready.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    branch: Number
    pickup_until: date
    terms: Code

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFulfilled(Fact):
    """The reader who waited has borrowed the item."""

    topic: ClassVar[str] = "library.hold_fulfilled.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    loan: UUID

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(Fact):
    """Nobody came for the item by `pickup_until`.

    `anonymise_from` is the day from which it is to be forgotten who waited, which follows from `terms`. Version 1 said
    neither.
    """

    topic: ClassVar[str] = "library.hold_expired.v2"
    kind: ClassVar[str] = "item"
    hold: UUID
    pickup_until: date
    anonymise_from: date | None
    terms: Code | None

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCancelled(Fact):
    """The hold was given up before it was fulfilled; when it is to be forgotten who waited is as in HoldExpired."""

    topic: ClassVar[str] = "library.hold_cancelled.v2"
    kind: ClassVar[str] = "item"
    hold: UUID
    ground: CancellationGround
    anonymise_from: date | None
    terms: Code | None

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnonymised(Fact):
    """Nobody is to know any more who waited in vain: the `keys` are to be destroyed."""

    topic: ClassVar[str] = "library.hold_anonymised.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    keys: tuple[UUID, ...]
    anonymised_on: date


HoldFact = HoldPlaced | HoldReordered | HoldReady | HoldFulfilled | HoldExpired | HoldCancelled | HoldAnonymised
