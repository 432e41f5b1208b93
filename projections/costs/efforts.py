"""The versions of each product's effort, with who set them and when: the settings behind the report, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.costs import facts as f
from domain.costs.vocabulary import FigureField
from domain.kernel import Message, Recorded
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortRow:
    """What a piece takes, in one version. Amounts are euros. It holds until the next version, or the product's end."""

    record_id: UUID = column("The cost figure's record.", "Der Datensatz des Kostenträgers.", filterable=True)
    effort: int = column("The version: 1, 2, 3 …", "Der Kostensatz: 1, 2, 3 …", filterable=True, sortable=True)
    valid_from: date = column("From when it holds.", "Ab wann er gilt.", filterable=True, sortable=True)
    minutes: int = column("Minutes of work for a piece.", "Arbeitsminuten je Stück.", sortable=True)
    hourly_rate: Decimal = column("What an hour costs.", "Kosten einer Stunde.", sortable=True)
    overhead_percent: int = column("Percent added to the work.", "Gemeinkostenzuschlag auf die Arbeit.", sortable=True)
    material: Decimal = column("Material for a piece.", "Sachkosten je Stück.", sortable=True)
    cost: Decimal = column("What a piece comes to.", "Stückkosten.", sortable=True)
    set_by: UUID = column(
        "Who set or last corrected it, as a pseudonym.", "Wer ihn festlegte, als Pseudonym.", filterable=True
    )
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, sortable=True)
    version: int = column("The record's version at its last event.", "Version des Datensatzes beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was set.", "Wann er festgelegt wurde.", filterable=True, sortable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, int] | None:
    """The version that an event is about."""
    version = getattr(event.fact, "version", None)
    return None if version is None else (event.record_id, version)


def fold(row: EffortRow | None, event: Recorded) -> EffortRow | None:
    """The version after an event."""
    match event.fact:
        case f.EffortSet() as fact:
            return EffortRow(
                record_id=event.record_id,
                effort=fact.version,
                valid_from=fact.valid_from,
                minutes=fact.minutes,
                hourly_rate=fact.hourly_rate.amount,
                overhead_percent=fact.overhead_percent,
                material=fact.material.amount,
                cost=fact.cost.amount,
                set_by=event.envelope.actor,
                corrections=0,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case f.CostFigureCorrected() as fact if row is not None:
            count = row.corrections + 1
            return follow(row, event, set_by=event.envelope.actor, corrections=count, **_corrected(fact))
    return row


def _corrected(fact: f.CostFigureCorrected) -> dict[str, Any]:
    whole = fact.field in (FigureField.MINUTES, FigureField.OVERHEAD_PERCENT)
    value = int(fact.new) if whole else Decimal(fact.new)
    return {fact.field.value: value} | ({} if fact.cost is None else {"cost": fact.cost.amount})


PROJECTION = Projection(
    name="effort",
    singular="Effort",
    plural="efforts",
    comment=Message(
        "The versions of what a piece of each product takes, with who set them.",
        "Die Kostensätze aller Produkte in allen Fassungen, mit denen, die sie festlegten.",
    ),
    row=EffortRow,
    readers=OFFICE,
    key=("record_id", "effort"),
    facts=(f.EffortSet, f.CostFigureCorrected),
    key_of=key_of,
    fold=fold,
    order=("record_id", "effort"),
)
