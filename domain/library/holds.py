"""What may be done with the queue for an item: place, reorder, set aside, expire, cancel, forget."""

from datetime import date, timedelta
from typing import assert_never

from domain.days import last_known
from domain.kernel import Context, Fact, Invalid, Message, Rejected, Sealed
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.checks import (
    at_hand,
    borrower,
    by_library,
    by_staff,
    in_order,
    reader_of,
    sealed,
    text,
    told_on,
    waiting,
)
from domain.library.state import Hold, Item
from domain.library.terms import terms_on
from domain.library.vocabulary import HoldStatus


def decide(item: Item, command: c.HoldCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an item's queue leads to."""
    match command:
        case c.PlaceHold():
            return place(item, command, context)
        case c.SetItemAside():
            return set_aside(item, context)
        case c.ExpireHold():
            return expire(item, context)
        case c.CancelHold():
            return cancel(item, command, context)
        case c.ReorderHold():
            return reorder(item, command, context)
        case c.AnonymiseHold():
            return anonymise(item, command, context)
        case _:
            assert_never(command)


def place(item: Item, command: c.PlaceHold, context: Context) -> tuple[Fact, ...]:
    """A place at the end of the queue, under an id and a key of its own."""
    at_hand(item)
    if not item.for_loan:
        raise Rejected(rules.NOT_FOR_LOAN, barcode=item.barcode)
    borrower(context, command.patron)
    if item.loan is not None and item.loan.reader == reader_of(context, item.loan.id, command.patron):
        raise Rejected(rules.OWN_LOAN, due=item.loan.due)
    if any(hold.reader == reader_of(context, hold.id, command.patron) for hold in item.holds):
        raise Rejected(rules.HOLD_EXISTS)
    hold = c.hold_id(context.record_id, context.version)
    last = max((other.placed_on for other in item.holds), default=None)
    return (
        f.HoldPlaced(
            hold=hold,
            reader=reader_of(context, hold, command.patron),
            patron_ref=Sealed(str(command.patron), hold),
            barcode=item.barcode,
            pickup_branch=text("pickup_branch", command.pickup_branch),
            placed_on=in_order(last_known(item.free_since, last), context),
        ),
    )


def set_aside(item: Item, context: Context) -> tuple[Fact, ...]:
    """The first hold is ready for pick-up where the item is."""
    hold = waiting(item)
    if hold.status is HoldStatus.READY:
        raise Rejected(rules.SET_ASIDE_ALREADY, until=hold.pickup_until)
    at_hand(item)
    if item.loan is not None:
        raise Rejected(rules.ITEM_ON_LOAN, barcode=item.barcode, due=item.loan.due)
    if item.bound_for is not None:
        raise Rejected(rules.ITEM_IN_TRANSIT, to=item.bound_for)
    if item.branch != hold.pickup_branch:
        raise Rejected(rules.AT_OTHER_BRANCH, at=item.branch, pickup=hold.pickup_branch)
    day = in_order(last_known(item.since, hold.since), context)
    return (ready(hold, day, context),)


def ready(hold: Hold, day: date, context: Context) -> f.HoldReady:
    """The hold's item lies on the pick-up shelf from this day on, for a time that is not over when it is told."""
    terms = terms_on(day)
    until = max(day, told_on(context)) + timedelta(days=terms.pickup_days)
    return f.HoldReady(hold=hold.id, branch=hold.pickup_branch, pickup_until=until, terms=terms.version, ready_on=day)


def expire(item: Item, context: Context) -> tuple[Fact, ...]:
    """The first hold is over: its item was not picked up in time."""
    hold = waiting(item)
    if hold.pickup_until is None:
        raise Rejected(rules.NOT_SET_ASIDE)
    if context.day <= hold.pickup_until:
        raise Rejected(rules.PICKUP_TIME_RUNS, until=hold.pickup_until)
    terms = terms_on(context.day)
    return (
        f.HoldExpired(
            hold=hold.id,
            pickup_until=hold.pickup_until,
            anonymise_from=context.day + timedelta(days=terms.keep_days),
            terms=terms.version,
            expired_on=context.day,
        ),
    )


def cancel(item: Item, command: c.CancelHold, context: Context) -> tuple[Fact, ...]:
    """A hold leaves the queue."""
    waiting(item)
    hold = next((hold for hold in item.holds if hold.id == command.hold), None)
    if hold is None:
        raise Rejected(rules.HOLD_UNKNOWN, hold=command.hold)
    day = in_order(hold.since, context)
    terms = terms_on(day)
    return (
        f.HoldCancelled(
            hold=command.hold,
            ground=command.ground,
            anonymise_from=day + timedelta(days=terms.keep_days),
            terms=terms.version,
            cancelled_on=day,
        ),
    )


def reorder(item: Item, command: c.ReorderHold, context: Context) -> tuple[Fact, ...]:
    """Another place in the queue, behind a first hold that is being served."""
    first = waiting(item)
    changed_by = by_staff(context)
    ranks = {hold.id: rank for rank, hold in enumerate(item.holds, start=1)}
    if command.hold not in ranks:
        raise Rejected(rules.HOLD_UNKNOWN, hold=command.hold)
    if not 1 <= command.rank <= len(item.holds):
        raise Invalid("rank", Message(f"must be from 1 to {len(ranks)}", f"muss von 1 bis {len(ranks)} sein"))
    old = ranks[command.hold]
    if command.rank == old:
        raise Rejected(rules.NOTHING_CHANGED, rank=old)
    if first.status is not HoldStatus.PLACED and 1 in (old, command.rank):
        raise Rejected(rules.HOLD_IS_SERVED, status=first.status)
    day = in_order(max((hold.since for hold in item.holds if hold.since is not None), default=None), context)
    return (
        f.HoldReordered(
            hold=command.hold,
            old_rank=old,
            rank=command.rank,
            reordered_by=changed_by,
            overridden=(rules.NOT_YOUR_TURN.id,),
            reason=sealed("reason", command.reason, key=command.hold),
            reordered_on=day,
        ),
    )


def anonymise(item: Item, command: c.AnonymiseHold, context: Context) -> tuple[Fact, ...]:
    """Forget who waited in vain, when the time for questions is over."""
    by_library(context)
    if command.hold not in item.ended_holds:
        raise Rejected(rules.HOLD_NOT_ENDED, hold=command.hold)
    anonymise_from = item.ended_holds[command.hold]
    if anonymise_from is not None and context.day < anonymise_from:
        raise Rejected(rules.HOLD_KEPT_UNTIL, day=anonymise_from)
    return (f.HoldAnonymised(hold=command.hold, keys=(command.hold,), anonymised_on=context.day),)
