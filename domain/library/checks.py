"""What every decision on library records checks alike: texts, days, the kind of record, and who a reader is."""

from datetime import date
from typing import Final
from uuid import UUID

from domain.kernel import Context, Invalid, Message, Rejected, Sealed
from domain.library import rules
from domain.library.state import Item, Patron
from domain.library.vocabulary import AgeBand

SHORT: Final = 100
LONG: Final = 1_000

EMPTY: Final = Message("must not be empty", "darf nicht leer sein")


def text(field: str, value: str, limit: int = SHORT) -> str:
    """The value, if it is not blank and at most `limit` characters long. Raises Invalid."""
    if not value.strip():
        raise Invalid(field, EMPTY)
    if len(value) > limit:
        raise Invalid(field, Message(f"must have at most {limit} characters", f"darf höchstens {limit} Zeichen haben"))
    return value


def optional_text(field: str, value: str | None, limit: int = SHORT) -> str | None:
    """Like `text`, where None stands for no value."""
    return None if value is None else text(field, value, limit)


def sealed(field: str, value: Sealed[str], limit: int = LONG, key: UUID | None = None) -> Sealed[str]:
    """The text to be sealed under `key`, if it is neither blank nor too long. Raises Invalid."""
    return Sealed(text(field, value.text or "", limit), key)


def optional_sealed(field: str, value: Sealed[str] | None, limit: int = LONG) -> Sealed[str] | None:
    """Like `sealed`, where None stands for no text."""
    return None if value is None else sealed(field, value, limit)


def in_order(item: Item, context: Context) -> date:
    """The day of a move that does not lie before the item's last one. Raises Rejected."""
    if item.since is not None and context.day < item.since:
        raise Rejected(rules.OUT_OF_ORDER, day=context.day, last=item.since)
    return context.day


def in_stock(item: Item) -> None:
    """Refuse what is wanted of a withdrawn item."""
    if item.withdrawn:
        raise Rejected(rules.ITEM_WITHDRAWN, barcode=item.barcode)


def reader_of(context: Context, link: UUID, patron: UUID) -> str:
    """What a loan or hold (`link`) tells of its reader: comparable when the reader is named, and lost with its key."""
    return context.pseudonym("library.reader", str(patron), link)


def borrower(context: Context, patron_id: UUID) -> Patron:
    """The reader a command names, who may borrow. Raises Rejected."""
    patron = context.reads.get(patron_id)
    if not isinstance(patron, Patron):
        raise Rejected(rules.PATRON_UNKNOWN)
    if not patron.active:
        raise Rejected(rules.PATRON_INACTIVE)
    if patron.blocked is not None:
        raise Rejected(rules.PATRON_BLOCKED, ground=patron.blocked)
    if patron.age_band is AgeBand.UNDER_16 and not patron.guardian_consent:
        raise Rejected(rules.CONSENT_MISSING)
    return patron
