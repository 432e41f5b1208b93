"""The product of an order: made, delivered, expired; and the end of the order."""

from domain.cadastre import input_rules, rules
from domain.cadastre.commands import DeliverProduct, GenerateProduct
from domain.cadastre.facts import DeliveryExpired, ProductDelivered, ProductGenerated, PurposeFulfilled
from domain.cadastre.inputs import hash_of_product
from domain.cadastre.state import Order
from domain.cadastre.vocabulary import DeliveryChannel, Stage
from domain.kernel import Context, Rejected


def generate(order: Order, command: GenerateProduct, context: Context) -> ProductGenerated:
    """A product, by its hash."""
    if order.stage is Stage.DELIVERED:
        raise Rejected(rules.ALREADY_DELIVERED)
    if order.fee is None:
        raise Rejected(rules.FEE_NOT_ASSESSED)
    _check_payment(order)
    sha256 = hash_of_product(command.sha256)
    if command.data_as_of > context.day:
        raise Rejected(input_rules.DATA_FROM_THE_FUTURE, data_as_of=command.data_as_of)
    return ProductGenerated(data_as_of=command.data_as_of, sha256=sha256, generated_on=context.day)


def deliver(order: Order, command: DeliverProduct, context: Context) -> ProductDelivered:
    """The product that was made, handed over; once more where the download has expired."""
    if order.stage is Stage.DELIVERED and not order.expired:
        raise Rejected(rules.ALREADY_DELIVERED)
    if order.stage not in (Stage.PRODUCED, Stage.DELIVERED) or order.sha256 is None:
        raise Rejected(rules.PRODUCT_MISSING)
    _check_payment(order)
    is_download = command.channel is DeliveryChannel.DOWNLOAD
    if is_download != (command.expires is not None) or (command.expires or context.day) < context.day:
        raise Rejected(input_rules.DOWNLOAD_EXPIRES, channel=command.channel)
    return ProductDelivered(
        channel=command.channel,
        expires=command.expires,
        sha256=order.sha256,
        delivered_on=context.day,
        days=(context.day - order.placed_on).days,
    )


def expire(order: Order, context: Context) -> DeliveryExpired:
    """What the calendar says of a download."""
    if order.stage is not Stage.DELIVERED or order.expires is None or order.sha256 is None or order.expired:
        raise Rejected(rules.NO_OPEN_DOWNLOAD)
    if context.day <= order.expires:
        raise Rejected(rules.DOWNLOAD_IN_TIME, expires=order.expires)
    return DeliveryExpired(expires=order.expires, sha256=order.sha256)


def complete(order: Order, context: Context) -> PurposeFulfilled:
    """The order is done; what the ledger keeps of owner data is the hash."""
    if order.stage is not Stage.DELIVERED:
        raise Rejected(rules.NOT_DELIVERED)
    if not order.settled:
        raise Rejected(rules.FEE_OPEN)
    return PurposeFulfilled(owner_data_deleted=order.product.has_owner_data, fulfilled_on=context.day)


def _check_payment(order: Order) -> None:
    if not order.settled and order.demand is None:
        raise Rejected(rules.PAYMENT_MISSING)
