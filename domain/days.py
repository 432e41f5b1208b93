"""Days of which some are not known: an earlier version of a fact may not have told them."""

from __future__ import annotations

from datetime import date


def last_known(*days: date | None) -> date | None:
    """The last of the days that are known; None where none is."""
    return max((day for day in days if day is not None), default=None)


def first_known(*days: date | None) -> date | None:
    """The first of the days that are known; None where none is."""
    return min((day for day in days if day is not None), default=None)
