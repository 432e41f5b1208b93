"""What every decision on library records checks alike: texts, days, the kind of record, and who a reader is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kernel import Channel, Context, Invalid, Message, Money, Rejected, Sealed
from domain.library import rules
from domain.library.state import Hold, Item, Loan, Patron
from domain.library.vocabulary import AgeBand, LoanStatus

SHORT: Final = 100
LONG: Final = 1_000

CENT: Final = Decimal("0.01")
MOST: Final = 10_000
TEN_YEARS: Final = timedelta(days=3_653)

OF_THE_LIBRARY: Final = (Channel.STAFF, Channel.IMPORT, Channel.SYSTEM)

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


def optional_sealed(
    field: str, value: Sealed[str] | None, limit: int = LONG, key: UUID | None = None
) -> Sealed[str] | None:
    """Like `sealed`, where None stands for no text."""
    return None if value is None else sealed(field, value, limit, key)


def in_order(last: date | None, context: Context) -> date:
    """The day of something that does not lie before what was last, where that is known. Raises Rejected."""
    if last is not None and context.day < last:
        raise Rejected(rules.OUT_OF_ORDER, day=context.day, last=last)
    return context.day


def latest(field: str, day: date, context: Context) -> date:
    """The day, if it is no more than ten years ahead: later ones are slips of the pen. Raises Invalid."""
    if day > context.today + TEN_YEARS:
        raise Invalid(field, Message("must lie within ten years", "muss innerhalb von zehn Jahren liegen"))
    return day


def dated_back(context: Context) -> bool:
    """Whether it is booked on an earlier day than today, where an import only passes on what was booked elsewhere."""
    return context.day < context.today and context.channel is not Channel.IMPORT


def told_on(context: Context) -> date:
    """The day from which a reader has time to act: what staff book later is told today, and not passed on."""
    if context.channel in (Channel.IMPORT, Channel.SYSTEM):
        return context.day
    return max(context.day, context.today)


def past_due(loan: Loan, context: Context) -> bool:
    """Whether the due date is over: on the day that is named, by what is recorded, or today. Imports name the day."""
    if context.channel is Channel.IMPORT:
        return loan.due < context.day
    return loan.status is LoanStatus.OVERDUE or loan.due < max(context.day, context.today)


def own_day(context: Context) -> None:
    """Refuse an earlier day to readers: staff answer for it, imports pass it on, the calendar's is when it fell due."""
    if context.day < context.today and context.channel not in OF_THE_LIBRARY:
        raise Rejected(rules.DATED_BACK_BY_STAFF, day=context.day, channel=context.channel)


def in_stock(item: Item) -> None:
    """Refuse what is wanted of a withdrawn item."""
    if item.withdrawn:
        raise Rejected(rules.ITEM_WITHDRAWN, barcode=item.barcode)


def at_hand(item: Item) -> None:
    """Refuse what is wanted of an item that is lost or has left the stock."""
    in_stock(item)
    if item.lost:
        raise Rejected(rules.ITEM_LOST, barcode=item.barcode)


def running(item: Item) -> Loan:
    """The item's running loan. Raises Rejected."""
    if item.loan is None:
        raise Rejected(rules.ITEM_NOT_ON_LOAN, barcode=item.barcode)
    return item.loan


def with_reader(item: Item) -> Loan:
    """The running loan of an item that the reader has and does not deny to have. Raises Rejected."""
    loan = running(item)
    if loan.status is LoanStatus.CLAIMED_RETURNED:
        raise Rejected(rules.CLAIMED_RETURNED, since=loan.missed)
    return loan


def waiting(item: Item) -> Hold:
    """The hold whose turn it is. Raises Rejected."""
    if item.first_hold is None:
        raise Rejected(rules.NO_HOLD_WAITS, barcode=item.barcode)
    return item.first_hold


def by_staff(context: Context) -> UUID:
    """The member of staff who answers for an exception. Raises Rejected where nobody does."""
    if context.channel not in (Channel.STAFF, Channel.IMPORT):
        raise Rejected(rules.OVERRIDE_BY_STAFF, channel=context.channel)
    return context.actor


def by_library(context: Context) -> None:
    """Refuse to let readers forget themselves: the fact that names them would outlive the key of what is forgotten."""
    if context.channel not in OF_THE_LIBRARY:
        raise Rejected(rules.FORGOTTEN_BY_LIBRARY, channel=context.channel)


def amount(field: str, value: Decimal) -> Money:
    """EUR in whole cents, not negative. Raises Invalid."""
    if not value.is_finite() or value < 0 or value > MOST:
        raise Invalid(field, Message(f"must be from 0 to {MOST}", f"muss von 0 bis {MOST} sein"))
    cents = value.quantize(CENT)
    if cents != value:
        raise Invalid(field, Message("must have at most two decimals", "darf höchstens zwei Dezimalstellen haben"))
    return Money(cents)


def reader_of(context: Context, link: UUID, patron: UUID) -> str:
    """What a loan or hold (`link`) tells of its reader: comparable when the reader is named, and lost with its key."""
    return context.pseudonym("library.reader", str(patron), link)


def borrower(context: Context, patron_id: UUID) -> Patron:
    """The reader a command names, who may borrow, and did on that day. Raises Rejected."""
    patron = context.reads.get(patron_id)
    if not isinstance(patron, Patron):
        raise Rejected(rules.PATRON_UNKNOWN)
    if not patron.active:
        raise Rejected(rules.PATRON_INACTIVE)
    if patron.blocked is not None:
        raise Rejected(rules.PATRON_BLOCKED, ground=patron.blocked)
    if patron.age_band is AgeBand.UNDER_16 and not patron.guardian_consent:
        raise Rejected(rules.CONSENT_MISSING)
    in_order(patron.borrows_since, context)
    return patron
