"""The harness itself: it reads diagrams, sees what is not drawn or missing, and fails where a promise is broken."""

from dataclasses import replace
from uuid import UUID

import pytest

from infra.database import Database
from tests.machines.cadastre import MACHINE
from tests.machines.diagram import Edge, drawn
from tests.machines.driver import drive
from tests.machines.machine import Machine, World
from tests.machines.store import Store, opened
from tests.machines.tally import Tally
from tests.machines.test_machines import tally_of

pytestmark = pytest.mark.any_server

PAGE = """
# Lockers

```mermaid
---
title: locker
---
stateDiagram-v2
    direction LR
    %% what a guest sees
    [*] --> taken: LockerTaken
    taken --> taken: LockerOpened
    taken --> returned: LockerReturned (by the guest, or the house), LockerEmptied
    returned --> [*]
```

```mermaid
stateDiagram-v2
    state "A key" as key {
        [*] --> out: LockerTaken
        out --> in: LockerReturned
    }
```
"""
FACTS = ("LockerTaken", "LockerOpened", "LockerReturned", "LockerEmptied")
TAKEN = Edge("locker", "[*]", "taken", "LockerTaken")
OPENED = Edge("locker", "taken", "taken", "LockerOpened")
RETURNED = Edge("locker", "taken", "returned", "LockerReturned")


def drive_long(store: Store, machine: Machine, tally: Tally) -> None:
    """Chance leads a machine: one round may miss what the next one finds, so many do not."""
    for _ in range(50):
        drive(store, machine, tally, examples=3, steps=60, shrink=False)


def test_edges_are_read_from_all_diagrams_of_a_page() -> None:
    assert drawn(PAGE, FACTS) == {
        TAKEN,
        OPENED,
        RETURNED,
        Edge("locker", "taken", "returned", "LockerEmptied"),
        Edge("key", "[*]", "out", "LockerTaken"),
        Edge("key", "out", "in", "LockerReturned"),
    }


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("taken --> returned: LockerLost", "'LockerLost' is no fact"),
        ("taken --> returned: when it is empty", "is no fact"),
        ("taken --> returned", "is no fact"),
        ("taken -> returned: LockerReturned", "not understood"),
    ],
)
def test_what_cannot_be_read_is_no_diagram(line: str, fault: str) -> None:
    page = f"```mermaid\n---\ntitle: locker\n---\nstateDiagram-v2\n    {line}\n```\n"
    with pytest.raises(ValueError, match=fault):
        drawn(page, FACTS)


def test_a_diagram_names_its_thing() -> None:
    with pytest.raises(ValueError, match="name the thing first"):
        drawn("```mermaid\nstateDiagram-v2\n    [*] --> taken: LockerTaken\n```\n", FACTS)


def test_what_was_not_reached_or_not_refused_often_enough_is_missing() -> None:
    tally = Tally("lockers", {TAKEN, RETURNED}, ("locker.returned", "locker.number_taken"))
    tally.edges[TAKEN] = 3
    tally.refused.update({"locker.returned": 50, "locker.number_taken": 49})
    assert tally.missing(50) == [str(RETURNED), "locker.number_taken: refused 49 times"]


def test_a_transition_counts_what_lies_ahead_of_it() -> None:
    tally = Tally("lockers", drawn(PAGE, FACTS), ())
    assert (tally.ahead(TAKEN), tally.ahead(RETURNED)) == (3, 0)


def test_a_broken_promise_fails_and_tells_what_went_before(database: Database) -> None:
    def check(world: World, record_id: UUID) -> None:
        assert world.records[record_id].version < 2, "no order has a second fact"

    machine = replace(MACHINE, check=check)
    with opened(database) as store, pytest.raises(AssertionError, match="no order has a second fact") as failure:
        drive_long(store, machine, tally_of(machine))
    assert "What went before" in "\n".join(failure.value.__notes__)


def test_a_transition_that_is_not_drawn_fails(database: Database) -> None:
    tally = tally_of(MACHINE)
    tally.drawn = frozenset(edge for edge in tally.drawn if edge.fact != "OrderCancelled")
    with opened(database) as store, pytest.raises(AssertionError, match=r"not in the diagrams: .*OrderCancelled"):
        drive_long(store, MACHINE, tally)
