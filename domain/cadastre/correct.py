"""Corrections of an order: what may still be corrected, and what the correction says. Nothing is edited."""

from datetime import date

from domain.cadastre import input_rules
from domain.cadastre.commands import CorrectOrder
from domain.cadastre.facts import OrderCorrected
from domain.cadastre.inputs import check_sheet, office_of, required_text
from domain.cadastre.ordering import marks_of
from domain.cadastre.parcels import districts
from domain.cadastre.state import Order
from domain.cadastre.vocabulary import OrderField, PaperSize, Stage
from domain.kernel import Context, Invalid, Message, Rejected, Sealed

REVIEWED = (OrderField.REQUESTER, OrderField.PURPOSE, OrderField.GROUND)
UNPRICED = (Stage.SUBMITTED, Stage.INTEREST_REVIEW, Stage.APPROVED)


def correct(order: Order, command: CorrectOrder, context: Context) -> OrderCorrected:
    """The correction that the command asks for. Raises `Rejected` or `Invalid`."""
    reason = required_text("reason", command.reason)
    if command.field.is_sealed:
        return _sealed(order, command, reason, context)
    return _clear(order, command, reason, context)


def _sealed(order: Order, command: CorrectOrder, reason: Sealed[str], context: Context) -> OrderCorrected:
    old = {
        OrderField.REQUESTER: order.requester,
        OrderField.PURPOSE: order.purpose,
        OrderField.GROUND: order.ground,
    }[command.field]
    if old is None:
        raise Rejected(input_rules.FIELD_ABSENT, field=command.field)
    # An interest is confirmed for this requester, purpose and ground: they stay as the reviewer reads them.
    if command.field in REVIEWED and order.ground is not None:
        raise Rejected(input_rules.FIELD_FIXED, field=command.field, stage=order.stage)
    if command.new is not None:
        raise Invalid(
            "new", Message("A personal text is corrected in newSealed.", "Personenbezogenes steht in newSealed.")
        )
    return OrderCorrected(
        field=command.field,
        old=None,
        new=None,
        new_sealed=required_text("new_sealed", command.new_sealed),
        corrected_position=old.position,
        fee_void=False,
        parcel_table=None,
        reason=reason,
        changed_by=context.persons,
        marks=marks_of(context),
        corrected_on=context.day,
    )


def _clear(order: Order, command: CorrectOrder, reason: Sealed[str], context: Context) -> OrderCorrected:
    if command.new is None or command.new_sealed is not None:
        raise Invalid("new", Message("Give the new value as text.", "Geben Sie den neuen Wert als Text an."))
    old, new = _values(order, command.field, command.new, context)
    if old == new:
        raise Rejected(input_rules.NOTHING_CORRECTED, field=command.field, value=old)
    return OrderCorrected(
        field=command.field,
        old=old,
        new=new,
        new_sealed=None,
        corrected_position=None,
        fee_void=command.field.is_priced and order.stage is Stage.PRICED,
        parcel_table=districts().version if command.field is OrderField.PARCELS else None,
        reason=reason,
        changed_by=context.persons,
        marks=marks_of(context),
        corrected_on=context.day,
    )


def _values(order: Order, field: OrderField, new: str, context: Context) -> tuple[str, str]:
    """Old and new value of a clear field, as text."""
    match field:
        case OrderField.PARCELS:
            return _parcels(order, new)
        case OrderField.PAPER_SIZE:
            return _paper_size(order, new)
        case OrderField.COPIES:
            return _copies(order, new)
        case _:
            return _data_as_of(order, new, context)


def _parcels(order: Order, new: str) -> tuple[str, str]:
    if order.area is not None:
        raise Rejected(input_rules.FIELD_ABSENT, field=OrderField.PARCELS)
    # A claimed interest is one in these parcels and no others: they stay as the reviewer reads them.
    open_stages = (Stage.SUBMITTED, *(() if order.product.has_owner_data else (Stage.PRICED,)))
    _check_open(order, OrderField.PARCELS, open_stages)
    parcels = tuple(new.split())
    office_of(parcels, expected=order.office)
    return " ".join(order.parcels), " ".join(parcels)


def _paper_size(order: Order, new: str) -> tuple[str, str]:
    if order.paper_size is None:
        raise Rejected(input_rules.FIELD_ABSENT, field=OrderField.PAPER_SIZE)
    _check_open(order, OrderField.PAPER_SIZE, (*UNPRICED, Stage.PRICED))
    if new not in tuple(PaperSize):
        raise Invalid("new", Message("Give one of A4 to A0.", "Geben Sie A4 bis A0 an."))
    check_sheet(order.product, order.format, PaperSize(new), order.copies, order.placed_on)
    return order.paper_size, new


def _copies(order: Order, new: str) -> tuple[str, str]:
    _check_open(order, OrderField.COPIES, (*UNPRICED, Stage.PRICED))
    if not (new.isascii() and new.isdigit() and len(new) <= 4):
        raise Invalid("new", Message("Give a whole number.", "Geben Sie eine ganze Zahl an."))
    check_sheet(order.product, order.format, order.paper_size, int(new), order.placed_on)
    return str(order.copies), str(int(new))


def _data_as_of(order: Order, new: str, context: Context) -> tuple[str, str]:
    if order.data_as_of is None:
        raise Rejected(input_rules.FIELD_ABSENT, field=OrderField.DATA_AS_OF)
    try:
        day = date.fromisoformat(new)
    except ValueError:
        raise Invalid("new", Message("Give a day as YYYY-MM-DD.", "Geben Sie einen Tag als JJJJ-MM-TT an.")) from None
    if day > (order.generated_on or context.day):
        raise Rejected(input_rules.DATA_FROM_THE_FUTURE, data_as_of=day)
    return order.data_as_of.isoformat(), day.isoformat()


def _check_open(order: Order, field: OrderField, stages: tuple[Stage, ...]) -> None:
    if order.stage not in stages:
        raise Rejected(input_rules.FIELD_FIXED, field=field, stage=order.stage)
