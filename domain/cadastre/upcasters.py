"""How stored bodies of outdated shapes become those of today."""

from typing import Any, Final

from domain.cadastre.facts import (
    DraftChanged,
    FeeAssessed,
    FeeNoticeIssued,
    FeeWaived,
    InvoiceCancelled,
    InvoiceIssued,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCancelled,
    OrderCorrected,
    OrderPlaced,
    OrderRefunded,
    PaymentReminded,
    PaymentSettled,
    ProductGenerated,
    PurposeFulfilled,
    SeriesOpened,
)
from domain.upcasting import unknown


def order_of_parcels(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew parcels only. It was checked against no catalogue, and did not say for whom a deputy acted."""
    return {**body, "catalogue": None, "area": None, "placed_for": None}


def claimed_for_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named who claimed, and not in whose place."""
    return {**body, "claimed_for": None}


def held_against_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named the reviewer alone; that he was none of the others was decided, and not said."""
    return {**body, "held_against": []}


def corrected_by_nobody_known(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 named neither who corrected nor the day: the envelope alone does."""
    return {**body, "changed_by": [], "marks": None, "corrected_on": None}


UPCASTERS: Final = {
    "cadastre.order_placed.v1": ("cadastre.order_placed.v2", order_of_parcels),
    "cadastre.order_placed.v2": (OrderPlaced.topic, unknown("marks")),
    "cadastre.draft_changed.v1": (DraftChanged.topic, unknown("changed_on")),
    "cadastre.legitimate_interest_claimed.v1": ("cadastre.legitimate_interest_claimed.v2", claimed_for_nobody_known),
    "cadastre.legitimate_interest_claimed.v2": (LegitimateInterestClaimed.topic, unknown("claimed_on", "marks")),
    "cadastre.legitimate_interest_confirmed.v1": (LegitimateInterestConfirmed.topic, held_against_nobody_known),
    "cadastre.legitimate_interest_refused.v1": ("cadastre.legitimate_interest_refused.v2", held_against_nobody_known),
    "cadastre.legitimate_interest_refused.v2": (LegitimateInterestRefused.topic, unknown("refused_on")),
    "cadastre.fee_assessed.v1": (FeeAssessed.topic, unknown("assessed_on")),
    "cadastre.fee_notice_issued.v1": (FeeNoticeIssued.topic, unknown("issued_on")),
    "cadastre.invoice_issued.v1": (InvoiceIssued.topic, unknown("issued_on")),
    "cadastre.invoice_cancelled.v1": (InvoiceCancelled.topic, unknown("cancelled_on")),
    "cadastre.payment_reminded.v1": (PaymentReminded.topic, unknown("reminded_on")),
    "cadastre.payment_settled.v1": (PaymentSettled.topic, unknown("settled_on")),
    "cadastre.fee_waived.v1": (FeeWaived.topic, unknown("waived_on")),
    "cadastre.product_generated.v1": (ProductGenerated.topic, unknown("generated_on")),
    "cadastre.order_cancelled.v1": (OrderCancelled.topic, unknown("cancelled_on")),
    "cadastre.order_refunded.v1": (OrderRefunded.topic, unknown("refunded_on")),
    "cadastre.order_corrected.v1": (OrderCorrected.topic, corrected_by_nobody_known),
    "cadastre.purpose_fulfilled.v1": (PurposeFulfilled.topic, unknown("fulfilled_on")),
    "cadastre.series_opened.v1": (SeriesOpened.topic, unknown("opened_on")),
}
