"""Compiled plans: what they answer is what the resolvers answer, to whatever is asked, in one statement a level."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from starlette.requests import Request

from domain.families import FAMILIES
from domain.rights import Role
from graphql_api.ids import NodeId
from graphql_api.plans import Plans, Prepared
from graphql_api.schema import Schema, build
from infra.asgi.access import development_principal
from infra.asgi.allowance import Allowance
from infra.asgi.documents import TrustedDocuments
from infra.asgi.endpoint import Endpoint
from infra.asgi.ports import LedgerCommands, VaultTexts, read_models
from infra.asgi.positions import Positions
from infra.database import Database
from infra.demo import fill
from infra.embedded import Server
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import COST
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, database_named
from tests.graphql_api.documents import Document, documents

TODAY = date(2026, 3, 2)


class Resolvers(Plans):
    """No plan for anything: the resolvers answer."""

    def find(self, *_: Any) -> Prepared | None:
        return None


class Remembering(Plans):
    """Plans that remember which of them were found."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.found: list[Prepared | None] = []

    def find(self, *asked: Any) -> Prepared | None:
        found = super().find(*asked)
        self.found.append(found)
        return found

    @property
    def answered(self) -> bool:
        """Whether a plan answered what was asked last."""
        found = self.found[-1]
        return found is not None and found.answered


@dataclass
class City:
    """A generated city behind two endpoints that differ in nothing but plans."""

    runner: asyncio.Runner
    schema: Schema
    planned: Endpoint
    resolved: Endpoint
    plans: Remembering
    values: Mapping[str, list[str]]

    def ask(self, endpoint: Endpoint, document: Document) -> tuple[int, Any]:
        """Status and body, in which members keep their order."""
        headers = {"stadtbuch-role": document.role.value, "stadtbuch-org-unit": "63"}
        scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        asked = {"query": document.text, "variables": dict(document.variables)}
        response = self.runner.run(endpoint.answer(Request(scope), asked))
        return response.status_code, json.loads(bytes(response.body), object_pairs_hook=_ordered)


def _ordered(pairs: list[tuple[str, Any]]) -> Any:
    """An object as its members in order. An error's id is another each time; and what else was read until one field
    failed depends on which was faster.
    """
    names = {name for name, _ in pairs}
    left_out = {"id"} if names == {"code", "id"} else {"extensions"} if {"errors", "extensions"} <= names else set()
    return {"object": [(name, value) for name, value in pairs if name not in left_out]}


@pytest.fixture(scope="module")
def city(server: Server, template: str) -> Iterator[City]:
    name = "stadtbuch_planned_city"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
        database = database_named(server, name)
        ledger = Ledger(database, KEK, FAMILIES)
        fill(ledger, events=5_000, seed=4, today=TODAY, progress=lambda phase: None)
        Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        with asyncio.Runner() as runner:
            stack = AsyncExitStack()
            values = _values(database)
            try:
                yield runner.run(_opened(stack, runner, database, ledger, values))
            finally:
                runner.run(stack.aclose())
        ledger.close()
        connection.execute(f"drop database {name} with (force)".encode())


async def _opened(
    stack: AsyncExitStack, runner: asyncio.Runner, database: Database, ledger: Ledger, values: dict[str, list[str]]
) -> City:
    schema = build(FAMILIES, PROJECTIONS, REPORTS)
    commands, texts = stack.enter_context(LedgerCommands(ledger)), stack.enter_context(VaultTexts(ledger.vault))
    reader = await stack.enter_async_context(read_models(database))
    plans = Remembering(schema)

    async def principal(headers: Any) -> Any:
        return development_principal(headers, "tests/1")

    def took(kind: str, began: float) -> None:
        return None

    planned = Endpoint(
        schema,
        plans,
        commands,
        reader,
        texts,
        Positions(reader),
        principal,
        took,
        Allowance(0, dict.fromkeys(Role, COST)),
        TrustedDocuments(reader, frozenset()),
        wait_seconds=0.0,
    )
    return City(runner, schema, planned, replace(planned, plans=Resolvers(schema)), plans, values)


def _values(database: Database) -> dict[str, list[str]]:
    """What rows hold, for filters and keys that find something."""
    with psycopg.connect(database.admin) as connection:

        def some(sql: str) -> list[str]:
            return [str(value) for (value,) in connection.execute(sql.encode())]

        records = some("select record_id from read.record order by opened_at limit 40")
        kinds = connection.execute("select kind, min(record_id::text) from read.record group by kind").fetchall()
        numbers = some("select number from read.record where number is not null order by opened_at desc limit 20")
        units = some("select distinct lead_unit from read.file")
    registers = {each.kind: each.singular for each in PROJECTIONS}
    nodes = [NodeId(registers[kind], (record,)).encode() for kind, record in kinds]
    nodes += [NodeId("Record", (records[0],)).encode(), NodeId("Event", ("7",)).encode()]
    return {
        "cursor": [],
        "ID": [*nodes, *nodes, *records],
        "UUID": records,
        "String": [*numbers, *units, *(kind for kind, _ in kinds), "efile", "council", "library", "a"],
        "BigInt": ["0", "1", "100", "1000", "1500", "99999"],
        "Date": ["2025-03-01", "2025-12-31", "2026-03-02", "2027-01-01"],
        "DateTime": ["2025-06-01T00:00:00Z", "2026-01-15T12:30:00+01:00", "2026-03-02T00:00:00Z"],
        "Decimal": ["0", "1.5", "20.00"],
    }


def test_plans_answer_what_resolvers_answer(city: City, record_property: Any) -> None:
    ways: Counter[str] = Counter()
    strategy = documents(city.schema._schema, city.schema.policy, city.values)

    @settings(max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def compare(document: Document) -> None:
        planned = city.ask(city.planned, document)
        answered = city.plans.answered
        resolved = city.ask(city.resolved, document)
        note(f"{document.role} {document.text}\n{dict(document.variables)}\nby a plan: {answered}")
        assert planned == resolved
        ways["asked"] += 1
        ways["by a plan"] += answered
        ways["errors"] += planned[0] != 200 or b"errors" in str(planned[1]).encode()
        for text in re.findall(r"'endCursor', '([^']+)'", str(planned[1])):
            if len(city.values["cursor"]) < 50:
                city.values["cursor"].append(text)

    compare()
    record_property("printed", f"documents asked both ways: {dict(ways)}")
    assert ways["by a plan"] > ways["asked"] / 2, ways
