"""The register of resolutions: one row per resolution, and how far it is implemented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from domain.council import facts
from domain.council.evolve import tracking_after
from domain.council.vocabulary import Outcome, TrackingStatus
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.publicness import PUBLIC_OR_STAFF
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
    overdue_since: date | None = column(
        "Since when it was overdue.", "Seit wann überfällig.", filterable=True, sortable=True, default=None
    )
    tracking_reports: int = column(
        "How many tracking reports it was in.", "Zahl der Berichte zur Beschlusskontrolle.", sortable=True, default=0
    )
    last_reported_on: date | None = column(
        "When a report last told of it.", "Wann zuletzt darüber berichtet wurde.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    last_report_meeting_id: UUID | None = column(
        "The meeting of that report.", "Die Sitzung dieses Berichts.", filterable=True, default=None
    )
    reported_final_on: date | None = column(
        "When it was reported for the last time.", "Wann abschließend berichtet wurde.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    objected_on: date | None = column(
        "When the mayor objected to it.", "Tag der Beanstandung.", filterable=True, sortable=True, default=None
    )
    objection_ground: Sealed[str] | None = column("Why.", "Grund der Beanstandung.", default=None)
    upheld: bool | None = column(
        "Whether the body stays with it.", "Ob das Gremium bei ihm verbleibt.", filterable=True, default=None
    )
    resumes_as: TrackingStatus | None = column(
        "Where it stood before it was suspended.", "Stand vor der Beanstandung.", default=None
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
    if row is None:
        return None
    status = tracking_after(row.status, cast(facts.ResolutionFact, event.fact), row.resumes_as)
    return follow(row, event, **{"status": status, **_changes(row, event)})


def _changes(row: ResolutionRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.ImplementationAssigned() as fact:
            return {"unit": fact.unit, "due": fact.due, "overdue_since": None}
        case facts.ImplementationReported() as fact:
            return {
                "due": fact.due,
                "overdue_since": row.overdue_since if fact.due == row.due else None,
                "reports": row.reports + 1,
                "note": fact.note or row.note,
                "delay_reason": fact.delay_reason,
            }
        case facts.ImplementationCompleted() as fact:
            return {"completed_on": fact.completed_on, "note": fact.note or row.note}
        case facts.ImplementationBecameOverdue() as fact:
            return {"overdue_since": fact.due + timedelta(days=1)}
        case facts.ResolutionReported() as fact:
            return _reported(row, event, fact.meeting)
        case facts.FinalReportGiven() as fact:
            final = {"final_report_meeting_id": fact.meeting, "reported_final_on": event.effective.day}
            return {**_reported(row, event, fact.meeting), **final}
        case facts.ResolutionObjected() as fact:
            ground = {"objected_on": fact.objected_on, "objection_ground": fact.legal_ground}
            return {**ground, "upheld": None, "resumes_as": row.status}
        case facts.ObjectionDecided() as fact:
            return {"upheld": fact.upholds}
    return {}


def _reported(row: ResolutionRow, event: Recorded, meeting: UUID) -> dict[str, Any]:
    return {
        "tracking_reports": row.tracking_reports + 1,
        "last_reported_on": event.effective.day,
        "last_report_meeting_id": meeting,
    }


PROJECTION = Projection(
    name="resolution",
    singular="Resolution",
    plural="resolutions",
    comment=Message("The register of resolutions.", "Das Verzeichnis der Beschlüsse."),
    row=ResolutionRow,
    readers=PUBLIC_OR_STAFF,
    facts=get_args(facts.ResolutionFact),
    fold=fold,
    kind="resolution",
    number="resolution_number",
    order=("resolution_number",),
    indexes=(("status", "due"), ("unit", "due"), ("adopted_on",), ("meeting_id",), ("paper_id",)),
)
