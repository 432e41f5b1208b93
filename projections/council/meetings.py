"""The register of meetings: one row per meeting, as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from domain.council import facts
from domain.council.parts import MeetingData
from domain.council.rules.meetings import NOTICE_DAYS
from domain.council.vocabulary import MeetingField, MeetingStatus, Publication
from domain.kernel import Code, Message, Number, Recorded, Sealed, day_of
from projections.council.values import begun, given, ids, of_source, sources
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """One meeting (Sitzung)."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    meeting_number: Number | None = column("Its number.", "Die Sitzungsnummer.", filterable=True, sortable=True)
    name: Sealed[str] | None = column("Its name.", "Die Bezeichnung.")
    bodies: tuple[UUID, ...] = column("The bodies that meet.", "Die Gremien.", filterable=True)
    body_sources: tuple[Number, ...] = column(
        "Their ids in the source; they may not be here.", "Deren Kennungen in der Quelle; sie fehlen hier womöglich.",
        filterable=True,
    )  # fmt: skip
    status: MeetingStatus = column("Where it stands.", "Der Stand.", filterable=True)
    starts_at: datetime | None = column("When it starts.", "Der Beginn.", filterable=True, sortable=True)
    ends_at: datetime | None = column("When it ends.", "Das Ende.", filterable=True, sortable=True)
    location: Sealed[str] | None = column("Where it is held.", "Der Ort.")
    seats: int | None = column("Members with a vote.", "Stimmberechtigte Mitglieder.")
    voting_members: int | None = column(
        "How many of them attended, at last count.", "Zuletzt festgestellte Anwesende mit Stimmrecht.", default=None
    )
    attending: tuple[UUID, ...] = column(
        "The members in the room, at last count.", "Zuletzt festgestellte Anwesende.", filterable=True, default=()
    )
    invite_by: date | None = column(
        "The last day to invite in time.", "Letzter Tag für die Einladung.", filterable=True, sortable=True
    )
    late_since: date | None = column(
        "Since when the invitation was late.", "Seit wann die Einladung verspätet war.",
        filterable=True, sortable=True, default=None,
    )  # fmt: skip
    invited_on: date | None = column(
        "When its members were invited.", "Tag der Einladung.", filterable=True, sortable=True, default=None
    )
    notice_days: int | None = column(
        "Days of notice.", "Ladungsfrist in Tagen.", filterable=True, sortable=True, default=None
    )
    shortened_notice_reason: Sealed[str] | None = column(
        "Why the notice was short.", "Grund der verkürzten Frist.", default=None
    )
    held_on: date | None = column("When it was held.", "Tag der Sitzung.", filterable=True, default=None)
    minutes_sha512: Code | None = column(
        "The SHA-512 of its minutes, drafted or signed.", "Die SHA-512-Prüfsumme der Niederschrift.", default=None
    )
    minutes_drafted_on: date | None = column(
        "When they were drafted, where that is known.", "Tag des Entwurfs, soweit bekannt.", default=None
    )
    chair_id: UUID | None = column(
        "Who signed the minutes as chair.", "Wer die Niederschrift als Vorsitz unterzeichnet hat.",
        filterable=True, default=None,
    )  # fmt: skip
    secretary_id: UUID | None = column(
        "Who signed the minutes as secretary.", "Wer die Niederschrift als Schriftführung unterzeichnet hat.",
        filterable=True, default=None,
    )  # fmt: skip
    minutes_objections: int = column(
        "Objections to its signed minutes.", "Einwendungen gegen die Niederschrift.", filterable=True, default=0
    )
    cancellation_reason: Sealed[str] | None = column("Why it was cancelled.", "Grund der Absage.", default=None)
    items: int = column("How many agenda items it has.", "Zahl der Tagesordnungspunkte.", sortable=True, default=0)
    files: int = column("How many files it has.", "Zahl der Dateien.", sortable=True, default=0)
    source_state: Code | None = column("The source's word for its state.", "Stand nach der Quelle.", filterable=True)
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


NO_MINUTES: Mapping[str, None] = dict.fromkeys(("minutes_sha512", "minutes_drafted_on", "chair_id", "secretary_id"))


def fold(row: MeetingRow | None, event: Recorded) -> MeetingRow | None:
    """The meeting after an event."""
    if isinstance(event.fact, facts.MeetingScheduled):
        fact = event.fact
        return MeetingRow(
            record_id=event.record_id,
            meeting_number=fact.meeting_number,
            name=fact.name,
            location=fact.location,
            status=MeetingStatus.SCHEDULED,
            **_contents(fact.data),
            **of_source(fact.source),
            **begun(event),
        )
    if row is None:
        return None
    # What voids a draft says so, except where the draft is of the time before that.
    unsaid = isinstance(event.fact, facts.TOLD_IN_MINUTES) and row.minutes_drafted_on is None
    return follow(row, event, **_changes(row, event), **(NO_MINUTES if unsaid else {}))


