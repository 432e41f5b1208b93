"""The state after a fact. No clock, no terms; a fact on a record whose beginning is not known leaves it unknown.

That is the case where a fold stops at a day: a loan may have been booked back to a day before the item was acquired.
"""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from domain.kernel import Sealed
from domain.library import facts as f
from domain.library.state import Dispatch, Hold, Item, LibraryState, ListedTransit, Loan, Patron
from domain.library.vocabulary import AgeBand, HoldStatus, MediaType


def evolve(state: LibraryState | None, fact: f.LibraryFact) -> LibraryState | None:
    """The next state."""
    match state, fact:
        case None, f.PatronRegistered():
            return registered(fact)
        case None, f.ItemAcquired():
            return acquired(fact)
        case None, f.DispatchOpened():
            return Dispatch(reference=fact.reference, day=fact.day, branch=fact.branch, authority=fact.authority)
        case Patron(), _ if isinstance(fact, f.PatronFact):
            return evolve_patron(state, fact)
        case Item(), _ if isinstance(fact, f.ItemFact):
            return evolve_item(state, fact)
        case Dispatch(), _ if isinstance(fact, f.DispatchFact):
            return evolve_dispatch(state, fact)
    return state


def registered(fact: f.PatronRegistered) -> Patron:
    """A new membership."""
    return Patron(
        name=fact.name,
        born=fact.born,
        card=fact.card,
        age_band=fact.age_band,
        guardian_consent=fact.guardian_consent,
        branch=fact.branch,
    )


def evolve_patron(patron: Patron, fact: f.PatronFact) -> Patron:
    """The membership after a fact."""
    match fact:
        case f.PatronRegistered():
            return registered(fact)
        case f.PatronCardReplaced():
            return replace(patron, card=fact.card)
        case f.PatronAgeBandChanged():
            return replace(patron, age_band=fact.new)
        case f.GuardianConsentGiven():
            return replace(patron, guardian_consent=True)
        case f.GuardianConsentWithdrawn():
            return replace(patron, guardian_consent=False)
        case f.PatronBlocked():
            return replace(patron, blocked=fact.ground)
        case f.PatronUnblocked():
            return replace(patron, blocked=None)
        case f.PatronDeactivated():
            return replace(patron, active=False)
        case f.PatronReactivated():
            return replace(patron, active=True)
        case f.PatronCorrected():
            return patron_corrected(patron, fact)
        case _:
            assert_never(fact)


def patron_corrected(patron: Patron, fact: f.PatronCorrected) -> Patron:
    """The membership with one field put right."""
    match fact.field, fact.new, fact.new_sealed:
        case "age_band", str(new), _:
            return replace(patron, age_band=AgeBand(new))
        case "branch", str(new), _:
            return replace(patron, branch=new)
        case "name", _, Sealed() as name:
            return replace(patron, name=name)
        case "born", _, Sealed() as born:
            return replace(patron, born=born)
    return patron


def acquired(fact: f.ItemAcquired) -> Item:
    """A new copy."""
    return Item(
        barcode=fact.barcode,
        title=fact.title,
        media_type=fact.media_type,
        shelf_mark=fact.shelf_mark,
        branch=fact.branch,
        for_loan=fact.for_loan,
    )


def evolve_item(item: Item, fact: f.ItemFact) -> Item:
    """The copy, its loan and its queue after a fact."""
    match fact:
        case f.ItemAcquired():
            return acquired(fact)
        case f.ItemCorrected():
            return item_corrected(item, fact)
        case f.ItemWithdrawn():
            return replace(item, withdrawn=True)
        case f.ItemLent():
            loan = Loan(id=fact.loan, reader=fact.reader, branch=fact.branch, due=fact.due)
            return replace(item, loan=loan, branch=fact.branch, since=fact.lent_on)
        case f.LoanRenewed():
            if item.loan is None:
                return item
            return replace(item, loan=replace(item.loan, due=fact.due, renewals=fact.count))
        case f.ItemReturned():
            return replace(item, loan=None, branch=fact.branch, since=fact.returned_on)
        case f.HoldPlaced():
            hold = Hold(id=fact.hold, reader=fact.reader, pickup_branch=fact.pickup_branch)
            return replace(item, holds=(*item.holds, hold))
        case f.HoldReady():
            return with_hold(item, fact.hold, HoldStatus.READY, fact)
        case f.HoldFulfilled() | f.HoldExpired() | f.HoldCancelled():
            return replace(item, holds=tuple(hold for hold in item.holds if hold.id != fact.hold))
        case f.ItemSentInTransit():
            sent = replace(item, bound_for=fact.to_branch, transits=fact.transit, since=fact.sent_on)
            return sent if fact.hold is None else with_hold(sent, fact.hold, HoldStatus.IN_TRANSIT)
        case f.ItemArrived():
            arrived = replace(item, bound_for=None, branch=fact.branch, since=fact.arrived_on)
            return arrived if fact.hold is None else with_hold(arrived, fact.hold, HoldStatus.PLACED)
        case _:
            assert_never(fact)


def with_hold(item: Item, hold_id: UUID, status: HoldStatus, ready: f.HoldReady | None = None) -> Item:
    """The copy whose queue has one hold in another status."""
    until = None if ready is None else ready.pickup_until
    holds = (replace(hold, status=status, pickup_until=until) if hold.id == hold_id else hold for hold in item.holds)
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


def evolve_dispatch(dispatch: Dispatch, fact: f.DispatchFact) -> Dispatch:
    """The list after a fact."""
    match fact:
        case f.DispatchOpened():
            return dispatch
        case f.TransitRecorded():
            row = ListedTransit(fact.item_type, fact.to_branch, fact.to_authority, fact.source, fact.occurrence)
            return replace(dispatch, recorded=fact.transit, transits={**dispatch.transits, fact.transit: row})
        case f.TransitRetracted():
            rows = {number: row for number, row in dispatch.transits.items() if number != fact.transit}
            return replace(dispatch, transits=rows)
        case _:
            assert_never(fact)
