"""Decisions on cases: opening, change of lead unit, closing, reopening, correcting."""

from __future__ import annotations

from domain.efile import checks, commands, disposal, facts, retention
from domain.efile.corrections import corrected
from domain.efile.rules import records
from domain.efile.state import Case, File
from domain.kernel import Context, Fact, On, Rejected


def open_case(command: commands.OpenCase, context: Context) -> tuple[Fact | On, ...]:
    checks.require_number("reference", command.reference)
    checks.require_text("subject", command.subject)
    checks.require_code("lead_unit", command.lead_unit)
    checks.require_code("custodian_unit", command.custodian_unit)
    checks.require_number("source", command.source)
    checks.require_number("source_id", command.source_id)
    checks.require_text("details", command.details, longest=checks.LONGEST_DETAILS)
    checks.require_sha256("source_digest", command.source_digest)
    checks.require_import(context, command.source, command.source_id, command.source_digest)
    file = _open_file(context.reads.get(command.file_id))
    unit = checks.valid_plan_unit(context.reads.get(command.plan_unit_id), context)
    if command.plan_unit_id != file.plan_unit_id:
        raise Rejected(records.PLAN_UNIT_OF_OTHER_FILE, code=unit.code)
    opened = facts.CaseOpened(
        file_id=command.file_id,
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
        details=command.details,
        source_digest=command.source_digest,
        reference_key=checks.reference_key(command.reference, context),
    )
    added = facts.CaseAddedToFile(case_id=context.record_id, reference=command.reference)
    return opened, On(command.file_id, added)


def transfer_lead_unit(case: Case, command: commands.TransferCaseLeadUnit) -> facts.CaseLeadUnitTransferred:
    require_open(case)
    checks.require_code("new_lead_unit", command.new_lead_unit)
    checks.require_reason(command.reason)
    if command.new_lead_unit == case.lead_unit:
        raise Rejected(records.NOTHING_CHANGED, lead_unit=case.lead_unit)
    return facts.CaseLeadUnitTransferred(old=case.lead_unit, new=command.new_lead_unit, reason=command.reason)


def close_case(case: Case, command: commands.CloseCase, context: Context) -> tuple[Fact | On, ...]:
    require_open(case)
    if case.circulation:
        open_steps = ", ".join(str(step.planned.no) for step in case.circulation.steps if step.open)
        raise Rejected(records.CASE_HAS_OPEN_STEPS, steps=open_steps)
    open_resubmissions = [no for no, each in enumerate(case.resubmissions, start=1) if each.open]
    if open_resubmissions:
        raise Rejected(records.CASE_HAS_OPEN_RESUBMISSIONS, numbers=", ".join(map(str, open_resubmissions)))
    checks.require_reason(command.reason)
    plan = retention.in_force(context, case.plan_unit_id)
    closed = facts.CaseClosed(
        zda_on=context.day,
        plan_version=plan.version,
        retention_years=plan.retention_years,
        retention_until=plan.retention_until,
        offer_due_on=plan.offer_due_on,
        disposal_kind=plan.disposal_kind,
        reason=command.reason,
    )
    return closed, On(case.file_id, facts.CaseOfFileClosed(case_id=context.record_id))


def reopen_case(case: Case, command: commands.ReopenCase, context: Context) -> tuple[Fact | On, ...]:
    if case.disposal is None:
        raise Rejected(records.CASE_NOT_CLOSED)
    disposal.require_before_disposal(case.disposal)
    _open_file(context.reads.get(case.file_id))
    checks.require_authority(command.authority)
    checks.require_reason(command.reason)
    reopened = facts.CaseReopened(authority=command.authority, reason=command.reason)
    return reopened, On(case.file_id, facts.CaseOfFileReopened(case_id=context.record_id))


def correct_case(case: Case, command: commands.CorrectCase, context: Context) -> facts.CaseCorrected:
    require_open(case)
    checks.require_reason(command.reason)
    checks.require_sha256("source_digest", command.source_digest)
    checks.require_import(context, command.source_digest)
    change = corrected(case, command.field, command.new, command.new_sealed)
    return facts.CaseCorrected(
        field=command.field,
        old=change.old,
        new=change.new,
        new_sealed=change.new_sealed,
        corrected_position=change.corrected_position,
        source_digest=command.source_digest,
        reason=command.reason,
    )


def require_open(case: Case) -> None:
    if case.closed:
        raise Rejected(records.CASE_CLOSED, zda_on=case.zda_on)


def _open_file(file: object) -> File:
    if not isinstance(file, File):
        raise Rejected(records.FILE_UNKNOWN)
    if file.closed:
        raise Rejected(records.FILE_OF_CASE_CLOSED, file=file.reference, zda_on=file.zda_on)
    return file
