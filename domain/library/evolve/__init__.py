"""The state after a fact. No clock, no terms; a fact on a record whose beginning is not known leaves it unknown.

That is the case where a fold stops at a day: a loan may have been booked back to a day before the item was acquired.
"""

from domain.library import facts as f
from domain.library.evolve.dispatch import evolve_dispatch
from domain.library.evolve.item import acquired, evolve_item
from domain.library.evolve.patron import evolve_patron, registered
from domain.library.evolve.title import catalogued, evolve_title
from domain.library.state import Dispatch, Item, LibraryState, Patron, Title


def evolve(state: LibraryState | None, fact: f.LibraryFact) -> LibraryState | None:
    """The next state."""
    match state, fact:
        case None, f.PatronRegistered():
            return registered(fact)
        case None, f.TitleCatalogued():
            return catalogued(fact)
        case None, f.ItemAcquired():
            return acquired(fact)
        case None, f.DispatchOpened():
            return Dispatch(reference=fact.reference, day=fact.day, branch=fact.branch, authority=fact.authority)
        case Patron(), _ if isinstance(fact, f.PatronFact):
            return evolve_patron(state, fact)
        case Title(), _ if isinstance(fact, f.TitleFact):
            return evolve_title(state, fact)
        case Item(), _ if isinstance(fact, f.ItemFact):
            return evolve_item(state, fact)
        case Dispatch(), _ if isinstance(fact, f.DispatchFact):
            return evolve_dispatch(state, fact)
    return state
