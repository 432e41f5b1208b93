"""The facts of the e-file family: all that can have happened to file plan units, files, cases and their documents."""

from collections.abc import Mapping
from typing import Final, get_args

from domain.efile.facts.cases import (
    CASE_REFERENCE_CLAIM,
    AttachmentAdded,
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
from domain.efile.facts.custody import (
    CaseConfidentialityChanged,
    CaseLegalHoldPlaced,
    CaseLegalHoldReleased,
    ConfidentialityChanged,
    FileConfidentialityChanged,
    FileLegalHoldPlaced,
    FileLegalHoldReleased,
    LegalHoldPlaced,
    LegalHoldReleased,
)
from domain.efile.facts.dated import Dated
from domain.efile.facts.disposal import (
    AppraisalReceived,
    CaseAppraisalReceived,
    CaseDestroyed,
    CaseDestructionApproved,
    CaseDisposalOffered,
    CaseImportConfirmed,
    CaseOfferBecameDue,
    CaseRetentionExpired,
    CaseTransferFailed,
    CaseTransferSent,
    Destroyed,
    DestructionApproved,
    DisposalOffered,
    DisposalStep,
    FileAppraisalReceived,
    FileDestroyed,
    FileDestructionApproved,
    FileDisposalOffered,
    FileImportConfirmed,
    FileOfferBecameDue,
    FileRetentionExpired,
    FileTransferFailed,
    FileTransferSent,
    ImportConfirmed,
    OfferBecameDue,
    RetentionExpired,
    TransferFailed,
    TransferSent,
)
from domain.efile.facts.files import (
    FILE_REFERENCE_CLAIM,
    PLAN_CODE_CLAIM,
    CaseAddedToFile,
    CaseOfFileClosed,
    CaseOfFileDestroyed,
    CaseOfFileReopened,
    FileClosed,
    FileCorrected,
    FileLeadUnitTransferred,
    FileOpened,
    FilePlanUnitDefined,
    FilePlanUnitEnded,
    FilePlanUnitRevised,
    FileReopened,
)
from domain.efile.facts.resubmissions import (
    ResubmissionBecameOverdue,
    ResubmissionCancelled,
    ResubmissionDone,
    ResubmissionScheduled,
)
from domain.kernel import Fact

PlanUnitFact = FilePlanUnitDefined | FilePlanUnitRevised | FilePlanUnitEnded

FileDisposalFact = (
    FileRetentionExpired
    | FileOfferBecameDue
    | FileDisposalOffered
    | FileAppraisalReceived
    | FileTransferSent
    | FileTransferFailed
    | FileImportConfirmed
    | FileDestructionApproved
    | FileDestroyed
)

FileFact = (
    FileOpened
    | FileLeadUnitTransferred
    | FileConfidentialityChanged
    | CaseAddedToFile
    | CaseOfFileClosed
    | CaseOfFileReopened
    | CaseOfFileDestroyed
    | FileClosed
    | FileReopened
    | FileCorrected
    | FileLegalHoldPlaced
    | FileLegalHoldReleased
    | FileDisposalFact
)

CaseDisposalFact = (
    CaseRetentionExpired
    | CaseOfferBecameDue
    | CaseDisposalOffered
    | CaseAppraisalReceived
    | CaseTransferSent
    | CaseTransferFailed
    | CaseImportConfirmed
    | CaseDestructionApproved
    | CaseDestroyed
)

CirculationFact = (
    CirculationStarted
    | CirculationStepAdded
    | CirculationStepCompleted
    | CirculationStepSkipped
    | CirculationStepRecorded
    | CirculationStepCorrected
)

ResubmissionFact = ResubmissionScheduled | ResubmissionBecameOverdue | ResubmissionDone | ResubmissionCancelled

CaseFact = (
    CaseOpened
    | CaseLeadUnitTransferred
    | CaseConfidentialityChanged
    | CaseClosed
    | CaseReopened
    | CaseCorrected
    | DocumentFiled
    | DocumentVersionAdded
    | AttachmentAdded
    | DocumentCorrected
    | CirculationFact
    | ResubmissionFact
    | CaseLegalHoldPlaced
    | CaseLegalHoldReleased
    | CaseDisposalFact
)

DisposalFact = FileDisposalFact | CaseDisposalFact

FACTS: Final[tuple[type[Fact], ...]] = (*get_args(PlanUnitFact), *get_args(FileFact), *get_args(CaseFact))

_PLAN: Final = "a file plan is public: it names tasks of the office, never people"
_CORRECTED: Final = "the corrected field's own clear value; a sealed field uses new_sealed"

PUBLIC_TEXTS: Final[Mapping[str, str]] = {
    "efile.file_plan_unit_defined.v1.title": _PLAN,
    "efile.file_plan_unit_revised.v1.title": _PLAN,
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
    "AppraisalReceived",
    "AttachmentAdded",
    "CaseAddedToFile",
    "CaseAppraisalReceived",
    "CaseClosed",
    "CaseConfidentialityChanged",
    "CaseCorrected",
    "CaseDestroyed",
    "CaseDestructionApproved",
    "CaseDisposalFact",
    "CaseDisposalOffered",
    "CaseFact",
    "CaseImportConfirmed",
    "CaseLeadUnitTransferred",
    "CaseLegalHoldPlaced",
    "CaseLegalHoldReleased",
    "CaseOfFileClosed",
    "CaseOfFileDestroyed",
    "CaseOfFileReopened",
    "CaseOfferBecameDue",
    "CaseOpened",
    "CaseReopened",
    "CaseRetentionExpired",
    "CaseTransferFailed",
    "CaseTransferSent",
    "CirculationFact",
    "CirculationStarted",
    "CirculationStepAdded",
    "CirculationStepCompleted",
    "CirculationStepCorrected",
    "CirculationStepRecorded",
    "CirculationStepSkipped",
    "ConfidentialityChanged",
    "Dated",
    "Destroyed",
    "DestructionApproved",
    "DisposalFact",
    "DisposalOffered",
    "DisposalStep",
    "DocumentCorrected",
    "DocumentFiled",
    "DocumentVersionAdded",
    "FileAppraisalReceived",
    "FileClosed",
    "FileConfidentialityChanged",
    "FileCorrected",
    "FileDestroyed",
    "FileDestructionApproved",
    "FileDisposalFact",
    "FileDisposalOffered",
    "FileFact",
    "FileImportConfirmed",
    "FileLeadUnitTransferred",
    "FileLegalHoldPlaced",
    "FileLegalHoldReleased",
    "FileOfferBecameDue",
    "FileOpened",
    "FilePlanUnitDefined",
    "FilePlanUnitEnded",
    "FilePlanUnitRevised",
    "FileReopened",
    "FileRetentionExpired",
    "FileTransferFailed",
    "FileTransferSent",
    "ImportConfirmed",
    "LegalHoldPlaced",
    "LegalHoldReleased",
    "OfferBecameDue",
    "PlanUnitFact",
    "PlannedStep",
    "ResubmissionBecameOverdue",
    "ResubmissionCancelled",
    "ResubmissionDone",
    "ResubmissionFact",
    "ResubmissionScheduled",
    "RetentionExpired",
    "StepContent",
    "TransferFailed",
    "TransferSent",
]
