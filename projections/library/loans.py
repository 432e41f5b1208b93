"""The register of loans: one row per loan. An overdue loan is one that is ACTIVE and due before the day of asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.kernel import Channel, Code, Message, Number, Recorded, Sealed
from domain.library import facts as f
from domain.library.vocabulary import AgeBand, LoanStatus, MediaType
from projections.model import Projection, column, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRow:
    """One loan. Who has it is a reference to a sealed text; once that is forgotten the rest stays."""

    loan: UUID = column("The loan.", "Die Ausleihe.", filterable=True)
    record_id: UUID = column("The item's record.", "Der Datensatz des Exemplars.", filterable=True)
    barcode: Number = column("The item's barcode.", "Der Barcode des Exemplars.", filterable=True, sortable=True)
    status: LoanStatus = column("ACTIVE or RETURNED.", "Laufend oder zurückgegeben.", filterable=True)
    patron_ref: Sealed[str] = column("The reader's record.", "Der Datensatz der Person.")
    age_band: AgeBand = column("The reader's age band.", "Altersstufe der Person.", filterable=True)
    media_type: MediaType = column("The kind of medium.", "Medienart.", filterable=True)
    branch: Number = column("Where it was lent.", "Wo ausgeliehen wurde.", filterable=True)
    channel: Channel = column("The way it was lent.", "Weg der Ausleihe.", filterable=True)
    lent_on: date = column("When it was lent.", "Tag der Ausleihe.", filterable=True, sortable=True)
    due: date = column(
        "When it is due: overdue are ACTIVE loans due before today.",
        "Fälligkeit: überfällig sind laufende Ausleihen mit früherem Datum als heute.",
        filterable=True,
        sortable=True,
    )
    terms: Code = column("The lending terms that last applied.", "Die zuletzt angewandten Leihfristen.")
    renewals: int = column("How often it was renewed.", "Zahl der Verlängerungen.", filterable=True, default=0)
    overrides: int = column(
        "How often staff set a rule aside for it.", "Zahl der Ausnahmen.", filterable=True, sortable=True, default=0
    )
    hold: UUID | None = column("The hold it fulfilled.", "Die erfüllte Vormerkung.", filterable=True)
    returned_on: date | None = column(
        "When it came back.", "Tag der Rückgabe.", filterable=True, sortable=True, default=None
    )
    returned_to: Number | None = column("Where it came back.", "Ort der Rückgabe.", filterable=True, default=None)
    days_overdue: int | None = column(
        "Days it came back late.", "Tage der Verspätung.", filterable=True, sortable=True, default=None
    )
    version: int = column("The item's version at its last event.", "Version des Exemplars bei seinem letzten Ereignis.")
    position: int = column("Its last event.", "Ihr letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID] | None:
    """The loan that an event is about."""
    match event.fact:
        case f.ItemLent() | f.LoanRenewed() | f.ItemReturned() as fact:
            return (fact.loan,)
    return None


def fold(row: LoanRow | None, event: Recorded) -> LoanRow | None:
    """The loan after an event."""
    if row is None:
        return _lent(event, event.fact) if isinstance(event.fact, f.ItemLent) else None
    return follow(row, event, **_changes(row, event))


def _lent(event: Recorded, fact: f.ItemLent) -> LoanRow:
    return LoanRow(
        loan=fact.loan,
        record_id=event.record_id,
        barcode=fact.barcode,
        status=LoanStatus.ACTIVE,
        patron_ref=fact.patron_ref,
        age_band=fact.age_band,
        media_type=fact.media_type,
        branch=fact.branch,
        channel=event.envelope.channel,
        lent_on=fact.lent_on,
        due=fact.due,
        terms=fact.terms,
        hold=fact.hold,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: LoanRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.LoanRenewed() as fact:
            overrides = row.overrides + bool(fact.overridden)
            return {"due": fact.due, "terms": fact.terms, "renewals": fact.count, "overrides": overrides}
        case f.ItemReturned() as fact:
            return {
                "status": LoanStatus.RETURNED,
                "returned_on": fact.returned_on,
                "returned_to": fact.branch,
                "days_overdue": fact.days_overdue,
            }
    return {}


PROJECTION = Projection(
    name="loan",
    singular="Loan",
    plural="loans",
    comment=Message("The register of loans, running and returned.", "Das Verzeichnis der Ausleihen."),
    row=LoanRow,
    key=("loan",),
    facts=(f.ItemLent, f.LoanRenewed, f.ItemReturned),
    key_of=key_of,
    fold=fold,
    order=("due",),
    indexes=(("status", "due"), ("record_id",), ("barcode",), ("lent_on",)),
)
