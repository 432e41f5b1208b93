"""What becomes of the product of an order: made, delivered, gone."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.cadastre.facts.order import OrderFact
from domain.cadastre.vocabulary import DeliveryChannel
from domain.kernel import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductGenerated(OrderFact):
    """Auszug hergestellt. The ledger keeps the hash of the product, never its content. Version 1 did not say on which
    day it was made.
    """

    topic: ClassVar[str] = "cadastre.product_generated.v2"
    data_as_of: date
    sha256: Code
    generated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDelivered(OrderFact):
    """Auszug ausgeliefert. `sha256` is that of the product delivered, `expires` the last day of a download. After that
    day the same product may be delivered again.
    """

    topic: ClassVar[str] = "cadastre.product_delivered.v1"
    channel: DeliveryChannel
    expires: date | None
    sha256: Code
    delivered_on: date
    days: int
    """Calendar days since the order was placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryExpired(OrderFact):
    """Downloadfrist abgelaufen: the download is closed. `expires` was its last day."""

    topic: ClassVar[str] = "cadastre.delivery_expired.v1"
    expires: date
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeFulfilled(OrderFact):
    """Zweck erfüllt: the order is complete, and the office's copy of a product with owner data is deleted. Version 1
    did not say on which day.
    """

    topic: ClassVar[str] = "cadastre.purpose_fulfilled.v2"
    owner_data_deleted: bool
    fulfilled_on: date | None
