"""Decisions on the file plan and on files."""

from __future__ import annotations

from datetime import date

from domain.efile import checks, commands, disposal, facts, retention
from domain.efile.corrections import corrected
from domain.efile.rules import records
from domain.efile.state import File, FilePlanUnit
from domain.kernel import Channel, Context, Invalid, Message, Rejected


def define_plan_unit(command: commands.DefineFilePlanUnit) -> facts.FilePlanUnitDefined:
    checks.require_code("code", command.code)
    _require_plan(command)
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise Rejected(records.PLAN_UNIT_ENDS_BEFORE_START, valid_from=command.valid_from, valid_to=command.valid_to)
    return facts.FilePlanUnitDefined(
        code=command.code,
        title=command.title,
        retention_years=command.retention_years,
        disposal_kind=command.disposal_kind,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )


def revise_plan_unit(
    unit: FilePlanUnit, command: commands.ReviseFilePlanUnit, context: Context
) -> facts.FilePlanUnitRevised:
    checks.require_reason(command.reason)
    _require_plan(command)
    last = unit.versions[-1]
    if command.valid_from <= last.valid_from or (unit.valid_to is not None and command.valid_from > unit.valid_to):
        raise Rejected(records.PLAN_VERSION_ORDER, after=last.valid_from, valid_to=unit.valid_to)
    told = (command.title, command.retention_years, command.disposal_kind)
    if told == (last.title, last.retention_years, last.disposal_kind):
        raise Rejected(records.NOTHING_CHANGED, version=len(unit.versions))
    _require_to_come(command.valid_from, context)
    return facts.FilePlanUnitRevised(
        version=len(unit.versions) + 1,
        valid_from=command.valid_from,
        title=command.title,
        retention_years=command.retention_years,
        disposal_kind=command.disposal_kind,
        reason=command.reason,
    )


def _require_plan(command: commands.DefineFilePlanUnit | commands.ReviseFilePlanUnit) -> None:
    checks.require_plain_text("title", command.title, given=True, longest=300)
    if command.retention_years is not None and not 0 <= command.retention_years <= 200:
        raise Invalid("retention_years", Message("Give 0 to 200 years.", "0 bis 200 Jahre angeben."))


def _require_to_come(day: date, context: Context) -> None:
    """What was opened and closed by the plan rests on it: only an import tells of a change that has passed."""
    if day < context.today and context.channel is not Channel.IMPORT:
        raise Rejected(records.OUT_OF_ORDER, day=day, not_before=context.today)


def end_plan_unit(unit: FilePlanUnit, command: commands.EndFilePlanUnit, context: Context) -> facts.FilePlanUnitEnded:
    checks.require_reason(command.reason)
    if command.valid_to < unit.valid_from:
        raise Rejected(records.PLAN_UNIT_ENDS_BEFORE_START, valid_from=unit.valid_from, valid_to=command.valid_to)
    if command.valid_to == unit.valid_to:
        raise Rejected(records.NOTHING_CHANGED, valid_to=command.valid_to)
    _require_to_come(command.valid_to, context)
    return facts.FilePlanUnitEnded(valid_to=command.valid_to, reason=command.reason)


def open_file(command: commands.OpenFile, context: Context) -> facts.FileOpened:
    checks.require_number("reference", command.reference)
    checks.require_text("subject", command.subject)
    checks.require_code("lead_unit", command.lead_unit)
    checks.require_code("custodian_unit", command.custodian_unit)
    checks.require_number("source", command.source)
    checks.require_number("source_id", command.source_id)
    checks.require_import(context, command.source, command.source_id)
    unit = checks.valid_plan_unit(context.reads.get(command.plan_unit_id), context)
    return facts.FileOpened(
        reference=command.reference,
        subject=command.subject,
        plan_unit_id=command.plan_unit_id,
        plan_code=unit.code,
        lead_unit=command.lead_unit,
        custodian_unit=command.custodian_unit,
        confidentiality=command.confidentiality,
        medium=command.medium,
        opened_on=context.day,
        source=command.source,
        source_id=command.source_id,
        reference_key=checks.reference_key(command.reference, context),
    )


def transfer_lead_unit(file: File, command: commands.TransferFileLeadUnit) -> facts.FileLeadUnitTransferred:
    require_open(file)
    checks.require_code("new_lead_unit", command.new_lead_unit)
    checks.require_reason(command.reason)
    if command.new_lead_unit == file.lead_unit:
        raise Rejected(records.NOTHING_CHANGED, lead_unit=file.lead_unit)
    return facts.FileLeadUnitTransferred(old=file.lead_unit, new=command.new_lead_unit, reason=command.reason)


def close_file(file: File, command: commands.CloseFile, context: Context) -> facts.FileClosed:
    require_open(file)
    if file.open_cases:
        raise Rejected(records.FILE_HAS_OPEN_CASES, open_cases=file.open_cases)
    checks.require_reason(command.reason)
    plan = retention.in_force(context, file.plan_unit_id)
    return facts.FileClosed(
        zda_on=context.day,
        plan_version=plan.version,
        retention_years=plan.retention_years,
        retention_until=plan.retention_until,
        offer_due_on=plan.offer_due_on,
        disposal_kind=plan.disposal_kind,
        reason=command.reason,
    )


def reopen_file(file: File, command: commands.ReopenFile, context: Context) -> facts.FileReopened:
    if file.disposal is None:
        raise Rejected(records.FILE_NOT_CLOSED)
    disposal.require_before_disposal(file.disposal)
    checks.require_authority(command.authority)
    checks.require_reason(command.reason)
    return facts.FileReopened(authority=command.authority, reason=command.reason)


def correct_file(file: File, command: commands.CorrectFile) -> facts.FileCorrected:
    require_open(file)
    checks.require_reason(command.reason)
    change = corrected(file, command.field, command.new, command.new_sealed)
    return facts.FileCorrected(
        field=command.field,
        old=change.old,
        new=change.new,
        new_sealed=change.new_sealed,
        corrected_position=change.corrected_position,
        reason=command.reason,
    )


def require_open(file: File) -> None:
    if file.closed:
        raise Rejected(records.FILE_CLOSED, zda_on=file.zda_on)
