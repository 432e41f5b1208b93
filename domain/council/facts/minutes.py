"""What happens to the minutes (Niederschrift) of a meeting: drafted, signed by two people, objected to."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.vocabulary import Signatory
from domain.kernel import Code, Fact, Sealed, Supervised, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDrafted(Fact):
    """A file of the meeting, with this hash, is the draft of its minutes; an earlier draft and its signatures are void.

    Whatever the meeting does afterwards, or a correction of it, voids the draft too: it is drafted and signed anew.
    `MinutesVoided` says so; a draft of version 1, which did not tell the day `drafted_on`, was void without a word.
    `objections` are those to earlier minutes that it carries.
    """

    topic: ClassVar[str] = "council.minutes_drafted.v2"
    kind: ClassVar[str] = "meeting"
    file: UUID
    sha512: Code
    objections: tuple[UUID, ...] = ()
    drafted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSigned(Fact):
    """The minutes with this hash were signed. With the second signature, by another person, they are unalterable.

    `other_signatory` signed before; without one this is the first signature. Each may have deputised for somebody.
    Version 1 did not tell the day, `signed_on`.
    """

    topic: ClassVar[str] = "council.minutes_signed.v2"
    kind: ClassVar[str] = "meeting"
    office: Signatory
    sha512: Code
    signatory: UUID
    deputising_for: UUID | None = None
    other_signatory: UUID | None = None
    other_deputising_for: UUID | None = None
    signed_on: date | None = None

    def supervised(self) -> Supervised | None:
        if self.other_signatory is None:
            return None
        deputised = (self.other_deputising_for,) if self.other_deputising_for else ()
        rules = ("council.two_signatures",)
        return Supervised(by=Supervision.FOUR_EYES, rules=rules, others=(self.other_signatory, *deputised))


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesVoided(Fact):
    """The draft with this hash and its signatures are void: another takes its place, or it does not tell all.

    What it does not tell, or the other draft, was recorded together with this. `signatories` are those who had signed
    it, `deputising_for` those in whose place they did.
    """

    topic: ClassVar[str] = "council.minutes_voided.v1"
    kind: ClassVar[str] = "meeting"
    file: UUID
    sha512: Code
    signatories: tuple[UUID, ...] = ()
    deputising_for: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesObjectionNoted(Fact):
    """In this meeting somebody objected to the signed minutes of an earlier one; its own minutes will say so."""

    topic: ClassVar[str] = "council.minutes_objection_noted.v1"
    kind: ClassVar[str] = "meeting"
    objection: UUID
    minutes_of: UUID
    text: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesObjected(Fact):
    """The signed minutes learn that they were objected to, and in which meeting; they stay as they are."""

    topic: ClassVar[str] = "council.minutes_objected.v1"
    kind: ClassVar[str] = "meeting"
    objection: UUID
    noted_in: UUID
