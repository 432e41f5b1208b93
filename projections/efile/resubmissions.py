"""The register of resubmissions: one row per resubmission of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from domain.efile import facts
from domain.efile.vocabulary import ResubmissionStatus
from domain.kernel import Code, Message, Recorded, Sealed
from projections.efile.cases import PROJECTION as CASES
from projections.model import Projection, column, follow
from projections.rights import within


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmissionRow:
    """A day on which a case is laid before a unit again (Wiedervorlage)."""

    record_id: UUID = column("The case.", "Der Vorgang.", filterable=True)
    no: int = column("Its number in the case.", "Ihre Nummer im Vorgang.", filterable=True, sortable=True)
    due: date = column("The day.", "Der Tag.", filterable=True, sortable=True)
    addressee: Code = column("The unit.", "Die Stelle.", filterable=True, sortable=True)
    status: ResubmissionStatus = column("Where it stands.", "Stand.", filterable=True)
    settled_on: date | None = column(
        "When it was seen to or cancelled.", "Wann sie erledigt oder aufgehoben wurde.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    reason: Sealed[str] = column("What it is for.", "Wozu.")
    note: Sealed[str] | None = column(
        "What came of it, or why it was cancelled.", "Was daraus wurde oder warum sie aufgehoben wurde.", default=None
    )
    version: int = column("The case's version at its last event.", "Version des Vorgangs beim letzten Ereignis.")
    position: int = column("Its last event.", "Ihr letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was scheduled.", "Wann sie verfügt wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.", filterable=True
    )


def key_of(event: Recorded) -> tuple[UUID, int] | None:
    """The case and the number of the resubmission."""
    fact = event.fact
    return (event.record_id, fact.no) if isinstance(fact, facts.ResubmissionFact) else None


def fold(row: ResubmissionRow | None, event: Recorded) -> ResubmissionRow | None:
    """The resubmission after an event."""
    day = event.effective.day
    match event.fact:
        case facts.ResubmissionScheduled() as fact:
            return ResubmissionRow(
                record_id=event.record_id,
                no=fact.no,
                due=fact.due,
                addressee=fact.addressee,
                status=ResubmissionStatus.SCHEDULED,
                reason=fact.reason,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case facts.ResubmissionBecameOverdue() if row:
            return follow(row, event, status=ResubmissionStatus.OVERDUE)
        case facts.ResubmissionDone() as fact if row:
            return follow(row, event, status=ResubmissionStatus.DONE, settled_on=day, note=fact.note)
        case facts.ResubmissionCancelled() as fact if row:
            return follow(row, event, status=ResubmissionStatus.CANCELLED, settled_on=day, note=fact.reason)
    return row


PROJECTION = Projection(
    name="resubmission",
    singular="Resubmission",
    plural="resubmissions",
    comment=Message("The register of resubmissions.", "Das Verzeichnis der Wiedervorlagen."),
    row=ResubmissionRow,
    readers=within("record_id", CASES),
    key=("record_id", "no"),
    facts=get_args(facts.ResubmissionFact),
    key_of=key_of,
    fold=fold,
    order=("due", "record_id", "no"),
    indexes=(("status", "due"), ("addressee", "due")),
)
