"""The index of records: one row per record of any family, by which a human number leads to its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel import Code, Fact, Family, Message, Number, Recorded
from projections.model import Projection, column, follow
from projections.rights import of_its_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One record, whatever its family."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    family: Code = column("Its family.", "Seine Familie.", filterable=True)
    kind: Code = column("Its kind within the family.", "Seine Art.", filterable=True)
    number: Number | None = column(
        "The number people know it by.", "Die Nummer, unter der er bekannt ist.", filterable=True, sortable=True
    )
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    opened_at: datetime = column(
        "When its first event was recorded.", "Wann das erste Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def projection(families: Iterable[Family], registers: Mapping[str, Projection]) -> Projection:
    """The index of the records of the given families. `registers`, by kind of record, tell who sees a record."""
    family_of: dict[type[Fact], str] = {fact: family.name for family in families for fact in family.facts}

    def fold(row: RecordRow | None, event: Recorded) -> RecordRow:
        number = event.fact.number()
        if row is None:
            return RecordRow(
                record_id=event.record_id,
                family=family_of[type(event.fact)],
                kind=event.fact.kind,
                number=number,
                version=event.version,
                position=event.position,
                opened_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        return follow(row, event) if number is None else follow(row, event, number=number)

    return Projection(
        name="record",
        singular="Record",
        plural="records",
        comment=Message("The index of all records.", "Das Verzeichnis aller Datensätze."),
        row=RecordRow,
        readers=of_its_kind(registers),
        facts=tuple(family_of),
        asks=("number",),
        fold=fold,
        number="number",
        order=("record_id",),
        indexes=(("kind", "number"), ("position",)),
    )
