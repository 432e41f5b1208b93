"""How each fact changes a state. Total on stored facts: nothing here consults a clock, a plan or a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import assert_never, cast

from domain.efile import facts
from domain.efile.facts import CaseFact, FileFact, PlanUnitFact
from domain.efile.state import Case, Circulation, Document, Entry, File, FilePlanUnit, State, Step, Version
from domain.efile.vocabulary import (
    CaseField,
    Confidentiality,
    DocumentField,
    DocumentKind,
    FileField,
    Medium,
    StepStatus,
)
from domain.kernel import Fact


def evolve(state: State | None, fact: Fact) -> State:
    """The state after the fact."""
    if fact.kind == "case":
        return evolve_case(cast(Case, state), cast(CaseFact, fact))
    if fact.kind == "file":
        return evolve_file(cast(File, state), cast(FileFact, fact))
    return evolve_plan_unit(cast(FilePlanUnit, state), cast(PlanUnitFact, fact))


def evolve_plan_unit(unit: FilePlanUnit, fact: PlanUnitFact) -> FilePlanUnit:
    match fact:
        case facts.FilePlanUnitDefined():
            return FilePlanUnit(
                code=fact.code,
                retention_years=fact.retention_years,
                disposal_kind=fact.disposal_kind,
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
            )
        case facts.FilePlanUnitEnded():
            return replace(unit, valid_to=fact.valid_to)
        case _:
            assert_never(fact)


def evolve_file(file: File, fact: FileFact) -> File:
    match fact:
        case facts.FileOpened():
            return File(
                reference=fact.reference,
                subject=fact.subject,
                plan_unit_id=fact.plan_unit_id,
                lead_unit=fact.lead_unit,
                custodian_unit=fact.custodian_unit,
                confidentiality=fact.confidentiality,
                medium=fact.medium,
                opened_on=fact.opened_on,
            )
        case facts.FileLeadUnitTransferred():
            return replace(file, lead_unit=fact.new)
        case facts.CaseAddedToFile() | facts.CaseOfFileReopened():
            return replace(file, open_cases=file.open_cases + 1)
        case facts.CaseOfFileClosed():
            return replace(file, open_cases=file.open_cases - 1)
        case facts.FileClosed():
            return replace(file, zda_on=fact.zda_on)
        case facts.FileReopened():
            return replace(file, zda_on=None)
        case facts.FileCorrected():
            return cast(File, _corrected(file, fact))
        case _:
            assert_never(fact)


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
                details=fact.details,
                source_digest=fact.source_digest,
            )
        case facts.CaseLeadUnitTransferred():
            return replace(case, lead_unit=fact.new)
        case facts.CaseClosed():
            return replace(case, zda_on=fact.zda_on)
        case facts.CaseReopened():
            return replace(case, zda_on=None)
        case facts.CaseCorrected():
            digest = fact.source_digest or case.source_digest
            if fact.field is CaseField.DETAILS:
                return replace(case, details=fact.new_sealed, source_digest=digest)
            return replace(cast(Case, _corrected(case, fact)), source_digest=digest)
        case facts.DocumentFiled():
            return replace(case, documents=(*case.documents, _document(fact)))
        case facts.DocumentVersionAdded():
            version = Version(sha256=fact.sha256, drafter=fact.drafter)
            case = _on_document(case, fact, lambda document: replace(document, versions=(*document.versions, version)))
            return _on_steps(case, fact.invalidated_steps, lambda step: Step(planned=step.planned))
        case facts.DocumentCorrected():
            return _on_document(case, fact, lambda document: _document_corrected(document, fact))
        case facts.CirculationStarted():
            steps = tuple(Step(planned=step) for step in sorted(fact.steps, key=lambda step: step.no))
            circulation = _in_turn(Circulation(document_id=fact.document_id, steps=steps))
            return replace(case, circulations=(*case.circulations, circulation))
        case facts.CirculationStepAdded():
            last = case.circulations[-1]
            steps = tuple(sorted((*last.steps, Step(planned=fact.step)), key=lambda step: step.planned.no))
            return replace(case, circulations=(*case.circulations[:-1], _in_turn(replace(last, steps=steps))))
        case facts.CirculationStepCompleted():
            return _on_steps(case, (fact.no,), lambda step: replace(step, status=StepStatus.DONE, outcome=fact.outcome))
        case facts.CirculationStepSkipped():
            return _on_steps(case, (fact.no,), lambda step: replace(step, status=StepStatus.SKIPPED, outcome=None))
        case _:
            assert_never(fact)


def _corrected(state: File | Case, fact: facts.FileCorrected | facts.CaseCorrected) -> File | Case:
    if fact.new is None:
        return replace(state, subject=fact.new_sealed) if fact.new_sealed else state
    match fact.field:
        case FileField.SUBJECT | CaseField.SUBJECT | CaseField.DETAILS:
            return state
        case FileField.CUSTODIAN_UNIT | CaseField.CUSTODIAN_UNIT:
            return replace(state, custodian_unit=fact.new)
        case FileField.CONFIDENTIALITY | CaseField.CONFIDENTIALITY:
            return replace(state, confidentiality=Confidentiality(fact.new))
        case FileField.MEDIUM | CaseField.MEDIUM:
            return replace(state, medium=Medium(fact.new))
        case _:
            assert_never(fact.field)


def _document(fact: facts.DocumentFiled) -> Document:
    return Document(
        id=fact.document_id,
        document_kind=fact.document_kind,
        title=fact.title,
        received_on=fact.received_on,
        letter_date=fact.letter_date,
        foreign_reference=fact.foreign_reference,
        versions=(Version(sha256=fact.sha256, drafter=fact.drafter),),
    )


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


def _on_document(
    case: Case,
    fact: facts.DocumentVersionAdded | facts.DocumentCorrected,
    change: Callable[[Document], Document],
) -> Case:
    documents = tuple(change(document) if document.id == fact.document_id else document for document in case.documents)
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


def _entry_corrected(entry: Entry, fact: facts.CirculationStepCorrected) -> Entry:
    return replace(
        entry,
        step=fact.new,
        details=fact.details or entry.details,
        source_digest=fact.source_digest or entry.source_digest,
    )


def _nth(entries: tuple[Entry, ...], number: int, change: Callable[[Entry], Entry]) -> tuple[Entry, ...]:
    return (*entries[: number - 1], change(entries[number - 1]), *entries[number:])
