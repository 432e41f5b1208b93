"""The register of cost figures: one row per product, with the version set last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.costs import facts as f
from domain.costs.vocabulary import FigureField, FigureStatus
from domain.kernel import Code, Message, PublicText, Recorded
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigureRow:
    """One product. Amounts are euros."""

    record_id: UUID = column("The cost figure's record.", "Der Datensatz des Kostenträgers.", filterable=True)
    product: Code = column("Family and product.", "Verfahren und Produkt.", filterable=True, sortable=True)
    title: PublicText = column(
        "What the product is called.", "Bezeichnung des Produkts.", filterable=True, sortable=True
    )
    status: FigureStatus = column("Whether it is offered.", "Ob es angeboten wird.", filterable=True)
    versions: int = column("How many versions its effort has.", "Zahl der Kostensätze.", sortable=True)
    valid_from: date | None = column(
        "From when the last version holds.", "Ab wann der letzte Satz gilt.", filterable=True, sortable=True
    )
    valid_to: date | None = column("The last day it is offered.", "Letzter Tag des Angebots.", filterable=True)
    cost: Decimal | None = column(
        "What a piece comes to by the last version.", "Stückkosten nach dem letzten Satz.", sortable=True
    )
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann er aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def fold(row: CostFigureRow | None, event: Recorded) -> CostFigureRow | None:
    """The product after an event."""
    fact = event.fact
    if isinstance(fact, f.CostFigureDefined):
        return CostFigureRow(
            record_id=event.record_id,
            product=fact.product,
            title=fact.title,
            status=FigureStatus.ACTIVE,
            versions=0,
            valid_from=None,
            valid_to=None,
            cost=None,
            version=event.version,
            position=event.position,
            recorded_at=event.recorded_at,
            changed_at=event.recorded_at,
        )
    return None if row is None else follow(row, event, **_changes(row, fact))


def _changes(row: CostFigureRow, fact: Any) -> dict[str, Any]:
    match fact:
        case f.EffortSet():
            return {"versions": fact.version, "valid_from": fact.valid_from, "cost": fact.cost.amount}
        case f.CostFigureCorrected(field=FigureField.TITLE):
            return {"title": fact.new}
        case f.CostFigureCorrected() if fact.cost is not None and fact.version == row.versions:
            return {"cost": fact.cost.amount}
        case f.CostFigureRetired():
            return {"status": FigureStatus.RETIRED, "valid_to": fact.valid_to}
    return {}


PROJECTION = Projection(
    name="cost_figure",
    singular="CostFigure",
    plural="costFigures",
    comment=Message("The register of cost figures, by product.", "Das Verzeichnis der Kostenträger, nach Produkt."),
    row=CostFigureRow,
    readers=OFFICE,
    kind="cost_figure",
    number="product",
    facts=f.FACTS,
    fold=fold,
    order=("product",),
)
