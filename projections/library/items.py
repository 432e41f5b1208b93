"""The register of items: one row per copy, where it stands and who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.kernel import Message, Number, PublicText, Recorded
from domain.library import facts as f
from domain.library.vocabulary import ItemStatus, MediaType
from projections.model import Projection, column, follow
from projections.rights import EVERYBODY, INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One copy."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    barcode: Number = column("The barcode.", "Der Barcode.", filterable=True, sortable=True)
    status: ItemStatus = column("Where it stands.", "Status des Exemplars.", filterable=True)
    title: PublicText = column("The title.", "Der Titel.", filterable=True, sortable=True)
    title_id: UUID | None = column("The title's record.", "Der Datensatz des Titels.", filterable=True)
    media_type: MediaType = column("The kind of medium.", "Medienart.", filterable=True)
    shelf_mark: Number | None = column("The shelf mark.", "Signatur.", filterable=True, sortable=True)
    branch: Number = column("Where it is, or was last.", "Wo es ist oder zuletzt war.", filterable=True)
    bound_for: Number | None = column("Where it is sent to.", "Wohin es unterwegs ist.", filterable=True, default=None)
    for_loan: bool = column("Whether it is lent at all.", "Ob es ausleihbar ist.", filterable=True)
    loan: UUID | None = column(
        "The running loan.", "Die laufende Ausleihe.", filterable=True, readers=INTERNAL, default=None
    )
    due: date | None = column(
        "When the running loan is due.", "Fälligkeit der Ausleihe.", filterable=True, sortable=True, default=None
    )
    holds_waiting: int = column(
        "Readers who wait for it.", "Zahl der offenen Vormerkungen.", filterable=True, sortable=True, default=0
    )
    queue: tuple[UUID, ...] = column(
        "The holds that wait, the next first.", "Offene Vormerkungen der Reihe nach.", readers=INTERNAL
    )
    loans: int = column("How often it was lent.", "Zahl der Ausleihen.", filterable=True, sortable=True, default=0)
    acquired_on: date = column("When it was acquired.", "Tag des Zugangs.", filterable=True, sortable=True)
    withdrawn_on: date | None = column(
        "When it left the stock.", "Tag der Aussonderung.", filterable=True, default=None
    )
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def fold(row: ItemRow | None, event: Recorded) -> ItemRow | None:
    """The copy after an event."""
    if row is None:
        return _acquired(event, event.fact) if isinstance(event.fact, f.ItemAcquired) else None
    return follow(row, event, **_changes(row, event))


def _acquired(event: Recorded, fact: f.ItemAcquired) -> ItemRow:
    return ItemRow(
        record_id=event.record_id,
        barcode=fact.barcode,
        status=ItemStatus.AVAILABLE,
        title=fact.title,
        title_id=fact.title_id,
        media_type=fact.media_type,
        shelf_mark=fact.shelf_mark,
        branch=fact.branch,
        for_loan=fact.for_loan,
        queue=(),
        acquired_on=event.effective.day,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: ItemRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.ItemCorrected() as fact:
            new = MediaType(fact.new or "") if fact.field == "media_type" else fact.new
            return {fact.field: new, "corrections": row.corrections + 1}
        case f.ItemWithdrawn():
            return {"status": ItemStatus.WITHDRAWN, "withdrawn_on": event.effective.day}
        case f.ItemLent() as fact:
            lent = {"status": ItemStatus.LENT, "branch": fact.branch, "loan": fact.loan, "due": fact.due}
            return {**lent, "loans": row.loans + 1}
        case f.LoanRenewed() | f.DueDateChanged() | f.ItemRecalled() as fact:
            return {"due": fact.due}
        case f.ItemAssignedToTitle() as fact:
            return {"title_id": fact.title_id, "title": fact.title}
        case f.ItemDeclaredLost():
            return {"status": ItemStatus.LOST, "loan": None, "due": None}
        case f.ItemFound() as fact:
            status = ItemStatus.AVAILABLE if row.withdrawn_on is None else ItemStatus.WITHDRAWN
            return {"status": status, "branch": fact.branch, "loan": None, "due": None}
        case f.ItemReturned() as fact:
            return {"status": ItemStatus.AVAILABLE, "branch": fact.branch, "loan": None, "due": None}
        case f.HoldPlaced() as fact:
            return _queue((*row.queue, fact.hold))
        case f.HoldReordered() as fact:
            rest = [hold for hold in row.queue if hold != fact.hold]
            return _queue((*rest[: fact.rank - 1], fact.hold, *rest[fact.rank - 1 :]))
        case f.HoldFulfilled() | f.HoldExpired() | f.HoldCancelled() as fact:
            return _queue(tuple(hold for hold in row.queue if hold != fact.hold))
        case f.ItemSentInTransit() as fact:
            return {"status": ItemStatus.IN_TRANSIT, "bound_for": fact.to_branch}
        case f.ItemArrived() as fact:
            return {"status": ItemStatus.AVAILABLE, "bound_for": None, "branch": fact.branch}
    return {}


def _queue(holds: tuple[UUID, ...]) -> dict[str, Any]:
    return {"queue": holds, "holds_waiting": len(holds)}


PROJECTION = Projection(
    name="item",
    singular="Item",
    plural="items",
    comment=Message("The register of the library's items.", "Das Verzeichnis der Exemplare."),
    row=ItemRow,
    readers=EVERYBODY,
    facts=(
        f.ItemAcquired,
        f.ItemAssignedToTitle,
        f.ItemCorrected,
        f.ItemWithdrawn,
        f.ItemLent,
        f.LoanRenewed,
        f.DueDateChanged,
        f.ItemRecalled,
        f.ItemReturned,
        f.ItemDeclaredLost,
        f.ItemFound,
        f.HoldPlaced,
        f.HoldReordered,
        f.HoldReady,
        f.HoldFulfilled,
        f.HoldExpired,
        f.HoldCancelled,
        f.ItemSentInTransit,
        f.ItemArrived,
    ),
    fold=fold,
    kind="item",
    number="barcode",
    order=("barcode",),
    indexes=(("title",), ("title_id",), ("status", "barcode"), ("branch", "status")),
)
