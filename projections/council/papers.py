"""The register of papers: one row per paper, as it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from domain.council import facts
from domain.council.evolve import Changed, co_signed_after, status_after
from domain.council.parts import PaperData
from domain.council.vocabulary import Outcome, PaperField, PaperStatus, PaperType, Publication
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.publicness import PUBLIC_OR_STAFF
from projections.council.values import begun, given, ids, of_source, sources
from projections.model import Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One paper (Vorlage)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    reference: Number | None = column("Its reference.", "Die Drucksachennummer.", filterable=True, sortable=True)
    title: Sealed[str] | None = column("What it is about.", "Der Betreff.")
    paper_type: PaperType = column("What it asks for.", "Die Art.", filterable=True)
    status: PaperStatus = column("Where it stands.", "Bearbeitungsstand.", filterable=True)
    public: bool = column("Whether it may be published.", "Ob sie öffentlich ist.", filterable=True)
    dated: date | None = column("Its date.", "Das Datum.", filterable=True, sortable=True)
    released_on: date | None = column(
        "When it was released.", "Tag der Freigabe.", filterable=True, sortable=True, default=None
    )
    co_signed_by: tuple[Code, ...] = column(
        "The units that co-signed it.", "Die mitzeichnenden Stellen.", filterable=True, default=()
    )
    lead_unit: Code | None = column("The unit in charge.", "Die federführende Stelle.", filterable=True, sortable=True)
    originators: tuple[UUID, ...] = column("The bodies it comes from.", "Die Urheber.", filterable=True)
    under_direction_of: tuple[UUID, ...] = column("The units in charge.", "Die Federführenden.", filterable=True)
    under_direction_of_sources: tuple[Number, ...] = column(
        "Their ids in the source; they may not be here.", "Deren Kennungen in der Quelle; sie fehlen hier womöglich.",
        filterable=True,
    )  # fmt: skip
    superordinated: tuple[UUID, ...] = column("Papers above it.", "Übergeordnete Vorlagen.", filterable=True)
    subordinated: tuple[UUID, ...] = column("Papers below it.", "Untergeordnete Vorlagen.", filterable=True)
    related: tuple[UUID, ...] = column("Related papers.", "Verwandte Vorlagen.", filterable=True)
    location: Sealed[str] | None = column("The place it is about.", "Der Ort, um den es geht.")
    consultations: int = column("How many are planned.", "Zahl der vorgesehenen Beratungen.", sortable=True, default=0)
    files: int = column("How many files it has.", "Zahl der Dateien.", sortable=True, default=0)
    outcome: Outcome | None = column("The last outcome.", "Das letzte Ergebnis.", filterable=True, default=None)
    resolution_id: UUID | None = column("The last resolution.", "Der letzte Beschluss.", filterable=True, default=None)
    ended_on: date | None = column(
        "When it was settled.", "Tag der Erledigung.", filterable=True, sortable=True, default=None
    )
    source_type: Code | None = column("The source's word for its type.", "Art nach der Quelle.", filterable=True)
    publication: Publication = column(
        "Whether it stands in the public information system.", "Ob es öffentlich im Informationssystem steht.",
        filterable=True, default=Publication.UNPUBLISHED,
    )  # fmt: skip
    depublication_reason: Sealed[str] | None = column(
        "Why it was depublished.", "Grund der Depublikation.", default=None
    )
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
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


def fold(row: PaperRow | None, event: Recorded) -> PaperRow | None:
    """The paper after an event."""
    if isinstance(event.fact, facts.PaperDrafted):
        fact = event.fact
        return PaperRow(
            record_id=event.record_id,
            reference=fact.reference,
            title=fact.title,
            location=fact.location,
            status=PaperStatus.DRAFT,
            **_contents(fact.data),
            **of_source(fact.source),
            **begun(event),
        )
    return None if row is None else follow(row, event, **_changes(row, event))


def _changes(row: PaperRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.PaperCoSigned() as fact:
            return {"status": PaperStatus.CO_SIGNED, "co_signed_by": (*row.co_signed_by, fact.unit)}
        case facts.PaperReleased() as fact:
            return {"status": PaperStatus.RELEASED, "released_on": fact.released_on}
        case facts.PaperAmended() as fact:
            texts = given(fact.changed, title=fact.title, location=fact.location)
            return {**texts, **_contents(fact.data), **of_source(fact.source), **_unsigned(row, fact)}
        case facts.PaperWithdrawn():
            return {"status": PaperStatus.WITHDRAWN, "ended_on": event.effective.day}
        case facts.ConsultationPlanned():
            return {"consultations": row.consultations + 1}
        case facts.ConsultationCancelled():
            return {"consultations": row.consultations - 1}
        case facts.ConsultationScheduled():
            return {"status": PaperStatus.IN_CONSULTATION}
        case facts.PaperDecided() as fact:
            status = status_after(row.status, fact)
            ended = event.effective.day if status.settled and not row.status.settled else row.ended_on
            resolution = fact.resolution or row.resolution_id
            return {"status": status, "outcome": fact.outcome, "resolution_id": resolution, "ended_on": ended}
        case facts.PaperFileAttached() as fact:
            return {"files": row.files + 1, **_unsigned(row, fact)}
        case facts.PaperFileRemoved() as fact:
            return {"files": row.files - 1, **_unsigned(row, fact)}
        case facts.PaperPublished():
            return {"publication": Publication.PUBLISHED, "depublication_reason": None}
        case facts.PaperDepublished() as fact:
            state = Publication.DELETED_AT_SOURCE if fact.at_source else Publication.DEPUBLISHED
            return {"publication": state, "depublication_reason": fact.reason}
        case facts.PaperCorrected() as fact:
            return {**_corrected(fact), "corrections": row.corrections + 1, **_unsigned(row, fact)}
    return {}


def _unsigned(row: PaperRow, fact: Changed) -> dict[str, Any]:
    status, units = co_signed_after(row.status, row.co_signed_by, fact)
    return {"status": status, "co_signed_by": units}


def _contents(data: PaperData) -> dict[str, Any]:
    return {
        "paper_type": data.paper_type,
        "public": data.public,
        "dated": data.dated,
        "lead_unit": data.lead_unit,
        "originators": ids(data.originators),
        "under_direction_of": ids(data.under_direction_of),
        "under_direction_of_sources": sources(data.under_direction_of),
        "superordinated": ids(data.superordinated),
        "subordinated": ids(data.subordinated),
        "related": ids(data.related),
        "source_type": data.source_type,
    }


def _corrected(fact: facts.PaperCorrected) -> dict[str, Any]:
    match fact.field:
        case PaperField.TITLE:
            return {"title": fact.new_sealed}
        case PaperField.PAPER_TYPE:
            return {"paper_type": PaperType(fact.new or PaperType.OTHER)}
        case PaperField.LEAD_UNIT:
            return {"lead_unit": fact.new}
        case PaperField.DATED:
            return {"dated": date.fromisoformat(fact.new) if fact.new else None}


PROJECTION = Projection(
    name="paper",
    singular="Paper",
    plural="papers",
    comment=Message("The register of papers.", "Das Verzeichnis der Vorlagen."),
    row=PaperRow,
    readers=PUBLIC_OR_STAFF,
    facts=get_args(facts.PaperFact),
    fold=fold,
    kind="paper",
    number="reference",
    order=("reference",),
    indexes=(("status", "dated"), ("dated",), ("paper_type", "dated"), ("lead_unit", "dated"), ("source_id",)),
)
