"""The register of charges: one row for each late or lost item and each year of membership that was charged for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.kernel import ChargeKind, Code, Message, Number, Recorded
from domain.library import facts as f
from domain.library.vocabulary import ChargeCause, ChargeStatus, MeansOfPayment, ReliefGround
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRow:
    """One charge. It names a loan or a membership, and nothing that joins the two."""

    charge: UUID = column("The charge.", "Das Entgelt.", filterable=True)
    record_id: UUID = column(
        "The item's or the reader's record.", "Der Datensatz des Exemplars oder der Person.", filterable=True
    )
    kind: ChargeKind = column("Under private or public law.", "Entgelt oder Gebühr.", filterable=True)
    cause: ChargeCause = column("What for.", "Wofür.", filterable=True)
    status: ChargeStatus = column("Where it stands.", "Status des Entgelts.", filterable=True)
    amount: Decimal = column("How much, in its currency.", "Betrag in seiner Währung.", filterable=True, sortable=True)
    currency: Code = column("The currency (ISO 4217).", "Die Währung (ISO 4217).", filterable=True)
    month: date = column(
        "The month it was raised in, by its first day.", "Der Monat der Erhebung, als sein erster Tag.",
        filterable=True, sortable=True,
    )  # fmt: skip
    raised_on: date = column("When it was raised.", "Tag der Erhebung.", filterable=True, sortable=True)
    table_version: Code = column("The charge table applied.", "Die angewandte Entgeltordnung.", filterable=True)
    weeks: int | None = column("Started weeks that are charged.", "Berechnete angefangene Wochen.")
    branch: Number = column("Where it was lent, or registered.", "Ort der Ausleihe oder Anmeldung.", filterable=True)
    loan: UUID | None = column("The loan it is for.", "Die Ausleihe dazu.", filterable=True)
    period_until: date | None = column("The end of the year it is for.", "Ende des berechneten Jahres.")
    paid_on: date | None = column("When it was paid.", "Tag der Zahlung.", filterable=True, sortable=True, default=None)
    method: MeansOfPayment | None = column("How it was paid.", "Zahlungsart.", filterable=True, default=None)
    waived_on: date | None = column("When it was waived.", "Tag des Erlasses.", filterable=True, default=None)
    refunded_on: date | None = column("When it was paid back.", "Tag der Erstattung.", filterable=True, default=None)
    ground: ReliefGround | None = column(
        "Why it was waived or paid back.", "Grund des Erlasses oder der Erstattung.", filterable=True, default=None
    )
    relieved_by: UUID | None = column(
        "Who waived it or paid it back, as a pseudonym.", "Wer erließ oder erstattete, als Pseudonym.",
        filterable=True, default=None,
    )  # fmt: skip
    version: int = column("The record's version at its last event.", "Version des Datensatzes.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann es aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def key_of(event: Recorded) -> tuple[UUID] | None:
    """The charge that an event is about."""
    charge = getattr(event.fact, "charge", None)
    return None if charge is None else (charge,)


def fold(row: ChargeRow | None, event: Recorded) -> ChargeRow | None:
    """The charge after an event."""
    match event.fact:
        case f.ChargeRaised() as fact:
            return _raised(event, fact, fact.raised_on, weeks=fact.weeks, loan=fact.loan, period_until=None)
        case f.MembershipFeeRaised() as fact:
            return _raised(event, fact, fact.period_from, weeks=None, loan=None, period_until=fact.period_until)
    return None if row is None else follow(row, event, **_changes(event))


def _raised(event: Recorded, fact: f.ChargeRaised | f.MembershipFeeRaised, day: date, **more: Any) -> ChargeRow:
    return ChargeRow(
        charge=fact.charge,
        record_id=event.record_id,
        kind=fact.charge_kind,
        cause=fact.cause,
        status=ChargeStatus.OPEN,
        amount=fact.amount.amount,
        currency=fact.amount.currency,
        month=day.replace(day=1),
        raised_on=day,
        table_version=fact.table,
        branch=fact.branch,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
        **more,
    )


def _changes(event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.ChargePaid() | f.MembershipFeePaid() as fact:
            return {"status": ChargeStatus.PAID, "paid_on": fact.paid_on, "method": fact.method}
        case f.ChargeWaived() | f.MembershipFeeWaived() as fact:
            waived = {"status": ChargeStatus.WAIVED, "waived_on": fact.waived_on}
            return {**waived, "ground": fact.ground, "relieved_by": fact.waived_by}
        case f.ChargeRefunded() | f.MembershipFeeRefunded() as fact:
            refunded = {"status": ChargeStatus.REFUNDED, "refunded_on": fact.refunded_on}
            return {**refunded, "ground": fact.ground, "relieved_by": fact.refunded_by}
    return {}


PROJECTION = Projection(
    name="charge",
    singular="Charge",
    plural="charges",
    comment=Message("The register of the library's charges.", "Das Verzeichnis der Entgelte der Bibliothek."),
    row=ChargeRow,
    readers=OFFICE,
    key=("charge",),
    facts=(
        f.ChargeRaised,
        f.ChargePaid,
        f.ChargeWaived,
        f.ChargeRefunded,
        f.MembershipFeeRaised,
        f.MembershipFeePaid,
        f.MembershipFeeWaived,
        f.MembershipFeeRefunded,
    ),
    key_of=key_of,
    fold=fold,
    order=("-raised_on",),
    indexes=(("status", "raised_on"), ("record_id",), ("loan",)),
)
