"""How fast things come in: as many as keep a family on its way to the number of events it is to have."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from infra.demo.season import Course, weight
from infra.demo.simulation import Simulation

SLOWEST: Final = 1.8
FASTEST: Final = 0.55
SETTLED: Final = 0.1
"""Before a tenth of the way is gone, nobody can tell whether a family is ahead."""


class Pace:
    """The gap between two arrivals of a family, corrected by how far the family is ahead or behind.

    One arrival leads to `events_each` events, the middle one of them `lag` days later. More comes in in busy months.
    """

    def __init__(self, simulation: Simulation, family: str, events: int, events_each: float, lag: float) -> None:
        self._simulation = simulation
        self._family = family
        self._events = events
        self._lag = timedelta(days=lag)
        self._before = 0
        self._course = Course(family, simulation.first_day, simulation.last_day)
        self._whole = self._course.until(simulation.last_day - self._lag)
        self._usual = self._whole * events_each / max(events, 1)

    def begin(self) -> None:
        """Count from here: what was recorded to found the city is not part of the stream."""
        self._before = self._simulation.expected(self._family)

    @property
    def ahead(self) -> float:
        """Events so far against what should be there by now; above 1 the family is ahead."""
        simulation = self._simulation
        way = self._course.until(simulation.today - self._lag) / self._whole
        if way < SETTLED:
            return 1.0
        return (simulation.expected(self._family) - self._before) / (self._events * way)

    def gap(self) -> float:
        """Days until the next arrival."""
        return self._usual * min(SLOWEST, max(FASTEST, self.ahead**2)) / weight(self._family, self._simulation.today)
