"""What happens to cadastre orders (Katasterauszüge) and to the series that number their bills."""

from collections.abc import Mapping
from typing import Final

from domain.cadastre.facts.delivery import DeliveryExpired, ProductDelivered, ProductGenerated, PurposeFulfilled
from domain.cadastre.facts.fees import (
    FeeAssessed,
    FeeLine,
    FeeNoticeIssued,
    FeeWaived,
    InvoiceCancelled,
    InvoiceIssued,
    OrderRefunded,
    PaymentBecameOverdue,
    PaymentReminded,
    PaymentSettled,
)
from domain.cadastre.facts.order import (
    DraftChanged,
    DraftDiscarded,
    LegitimateInterestClaimed,
    LegitimateInterestConfirmed,
    LegitimateInterestRefused,
    OrderCancelled,
    OrderCorrected,
    OrderDrafted,
    OrderFact,
    OrderPlaced,
)
from domain.cadastre.facts.series import NumberTaken, SeriesFact, SeriesOpened

PUBLIC_TEXTS: Final[Mapping[str, str]] = {
    "cadastre.order_corrected.v2.old": "the corrected field's own clear value",
    "cadastre.order_corrected.v2.new": "the corrected field's own clear value",
}

__all__ = (
    "PUBLIC_TEXTS",
    "DeliveryExpired",
    "DraftChanged",
    "DraftDiscarded",
    "FeeAssessed",
    "FeeLine",
    "FeeNoticeIssued",
    "FeeWaived",
    "InvoiceCancelled",
    "InvoiceIssued",
    "LegitimateInterestClaimed",
    "LegitimateInterestConfirmed",
    "LegitimateInterestRefused",
    "NumberTaken",
    "OrderCancelled",
    "OrderCorrected",
    "OrderDrafted",
    "OrderFact",
    "OrderPlaced",
    "OrderRefunded",
    "PaymentBecameOverdue",
    "PaymentReminded",
    "PaymentSettled",
    "ProductDelivered",
    "ProductGenerated",
    "PurposeFulfilled",
    "SeriesFact",
    "SeriesOpened",
)
