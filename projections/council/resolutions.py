"""The register of resolutions: one row per resolution, and how far it is implemented."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from domain.council import facts
from domain.council.vocabulary import Outcome, TrackingStatus
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.values import begun, ids
from projections.model import Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionRow:
    """One resolution (Beschluss)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    resolution_number: Number = column("Its number.", "Die Beschlussnummer.", filterable=True, sortable=True)
    text: Sealed[str] = column("Its text.", "Der Wortlaut.")
    outcome: Outcome = column("Adopted, or adopted with changes.", "Angenommen oder geändert.", filterable=True)
    public: bool = column("Whether it was adopted in public.", "Ob er öffentlich gefasst wurde.", filterable=True)
    bodies: tuple[UUID, ...] = column("The bodies that adopted it.", "Die beschließenden Gremien.", filterable=True)
    meeting_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    item_id: UUID = column("The agenda item.", "Der Tagesordnungspunkt.", filterable=True)
    paper_id: UUID | None = column("The paper.", "Die Vorlage.", filterable=True)
    adopted_on: date = column("When it was adopted.", "Tag der Beschlussfassung.", filterable=True, sortable=True)
    status: TrackingStatus = column("How far it is implemented.", "Stand der Umsetzung.", filterable=True)
    unit: Code | None = column(
        "The unit that implements it.", "Die umsetzende Stelle.", filterable=True, sortable=True, default=None
    )
    due: date | None = column("Until when.", "Die Frist.", filterable=True, sortable=True, default=None)
    reports: int = column("How often progress was reported.", "Zahl der Sachstände.", sortable=True, default=0)
    note: Sealed[str] | None = column("The last note.", "Der letzte Vermerk.", default=None)
    delay_reason: Sealed[str] | None = column("Why it is delayed.", "Grund der Verzögerung.", default=None)
    completed_on: date | None = column(
        "When it was done.", "Tag der Erledigung.", filterable=True, sortable=True, default=None
    )
    final_report_meeting_id: UUID | None = column(
        "The meeting of the final report.", "Die Sitzung des letzten Berichts.", filterable=True, default=None
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


def fold(row: ResolutionRow | None, event: Recorded) -> ResolutionRow | None:
    """The resolution after an event."""
    if isinstance(event.fact, facts.ResolutionAdopted):
        fact = event.fact
        return ResolutionRow(
            record_id=event.record_id,
            resolution_number=fact.resolution_number,
            text=fact.text,
            outcome=fact.outcome,
            public=fact.public,
            bodies=ids(fact.bodies),
            meeting_id=fact.meeting,
            item_id=fact.item,
            paper_id=fact.paper,
            adopted_on=fact.adopted_on,
            status=TrackingStatus.OPEN,
            **begun(event),
        )
    return None if row is None else follow(row, event, **_changes(row, event))


def _changes(row: ResolutionRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.ImplementationAssigned() as fact:
            return {"status": TrackingStatus.ASSIGNED, "unit": fact.unit, "due": fact.due}
        case facts.ImplementationReported() as fact:
            return {
                "status": TrackingStatus(fact.progress.value),
                "due": fact.due,
                "reports": row.reports + 1,
                "note": fact.note or row.note,
                "delay_reason": fact.delay_reason,
            }
        case facts.ImplementationCompleted() as fact:
            return {"status": TrackingStatus.DONE, "completed_on": fact.completed_on, "note": fact.note or row.note}
        case facts.FinalReportGiven() as fact:
            return {"status": TrackingStatus.REPORTED_FINAL, "final_report_meeting_id": fact.meeting}
    return {}


PROJECTION = Projection(
    name="resolution",
    singular="Resolution",
    plural="resolutions",
    comment=Message("The register of resolutions.", "Das Verzeichnis der Beschlüsse."),
    row=ResolutionRow,
    facts=get_args(facts.ResolutionFact),
    fold=fold,
    kind="resolution",
    number="resolution_number",
    order=("resolution_number",),
    indexes=(("status", "due"), ("unit", "due"), ("adopted_on",), ("meeting_id",), ("paper_id",)),
)
