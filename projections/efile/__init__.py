"""E-files: registers of plan, files, cases, documents, resubmissions and documented steps; reports; what falls due."""

from __future__ import annotations

from projections.efile import (
    attachments,
    cases,
    documents,
    duties,
    files,
    plan,
    plan_versions,
    processing,
    reports,
    resubmissions,
    steps,
)
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (
    plan.PROJECTION,
    plan_versions.PROJECTION,
    files.PROJECTION,
    cases.PROJECTION,
    documents.PROJECTION,
    attachments.PROJECTION,
    resubmissions.PROJECTION,
    steps.PROJECTION,
)

REPORTS: tuple[Report, ...] = (processing.REPORT, *reports.REPORTS)

DUTIES = duties.DUTIES
