"""Cost figures: their register, the versions of their effort, and the report that holds income against effort."""

from __future__ import annotations

from projections.costs import coverage, efforts, figures
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (figures.PROJECTION, efforts.PROJECTION)

REPORTS: tuple[Report, ...] = (coverage.REPORT,)
