"""What becomes of the resolutions of the generated city: done, under way, delayed, or forgotten."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.council.commands import (
    AssignImplementation,
    CompleteImplementation,
    ObjectToResolution,
    RecordSupervisoryDecision,
    ReportImplementation,
)
from domain.council.vocabulary import Progress
from domain.kernel import Command, Sealed
from infra.demo.matters import DELAYS, REPORTS
from infra.demo.people import People
from infra.demo.simulation import Simulation, Work


@dataclass(frozen=True, slots=True)
class Again:
    """A resolution to which the mayor objected, and the unit that was to implement it."""

    resolution: UUID
    unit: str


class Meets(Protocol):
    """A body, as far as its resolutions are reported.

    `tracked` are its resolutions that are still to be reported, and whether they are finished; `objected` are those
    that it has to decide again.
    """

    tracked: dict[UUID, bool]
    objected: deque[Again]


class Tracking:
    """All that happens to resolutions (Beschlusskontrolle)."""

    def __init__(self, simulation: Simulation, people: People) -> None:
        self._simulation = simulation
        self._people = people
        self._random = simulation.random

    def follow(self, resolution: UUID, unit: str, body: Meets) -> Work:
        """A unit implements a resolution, unless the mayor objects."""
        yield self._simulation.later(6)
        if self._random.random() < 0.01:
            mayor = self._people.member("01", "mayor", 0)
            ground = Sealed[str]("Es fehlt die Deckung im Haushalt.")
            self._simulation.do(mayor, ObjectToResolution(legal_ground=ground), resolution, legal_basis="§ 54 GO NRW")
            body.objected.append(Again(resolution, unit))
            return
        yield from self._implement(resolution, unit, body)

    def decided_above(self, again: Again, body: Meets) -> Work:
        """The supervisory authority decides on a resolution that its body has upheld."""
        yield self._simulation.later(45)
        stands = self._random.random() < 0.4
        note = Sealed[str]("Verfügung der Bezirksregierung.")
        self._do(again.resolution, "01", RecordSupervisoryDecision(stands=stands, note=note))
        if stands:
            yield from self._implement(again.resolution, again.unit, body)
        else:
            body.tracked[again.resolution] = True

    def _implement(self, resolution: UUID, unit: str, body: Meets) -> Work:
        """In time, late, or without a word."""
        simulation, random = self._simulation, self._random
        due = simulation.today + timedelta(days=random.choice((60, 90, 120, 180, 270)))
        self._do(resolution, "10", AssignImplementation(unit=unit, due=due))
        yield simulation.later(30)
        self._report(resolution, unit)
        if random.random() < 0.15:
            return
        if random.random() < 0.3:
            yield simulation.at_work(simulation.now + (due - simulation.today - timedelta(days=12)))
            due += timedelta(days=90)
            self._delay(resolution, unit, (due - simulation.today).days)
        left = (due - simulation.today).days
        yield simulation.later(max(5, left * 0.8))
        self._do(resolution, unit, CompleteImplementation(note=Sealed("Umgesetzt und abgenommen.")))
        body.tracked[resolution] = True

    def late(self, resolution: UUID, unit: str) -> Work:
        """A resolution that was delayed once and is overdue since."""
        simulation = self._simulation
        yield simulation.later(4)
        due = simulation.today + timedelta(days=60)
        self._do(resolution, "10", AssignImplementation(unit=unit, due=due))
        yield simulation.later(20)
        self._report(resolution, unit)
        yield simulation.later(20)
        self._delay(resolution, unit, 45)

    def _report(self, resolution: UUID, unit: str) -> None:
        note = Sealed(self._random.choice(REPORTS))
        self._do(resolution, unit, ReportImplementation(progress=Progress.IN_PROGRESS, note=note))

    def _delay(self, resolution: UUID, unit: str, days: int) -> None:
        report = ReportImplementation(
            progress=Progress.DELAYED,
            due=self._simulation.today + timedelta(days=days),
            delay_reason=Sealed(self._random.choice(DELAYS)),
        )
        self._do(resolution, unit, report)

    def _do(self, resolution: UUID, unit: str, command: Command) -> None:
        self._simulation.do(self._people.staff(unit), command, resolution)
