"""Reports for the public: published records, with what of them is public, and tombstones of what was depublished."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.council.vocabulary import FileRole, MeetingStatus, Outcome, PaperStatus, PaperType, Publication
from domain.kernel import Code, Message, Number, Sealed
from projections.model import Chart, Report, column
from projections.rights import PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPaperRow:
    """One public paper; of a depublished one nothing is told but its reference."""

    paper_id: UUID = column("The paper.", "Die Vorlage.", filterable=True)
    reference: Number | None = column("Its reference.", "Die Drucksachennummer.", filterable=True, sortable=True)
    publication: Publication = column("Whether it is published.", "Ob sie veröffentlicht ist.", filterable=True)
    title: Sealed[str] | None = column("What it is about.", "Der Betreff.")
    paper_type: PaperType | None = column("What it asks for.", "Die Art.", filterable=True)
    status: PaperStatus | None = column("Where it stands.", "Bearbeitungsstand.", filterable=True)
    dated: date | None = column("Its date.", "Das Datum.", filterable=True, sortable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMeetingRow:
    """One public meeting; of a depublished one nothing is told but its number."""

    meeting_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    meeting_number: Number | None = column("Its number.", "Die Sitzungsnummer.", filterable=True, sortable=True)
    publication: Publication = column("Whether it is published.", "Ob sie veröffentlicht ist.", filterable=True)
    name: Sealed[str] | None = column("Its name.", "Die Bezeichnung.")
    location: Sealed[str] | None = column("Where it is held.", "Der Ort.")
    status: MeetingStatus | None = column("Where it stands.", "Der Stand.", filterable=True)
    starts_at: datetime | None = column("When it starts.", "Der Beginn.", filterable=True, sortable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAgendaItemRow:
    """One public item of a published meeting, with its vote, its outcome and its public resolution."""

    meeting_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    item_id: UUID = column("The item.", "Der Punkt.", filterable=True)
    number: Number | None = column("The number that is printed.", "Die gedruckte Nummer.", filterable=True)
    sequence: int = column("Its place on the agenda.", "Der Platz auf der Tagesordnung.", sortable=True)
    title: Sealed[str] | None = column("What it is about.", "Der Betreff.")
    paper_id: UUID | None = column("Its paper, where that is public.", "Die öffentliche Vorlage.", filterable=True)
    yes: int | None = column("Votes for it.", "Ja-Stimmen.")
    no: int | None = column("Votes against it.", "Nein-Stimmen.")
    abstain: int | None = column("Abstentions.", "Enthaltungen.")
    outcome: Outcome | None = column("What came of it.", "Das Ergebnis.", filterable=True)
    resolution_number: Number | None = column("The resolution.", "Die Beschlussnummer.", filterable=True)
    resolution_text: Sealed[str] | None = column("Its text.", "Der Wortlaut.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFileRow:
    """One public file of what is public."""

    record_id: UUID = column("The paper or meeting.", "Die Vorlage oder Sitzung.", filterable=True)
    file_id: UUID = column("The file.", "Die Datei.", filterable=True)
    item_id: UUID | None = column("The agenda item.", "Der Tagesordnungspunkt.", filterable=True)
    role: FileRole = column("What it is there.", "Was sie dort ist.", filterable=True)
    name: Sealed[str] | None = column("Its title.", "Die Bezeichnung.")
    file_name: Sealed[str] | None = column("Its file name.", "Der Dateiname.")
    mime_type: Code | None = column("The media type.", "Der Medientyp.", filterable=True)
    size: int | None = column("The size in bytes.", "Die Größe in Bytes.")
    sha512: Code | None = column("The SHA-512 of its bytes.", "Die SHA-512-Prüfsumme.", filterable=True)
    access_url: Number | None = column("Where it is read.", "Die Adresse zum Lesen.")


PAPERS = Report(
    name="public_paper",
    plural="publicPapers",
    comment=Message("Papers for everybody.", "Öffentliche Vorlagen."),
    row=PublicPaperRow,
    readers=PUBLISHED,
    reads=("paper",),
    order=("paper_id",),
    chart=Chart(x="paper_type", by="publication"),
)
MEETINGS = Report(
    name="public_meeting",
    plural="publicMeetings",
    comment=Message("Meetings for everybody.", "Öffentliche Sitzungen."),
    row=PublicMeetingRow,
    readers=PUBLISHED,
    reads=("meeting",),
    order=("meeting_id",),
    chart=Chart(x="status", by="publication"),
)
AGENDA = Report(
    name="public_agenda_item",
    plural="publicAgendaItems",
    comment=Message("Public items of public meetings.", "Öffentliche Tagesordnungspunkte."),
    row=PublicAgendaItemRow,
    readers=PUBLISHED,
    reads=("agenda_item", "meeting", "paper", "resolution"),
    order=("meeting_id", "sequence", "item_id"),
    chart=Chart(x="outcome"),
)
FILES = Report(
    name="public_file",
    plural="publicFiles",
    comment=Message("Public files of what is public.", "Öffentliche Dateien."),
    row=PublicFileRow,
    readers=PUBLISHED,
    reads=("council_file", "agenda_item", "meeting", "paper"),
    order=("record_id", "file_id"),
    chart=Chart(x="role"),
)
REPORTS = (PAPERS, MEETINGS, AGENDA, FILES)
