"""Decisions from the end of retention to destruction (Aussonderung), alike for files and cases."""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import UUID

from domain.efile import checks, commands, facts
from domain.efile.rules import disposal as rules
from domain.efile.state import Case, Disposal, File
from domain.efile.vocabulary import Appraisal, DisposalKind, Status
from domain.kernel import Context, Invalid, Message, Rejected

Expired = TypeVar("Expired", bound=facts.RetentionExpired)
Due = TypeVar("Due", bound=facts.OfferBecameDue)
Offered = TypeVar("Offered", bound=facts.DisposalOffered)
Appraised = TypeVar("Appraised", bound=facts.AppraisalReceived)
Sent = TypeVar("Sent", bound=facts.TransferSent)
Failed = TypeVar("Failed", bound=facts.TransferFailed)
Confirmed = TypeVar("Confirmed", bound=facts.ImportConfirmed)
Approved = TypeVar("Approved", bound=facts.DestructionApproved)
Gone = TypeVar("Gone", bound=facts.Destroyed)

BEFORE_OFFER: Final = (Status.CLOSED, Status.RETENTION_EXPIRED)


def require_before_disposal(disposal: Disposal) -> None:
    if disposal.stage is not Status.CLOSED:
        raise Rejected(rules.IN_DISPOSAL, stage=disposal.stage)


def expire_retention(record: File | Case, context: Context, fact: type[Expired]) -> Expired:
    disposal = record.disposal
    if disposal is None or disposal.stage is not Status.CLOSED:
        raise Rejected(rules.RETENTION_NOT_RUNNING)
    if disposal.retention_until is None or context.day <= disposal.retention_until:
        raise Rejected(rules.RETENTION_NOT_EXPIRED, until=disposal.retention_until or "for ever")
    return fact(retention_until=disposal.retention_until)


def record_offer_due(record: File | Case, context: Context, fact: type[Due]) -> Due:
    disposal = record.disposal
    if disposal is None or disposal.stage not in BEFORE_OFFER or disposal.offer_due:
        raise Rejected(rules.OFFER_NOT_DUE)
    if context.day < disposal.offer_due_on:
        raise Rejected(rules.OFFER_NOT_DUE, due_on=disposal.offer_due_on)
    return fact(offer_due_on=disposal.offer_due_on)


def offer(record: File | Case, command: commands.OfferForDisposal, context: Context, fact: type[Offered]) -> Offered:
    disposal = record.disposal
    if disposal is None or disposal.stage not in BEFORE_OFFER:
        raise Rejected(rules.NOT_TO_BE_OFFERED, status=record.status)
    if disposal.stage is Status.CLOSED and not disposal.offer_due:
        raise Rejected(rules.NOT_TO_BE_OFFERED, retention_until=disposal.retention_until or "for ever")
    checks.require_number("process_id", command.process_id)
    checks.require_code("archive", command.archive)
    return fact(process_id=command.process_id, archive=command.archive)


def appraise(
    record: File | Case, command: commands.RecordAppraisal, context: Context, fact: type[Appraised]
) -> Appraised:
    disposal = _offered(record)
    if disposal.stage is not Status.OFFERED:
        raise Rejected(rules.ALREADY_APPRAISED, decision=disposal.decision)
    _require_process(disposal, command.process_id)
    checks.require_text("reason", command.reason, longest=4000)
    deviates = disposal.disposal_kind.value not in (DisposalKind.APPRAISE.value, command.decision.value)
    if deviates and command.reason is None:
        raise Rejected(rules.APPRAISAL_DEVIATES, planned=disposal.disposal_kind, decision=command.decision)
    return fact(
        process_id=command.process_id,
        decision=command.decision,
        disposal_kind=disposal.disposal_kind,
        reason=command.reason,
    )


def send(record: File | Case, command: commands.SendToArchive, context: Context, fact: type[Sent]) -> Sent:
    disposal = record.disposal
    if disposal is None or disposal.stage is not Status.APPRAISED or disposal.decision is not Appraisal.ARCHIVE:
        raise Rejected(rules.NOTHING_TO_TRANSFER)
    checks.require_package(command.size, command.sha256)
    return fact(process_id=disposal.process_id or "", sha256=command.sha256, size=command.size)