def _changes(row: MeetingRow, event: Recorded) -> dict[str, Any]:
    match event.fact:
        case facts.MeetingRescheduled() as fact:
            again = {"invited_on": None, "notice_days": None, "shortened_notice_reason": None}
            later = day_of(fact.start) > day_of(fact.old_start)
            last = {"invite_by": _invite_by(fact.start), "late_since": None if later else row.late_since}
            return {"status": MeetingStatus.SCHEDULED, "starts_at": fact.start, "ends_at": fact.end, **again, **last}
        case facts.MeetingAmended() as fact:
            texts = given(fact.changed, name=fact.name, location=fact.location)
            status = fact.status or row.status
            return {**texts, "status": status, **_contents(fact.data), **of_source(fact.source)}
        case facts.MeetingInvited() as fact:
            return {
                "status": MeetingStatus.INVITED,
                "invited_on": fact.invited_on,
                "notice_days": fact.notice_days,
                "shortened_notice_reason": fact.shortened_notice_reason,
            }
        case facts.InvitationBecameLate() as fact:
            return {"late_since": fact.last_day + timedelta(days=1)}
        case facts.MeetingHeld() as fact:
            return {"status": MeetingStatus.HELD, "held_on": fact.held_on}
        case facts.MeetingCancelled() as fact:
            return {"status": MeetingStatus.CANCELLED, "cancellation_reason": fact.reason}
        case facts.AgendaItemAdded():
            return {"items": row.items + 1}
        case facts.AgendaItemRemoved():
            return {"items": row.items - 1}
        case facts.AttendanceRecorded() as fact:
            members = tuple(member.member for member in fact.members)
            return {"voting_members": fact.voting_members, "attending": members}
        case facts.AttendanceChanged() as fact:
            others = tuple(member for member in row.attending if member != fact.member.member)
            attending = (*others, fact.member.member) if fact.present else others
            return {"voting_members": fact.voting_members, "attending": attending}
        case facts.MinutesDrafted() as fact:
            return {**NO_MINUTES, "minutes_sha512": fact.sha512, "minutes_drafted_on": fact.drafted_on}
        case facts.MinutesVoided():
            return dict(NO_MINUTES)
        case facts.MinutesSigned() as fact:
            status = MeetingStatus.MINUTES_SIGNED if fact.other_signatory else row.status
            return {"status": status, f"{fact.office}_id": fact.signatory}
        case facts.MinutesObjected():
            return {"minutes_objections": row.minutes_objections + 1}
        case facts.MeetingFileAttached():
            return {"files": row.files + 1}
        case facts.MeetingFileRemoved():
            return {"files": row.files - 1}
        case facts.MeetingPublished():
            return {"publication": Publication.PUBLISHED, "depublication_reason": None}
        case facts.MeetingDepublished() as fact:
            state = Publication.DELETED_AT_SOURCE if fact.at_source else Publication.DEPUBLISHED
            return {"publication": state, "depublication_reason": fact.reason}
        case facts.MeetingCorrected() as fact:
            return {**_corrected(fact), "corrections": row.corrections + 1}
    return {}


def _contents(data: MeetingData) -> dict[str, Any]:
    return {
        "bodies": ids(data.bodies),
        "body_sources": sources(data.bodies),
        "starts_at": data.start,
        "invite_by": _invite_by(data.start),
        "ends_at": data.end,
        "seats": data.seats,
        "source_state": data.source_state,
    }


def _invite_by(start: datetime | None) -> date | None:
    return day_of(start) - timedelta(days=NOTICE_DAYS) if start else None


def _corrected(fact: facts.MeetingCorrected) -> dict[str, Any]:
    match fact.field:
        case MeetingField.NAME:
            return {"name": fact.new_sealed}
        case MeetingField.LOCATION:
            return {"location": fact.new_sealed}
        case MeetingField.END:
            return {"ends_at": datetime.fromisoformat(fact.new) if fact.new else None}


PROJECTION = Projection(
    name="meeting",
    singular="Meeting",
    plural="meetings",
    comment=Message("The register of meetings.", "Das Verzeichnis der Sitzungen."),
    row=MeetingRow,
    readers=OFFICE,
    facts=get_args(facts.MeetingFact),
    fold=fold,
    kind="meeting",
    number="meeting_number",
    order=("starts_at",),
    indexes=(("status", "starts_at"), ("status", "invite_by"), ("notice_days", "starts_at"), ("source_id",)),
)
