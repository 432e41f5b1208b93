"""The register of documents: one row per document, with its latest version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import DocumentField, DocumentKind
from domain.kernel import Code, Message, Recorded, Sealed
from projections.efile.cases import PROJECTION as CASES
from projections.model import Projection, column, follow
from projections.rights import within


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document (Dokument) and its latest version."""

    document_id: UUID = column("The document.", "Das Dokument.", filterable=True)
    record_id: UUID = column("The case it is in.", "Der Vorgang, in dem es liegt.", filterable=True)
    no: int = column("Its number within the case.", "Seine Nummer im Vorgang.", sortable=True)
    document_kind: DocumentKind = column("Where it comes from.", "Eingang, Ausgang oder intern.", filterable=True)
    title: Sealed[str] = column("Its title.", "Sein Titel.")
    received_on: date | None = column("When it came in.", "Eingangsdatum.", filterable=True, sortable=True)
    letter_date: date | None = column("The date it bears.", "Datum des Schreibens.", filterable=True, sortable=True)
    foreign_reference: Sealed[str] | None = column("The sender's reference.", "Zeichen des Absenders.")
    versions: int = column("How many versions it has.", "Zahl seiner Fassungen.", sortable=True)
    filename: Sealed[str] = column("The file's name.", "Der Dateiname.")
    mime: Code = column("The media type.", "Der Medientyp.", filterable=True)
    size: int = column("The size in bytes.", "Die Größe in Bytes.", sortable=True)
    sha256: Code = column("The hash of the content.", "Der Hash des Inhalts.", filterable=True)
    drafter: UUID = column("Who drafted the version.", "Wer die Fassung entworfen hat.", filterable=True)
    attachments: int = column("How many attachments it has.", "Zahl seiner Anlagen.", filterable=True, default=0)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("The case's version at its last event.", "Version des Vorgangs beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was filed.", "Wann es aufgenommen wurde.", filterable=True, sortable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


_ABOUT_DOCUMENTS = (facts.DocumentFiled, facts.DocumentVersionAdded, facts.DocumentCorrected, facts.AttachmentAdded)


def key_of(event: Recorded) -> tuple[UUID] | None:
    """The document that an event is about."""
    fact = event.fact
    return (fact.document_id,) if isinstance(fact, _ABOUT_DOCUMENTS) else None


def fold(row: DocumentRow | None, event: Recorded) -> DocumentRow | None:
    """The document after an event."""
    match event.fact:
        case facts.DocumentFiled() as fact:
            return DocumentRow(
                document_id=fact.document_id,
                record_id=event.record_id,
                no=fact.no,
                document_kind=fact.document_kind,
                title=fact.title,
                received_on=fact.received_on,
                letter_date=fact.letter_date,
                foreign_reference=fact.foreign_reference,
                versions=1,
                filename=fact.filename,
                mime=fact.mime,
                size=fact.size,
                sha256=fact.sha256,
                drafter=fact.drafter,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case facts.DocumentVersionAdded() as fact if row:
            return follow(
                row,
                event,
                versions=fact.version,
                filename=fact.filename,
                mime=fact.mime,
                size=fact.size,
                sha256=fact.sha256,
                drafter=fact.drafter,
            )
        case facts.AttachmentAdded() as fact if row:
            return follow(row, event, attachments=fact.no)
        case facts.DocumentCorrected() as fact if row:
            return follow(row, event, corrections=row.corrections + 1, **_corrected(fact))
    return row


def _corrected(fact: facts.DocumentCorrected) -> dict[str, Any]:
    match fact.field:
        case DocumentField.TITLE:
            return {"title": fact.new_sealed}
        case DocumentField.FOREIGN_REFERENCE:
            return {"foreign_reference": fact.new_sealed}
        case DocumentField.KIND:
            return {"document_kind": DocumentKind(fact.new or "")}
        case DocumentField.RECEIVED_ON | DocumentField.LETTER_DATE:
            return {fact.field.value: date.fromisoformat(fact.new) if fact.new else None}


PROJECTION = Projection(
    name="document",
    singular="Document",
    plural="documents",
    comment=Message("The register of documents.", "Das Verzeichnis der Dokumente."),
    row=DocumentRow,
    readers=within("record_id", CASES),
    key=("document_id",),
    facts=_ABOUT_DOCUMENTS,
    key_of=key_of,
    fold=fold,
    order=("record_id", "no"),
    indexes=(("record_id", "no"), ("sha256",), ("received_on",)),
)
