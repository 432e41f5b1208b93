"""E-files: registers of the file plan, files, cases, documents and documented steps; and how long cases take."""

from __future__ import annotations

from projections.efile import cases, documents, files, plan, processing, steps
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (
    plan.PROJECTION,
    files.PROJECTION,
    cases.PROJECTION,
    documents.PROJECTION,
    steps.PROJECTION,
)

REPORTS: tuple[Report, ...] = (processing.REPORT,)
