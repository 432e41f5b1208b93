"""What falls due in e-files by the calendar: the end of retention, the offer to the archive, resubmissions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.efile import commands as c
from domain.efile.vocabulary import ResubmissionStatus, Status
from domain.kernel import Command, Message
from projections.duties import Duty
from projections.efile import cases, files, resubmissions
from projections.efile.cases import CaseRow
from projections.efile.files import FileRow
from projections.efile.resubmissions import ResubmissionRow
from projections.query import Op, Where

_EXPIRED: Final = Message(
    "The years for which it had to be kept are over: the archive is to be offered it.",
    "Die Aufbewahrungsfrist ist abgelaufen: Es ist dem Archiv anzubieten.",
)
_OFFER_DUE: Final = Message(
    "The last day to offer it to the archive has passed without an offer.",
    "Der letzte Tag für die Anbietung an das Archiv ist ohne Anbietung vergangen.",
)


def _retention_over(day: date) -> tuple[Where, ...]:
    return (Where("status", Op.EQ, Status.CLOSED), Where("retention_until", Op.LT, day))


def _day_after_retention(row: FileRow | CaseRow) -> date:
    if row.retention_until is None:
        raise ValueError("what is kept for ever has no end of retention")
    return row.retention_until + timedelta(days=1)


def _offer_late(day: date) -> tuple[Where, ...]:
    not_offered = Where("status", Op.IN, (Status.CLOSED, Status.RETENTION_EXPIRED))
    return (not_offered, Where("offer_due", Op.EQ, False), Where("offer_due_on", Op.LTE, day))


def _offer_due_on(row: FileRow | CaseRow) -> date:
    if row.offer_due_on is None:
        raise ValueError("what is open has no day of an offer")
    return row.offer_due_on


def _resubmission_late(day: date) -> tuple[Where, ...]:
    return (Where("status", Op.EQ, ResubmissionStatus.SCHEDULED), Where("due", Op.LT, day))


def _day_after_resubmission(row: ResubmissionRow) -> date:
    return row.due + timedelta(days=1)


def _record_overdue(row: ResubmissionRow) -> tuple[UUID, Command]:
    return row.record_id, c.RecordResubmissionOverdue(no=row.no)


DUTIES: tuple[Duty, ...] = (
    Duty(
        name="efile.resubmission_overdue",
        comment=Message(
            "The day of a resubmission has passed and nobody has seen to it.",
            "Der Tag einer Wiedervorlage ist vorbei, und niemand hat sie erledigt.",
        ),
        source=resubmissions.PROJECTION,
        due=_resubmission_late,
        since=_day_after_resubmission,
        command=_record_overdue,
    ),
    Duty(
        name="efile.case_retention_expired",
        comment=_EXPIRED,
        source=cases.PROJECTION,
        due=_retention_over,
        since=_day_after_retention,
        command=lambda row: (row.record_id, c.RecordCaseRetentionExpiry()),
    ),
    Duty(
        name="efile.file_retention_expired",
        comment=_EXPIRED,
        source=files.PROJECTION,
        due=_retention_over,
        since=_day_after_retention,
        command=lambda row: (row.record_id, c.RecordFileRetentionExpiry()),
    ),
    Duty(
        name="efile.case_offer_due",
        comment=_OFFER_DUE,
        source=cases.PROJECTION,
        due=_offer_late,
        since=_offer_due_on,
        command=lambda row: (row.record_id, c.RecordCaseOfferDue()),
    ),
    Duty(
        name="efile.file_offer_due",
        comment=_OFFER_DUE,
        source=files.PROJECTION,
        due=_offer_late,
        since=_offer_due_on,
        command=lambda row: (row.record_id, c.RecordFileOfferDue()),
    ),
)
