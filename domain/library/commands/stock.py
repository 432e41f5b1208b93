"""What is wanted of titles, and of items as part of the stock."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from domain.kernel import Command, Sealed
from domain.library.vocabulary import MediaType, WithdrawalGround
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireItem(Command):
    """Add a copy to the stock (Zugang). What is not `for_loan` is for use in the house (Präsenzbestand).

    `title_id` is the record of the title it is a copy of; a copy whose title is not catalogued comes with its text.
    """

    kind: ClassVar[str] = "item"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    barcode: str
    media_type: MediaType
    branch: str
    title_id: UUID | None = None
    title: str | None = None
    shelf_mark: str | None = None
    for_loan: bool = True

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return () if self.title_id is None else (self.title_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectItem(Command):
    """Put right an item's `title`, `media_type`, `shelf_mark` or `branch` (Berichtigung)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    field: str
    new: str | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawItem(Command):
    """Take a copy out of the stock (Aussonderung aus dem Bestand)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    ground: WithdrawalGround
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignItemToTitle(Command):
    """Say which title an item is a copy of (Zuordnung zum Titel)."""

    kind: ClassVar[str] = "item"
    asked_by: ClassVar[Roles] = CLERKS
    title_id: UUID

    def reads(self, state: Any) -> tuple[UUID, ...]:
        return (self.title_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTitle(Command):
    """Describe a title that the library has copies of (Titelaufnahme)."""

    kind: ClassVar[str] = "title"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    number: str
    title: str
    media_type: MediaType
    creator: str | None = None
    isbn: str | None = None
    published: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectTitle(Command):
    """Put right a title's `title`, `creator` or `isbn` (Berichtigung)."""

    kind: ClassVar[str] = "title"
    asked_by: ClassVar[Roles] = CLERKS
    field: str
    new: str | None = None
    reason: Sealed[str]
