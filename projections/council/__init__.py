"""Council documents: registers of bodies, papers, meetings, resolutions and their parts; reports; what falls due."""

from projections.council import (
    agenda,
    bodies,
    conflicts,
    consultations,
    figures,
    files,
    meetings,
    members,
    objections,
    papers,
    public,
    resolutions,
    tracking,
)
from projections.council.duties import DUTIES
from projections.model import Projection, Report

__all__ = ["DUTIES", "PROJECTIONS", "REPORTS"]

PROJECTIONS: tuple[Projection, ...] = (
    bodies.PROJECTION,
    members.PROJECTION,
    papers.PROJECTION,
    consultations.PROJECTION,
    meetings.PROJECTION,
    agenda.PROJECTION,
    conflicts.PROJECTION,
    objections.PROJECTION,
    files.PROJECTION,
    resolutions.PROJECTION,
)

REPORTS: tuple[Report, ...] = (tracking.REPORT, *figures.REPORTS, *public.REPORTS)
