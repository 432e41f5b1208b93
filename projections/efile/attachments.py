"""The register of attachments: one row per attachment of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.efile import facts
from domain.kernel import Code, Message, Recorded, Sealed
from projections.efile.cases import PROJECTION as CASES
from projections.model import Projection, column
from projections.rights import within


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """Something that goes with a document (Anlage)."""

    document_id: UUID = column("The document it goes with.", "Das Dokument, zu dem sie gehört.", filterable=True)
    no: int = column("Its number with the document.", "Ihre Nummer beim Dokument.", sortable=True)
    record_id: UUID = column("The case it is in.", "Der Vorgang, in dem sie liegt.", filterable=True)
    document_version: int = column(
        "The document's latest version at that time.", "Die damals neueste Fassung des Dokuments."
    )
    title: Sealed[str] = column("Its title.", "Ihr Titel.")
    filename: Sealed[str] = column("The file's name.", "Der Dateiname.")
    mime: Code = column("The media type.", "Der Medientyp.", filterable=True)
    size: int = column("The size in bytes.", "Die Größe in Bytes.", sortable=True)
    sha256: Code = column("The hash of the content.", "Der Hash des Inhalts.", filterable=True)
    position: int = column("Its event.", "Ihr Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was added.", "Wann sie beigefügt wurde.", filterable=True)


def key_of(event: Recorded) -> tuple[UUID, int] | None:
    """The document and the number of the attachment."""
    fact = event.fact
    return (fact.document_id, fact.no) if isinstance(fact, facts.AttachmentAdded) else None


def fold(row: AttachmentRow | None, event: Recorded) -> AttachmentRow | None:
    """The attachment that an event brings."""
    match event.fact:
        case facts.AttachmentAdded() as fact:
            return AttachmentRow(
                document_id=fact.document_id,
                no=fact.no,
                record_id=event.record_id,
                document_version=fact.version,
                title=fact.title,
                filename=fact.filename,
                mime=fact.mime,
                size=fact.size,
                sha256=fact.sha256,
                position=event.position,
                recorded_at=event.recorded_at,
            )
    return row


PROJECTION = Projection(
    name="attachment",
    singular="Attachment",
    plural="attachments",
    comment=Message("The register of attachments.", "Das Verzeichnis der Anlagen."),
    row=AttachmentRow,
    readers=within("record_id", CASES),
    key=("document_id", "no"),
    facts=(facts.AttachmentAdded,),
    key_of=key_of,
    fold=fold,
    order=("document_id", "no"),
    indexes=(("record_id",), ("sha256",)),
)
