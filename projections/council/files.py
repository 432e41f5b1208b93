"""The register of files that papers, meetings and agenda items have."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.council import facts
from domain.council.facts.common import FileAttached, FileChanged, FileRemoved
from domain.council.parts import FileData
from domain.council.vocabulary import FileRole
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.values import begun, given, of_source
from projections.model import Projection, column, follow
from projections.rights import STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilFileRow:
    """One file (Datei) of a paper or a meeting. Its bytes are not here; their hash is, where it is known."""

    record_id: UUID = column("The paper or meeting.", "Die Vorlage oder Sitzung.", filterable=True)
    file_id: UUID = column("The file.", "Die Datei.", filterable=True)
    kind: Code = column(
        "What it belongs to: paper or meeting.", "Wozu sie gehört: paper oder meeting.", filterable=True
    )
    item_id: UUID | None = column("The agenda item.", "Der Tagesordnungspunkt.", filterable=True)
    role: FileRole = column("What it is there.", "Was sie dort ist.", filterable=True)
    public: bool = column("Whether it may be published.", "Ob sie öffentlich ist.", filterable=True)
    name: Sealed[str] | None = column("Its title.", "Die Bezeichnung.")
    file_name: Sealed[str] | None = column("Its file name.", "Der Dateiname.")
    mime_type: Code | None = column("The media type.", "Der Medientyp.", filterable=True)
    size: int | None = column("The size in bytes.", "Die Größe in Bytes.", sortable=True)
    sha1: Code | None = column("A SHA-1 that the source gives.", "Die SHA-1-Prüfsumme der Quelle.")
    sha512: Code | None = column("The SHA-512 of its bytes.", "Die SHA-512-Prüfsumme.", filterable=True)
    dated: date | None = column("Its date.", "Das Datum.", filterable=True, sortable=True)
    access_url: Number | None = column("Where it is read.", "Die Adresse zum Lesen.")
    download_url: Number | None = column("Where it is downloaded.", "Die Adresse zum Herunterladen.")
    source: Code | None = column(
        "The system it was imported from.", "Das Herkunftssystem.", filterable=True, default=None
    )
    source_id: Number | None = column("Its id there.", "Die Kennung dort.", filterable=True, default=None)
    source_modified: datetime | None = column(
        "When the source last changed it.", "Letzte Änderung in der Quelle.", default=None
    )
    version: int = column("The record's version at its last event.", "Version des Datensatzes beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column(
        "When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True, sortable=True
    )
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, UUID] | None:
    """The record and the file that an event is about."""
    match event.fact:
        case FileAttached() | FileChanged() | FileRemoved() as fact:
            return (event.record_id, fact.file)
    return None


def fold(row: CouncilFileRow | None, event: Recorded) -> CouncilFileRow | None:
    """The file after an event."""
    match event.fact:
        case FileAttached() as fact:
            return CouncilFileRow(
                record_id=event.record_id,
                file_id=fact.file,
                kind=fact.kind,
                name=fact.name,
                file_name=fact.file_name,
                **_contents(fact.data),
                **of_source(fact.source),
                **begun(event),
            )
        case FileChanged() as fact if row:
            texts = given(fact.changed, name=fact.name, file_name=fact.file_name)
            return follow(row, event, **texts, **_contents(fact.data), **of_source(fact.source))
        case FileRemoved():
            return None
    return row


def _contents(data: FileData) -> dict[str, Any]:
    return {
        "item_id": data.item,
        "role": data.role,
        "public": data.public,
        "mime_type": data.mime_type,
        "size": data.size,
        "sha1": data.sha1,
        "sha512": data.sha512,
        "dated": data.dated,
        "access_url": data.access_url,
        "download_url": data.download_url,
    }


PROJECTION = Projection(
    name="council_file",
    singular="CouncilFile",
    plural="councilFiles",
    comment=Message("The files of papers and meetings.", "Die Dateien der Vorlagen und Sitzungen."),
    row=CouncilFileRow,
    readers=STAFF,
    key=("record_id", "file_id"),
    facts=(
        facts.PaperFileAttached,
        facts.PaperFileChanged,
        facts.PaperFileRemoved,
        facts.MeetingFileAttached,
        facts.MeetingFileChanged,
        facts.MeetingFileRemoved,
    ),
    key_of=key_of,
    fold=fold,
    order=("record_id", "file_id"),
    indexes=(("item_id",), ("dated",)),
)
