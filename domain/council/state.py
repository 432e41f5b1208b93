"""What the rules know of a body, a paper, a meeting and a resolution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from domain.council.parts import (
    AgendaItemData,
    Attending,
    BodyData,
    ConsultationData,
    FileData,
    MeetingData,
    PaperData,
    Source,
)
from domain.council.vocabulary import MeetingStatus, PaperStatus, Publication, Signatory, TrackingStatus
from domain.kernel import Sealed, day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """A file of a paper or a meeting."""

    id: UUID
    data: FileData
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That somebody is a member of a body: from the day `since` on and, once they have left, to the day `until`."""

    of: Attending
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether they are a member on that day; the day they leave is their last."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyState:
    """A body (Gremium). `memberships` are all there were, in the order of their recording."""

    code: str | None
    data: BodyData
    source: Source | None
    dissolved_on: date | None = None
    memberships: tuple[Membership, ...] = ()
    publication: Publication = Publication.UNPUBLISHED

    def last_membership(self, member: UUID) -> Membership | None:
        """The membership of this person that was recorded last."""
        return next((known for known in reversed(self.memberships) if known.of.member == member), None)

    def members_on(self, day: date) -> tuple[Attending, ...]:
        """The members on that day, each as they joined last."""
        found = {known.of.member: known.of for known in self.memberships if known.holds_on(day)}
        return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationState:
    """A consultation of a paper; `decided` once its body has made something of the paper.

    `dealt_with_on` is the day of the last meeting that decided, postponed or referred the paper, where it is known.
    """

    id: UUID
    data: ConsultationData
    source: Source | None
    order: int | None = None
    decided: bool = False
    dealt_with_on: date | None = None

    def comes_before(self, other: ConsultationState) -> bool:
        """Whether its body is to have consulted before the other's decides."""
        return self.order is not None and other.order is not None and self.order < other.order

    def is_for(self, bodies: frozenset[UUID]) -> bool:
        """Whether one of these bodies is to consult, and the paper is not yet on an agenda for it."""
        waiting = not self.decided and self.data.meeting is None
        return waiting and any(body.record in bodies for body in self.data.bodies)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperState:
    """A paper (Vorlage) with its consultations and files.

    `drafters` are who drafted it or changed it since, and in whose place. `begun_on` is the day of its draft, `since`
    the latest on which something is known to have been made of it.
    """

    reference: str | None
    status: PaperStatus
    data: PaperData
    title: Sealed[str] | None
    source: Source | None
    drafters: tuple[UUID, ...] = ()
    co_signed_by: tuple[str, ...] = ()
    consultations: tuple[ConsultationState, ...] = ()
    files: tuple[FileState, ...] = ()
    publication: Publication = Publication.UNPUBLISHED
    released: bool = False
    released_on: date | None = None
    begun_on: date | None = None
    since: date | None = None

    @property
    def on_agendas(self) -> tuple[UUID, ...]:
        """The meetings that are yet to consult on it, each once."""
        meetings = (known.data.meeting for known in self.consultations if not known.decided)
        return tuple(dict.fromkeys(meeting.record for meeting in meetings if meeting))

    def consultation(self, consultation: UUID) -> ConsultationState | None:
        """The consultation with this id."""
        return next((known for known in self.consultations if known.id == consultation), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """An agenda item; `yes` and `no` are None until a vote is recorded. Who is `biased` takes no part in it.

    `decides_again` is the resolution that was objected to and is to be decided again in it. `added_on` is the day on
    which it joined the agenda, where that is known.
    """

    id: UUID
    data: AgendaItemData
    source: Source | None
    yes: int | None = None
    no: int | None = None
    biased: frozenset[UUID] = frozenset()
    decides_again: UUID | None = None
    added_on: date | None = None

    @property
    def decided(self) -> bool:
        """Whether its outcome is known."""
        return self.data.outcome is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureState:
    """A signature under minutes: in which office, by whom, and in whose place."""

    office: Signatory
    signatory: UUID
    deputising_for: UUID | None = None

    @property
    def persons(self) -> tuple[UUID, ...]:
        """Who signed, and in whose place."""
        return (self.signatory,) if self.deputising_for is None else (self.signatory, self.deputising_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesState:
    """The minutes (Niederschrift): the file that is their draft, its hash, and the signatures under that.

    `since` is the day of the draft, or of the last signature; None for a draft whose day is not known.
    """

    file: UUID
    sha512: str
    since: date | None = None
    signatures: tuple[SignatureState, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingState:
    """A meeting (Sitzung) with its agenda, attendance, minutes and files.

    `objections` are those to earlier minutes that were noted in it; `late` tells that its invitation is known to be.
    `begun_on` is the day on which it was scheduled, where that is known.
    `since` is the latest day on which something is known to have been made of it: that of its planning, of the last
    invitation or, once it is held, its own.
    """

    number: str | None
    status: MeetingStatus
    data: MeetingData
    name: Sealed[str] | None
    location: Sealed[str] | None
    source: Source | None
    items: tuple[ItemState, ...] = ()
    files: tuple[FileState, ...] = ()
    late: bool = False
    begun_on: date | None = None
    since: date | None = None
    voting_members: int | None = None
    attending: tuple[Attending, ...] = ()
    objections: tuple[UUID, ...] = ()
    minutes: MinutesState | None = None
    publication: Publication = Publication.UNPUBLISHED

    @property
    def day(self) -> date | None:
        """The calendar day in Berlin on which it is held."""
        return day_of(self.data.start) if self.data.start else None

    def attends(self, member: UUID) -> bool:
        """Whether this member is in the room."""
        return any(known.member == member for known in self.attending)

    @property
    def bodies(self) -> frozenset[UUID]:
        """The bodies that meet."""
        return frozenset(body.record for body in self.data.bodies)

    @property
    def papers(self) -> tuple[UUID, ...]:
        """The papers on the agenda, each once."""
        return tuple(dict.fromkeys(item.data.paper.record for item in self.items if item.data.paper))

    def item(self, item: UUID) -> ItemState | None:
        """The agenda item with this id."""
        return next((known for known in self.items if known.id == item), None)

    def paper_of(self, item: UUID) -> tuple[UUID, ...]:
        """The item's paper, if it has one."""
        known = self.item(item)
        return (known.data.paper.record,) if known and known.data.paper else ()

    def resolution_of(self, item: UUID) -> tuple[UUID, ...]:
        """The id of the record for the resolution that the item may lead to."""
        return (uuid5(item, "resolution"),) if self.item(item) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionState:
    """A resolution (Beschluss) and how far it is implemented.

    While it is suspended, `resumes_as` is where it stood, and `upheld` tells that the body stays with it. `overdue`
    tells that the day until which it was due is known to have passed. `decided_in` are the items in which it was
    decided again. `since` is the latest day on which something is known to have been made of it: its adoption, work on
    it, an objection or a decision on one.
    """

    number: str
    bodies: frozenset[UUID]
    status: TrackingStatus
    adopted_on: date
    since: date
    unit: str | None = None
    due: date | None = None
    overdue: bool = False
    objected_on: date | None = None
    resumes_as: TrackingStatus | None = None
    upheld: bool = False
    decided_in: frozenset[UUID] = frozenset()


State = BodyState | PaperState | MeetingState | ResolutionState
