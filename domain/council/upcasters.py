"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from typing import Any, Final

from domain.council.facts import (
    AgendaItemAdded,
    AttendanceRecorded,
    ConsultationPlanned,
    ImplementationAssigned,
    ImplementationReported,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesDrafted,
    MinutesSigned,
    ObjectionDecided,
    PaperAmended,
    PaperCorrected,
    PaperCoSigned,
    PaperDecided,
    PaperDrafted,
    PaperFileAttached,
    PaperFileRemoved,
    ResolutionObjected,
    VoteRecorded,
)
from domain.council.vocabulary import Outcome
from domain.upcasting import unknown


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


def changed_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say who changed the paper and when, nor whose co-signatures that voided."""
    return {**body, "changed_by": [], "changed_on": None, "voids": None}


def counted_without_a_reason(body: dict[str, Any]) -> dict[str, Any]:
    """In version 1 a new count replaced the former without a word."""
    return {**body, "correction_reason": None}


def added_without_an_objection(body: dict[str, Any]) -> dict[str, Any]:
    """In version 1 an item did not say which resolution it was to decide again, nor when it joined the agenda."""
    return {**body, "decides_again": None, "added_on": None}


def co_signed_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the unit that co-signed, and nobody who did."""
    return {**body, "signatory": None, "deputising_for": None, "signed_on": None}


def objected_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say who objected."""
    return {**body, "objected_by": None, "deputising_for": None}


UPCASTERS: Final = {
    "council.paper_drafted.v1": ("council.paper_drafted.v2", drafted_by_nobody_known),
    "council.paper_drafted.v2": (PaperDrafted.topic, unknown("drafted_on")),
    "council.meeting_scheduled.v1": (MeetingScheduled.topic, unknown("scheduled_on")),
    "council.meeting_rescheduled.v1": (MeetingRescheduled.topic, unknown("rescheduled_on")),
    "council.minutes_drafted.v1": (MinutesDrafted.topic, unknown("drafted_on")),
    "council.minutes_signed.v1": (MinutesSigned.topic, unknown("signed_on")),
    "council.implementation_assigned.v1": (ImplementationAssigned.topic, unknown("assigned_on")),
    "council.implementation_reported.v1": (ImplementationReported.topic, unknown("reported_on")),
    "council.consultation_planned.v1": (ConsultationPlanned.topic, planned_without_order),
    "council.paper_decided.v1": ("council.paper_decided.v2", pending_where_postponed),
    "council.paper_decided.v2": (PaperDecided.topic, unknown("decided_on")),
    "council.attendance_recorded.v1": (AttendanceRecorded.topic, counted_without_names),
    "council.paper_amended.v1": (PaperAmended.topic, changed_by_nobody_known),
    "council.paper_corrected.v1": (PaperCorrected.topic, changed_by_nobody_known),
    "council.paper_file_attached.v1": (PaperFileAttached.topic, changed_by_nobody_known),
    "council.paper_file_removed.v1": (PaperFileRemoved.topic, changed_by_nobody_known),
    "council.paper_co_signed.v1": (PaperCoSigned.topic, co_signed_by_nobody_known),
    "council.objection_decided.v1": (ObjectionDecided.topic, unknown("decided_on")),
    "council.resolution_objected.v1": (ResolutionObjected.topic, objected_by_nobody_known),
    "council.vote_recorded.v1": (VoteRecorded.topic, counted_without_a_reason),
    "council.agenda_item_added.v1": (AgendaItemAdded.topic, added_without_an_objection),
}
