"""The versions of the file plan: one row per unit and version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Message, PublicText, Recorded, Sealed
from projections.model import Projection, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanVersionRow:
    """What a unit of the file plan says from a day on (Fassung der Aktenplaneinheit)."""

    record_id: UUID = column("The unit.", "Die Einheit.", filterable=True)
    no: int = column("The version's number.", "Nummer der Fassung.", filterable=True, sortable=True)
    valid_from: date = column("First day it is in force.", "In Kraft ab.", filterable=True, sortable=True)
    title: PublicText = column("The task.", "Die Aufgabe.")
    retention_years: int | None = column(
        "Years that is kept what is closed by it; null: for ever.", "Aufbewahrungsjahre; leer: dauernd."
    )
    disposal_kind: DisposalKind = column("What becomes of that afterwards.", "Aussonderungsart.", filterable=True)
    reason: Sealed[str] | None = column("Why it was changed.", "Grund der Änderung.")
    position: int = column("Its event.", "Sein Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)


def key_of(event: Recorded) -> tuple[UUID, int]:
    """The unit and the number of the version."""
    return event.record_id, event.fact.version if isinstance(event.fact, facts.FilePlanUnitRevised) else 1


def fold(row: FilePlanVersionRow | None, event: Recorded) -> FilePlanVersionRow | None:
    """The version that an event brings."""
    match event.fact:
        case facts.FilePlanUnitDefined() | facts.FilePlanUnitRevised() as fact:
            return FilePlanVersionRow(
                record_id=event.record_id,
                no=key_of(event)[1],
                valid_from=fact.valid_from,
                title=fact.title,
                retention_years=fact.retention_years,
                disposal_kind=fact.disposal_kind,
                reason=fact.reason if isinstance(fact, facts.FilePlanUnitRevised) else None,
                position=event.position,
                recorded_at=event.recorded_at,
            )
    return row


PROJECTION = Projection(
    name="file_plan_version",
    singular="FilePlanVersion",
    plural="filePlanVersions",
    comment=Message("The versions of the file plan.", "Die Fassungen des Aktenplans."),
    row=FilePlanVersionRow,
    readers=OFFICE,
    key=("record_id", "no"),
    facts=(facts.FilePlanUnitDefined, facts.FilePlanUnitRevised),
    key_of=key_of,
    fold=fold,
    order=("record_id", "no"),
)
