"""The register of objections to minutes: one row for each, in the meeting in which it was raised."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.council import facts
from domain.kernel import Message, Recorded, Sealed
from projections.council.values import begun
from projections.model import Projection, column
from projections.rights import STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesObjectionRow:
    """One objection (Einwendung) to signed minutes."""

    record_id: UUID = column("The meeting in which it was raised.", "Die Sitzung der Einwendung.", filterable=True)
    objection_id: UUID = column("The objection.", "Die Einwendung.", filterable=True)
    minutes_of: UUID = column("The meeting whose minutes it is to.", "Die beanstandete Sitzung.", filterable=True)
    text: Sealed[str] = column("What is objected.", "Die Einwendung im Wortlaut.")
    raised_on: date = column("When.", "Der Tag.", filterable=True, sortable=True)
    version: int = column("The record's version at its last event.", "Version des Datensatzes beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column(
        "When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True, sortable=True
    )
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, UUID] | None:
    """The meeting and the objection that an event is about."""
    match event.fact:
        case facts.MinutesObjectionNoted() as fact:
            return (event.record_id, fact.objection)
    return None


def fold(row: MinutesObjectionRow | None, event: Recorded) -> MinutesObjectionRow | None:
    """The objection after an event."""
    match event.fact:
        case facts.MinutesObjectionNoted() as fact:
            return MinutesObjectionRow(
                record_id=event.record_id,
                objection_id=fact.objection,
                minutes_of=fact.minutes_of,
                text=fact.text,
                raised_on=event.effective.day,
                **begun(event),
            )
    return row


PROJECTION = Projection(
    name="minutes_objection",
    singular="MinutesObjection",
    plural="minutesObjections",
    comment=Message("Objections to signed minutes.", "Einwendungen gegen Niederschriften."),
    row=MinutesObjectionRow,
    readers=STAFF,
    key=("record_id", "objection_id"),
    facts=(facts.MinutesObjectionNoted,),
    key_of=key_of,
    fold=fold,
    order=("record_id", "objection_id"),
    indexes=(("minutes_of",),),
)
