"""Library loans: registers of readers, titles, items, loans, charges, holds, transits, and counts by month."""

from __future__ import annotations

from projections.library import charges, counts, duties, holds, items, loans, patrons, reports, titles, transits
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (
    patrons.PROJECTION,
    titles.PROJECTION,
    items.PROJECTION,
    loans.PROJECTION,
    charges.PROJECTION,
    holds.PROJECTION,
    transits.PROJECTION,
    transits.DISPATCHES,
    counts.PROJECTION,
)

DUTIES = duties.DUTIES

REPORTS: tuple[Report, ...] = (
    counts.REPORT,
    reports.OVERDUE_RATE,
    reports.HOLD_WAITING_TIME,
    reports.LIBRARY_CHARGES,
)
