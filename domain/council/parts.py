"""What several facts are made of: the clear contents of a record, references to other records, and the source."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.council.vocabulary import BodyType, ConsultationRole, FileRole, Outcome, PaperType
from domain.kernel import Code, Number


def imported_id(source_id: str) -> UUID:
    """The id of the record that stands for an object of a source system: uuid5 of its address.

    So a reference to an object that has not been imported points at the right record on the day it is.
    """
    return uuid5(NAMESPACE_URL, source_id)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another record (Verweis). With a `source_id` it is as the source gave it, and the record may not be here."""

    record: UUID
    source_id: Number | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A keyed hash of a sealed text, so that the next import can tell whether the text changed at the source."""

    field: Code
    value: Code


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported record or part comes from: the system's name, the object's own id there, and its times.

    `body` is the corporation (Körperschaft) whose object it is, by its id there.
    """

    system: Code
    source_id: Number
    created: datetime | None = None
    modified: datetime | None = None
    web: Number | None = None
    body: Number | None = None
    digests: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyData:
    """A body's clear contents (Gremium).

    `seats` is the number of members with a vote; the `source_…` are the source's words.
    """

    body_type: BodyType
    short_name: Number | None = None
    seats: int | None = None
    parent: Reference | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    website: Number | None = None
    source_type: Code | None = None
    source_classification: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperData:
    """A paper's clear contents (Vorlage). `public` tells whether it may be published at all."""

    paper_type: PaperType
    public: bool = False
    dated: date | None = None
    lead_unit: Code | None = None
    originators: tuple[Reference, ...] = ()
    under_direction_of: tuple[Reference, ...] = ()
    related: tuple[Reference, ...] = ()
    superordinated: tuple[Reference, ...] = ()
    subordinated: tuple[Reference, ...] = ()
    source_type: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationData:
    """A consultation's contents (Beratung); `meeting` and `item` once it stands on an agenda."""

    bodies: tuple[Reference, ...]
    role: ConsultationRole
    authoritative: bool = False
    meeting: Reference | None = None
    item: Reference | None = None
    source_role: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileData:
    """A file's clear contents (Datei); `item` is the agenda item it belongs to, `size` is in bytes."""

    role: FileRole
    public: bool = False
    item: UUID | None = None
    mime_type: Code | None = None
    size: int | None = None
    sha1: Code | None = None
    sha512: Code | None = None
    dated: date | None = None
    access_url: Number | None = None
    download_url: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingData:
    """A meeting's clear contents (Sitzung).

    `seats` is how many members with a vote its body has, as far as is known.
    """

    bodies: tuple[Reference, ...]
    start: datetime | None = None
    end: datetime | None = None
    seats: int | None = None
    source_state: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemData:
    """An agenda item's clear contents (Tagesordnungspunkt).

    `order` sorts the agenda, `number` is what is printed. Default non-public.
    """

    number: Number | None
    order: int
    public: bool = False
    paper: Reference | None = None
    consultation: Reference | None = None
    outcome: Outcome | None = None
    start: datetime | None = None
    end: datetime | None = None
    source_result: Code | None = None


@dataclass(frozen=True, slots=True)
class AgendaPlace:
    """Where an item stands on the agenda."""

    number: Number | None
    order: int


@dataclass(frozen=True, slots=True)
class Attending:
    """A member in the room: with a vote or advisory (beratend), and of which group (Fraktion)."""

    member: UUID
    voting: bool
    group: Code | None = None


@dataclass(frozen=True, slots=True)
class GroupVote:
    """How one group (Fraktion) of the body voted; the group by its short name."""

    group: Code
    yes: int
    no: int
    abstain: int
