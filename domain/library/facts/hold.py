"""What happens to the queue for an item. Each hold has a key of its own, as each loan has."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.kernel import Code, Fact, Number, Sealed, Supervised
from domain.library.vocabulary import CancellationGround


@dataclass(frozen=True, slots=True, kw_only=True)
class OfHold(Fact):
    """What happened to a hold: sealed under the key of the hold, so that it can be forgotten apart from the item."""

    hold: UUID

    def sealing_key(self) -> UUID | None:
        return self.hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(OfHold):
    """A reader joined the queue for the item (Vormerkung)."""

    topic: ClassVar[str] = "library.hold_placed.v1"
    kind: ClassVar[str] = "item"
    reader: Code
    patron_ref: Sealed[str]
    barcode: Number
    pickup_branch: Number
    placed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReordered(OfHold):
    """A hold has another place in the queue, by whom and why (Änderung der Reihenfolge); ranks count from 1.

    Version 1 left the day to the envelope.
    """

    topic: ClassVar[str] = "library.hold_reordered.v2"
    kind: ClassVar[str] = "item"
    old_rank: int
    rank: int
    reordered_by: UUID
    overridden: tuple[Code, ...]
    reason: Sealed[str]
    reordered_on: date | None

    def supervised(self) -> Supervised | None:
        return Supervised.override(self.overridden, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReady(OfHold):
    """The item waits on the pick-up shelf until `pickup_until`, which follows from `terms` (Bereitstellung).

    Version 1 left the day to the envelope.
    """

    topic: ClassVar[str] = "library.hold_ready.v2"
    kind: ClassVar[str] = "item"
    branch: Number
    pickup_until: date
    terms: Code
    ready_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFulfilled(OfHold):
    """The reader who waited has borrowed the item."""

    topic: ClassVar[str] = "library.hold_fulfilled.v1"
    kind: ClassVar[str] = "item"
    loan: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(OfHold):
    """Nobody came for the item by `pickup_until`.

    `anonymise_from` is the day from which it is to be forgotten who waited, which follows from `terms`. Version 1 said
    neither, and versions 1 and 2 left the day to the envelope.
    """

    topic: ClassVar[str] = "library.hold_expired.v3"
    kind: ClassVar[str] = "item"
    pickup_until: date
    anonymise_from: date | None
    terms: Code | None
    expired_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCancelled(OfHold):
    """The hold was given up before it was fulfilled; when it is to be forgotten who waited is as in HoldExpired."""

    topic: ClassVar[str] = "library.hold_cancelled.v3"
    kind: ClassVar[str] = "item"
    ground: CancellationGround
    anonymise_from: date | None
    terms: Code | None
    cancelled_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnonymised(Fact):
    """Nobody is to know any more who waited in vain: the `keys` are to be destroyed."""

    topic: ClassVar[str] = "library.hold_anonymised.v1"
    kind: ClassVar[str] = "item"
    hold: UUID
    keys: tuple[UUID, ...]
    anonymised_on: date


HoldFact = HoldPlaced | HoldReordered | HoldReady | HoldFulfilled | HoldExpired | HoldCancelled | HoldAnonymised
