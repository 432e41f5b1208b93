"""What an import hands over: one object of a source system, whole. It becomes the difference to what is recorded.

The objects follow OParl 1.1 (Paper, Meeting, Organization with what is embedded in them). `further` is whatever an
object says beyond these fields, as one JSON text. A command carries at most a thousand facts: `limit` bounds how many
parts are recorded at once; updating again goes on with the rest. They come by the channel IMPORT alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.council.parts import AgendaItemData, BodyData, ConsultationData, FileData, MeetingData, PaperData
from domain.council.vocabulary import MeetingStatus
from domain.kernel import Command, Sealed
from domain.rights import NOBODY, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceObject:
    """What every object of a source says about itself. Of a deleted one nothing else counts."""

    source_id: str
    created: datetime | None = None
    modified: datetime | None = None
    web: str | None = None
    body: str | None = None
    deleted: bool = False
    further: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePart(SourceObject):
    """An object inside another. `key` is its source id, or more than that where the source gives one id twice."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile(SourcePart):
    """A file of a paper, a meeting or an agenda item (Datei)."""

    data: FileData
    name: Sealed[str] | None = None
    file_name: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConsultation(SourcePart):
    """A consultation of a paper (Beratung)."""

    data: ConsultationData


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAgendaItem(SourcePart):
    """An agenda item of a meeting (Tagesordnungspunkt)."""

    data: AgendaItemData
    title: Sealed[str] | None = None
    resolution_text: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBody(SourceObject):
    """A body as its source has it (Gremium)."""

    data: BodyData
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePaper(SourceObject):
    """A paper as its source has it (Vorlage), with its consultations and files."""

    reference: str | None = None
    data: PaperData
    title: Sealed[str] | None = None
    location: Sealed[str] | None = None
    consultations: tuple[SourceConsultation, ...] = ()
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMeeting(SourceObject):
    """A meeting as its source has it (Sitzung), with its agenda and files.

    `status` is what the source says of its state.
    """

    data: MeetingData
    status: MeetingStatus = MeetingStatus.SCHEDULED
    name: Sealed[str] | None = None
    location: Sealed[str] | None = None
    items: tuple[SourceAgendaItem, ...] = ()
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBody(Command):
    """Gremium übernehmen."""

    kind: ClassVar[str] = "body"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    body: SourceBody


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateImportedBody(Command):
    """Übernommenes Gremium nachführen."""

    kind: ClassVar[str] = "body"
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    body: SourceBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPaper(Command):
    """Vorlage übernehmen."""

    kind: ClassVar[str] = "paper"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    paper: SourcePaper
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateImportedPaper(Command):
    """Übernommene Vorlage nachführen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    paper: SourcePaper
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateImportedConsultation(Command):
    """Eine Beratung einer übernommenen Vorlage nachführen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    consultation: SourceConsultation


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMeeting(Command):
    """Sitzung übernehmen, as it was: without the rules for meetings that are planned here."""

    kind: ClassVar[str] = "meeting"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    meeting: SourceMeeting
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateImportedMeeting(Command):
    """Übernommene Sitzung nachführen."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    meeting: SourceMeeting
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateImportedAgendaItem(Command):
    """Einen Tagesordnungspunkt einer übernommenen Sitzung nachführen, with its files."""

    kind: ClassVar[str] = "meeting"
    asked_by: ClassVar[Roles] = NOBODY
    system: str
    item: SourceAgendaItem
    files: tuple[SourceFile, ...] = ()
