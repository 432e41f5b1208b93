"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from domain.efile.facts import (
    AttachmentAdded,
    CaseAppraisalReceived,
    CaseClosed,
    CaseConfidentialityChanged,
    CaseDestroyed,
    CaseDestructionApproved,
    CaseDisposalOffered,
    CaseImportConfirmed,
    CaseLeadUnitTransferred,
    CaseLegalHoldPlaced,
    CaseLegalHoldReleased,
    CaseOfferBecameDue,
    CaseOfFileClosed,
    CaseOfFileDestroyed,
    CaseOpened,
    CaseReopened,
    CaseRetentionExpired,
    CaseTransferFailed,
    CaseTransferSent,
    CirculationStarted,
    CirculationStepAdded,
    CirculationStepCompleted,
    CirculationStepCorrected,
    CirculationStepRecorded,
    CirculationStepSkipped,
    DocumentFiled,
    DocumentVersionAdded,
    FileAppraisalReceived,
    FileClosed,
    FileConfidentialityChanged,
    FileDestroyed,
    FileDestructionApproved,
    FileDisposalOffered,
    FileImportConfirmed,
    FileLeadUnitTransferred,
    FileLegalHoldPlaced,
    FileLegalHoldReleased,
    FileOfferBecameDue,
    FileOpened,
    FileReopened,
    FileRetentionExpired,
    FileTransferFailed,
    FileTransferSent,
)
from domain.efile.vocabulary import Medium
from domain.upcasting import unknown


def case_opened_with_medium(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had no medium: all cases were electronic."""
    return {**body, "medium": Medium.ELECTRONIC.value}


def closed_with_offer(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 was of a time when plan units had one version. The day of the offer is the one that held for what was
    closed then, whatever is reckoned today: after the calendar year that follows the end of retention, at the latest
    after the thirtieth that follows closing.
    """
    last = date.fromisoformat(body["zda_on"]).year + 30
    if until := body.get("retention_until"):
        last = min(last, date.fromisoformat(until).year + 1)
    return {**body, "plan_version": 1, "offer_due_on": date(min(last + 1, date.max.year), 1, 1).isoformat()}


def drafted_by(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the drafter alone: whether it was in somebody's place is not known."""
    return {**body, "deputising_for": None, "day": None}


def signed_by(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the performer alone: neither in whose place, if in anybody's, nor whom it was held against."""
    return {**body, "deputising_for": None, "drafters": [], "day": None}


def skipped_without_kind(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the step by its number alone."""
    return {**body, "step_kind": None, "objector": None, "day": None}


def skipped_without_drafters(body: dict[str, Any]) -> dict[str, Any]:
    """Version 2 did not name whose document was left without a final signature."""
    return {**body, "drafters": []}


def approved_whatever_held_the_file(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say how often the file of the case had been held by then, nor its day."""
    return {**body, "file_holds": None, "day": None}


def attached_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 left who added the attachment to the envelope, which a fold does not see."""
    return {**body, "added_by": None, "deputising_for": None}


def held_whatever_was_approved(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 said neither its day nor whether an approval became void."""
    return {**body, "voids_approval": None, "day": None}


UPCASTERS: Final = {
    "efile.case_opened.v1": ("efile.case_opened.v2", case_opened_with_medium),
    "efile.case_opened.v2": (CaseOpened.topic, unknown("reference_key")),
    "efile.file_opened.v1": (FileOpened.topic, unknown("reference_key")),
    "efile.case_closed.v1": (CaseClosed.topic, closed_with_offer),
    "efile.file_closed.v1": (FileClosed.topic, closed_with_offer),
    "efile.document_filed.v1": (DocumentFiled.topic, drafted_by),
    "efile.document_version_added.v1": (DocumentVersionAdded.topic, drafted_by),
    "efile.circulation_step_completed.v1": (CirculationStepCompleted.topic, signed_by),
    "efile.circulation_step_skipped.v1": ("efile.circulation_step_skipped.v2", skipped_without_kind),
    "efile.circulation_step_skipped.v2": (CirculationStepSkipped.topic, skipped_without_drafters),
    "efile.case_destruction_approved.v1": (CaseDestructionApproved.topic, approved_whatever_held_the_file),
    "efile.circulation_started.v1": (CirculationStarted.topic, unknown("day")),
    "efile.circulation_step_added.v1": (CirculationStepAdded.topic, unknown("day")),
    "efile.circulation_step_recorded.v1": (CirculationStepRecorded.topic, unknown("day")),
    "efile.circulation_step_corrected.v1": (CirculationStepCorrected.topic, unknown("day")),
    "efile.case_lead_unit_transferred.v1": (CaseLeadUnitTransferred.topic, unknown("day")),
    "efile.file_lead_unit_transferred.v1": (FileLeadUnitTransferred.topic, unknown("day")),
    "efile.case_reopened.v1": (CaseReopened.topic, unknown("day")),
    "efile.file_reopened.v1": (FileReopened.topic, unknown("day")),
    "efile.case_of_file_closed.v1": (CaseOfFileClosed.topic, unknown("day")),
    "efile.file_confidentiality_changed.v1": (FileConfidentialityChanged.topic, unknown("day")),
    "efile.case_confidentiality_changed.v1": (CaseConfidentialityChanged.topic, unknown("day")),
    "efile.file_retention_expired.v1": (FileRetentionExpired.topic, unknown("day")),
    "efile.file_offer_became_due.v1": (FileOfferBecameDue.topic, unknown("day")),
    "efile.file_disposal_offered.v1": (FileDisposalOffered.topic, unknown("day")),
    "efile.file_appraisal_received.v1": (FileAppraisalReceived.topic, unknown("day")),
    "efile.file_transfer_sent.v1": (FileTransferSent.topic, unknown("day")),
    "efile.file_transfer_failed.v1": (FileTransferFailed.topic, unknown("day")),
    "efile.file_import_confirmed.v1": (FileImportConfirmed.topic, unknown("day")),
    "efile.file_destruction_approved.v1": (FileDestructionApproved.topic, unknown("day")),
    "efile.file_destroyed.v1": (FileDestroyed.topic, unknown("day")),
    "efile.file_legal_hold_placed.v1": (FileLegalHoldPlaced.topic, held_whatever_was_approved),
    "efile.file_legal_hold_released.v1": (FileLegalHoldReleased.topic, unknown("day")),
    "efile.case_retention_expired.v1": (CaseRetentionExpired.topic, unknown("day")),
    "efile.case_offer_became_due.v1": (CaseOfferBecameDue.topic, unknown("day")),
    "efile.case_disposal_offered.v1": (CaseDisposalOffered.topic, unknown("day")),
    "efile.case_appraisal_received.v1": (CaseAppraisalReceived.topic, unknown("day")),
    "efile.case_transfer_sent.v1": (CaseTransferSent.topic, unknown("day")),
    "efile.case_transfer_failed.v1": (CaseTransferFailed.topic, unknown("day")),
    "efile.case_import_confirmed.v1": (CaseImportConfirmed.topic, unknown("day")),
    "efile.case_destroyed.v1": (CaseDestroyed.topic, unknown("day")),
    "efile.case_legal_hold_placed.v1": (CaseLegalHoldPlaced.topic, held_whatever_was_approved),
    "efile.case_legal_hold_released.v1": (CaseLegalHoldReleased.topic, unknown("day")),
    "efile.case_of_file_destroyed.v1": (CaseOfFileDestroyed.topic, unknown("day")),
    "efile.attachment_added.v1": (AttachmentAdded.topic, attached_by_nobody_known),
}
