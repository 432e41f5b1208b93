"""The register of documented steps: what was done outside the ledger, by whom, in which group, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.efile import facts
from domain.kernel import Code, Message, Number, Precision, Recorded, Sealed
from projections.efile.cases import PROJECTION as CASES
from projections.model import Projection, column, follow
from projections.rights import within


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedStepRow:
    """One step that was taken outside the ledger (nacherfasster Schritt), as known now."""

    record_id: UUID = column("The case.", "Der Vorgang.", filterable=True)
    entry: int = column(
        "Its number within the case, in the order of the source.",
        "Seine Nummer im Vorgang, in der Folge der Quelle.",
        filterable=True, sortable=True,
    )  # fmt: skip
    activity: Code = column("What was done.", "Die Tätigkeit.", filterable=True, sortable=True)
    performer: UUID | None = column("Who did it, as a pseudonym.", "Wer es tat, als Pseudonym.", filterable=True)
    unit: Code | None = column("The performer's group.", "Die Gruppe der handelnden Person.", filterable=True)
    outcome: Code | None = column("How it ended.", "Das Ergebnis.", filterable=True)
    taken_at: datetime = column("When it was done.", "Wann es getan wurde.", filterable=True, sortable=True)
    precision: Precision = column("How exactly that is known.", "Wie genau das bekannt ist.", filterable=True)
    details: Sealed[str] | None = column("What else the source tells.", "Was die Quelle sonst angibt.")
    source: Number | None = column("The source.", "Die Quelle.", filterable=True)
    source_id: Number | None = column("Its id there.", "Die Kennung dort.", filterable=True)
    source_row: int | None = column("Its place there.", "Die Stelle dort.")
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("The case's version at its last event.", "Version des Vorgangs beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was recorded.", "Wann er aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, int] | None:
    """The step that an event is about."""
    match event.fact:
        case facts.CirculationStepRecorded() | facts.CirculationStepCorrected() as fact:
            return (event.record_id, fact.entry)
    return None


def fold(row: DocumentedStepRow | None, event: Recorded) -> DocumentedStepRow | None:
    """The step after an event."""
    match event.fact:
        case facts.CirculationStepRecorded() as fact:
            return DocumentedStepRow(
                record_id=event.record_id,
                entry=fact.entry,
                activity=fact.step.activity,
                performer=fact.step.performer,
                unit=fact.step.unit,
                outcome=fact.step.outcome,
                taken_at=event.effective_at,
                precision=event.envelope.effective_precision,
                details=fact.details,
                source=fact.source,
                source_id=fact.source_id,
                source_row=fact.source_row,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case facts.CirculationStepCorrected() as fact if row:
            return follow(
                row,
                event,
                activity=fact.new.activity,
                performer=fact.new.performer,
                unit=fact.new.unit,
                outcome=fact.new.outcome,
                taken_at=event.effective_at,
                precision=event.envelope.effective_precision,
                details=fact.details or row.details,
                corrections=row.corrections + 1,
            )
    return row


PROJECTION = Projection(
    name="documented_step",
    singular="DocumentedStep",
    plural="documentedSteps",
    comment=Message(
        "Steps of cases that were taken outside the ledger.", "Schritte von Vorgängen außerhalb des Stadtbuchs."
    ),
    row=DocumentedStepRow,
    readers=within("record_id", CASES),
    key=("record_id", "entry"),
    facts=(facts.CirculationStepRecorded, facts.CirculationStepCorrected),
    key_of=key_of,
    fold=fold,
    order=("record_id", "entry"),
    indexes=(("activity", "taken_at"), ("taken_at",)),
)
