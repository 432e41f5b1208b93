"""A copy after a fact: where it is, who waits, which loan runs."""

from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from domain.days import last_known
from domain.library import facts as f
from domain.library.evolve.loan import evolve_charge, evolve_loan
from domain.library.state import Hold, Item
from domain.library.vocabulary import HoldStatus, MediaType


def acquired(fact: f.ItemAcquired) -> Item:
    """A new copy."""
    return Item(
        barcode=fact.barcode,
        title=fact.title,
        media_type=fact.media_type,
        shelf_mark=fact.shelf_mark,
        branch=fact.branch,
        for_loan=fact.for_loan,
        title_id=fact.title_id,
        since=fact.acquired_on,
    )


def evolve_item(item: Item, fact: f.ItemFact) -> Item:
    """The copy, its loans and its queue after a fact."""
    if isinstance(fact, f.LoanFact):
        return evolve_loan(item, fact)
    if isinstance(fact, f.ChargeFact):
        return evolve_charge(item, fact)
    if isinstance(fact, f.HoldFact):
        return evolve_hold(item, fact)
    return evolve_stock(item, fact)


def evolve_stock(item: Item, fact: f.StockFact) -> Item:
    """The copy after a fact about the stock or a journey."""
    match fact:
        case f.ItemAcquired():
            return acquired(fact)
        case f.ItemAssignedToTitle():
            return replace(item, title_id=fact.title_id, title=fact.title)
        case f.ItemCorrected():
            return item_corrected(item, fact)
        case f.ItemWithdrawn():
            return replace(item, withdrawn=True, since=fact.withdrawn_on or item.since)
        case f.ItemSentInTransit():
            sent = replace(item, bound_for=fact.to_branch, transits=fact.transit, since=fact.sent_on)
            return sent if fact.hold is None else with_hold(sent, fact.hold, HoldStatus.IN_TRANSIT, fact.sent_on)
        case f.ItemArrived():
            arrived = replace(item, bound_for=None, branch=fact.branch, since=fact.arrived_on)
            return arrived if fact.hold is None else with_hold(arrived, fact.hold, HoldStatus.PLACED, fact.arrived_on)
        case _:
            assert_never(fact)


def evolve_hold(item: Item, fact: f.HoldFact) -> Item:
    """The copy after a fact about its queue."""
    match fact:
        case f.HoldPlaced():
            hold = Hold(
                id=fact.hold,
                reader=fact.reader,
                pickup_branch=fact.pickup_branch,
                placed_on=fact.placed_on,
                since=fact.placed_on,
            )
            return replace(item, holds=(*item.holds, hold))
        case f.HoldReordered():
            return reordered(item, fact)
        case f.HoldReady():
            return with_hold(item, fact.hold, HoldStatus.READY, fact.ready_on, until=fact.pickup_until)
        case f.HoldFulfilled():
            return without_hold(item, fact.hold)
        case f.HoldExpired():
            return in_vain(item, fact, fact.expired_on)
        case f.HoldCancelled():
            return in_vain(item, fact, fact.cancelled_on)
        case f.HoldAnonymised():
            rest = {hold: day for hold, day in item.ended_holds.items() if hold != fact.hold}
            return replace(item, ended_holds=rest)
        case _:
            assert_never(fact)


def without_hold(item: Item, hold_id: UUID) -> Item:
    """The copy whose queue lacks one hold."""
    return replace(item, holds=tuple(hold for hold in item.holds if hold.id != hold_id))


def in_vain(item: Item, fact: f.HoldExpired | f.HoldCancelled, day: date | None) -> Item:
    """The copy whose queue lacks one hold that ended in vain: the next one's turn, or nobody's, begins on that day."""
    left = without_hold(item, fact.hold)
    first = left.first_hold
    if first is None:
        left = replace(left, waited_until=last_known(day, item.waited_until))
    elif first != item.first_hold:
        left = replace(left, holds=(replace(first, since=last_known(day, first.since)), *left.holds[1:]))
    return replace(left, ended_holds={**item.ended_holds, fact.hold: fact.anonymise_from})


def reordered(item: Item, fact: f.HoldReordered) -> Item:
    """The copy whose queue has one hold in another place; those in between moved up or down."""
    rest = [hold for hold in item.holds if hold.id != fact.hold]
    moved = [hold for hold in item.holds if hold.id == fact.hold]
    queue = (*rest[: fact.rank - 1], *moved, *rest[fact.rank - 1 :])
    holds = (
        now if now is before else replace(now, since=last_known(fact.reordered_on, now.since))
        for now, before in zip(queue, item.holds, strict=True)
    )
    return replace(item, holds=tuple(holds))


def with_hold(item: Item, hold_id: UUID, status: HoldStatus, since: date | None, *, until: date | None = None) -> Item:
    """The copy whose queue has one hold in another status since a day, or since it was last moved up or down."""
    holds = (
        replace(hold, status=status, pickup_until=until, since=last_known(since, hold.since))
        if hold.id == hold_id
        else hold
        for hold in item.holds
    )
    return replace(item, holds=tuple(holds))


def item_corrected(item: Item, fact: f.ItemCorrected) -> Item:
    """The copy with one field put right."""
    match fact.field, fact.new:
        case "title", str(new):
            return replace(item, title=new)
        case "media_type", str(new):
            return replace(item, media_type=MediaType(new))
        case "branch", str(new):
            return replace(item, branch=new)
        case "shelf_mark", new:
            return replace(item, shelf_mark=new)
    return item
