"""Decisions about the tracking of a resolution (Beschlusskontrolle)."""

from datetime import date
from typing import assert_never

from domain.council import checks, commands, facts
from domain.council.rules import records
from domain.council.rules import tracking as rules
from domain.council.rules.meetings import MEETING_UNKNOWN
from domain.council.state import MeetingState, ResolutionState, State
from domain.council.vocabulary import Progress, TrackingStatus
from domain.kernel import Context, Fact, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_tracking(state: State | None, command: commands.TrackingCommand, context: Context) -> Facts:
    """The facts that a command about a resolution leads to."""
    resolution = checks.tracked(checks.known(state, ResolutionState))
    match command:
        case commands.AssignImplementation():
            return _assign(checks.unfinished(resolution), command, context)
        case commands.ReportImplementation():
            return _report(_assigned(resolution), command, context)
        case commands.RecordOverdueImplementation():
            return _overdue(resolution, context)
        case commands.CompleteImplementation():
            _assigned(resolution)
            note = checks.optional_text("note", command.note)
            return (facts.ImplementationCompleted(completed_on=context.day, note=note),)
        case commands.GiveFinalReport():
            return _final(resolution, command, context)
        case _:
            assert_never(command)


def _assign(resolution: ResolutionState, command: commands.AssignImplementation, context: Context) -> Facts:
    unit = checks.short("unit", command.unit, 40)
    if command.due < context.day:
        raise Rejected(rules.DUE_TOO_EARLY, due=command.due)
    # An assignment has no room for a reason: the report that moves the date has.
    if _later(command.due, resolution):
        raise Rejected(rules.DELAY_UNEXPLAINED, due=resolution.due)
    return (facts.ImplementationAssigned(unit=unit, due=command.due, assigned_on=context.day),)


def _report(resolution: ResolutionState, command: commands.ReportImplementation, context: Context) -> Facts:
    note = checks.optional_text("note", command.note)
    reason = checks.optional_text("delay_reason", command.delay_reason)
    if reason is None and (command.progress is Progress.DELAYED or _later(command.due, resolution)):
        raise Rejected(rules.DELAY_UNEXPLAINED, due=resolution.due)
    if command.due is not None and command.due < context.day:
        raise Rejected(rules.DUE_TOO_EARLY, due=command.due)
    due = command.due or resolution.due or context.day
    return (
        facts.ImplementationReported(
            progress=command.progress, due=due, note=note, delay_reason=reason, reported_on=context.day
        ),
    )


def _later(due: date | None, resolution: ResolutionState) -> bool:
    return due is not None and resolution.due is not None and due > resolution.due


def _overdue(resolution: ResolutionState, context: Context) -> Facts:
    if resolution.overdue:
        raise Rejected(records.ALREADY_RECORDED)
    if not resolution.status.being_implemented or resolution.due is None or context.day <= resolution.due:
        raise Rejected(rules.NOT_OVERDUE, due=resolution.due)
    return (facts.ImplementationBecameOverdue(due=resolution.due),)


def _final(resolution: ResolutionState, command: commands.GiveFinalReport, context: Context) -> Facts:
    if not resolution.status.reportable_as_final:
        raise Rejected(rules.NOT_IMPLEMENTED, status=resolution.status)
    meeting = context.reads.get(command.meeting)
    if not isinstance(meeting, MeetingState) or not meeting.bodies & resolution.bodies or not meeting.status.was_held:
        raise Rejected(MEETING_UNKNOWN, meeting=command.meeting)
    checks.told_in(checks.sitting(meeting), resolution)
    checks.in_order(context, meeting.since)
    told = facts.TrackingReportGiven(open=(), finished=(context.record_id,))
    return (facts.FinalReportGiven(meeting=command.meeting), On(command.meeting, told))


def _assigned(resolution: ResolutionState) -> ResolutionState:
    if resolution.status is TrackingStatus.OPEN:
        raise Rejected(rules.NOT_ASSIGNED)
    return checks.unfinished(resolution)
