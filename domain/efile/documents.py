"""Decisions on the documents of a case, and on the steps of its circulation that were taken outside the ledger."""

from __future__ import annotations

from uuid import UUID, uuid5

from domain.efile import checks, commands, facts
from domain.efile.cases import require_open
from domain.efile.corrections import corrected
from domain.efile.rules import rounds
from domain.efile.state import Case, Document
from domain.kernel import Context, Invalid, Message, Rejected


def file_document(case: Case, command: commands.FileDocument, context: Context) -> facts.DocumentFiled:
    require_open(case)
    checks.require_text("title", command.title)
    checks.require_text("foreign_reference", command.foreign_reference, longest=200)
    checks.require_content(command.filename, command.mime, command.size, command.sha256)
    return facts.DocumentFiled(
        document_id=uuid5(context.record_id, f"document:{context.version}"),
        no=len(case.documents) + 1,
        document_kind=command.document_kind,
        title=command.title,
        received_on=command.received_on,
        letter_date=command.letter_date,
        foreign_reference=command.foreign_reference,
        filename=command.filename,
        mime=command.mime,
        size=command.size,
        sha256=command.sha256,
        drafter=context.actor,
        deputising_for=context.deputising_for,
    )


def add_version(case: Case, command: commands.AddDocumentVersion, context: Context) -> facts.DocumentVersionAdded:
    require_open(case)
    document = document_of(case, command.document_id)
    checks.require_content(command.filename, command.mime, command.size, command.sha256)
    if command.sha256 == document.versions[-1].sha256:
        raise Rejected(rounds.SAME_VERSION, sha256=command.sha256)
    return facts.DocumentVersionAdded(
        document_id=document.id,
        version=len(document.versions) + 1,
        filename=command.filename,
        mime=command.mime,
        size=command.size,
        sha256=command.sha256,
        drafter=context.actor,
        deputising_for=context.deputising_for,
        invalidated_steps=_open_signatures(case, document),
    )


def add_attachment(case: Case, command: commands.AddAttachment, context: Context) -> facts.AttachmentAdded:
    require_open(case)
    document = document_of(case, command.document_id)
    checks.require_text("title", command.title)
    checks.require_content(command.filename, command.mime, command.size, command.sha256)
    if case.circulation and case.circulation.document_id == document.id:
        raise Rejected(rounds.DOCUMENT_CIRCULATES, document=document.id)
    if document.signed_version == len(document.versions):
        raise Rejected(rounds.DOCUMENT_SIGNED, version=document.signed_version)
    return facts.AttachmentAdded(
        document_id=document.id,
        no=document.attachments + 1,
        version=len(document.versions),
        title=command.title,
        filename=command.filename,
        mime=command.mime,
        size=command.size,
        sha256=command.sha256,
        added_by=context.actor,
        deputising_for=context.deputising_for,
    )


def correct_document(case: Case, command: commands.CorrectDocument) -> facts.DocumentCorrected:
    require_open(case)
    document = document_of(case, command.document_id)
    checks.require_reason(command.reason)
    change = corrected(document, command.field, command.new, command.new_sealed)
    return facts.DocumentCorrected(
        document_id=document.id,
        field=command.field,
        old=change.old,
        new=change.new,
        new_sealed=change.new_sealed,
        corrected_position=change.corrected_position,
        reason=command.reason,
    )


def record_step(case: Case, command: commands.RecordCirculationStep, context: Context) -> facts.CirculationStepRecorded:
    require_open(case)
    _require_step(command.step)
    checks.require_text("details", command.details, longest=checks.LONGEST_DETAILS)
    checks.require_number("source", command.source)
    checks.require_number("source_id", command.source_id)
    checks.require_sha256("source_digest", command.source_digest)
    if command.source_row is not None and command.source_row < 1:
        raise Invalid("source_row", Message("Rows count from 1.", "Zeilen zählen ab 1."))
    checks.require_import(context, command.source, command.source_id, command.source_row, command.source_digest)
    return facts.CirculationStepRecorded(
        entry=len(case.entries) + 1,
        step=command.step,
        details=command.details,
        source=command.source,
        source_id=command.source_id,
        source_row=command.source_row,
        source_digest=command.source_digest,
    )


def correct_step(
    case: Case, command: commands.CorrectCirculationStep, context: Context
) -> facts.CirculationStepCorrected:
    require_open(case)
    if not case.entries:
        raise Rejected(rounds.NO_ENTRY)
    if not 1 <= command.entry <= len(case.entries):
        raise Rejected(rounds.ENTRY_UNKNOWN, entry=command.entry, entries=len(case.entries))
    entry = case.entries[command.entry - 1]
    checks.require_reason(command.reason)
    _require_step(command.step)
    checks.require_text("details", command.details, longest=checks.LONGEST_DETAILS)
    checks.require_sha256("source_digest", command.source_digest)
    checks.require_import(context, command.source_digest)
    return facts.CirculationStepCorrected(
        entry=command.entry,
        old=entry.step,
        new=command.step,
        details=command.details,
        corrected_position=entry.details.position if command.details and entry.details else None,
        source_digest=command.source_digest,
        reason=command.reason,
    )


def document_of(case: Case, document_id: UUID | None) -> Document:
    document = case.document(document_id)
    if document is None:
        raise Rejected(rounds.DOCUMENT_UNKNOWN, document=document_id)
    return document


def _open_signatures(case: Case, document: Document) -> tuple[int, ...]:
    """Signatures for the document that a new version makes void: those of a round that is not finally signed."""
    circulation = case.circulation
    if circulation is None or circulation.document_id != document.id or circulation.finally_signed:
        return ()
    return tuple(
        step.planned.no for step in circulation.steps if step.planned.kind.is_signature and step.outcome is not None
    )


def _require_step(step: facts.StepContent) -> None:
    checks.require_number("step.activity", step.activity)
    checks.require_code("step.unit", step.unit)
    checks.require_code("step.outcome", step.outcome)
