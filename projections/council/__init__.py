"""Council documents: registers of bodies, papers, meetings, resolutions and their parts; resolution tracking."""

from projections.council import agenda, bodies, consultations, files, meetings, papers, resolutions, tracking
from projections.model import Projection, Report

PROJECTIONS: tuple[Projection, ...] = (
    bodies.PROJECTION,
    papers.PROJECTION,
    consultations.PROJECTION,
    meetings.PROJECTION,
    agenda.PROJECTION,
    files.PROJECTION,
    resolutions.PROJECTION,
)

REPORTS: tuple[Report, ...] = (tracking.REPORT,)
