"""The register of files: one row per file, as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import Appraisal, Confidentiality, DisposalKind, FileField, Medium, Status
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.efile import disposal
from projections.efile.levels import by_level
from projections.model import Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file (Akte)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    reference: Number = column("The file reference.", "Das Aktenzeichen.", filterable=True, sortable=True)
    subject: Sealed[str] = column("What it is about.", "Betreff.")
    status: Status = column("Where it stands.", "Bearbeitungsstand.", filterable=True)
    plan_code: Code = column("Its file plan unit.", "Die Aktenplaneinheit.", filterable=True, sortable=True)
    plan_unit_id: UUID = column("The record of that unit.", "Der Datensatz dieser Einheit.", filterable=True)
    lead_unit: Code = column("The unit that is responsible.", "Federführende Stelle.", filterable=True, sortable=True)
    custodian_unit: Code = column("The unit that keeps it.", "Aktenführende Stelle.", filterable=True)
    confidentiality: Confidentiality = column("Its confidentiality.", "Vertraulichkeitsstufe.", filterable=True)
    medium: Medium = column("What it is kept in.", "Medium.", filterable=True)
    opened_on: date = column("When it was opened.", "Tag der Anlage.", filterable=True, sortable=True)
    cases: int = column("How many cases it has.", "Zahl ihrer Vorgänge.", sortable=True, default=0)
    open_cases: int = column(
        "How many of them are open.", "Zahl ihrer offenen Vorgänge.", filterable=True, sortable=True, default=0
    )
    destroyed_cases: int = column("How many were destroyed.", "Zahl ihrer vernichteten Vorgänge.", default=0)
    zda_on: date | None = column(
        "When it was closed.", "Tag der zdA-Verfügung.", filterable=True, sortable=True, default=None
    )
    retention_until: date | None = column(
        "Until when it is kept; null while open, or for ever.",
        "Ende der Aufbewahrung; leer, solange offen, oder dauernd.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    disposal_kind: DisposalKind | None = column(
        "What becomes of it afterwards.", "Aussonderungsart.", filterable=True, default=None
    )
    offer_due_on: date | None = column(
        "From when an offer to the archive is late.", "Ab wann die Anbietung an das Archiv überfällig ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    offer_due: bool = column(
        "Whether it was recorded that the offer is late.", "Ob die Anbietung als fällig verzeichnet ist.",
        filterable=True, default=False,
    )  # fmt: skip
    legal_holds: int = column(
        "How many legal holds keep it.", "Zahl der bestehenden Sperren.", filterable=True, sortable=True, default=0
    )
    process_id: Number | None = column(
        "The disposal it was offered in.", "Die Aussonderung, in der angeboten wurde.", filterable=True, default=None
    )
    archive: Code | None = column("The archive it was offered.", "Das Archiv.", filterable=True, default=None)
    offered_on: date | None = column(
        "When it was offered.", "Tag der Anbietung.", filterable=True, sortable=True, default=None
    )
    appraisal: Appraisal | None = column("What the archive decided.", "Bewertung.", filterable=True, default=None)
    archive_id: Number | None = column("Its number there.", "Ihre Nummer dort.", filterable=True, default=None)
    destroyed_on: date | None = column(
        "When it was destroyed.", "Tag der Vernichtung.", filterable=True, sortable=True, default=None
    )
    source: Number | None = column("The system it was imported from.", "Das Herkunftssystem.", filterable=True)
    source_id: Number | None = column("Its id there.", "Die Kennung dort.", filterable=True)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl ihrer Ereignisse.")
    position: int = column("Its last event.", "Ihr letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def fold(row: FileRow | None, event: Recorded) -> FileRow | None:
    """The file after an event."""
    if row is None:
        return _opened(event, event.fact) if isinstance(event.fact, facts.FileOpened) else None
    return follow(row, event, **_changes(row, event))


def _opened(event: Recorded, fact: facts.FileOpened) -> FileRow:
    return FileRow(
        record_id=event.record_id,
        reference=fact.reference,
        subject=fact.subject,
        status=Status.OPEN,
        plan_code=fact.plan_code,
        plan_unit_id=fact.plan_unit_id,
        lead_unit=fact.lead_unit,
        custodian_unit=fact.custodian_unit,
        confidentiality=fact.confidentiality,
        medium=fact.medium,
        opened_on=fact.opened_on,
        source=fact.source,
        source_id=fact.source_id,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: FileRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.CaseAddedToFile():
            return {"cases": row.cases + 1, "open_cases": row.open_cases + 1}
        case facts.CaseOfFileClosed():
            return {"open_cases": row.open_cases - 1}
        case facts.CaseOfFileReopened():
            return {"open_cases": row.open_cases + 1}
        case facts.FileLeadUnitTransferred() as fact:
            return {"lead_unit": fact.new}
        case facts.CaseOfFileDestroyed():
            return {"destroyed_cases": row.destroyed_cases + 1}
        case facts.FileClosed() as fact:
            return disposal.closed(fact)
        case facts.FileReopened():
            return disposal.KEPT_NO_LONGER
        case facts.FileCorrected() as fact:
            return {**_corrected(fact), "corrections": row.corrections + 1}
    return disposal.changes(event, row.legal_holds)


def _corrected(fact: facts.FileCorrected) -> dict[str, Any]:
    match fact.field:
        case FileField.SUBJECT:
            return {"subject": fact.new_sealed}
        case FileField.CONFIDENTIALITY:
            return {"confidentiality": Confidentiality(fact.new or "")}
        case FileField.MEDIUM:
            return {"medium": Medium(fact.new or "")}
        case FileField.CUSTODIAN_UNIT:
            return {"custodian_unit": fact.new}


PROJECTION = Projection(
    name="file",
    singular="File",
    plural="files",
    comment=Message("The register of files.", "Das Verzeichnis der Akten."),
    row=FileRow,
    readers=by_level("lead_unit", "custodian_unit", "archive"),
    facts=get_args(facts.FileFact),
    fold=fold,
    kind="file",
    number="reference",
    order=("reference",),
    indexes=(
        ("status", "lead_unit"),
        ("plan_code", "opened_on"),
        ("opened_on",),
        ("status", "retention_until"),
        ("process_id",),
    ),
)
