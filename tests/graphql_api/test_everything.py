"""Every mutation succeeds at least once, and every root field returns data at least once: over HTTP, and printed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from domain.families import FAMILIES
from domain.rights import Role
from infra.embedded import Server
from infra.ledger import Ledger
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection
from tests.api import Api
from tests.database import KEK, database_named
from tests.graphql_api.telling import tell
from tests.graphql_api.test_rights import SOURCES, mutations


@dataclass(frozen=True)
class Told:
    """All stories, told through the API: how often each mutation succeeded, and the last position."""

    api: Api
    succeeded: Counter[str]
    position: int


@pytest.fixture(scope="module")
def told(server: Server, template: str) -> Iterator[Told]:
    from infra.asgi.app import create_app
    from infra.asgi.server import serving
    from infra.projector import Projector

    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database everything template {template}".encode())
    database = database_named(server, "everything")
    with ExitStack() as stack:
        ledger = Ledger(database, KEK, FAMILIES)
        stack.callback(ledger.close)
        projector = Projector(database, FAMILIES, PROJECTIONS, REPORTS)
        projector.catch_up()
        projector.start()
        stack.callback(projector.stop)
        app = create_app(Settings(), database, ledger)
        address = stack.enter_context(serving(app))
        api = Api(stack.enter_context(httpx.Client(base_url=address, timeout=30)), address, app)
        yield Told(api, *tell(api, ledger))


def test_every_mutation_succeeds(told: Told, record_property: Callable[[str, object], None]) -> None:
    wanted = {name for name, command in mutations() if command.asked_by}
    nobody = {name for name, command in mutations() if not command.asked_by}
    counts = "\n".join(f"{told.succeeded[name]:>6}  {name}" for name in sorted(wanted))
    record_property("printed", f"mutations, and how often each succeeded:\n{counts}")
    record_property("printed", f"by nobody through the API: {', '.join(sorted(nobody))}")
    assert {name for name in wanted if not told.succeeded[name]} == set()


def test_every_root_field_returns_data(told: Told, record_property: Callable[[str, object], None]) -> None:
    found: dict[str, int] = {}
    for name, source in SOURCES.items():
        if name == "search":
            continue
        role = Role.AUDITOR if Role.AUDITOR in source.readers and Role.AUDITOR in source.listed_by else Role.CLERK
        wait = f', minPosition: "{told.position}"'
        page = told.api.by(role).ask(f"{{ {name}(first: 100{wait}) {{ nodes {{ __typename }} }} }}")[name]
        found[name] = len(page["nodes"])
    asked = told.api.by("auditor")
    event = asked.ask("{ events(first: 1) { nodes { id recordId correlationId } } }")["events"]["nodes"][0]
    found["record"] = asked.ask(f'{{ record(id: "{event["recordId"]}") {{ number }} }}')["record"] is not None
    found["node"] = asked.ask(f'{{ node(id: "{event["id"]}") {{ id }} }}')["node"]["id"] == event["id"]
    trace = f'{{ trace(correlationId: "{event["correlationId"]}", first: 9) {{ nodes {{ topic }} }} }}'
    found["trace"] = len(asked.ask(trace)["trace"]["nodes"])
    found["search"] = len(asked.ask('{ search(text: "Immensee", first: 9) { nodes { kind } } }')["search"]["nodes"])
    found["readModels"] = len(told.api.by("admin").ask("{ readModels { name } }")["readModels"])
    counts = "\n".join(f"{count:>6}  {name}" for name, count in sorted(found.items()))
    record_property("printed", f"root fields, and the rows that each returned, up to 100:\n{counts}")
    assert {name for name, count in found.items() if not count} == set()


@pytest.mark.parametrize("projection", [each for each in PROJECTIONS if each.kind], ids=lambda each: str(each.kind))
def test_every_kind_of_record_tells_which_commands_are_available(told: Told, projection: Projection) -> None:
    query = f"""{{ {projection.plural}(first: 1) {{ nodes {{ record {{ kind availableCommands {{
      name allowed blockedBy {{ rule message }} }} }} }} }} }}"""
    (node,) = told.api.by("clerk", Org_Unit="61").ask(query)[projection.plural]["nodes"]
    available = node["record"]["availableCommands"]
    kinds = {name: command for name, command in mutations() if command.kind == projection.kind and not command.creates}
    assert {each["name"] for each in available} == {name for name, command in kinds.items() if command.asked_by}
    assert all(each["allowed"] != bool(each["blockedBy"]) for each in available)
