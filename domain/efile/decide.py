"""The decision of the e-file family: which facts a command leads to."""

from __future__ import annotations

from typing import assert_never, cast, get_args

from domain.efile import cases, circulation, commands, documents, files
from domain.efile.state import Case, File, FilePlanUnit, State
from domain.kernel import Command, Context, Fact, On

PlanUnitCommand = commands.DefineFilePlanUnit | commands.EndFilePlanUnit

FileCommand = (
    commands.OpenFile | commands.TransferFileLeadUnit | commands.CloseFile | commands.ReopenFile | commands.CorrectFile
)

CaseCommand = (
    commands.OpenCase
    | commands.TransferCaseLeadUnit
    | commands.CloseCase
    | commands.ReopenCase
    | commands.CorrectCase
    | commands.FileDocument
    | commands.AddDocumentVersion
    | commands.CorrectDocument
    | commands.StartCirculation
    | commands.CompleteCirculationStep
    | commands.SkipCirculationStep
    | commands.AddCirculationStep
    | commands.RecordCirculationStep
    | commands.CorrectCirculationStep
)

COMMANDS: tuple[type[Command], ...] = (*get_args(PlanUnitCommand), *get_args(FileCommand), *get_args(CaseCommand))


def decide(state: State | None, command: Command, context: Context) -> tuple[Fact | On, ...]:
    """The facts that the command leads to; raises Rejected or Invalid. State and command are of the same kind."""
    if command.kind == "case":
        return _decide_case(cast(Case, state), cast(CaseCommand, command), context)
    if command.kind == "file":
        return (_decide_file(cast(File, state), cast(FileCommand, command), context),)
    return (_decide_plan_unit(cast(FilePlanUnit, state), cast(PlanUnitCommand, command)),)


def _decide_plan_unit(unit: FilePlanUnit, command: PlanUnitCommand) -> Fact:
    match command:
        case commands.DefineFilePlanUnit():
            return files.define_plan_unit(command)
        case commands.EndFilePlanUnit():
            return files.end_plan_unit(unit, command)
        case _:
            assert_never(command)


def _decide_file(file: File, command: FileCommand, context: Context) -> Fact:
    match command:
        case commands.OpenFile():
            return files.open_file(command, context)
        case commands.TransferFileLeadUnit():
            return files.transfer_lead_unit(file, command)
        case commands.CloseFile():
            return files.close_file(file, command, context)
        case commands.ReopenFile():
            return files.reopen_file(file, command, context)
        case commands.CorrectFile():
            return files.correct_file(file, command)
        case _:
            assert_never(command)


def _decide_case(case: Case, command: CaseCommand, context: Context) -> tuple[Fact | On, ...]:
    match command:
        case commands.RecordCirculationStep():
            return (documents.record_step(case, command),)
        case commands.CorrectCirculationStep():
            return (documents.correct_step(case, command),)
        case commands.OpenCase():
            return cases.open_case(command, context)
        case commands.TransferCaseLeadUnit():
            return (cases.transfer_lead_unit(case, command),)
        case commands.CloseCase():
            return cases.close_case(case, command, context)
        case commands.ReopenCase():
            return cases.reopen_case(case, command, context)
        case commands.CorrectCase():
            return (cases.correct_case(case, command),)
        case commands.FileDocument():
            return (documents.file_document(case, command, context),)
        case commands.AddDocumentVersion():
            return (documents.add_version(case, command, context),)
        case commands.CorrectDocument():
            return (documents.correct_document(case, command),)
        case commands.StartCirculation():
            return (circulation.start(case, command),)
        case commands.CompleteCirculationStep():
            return (circulation.complete_step(case, command, context),)
        case commands.SkipCirculationStep():
            return (circulation.skip_step(case, command),)
        case commands.AddCirculationStep():
            return (circulation.add_step(case, command),)
        case _:
            assert_never(command)
