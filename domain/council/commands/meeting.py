"""What can be asked for with a meeting (Sitzung): its time, agenda and files."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.council.state import MeetingState
from domain.council.vocabulary import FileRole, MeetingField
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMeeting(Command):
    """Sitzung anlegen. `number` is the meeting's own number, such as RAT/2026/03."""

    kind: ClassVar[str] = "meeting"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    number: str
    body: UUID
    start: datetime
    end: datetime | None = None
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.body,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleMeeting(Command):
    """Sitzung verlegen. Those who were invited must be invited again."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    start: datetime
    end: datetime | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToMeeting(Command):
    """Zur Sitzung einladen, with the agenda. A notice of less than seven days needs a reason (Dringlichkeit).

    So does one of an earlier day that is recorded in those seven days, or after the invitation was found late.
    """

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    shortened_notice_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLateInvitation(Command):
    """Verspätete Einladung feststellen, as soon as the last day for it has passed. Sent by the calendar."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMeeting(Command):
    """Sitzung eröffnen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMeeting(Command):
    """Sitzung absagen. Its papers are off the agenda again."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return state.papers if isinstance(state, MeetingState) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAgendaItem(Command):
    """Tagesordnungspunkt aufnehmen. The item's id is uuid5 of the meeting and its version.

    An item without a paper needs a `title`; an item that joins an agenda already sent out needs its `urgency`.
    One in which the body is to decide again on a resolution that the mayor objected to names it: `decides_again`.
    """

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    number: str
    order: int
    title: Sealed[str] | None = None
    public: bool = False
    paper: UUID | None = None
    urgency: Sealed[str] | None = None
    decides_again: UUID | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        return tuple(record for record in (self.paper, self.decides_again) if record)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAgendaItem(Command):
    """Tagesordnungspunkt verschieben."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    number: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAgendaItem(Command):
    """Tagesordnungspunkt absetzen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    reason: Sealed[str]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return state.paper_of(self.item) if isinstance(state, MeetingState) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludePublic(Command):
    """Öffentlichkeit ausschließen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    item: UUID
    ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachMeetingFile(Command):
    """Datei beifügen, to the meeting or to one of its items. The file's id is uuid5 of the meeting and its version."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    role: FileRole
    name: Sealed[str]
    file_name: Sealed[str]
    mime_type: str
    size: int
    sha512: str
    public: bool = False
    item: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMeetingFile(Command):
    """Datei entfernen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    file: UUID
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMeeting(Command):
    """Sitzung veröffentlichen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class DepublishMeeting(Command):
    """Sitzung depublizieren: a tombstone stays."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMeeting(Command):
    """Sitzung berichtigen. Name and location are given as `new_sealed`, the end as `new`, an ISO time."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = CLERKS
    field: MeetingField
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
