"""The register of readers: one row per membership, as it stands. Names are references to sealed texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.kernel import Channel, Message, Number, Recorded, Sealed, day_of
from domain.library import facts as f
from domain.library.vocabulary import AgeBand, BlockGround, DeactivationGround, PatronStatus
from domain.rights import Role
from projections.model import Projection, column, follow
from projections.rights import OFFICE, Own


@dataclass(frozen=True, slots=True, kw_only=True)
class PatronRow:
    """One membership."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    status: PatronStatus = column("Where the membership stands.", "Stand der Mitgliedschaft.", filterable=True)
    name: Sealed[str] = column("The reader's name.", "Name der Person.")
    born: Sealed[str] | None = column("The date of birth.", "Geburtsdatum.")
    card_number: Sealed[str] = column("The number of the card in use.", "Nummer des gültigen Ausweises.")
    age_band: AgeBand = column("The age band.", "Altersstufe.", filterable=True)
    guardian: Sealed[str] | None = column("Who consented for a minor.", "Wer für Minderjährige einwilligte.")
    guardian_consent: bool = column("Whether a guardian consents.", "Ob eine Einwilligung vorliegt.", filterable=True)
    branch: Number = column("The branch of the membership.", "Zweigstelle der Anmeldung.", filterable=True)
    block_ground: BlockGround | None = column("Why it is blocked.", "Sperrgrund.", filterable=True, default=None)
    deactivation_ground: DeactivationGround | None = column(
        "Why it rests.", "Warum sie ruht.", filterable=True, default=None
    )
    charged_until: date | None = column(
        "The last day of the last year charged for.", "Letzter Tag des zuletzt berechneten Jahres.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    fee_due_on: date | None = column(
        "The day from which the next annual fee is due.", "Tag, ab dem das nächste Jahresentgelt fällig ist.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    owed: Decimal = column("Open annual fees, in EUR.", "Offene Jahresentgelte in EUR.", filterable=True)
    registered_on: date = column("When it began.", "Tag der Anmeldung.", filterable=True, sortable=True)
    channel: Channel = column("The way of registration.", "Weg der Anmeldung.", filterable=True)
    cards: int = column("How many cards were issued.", "Zahl der ausgestellten Ausweise.", default=1)
    corrections: int = column("How often it was corrected.", "Zahl der Berichtigungen.", filterable=True, default=0)
    version: int = column("How many events it has.", "Zahl seiner Ereignisse.")
    position: int = column("Its last event.", "Sein letztes Ereignis.", filterable=True, sortable=True)
    recorded_at: datetime = column("When it was first recorded.", "Wann sie aufgezeichnet wurde.", filterable=True)
    changed_at: datetime = column(
        "When its last event was recorded.", "Wann das letzte Ereignis aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip


def fold(row: PatronRow | None, event: Recorded) -> PatronRow | None:
    """The membership after an event."""
    if row is None:
        return _begun(_registered(event, event.fact)) if isinstance(event.fact, f.PatronRegistered) else None
    changed = follow(row, event, **_changes(row, event))
    return replace(changed, fee_due_on=_fee_due_on(changed, event.effective.day))


def _registered(event: Recorded, fact: f.PatronRegistered) -> PatronRow:
    return PatronRow(
        record_id=event.record_id,
        status=PatronStatus.ACTIVE,
        name=fact.name,
        born=fact.born,
        card_number=fact.card_number,
        age_band=fact.age_band,
        guardian=fact.guardian,
        guardian_consent=fact.guardian_consent,
        branch=fact.branch,
        registered_on=event.effective.day,
        charged_until=fact.charged_until,
        owed=Decimal(0),
        channel=event.envelope.channel,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        changed_at=event.recorded_at,
    )


def _begun(row: PatronRow) -> PatronRow:
    # Who was taken over owed before to another system: facts of version 1 did not say until when.
    taken_over = row.channel is Channel.IMPORT
    begins = day_of(row.recorded_at) if taken_over and row.charged_until is None else row.registered_on
    return replace(row, fee_due_on=_fee_due_on(row, begins))


def _fee_due_on(row: PatronRow, day: date) -> date | None:
    """When the next year begins for those who pay: at once, after the year charged for, or when the reader came of age.

    Who is asked nothing now (young, resting) is asked from the day on which that changes.
    """
    if row.age_band is not AgeBand.ADULT or row.status is PatronStatus.INACTIVE:
        return None
    if row.charged_until is None:
        return row.fee_due_on or day
    return max(row.fee_due_on or day, row.charged_until + timedelta(days=1))


def _changes(row: PatronRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case f.PatronCardReplaced() as fact:
            return {"card_number": fact.card_number, "cards": row.cards + 1}
        case f.PatronAgeBandChanged() as fact:
            return {"age_band": fact.new}
        case f.GuardianConsentGiven() as fact:
            return {"guardian": fact.guardian, "guardian_consent": True}
        case f.GuardianConsentWithdrawn():
            return {"guardian_consent": False}
        case f.PatronBlocked() as fact:
            return _standing(row, block_ground=fact.ground)
        case f.PatronUnblocked():
            return _standing(row, block_ground=None)
        case f.PatronDeactivated() as fact:
            return _standing(row, deactivation_ground=fact.ground)
        case f.PatronReactivated():
            return _standing(row, deactivation_ground=None)
        case f.MembershipFeeRaised() as fact:
            return {"charged_until": fact.period_until, "owed": row.owed + fact.amount.amount}
        case f.MembershipFeePaid() | f.MembershipFeeWaived() as fact:
            return {"owed": row.owed - fact.amount.amount}
        case f.PatronCorrected() as fact:
            return {**_corrected(fact), "corrections": row.corrections + 1}
    return {}


def _standing(row: PatronRow, **grounds: Any) -> dict[str, Any]:
    """The grounds, and the status that follows: who is blocked and rests is inactive, and blocked again afterwards."""
    changed: dict[str, Any] = {"block_ground": row.block_ground, "deactivation_ground": row.deactivation_ground}
    changed |= grounds
    if changed["deactivation_ground"] is not None:
        return changed | {"status": PatronStatus.INACTIVE}
    return changed | {"status": PatronStatus.ACTIVE if changed["block_ground"] is None else PatronStatus.BLOCKED}


def _corrected(fact: f.PatronCorrected) -> dict[str, Any]:
    if fact.field == "age_band":
        return {"age_band": AgeBand(fact.new or "")}
    return {fact.field: fact.new if fact.new_sealed is None else fact.new_sealed}


PROJECTION = Projection(
    name="patron",
    singular="Patron",
    plural="patrons",
    comment=Message("The register of the library's readers.", "Das Verzeichnis der Bibliotheksbenutzer."),
    row=PatronRow,
    readers={**OFFICE, Role.CITIZEN: (Own(),)},
    facts=(
        f.PatronRegistered,
        f.PatronCardReplaced,
        f.PatronAgeBandChanged,
        f.GuardianConsentGiven,
        f.GuardianConsentWithdrawn,
        f.PatronBlocked,
        f.PatronUnblocked,
        f.PatronDeactivated,
        f.PatronReactivated,
        f.PatronCorrected,
        f.MembershipFeeRaised,
        f.MembershipFeePaid,
        f.MembershipFeeWaived,
    ),
    fold=fold,
    kind="patron",
    order=("-registered_on",),
    indexes=(("status", "registered_on"), ("fee_due_on",)),
)
