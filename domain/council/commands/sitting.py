"""What can be asked for while a body sits: attendance, conflicts of interest, votes, outcomes, the tracking report."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.council.parts import GroupVote
from domain.council.state import MeetingState
from domain.council.vocabulary import Outcome
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance(Command):
    """Anwesenheit feststellen: which members of the body are in the room from now on."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    members: tuple[UUID, ...]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return tuple(state.bodies) if isinstance(state, MeetingState) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAttendance(Command):
    """Kommen und Gehen festhalten: from this item on a member is in the room, or no longer."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    member: UUID
    present: bool

    def reads(self, state: object) -> tuple[UUID, ...]:
        return tuple(state.bodies) if isinstance(state, MeetingState) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareConflictOfInterest(Command):
    """Befangenheit festhalten: a member takes no part in an item."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    member: UUID
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVote(Command):
    """Abstimmung festhalten. Who declared a conflict of interest takes no part.

    A new count replaces the former, with the reason for it as `correction_reason`.
    """

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    yes: int
    no: int
    abstain: int = 0
    by_group: tuple[GroupVote, ...] = ()
    correction_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAgendaItem(Command):
    """Ergebnis feststellen. An adopted item needs the resolution's `text`; its paper learns what was decided.

    The resolution is a record of its own, with the number of the meeting and the item, and an id of the item's.
    A paper that is `referred_to` another body comes back to this one; without a body it goes on along its sequence.
    """

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    outcome: Outcome
    text: Sealed[str] | None = None
    referred_to: UUID | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        if not isinstance(state, MeetingState):
            return ()
        resolution = state.resolution_of(self.item) if self.outcome.adopts else ()
        referred = (self.referred_to,) if self.referred_to else ()
        return state.paper_of(self.item) + resolution + referred


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveTrackingReport(Command):
    """Beschlusskontrolle berichten, on these resolutions of the body: on those that are finished for the last time."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    resolutions: tuple[UUID, ...]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return self.resolutions
