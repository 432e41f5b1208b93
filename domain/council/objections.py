"""Decisions about the mayor's objection to a resolution (Beanstandung), § 54 (2) GO NRW."""

from typing import assert_never

from domain.council import checks, commands, facts
from domain.council.rules import tracking as rules
from domain.council.rules.meetings import MEETING_UNKNOWN
from domain.council.state import MeetingState, ResolutionState, State
from domain.council.vocabulary import Outcome
from domain.kernel import Context, Fact, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_objection(state: State | None, command: commands.ObjectionCommand, context: Context) -> Facts:
    """The facts that a command about an objection leads to."""
    resolution = checks.known(state, ResolutionState)
    match command:
        case commands.ObjectToResolution():
            checks.unfinished(resolution)
            checks.by_staff(context)
            if context.day < resolution.since:
                raise Rejected(rules.OBJECTED_TOO_EARLY, since=resolution.since)
            ground = checks.text("legal_ground", command.legal_ground)
            return (
                facts.ResolutionObjected(
                    objected_on=context.day,
                    legal_ground=ground,
                    objected_by=context.actor,
                    deputising_for=context.deputising_for,
                ),
            )
        case commands.DecideObjection():
            return _again(checks.to_be_decided_again(resolution), command, context)
        case commands.RecordSupervisoryDecision():
            if not checks.suspended(resolution).upheld:
                raise Rejected(rules.NOT_UPHELD)
            note = checks.text("note", command.note)
            return (facts.SupervisoryDecisionRecorded(stands=command.stands, decided_on=context.day, note=note),)
        case _:
            assert_never(command)


def _again(resolution: ResolutionState, command: commands.DecideObjection, context: Context) -> Facts:
    meeting = context.reads.get(command.meeting)
    if not isinstance(meeting, MeetingState) or not meeting.status.was_held or not meeting.bodies & resolution.bodies:
        raise Rejected(MEETING_UNKNOWN, meeting=command.meeting)
    item = checks.item_of(meeting, command.item)
    outcome = item.data.outcome
    before = resolution.objected_on and meeting.day and meeting.day < resolution.objected_on
    if item.decides_again != context.record_id:
        raise Rejected(rules.ITEM_OF_ANOTHER_MATTER)
    if outcome is None or not outcome.needs_vote or before or item.id in resolution.decided_in:
        raise Rejected(rules.ITEM_DECIDES_NOTHING, outcome=outcome)
    checks.in_order(context, meeting.day)
    upholds = outcome is not Outcome.REJECTED
    return (facts.ObjectionDecided(meeting=command.meeting, item=item.id, upholds=upholds, decided_on=meeting.day),)
