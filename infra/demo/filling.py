"""Fills an empty ledger with two years of a generated city, through the same commands that everybody uses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from domain.kernel import BERLIN, Message
from domain.requests import Refused
from infra.demo.cadastre import CadastreOffice
from infra.demo.costs import Treasury
from infra.demo.council import Council
from infra.demo.library import Library
from infra.demo.office import Office
from infra.demo.people import People
from infra.demo.show import Show, Shown
from infra.demo.simulation import MOST_EVENTS_OF_A_COMMAND, Phase, Recorder, Simulation

DEFAULT_EVENTS: Final = 20_000
FEWEST_EVENTS: Final = 5_000
YEARS: Final = 2
STREAMED: Final = 0.955
"""The part of the events that comes from the city's work; lists of what the library's vans carried fill up the rest."""
KEPT_FOR_THE_SHOW: Final = 80
KEPT_FOR_THE_CALENDAR: Final = 0.02
"""The part that is kept for what falls due and nobody in the city records."""
SHARES: Final = {"efile": 0.42, "library": 0.31, "council": 0.14, "cadastre": 0.13}


class Store(Recorder, Protocol):
    """The ledger, as far as a generated city needs it."""

    @property
    def recorder(self) -> HasPositions: ...


class HasPositions(Protocol):
    """What knows the last position."""

    def max_notification_id(self) -> int | None: ...


class NotEmpty(Refused):
    """The ledger holds events already, so that a generated city would mix with them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was filled: phases with their seconds, events by family, the last position, and what there is to show."""

    phases: tuple[Phase, ...]
    events: Mapping[str, int]
    last_position: int
    show: Mapping[str, Shown]

    @property
    def seconds(self) -> float:
        """All phases together."""
        return sum(phase.seconds for phase in self.phases)


def fill(
    ledger: Store,
    *,
    events: int = DEFAULT_EVENTS,
    seed: int,
    today: date,
    progress: Callable[[Phase], None],
    due: Callable[[], Mapping[str, int]] | None = None,
) -> Summary:
    """Record exactly so many events, effective in the two years before `today`.

    The same seed, day and number lead to the same events at the same positions, but for what the ledger makes: keys,
    salts, recorded times. `progress` is told of the running phase after each batch. `due` has what has fallen due and
    nobody has recorded in the two years recorded, and answers the events by family; where these were more than there
    was room for, there are so many events more. Raises NotEmpty, and ValueError for fewer events than a city needs and
    for a day that is still to come.
    """
    if events < FEWEST_EVENTS:
        raise ValueError(f"a city needs at least {FEWEST_EVENTS:,} events")
    if today > datetime.now(BERLIN).date():
        raise ValueError(f"{today} lies in the future: the ledger records what has happened")
    _expect_empty(ledger)
    room = round(events * KEPT_FOR_THE_CALENDAR) if due else 0
    streamed = round((events - room) * STREAMED)
    simulation = Simulation(
        ledger,
        seed=seed,
        begin=today - timedelta(days=YEARS * 365),
        end=today,
        limit=events - room - MOST_EVENTS_OF_A_COMMAND,
        progress=progress,
    )
    people = People(simulation)
    office = Office(simulation, people, round(streamed * SHARES["efile"]))
    library = Library(simulation, people, round(streamed * SHARES["library"]))
    council = Council(simulation, people, round(streamed * SHARES["council"]))
    cadastre = CadastreOffice(simulation, people, round(streamed * SHARES["cadastre"]))
    treasury = Treasury(simulation, people)
    show = Show(simulation, people, office, library, council)

    founding = simulation.enter("founding", library.items + library.readers + 60)
    office.found()
    library.found()
    council.found()
    treasury.found()
    simulation.flush()
    for part in (office, library, council, cadastre):
        part.pace.begin()
    working = simulation.enter("two years", streamed - simulation.recorded)
    for arrivals in (office.arrivals(), council.arrivals(), cadastre.arrivals()):
        simulation.start(arrivals)
    show.start()
    simulation.run(enough=events - room - KEPT_FOR_THE_SHOW)
    phases = [founding, working]
    if due is not None:
        phases.append(simulation.enter("fallen due", 0))
        simulation.also(due())
    phases.append(simulation.enter("last days", events - simulation.recorded))
    simulation.limit = sys.maxsize
    library.listed(events - simulation.recorded)
    simulation.leave()
    simulation.close()
    return Summary(
        phases=tuple(phases),
        events=dict(simulation.events),
        last_position=simulation.last_position,
        show=show.pieces,
    )


def _expect_empty(ledger: Store) -> None:
    last = ledger.recorder.max_notification_id() or 0
    if last:
        raise NotEmpty(
            Message(
                f"This ledger holds {last:,} events already, so no city is generated into it. To look at what is "
                "there, run `stadtbuch serve`; for a fresh city set STADTBUCH_HOME to an empty directory.",
                f"Dieses Stadtbuch enthält bereits {last:,} Ereignisse, darum wird keine Stadt darin erzeugt. Zum "
                "Ansehen `stadtbuch serve` aufrufen; für eine neue Stadt STADTBUCH_HOME auf ein leeres Verzeichnis "
                "setzen.",
            )
        )
