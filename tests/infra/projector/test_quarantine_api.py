"""What the API says of rows that stand still, whatever kind of poison stopped them, and when they are healed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from domain.efile.commands import FileDocument, OpenCase
from domain.families import FAMILIES
from domain.kernel import Recorded
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, retry
from infra.settings import Settings
from projections.families import PROJECTIONS
from projections.model import find
from tests.api import Api
from tests.infra.projector.faulty import a_command, endless, raises, too_long
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC

CASES = find(PROJECTIONS, "case_record")
POISONS: Final = (raises, too_long, endless)
ASKED = """{ cases(first: 100) { nodes { recordId version quarantinedSince } }
  readModels { name status quarantinedRows quarantinedEvents quarantinedSince } }"""


class Ward:
    """A read model of cases that is poisoned by the second event of some of them, until it is mended."""

    def __init__(self) -> None:
        self.bad: dict[UUID, Callable[[Any], Any]] = {}
        self.projection = replace(CASES, fold=self.fold)

    def fold(self, row: Any, event: Recorded) -> Any:
        found = CASES.fold(row, event)
        return self.bad[event.record_id](found) if event.version == 2 and event.record_id in self.bad else found


@pytest.fixture
def ward() -> Ward:
    return Ward()


@pytest.fixture
def served(database: Database, ledger: Ledger, ward: Ward) -> Iterator[Api]:
    """The API over a projector that has just begun."""
    follow(database, ward)
    app = create_app(Settings(), database, ledger, reports=())
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Api(client, address, app)


def follow(database: Database, ward: Ward) -> None:
    index = (find(PROJECTIONS, "event"), find(PROJECTIONS, "record"))
    Projector(database, FAMILIES, (*index, ward.projection), (), fold_seconds=0.3).catch_up()


def told(served: Api) -> tuple[dict[str, tuple[int, bool]], dict[str, Any]]:
    """By case the events that its row reflects and whether it says that it stands still, and how the read model is."""
    found = served.by("auditor").ask(ASKED)
    model = next(each for each in found["readModels"] if each["name"] == "case_record")
    nodes = found["cases"]["nodes"]
    return {each["recordId"]: (int(each["version"]), each["quarantinedSince"] is not None) for each in nodes}, model


def test_every_kind_of_poison_shows_at_its_own_row_until_it_is_healed(
    database: Database, ledger: Ledger, ward: Ward, served: Api
) -> None:
    office = Office(ledger)
    office.work(40)
    victims = [office.do(a_command(office, OpenCase)).record_id for _ in POISONS]
    well = office.do(a_command(office, OpenCase)).record_id
    office.cases += victims
    ward.bad = dict(zip(victims, POISONS, strict=True))
    for record_id in (*victims, well, *victims):
        office.do(a_command(office, FileDocument), record_id)
    follow(database, ward)

    cases, model = told(served)
    assert cases[str(well)] == (2, False)
    assert {case for case, (_, stands_still) in cases.items() if stands_still} == set(map(str, victims))
    assert [cases[str(victim)][0] for victim in victims] == [1, 1, 1]
    assert (model["status"], model["quarantinedRows"], model["quarantinedEvents"]) == ("live", "3", "6")
    assert model["quarantinedSince"] is not None

    ward.bad = {}
    healed = retry(database, CODEC, ward.projection, seconds=0.3)
    assert [(each.healed, each.left) for each in healed] == [(2, 0)] * 3
    cases, model = told(served)
    assert {cases[str(victim)] for victim in victims} == {(3, False)}
    assert (model["quarantinedRows"], model["quarantinedSince"]) == ("0", None)
