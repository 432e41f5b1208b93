"""How the facts of a case, its documents, circulations and resubmissions change its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar, assert_never, cast
from uuid import UUID

from domain.efile import facts
from domain.efile.evolve.custody import closed, corrected, disposed, held, reopened
from domain.efile.facts import CaseFact
from domain.efile.state import Case, Circulation, Disposal, Document, Entry, Resubmission, Step, Version
from domain.efile.vocabulary import (
    CaseField,
    DocumentField,
    DocumentKind,
    ResubmissionStatus,
    StepKind,
    StepOutcome,
    StepStatus,
)

T = TypeVar("T")


def evolve_case(case: Case, fact: CaseFact) -> Case:
    match fact:
        case facts.CirculationStepRecorded():
            entry = Entry(
                step=fact.step, details=fact.details, source_id=fact.source_id, source_digest=fact.source_digest
            )
            return replace(case, entries=(*case.entries, entry))
        case facts.CirculationStepCorrected():
            return replace(case, entries=_nth(case.entries, fact.entry, lambda entry: _entry_corrected(entry, fact)))
        case facts.CaseOpened():
            return Case(
                file_id=fact.file_id,
                reference=fact.reference,
                subject=fact.subject,
                plan_unit_id=fact.plan_unit_id,
                lead_unit=fact.lead_unit,
                custodian_unit=fact.custodian_unit,
                confidentiality=fact.confidentiality,
                medium=fact.medium,
                opened_on=fact.opened_on,
                last_day=fact.opened_on,
                details=fact.details,
                source_digest=fact.source_digest,
            )
        case facts.CaseLeadUnitTransferred():
            return replace(case, lead_unit=fact.new)
        case facts.CaseConfidentialityChanged():
            return replace(case, confidentiality=fact.new)
        case facts.CaseClosed():
            return replace(case, disposal=closed(fact))
        case facts.CaseReopened():
            return reopened(case, fact)
        case facts.CaseCorrected():
            digest = fact.source_digest or case.source_digest
            if fact.field is CaseField.DETAILS:
                return replace(case, details=fact.new_sealed, source_digest=digest)
            return replace(cast(Case, corrected(case, fact)), source_digest=digest)
        case facts.DocumentFiled():
            return replace(case, documents=(*case.documents, _document(fact)))
        case facts.DocumentVersionAdded():
            version = _version(fact)
            case = _on_document(
                case, fact.document_id, lambda document: replace(document, versions=(*document.versions, version))
            )
            return _on_steps(case, fact.invalidated_steps, lambda step: Step(planned=step.planned))
        case facts.AttachmentAdded():
            return _on_document(case, fact.document_id, lambda document: _attached(document, fact))
        case facts.DocumentCorrected():
            return _on_document(case, fact.document_id, lambda document: _document_corrected(document, fact))
        case facts.CirculationStarted():
            steps = tuple(Step(planned=step) for step in sorted(fact.steps, key=lambda step: step.no))
            circulation = _in_turn(Circulation(document_id=fact.document_id, steps=steps))
            return replace(case, circulations=(*case.circulations, circulation))
        case facts.CirculationStepAdded():
            last = case.circulations[-1]
            steps = tuple(sorted((*last.steps, Step(planned=fact.step)), key=lambda step: step.planned.no))
            return replace(case, circulations=(*case.circulations[:-1], _in_turn(replace(last, steps=steps))))
        case facts.CirculationStepCompleted():
            return _on_steps(_signed(case, fact), (fact.no,), lambda step: _completed(step, fact))
        case facts.CirculationStepSkipped():
            return _on_steps(case, (fact.no,), lambda step: replace(step, status=StepStatus.SKIPPED, outcome=None))
        case facts.ResubmissionScheduled():
            return replace(case, resubmissions=(*case.resubmissions, Resubmission(due=fact.due)))
        case facts.ResubmissionBecameOverdue():
            return _resubmitted(case, fact.no, ResubmissionStatus.OVERDUE)
        case facts.ResubmissionDone():
            return _resubmitted(case, fact.no, ResubmissionStatus.DONE)
        case facts.ResubmissionCancelled():
            return _resubmitted(case, fact.no, ResubmissionStatus.CANCELLED)
        case facts.CaseLegalHoldPlaced() | facts.CaseLegalHoldReleased():
            return cast(Case, held(case, fact))
        case facts.DisposalStep():
            return replace(case, disposal=disposed(cast(Disposal, case.disposal), fact))
        case _:
            assert_never(fact)


def _document(fact: facts.DocumentFiled) -> Document:
    return Document(
        id=fact.document_id,
        document_kind=fact.document_kind,
        title=fact.title,
        received_on=fact.received_on,
        letter_date=fact.letter_date,
        foreign_reference=fact.foreign_reference,
        versions=(_version(fact),),
        filed_on=fact.day,
    )


def _version(fact: facts.DocumentFiled | facts.DocumentVersionAdded) -> Version:
    deputised = (fact.deputising_for,) if fact.deputising_for else ()
    return Version(sha256=fact.sha256, drafters=(fact.drafter, *deputised))


def _attached(document: Document, fact: facts.AttachmentAdded) -> Document:
    persons = tuple(person for person in (fact.added_by, fact.deputising_for) if person)
    return replace(document, attachments=fact.no, attached_by=(*document.attached_by, *persons))


def _document_corrected(document: Document, fact: facts.DocumentCorrected) -> Document:
    match fact.field:
        case DocumentField.TITLE:
            return replace(document, title=fact.new_sealed) if fact.new_sealed else document
        case DocumentField.FOREIGN_REFERENCE:
            return replace(document, foreign_reference=fact.new_sealed)
        case DocumentField.KIND:
            return replace(document, document_kind=DocumentKind(fact.new)) if fact.new else document
        case DocumentField.RECEIVED_ON:
            return replace(document, received_on=_date(fact.new))
        case DocumentField.LETTER_DATE:
            return replace(document, letter_date=_date(fact.new))
        case _:
            assert_never(fact.field)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _on_document(case: Case, document_id: UUID | None, change: Callable[[Document], Document]) -> Case:
    documents = tuple(change(document) if document.id == document_id else document for document in case.documents)
    return replace(case, documents=documents)


def _on_steps(case: Case, numbers: tuple[int, ...], change: Callable[[Step], Step]) -> Case:
    if not numbers:
        return case
    last = case.circulations[-1]
    steps = tuple(change(step) if step.planned.no in numbers else step for step in last.steps)
    return replace(case, circulations=(*case.circulations[:-1], _in_turn(replace(last, steps=steps))))


def _in_turn(circulation: Circulation) -> Circulation:
    current = circulation.current
    steps = tuple(
        replace(step, status=StepStatus.CURRENT if step is current else StepStatus.FUTURE) if step.open else step
        for step in circulation.steps
    )
    return replace(circulation, steps=steps)


def _completed(step: Step, fact: facts.CirculationStepCompleted) -> Step:
    done = StepStatus.DONE
    return replace(step, status=done, outcome=fact.outcome, version=fact.signed_version, performer=fact.performer)


def _signed(case: Case, fact: facts.CirculationStepCompleted) -> Case:
    """A final signature keeps the version it is for."""
    circulation = case.circulations[-1]
    step = circulation.step(fact.no)
    final = step is not None and step.planned.kind is StepKind.FINAL_SIGN
    if not final or fact.outcome is not StepOutcome.SIGNED:
        return case
    return _on_document(
        case, circulation.document_id, lambda document: replace(document, signed_version=fact.signed_version)
    )


def _resubmitted(case: Case, no: int, status: ResubmissionStatus) -> Case:
    changed = _nth(case.resubmissions, no, lambda resubmission: replace(resubmission, status=status))
    return replace(case, resubmissions=changed)


def _entry_corrected(entry: Entry, fact: facts.CirculationStepCorrected) -> Entry:
    return replace(
        entry,
        step=fact.new,
        details=fact.details or entry.details,
        source_digest=fact.source_digest or entry.source_digest,
    )


def _nth(items: tuple[T, ...], number: int, change: Callable[[T], T]) -> tuple[T, ...]:
    return (*items[: number - 1], change(items[number - 1]), *items[number:])
