"""What can be asked for with a body (Gremium)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.vocabulary import BodyType
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishBody(Command):
    """Gremium bilden. `code` is the short name everybody uses (RAT, BV1); `seats` counts members with a vote."""

    kind: ClassVar[str] = "body"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    code: str
    name: Sealed[str]
    body_type: BodyType
    seats: int | None = None
    valid_from: date | None = None
    parent: UUID | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.parent,) if self.parent else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendBody(Command):
    """Gremium ändern: what is given becomes the new value."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS
    name: Sealed[str] | None = None
    body_type: BodyType | None = None
    seats: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveBody(Command):
    """Gremium auflösen."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishBody(Command):
    """Gremium veröffentlichen."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class DepublishBody(Command):
    """Gremium depublizieren: a tombstone stays."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember(Command):
    """Mitglied aufnehmen, with a vote or advisory (beratend). `group` is the Fraktion's short name.

    The member's id is uuid5 of the body and its version; `member` names somebody who is a member elsewhere.
    """

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS
    name: Sealed[str]
    voting: bool = True
    group: str | None = None
    member: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMembership(Command):
    """Mitgliedschaft beenden."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = CLERKS
    member: UUID
    reason: Sealed[str] | None = None
