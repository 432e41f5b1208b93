"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from domain.efile.facts import (
    CaseClosed,
    CaseLeadUnitTransferred,
    CaseOfFileClosed,
    CaseOpened,
    CaseReopened,
    CirculationStarted,
    CirculationStepAdded,
    CirculationStepCompleted,
    CirculationStepCorrected,
    CirculationStepRecorded,
    CirculationStepSkipped,
    DocumentFiled,
    DocumentVersionAdded,
    FileClosed,
    FileLeadUnitTransferred,
    FileReopened,
)
from domain.efile.retention import offer_due_on
from domain.efile.vocabulary import Medium


def case_opened_with_medium(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had no medium: all cases were electronic."""
    return {**body, "medium": Medium.ELECTRONIC.value}


def closed_with_offer(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 was of a time when plan units had one version; the day of the offer follows from what it says."""
    until = body.get("retention_until")
    due = offer_due_on(date.fromisoformat(body["zda_on"]), date.fromisoformat(until) if until else None)
    return {**body, "plan_version": 1, "offer_due_on": due.isoformat()}


def drafted_in_person(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 was of a time without deputies."""
    return {**body, "deputising_for": None, "day": None}


def signed_in_person(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 was of a time without deputies, and did not name the drafters that a signature was held against."""
    return {**body, "deputising_for": None, "drafters": [], "day": None}


def skipped_without_kind(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the step by its number alone."""
    return {**body, "step_kind": None, "objector": None, "day": None}


def without_day(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 left its day to the envelope, which a fold does not see: the day is not known."""
    return {**body, "day": None}


UPCASTERS: Final = {
    "efile.case_opened.v1": (CaseOpened.topic, case_opened_with_medium),
    "efile.case_closed.v1": (CaseClosed.topic, closed_with_offer),
    "efile.file_closed.v1": (FileClosed.topic, closed_with_offer),
    "efile.document_filed.v1": (DocumentFiled.topic, drafted_in_person),
    "efile.document_version_added.v1": (DocumentVersionAdded.topic, drafted_in_person),
    "efile.circulation_step_completed.v1": (CirculationStepCompleted.topic, signed_in_person),
    "efile.circulation_step_skipped.v1": (CirculationStepSkipped.topic, skipped_without_kind),
    "efile.circulation_started.v1": (CirculationStarted.topic, without_day),
    "efile.circulation_step_added.v1": (CirculationStepAdded.topic, without_day),
    "efile.circulation_step_recorded.v1": (CirculationStepRecorded.topic, without_day),
    "efile.circulation_step_corrected.v1": (CirculationStepCorrected.topic, without_day),
    "efile.case_lead_unit_transferred.v1": (CaseLeadUnitTransferred.topic, without_day),
    "efile.file_lead_unit_transferred.v1": (FileLeadUnitTransferred.topic, without_day),
    "efile.case_reopened.v1": (CaseReopened.topic, without_day),
    "efile.file_reopened.v1": (FileReopened.topic, without_day),
    "efile.case_of_file_closed.v1": (CaseOfFileClosed.topic, without_day),
}
