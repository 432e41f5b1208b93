"""The register of bodies: one row per body, as it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from domain.council import facts
from domain.council.parts import BodyData
from domain.council.vocabulary import BodyType, Publication
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.values import begun, given, of_source
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """One body (Gremium)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    code: Number | None = column("What it is known by.", "Das Kürzel.", filterable=True, sortable=True)
    short_name: Number | None = column(
        "What its source calls it for short.", "Die Kurzbezeichnung der Quelle.", filterable=True, sortable=True
    )
    name: Sealed[str] | None = column("Its name.", "Der Name.")
    body_type: BodyType = column("What it is.", "Die Art.", filterable=True)
    seats: int | None = column("Members with a vote.", "Stimmberechtigte Mitglieder.", sortable=True)
    parent_id: UUID | None = column("The body it belongs to.", "Das übergeordnete Gremium.", filterable=True)
    valid_from: date | None = column("Since when it is.", "Besteht seit.", filterable=True, sortable=True)
    valid_until: date | None = column("Until when it is.", "Besteht bis.", filterable=True)
    dissolved_on: date | None = column("When it was dissolved.", "Tag der Auflösung.", filterable=True, default=None)
    location: Sealed[str] | None = column("Where it is found.", "Der Ort.", default=None)
    website: Number | None = column("Its web site.", "Die Webseite.", default=None)
    source_type: Code | None = column("The source's word for its type.", "Art nach der Quelle.", filterable=True)
    source_classification: Code | None = column(
        "The source's classification.", "Klassifikation nach der Quelle.", filterable=True
    )
    publication: Publication = column(
        "Whether it stands in the public information system.", "Ob es öffentlich im Informationssystem steht.",
        filterable=True, default=Publication.UNPUBLISHED,
    )  # fmt: skip
    depublication_reason: Sealed[str] | None = column(
        "Why it was depublished.", "Grund der Depublikation.", default=None
    )
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


def fold(row: BodyRow | None, event: Recorded) -> BodyRow | None:
    """The body after an event."""
    match event.fact:
        case facts.BodyEstablished() as fact:
            return BodyRow(
                record_id=event.record_id,
                code=fact.code,
                name=fact.name,
                location=fact.location,
                **_contents(fact.data),
                **of_source(fact.source),
                **begun(event),
            )
        case facts.BodyAmended() as fact if row:
            texts = given(fact.changed, name=fact.name, location=fact.location)
            return follow(row, event, **texts, **_contents(fact.data), **of_source(fact.source))
        case facts.BodyDissolved() as fact if row:
            return follow(row, event, dissolved_on=fact.dissolved_on)
        case facts.BodyPublished() if row:
            return follow(row, event, publication=Publication.PUBLISHED, depublication_reason=None)
        case facts.BodyDepublished() as fact if row:
            state = Publication.DELETED_AT_SOURCE if fact.at_source else Publication.DEPUBLISHED
            return follow(row, event, publication=state, depublication_reason=fact.reason)
    return row


def _contents(data: BodyData) -> dict[str, Any]:
    return {
        "short_name": data.short_name,
        "body_type": data.body_type,
        "seats": data.seats,
        "parent_id": data.parent.record if data.parent else None,
        "valid_from": data.valid_from,
        "valid_until": data.valid_until,
        "website": data.website,
        "source_type": data.source_type,
        "source_classification": data.source_classification,
    }


PROJECTION = Projection(
    name="body",
    singular="Body",
    plural="bodies",
    comment=Message("The register of bodies.", "Das Verzeichnis der Gremien."),
    row=BodyRow,
    readers=OFFICE,
    facts=get_args(facts.BodyFact),
    fold=fold,
    kind="body",
    number="code",
    order=("code",),
    indexes=(("short_name",), ("body_type", "code"), ("source_id",)),
)
