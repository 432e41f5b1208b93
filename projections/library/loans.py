"""The register of loans: one row per loan, from lending to the day on which it is forgotten who had the item.

OVERDUE is recorded by the calendar; whoever asks in between asks for `due` before today and `ended_on` null.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.kernel import Channel, Code, Message, Number, Recorded, Sealed
from domain.library import facts as f
from domain.library.vocabulary import AgeBand, LoanStatus, MediaType, ReturnPlace
from projections.model import Projection, column, follow
from projections.rights import OFFICE

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRow:
    """One loan. Who has it is a reference to a sealed text; once that is forgotten the rest stays."""

    loan: UUID = column("The loan.", "Die Ausleihe.", filterable=True)
    record_id: UUID = column("The item's record.", "Der Datensatz des Exemplars.", filterable=True)
    barcode: Number = column("The item's barcode.", "Der Barcode des Exemplars.", filterable=True, sortable=True)
    status: LoanStatus = column("Where it stands.", "Status der Ausleihe.", filterable=True)
    patron_ref: Sealed[str] | None = column(
        "The reader's record, until it is forgotten.", "Der Datensatz der Person, bis zur Anonymisierung."
    )
    age_band: AgeBand = column("The reader's age band.", "Altersstufe der Person.", filterable=True)
    media_type: MediaType = column("The kind of medium.", "Medienart.", filterable=True)
    branch: Number = column("Where it was lent.", "Wo ausgeliehen wurde.", filterable=True)
    channel: Channel = column("The way it was lent.", "Weg der Ausleihe.", filterable=True)
    lent_on: date = column("When it was lent.", "Tag der Ausleihe.", filterable=True, sortable=True)
    due: date = column(
        "When it is due: overdue are loans that have not ended and are due before today.",
        "Fälligkeit: überfällig sind nicht beendete Ausleihen mit früherem Datum als heute.",
        filterable=True,
        sortable=True,
    )
    terms: Code = column("The lending terms that last applied.", "Die zuletzt angewandten Leihfristen.")
    renewals: int = column("How often it was renewed.", "Zahl der Verlängerungen.", filterable=True, default=0)
    overrides: int = column(
        "How often staff set a rule aside for it.", "Zahl der Ausnahmen.", filterable=True, sortable=True, default=0
    )
    recalled_on: date | None = column("When it was recalled.", "Tag des Rückrufs.", filterable=True, default=None)
    overdue_since: date | None = column(
        "The first day after a due date that passed.", "Der erste Tag nach der verstrichenen Frist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    reminders: int = column("Reminders sent.", "Zahl der Mahnungen.", filterable=True, sortable=True, default=0)
    next_reminder_on: date | None = column(
        "When the next reminder is due.", "Tag der nächsten Mahnung.", filterable=True, sortable=True, default=None
    )
    claimed_on: date | None = column(
        "When the reader said it was back.", "Tag der Angabe, es sei zurück.", filterable=True, default=None
    )
    lost_on: date | None = column("When it was given up.", "Tag der Verlusterklärung.", filterable=True, default=None)
    found_on: date | None = column("When it turned up.", "Tag der Wiederauffindung.", filterable=True, default=None)
    hold: UUID | None = column("The hold it fulfilled.", "Die erfüllte Vormerkung.", filterable=True)
    ended_on: date | None = column(
        "When it ended: returned, lost or found.", "Tag des Endes: Rückgabe, Verlust oder Fund.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    returned_on: date | None = column(
        "When it came back.", "Tag der Rückgabe.", filterable=True, sortable=True, default=None
    )
    returned_to: Number | None = column("Where it came back.", "Ort der Rückgabe.", filterable=True, default=None)
    returned_by: ReturnPlace | None = column(
        "Over the counter or by the return box.", "Theke oder Rückgabekasten.", filterable=True, default=None
    )
    days_overdue: int | None = column(
        "Days it came back late.", "Tage der Verspätung.", filterable=True, sortable=True, default=None
    )
    charged: Decimal = column(
        "What was charged, in EUR.", "Berechnete Entgelte in EUR.", filterable=True, sortable=True
    )
    owed: Decimal = column("Owed, in EUR.", "Offene Entgelte in EUR.", filterable=True, sortable=True)
    anonymise_from: date | None = column(
        "The day from which it is to be forgotten who had the item.", "Tag, ab dem zu anonymisieren ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    anonymised_on: date | None = column(
        "When it was forgotten.", "Tag der Anonymisierung.", filterable=True, default=None
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
    loan = getattr(event.fact, "loan", None)
    return None if loan is None else (loan,)


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
        charged=NOTHING,
        owed=NOTHING,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _changes(row: LoanRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.LoanRenewed() as fact:
            return {**_prolonged(row, fact), "terms": fact.terms, "renewals": fact.count}
        case f.DueDateChanged() as fact:
            return _prolonged(row, fact)
        case f.ItemRecalled() as fact:
            return {**_prolonged(row, fact), "terms": fact.terms, "recalled_on": fact.recalled_on}
        case f.LoanBecameOverdue() as fact:
            late = {"status": LoanStatus.OVERDUE, "overdue_since": fact.overdue_since, "reminders": 0}
            return {**late, "next_reminder_on": fact.next_reminder_on}
        case f.ReminderSent() as fact:
            return {"reminders": fact.level, "next_reminder_on": fact.next_reminder_on}
        case f.ItemClaimedReturned() as fact:
            return {"status": LoanStatus.CLAIMED_RETURNED, "claimed_on": fact.claimed_on, "next_reminder_on": None}
        case f.LoanAnonymised() as fact:
            forgotten = {"status": LoanStatus.ANONYMISED, "patron_ref": None, "anonymise_from": None}
            return {**forgotten, "anonymised_on": fact.anonymised_on}
    return _ended(row, event)


def _prolonged(row: LoanRow, fact: f.LoanRenewed | f.DueDateChanged | f.ItemRecalled) -> dict[str, Any]:
    overridden = isinstance(fact, f.LoanRenewed | f.DueDateChanged) and bool(fact.overridden)
    again = {"status": LoanStatus.ACTIVE, "next_reminder_on": None, "reminders": 0}
    return {**again, "due": fact.due, "overrides": row.overrides + overridden}


def _ended(row: LoanRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.ItemReturned() as fact:
            return {
                **_end(row, LoanStatus.RETURNED, fact.returned_on, fact.anonymise_from),
                "returned_on": fact.returned_on,
                "returned_to": fact.branch,
                "returned_by": fact.place,
                "days_overdue": fact.days_overdue,
                "overrides": row.overrides + bool(fact.overridden),
            }
        case f.ItemDeclaredLost() as fact:
            lost = {"lost_on": fact.declared_on, "days_overdue": fact.days_overdue}
            return {**_end(row, LoanStatus.LOST, fact.declared_on, fact.anonymise_from), **lost}
        case f.ItemFound() as fact:
            days = row.days_overdue if fact.days_overdue is None else fact.days_overdue
            found = {"found_on": fact.found_on, "days_overdue": days, "returned_to": fact.branch}
            return {**_end(row, LoanStatus.FOUND, fact.found_on, fact.anonymise_from), **found}
        case f.ChargeRaised() as fact:
            return {"charged": row.charged + fact.amount.amount, "owed": row.owed + fact.amount.amount}
        case f.ChargePaid() | f.ChargeWaived() as fact:
            owed = row.owed - fact.amount.amount
            return {"owed": owed, **_settled(row, fact.anonymise_from)}
        case f.ChargeRefunded() as fact:
            return _settled(row, fact.anonymise_from)
    return {}


def _end(row: LoanRow, status: LoanStatus, day: date, anonymise_from: date | None) -> dict[str, Any]:
    end = {"status": status, "ended_on": row.ended_on or day, "next_reminder_on": None}
    return {**end, "anonymise_from": anonymise_from}


def _settled(row: LoanRow, anonymise_from: date | None) -> dict[str, Any]:
    """Of a lost item that was settled nothing is owed any more: PAID."""
    paid = row.status is LoanStatus.LOST and anonymise_from is not None
    return {"anonymise_from": anonymise_from, "status": LoanStatus.PAID if paid else row.status}


PROJECTION = Projection(
    name="loan",
    singular="Loan",
    plural="loans",
    comment=Message("The register of loans, running and returned.", "Das Verzeichnis der Ausleihen."),
    row=LoanRow,
    readers=OFFICE,
    key=("loan",),
    facts=(
        f.ItemLent,
        f.LoanRenewed,
        f.DueDateChanged,
        f.ItemRecalled,
        f.LoanBecameOverdue,
        f.ReminderSent,
        f.ItemClaimedReturned,
        f.ItemReturned,
        f.ItemDeclaredLost,
        f.ItemFound,
        f.ChargeRaised,
        f.ChargePaid,
        f.ChargeWaived,
        f.ChargeRefunded,
        f.LoanAnonymised,
    ),
    key_of=key_of,
    fold=fold,
    order=("due",),
    indexes=(("status", "due"), ("anonymise_from",), ("next_reminder_on",), ("record_id",), ("barcode",), ("lent_on",)),
)
