"""Reports of the council office: how long papers take, whose notice was too short, how groups vote."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from domain.council.vocabulary import MeetingStatus, PaperType
from domain.kernel import Code, Message, Number, Sealed
from projections.model import Chart, Report, column
from projections.rights import OFFICE


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLeadTimeRow:
    """The papers of one kind and unit that were settled in one month."""

    month: date = column(
        "The month in which they were settled, by its first day.", "Der Monat der Erledigung, als sein erster Tag.",
        filterable=True, sortable=True,
    )  # fmt: skip
    lead_unit: Code = column(
        "The unit in charge; - where none is known.", "Die federführende Stelle; - wo keine bekannt ist.",
        filterable=True, sortable=True,
    )  # fmt: skip
    paper_type: PaperType = column("What they ask for.", "Die Art.", filterable=True, sortable=True)
    papers: int = column("How many.", "Zahl der Vorlagen.", sortable=True)
    median_days: Decimal = column(
        "Days from its date that half of them took at most.", "Die Hälfte dauerte ab Datum höchstens so viele Tage.",
        sortable=True,
    )  # fmt: skip
    p90_days: Decimal = column(
        "Days that nine in ten took at most.", "Neun von zehn dauerten höchstens so viele Tage.", sortable=True
    )
    median_days_from_release: Decimal | None = column(
        "Days from their release, for half of them.", "Ab Freigabe, für die Hälfte.", sortable=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeViolationRow:
    """One meeting whose members had less notice than they are due."""

    meeting_id: UUID = column("The meeting.", "Die Sitzung.", filterable=True)
    meeting_number: Number | None = column("Its number.", "Die Sitzungsnummer.", filterable=True, sortable=True)
    bodies: tuple[UUID, ...] = column("The bodies that meet.", "Die Gremien.", filterable=True)
    starts_at: datetime | None = column("When it starts.", "Der Beginn.", filterable=True, sortable=True)
    status: MeetingStatus = column("Where it stands.", "Der Stand.", filterable=True)
    invite_by: date | None = column("The last day to invite in time.", "Letzter Tag für die Einladung.")
    invited_on: date | None = column("When they were invited.", "Tag der Einladung.", filterable=True, sortable=True)
    notice_days: int | None = column("Days of notice.", "Ladungsfrist in Tagen.", filterable=True, sortable=True)
    late_since: date | None = column("Since when it was known to be late.", "Seit wann als verspätet bekannt.")
    reason: Sealed[str] | None = column("The reason that was given.", "Der angegebene Grund.")


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesByGroupRow:
    """How one group voted in one body in one month."""

    month: date = column(
        "The month of the meeting, by its first day.", "Der Monat der Sitzung, als sein erster Tag.",
        filterable=True, sortable=True,
    )  # fmt: skip
    body_id: UUID = column("The body.", "Das Gremium.", filterable=True)
    group_code: Code = column("The group.", "Die Fraktion.", filterable=True, sortable=True)
    votes: int = column("Items voted on.", "Zahl der Abstimmungen.", sortable=True)
    yes: int = column("Votes for.", "Ja-Stimmen.", sortable=True)
    no: int = column("Votes against.", "Nein-Stimmen.", sortable=True)
    abstain: int = column("Abstentions.", "Enthaltungen.", sortable=True)
    with_majority: int = column(
        "Items in which most of the group's votes were cast as most of all.", "Abstimmungen mit der Mehrheit.",
        sortable=True,
    )  # fmt: skip


REPORTS = (
    Report(
        name="paper_lead_time",
        plural="paperLeadTime",
        comment=Message("Days from a paper's date to its settlement.", "Laufzeit der Vorlagen bis zur Erledigung."),
        row=PaperLeadTimeRow,
        readers=OFFICE,
        reads=("paper",),
        order=("-month", "lead_unit", "paper_type"),
        chart=Chart(x="month", y="papers", by="paper_type"),
    ),
    Report(
        name="notice_violation",
        plural="noticeViolations",
        comment=Message(
            "Meetings with less than seven days of notice, or not invited to in time.",
            "Sitzungen mit verkürzter oder versäumter Ladungsfrist.",
        ),
        row=NoticeViolationRow,
        readers=OFFICE,
        reads=("meeting",),
        order=("meeting_id",),
        chart=Chart(x="notice_days", by="status"),
    ),
    Report(
        name="votes_by_group",
        plural="votesByGroup",
        comment=Message("Votes by group, body and month.", "Stimmen nach Fraktion, Gremium und Monat."),
        row=VotesByGroupRow,
        readers=OFFICE,
        reads=("agenda_item", "meeting"),
        order=("-month", "body_id", "group_code"),
        chart=Chart(x="month", y="votes", by="group_code"),
    ),
)
