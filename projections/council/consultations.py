"""The register of consultations: one row for each body that is to deal with a paper, until it is cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.council import facts
from domain.council.parts import ConsultationData
from domain.council.vocabulary import ConsultationRole, Outcome
from domain.kernel import Code, Message, Number, Recorded
from projections.council.papers import PROJECTION as PAPERS
from projections.council.values import begun, ids, of_source, sources
from projections.model import Projection, column, follow
from projections.rights import within

FACTS = (
    facts.ConsultationPlanned,
    facts.ConsultationChanged,
    facts.ConsultationCancelled,
    facts.ConsultationScheduled,
    facts.ConsultationUnscheduled,
    facts.PaperDecided,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRow:
    """One consultation (Beratung) of a paper by a body."""

    record_id: UUID = column("The paper.", "Die Vorlage.", filterable=True)
    consultation_id: UUID = column("The consultation.", "Die Beratung.", filterable=True)
    bodies: tuple[UUID, ...] = column("The bodies.", "Die Gremien.", filterable=True)
    body_sources: tuple[Number, ...] = column(
        "Their ids in the source; they may not be here.", "Deren Kennungen in der Quelle; sie fehlen hier womöglich.",
        filterable=True,
    )  # fmt: skip
    role: ConsultationRole = column("What the body does.", "Die Rolle.", filterable=True)
    authoritative: bool = column("Whether it settles the paper.", "Ob sie entscheidet.", filterable=True)
    sequence: int | None = column(
        "Bodies of a lower number consult before.", "Platz in der Beratungsfolge.", filterable=True, sortable=True
    )
    over: bool = column("Whether the body has finished.", "Ob sie beendet ist.", filterable=True, default=False)
    meeting_id: UUID | None = column("The meeting.", "Die Sitzung.", filterable=True)
    meeting_source: Number | None = column("Its id in the source.", "Deren Kennung in der Quelle.", filterable=True)
    item_id: UUID | None = column("The agenda item.", "Der Tagesordnungspunkt.", filterable=True)
    item_source: Number | None = column("Its id in the source.", "Dessen Kennung in der Quelle.", filterable=True)
    outcome: Outcome | None = column("What came of it.", "Das Ergebnis.", filterable=True, default=None)
    source_role: Code | None = column("The source's word for the role.", "Rolle nach der Quelle.", filterable=True)
    source: Code | None = column(
        "The system it was imported from.", "Das Herkunftssystem.", filterable=True, default=None
    )
    source_id: Number | None = column("Its id there.", "Die Kennung dort.", filterable=True, default=None)
    source_modified: datetime | None = column(
        "When the source last changed it.", "Letzte Änderung in der Quelle.", default=None
    )
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
    """The paper and the consultation that an event is about."""
    consultation = getattr(event.fact, "consultation", None)
    return (event.record_id, consultation) if isinstance(consultation, UUID) else None


def fold(row: ConsultationRow | None, event: Recorded) -> ConsultationRow | None:
    """The consultation after an event."""
    match event.fact:
        case facts.ConsultationPlanned() as fact:
            return ConsultationRow(
                record_id=event.record_id,
                consultation_id=fact.consultation,
                sequence=fact.order,
                **_contents(fact.data),
                **of_source(fact.source),
                **begun(event),
            )
        case facts.ConsultationCancelled():
            return None
        case facts.ConsultationChanged() as fact if row:
            return follow(row, event, **_contents(fact.data), **of_source(fact.source))
        case facts.ConsultationScheduled() as fact if row:
            return follow(row, event, meeting_id=fact.meeting, item_id=fact.item)
        case facts.ConsultationUnscheduled() if row:
            return follow(row, event, meeting_id=None, item_id=None)
        case facts.PaperDecided() as fact if row:
            off = {"meeting_id": None, "item_id": None} if fact.pending else {"over": True}
            return follow(row, event, outcome=fact.outcome, **off)
    return row


def _contents(data: ConsultationData) -> dict[str, Any]:
    return {
        "bodies": ids(data.bodies),
        "body_sources": sources(data.bodies),
        "role": data.role,
        "authoritative": data.authoritative,
        "meeting_id": data.meeting.record if data.meeting else None,
        "meeting_source": data.meeting.source_id if data.meeting else None,
        "item_id": data.item.record if data.item else None,
        "item_source": data.item.source_id if data.item else None,
        "source_role": data.source_role,
    }


PROJECTION = Projection(
    name="consultation",
    singular="Consultation",
    plural="consultations",
    comment=Message("The consultations of papers.", "Die Beratungen der Vorlagen."),
    row=ConsultationRow,
    readers=within("record_id", PAPERS),
    key=("record_id", "consultation_id"),
    facts=FACTS,
    key_of=key_of,
    fold=fold,
    order=("record_id", "consultation_id"),
    indexes=(("meeting_id",), ("role", "recorded_at")),
)
