"""Decisions about the tracking of a resolution (Beschlusskontrolle)."""

from typing import assert_never

from domain.council import checks, commands, facts
from domain.council.rules import tracking as rules
from domain.council.rules.meetings import MEETING_UNKNOWN
from domain.council.state import MeetingState, ResolutionState, State
from domain.council.vocabulary import MeetingStatus, Progress, TrackingStatus
from domain.kernel import Context, Fact, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_tracking(state: State | None, command: commands.ResolutionCommand, context: Context) -> Facts:
    """The facts that a command about a resolution leads to."""
    resolution = checks.known(state, ResolutionState)
    if resolution.status is TrackingStatus.REPORTED_FINAL:
        raise Rejected(rules.REPORTED_FINAL)
    match command:
        case commands.AssignImplementation():
            return _assign(_unfinished(resolution), command, context)
        case commands.ReportImplementation():
            return _report(_assigned(resolution), command, context)
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
    if command.due < resolution.adopted_on or command.due < context.day:
        raise Rejected(rules.DUE_TOO_EARLY, due=command.due)
    return (facts.ImplementationAssigned(unit=unit, due=command.due),)


def _report(resolution: ResolutionState, command: commands.ReportImplementation, context: Context) -> Facts:
    note = checks.optional_text("note", command.note)
    reason = checks.optional_text("delay_reason", command.delay_reason)
    if command.progress is Progress.DELAYED and reason is None:
        raise Rejected(rules.DELAY_UNEXPLAINED)
    if command.due is not None and command.due < context.day:
        raise Rejected(rules.DUE_TOO_EARLY, due=command.due)
    due = command.due or resolution.due or context.day
    return (facts.ImplementationReported(progress=command.progress, due=due, note=note, delay_reason=reason),)


def _final(resolution: ResolutionState, command: commands.GiveFinalReport, context: Context) -> Facts:
    if resolution.status is not TrackingStatus.DONE:
        raise Rejected(rules.NOT_IMPLEMENTED, status=resolution.status)
    meeting = context.reads.get(command.meeting)
    if not isinstance(meeting, MeetingState) or meeting.status is not MeetingStatus.HELD:
        raise Rejected(MEETING_UNKNOWN, meeting=command.meeting)
    return (facts.FinalReportGiven(meeting=command.meeting),)


def _unfinished(resolution: ResolutionState) -> ResolutionState:
    if resolution.status is TrackingStatus.DONE:
        raise Rejected(rules.IMPLEMENTED)
    return resolution


def _assigned(resolution: ResolutionState) -> ResolutionState:
    if resolution.status is TrackingStatus.OPEN:
        raise Rejected(rules.NOT_ASSIGNED)
    return _unfinished(resolution)
