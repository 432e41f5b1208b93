"""What can be asked for with the minutes (Niederschrift) of a meeting."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.council.vocabulary import Signatory
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMinutes(Command):
    """Niederschrift entwerfen: a protocol that is attached to the meeting is the draft. Signatures start anew."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    file: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMinutes(Command):
    """Niederschrift unterzeichnen. `sha512` is of the draft that the signatory has read."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    office: Signatory
    sha512: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMinutesObjection(Command):
    """Einwendung festhalten, in this meeting, against the signed minutes of an earlier one (`minutes_of`).

    The objection's id is uuid5 of the meeting and its version.
    """

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    minutes_of: UUID
    text: Sealed[str]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.minutes_of,)
