"""How each fact changes a state. Total on stored facts: nothing here consults a clock, a plan or a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never, cast

from domain.efile import facts
from domain.efile.evolve.cases import evolve_case
from domain.efile.evolve.custody import closed, corrected, disposed, held, reopened, worked_on
from domain.efile.facts import CaseFact, FileFact, PlanUnitFact
from domain.efile.state import Case, Disposal, File, FilePlanUnit, PlanVersion, State
from domain.kernel import Fact


def evolve(state: State | None, fact: Fact) -> State:
    """The state after the fact."""
    if fact.kind == "case":
        return worked_on(evolve_case(cast(Case, state), cast(CaseFact, fact)), fact)
    if fact.kind == "file":
        return worked_on(evolve_file(cast(File, state), cast(FileFact, fact)), fact)
    return evolve_plan_unit(cast(FilePlanUnit, state), cast(PlanUnitFact, fact))


def evolve_plan_unit(unit: FilePlanUnit, fact: PlanUnitFact) -> FilePlanUnit:
    match fact:
        case facts.FilePlanUnitDefined():
            return FilePlanUnit(
                code=fact.code, valid_from=fact.valid_from, valid_to=fact.valid_to, versions=(_version(fact),)
            )
        case facts.FilePlanUnitRevised():
            return replace(unit, versions=(*unit.versions, _version(fact)))
        case facts.FilePlanUnitEnded():
            return replace(unit, valid_to=fact.valid_to)
        case _:
            assert_never(fact)


def _version(fact: facts.FilePlanUnitDefined | facts.FilePlanUnitRevised) -> PlanVersion:
    return PlanVersion(
        valid_from=fact.valid_from,
        title=fact.title,
        retention_years=fact.retention_years,
        disposal_kind=fact.disposal_kind,
    )


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
                last_day=fact.opened_on,
            )
        case facts.FileLeadUnitTransferred():
            return replace(file, lead_unit=fact.new)
        case facts.FileConfidentialityChanged():
            return replace(file, confidentiality=fact.new)
        case facts.CaseAddedToFile():
            return replace(file, cases=file.cases + 1, open_cases=file.open_cases + 1)
        case facts.CaseOfFileReopened():
            return replace(file, open_cases=file.open_cases + 1)
        case facts.CaseOfFileClosed():
            return replace(file, open_cases=file.open_cases - 1)
        case facts.CaseOfFileDestroyed():
            return replace(file, destroyed_cases=file.destroyed_cases + 1)
        case facts.FileClosed():
            return replace(file, disposal=closed(fact))
        case facts.FileReopened():
            return reopened(file, fact)
        case facts.FileCorrected():
            return cast(File, corrected(file, fact))
        case facts.FileLegalHoldPlaced() | facts.FileLegalHoldReleased():
            return cast(File, held(file, fact))
        case facts.DisposalStep():
            return replace(file, disposal=disposed(cast(Disposal, file.disposal), fact))
        case _:
            assert_never(fact)
