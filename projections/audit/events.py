"""The audit trail: one row per event, with every field of its envelope and the fact as it was stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kernel import Authentication, Channel, Code, Fact, Family, Message, Precision, Recorded, Sealed
from domain.rights import CLERKS, Role
from projections.model import Json, Projection, column
from projections.rights import of_its_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event. `topic` and `body` are what was stored, also where the fact has a newer version by now: an auditor
    asks what was recorded, not what we make of it. `{"sealed": n}` in the body is part n of this event.
    """

    position: int = column(
        "Place in the ledger: 1, 2, 3 … without gaps.", "Stelle im Register: 1, 2, 3 … lückenlos.",
        filterable=True, sortable=True,
    )  # fmt: skip
    record_id: UUID = column("The record that changed.", "Der geänderte Datensatz.", filterable=True)
    family: Code = column("The record's family.", "Die Familie des Datensatzes.", filterable=True)
    kind: Code = column("The record's kind within its family.", "Die Art des Datensatzes.", filterable=True)
    version: int = column(
        "The record's version after this event: 1, 2, 3 …", "Version des Datensatzes nach diesem Ereignis: 1, 2, 3 …"
    )
    topic: Code = column(
        "What happened, as it was stored: efile.file_opened.v1.", "Was geschah, wie gespeichert.", filterable=True
    )
    recorded_at: datetime = column(
        "When the ledger recorded it.", "Wann es aufgezeichnet wurde.",
        filterable=True, sortable=True, rises_with="position",
    )  # fmt: skip
    effective_at: datetime = column(
        "When it happened in the world; the beginning of the day where only the day is known.",
        "Wann es sich ereignete; Tagesbeginn, wo nur der Tag bekannt ist.",
        filterable=True, sortable=True,
    )  # fmt: skip
    effective_precision: Precision = column(
        "Whether the time of day is known.", "Ob die Uhrzeit bekannt ist.", filterable=True
    )
    effective_zone: Code = column("The time zone of that day (IANA).", "Zeitzone dieses Tages (IANA).")
    actor: UUID = column("Who did it, as a pseudonym.", "Wer es tat, als Pseudonym.", filterable=True)
    role: Code = column("In what role.", "In welcher Rolle.", filterable=True)
    org_unit: Code = column("For which unit.", "Für welche Organisationseinheit.")
    deputising_for: UUID | None = column("For whom, as a deputy.", "In Vertretung für wen.")
    authentication: Authentication = column("How the actor proved who they are.", "Wie die Person sich auswies.")
    client: Code = column("The program, with its version.", "Das Programm mit seiner Version.")
    channel: Channel = column("The way it came in.", "Der Eingangskanal.", filterable=True)
    legal_basis: Code | None = column("The legal basis given.", "Die angegebene Rechtsgrundlage.")
    correlation_id: UUID = column("What belongs together.", "Was zusammengehört.", filterable=True)
    causation_id: UUID | None = column("What led to it.", "Was dazu führte.")
    command_id: UUID = column("The command that was carried out.", "Der ausgeführte Befehl.", filterable=True)
    reason: Sealed[str] | None = column("The reason given.", "Die angegebene Begründung.")
    person: Sealed[str] | None = column(
        "The citizen who acted for themselves.", "Die Person, die für sich selbst handelte."
    )
    body: Json = column("The fact, exactly as it was stored.", "Die Tatsache, genau wie gespeichert.")


def projection(families: Iterable[Family], registers: Mapping[str, Projection]) -> Projection:
    """The audit trail over the given families. `registers`, by kind of record, tell who sees a record."""
    family_of: dict[type[Fact], str] = {fact: family.name for family in families for fact in family.facts}

    def fold(row: EventRow | None, event: Recorded) -> EventRow:
        envelope = event.envelope
        return EventRow(
            position=event.position,
            record_id=event.record_id,
            family=family_of[type(event.fact)],
            kind=event.fact.kind,
            version=event.version,
            topic=event.topic,
            recorded_at=event.recorded_at,
            effective_at=event.effective_at,
            effective_precision=envelope.effective_precision,
            effective_zone=envelope.effective_zone,
            actor=envelope.actor,
            role=envelope.role,
            org_unit=envelope.org_unit,
            deputising_for=envelope.deputising_for,
            authentication=envelope.authentication,
            client=envelope.client,
            channel=envelope.channel,
            legal_basis=envelope.legal_basis,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            command_id=envelope.command_id,
            reason=envelope.reason or _own_reason(event.fact),
            person=envelope.person,
            body=Json(event.body),
        )

    return Projection(
        name="event",
        singular="Event",
        plural="events",
        comment=Message(
            "The audit trail: every event of every family, once and for ever.",
            "Das Protokoll: jedes Ereignis aller Familien, ein für alle Mal.",
        ),
        row=EventRow,
        readers=of_its_kind(registers, CLERKS),
        # What people did from day to day is for those to ask who check it; all others ask about a record.
        listed_by=frozenset({Role.AUDITOR}),
        key=("position",),
        key_of=lambda event: (event.position,),
        facts=tuple(family_of),
        fold=fold,
        order=("position",),
        # Few values, many rows: an index without the position stays small, and PostgreSQL sorts what is rare. Many
        # values: with the position, an index is the answer's order.
        indexes=(
            ("record_id", "position"),
            ("actor", "position"),
            ("correlation_id", "position"),
            ("command_id",),
            ("recorded_at", "position"),
            ("effective_at", "position"),
            ("topic",),
            ("kind",),
            ("family",),
            ("channel",),
            ("role",),
        ),
        append_only=True,
    )


def _own_reason(fact: Fact) -> Sealed[str] | None:
    """Commands that need a reason keep it in their fact."""
    reason = getattr(fact, "reason", None)
    return reason if isinstance(reason, Sealed) else None
