"""Decisions on resubmissions: scheduled for a day, seen to or cancelled, overdue when the day has passed."""

from __future__ import annotations

from domain.efile import checks, commands, facts
from domain.efile.cases import require_open
from domain.efile.rules import resubmissions
from domain.efile.state import Case, Resubmission
from domain.efile.vocabulary import ResubmissionStatus
from domain.kernel import Context, Rejected


def schedule(case: Case, command: commands.ScheduleResubmission, context: Context) -> facts.ResubmissionScheduled:
    require_open(case)
    checks.require_code("addressee", command.addressee)
    checks.require_reason(command.reason)
    if command.due < context.day:
        raise Rejected(resubmissions.RESUBMISSION_IN_PAST, due=command.due, day=context.day)
    return facts.ResubmissionScheduled(
        no=len(case.resubmissions) + 1, due=command.due, addressee=command.addressee, reason=command.reason
    )


def complete(case: Case, command: commands.CompleteResubmission) -> facts.ResubmissionDone:
    _open(case, command.no)
    checks.require_text("note", command.note, longest=4000)
    return facts.ResubmissionDone(no=command.no, note=command.note)


def cancel(case: Case, command: commands.CancelResubmission) -> facts.ResubmissionCancelled:
    _open(case, command.no)
    checks.require_reason(command.reason)
    return facts.ResubmissionCancelled(no=command.no, reason=command.reason)


def record_overdue(
    case: Case, command: commands.RecordResubmissionOverdue, context: Context
) -> facts.ResubmissionBecameOverdue:
    resubmission = _open(case, command.no)
    if resubmission.status is ResubmissionStatus.OVERDUE or context.day <= resubmission.due:
        raise Rejected(resubmissions.RESUBMISSION_NOT_OVERDUE, due=resubmission.due, day=context.day)
    return facts.ResubmissionBecameOverdue(no=command.no, due=resubmission.due)


def _open(case: Case, no: int) -> Resubmission:
    require_open(case)
    if not any(resubmission.open for resubmission in case.resubmissions):
        raise Rejected(resubmissions.NO_RESUBMISSION)
    if not 1 <= no <= len(case.resubmissions):
        raise Rejected(resubmissions.RESUBMISSION_UNKNOWN, no=no, resubmissions=len(case.resubmissions))
    resubmission = case.resubmissions[no - 1]
    if not resubmission.open:
        raise Rejected(resubmissions.RESUBMISSION_SETTLED, no=no)
    return resubmission
