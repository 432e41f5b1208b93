"""The audit trail: every event of every family, the index of all records, and the acts that are supervised."""

from __future__ import annotations

from collections.abc import Iterable

from domain.kernel import Family
from projections.audit import events, records, search, supervision
from projections.model import Projection


def projections(families: Iterable[Family], further: Iterable[Projection] = ()) -> tuple[Projection, ...]:
    """The read models that look across the given families. Whoever sees a record in its register, one of the `further`
    read models, sees it there too.
    """
    families, registers = tuple(families), {each.kind: each for each in further if each.kind is not None}
    return (
        events.projection(families, registers),
        records.projection(families, registers),
        search.projection(families, registers),
        supervision.projection(families),
    )


REPORTS = supervision.REPORTS
