"""What is wanted on the van between two branches."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInTransit(Command):
    """Send an item to another branch (Leihverkehr)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    to_branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveFromTransit(Command):
    """Book an item in that arrived from another branch; where it goes to the first hold it is set aside (Eingang)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispatch(Command):
    """Begin the list of what left a branch on a day (Transportliste)."""

    kind: ClassVar[str] = "dispatch"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    day: date
    branch: str
    authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransit(Command):
    """Record one item of the list (Transport einer Liste erfassen).

    Equal rows are different items: the n-th equal row has `occurrence` n, from 1 on.

    A row that stands on the list already leads to no fact.
    """

    kind: ClassVar[str] = "dispatch"
    asked_by: ClassVar[Roles] = CLERKS
    item_type: str
    to_branch: str
    source: str
    occurrence: int
    to_authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractTransit(Command):
    """Take an item off the list: its source no longer has it, or it was a mistake (Berichtigung)."""

    kind: ClassVar[str] = "dispatch"
    asked_by: ClassVar[Roles] = CLERKS
    transit: int
    reason: Sealed[str]
