"""How stored bodies of outdated shapes become those of today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from domain.library.facts import (
    DueDateChanged,
    GuardianConsentGiven,
    GuardianConsentWithdrawn,
    HoldCancelled,
    HoldExpired,
    HoldReady,
    HoldReordered,
    ItemAcquired,
    ItemClaimedReturned,
    ItemDeclaredLost,
    ItemReturned,
    ItemWithdrawn,
    PatronAgeBandChanged,
    PatronBlocked,
    PatronDeactivated,
    PatronReactivated,
    PatronRegistered,
    PatronUnblocked,
)
from domain.upcasting import unknown

KEPT_WHEN_VERSION_1_WAS_WRITTEN: Final = timedelta(days=28)
"""How long a returned loan told who had the item. It stays so, whatever later terms say."""
NOT_OVERRIDDEN: Final[dict[str, Any]] = {"overridden": [], "override_by": None, "override_reason": None}


def item_acquired_with_title(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had the text of the title alone: titles were no records yet."""
    return {**body, "title_id": None}


def item_returned_with_settlement(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say where, and raised no charges: the loan is forgotten as it would have been then."""
    day = date.fromisoformat(body["returned_on"]) + KEPT_WHEN_VERSION_1_WAS_WRITTEN
    return {**body, "place": None, "anonymise_from": day.isoformat(), **NOT_OVERRIDDEN}


def without_override(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 asked for nobody's leave to name an earlier day: no rule was set aside."""
    return {**body, **NOT_OVERRIDDEN}


def hold_ended_with_its_term(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 did not say when it is to be forgotten who waited, nor on which day it ended."""
    return {**body, "anonymise_from": None, "terms": None}


UPCASTERS: Final = {
    "library.item_acquired.v1": ("library.item_acquired.v2", item_acquired_with_title),
    "library.item_acquired.v2": (ItemAcquired.topic, unknown("acquired_on")),
    "library.patron_registered.v1": (PatronRegistered.topic, unknown("registered_on", "charged_until")),
    "library.patron_blocked.v1": (PatronBlocked.topic, unknown("blocked_on")),
    "library.patron_unblocked.v1": (PatronUnblocked.topic, unknown("unblocked_on")),
    "library.patron_deactivated.v1": (PatronDeactivated.topic, unknown("deactivated_on")),
    "library.patron_reactivated.v1": (PatronReactivated.topic, unknown("reactivated_on")),
    "library.item_returned.v1": (ItemReturned.topic, item_returned_with_settlement),
    "library.item_claimed_returned.v1": (ItemClaimedReturned.topic, without_override),
    "library.item_declared_lost.v1": (ItemDeclaredLost.topic, without_override),
    "library.due_date_changed.v1": (DueDateChanged.topic, unknown("changed_on")),
    "library.hold_reordered.v1": (HoldReordered.topic, unknown("reordered_on")),
    "library.hold_ready.v1": (HoldReady.topic, unknown("ready_on")),
    "library.hold_expired.v1": ("library.hold_expired.v2", hold_ended_with_its_term),
    "library.hold_expired.v2": (HoldExpired.topic, unknown("expired_on")),
    "library.hold_cancelled.v1": ("library.hold_cancelled.v2", hold_ended_with_its_term),
    "library.hold_cancelled.v2": (HoldCancelled.topic, unknown("cancelled_on")),
    "library.item_withdrawn.v1": (ItemWithdrawn.topic, unknown("withdrawn_on")),
    "library.patron_age_band_changed.v1": (PatronAgeBandChanged.topic, unknown("changed_on")),
    "library.guardian_consent_given.v1": (GuardianConsentGiven.topic, unknown("given_on")),
    "library.guardian_consent_withdrawn.v1": (GuardianConsentWithdrawn.topic, unknown("withdrawn_on")),
}
