"""The registers of transits and of the lists that name them: what moved between which branches, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.kernel import Code, Message, Number, Recorded
from domain.library import facts as f
from domain.library.vocabulary import TransitStatus
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRow:
    """One item that moved: a journey of an item that is known, or a row of a list that names none."""

    record_id: UUID = column(
        "The item's or the list's record.", "Datensatz des Exemplars oder der Liste.", filterable=True
    )
    transit: int = column("Its number within the record.", "Laufende Nummer im Datensatz.", filterable=True)
    status: TransitStatus = column(
        "SENT, ARRIVED; RECORDED or RETRACTED on a list.", "Abgesandt, eingegangen; verzeichnet oder gestrichen.",
        filterable=True,
    )  # fmt: skip
    item_type: Code = column("What kind of item moved.", "Art des Exemplars.", filterable=True)
    from_branch: Number = column("Where from.", "Von wo.", filterable=True, sortable=True)
    from_authority: Number | None = column("The authority there.", "Träger dort.", filterable=True)
    to_branch: Number = column("Where to.", "Wohin.", filterable=True, sortable=True)
    to_authority: Number | None = column("The authority there.", "Träger dort.", filterable=True)
    sent_on: date = column("The day it was sent.", "Tag der Absendung.", filterable=True, sortable=True)
    arrived_on: date | None = column("The day it arrived.", "Tag des Eingangs.", filterable=True, default=None)
    arrived_at: Number | None = column("Where it arrived.", "Wo es eingegangen ist.", filterable=True, default=None)
    source: Number | None = column("Whose list names it.", "Wessen Liste es nennt.", filterable=True, default=None)
    occurrence: int | None = column("Which of equal rows it is.", "Die wievielte gleiche Zeile.", default=None)
    hold: UUID | None = column("The hold it went for.", "Die Vormerkung dazu.", filterable=True, default=None)
    version: int = column("The record's version at its last event.", "Version des Datensatzes.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID, int] | None:
    """The transit that an event is about."""
    match event.fact:
        case f.ItemSentInTransit() | f.ItemArrived() | f.TransitRecorded() | f.TransitRetracted() as fact:
            return (event.record_id, fact.transit)
    return None


def fold(row: TransitRow | None, event: Recorded) -> TransitRow | None:
    """The transit after an event."""
    match event.fact:
        case f.ItemSentInTransit() as fact:
            return TransitRow(
                record_id=event.record_id,
                transit=fact.transit,
                status=TransitStatus.SENT,
                item_type=fact.media_type,
                from_branch=fact.from_branch,
                from_authority=None,
                to_branch=fact.to_branch,
                to_authority=None,
                sent_on=fact.sent_on,
                hold=fact.hold,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case f.TransitRecorded() as fact:
            return TransitRow(
                record_id=event.record_id,
                transit=fact.transit,
                status=TransitStatus.RECORDED,
                item_type=fact.item_type,
                from_branch=fact.from_branch,
                from_authority=fact.from_authority,
                to_branch=fact.to_branch,
                to_authority=fact.to_authority,
                sent_on=fact.day,
                source=fact.source,
                occurrence=fact.occurrence,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
    return None if row is None else _changed(row, event)


def _changed(row: TransitRow, event: Recorded) -> TransitRow:
    match event.fact:
        case f.ItemArrived() as fact:
            arrived = {"arrived_on": fact.arrived_on, "arrived_at": fact.branch}
            return follow(row, event, status=TransitStatus.ARRIVED, **arrived)
        case f.TransitRetracted():
            return follow(row, event, status=TransitStatus.RETRACTED)
    return row


PROJECTION = Projection(
    name="transit",
    singular="Transit",
    plural="transits",
    comment=Message("The register of transits between branches.", "Das Verzeichnis der Transporte im Leihverkehr."),
    row=TransitRow,
    readers=OFFICE,
    key=("record_id", "transit"),
    facts=(f.ItemSentInTransit, f.ItemArrived, f.TransitRecorded, f.TransitRetracted),
    key_of=key_of,
    fold=fold,
    order=("-sent_on",),
    indexes=(("from_branch", "sent_on"), ("to_branch", "sent_on"), ("status", "sent_on")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRow:
    """One list: what left a branch on a day."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    reference: Number = column(
        "Day, authority and branch.", "Tag, Träger und Zweigstelle.", filterable=True, sortable=True
    )
    day: date = column("The day.", "Der Tag.", filterable=True, sortable=True)
    branch: Number = column("The branch.", "Die Zweigstelle.", filterable=True, sortable=True)
    authority: Number | None = column("Its authority.", "Ihr Träger.", filterable=True)
    transits: int = column(
        "Items on the list that are not retracted.", "Nicht gestrichene Exemplare.",
        filterable=True, sortable=True, default=0,
    )  # fmt: skip
    retracted: int = column("Items taken off the list.", "Gestrichene Exemplare.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def fold_dispatch(row: DispatchRow | None, event: Recorded) -> DispatchRow | None:
    """The list after an event."""
    match event.fact:
        case f.DispatchOpened() as fact:
            return DispatchRow(
                record_id=event.record_id,
                reference=fact.reference,
                day=fact.day,
                branch=fact.branch,
                authority=fact.authority,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case f.TransitRecorded() if row is not None:
            return follow(row, event, transits=row.transits + 1)
        case f.TransitRetracted() if row is not None:
            return follow(row, event, transits=row.transits - 1, retracted=row.retracted + 1)
    return row


DISPATCHES = Projection(
    name="dispatch",
    singular="Dispatch",
    plural="dispatches",
    comment=Message("The register of dispatch lists.", "Das Verzeichnis der Transportlisten."),
    row=DispatchRow,
    readers=OFFICE,
    facts=(f.DispatchOpened, f.TransitRecorded, f.TransitRetracted),
    fold=fold_dispatch,
    kind="dispatch",
    number="reference",
    order=("-day",),
    indexes=(("branch", "day"),),
)
