"""What may be done with an item as part of the stock: acquire, correct, withdraw."""

from typing import Final, assert_never

from domain.kernel import Context, Fact, Invalid, Message, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules, titles
from domain.library.checks import LONG, in_order, in_stock, optional_sealed, optional_text, sealed, text
from domain.library.state import Item
from domain.library.vocabulary import MediaType

FIELDS: Final = ("title", "media_type", "shelf_mark", "branch")


def decide(item: Item, command: c.StockCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on the stock leads to, for an item that exists."""
    match command:
        case c.CorrectItem():
            return correct(item, command)
        case c.WithdrawItem():
            return withdraw(item, command, context)
        case c.AssignItemToTitle():
            return assign(item, command, context)
        case _:
            assert_never(command)


def acquire(command: c.AcquireItem, context: Context) -> tuple[Fact, ...]:
    """A new copy, of a title that is catalogued or of one that is known by its text only."""
    if command.title_id is not None:
        title = titles.of(context, command.title_id, command.media_type).title
    else:
        title = named(command)
    return (
        f.ItemAcquired(
            barcode=text("barcode", command.barcode, 40),
            title=title,
            title_id=command.title_id,
            media_type=command.media_type,
            shelf_mark=optional_text("shelf_mark", command.shelf_mark),
            branch=text("branch", command.branch),
            for_loan=command.for_loan,
            acquired_on=context.day,
        ),
    )


def named(command: c.AcquireItem) -> str:
    """The text of a title that is not catalogued. Raises Rejected."""
    if command.title is None:
        raise Rejected(rules.TITLE_WANTED)
    return text("title", command.title, LONG)


def assign(item: Item, command: c.AssignItemToTitle, context: Context) -> tuple[Fact, ...]:
    """The item belongs to a title that is catalogued."""
    in_stock(item)
    title = titles.of(context, command.title_id, item.media_type)
    if command.title_id == item.title_id:
        raise Rejected(rules.NOTHING_CHANGED, title=title.number)
    return (f.ItemAssignedToTitle(title_id=command.title_id, title=title.title),)


def withdraw(item: Item, command: c.WithdrawItem, context: Context) -> tuple[Fact, ...]:
    """A copy leaves the stock when nobody has it, nobody waits for it and it is not on the way."""
    in_stock(item)
    if item.loan is not None:
        raise Rejected(rules.ITEM_ON_LOAN, barcode=item.barcode)
    if item.bound_for is not None:
        raise Rejected(rules.ITEM_IN_TRANSIT, to=item.bound_for)
    if item.holds:
        raise Rejected(rules.HOLDS_WAIT, holds=len(item.holds))
    day = in_order(item.free_since, context)
    note = optional_sealed("note", command.note)
    return (f.ItemWithdrawn(ground=command.ground, note=note, withdrawn_on=day),)


def correct(item: Item, command: c.CorrectItem) -> tuple[Fact, ...]:
    """Put one field right."""
    if command.field not in FIELDS:
        raise Rejected(rules.FIELD_NOT_CORRECTABLE, field=command.field, fields=" ".join(FIELDS))
    old = getattr(item, command.field)
    new = new_value(command)
    if new == old:
        raise Rejected(rules.NOTHING_CHANGED, field=command.field)
    reason = sealed("reason", command.reason)
    return (f.ItemCorrected(field=command.field, old=None if old is None else str(old), new=new, reason=reason),)


def new_value(command: c.CorrectItem) -> str | None:
    """The text form of the new value. Raises Invalid."""
    if command.field == "shelf_mark":
        return optional_text("new", command.new)
    new = text("new", command.new or "", LONG if command.field == "title" else 100)
    if command.field == "media_type" and new not in MediaType.__members__:
        codes = ", ".join(MediaType)
        raise Invalid("new", Message(f"must be one of {codes}", f"muss eines sein von {codes}"))
    return new
