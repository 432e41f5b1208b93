"""How stored bodies of outdated shapes become those of today."""

from collections.abc import Callable
from typing import Any, Final

from domain.cadastre.facts import (
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
    """Version 1 did not name who corrected: the envelope alone does."""
    return {**body, "changed_by": []}


def day_unknown(field: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The version before did not say on which day it happened: that stood in the envelope alone."""
    return lambda body: {**body, field: None}


UPCASTERS: Final = {
    "cadastre.order_placed.v1": (OrderPlaced.topic, order_of_parcels),
    "cadastre.legitimate_interest_claimed.v1": ("cadastre.legitimate_interest_claimed.v2", claimed_for_nobody_known),
    "cadastre.legitimate_interest_claimed.v2": (LegitimateInterestClaimed.topic, day_unknown("claimed_on")),
    "cadastre.legitimate_interest_confirmed.v1": (LegitimateInterestConfirmed.topic, held_against_nobody_known),
    "cadastre.legitimate_interest_refused.v1": ("cadastre.legitimate_interest_refused.v2", held_against_nobody_known),
    "cadastre.legitimate_interest_refused.v2": (LegitimateInterestRefused.topic, day_unknown("refused_on")),
    "cadastre.fee_assessed.v1": (FeeAssessed.topic, day_unknown("assessed_on")),
    "cadastre.fee_notice_issued.v1": (FeeNoticeIssued.topic, day_unknown("issued_on")),
    "cadastre.invoice_issued.v1": (InvoiceIssued.topic, day_unknown("issued_on")),
    "cadastre.invoice_cancelled.v1": (InvoiceCancelled.topic, day_unknown("cancelled_on")),
    "cadastre.payment_reminded.v1": (PaymentReminded.topic, day_unknown("reminded_on")),
    "cadastre.payment_settled.v1": (PaymentSettled.topic, day_unknown("settled_on")),
    "cadastre.fee_waived.v1": (FeeWaived.topic, day_unknown("waived_on")),
    "cadastre.product_generated.v1": (ProductGenerated.topic, day_unknown("generated_on")),
    "cadastre.order_cancelled.v1": (OrderCancelled.topic, day_unknown("cancelled_on")),
    "cadastre.order_refunded.v1": (OrderRefunded.topic, day_unknown("refunded_on")),
    "cadastre.order_corrected.v1": (OrderCorrected.topic, corrected_by_nobody_known),
    "cadastre.purpose_fulfilled.v1": (PurposeFulfilled.topic, day_unknown("fulfilled_on")),
    "cadastre.series_opened.v1": (SeriesOpened.topic, day_unknown("opened_on")),
}
