"""What happens while a body sits: who is in the room, who is biased, how they vote, what is reported to them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.council.parts import Attending, GroupVote
from domain.kernel import Fact, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRecorded(Fact):
    """Who is in the room from now on, and how many of them have a vote.

    `members` is empty where only the number was recorded, as version 1 did.
    """

    topic: ClassVar[str] = "council.attendance_recorded.v2"
    kind: ClassVar[str] = "meeting"
    voting_members: int
    members: tuple[Attending, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceChanged(Fact):
    """A member came or went before this item; `voting_members` are in the room from then on."""

    topic: ClassVar[str] = "council.attendance_changed.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    member: Attending
    present: bool
    voting_members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictOfInterestDeclared(Fact):
    """A member takes no part in an item (Befangenheit). The ground has the member's own key."""

    topic: ClassVar[str] = "council.conflict_of_interest_declared.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    member: UUID
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRecorded(Fact):
    """`voting_members` attended, of whom `biased` were excluded from the vote.

    `correction_reason` is why this count stands instead of a former one.
    """

    topic: ClassVar[str] = "council.vote_recorded.v2"
    kind: ClassVar[str] = "meeting"
    item: UUID
    voting_members: int
    yes: int
    no: int
    abstain: int
    biased: int
    by_group: tuple[GroupVote, ...] = ()
    correction_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingReportGiven(Fact):
    """The body was told how far its resolutions are: of the `open` ones, and for the last time of the `finished`."""

    topic: ClassVar[str] = "council.tracking_report_given.v1"
    kind: ClassVar[str] = "meeting"
    open: tuple[UUID, ...]
    finished: tuple[UUID, ...]
