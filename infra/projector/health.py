"""The state of read models as figures: names, labels and values as Prometheus takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from infra.projector.state import Status


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure of one read model. `name` is in Prometheus' form, with its unit; `about` says what it means."""

    name: str
    projection: str
    value: float
    about: str


_FIGURES: Final = (
    ("stadtbuch_projection_position", "position", "The last event that the rows of a read model reflect."),
    ("stadtbuch_projection_lag_events", "lag_events", "Recorded events that a read model does not reflect yet."),
    ("stadtbuch_projection_lag_seconds", "lag_seconds", "How long the oldest of those has been recorded."),
    ("stadtbuch_projection_quarantined_rows", "quarantined_rows", "Rows that stand still."),
    ("stadtbuch_projection_quarantined_events", "quarantined_events", "Events that those rows do not reflect."),
    ("stadtbuch_projection_rebuild_seconds_left", "building_seconds_left", "While a read model is rebuilt: its time."),
)


def samples(statuses: Iterable[Status]) -> Iterator[Sample]:
    """The figures of all read models; what there is no figure for is left out."""
    for status in statuses:
        for name, field, about in _FIGURES:
            value = getattr(status, field)
            if value is not None:
                yield Sample(name, status.name, float(value), about)
        failed = float(status.error is not None)
        about = "1 where a read model has stopped or could not be built."
        yield Sample("stadtbuch_projection_failed", status.name, failed, about)
