"""What an import hands over: one object of a source system, whole. It becomes the difference to what is recorded.

The objects follow OParl 1.1 (Paper, Meeting, Organization with what is embedded in them). `further` is whatever the
object says beyond these fields, as one JSON text. A command carries at most a thousand facts: `limit` bounds how many
parts are recorded at once, and the same command given again goes on with the rest.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.council.parts import AgendaItemData, BodyData, ConsultationData, FileData, MeetingData, PaperData
from domain.council.vocabulary import MeetingStatus
from domain.kernel import Command, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceObject:
    """What every object of a source says about itself."""

    source_id: str
    created: datetime | None = None
    modified: datetime | None = None
    web: str | None = None
    further: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePart(SourceObject):
    """An object inside another. `key` is its source id, or more than that where the source gives one id twice."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile(SourcePart):
    """A file of a paper, a meeting or an agenda item."""

    data: FileData
    name: Sealed[str] | None = None
    file_name: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConsultation(SourcePart):
    """A consultation of a paper."""

    data: ConsultationData


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAgendaItem(SourcePart):
    """An agenda item of a meeting."""

    data: AgendaItemData
    title: Sealed[str] | None = None
    resolution_text: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBody(Command):
    """Gremium übernehmen. Where `deleted` is set, only `source` counts."""

    kind: ClassVar[str] = "body"
    creates: ClassVar[bool] = True
    system: str
    source: SourceObject
    deleted: bool = False
    data: BodyData
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPaper(Command):
    """Vorlage übernehmen. Where `deleted` is set, only `source` counts."""

    kind: ClassVar[str] = "paper"
    creates: ClassVar[bool] = True
    system: str
    source: SourceObject
    deleted: bool = False
    reference: str | None = None
    data: PaperData
    title: Sealed[str] | None = None
    location: Sealed[str] | None = None
    consultations: tuple[SourceConsultation, ...] = ()
    files: tuple[SourceFile, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMeeting(Command):
    """Sitzung übernehmen, as it was: without the rules for meetings that are planned here.

    `status` is what the source says of the meeting's state. Where `deleted` is set, only `source` counts.
    """

    kind: ClassVar[str] = "meeting"
    creates: ClassVar[bool] = True
    system: str
    source: SourceObject
    deleted: bool = False
    data: MeetingData
    status: MeetingStatus = MeetingStatus.SCHEDULED
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    items: tuple[SourceAgendaItem, ...] = ()
    files: tuple[SourceFile, ...] = ()
    limit: int = 100
