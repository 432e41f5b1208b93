"""The register of members: one row for each membership of somebody in a body, also when it is over."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.council import facts
from domain.kernel import Code, Message, Recorded, Sealed
from projections.council.values import begun
from projections.model import Projection, column, follow
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilMemberRow:
    """One member (Mitglied) of a body, with the last membership in it."""

    record_id: UUID = column("The body.", "Das Gremium.", filterable=True)
    member_id: UUID = column("The member, in every body the same.", "Das Mitglied.", filterable=True)
    name: Sealed[str] = column("Their name.", "Der Name.")
    group_code: Code | None = column("Their group.", "Die Fraktion.", filterable=True, sortable=True)
    voting: bool = column("Whether they have a vote.", "Ob stimmberechtigt.", filterable=True)
    since: date = column("Since when.", "Mitglied seit.", filterable=True, sortable=True)
    left_on: date | None = column("Until when.", "Ausgeschieden am.", filterable=True, sortable=True, default=None)
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
    """The body and the member that an event is about."""
    match event.fact:
        case facts.MemberJoined() | facts.MemberLeft() as fact:
            return (event.record_id, fact.member)
    return None


def fold(row: CouncilMemberRow | None, event: Recorded) -> CouncilMemberRow | None:
    """The membership after an event."""
    match event.fact:
        case facts.MemberJoined() as fact:
            return CouncilMemberRow(
                record_id=event.record_id,
                member_id=fact.member,
                name=fact.name,
                group_code=fact.group,
                voting=fact.voting,
                since=fact.since,
                **begun(event),
            )
        case facts.MemberLeft() as fact if row:
            return follow(row, event, left_on=fact.left_on)
    return row


PROJECTION = Projection(
    name="council_member",
    singular="CouncilMember",
    plural="councilMembers",
    comment=Message("The members of bodies.", "Die Mitglieder der Gremien."),
    row=CouncilMemberRow,
    readers=OFFICE,
    key=("record_id", "member_id"),
    facts=(facts.MemberJoined, facts.MemberLeft),
    key_of=key_of,
    fold=fold,
    order=("record_id", "member_id"),
    indexes=(("member_id",), ("group_code", "since")),
)
