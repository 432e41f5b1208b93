"""A dispatch list after a fact."""

from dataclasses import replace
from typing import assert_never

from domain.library import facts as f
from domain.library.state import Dispatch, ListedTransit


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