def fail_transfer(
    record: File | Case, command: commands.RecordTransferErrors, context: Context, fact: type[Failed]
) -> Failed:
    disposal = _transferred(record)
    _require_process(disposal, command.process_id)
    checks.require_text("report", command.report, longest=4000)
    if command.errors < 1:
        raise Invalid("errors", Message("Give the number of errors, from 1.", "Die Zahl der Fehler angeben, ab 1."))
    return fact(process_id=command.process_id, errors=command.errors, report=command.report)


def confirm_import(
    record: File | Case, command: commands.ConfirmImport, context: Context, fact: type[Confirmed]
) -> Confirmed:
    disposal = _transferred(record)
    _require_process(disposal, command.process_id)
    checks.require_number("archive_id", command.archive_id)
    return fact(process_id=command.process_id, archive_id=command.archive_id)


def approve_destruction(
    record: File | Case, context: Context, fact: type[Approved], file: File | None = None
) -> Approved:
    """`file` is the file that a case is in."""
    checks.require_staff(context)
    disposal = _destroyable(record, context, file)
    if _approvers(disposal, file):
        raise Rejected(rules.ALREADY_APPROVED)
    return fact(process_id=disposal.process_id or "", approver=context.actor, deputising_for=context.deputising_for)


def destroy(record: File | Case, context: Context, fact: type[Gone], file: File | None = None) -> Gone:
    """`file` is the file that a case is in."""
    checks.require_staff(context)
    disposal = _destroyable(record, context, file)
    approvers = _approvers(disposal, file)
    if not approvers:
        raise Rejected(rules.DESTRUCTION_NOT_APPROVED)
    if set(context.persons) & set(approvers):
        raise Rejected(rules.TWO_PEOPLE_DESTROY)
    approver, *deputised = approvers
    return fact(
        process_id=disposal.process_id or "",
        approvers=(approver, context.actor),
        approved_for=deputised[0] if deputised else None,
    )


def _approvers(disposal: Disposal, file: File | None) -> tuple[UUID, ...]:
    """Who approved, and in whose place. A hold on the file since then has made the approval of a case void."""
    if file and file.hold_count > disposal.approved_file_holds:
        return ()
    return disposal.approved_by


def _offered(record: File | Case) -> Disposal:
    if record.disposal is None or record.disposal.stage in BEFORE_OFFER:
        raise Rejected(rules.NOT_OFFERED, status=record.status)
    return record.disposal


def _transferred(record: File | Case) -> Disposal:
    if record.disposal is None or record.disposal.stage is not Status.TRANSFERRED:
        raise Rejected(rules.NO_TRANSFER, status=record.status)
    return record.disposal


def _destroyable(record: File | Case, context: Context, file: File | None) -> Disposal:
    """What has been through its disposal: appraised as not worth archiving, or safe in the archive."""
    disposal = _offered(record)
    if disposal.stage is Status.DESTROYED:
        raise Rejected(rules.DESTROYED)
    if disposal.stage is Status.OFFERED:
        raise Rejected(rules.NOT_APPRAISED)
    if disposal.decision is Appraisal.ARCHIVE and disposal.stage is not Status.IMPORT_CONFIRMED:
        raise Rejected(rules.IMPORT_NOT_CONFIRMED, stage=disposal.stage)
    if record.holds or (file and file.holds):
        raise Rejected(rules.UNDER_HOLD)
    if isinstance(record, File) and record.destroyed_cases < record.cases:
        raise Rejected(rules.FILE_HAS_CASES, cases=record.cases - record.destroyed_cases)
    if disposal.retention_until is None or context.day <= disposal.retention_until:
        raise Rejected(rules.RETENTION_NOT_EXPIRED, until=disposal.retention_until or "for ever")
    return disposal


def _require_process(disposal: Disposal, process_id: str) -> None:
    if process_id != disposal.process_id:
        raise Rejected(rules.OTHER_PROCESS, process_id=process_id, offered_in=disposal.process_id)
