"""Each family against the real store: nothing happens that the rules forbid or that no diagram draws."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from domain.families import FAMILIES
from infra.database import Database
from tests.machines.diagram import drawn
from tests.machines.driver import REFUSALS, drive
from tests.machines.machine import Machine
from tests.machines.store import opened
from tests.machines.tally import Tally

pytestmark = pytest.mark.any_server

PAGES = Path(__file__).parents[2] / "docs" / "families"

NAMES = [family.name for family in FAMILIES]


def machine_of(name: str) -> Machine:
    machine: Machine = import_module(f"tests.machines.{name}").MACHINE
    return machine


def tally_of(machine: Machine) -> Tally:
    page = (PAGES / f"{machine.family.name}.md").read_text()
    facts = {fact.__name__ for fact in machine.family.facts}
    return Tally(machine.family.name, drawn(page, facts), [rule.id for rule in machine.family.rules])


@pytest.mark.campaign
@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_tried_the_family_keeps_its_rules(
    name: str, database: Database, rounds: int, thorough: bool, record_property: Callable[[str, object], None]
) -> None:
    machine = machine_of(name)
    tally = tally_of(machine)
    with opened(database) as store:
        for _ in range(rounds if thorough else 1):
            drive(
                store,
                machine,
                tally,
                examples=3,
                steps=100 if thorough else 60,
                wanted=REFUSALS if thorough else 2,
            )
            if thorough and not tally.missing(REFUSALS):
                break
        store.verify()
    record_property("printed", tally.table() if thorough else tally.line())
    if thorough:
        assert not tally.missing(REFUSALS), "\n".join(tally.missing(REFUSALS))
