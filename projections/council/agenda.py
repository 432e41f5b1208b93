"""The register of agenda items: one row for each item that stands on an agenda, with its vote and its outcome."""

from dataclasses import asdict, dataclass
from datetime import datetime
from json import dumps
from typing import Any
from uuid import UUID

from domain.council import facts
from domain.council.parts import AgendaItemData
from domain.council.vocabulary import Outcome
from domain.kernel import Code, Message, Number, Recorded, Sealed
from projections.council.publicness import PUBLIC_OR_STAFF
from projections.council.values import begun, given, of_source
from projections.model import Json, Projection, column, follow

FACTS = (
    facts.AgendaItemAdded,
    facts.AgendaItemMoved,
    facts.AgendaItemChanged,
    facts.AgendaItemRemoved,
    facts.PublicExcluded,
    facts.ConflictOfInterestDeclared,
    facts.VoteRecorded,
    facts.AgendaItemDecided,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemRow:
    """One agenda item (Tagesordnungspunkt)."""

    record_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    item_id: UUID = column("The item.", "Der Punkt.", filterable=True)
    number: Number | None = column("The number that is printed.", "Die gedruckte Nummer.", filterable=True)
    sequence: int = column("Its place on the agenda.", "Der Platz auf der Tagesordnung.", sortable=True)
    title: Sealed[str] | None = column("What it is about.", "Der Betreff.")
    public: bool = column("Whether the public may attend.", "Ob er öffentlich beraten wird.", filterable=True)
    exclusion_ground: Sealed[str] | None = column(
        "Why the public was excluded.", "Grund des Ausschlusses der Öffentlichkeit.", default=None
    )
    urgency: Sealed[str] | None = column("Why it joined late.", "Grund der Dringlichkeit.", default=None)
    paper_id: UUID | None = column("The paper.", "Die Vorlage.", filterable=True)
    consultation_id: UUID | None = column("The consultation.", "Die Beratung.", filterable=True)
    consultation_source: Number | None = column(
        "Its id in the source.", "Deren Kennung in der Quelle.", filterable=True
    )
    starts_at: datetime | None = column("When it began.", "Der Beginn.")
    ends_at: datetime | None = column("When it ended.", "Das Ende.")
    voting_members: int | None = column("Members with a vote who attended.", "Anwesende mit Stimmrecht.", default=None)
    yes: int | None = column("Votes for it.", "Ja-Stimmen.", sortable=True, default=None)
    no: int | None = column("Votes against it.", "Nein-Stimmen.", sortable=True, default=None)
    abstain: int | None = column("Abstentions.", "Enthaltungen.", default=None)
    biased: int | None = column("Members excluded from the vote.", "Befangene Mitglieder.", default=None)
    conflicts: int = column(
        "Members who take no part in it.", "Für befangen erklärte Mitglieder.", filterable=True, default=0
    )
    by_group: Json | None = column("The votes by group.", "Die Stimmen nach Fraktionen.", default=None)
    correction_reason: Sealed[str] | None = column(
        "Why the votes were counted anew.", "Grund der erneuten Auszählung.", default=None
    )
    decides_again_id: UUID | None = column(
        "The resolution that was objected to and is decided again in it.",
        "Der beanstandete Beschluss, über den erneut entschieden wird.",
        filterable=True,
        default=None,
    )
    outcome: Outcome | None = column("What came of it.", "Das Ergebnis.", filterable=True)
    source_result: Code | None = column("The source's word for it.", "Ergebnis nach der Quelle.", filterable=True)
    resolution_id: UUID | None = column("The resolution.", "Der Beschluss.", filterable=True, default=None)
    resolution_text: Sealed[str] | None = column(
        "The text that the source gives.", "Der Beschlusstext nach der Quelle.", default=None
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


def key_of(event: Recorded) -> tuple[UUID, UUID] | None:
    """The meeting and the item that an event is about."""
    item = getattr(event.fact, "item", None)
    return (event.record_id, item) if isinstance(item, UUID) else None


def fold(row: AgendaItemRow | None, event: Recorded) -> AgendaItemRow | None:
    """The item after an event."""
    match event.fact:
        case facts.AgendaItemAdded() as fact:
            return AgendaItemRow(
                record_id=event.record_id,
                item_id=fact.item,
                title=fact.title,
                urgency=fact.urgency,
                decides_again_id=fact.decides_again,
                resolution_text=fact.resolution_text,
                **_contents(fact.data),
                **of_source(fact.source),
                **begun(event),
            )
        case facts.AgendaItemRemoved():
            return None
    return None if row is None else follow(row, event, **_changes(row, event))


def _changes(row: AgendaItemRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.AgendaItemMoved() as fact:
            return {"number": fact.new.number, "sequence": fact.new.order}
        case facts.AgendaItemChanged() as fact:
            texts = given(fact.changed, title=fact.title, resolution_text=fact.resolution_text)
            return {**texts, **_contents(fact.data), **of_source(fact.source)}
        case facts.PublicExcluded() as fact:
            return {"public": False, "exclusion_ground": fact.ground}
        case facts.ConflictOfInterestDeclared():
            return {"conflicts": row.conflicts + 1}
        case facts.VoteRecorded() as fact:
            return {
                "voting_members": fact.voting_members,
                "yes": fact.yes,
                "no": fact.no,
                "abstain": fact.abstain,
                "biased": fact.biased,
                "by_group": Json(dumps([asdict(group) for group in fact.by_group], ensure_ascii=False)),
                "correction_reason": fact.correction_reason,
            }
        case facts.AgendaItemDecided() as fact:
            return {"outcome": fact.outcome, "resolution_id": fact.resolution}
    return {}


def _contents(data: AgendaItemData) -> dict[str, Any]:
    return {
        "number": data.number,
        "sequence": data.order,
        "public": data.public,
        "paper_id": data.paper.record if data.paper else None,
        "consultation_id": data.consultation.record if data.consultation else None,
        "consultation_source": data.consultation.source_id if data.consultation else None,
        "starts_at": data.start,
        "ends_at": data.end,
        "outcome": data.outcome,
        "source_result": data.source_result,
    }


PROJECTION = Projection(
    name="agenda_item",
    singular="AgendaItem",
    plural="agendaItems",
    comment=Message("The items on agendas.", "Die Tagesordnungspunkte."),
    row=AgendaItemRow,
    readers=PUBLIC_OR_STAFF,
    key=("record_id", "item_id"),
    facts=FACTS,
    key_of=key_of,
    fold=fold,
    order=("record_id", "sequence", "item_id"),
    indexes=(("paper_id",), ("consultation_id",), ("outcome", "recorded_at")),
)
