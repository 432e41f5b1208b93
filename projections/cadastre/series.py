"""The series that number fee notices and invoices, and every number they gave: what an auditor looks for gaps in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.cadastre import facts
from domain.cadastre.vocabulary import NumberUse, SeriesKind
from domain.kernel import Code, Message, Number, Recorded
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """One series, as it stands."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    series_number: Number = column("Prefix and year.", "Vorsatz und Jahr.", filterable=True, sortable=True)
    series_kind: SeriesKind = column("What it numbers.", "Was er nummeriert.", filterable=True)
    year: int = column("The year it is for.", "Das Jahr, für das er gilt.", filterable=True, sortable=True)
    prefix: Code = column("What stands before each number.", "Was vor jeder Nummer steht.", filterable=True)
    first: int = column("The first number it gives.", "Die erste Nummer.")
    last: int | None = column("The last number it gave.", "Die letzte vergebene Nummer.", default=None)
    taken: int = column("How many numbers it gave.", "Zahl der vergebenen Nummern.", sortable=True, default=0)
    opened_on: date = column("When it was opened.", "Tag der Eröffnung.", filterable=True, sortable=True)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann er aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column("When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.")


def fold_series(row: SeriesRow | None, event: Recorded) -> SeriesRow | None:
    """The series after an event."""
    match event.fact:
        case facts.SeriesOpened() as fact:
            return SeriesRow(
                record_id=event.record_id,
                series_number=fact.number(),
                series_kind=fact.series_kind,
                year=fact.year,
                prefix=fact.prefix,
                first=fact.first,
                opened_on=event.effective.day,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case facts.NumberTaken() as fact if row is not None:
            return follow(row, event, last=fact.number_in_series, taken=row.taken + 1)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One number that a series gave."""

    series_id: UUID = column("The series.", "Der Nummernkreis.", filterable=True)
    number_in_series: int = column("Its place in the series.", "Seine Stelle im Nummernkreis.", sortable=True)
    text: Number = column("As it stands on the paper.", "Wie sie auf dem Papier steht.", filterable=True, sortable=True)
    use: NumberUse = column("What it was given to.", "Wofür sie vergeben wurde.", filterable=True)
    order_id: UUID = column("The order.", "Die Bestellung.", filterable=True)
    taken_on: date = column("When it was given.", "Tag der Vergabe.", filterable=True, sortable=True)
    position: int = column("The event.", "Das Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)


def _number_of(event: Recorded) -> tuple[Any, ...] | None:
    fact = event.fact
    return (event.record_id, fact.number_in_series) if isinstance(fact, facts.NumberTaken) else None


def fold_number(row: NumberRow | None, event: Recorded) -> NumberRow | None:
    """A number is given once and stays as it is."""
    match event.fact:
        case facts.NumberTaken() as fact:
            return NumberRow(
                series_id=event.record_id,
                number_in_series=fact.number_in_series,
                text=fact.text,
                use=fact.use,
                order_id=fact.order_id,
                taken_on=fact.taken_on,
                position=event.position,
                recorded_at=event.recorded_at,
            )
    return row


SERIES = Projection(
    name="cadastre_series",
    singular="CadastreSeries",
    plural="cadastreSeriesList",
    comment=Message("The series of fee notice and invoice numbers.", "Die Nummernkreise für Bescheide und Rechnungen."),
    row=SeriesRow,
    readers=OFFICE,
    facts=(facts.SeriesOpened, facts.NumberTaken),
    fold=fold_series,
    kind="series",
    number="series_number",
    order=("-year", "series_number"),
)

NUMBERS = Projection(
    name="cadastre_number",
    singular="CadastreNumber",
    plural="cadastreNumbers",
    comment=Message("Every number that a series gave.", "Jede Nummer, die ein Nummernkreis vergeben hat."),
    row=NumberRow,
    readers=OFFICE,
    key=("series_id", "number_in_series"),
    key_of=_number_of,
    facts=(facts.NumberTaken,),
    fold=fold_number,
    order=("-position",),
    indexes=(("order_id",), ("text",)),
    append_only=True,
)
