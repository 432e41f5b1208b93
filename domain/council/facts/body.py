"""What happens to a body (Gremium)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.facts.common import BODY_CODE, Depublished, source_claims
from domain.council.parts import BodyData, Source
from domain.kernel import Claim, Code, Fact, Number, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEstablished(Fact):
    """A body (Gremium) came to be: council, committee, district or unit."""

    topic: ClassVar[str] = "council.body_established.v1"
    kind: ClassVar[str] = "body"
    code: Number | None = None
    data: BodyData
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None

    def claims(self) -> tuple[Claim, ...]:
        return ((Claim(BODY_CODE, self.code),) if self.code else ()) + source_claims(self.source)

    def number(self) -> str | None:
        return self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAmended(Fact):
    """A body has other particulars; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.body_amended.v1"
    kind: ClassVar[str] = "body"
    changed: tuple[Code, ...]
    data: BodyData
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDissolved(Fact):
    """A body meets no more after `dissolved_on`."""

    topic: ClassVar[str] = "council.body_dissolved.v1"
    kind: ClassVar[str] = "body"
    dissolved_on: date
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPublished(Fact):
    """The body stands in the public information system."""

    topic: ClassVar[str] = "council.body_published.v1"
    kind: ClassVar[str] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyDepublished(Depublished):
    """The body no longer stands in the public information system; a tombstone stays."""

    topic: ClassVar[str] = "council.body_depublished.v1"
    kind: ClassVar[str] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Fact):
    """Somebody is a member of the body from `since` on, with a vote or advisory. The name has the member's own key."""

    topic: ClassVar[str] = "council.member_joined.v1"
    kind: ClassVar[str] = "body"
    member: UUID
    group: Code | None
    voting: bool
    since: date
    name: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Fact):
    """Somebody is no longer a member of the body."""

    topic: ClassVar[str] = "council.member_left.v1"
    kind: ClassVar[str] = "body"
    member: UUID
    left_on: date
    reason: Sealed[str] | None = None


BodyFact = BodyEstablished | BodyAmended | BodyDissolved | BodyPublished | BodyDepublished | MemberJoined | MemberLeft
