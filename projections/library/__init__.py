"""Library loans: registers of readers, items, loans, holds, transits and dispatch lists, and counts by month."""

from __future__ import annotations

from projections.library import counts, duties, holds, items, loans, patrons, transits
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (
    patrons.PROJECTION,
    items.PROJECTION,
    loans.PROJECTION,
    holds.PROJECTION,
    transits.PROJECTION,
    transits.DISPATCHES,
    counts.PROJECTION,
)

DUTIES = duties.DUTIES

REPORTS: tuple[Report, ...] = (counts.REPORT,)
