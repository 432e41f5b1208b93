"""Which facts a command about council documents leads to."""

from collections.abc import Callable
from typing import Any, Final, cast, get_args

from domain.council import checks, commands
from domain.council.agenda import decide_agenda
from domain.council.bodies import decide_body
from domain.council.imported import decide_imported
from domain.council.meetings import decide_meeting
from domain.council.minutes import decide_minutes, voided
from domain.council.objections import decide_objection
from domain.council.papers import decide_paper
from domain.council.sitting import decide_sitting
from domain.council.state import MeetingState, PaperState, ResolutionState, State
from domain.council.tracking import decide_tracking
from domain.kernel import Command, Context, Fact, On

DECISIONS: dict[type[Command], Callable[[State | None, Any, Context], tuple[Fact | On, ...]]] = {
    **dict.fromkeys(get_args(commands.BodyCommand), decide_body),
    **dict.fromkeys(get_args(commands.PaperCommand), decide_paper),
    **dict.fromkeys(get_args(commands.MeetingCommand), decide_meeting),
    **dict.fromkeys(get_args(commands.AgendaCommand), decide_agenda),
    **dict.fromkeys(get_args(commands.SittingCommand), decide_sitting),
    **dict.fromkeys(get_args(commands.MinutesCommand), decide_minutes),
    **dict.fromkeys(get_args(commands.TrackingCommand), decide_tracking),
    **dict.fromkeys(get_args(commands.ObjectionCommand), decide_objection),
    **dict.fromkeys(get_args(commands.ImportCommand), decide_imported),
}

CORRECTIONS: Final = (commands.CorrectPaper, commands.CorrectMeeting)
"""A correction is of the day that it corrects: any on which there was something to correct."""

OF_ANY_DAY: Final = (commands.RecordLateInvitation, commands.RecordOverdueImplementation)
"""What the calendar finds is of the day on which it came to be."""


def decide(state: Any, command: Command, context: Context) -> tuple[Fact | On, ...]:
    """The facts, for the command's own record or on others. Raises Rejected and Invalid."""
    known = cast(State | None, state)
    told = DECISIONS[type(command)](known, command, context)
    match known:
        case PaperState() | MeetingState() if isinstance(command, CORRECTIONS):
            checks.in_order(context, known.begun_on)
        case PaperState() | MeetingState() | ResolutionState() if not isinstance(command, OF_ANY_DAY):
            checks.in_order(context, known.since)
    return (*told, *voided(told, known, context))
