"""The register of cases: one row per case, as it stands, with the circulation it is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import Appraisal, CaseField, Confidentiality, DisposalKind, Medium, Status, StepKind
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.efile import disposal, rounds
from projections.efile.levels import by_level
from projections.model import Json, Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case (Vorgang)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    reference: Number = column("The case reference.", "Das Geschäftszeichen.", filterable=True, sortable=True)
    file_id: UUID = column("The file it is in.", "Die Akte, in der er liegt.", filterable=True)
    subject: Sealed[str] = column("What it is about.", "Betreff.")
    status: Status = column("Where it stands.", "Bearbeitungsstand.", filterable=True)
    plan_code: Code = column("Its file plan unit.", "Die Aktenplaneinheit.", filterable=True, sortable=True)
    lead_unit: Code = column("The unit that is responsible.", "Federführende Stelle.", filterable=True, sortable=True)
    custodian_unit: Code = column("The unit that keeps it.", "Aktenführende Stelle.", filterable=True)
    confidentiality: Confidentiality = column("Its confidentiality.", "Vertraulichkeitsstufe.", filterable=True)
    medium: Medium = column("What it is kept in.", "Medium.", filterable=True)
    opened_on: date = column("When it was opened.", "Tag der Anlage.", filterable=True, sortable=True)
    documents: int = column("How many documents it has.", "Zahl seiner Dokumente.", sortable=True, default=0)
    circulations: int = column("How many rounds it was on.", "Zahl seiner Geschäftsgänge.", default=0)
    open_steps: int = column(
        "Open steps of the round it is on.", "Offene Schritte des Geschäftsgangs.",
        filterable=True, sortable=True, default=0,
    )  # fmt: skip
    current_step: int | None = column("Number of the current step.", "Nummer des aktuellen Schritts.", default=None)
    current_kind: StepKind | None = column(
        "What the current step asks for.", "Art des aktuellen Schritts.", filterable=True, default=None
    )
    current_addressee: Code | None = column(
        "The unit whose turn it is.", "Die Stelle, die an der Reihe ist.", filterable=True, default=None
    )
    current_due: date | None = column(
        "When the current step is due.", "Frist des aktuellen Schritts.", filterable=True, sortable=True, default=None
    )
    current_since: date | None = column(
        "Since when it is that unit's turn.", "Seit wann diese Stelle an der Reihe ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    steps: Json | None = column(
        "The steps of the last round: number, kind, addressee, due, status, outcome, their turn since, end.",
        "Die Schritte des letzten Geschäftsgangs: Nummer, Art, Stelle, Frist, Stand, Ergebnis, dran seit, Ende.",
        default=None,
    )
    open_resubmissions: int = column(
        "How many resubmissions are open.", "Zahl der offenen Wiedervorlagen.", filterable=True, default=0
    )
    documented_steps: int = column(
        "How many steps were documented afterwards.", "Zahl der nacherfassten Schritte.", sortable=True, default=0
    )
    zda_on: date | None = column(
        "When it was closed.", "Tag der zdA-Verfügung.", filterable=True, sortable=True, default=None
    )
    processing_days: int | None = column(
        "Days from opening to closing.", "Tage von der Anlage bis zur zdA-Verfügung.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
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
    archive_id: Number | None = column("Its number there.", "Seine Nummer dort.", filterable=True, default=None)
    destroyed_on: date | None = column(
        "When it was destroyed.", "Tag der Vernichtung.", filterable=True, sortable=True, default=None
    )
    details: Sealed[str] | None = column("What else its source tells.", "Was die Quelle sonst angibt.")
    source: Number | None = column("The system it was imported from.", "Das Herkunftssystem.", filterable=True)
    source_id: Number | None = column("Its id there.", "Die Kennung dort.", filterable=True)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann er aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def fold(row: CaseRow | None, event: Recorded) -> CaseRow | None:
    """The case after an event."""
    if row is None:
        return _opened(event, event.fact) if isinstance(event.fact, facts.CaseOpened) else None
    return follow(row, event, **_changes(row, event))


def _opened(event: Recorded, fact: facts.CaseOpened) -> CaseRow:
    return CaseRow(
        record_id=event.record_id,
        reference=fact.reference,
        file_id=fact.file_id,
        subject=fact.subject,
        status=Status.OPEN,
        plan_code=fact.plan_code,
        lead_unit=fact.lead_unit,
        custodian_unit=fact.custodian_unit,
        confidentiality=fact.confidentiality,
        medium=fact.medium,
        opened_on=fact.opened_on,
        details=fact.details,
        source=fact.source,
        source_id=fact.source_id,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: CaseRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.CirculationStepRecorded() as fact:
            return {"documented_steps": fact.entry}
        case facts.CirculationStepCorrected():
            return {"corrections": row.corrections + 1}
        case facts.CaseLeadUnitTransferred() as fact:
            return {"lead_unit": fact.new}
        case facts.CaseClosed() as fact:
            return {**disposal.closed(fact), "processing_days": (fact.zda_on - row.opened_on).days}
        case facts.CaseReopened():
            return {**disposal.KEPT_NO_LONGER, "processing_days": None}
        case facts.CaseCorrected() as fact:
            return {**_corrected(fact), "corrections": row.corrections + 1}
        case facts.DocumentFiled() as fact:
            return {"documents": fact.no}
        case facts.DocumentCorrected():
            return {"corrections": row.corrections + 1}
        case facts.ResubmissionScheduled():
            return {"open_resubmissions": row.open_resubmissions + 1}
        case facts.ResubmissionDone() | facts.ResubmissionCancelled():
            return {"open_resubmissions": row.open_resubmissions - 1}
    return rounds.changes(row.steps, event) or disposal.changes(event, row.legal_holds)


def _corrected(fact: facts.CaseCorrected) -> dict[str, Any]:
    match fact.field:
        case CaseField.SUBJECT | CaseField.DETAILS:
            return {fact.field.value: fact.new_sealed}
        case CaseField.CONFIDENTIALITY:
            return {"confidentiality": Confidentiality(fact.new or "")}
        case CaseField.MEDIUM:
            return {"medium": Medium(fact.new or "")}
        case CaseField.CUSTODIAN_UNIT:
            return {"custodian_unit": fact.new}


PROJECTION = Projection(
    name="case_record",
    singular="CaseRecord",
    plural="cases",
    comment=Message("The register of cases.", "Das Verzeichnis der Vorgänge."),
    row=CaseRow,
    readers=by_level("lead_unit", "custodian_unit", "current_addressee", "archive"),
    facts=get_args(facts.CaseFact),
    fold=fold,
    kind="case",
    number="reference",
    order=("reference",),
    indexes=(
        ("file_id", "reference"),
        ("status", "lead_unit"),
        ("plan_code", "opened_on"),
        ("opened_on",),
        ("zda_on",),
        ("status", "retention_until"),
        ("process_id",),
        ("current_addressee", "current_due"),
    ),
)
