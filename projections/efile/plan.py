"""The file plan: one row per unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Code, Message, PublicText, Recorded
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnitRow:
    """One unit of the file plan (Aktenplaneinheit)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    code: Code = column("What it is known by.", "Kennzeichen.", filterable=True, sortable=True)
    versions: int = column("How many versions it has.", "Zahl ihrer Fassungen.", filterable=True)
    version_from: date = column("First day of the latest version.", "Neueste Fassung, gültig ab.", filterable=True)
    title: PublicText = column("The task, by the latest version.", "Die Aufgabe, nach der neuesten Fassung.")
    retention_years: int | None = column(
        "Years that its files are kept; null: for ever.", "Aufbewahrungsjahre; leer: dauernd.", filterable=True
    )
    disposal_kind: DisposalKind = column("What becomes of its files afterwards.", "Aussonderungsart.", filterable=True)
    valid_from: date = column("First day of validity.", "Gültig ab.", filterable=True, sortable=True)
    valid_to: date | None = column("Last day of validity.", "Gültig bis.", filterable=True)
    version: int = column("How many events it has.", "Zahl ihrer Ereignisse.")
    position: int = column("Its last event.", "Ihr letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def fold(row: FilePlanUnitRow | None, event: Recorded) -> FilePlanUnitRow | None:
    """The unit after an event."""
    match event.fact:
        case facts.FilePlanUnitDefined() as fact:
            return FilePlanUnitRow(
                record_id=event.record_id,
                code=fact.code,
                versions=1,
                version_from=fact.valid_from,
                title=fact.title,
                retention_years=fact.retention_years,
                disposal_kind=fact.disposal_kind,
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case facts.FilePlanUnitRevised() as fact if row:
            return follow(
                row,
                event,
                versions=fact.version,
                version_from=fact.valid_from,
                title=fact.title,
                retention_years=fact.retention_years,
                disposal_kind=fact.disposal_kind,
            )
        case facts.FilePlanUnitEnded() as fact if row:
            return follow(row, event, valid_to=fact.valid_to)
    return row


PROJECTION = Projection(
    name="file_plan_unit",
    singular="FilePlanUnit",
    plural="filePlanUnits",
    comment=Message("The file plan.", "Der Aktenplan."),
    row=FilePlanUnitRow,
    readers=OFFICE,
    facts=get_args(facts.PlanUnitFact),
    fold=fold,
    kind="file_plan_unit",
    number="code",
    order=("code",),
)
