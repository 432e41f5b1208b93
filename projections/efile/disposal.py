"""What the registers of files and of cases show alike: closing, legal holds, and the way to disposal."""

from __future__ import annotations

from typing import Any

from domain.efile import facts
from domain.efile.vocabulary import Status
from domain.kernel import Recorded

KEPT_NO_LONGER: dict[str, Any] = {
    "status": Status.OPEN,
    "zda_on": None,
    "retention_until": None,
    "offer_due_on": None,
    "offer_due": False,
    "disposal_kind": None,
}
"""What reopening takes back."""


def closed(fact: facts.FileClosed | facts.CaseClosed) -> dict[str, Any]:
    """The columns that closing fills."""
    return {
        "status": Status.CLOSED,
        "zda_on": fact.zda_on,
        "retention_until": fact.retention_until,
        "offer_due_on": fact.offer_due_on,
        "disposal_kind": fact.disposal_kind,
    }


def changes(event: Recorded, legal_holds: int) -> dict[str, Any]:
    """The columns that an event after closing, or one about confidentiality or holds, changes in either register."""
    match event.fact:
        case facts.ConfidentialityChanged() as fact:
            return {"confidentiality": fact.new}
        case facts.LegalHoldPlaced():
            return {"legal_holds": legal_holds + 1}
        case facts.LegalHoldReleased():
            return {"legal_holds": legal_holds - 1}
        case facts.RetentionExpired():
            return {"status": Status.RETENTION_EXPIRED}
        case facts.OfferBecameDue():
            return {"offer_due": True}
        case facts.DisposalOffered() as fact:
            return {
                "status": Status.OFFERED,
                "process_id": fact.process_id,
                "archive": fact.archive,
                "offered_on": event.effective.day,
            }
        case facts.AppraisalReceived() as fact:
            return {"status": Status.APPRAISED, "appraisal": fact.decision}
        case facts.TransferSent():
            return {"status": Status.TRANSFERRED}
        case facts.TransferFailed():
            return {"status": Status.APPRAISED}
        case facts.ImportConfirmed() as fact:
            return {"status": Status.IMPORT_CONFIRMED, "archive_id": fact.archive_id}
        case facts.Destroyed():
            return {"status": Status.DESTROYED, "destroyed_on": event.effective.day}
    return {}
