"""What may be done on the way between two branches, with items that are known and with lists that name none."""

from typing import assert_never

from domain.days import last_known
from domain.kernel import Context, Fact, Invalid, Message, Rejected
from domain.library import commands as c
from domain.library import facts as f
from domain.library import rules
from domain.library.checks import at_hand, in_order, optional_text, sealed, text
from domain.library.holds import ready
from domain.library.state import Dispatch, Item, ListedTransit
from domain.library.vocabulary import HoldStatus


def decide(item: Item, command: c.TransitCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on an item's way leads to."""
    match command:
        case c.SendInTransit():
            return send(item, command, context)
        case c.ReceiveFromTransit():
            return receive(item, command, context)
        case _:
            assert_never(command)


def send(item: Item, command: c.SendInTransit, context: Context) -> tuple[Fact, ...]:
    """An item leaves its branch; when it goes where the first hold is picked up, it goes for that hold."""
    at_hand(item)
    if item.loan is not None:
        raise Rejected(rules.ITEM_ON_LOAN, barcode=item.barcode, due=item.loan.due)
    if item.bound_for is not None:
        raise Rejected(rules.ITEM_IN_TRANSIT, to=item.bound_for)
    first = item.first_hold
    if first is not None and first.status is HoldStatus.READY:
        raise Rejected(rules.SET_ASIDE_ALREADY, until=first.pickup_until)
    served = first if first is not None and first.pickup_branch == command.to_branch else None
    day = in_order(item.since if served is None else last_known(item.since, served.since), context)
    if text("to_branch", command.to_branch) == item.branch:
        raise Rejected(rules.SAME_BRANCH, branch=item.branch)
    return (
        f.ItemSentInTransit(
            transit=item.transits + 1,
            media_type=item.media_type,
            from_branch=item.branch,
            to_branch=command.to_branch,
            sent_on=day,
            hold=None if served is None else served.id,
        ),
    )


def receive(item: Item, command: c.ReceiveFromTransit, context: Context) -> tuple[Fact, ...]:
    """An item comes in. Where the first hold is picked up, it is set aside at once."""
    if item.bound_for is None:
        raise Rejected(rules.ITEM_NOT_IN_TRANSIT, barcode=item.barcode)
    day = in_order(item.since, context)
    branch = text("branch", command.branch)
    travelled_for = next((hold.id for hold in item.holds if hold.status is HoldStatus.IN_TRANSIT), None)
    arrived = f.ItemArrived(transit=item.transits, branch=branch, arrived_on=day, hold=travelled_for)
    first = item.first_hold
    if first is None or first.pickup_branch != branch:
        return (arrived,)
    return (arrived, ready(first, max(day, first.since or day), context))


def decide_dispatch(dispatch: Dispatch, command: c.DispatchCommand, context: Context) -> tuple[Fact, ...]:
    """The facts that a command on a dispatch list leads to."""
    match command:
        case c.RecordTransit():
            return record(dispatch, command)
        case c.RetractTransit():
            return retract(dispatch, command)
        case _:
            assert_never(command)


def open_dispatch(command: c.OpenDispatch, context: Context) -> tuple[Fact, ...]:
    """A list for one branch and one day."""
    if command.day > context.today:
        raise Rejected(rules.IN_THE_FUTURE, day=command.day)
    branch = text("branch", command.branch)
    authority = optional_text("authority", command.authority)
    place = branch if authority is None else f"{authority}/{branch}"
    reference = f"{command.day.isoformat()} {place}"
    return (f.DispatchOpened(reference=reference, day=command.day, branch=branch, authority=authority),)


def record(dispatch: Dispatch, command: c.RecordTransit) -> tuple[Fact, ...]:
    """One more item on the list, or nothing where this row stands on it."""
    row = ListedTransit(
        item_type=text("item_type", command.item_type),
        to_branch=text("to_branch", command.to_branch),
        to_authority=optional_text("to_authority", command.to_authority),
        source=text("source", command.source),
        occurrence=command.occurrence,
    )
    if row.occurrence < 1:
        raise Invalid("occurrence", Message("must be 1 or more", "muss mindestens 1 sein"))
    if (row.to_branch, row.to_authority) == (dispatch.branch, dispatch.authority):
        raise Rejected(rules.SAME_BRANCH, branch=row.to_branch)
    if row in dispatch.transits.values():
        return ()
    return (
        f.TransitRecorded(
            transit=dispatch.recorded + 1,
            day=dispatch.day,
            item_type=row.item_type,
            from_branch=dispatch.branch,
            from_authority=dispatch.authority,
            to_branch=row.to_branch,
            to_authority=row.to_authority,
            source=row.source,
            occurrence=row.occurrence,
        ),
    )


def retract(dispatch: Dispatch, command: c.RetractTransit) -> tuple[Fact, ...]:
    """One item off the list."""
    if command.transit not in dispatch.transits:
        raise Rejected(rules.TRANSIT_UNKNOWN, transit=command.transit)
    return (f.TransitRetracted(transit=command.transit, reason=sealed("reason", command.reason)),)
