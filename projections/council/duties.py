"""What falls due in the council office by the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.council import commands
from domain.council.vocabulary import MeetingStatus, TrackingStatus
from domain.kernel import Command, Message
from projections.council import meetings, resolutions
from projections.duties import Duty
from projections.query import Op, Where

IN_CHARGE: Final = tuple(status for status in TrackingStatus if status.being_implemented)


def _not_invited(day: date) -> tuple[Where, ...]:
    return (
        Where("status", Op.EQ, MeetingStatus.SCHEDULED),
        Where("invite_by", Op.LT, day),
        Where("late_since", Op.IS_NULL, True),
        # What is imported is led in its source.
        Where("source", Op.IS_NULL, True),
    )


def _invitation(row: meetings.MeetingRow) -> tuple[UUID, Command]:
    return row.record_id, commands.RecordLateInvitation()


def _not_done(day: date) -> tuple[Where, ...]:
    return (
        Where("status", Op.IN, IN_CHARGE),
        Where("due", Op.LT, day),
        Where("overdue_since", Op.IS_NULL, True),
    )


def _implementation(row: resolutions.ResolutionRow) -> tuple[UUID, Command]:
    return row.record_id, commands.RecordOverdueImplementation()


def _day_after(day: date | None) -> date:
    if day is None:
        raise ValueError("what has no last day does not fall due")
    return day + timedelta(days=1)


INVITATION_LATE: Final = Duty(
    name="council.invitation_late",
    comment=Message(
        "The last day to invite the members passed without an invitation.",
        "Der letzte Tag der Ladungsfrist ist ohne Einladung verstrichen.",
    ),
    source=meetings.PROJECTION,
    due=_not_invited,
    since=lambda row: _day_after(row.invite_by),
    command=_invitation,
)

IMPLEMENTATION_OVERDUE: Final = Duty(
    name="council.implementation_overdue",
    comment=Message(
        "The day until which a resolution was to be implemented passed.",
        "Die Frist für die Umsetzung eines Beschlusses ist verstrichen.",
    ),
    source=resolutions.PROJECTION,
    due=_not_done,
    since=lambda row: _day_after(row.due),
    command=_implementation,
)

DUTIES: tuple[Duty, ...] = (INVITATION_LATE, IMPLEMENTATION_OVERDUE)
