"""What happens to a meeting (Sitzung): its time, agenda and files. Its sitting and its minutes stand beside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from domain.council.facts.common import (
    MEETING_NUMBER,
    Corrected,
    Depublished,
    FileAttached,
    FileChanged,
    FileRemoved,
    slot,
    source_claims,
)
from domain.council.facts.minutes import (
    MinutesDrafted,
    MinutesObjected,
    MinutesObjectionNoted,
    MinutesSigned,
    MinutesVoided,
)
from domain.council.facts.sitting import (
    AttendanceChanged,
    AttendanceRecorded,
    ConflictOfInterestDeclared,
    TrackingReportGiven,
    VoteRecorded,
)
from domain.council.parts import AgendaItemData, AgendaPlace, MeetingData, Source
from domain.council.vocabulary import MeetingField, MeetingStatus, Outcome
from domain.kernel import Claim, Code, Fact, Number, Sealed, Supervised, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingScheduled(Fact):
    """A meeting (Sitzung) of one or more bodies was planned, on the day `scheduled_on`; version 1 did not tell it."""

    topic: ClassVar[str] = "council.meeting_scheduled.v2"
    kind: ClassVar[str] = "meeting"
    meeting_number: Number | None = None
    data: MeetingData
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None
    scheduled_on: date | None = None

    def claims(self) -> tuple[Claim, ...]:
        number = (Claim(MEETING_NUMBER, self.meeting_number),) if self.meeting_number else ()
        # An imported history is taken as it is; only what is planned here holds its slot.
        start = None if self.source else self.data.start
        slots = tuple(slot(body.record, start) for body in self.data.bodies) if start else ()
        return number + slots + source_claims(self.source)

    def number(self) -> str | None:
        return self.meeting_number


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRescheduled(Fact):
    """The meeting takes place at another time; an invitation that was sent no longer holds.

    That was said on the day `rescheduled_on`, which version 1 did not tell.
    """

    topic: ClassVar[str] = "council.meeting_rescheduled.v2"
    kind: ClassVar[str] = "meeting"
    body: UUID
    old_start: datetime
    start: datetime
    end: datetime | None
    reason: Sealed[str]
    rescheduled_on: date | None = None

    def claims(self) -> tuple[Claim, ...]:
        return (slot(self.body, self.start),)

    def releases(self) -> tuple[Claim, ...]:
        return (slot(self.body, self.old_start),)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAmended(Fact):
    """The source has other particulars of the meeting; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.meeting_amended.v1"
    kind: ClassVar[str] = "meeting"
    changed: tuple[Code, ...]
    data: MeetingData
    status: MeetingStatus | None = None
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingInvited(Fact):
    """`notice_days` counts from the invitation to the day of the meeting; both are unknown where a source is silent."""

    topic: ClassVar[str] = "council.meeting_invited.v1"
    kind: ClassVar[str] = "meeting"
    invited_on: date | None = None
    notice_days: int | None = None
    shortened_notice_reason: Sealed[str] | None = None

    def supervised(self) -> Supervised | None:
        if self.shortened_notice_reason is None:
            return None
        reason = self.shortened_notice_reason
        return Supervised(by=Supervision.OVERRIDE, rules=("council.notice_too_short",), reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationBecameLate(Fact):
    """The last day on which members could be invited in time, `last_day`, passed without an invitation."""

    topic: ClassVar[str] = "council.invitation_became_late.v1"
    kind: ClassVar[str] = "meeting"
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHeld(Fact):
    """The meeting was opened and took place."""

    topic: ClassVar[str] = "council.meeting_held.v1"
    kind: ClassVar[str] = "meeting"
    held_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled(Fact):
    """`body` and `start` name the slot that is given up; a meeting that was imported held none."""

    topic: ClassVar[str] = "council.meeting_cancelled.v1"
    kind: ClassVar[str] = "meeting"
    body: UUID | None = None
    start: datetime | None = None
    reason: Sealed[str] | None = None

    def releases(self) -> tuple[Claim, ...]:
        return (slot(self.body, self.start),) if self.body and self.start else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemAdded(Fact):
    """`urgency` is why an item joins an agenda that was already sent out.

    `decides_again` is the resolution that was objected to and that the body is to decide again in this item.
    Version 1 did not tell the day, `added_on`; nor does a source.
    """

    topic: ClassVar[str] = "council.agenda_item_added.v2"
    kind: ClassVar[str] = "meeting"
    item: UUID
    data: AgendaItemData
    title: Sealed[str] | None = None
    resolution_text: Sealed[str] | None = None
    urgency: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None
    decides_again: UUID | None = None
    added_on: date | None = None

    def supervised(self) -> Supervised | None:
        if self.urgency is None:
            return None
        return Supervised(by=Supervision.OVERRIDE, rules=("council.urgency_missing",), reason=self.urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemMoved(Fact):
    """An item has another number or order on the agenda."""

    topic: ClassVar[str] = "council.agenda_item_moved.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    old: AgendaPlace
    new: AgendaPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemChanged(Fact):
    """The source has other particulars of an item; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.agenda_item_changed.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    changed: tuple[Code, ...]
    data: AgendaItemData
    title: Sealed[str] | None = None
    resolution_text: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemRemoved(Fact):
    """An item was taken off the agenda (Absetzung)."""

    topic: ClassVar[str] = "council.agenda_item_removed.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicExcluded(Fact):
    """The public was excluded from an item (Ausschluss der Öffentlichkeit)."""

    topic: ClassVar[str] = "council.public_excluded.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemDecided(Fact):
    """`resolution` is the record of the resolution (Beschluss), where one was adopted."""

    topic: ClassVar[str] = "council.agenda_item_decided.v1"
    kind: ClassVar[str] = "meeting"
    item: UUID
    outcome: Outcome
    resolution: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFileAttached(FileAttached):
    """A file was added to the meeting or to one of its items."""

    topic: ClassVar[str] = "council.meeting_file_attached.v1"
    kind: ClassVar[str] = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFileChanged(FileChanged):
    """A file of the meeting is now otherwise; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.meeting_file_changed.v1"
    kind: ClassVar[str] = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFileRemoved(FileRemoved):
    """A file no longer belongs to the meeting."""

    topic: ClassVar[str] = "council.meeting_file_removed.v1"
    kind: ClassVar[str] = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPublished(Fact):
    """The meeting stands in the public information system."""

    topic: ClassVar[str] = "council.meeting_published.v1"
    kind: ClassVar[str] = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDepublished(Depublished):
    """The meeting no longer stands in the public information system; a tombstone stays."""

    topic: ClassVar[str] = "council.meeting_depublished.v1"
    kind: ClassVar[str] = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCorrected(Corrected):
    """What was recorded of the meeting was put right; both values stay in the history."""

    topic: ClassVar[str] = "council.meeting_corrected.v1"
    kind: ClassVar[str] = "meeting"
    field: MeetingField


MeetingFact = (
    MeetingScheduled
    | MeetingRescheduled
    | MeetingAmended
    | MeetingInvited
    | InvitationBecameLate
    | MeetingHeld
    | MeetingCancelled
    | AgendaItemAdded
    | AgendaItemMoved
    | AgendaItemChanged
    | AgendaItemRemoved
    | PublicExcluded
    | AttendanceRecorded
    | AttendanceChanged
    | ConflictOfInterestDeclared
    | VoteRecorded
    | AgendaItemDecided
    | TrackingReportGiven
    | MinutesDrafted
    | MinutesSigned
    | MinutesVoided
    | MinutesObjectionNoted
    | MinutesObjected
    | MeetingFileAttached
    | MeetingFileChanged
    | MeetingFileRemoved
    | MeetingPublished
    | MeetingDepublished
    | MeetingCorrected
)

TOLD_IN_MINUTES: Final[tuple[type[Fact], ...]] = (
    AgendaItemAdded,
    AgendaItemMoved,
    AgendaItemRemoved,
    PublicExcluded,
    AttendanceRecorded,
    AttendanceChanged,
    ConflictOfInterestDeclared,
    VoteRecorded,
    AgendaItemDecided,
    TrackingReportGiven,
    MinutesObjectionNoted,
    MeetingCorrected,
)
"""What minutes tell of a meeting: a draft from before one of these does not, so `MinutesVoided` goes with it."""
