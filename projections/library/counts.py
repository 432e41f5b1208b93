"""What was lent, renewed and returned, by branch, month, medium and channel: counts that outlive who borrowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.kernel import Channel, Message, Number, Recorded
from domain.library import facts as f
from domain.library.vocabulary import MediaType
from projections.model import Chart, Projection, Report, column
from projections.rights import OFFICE

MONTH = Message("The month, by its first day.", "Der Monat, als sein erster Tag.")
BRANCH = Message("Where it was lent, or came back.", "Wo ausgeliehen oder zurückgegeben wurde.")
MEDIA_TYPE = Message("The kind of medium.", "Medienart.")
CHANNEL = Message("The way it was lent, renewed or returned.", "Weg der Ausleihe, Verlängerung oder Rückgabe.")
LOANS = Message("Loans.", "Ausleihen.")
RENEWALS = Message("Renewals.", "Verlängerungen.")
OVERRIDES = Message("Renewals for which staff set a rule aside.", "Davon mit Ausnahme.")
RETURNS = Message("Returns.", "Rückgaben.")
LATE = Message("Returns after the due date.", "Davon verspätet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanCountRow:
    """What happened in one branch and month with one kind of medium, by one channel."""

    month: date = column(*MONTH, filterable=True, sortable=True)
    branch: Number = column(*BRANCH, filterable=True, sortable=True)
    media_type: MediaType = column(*MEDIA_TYPE, filterable=True, sortable=True)
    channel: Channel = column(*CHANNEL, filterable=True, sortable=True)
    loans: int = column(*LOANS, sortable=True, default=0)
    renewals: int = column(*RENEWALS, sortable=True, default=0)
    overrides: int = column(*OVERRIDES, sortable=True, default=0)
    returns: int = column(*RETURNS, sortable=True, default=0)
    late: int = column(*LATE, sortable=True, default=0)


def key_of(event: Recorded) -> tuple[Any, ...] | None:
    """Month, branch, medium and channel."""
    match event.fact:
        case f.ItemLent(lent_on=day) | f.LoanRenewed(renewed_on=day) | f.ItemReturned(returned_on=day) as fact:
            return (day.replace(day=1), fact.branch, fact.media_type, event.envelope.channel)
    return None


def fold(row: LoanCountRow | None, event: Recorded) -> LoanCountRow | None:
    """The counts with one event more."""
    if row is None:
        key = key_of(event)
        if key is None:
            return None
        month, branch, media_type, channel = key
        row = LoanCountRow(month=month, branch=branch, media_type=media_type, channel=channel)
    match event.fact:
        case f.ItemLent():
            return replace(row, loans=row.loans + 1)
        case f.LoanRenewed() as fact:
            return replace(row, renewals=row.renewals + 1, overrides=row.overrides + bool(fact.overridden))
        case f.ItemReturned() as fact:
            return replace(row, returns=row.returns + 1, late=row.late + (fact.days_overdue > 0))
    return row


PROJECTION = Projection(
    name="loan_count",
    singular="LoanCount",
    plural="loanCounts",
    comment=Message(
        "Loans, renewals and returns by month, branch, medium and channel.",
        "Ausleihen, Verlängerungen und Rückgaben nach Monat, Zweigstelle, Medienart und Kanal.",
    ),
    row=LoanCountRow,
    readers=OFFICE,
    key=("month", "branch", "media_type", "channel"),
    facts=(f.ItemLent, f.LoanRenewed, f.ItemReturned),
    key_of=key_of,
    fold=fold,
    order=("-month",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoansByBranchAndMonthRow:
    """Loans of one branch and month by medium and channel, with their shares."""

    month: date = column(*MONTH, filterable=True, sortable=True)
    branch: Number = column(*BRANCH, filterable=True, sortable=True)
    media_type: MediaType = column(*MEDIA_TYPE, filterable=True, sortable=True)
    channel: Channel = column(*CHANNEL, filterable=True, sortable=True)
    loans: int = column(*LOANS, sortable=True)
    renewals: int = column(*RENEWALS, sortable=True)
    overrides: int = column(*OVERRIDES, sortable=True)
    returns: int = column(*RETURNS, sortable=True)
    late: int = column(*LATE, sortable=True)
    late_share: Decimal | None = column(
        "Late returns in percent of returns.", "Anteil verspäteter Rückgaben in Prozent."
    )


REPORT = Report(
    name="loans_by_branch_and_month",
    plural="loansByBranchAndMonth",
    comment=Message(
        "Loans by branch, month, medium and channel: lent, renewed, returned, late.",
        "Ausleihen nach Zweigstelle, Monat, Medienart und Kanal: ausgeliehen, verlängert, zurückgegeben, verspätet.",
    ),
    row=LoansByBranchAndMonthRow,
    readers=OFFICE,
    reads=("loan_count",),
    order=("-month", "branch", "media_type", "channel"),
    chart=Chart(x="month", y="loans", by="branch"),
)
