"""The register of holds: one row per place in a queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain.kernel import Message, Number, Recorded, Sealed
from domain.library import facts as f
from domain.library.vocabulary import CancellationGround, HoldStatus
from projections.model import Projection, column, follow
from projections.rights import OFFICE

KEPT: Final = timedelta(days=28)
"""How long a hold tells who waited, where the fact that ended it is of version 1, which does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """One hold. Who waits is a reference to a sealed text."""

    hold: UUID = column("The hold.", "Die Vormerkung.", filterable=True)
    record_id: UUID = column("The item's record.", "Der Datensatz des Exemplars.", filterable=True)
    barcode: Number = column("The item's barcode.", "Der Barcode des Exemplars.", filterable=True, sortable=True)
    status: HoldStatus = column("Where it stands.", "Status der Vormerkung.", filterable=True)
    patron_ref: Sealed[str] | None = column(
        "The reader's record, until it is forgotten.", "Der Datensatz der Person, bis zur Anonymisierung."
    )
    pickup_branch: Number = column("Where it is picked up.", "Abholort.", filterable=True)
    placed_on: date = column("When it was placed.", "Tag der Vormerkung.", filterable=True, sortable=True)
    ready_on: date | None = column(
        "When the item was set aside.", "Tag der Bereitstellung.", filterable=True, sortable=True, default=None
    )
    pickup_until: date | None = column(
        "The last day to pick it up.", "Letzter Tag der Abholung.", filterable=True, sortable=True, default=None
    )
    ended_on: date | None = column("When it ended.", "Tag des Endes.", filterable=True, sortable=True, default=None)
    days_waited: int | None = column(
        "Days from placing to being set aside.", "Wartetage bis zur Bereitstellung.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    anonymise_from: date | None = column(
        "The day from which it is to be forgotten who waited in vain.", "Tag, ab dem zu anonymisieren ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    anonymised_on: date | None = column(
        "When it was forgotten who waited in vain.", "Tag der Anonymisierung.", filterable=True, default=None
    )
    loan: UUID | None = column("The loan that fulfilled it.", "Die Ausleihe dazu.", filterable=True, default=None)
    moves: int = column("How often staff moved it in the queue.", "Zahl der Umreihungen.", filterable=True, default=0)
    cancelled_by: CancellationGround | None = column(
        "Who gave it up.", "Wer sie aufgab.", filterable=True, default=None
    )
    version: int = column("The item's version at its last event.", "Version des Exemplars bei ihrem letzten Ereignis.")
    position: int = column("Its last event.", "Ihr letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID] | None:
    """The hold that an event is about."""
    hold = getattr(event.fact, "hold", None)
    return None if hold is None else (hold,)


def fold(row: HoldRow | None, event: Recorded) -> HoldRow | None:
    """The hold after an event."""
    if row is None:
        return _placed(event, event.fact) if isinstance(event.fact, f.HoldPlaced) else None
    return follow(row, event, **_changes(row, event))


def _placed(event: Recorded, fact: f.HoldPlaced) -> HoldRow:
    return HoldRow(
        hold=fact.hold,
        record_id=event.record_id,
        barcode=fact.barcode,
        status=HoldStatus.PLACED,
        patron_ref=fact.patron_ref,
        pickup_branch=fact.pickup_branch,
        placed_on=fact.placed_on,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: HoldRow, event: Recorded) -> dict[str, Any]:
    day = event.effective.day
    match event.fact:
        case f.ItemSentInTransit():
            return {"status": HoldStatus.IN_TRANSIT}
        case f.ItemArrived():
            return {"status": HoldStatus.PLACED}
        case f.HoldReady() as fact:
            waited = max(0, (day - row.placed_on).days)
            return {
                "status": HoldStatus.READY,
                "ready_on": day,
                "pickup_until": fact.pickup_until,
                "days_waited": waited,
            }
        case f.HoldFulfilled() as fact:
            return {"status": HoldStatus.FULFILLED, "ended_on": day, "loan": fact.loan}
        case f.HoldExpired() as fact:
            return {"status": HoldStatus.EXPIRED, **_in_vain(fact, day)}
        case f.HoldCancelled() as fact:
            return {"status": HoldStatus.CANCELLED, **_in_vain(fact, day), "cancelled_by": fact.ground}
        case f.HoldAnonymised() as fact:
            return {"patron_ref": None, "anonymise_from": None, "anonymised_on": fact.anonymised_on}
        case f.HoldReordered():
            return {"moves": row.moves + 1}
    return {}


def _in_vain(fact: f.HoldExpired | f.HoldCancelled, day: date) -> dict[str, Any]:
    return {"ended_on": day, "anonymise_from": fact.anonymise_from or day + KEPT}


PROJECTION = Projection(
    name="hold",
    singular="Hold",
    plural="holds",
    comment=Message("The register of holds, waiting and ended.", "Das Verzeichnis der Vormerkungen."),
    row=HoldRow,
    readers=OFFICE,
    key=("hold",),
    facts=(
        f.HoldPlaced,
        f.HoldReordered,
        f.HoldReady,
        f.HoldFulfilled,
        f.HoldExpired,
        f.HoldCancelled,
        f.HoldAnonymised,
        f.ItemSentInTransit,
        f.ItemArrived,
    ),
    key_of=key_of,
    fold=fold,
    order=("placed_on",),
    indexes=(("status", "placed_on"), ("anonymise_from",), ("record_id",)),
)
