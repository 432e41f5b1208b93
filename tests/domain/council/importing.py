"""Scenarios to which the objects of a source can be handed as if they were commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.council import FAMILY
from domain.council.commands import (
    ImportBody,
    ImportCommand,
    ImportMeeting,
    ImportPaper,
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceMeeting,
    SourcePaper,
    UpdateImportedAgendaItem,
    UpdateImportedBody,
    UpdateImportedConsultation,
    UpdateImportedMeeting,
    UpdateImportedPaper,
)
from domain.kernel import Channel, Command, Fact, On
from tests.scenario import RECORD, Decision, Given

SYSTEM = "oparl"


def taking(thing: Any, *, new: bool) -> Command:
    """The command that takes an object over, or brings its record up to it."""
    match thing:
        case SourcePaper():
            return ImportPaper(system=SYSTEM, paper=thing) if new else UpdateImportedPaper(system=SYSTEM, paper=thing)
        case SourceMeeting() if new:
            return ImportMeeting(system=SYSTEM, meeting=thing)
        case SourceMeeting():
            return UpdateImportedMeeting(system=SYSTEM, meeting=thing)
        case SourceBody():
            return ImportBody(system=SYSTEM, body=thing) if new else UpdateImportedBody(system=SYSTEM, body=thing)
        case SourceConsultation():
            return UpdateImportedConsultation(system=SYSTEM, consultation=thing)
        case SourceAgendaItem():
            return UpdateImportedAgendaItem(system=SYSTEM, item=thing)
    assert isinstance(thing, Command)
    return thing


@dataclass(frozen=True)
class Importing(Given):
    """A scenario that takes objects of a source."""

    def when(self, command: Any, **more: Any) -> Taken:
        """An object of a source comes by an import, any other command from the staff, or by `channel`."""
        taken = taking(command, new=self.state is None)
        if isinstance(taken, ImportCommand):
            more = {"channel": Channel.IMPORT, **more}
        decision = super().when(taken, **more)
        return Taken(decision.given, decision.facts, decision.refusal, decision.reads)

    def about(self, record_id: UUID) -> Importing:
        return Importing(self.family, record_id, self.history)


@dataclass(frozen=True)
class Taken(Decision):
    """What became of an object or a command."""

    def so(self) -> Importing:
        after = super().so()
        return Importing(after.family, after.record_id, after.history)

    def then(self, *expected: Fact | On) -> Importing:
        super().then(*expected)
        return self.so()


nothing_yet = Importing(FAMILY, RECORD)
