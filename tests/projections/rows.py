"""A made-up read model with a column of every kind that can be asked for, for the tests of queries."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.kernel import Message, Sealed
from projections.model import Projection, column


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingRow:
    record_id: UUID = column("The thing.", "Das Ding.", filterable=True)
    number: str = column("Its number.", "Seine Nummer.", filterable=True, sortable=True)
    name: str | None = column("Its name.", "Sein Name.", filterable=True, sortable=True, default=None)
    parent: UUID | None = column("What it is part of.", "Wozu es gehört.", filterable=True, default=None)
    colour: Colour | None = column("Its colour.", "Seine Farbe.", filterable=True, sortable=True, default=None)
    due_on: date | None = column("When it is due.", "Frist.", filterable=True, sortable=True, default=None)
    price: Decimal | None = column("What it costs.", "Preis.", filterable=True, sortable=True, default=None)
    tags: tuple[str, ...] = column("Its tags.", "Schlagworte.", filterable=True, default=())
    done: bool = column("Whether it is done.", "Ob es erledigt ist.", filterable=True, sortable=True, default=False)
    secret: Sealed[str] | None = column("A secret.", "Geheimnis.", default=None)
    hidden: str | None = column("Not to be asked for.", "Nicht zu erfragen.", default=None)
    position: int = column("Its last event.", "Letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column(
        "When that was.", "Wann das war.", filterable=True, sortable=True, rises_with="position"
    )


THINGS = Projection(
    name="thing",
    singular="Thing",
    plural="things",
    comment=Message("Things.", "Dinge."),
    row=ThingRow,
    facts=(),
    fold=lambda row, event: row,
    number="number",
    order=("-due_on",),
)
