"""The closed lists of read models, reports and duties: adding a family is adding one line to each."""

from __future__ import annotations

from domain.families import FAMILIES
from projections import audit, cadastre, costs, council, efile, library, treasury
from projections.duties import Duty
from projections.model import Projection, Report

_OF_FAMILIES: tuple[Projection, ...] = (
    *efile.PROJECTIONS,
    *council.PROJECTIONS,
    *library.PROJECTIONS,
    *cadastre.PROJECTIONS,
    *costs.PROJECTIONS,
)

PROJECTIONS: tuple[Projection, ...] = (*audit.projections(FAMILIES, _OF_FAMILIES), *_OF_FAMILIES)

REPORTS: tuple[Report, ...] = (
    *audit.REPORTS,
    *efile.REPORTS,
    *council.REPORTS,
    *library.REPORTS,
    *cadastre.REPORTS,
    *costs.REPORTS,
    *treasury.REPORTS,
)

DUTIES: tuple[Duty, ...] = (*efile.DUTIES, *council.DUTIES, *library.DUTIES, *cadastre.DUTIES)
