"""The register of titles: one row per title, as the catalogue has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel import Message, Number, PublicText, Recorded
from domain.library import facts as f
from domain.library.vocabulary import MediaType
from projections.model import Projection, column, follow
from projections.rights import EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleRow:
    """One title."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    catalogue_number: Number = column("The catalogue number.", "Die Katalognummer.", filterable=True, sortable=True)
    title: PublicText = column("The title.", "Der Titel.", filterable=True, sortable=True)
    creator: PublicText | None = column("Who is named on the cover.", "Verfasser.", filterable=True, sortable=True)
    isbn: Number | None = column("The ISBN.", "Die ISBN.", filterable=True)
    published: int | None = column("The year it came out.", "Erscheinungsjahr.", filterable=True, sortable=True)
    media_type: MediaType = column("The kind of medium.", "Medienart.", filterable=True)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann er aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def fold(row: TitleRow | None, event: Recorded) -> TitleRow | None:
    """The title after an event."""
    match event.fact:
        case f.TitleCatalogued() as fact:
            return TitleRow(
                record_id=event.record_id,
                catalogue_number=fact.catalogue_number,
                title=fact.title,
                creator=fact.creator,
                isbn=fact.isbn,
                published=fact.published,
                media_type=fact.media_type,
                version=event.version,
                position=event.position,
                recorded_at=event.recorded_at,
                changed_at=event.recorded_at,
            )
        case f.TitleCorrected() as fact if row is not None:
            return follow(row, event, **{fact.field: fact.new, "corrections": row.corrections + 1})
    return row


PROJECTION = Projection(
    name="title",
    singular="Title",
    plural="titles",
    comment=Message("The register of titles.", "Das Verzeichnis der Titel."),
    row=TitleRow,
    readers=EVERYBODY,
    facts=(f.TitleCatalogued, f.TitleCorrected),
    fold=fold,
    kind="title",
    number="catalogue_number",
    order=("title",),
    indexes=(("title",), ("isbn",)),
)
