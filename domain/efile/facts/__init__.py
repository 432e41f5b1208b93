"""The facts of the e-file family: all that can have happened to file plan units, files, cases and their documents."""

from collections.abc import Mapping
from typing import Final, get_args

from domain.efile.facts.cases import (
    CASE_REFERENCE_CLAIM,
    CaseClosed,
    CaseCorrected,
    CaseLeadUnitTransferred,
    CaseOpened,
    CaseReopened,
    DocumentCorrected,
    DocumentFiled,
    DocumentVersionAdded,
)
from domain.efile.facts.circulation import (
    CirculationStarted,
    CirculationStepAdded,
    CirculationStepCompleted,
    CirculationStepCorrected,
    CirculationStepRecorded,
    CirculationStepSkipped,
    PlannedStep,
    StepContent,
)
from domain.efile.facts.files import (
    FILE_REFERENCE_CLAIM,
    PLAN_CODE_CLAIM,
    CaseAddedToFile,
    CaseOfFileClosed,
    CaseOfFileReopened,
    FileClosed,
    FileCorrected,
    FileLeadUnitTransferred,
    FileOpened,
    FilePlanUnitDefined,
    FilePlanUnitEnded,
    FileReopened,
)
from domain.kernel import Fact

PlanUnitFact = FilePlanUnitDefined | FilePlanUnitEnded

FileFact = (
    FileOpened
    | FileLeadUnitTransferred
    | CaseAddedToFile
    | CaseOfFileClosed
    | CaseOfFileReopened
    | FileClosed
    | FileReopened
    | FileCorrected
)

CaseFact = (
    CaseOpened
    | CaseLeadUnitTransferred
    | CaseClosed
    | CaseReopened
    | CaseCorrected
    | DocumentFiled
    | DocumentVersionAdded
    | DocumentCorrected
    | CirculationStarted
    | CirculationStepAdded
    | CirculationStepCompleted
    | CirculationStepSkipped
    | CirculationStepRecorded
    | CirculationStepCorrected
)

FACTS: Final[tuple[type[Fact], ...]] = (*get_args(PlanUnitFact), *get_args(FileFact), *get_args(CaseFact))

_CORRECTED = "the corrected field's own clear value; a sealed field uses new_sealed"

PUBLIC_TEXTS: Final[Mapping[str, str]] = {
    "efile.file_plan_unit_defined.v1.title": "a file plan is public: it names tasks of the office, never people",
    "efile.file_corrected.v1.old": _CORRECTED,
    "efile.file_corrected.v1.new": _CORRECTED,
    "efile.case_corrected.v1.old": _CORRECTED,
    "efile.case_corrected.v1.new": _CORRECTED,
    "efile.document_corrected.v1.old": _CORRECTED,
    "efile.document_corrected.v1.new": _CORRECTED,
}
"""Each text that stands in clear, and why it may."""

__all__ = [
    "CASE_REFERENCE_CLAIM",
    "FACTS",
    "FILE_REFERENCE_CLAIM",
    "PLAN_CODE_CLAIM",
    "PUBLIC_TEXTS",
    "CaseAddedToFile",
    "CaseClosed",
    "CaseCorrected",
    "CaseFact",
    "CaseLeadUnitTransferred",
    "CaseOfFileClosed",
    "CaseOfFileReopened",
    "CaseOpened",
    "CaseReopened",
    "CirculationStarted",
    "CirculationStepAdded",
    "CirculationStepCompleted",
    "CirculationStepCorrected",
    "CirculationStepRecorded",
    "CirculationStepSkipped",
    "DocumentCorrected",
    "DocumentFiled",
    "DocumentVersionAdded",
    "FileClosed",
    "FileCorrected",
    "FileFact",
    "FileLeadUnitTransferred",
    "FileOpened",
    "FilePlanUnitDefined",
    "FilePlanUnitEnded",
    "FileReopened",
    "PlanUnitFact",
    "PlannedStep",
    "StepContent",
]
