"""The decision of the e-file family: which facts a command leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import assert_never, cast, get_args

from domain.efile import (
    cases,
    circulation,
    commands,
    custody,
    disposal,
    documents,
    facts,
    files,
    order,
    resubmissions,
)
from domain.efile.state import Case, File, FilePlanUnit, State
from domain.kernel import Command, Context, Fact, On

PlanUnitCommand = commands.DefineFilePlanUnit | commands.ReviseFilePlanUnit | commands.EndFilePlanUnit

FileDisposalCommand = (
    commands.ChangeFileConfidentiality
    | commands.PlaceFileLegalHold
    | commands.ReleaseFileLegalHold
    | commands.RecordFileRetentionExpiry
    | commands.RecordFileOfferDue
    | commands.OfferFile
    | commands.RecordFileAppraisal
    | commands.SendFileToArchive
    | commands.RecordFileTransferErrors
    | commands.ConfirmFileImport
    | commands.ApproveFileDestruction
    | commands.DestroyFile
)

FileCommand = (
    commands.OpenFile | commands.TransferFileLeadUnit | commands.CloseFile | commands.ReopenFile | commands.CorrectFile
)

CaseDisposalCommand = (
    commands.ChangeCaseConfidentiality
    | commands.PlaceCaseLegalHold
    | commands.ReleaseCaseLegalHold
    | commands.RecordCaseRetentionExpiry
    | commands.RecordCaseOfferDue
    | commands.OfferCase
    | commands.RecordCaseAppraisal
    | commands.SendCaseToArchive
    | commands.RecordCaseTransferErrors
    | commands.ConfirmCaseImport
    | commands.ApproveCaseDestruction
    | commands.DestroyCase
)

CirculationCommand = (
    commands.StartCirculation
    | commands.CompleteCirculationStep
    | commands.SkipCirculationStep
    | commands.AddCirculationStep
    | commands.RecordCirculationStep
    | commands.CorrectCirculationStep
    | commands.ScheduleResubmission
    | commands.CompleteResubmission
    | commands.CancelResubmission
    | commands.RecordResubmissionOverdue
)

CaseCommand = (
    commands.OpenCase
    | commands.TransferCaseLeadUnit
    | commands.CloseCase
    | commands.ReopenCase
    | commands.CorrectCase
    | commands.FileDocument
    | commands.AddDocumentVersion
    | commands.AddAttachment
    | commands.CorrectDocument
)

COMMANDS: tuple[type[Command], ...] = get_args(
    PlanUnitCommand | FileCommand | FileDisposalCommand | CaseCommand | CirculationCommand | CaseDisposalCommand
)


def decide(state: State | None, command: Command, context: Context) -> tuple[Fact | On, ...]:
    """The facts that the command leads to; raises Rejected or Invalid. State and command are of the same kind."""
    decided = tuple(_dated(item, context.day) for item in _decide(state, command, context))
    for item in decided:
        record, fact = (context.reads.get(item.record_id), item.fact) if isinstance(item, On) else (state, item)
        if isinstance(record, File | Case):
            order.require(record, fact, context)
    return decided


def _dated(item: Fact | On, day: date) -> Fact | On:
    """The fact itself says its day: a state is folded from facts alone, and what comes next asks for the last day."""
    if isinstance(item, On):
        return item._replace(fact=cast(Fact, _dated(item.fact, day)))
    return replace(item, day=day) if isinstance(item, facts.Dated) else item


def _decide(state: State | None, command: Command, context: Context) -> tuple[Fact | On, ...]:
    if isinstance(command, CaseCommand):
        return _decide_case(cast(Case, state), command, context)
    if isinstance(command, CirculationCommand):
        return (_decide_circulation(cast(Case, state), command, context),)
    if isinstance(command, CaseDisposalCommand):
        return _decide_case_disposal(cast(Case, state), command, context)
    if isinstance(command, FileCommand):
        return (_decide_file(cast(File, state), command, context),)
    if isinstance(command, FileDisposalCommand):
        return (_decide_file_disposal(cast(File, state), command, context),)
    return (_decide_plan_unit(cast(FilePlanUnit, state), cast(PlanUnitCommand, command), context),)


def _decide_plan_unit(unit: FilePlanUnit, command: PlanUnitCommand, context: Context) -> Fact:
    match command:
        case commands.DefineFilePlanUnit():
            return files.define_plan_unit(command)
        case commands.ReviseFilePlanUnit():
            return files.revise_plan_unit(unit, command, context)
        case commands.EndFilePlanUnit():
            return files.end_plan_unit(unit, command, context)
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


def _decide_file_disposal(file: File, command: FileDisposalCommand, context: Context) -> Fact:
    match command:
        case commands.ChangeFileConfidentiality():
            return custody.change_confidentiality(file, command, facts.FileConfidentialityChanged)
        case commands.PlaceFileLegalHold():
            return custody.place_hold(file, command, context, facts.FileLegalHoldPlaced)
        case commands.ReleaseFileLegalHold():
            return custody.release_hold(file, command, context, facts.FileLegalHoldReleased)
        case commands.RecordFileRetentionExpiry():
            return disposal.expire_retention(file, context, facts.FileRetentionExpired)
        case commands.RecordFileOfferDue():
            return disposal.record_offer_due(file, context, facts.FileOfferBecameDue)
        case commands.OfferFile():
            return disposal.offer(file, command, context, facts.FileDisposalOffered)
        case commands.RecordFileAppraisal():
            return disposal.appraise(file, command, context, facts.FileAppraisalReceived)
        case commands.SendFileToArchive():
            return disposal.send(file, command, context, facts.FileTransferSent)
        case commands.RecordFileTransferErrors():
            return disposal.fail_transfer(file, command, context, facts.FileTransferFailed)
        case commands.ConfirmFileImport():
            return disposal.confirm_import(file, command, context, facts.FileImportConfirmed)
        case commands.ApproveFileDestruction():
            return disposal.approve_destruction(file, context, facts.FileDestructionApproved)
        case commands.DestroyFile():
            return disposal.destroy(file, context, facts.FileDestroyed)
        case _:
            assert_never(command)


def _decide_case(case: Case, command: CaseCommand, context: Context) -> tuple[Fact | On, ...]:
    match command:
        case commands.OpenCase():
            return cases.open_case(command, context)
        case commands.TransferCaseLeadUnit():
            return (cases.transfer_lead_unit(case, command),)
        case commands.CloseCase():
            return cases.close_case(case, command, context)
        case commands.ReopenCase():
            return cases.reopen_case(case, command, context)
        case commands.CorrectCase():
            return (cases.correct_case(case, command, context),)
        case commands.FileDocument():
            return (documents.file_document(case, command, context),)
        case commands.AddDocumentVersion():
            return (documents.add_version(case, command, context),)
        case commands.AddAttachment():
            return (documents.add_attachment(case, command, context),)
        case commands.CorrectDocument():
            return (documents.correct_document(case, command),)
        case _:
            assert_never(command)


def _decide_circulation(case: Case, command: CirculationCommand, context: Context) -> Fact:
    match command:
        case commands.StartCirculation():
            return circulation.start(case, command)
        case commands.CompleteCirculationStep():
            return circulation.complete_step(case, command, context)
        case commands.SkipCirculationStep():
            return circulation.skip_step(case, command, context)
        case commands.AddCirculationStep():
            return circulation.add_step(case, command)
        case commands.RecordCirculationStep():
            return documents.record_step(case, command, context)
        case commands.CorrectCirculationStep():
            return documents.correct_step(case, command, context)
        case commands.ScheduleResubmission():
            return resubmissions.schedule(case, command, context)
        case commands.CompleteResubmission():
            return resubmissions.complete(case, command)
        case commands.CancelResubmission():
            return resubmissions.cancel(case, command)
        case commands.RecordResubmissionOverdue():
            return resubmissions.record_overdue(case, command, context)
        case _:
            assert_never(command)


def _decide_case_disposal(case: Case, command: CaseDisposalCommand, context: Context) -> tuple[Fact | On, ...]:
    match command:
        case commands.ChangeCaseConfidentiality():
            return (custody.change_confidentiality(case, command, facts.CaseConfidentialityChanged),)
        case commands.PlaceCaseLegalHold():
            return (custody.place_hold(case, command, context, facts.CaseLegalHoldPlaced),)
        case commands.ReleaseCaseLegalHold():
            return (custody.release_hold(case, command, context, facts.CaseLegalHoldReleased),)
        case commands.RecordCaseRetentionExpiry():
            return (disposal.expire_retention(case, context, facts.CaseRetentionExpired),)
        case commands.RecordCaseOfferDue():
            return (disposal.record_offer_due(case, context, facts.CaseOfferBecameDue),)
        case commands.OfferCase():
            return (disposal.offer(case, command, context, facts.CaseDisposalOffered),)
        case commands.RecordCaseAppraisal():
            return (disposal.appraise(case, command, context, facts.CaseAppraisalReceived),)
        case commands.SendCaseToArchive():
            return (disposal.send(case, command, context, facts.CaseTransferSent),)
        case commands.RecordCaseTransferErrors():
            return (disposal.fail_transfer(case, command, context, facts.CaseTransferFailed),)
        case commands.ConfirmCaseImport():
            return (disposal.confirm_import(case, command, context, facts.CaseImportConfirmed),)
        case commands.ApproveCaseDestruction():
            holder = cast(File, context.reads.get(case.file_id))
            approved = disposal.approve_destruction(case, context, facts.CaseDestructionApproved, holder)
            return (replace(approved, file_holds=holder.hold_count),)
        case commands.DestroyCase():
            file = context.reads.get(case.file_id)
            destroyed = disposal.destroy(case, context, facts.CaseDestroyed, file)
            return destroyed, On(case.file_id, facts.CaseOfFileDestroyed(case_id=context.record_id))
        case _:
            assert_never(command)
