"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from typing import Any, Final

from domain.council.facts import AttendanceRecorded, ConsultationPlanned, PaperDecided, PaperDrafted
from domain.council.vocabulary import Outcome


def drafted_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say who drafted the paper."""
    return {**body, "drafted_by": None, "deputising_for": None}


def planned_without_order(body: dict[str, Any]) -> dict[str, Any]:
    """In version 1 bodies consulted in any order."""
    return {**body, "order": None}


def pending_where_postponed(body: dict[str, Any]) -> dict[str, Any]:
    """In version 1 a postponed paper came back to the body; one that was referred did not."""
    return {**body, "pending": body["outcome"] == Outcome.POSTPONED.value}


def counted_without_names(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 counted those with a vote, and did not say who they were."""
    return {**body, "members": []}


UPCASTERS: Final = {
    "council.paper_drafted.v1": (PaperDrafted.topic, drafted_by_nobody_known),
    "council.consultation_planned.v1": (ConsultationPlanned.topic, planned_without_order),
    "council.paper_decided.v1": (PaperDecided.topic, pending_where_postponed),
    "council.attendance_recorded.v1": (AttendanceRecorded.topic, counted_without_names),
}
