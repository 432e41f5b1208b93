"""The audit trail: every event of every family, the index of all records, and the acts that are supervised."""

from __future__ import annotations

from collections.abc import Iterable

from domain.kernel import Family
from projections.audit import events, records, supervision
from projections.model import Projection


def projections(families: Iterable[Family]) -> tuple[Projection, ...]:
    """The read models that look across the given families."""
    families = tuple(families)
    return (events.projection(families), records.projection(families), supervision.projection(families))


REPORTS = supervision.REPORTS
