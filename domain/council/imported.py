"""Decisions about what is taken over from a source system, as it was there: without the rules for what is led here."""

from typing import assert_never

from domain.council import checks, commands
from domain.council.imports import (
    body_differences,
    consultation_differences,
    item_differences,
    meeting_differences,
    paper_differences,
)
from domain.council.rules import records
from domain.council.state import BodyState, MeetingState, PaperState, State
from domain.kernel import Channel, Context, Fact, On, Rejected


def decide_imported(state: State | None, command: commands.ImportCommand, context: Context) -> tuple[Fact | On, ...]:
    """The facts that bring a record up to its source."""
    if context.channel is not Channel.IMPORT:
        raise Rejected(records.IMPORT_ONLY, channel=context.channel)
    match command:
        case commands.ImportBody():
            checks.expect_new(state)
            return body_differences(None, command.system, command.body, context.pseudonym)
        case commands.UpdateImportedBody():
            body = checks.led_in_source(state, BodyState)
            return body_differences(body, command.system, command.body, context.pseudonym)
        case commands.ImportPaper():
            checks.expect_new(state)
            return paper_differences(None, command.system, command.paper, command.limit, context.pseudonym)
        case commands.UpdateImportedPaper():
            paper = checks.led_in_source(state, PaperState)
            return paper_differences(paper, command.system, command.paper, command.limit, context.pseudonym)
        case commands.UpdateImportedConsultation():
            paper = checks.led_in_source(state, PaperState)
            return consultation_differences(paper, command.system, command.consultation, context.pseudonym)
        case commands.ImportMeeting():
            checks.expect_new(state)
            return meeting_differences(None, command.system, command.meeting, command.limit, context.pseudonym)
        case commands.UpdateImportedMeeting():
            meeting = checks.led_in_source(state, MeetingState)
            return meeting_differences(meeting, command.system, command.meeting, command.limit, context.pseudonym)
        case commands.UpdateImportedAgendaItem():
            meeting = checks.led_in_source(state, MeetingState)
            return item_differences(meeting, command.system, command.item, command.files, context.pseudonym)
        case _:
            assert_never(command)
