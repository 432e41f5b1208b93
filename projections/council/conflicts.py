"""The register of conflicts of interest: one row for each member who takes no part in an item."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.council import facts
from domain.kernel import Message, Recorded, Sealed
from projections.council.values import begun
from projections.model import Projection, column
from projections.rights import STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictOfInterestRow:
    """One conflict of interest (Befangenheit)."""

    record_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    item_id: UUID = column("The agenda item.", "Der Tagesordnungspunkt.", filterable=True)
    member_id: UUID = column("The member.", "Das Mitglied.", filterable=True)
    ground: Sealed[str] = column("Why.", "Der Grund.")
    version: int = column("The record's version at its last event.", "Version des Datensatzes beim letzten Ereignis.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column(
        "When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True, sortable=True
    )
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True,
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, UUID, UUID] | None:
    """The meeting, the item and the member that an event is about."""
    match event.fact:
        case facts.ConflictOfInterestDeclared() as fact:
            return (event.record_id, fact.item, fact.member)
    return None


def fold(row: ConflictOfInterestRow | None, event: Recorded) -> ConflictOfInterestRow | None:
    """The conflict after an event."""
    match event.fact:
        case facts.ConflictOfInterestDeclared() as fact:
            return ConflictOfInterestRow(
                record_id=event.record_id,
                item_id=fact.item,
                member_id=fact.member,
                ground=fact.ground,
                **begun(event),
            )
    return row


PROJECTION = Projection(
    name="conflict_of_interest",
    singular="ConflictOfInterest",
    plural="conflictsOfInterest",
    comment=Message("Members who took no part in an item.", "Befangene Mitglieder."),
    row=ConflictOfInterestRow,
    readers=STAFF,
    key=("record_id", "item_id", "member_id"),
    facts=(facts.ConflictOfInterestDeclared,),
    key_of=key_of,
    fold=fold,
    order=("record_id", "item_id", "member_id"),
    indexes=(("member_id",),),
)
