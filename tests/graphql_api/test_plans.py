"""Compiled plans: what they answer is what the resolvers answer, to whatever is asked, in one statement a level."""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from starlette.requests import Request

from domain.families import FAMILIES
from domain.rights import Role
from graphql_api.ids import NodeId, encoder
from graphql_api.plans import Plans, Prepared
from graphql_api.plans.cache import Latest
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
from projections.model import ColumnType, columns_of
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
        headers = {"stadtbuch-role": document.role.value, "stadtbuch-org-unit": "63", **document.headers}
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


def _alike(one: tuple[int, Any], other: tuple[int, Any]) -> bool:
    """Whether two answers say the same. Where an error takes all data with it, GraphQL leaves open which others are
    told beside it: then those that both tell of one field must be the same.
    """
    if one == other:
        return True
    (status, body), (other_status, other_body) = one, other
    mine, theirs = dict(body["object"]), dict(other_body["object"])
    told, also_told = (
        {str(dict(error["object"]).get("path")): error for error in each.pop("errors", [])} for each in (mine, theirs)
    )
    same = all(told[path] == also_told[path] for path in told.keys() & also_told.keys())
    return status == other_status and mine == theirs and not mine.get("data") and bool(told and also_told) and same


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
        confidential = some(
            "select distinct lead_unit from read.file where confidentiality <> 'OPEN' order by 1 limit 4"
        )
        own = some("select record_id from read.record where kind in ('patron', 'order') order by opened_at limit 8")
    assert confidential
    registers = {each.kind: each.singular for each in PROJECTIONS}
    nodes = [NodeId(registers[kind], (record,)).encode() for kind, record in kinds]
    nodes += [NodeId("Record", (records[0],)).encode(), NodeId("Event", ("7",)).encode()]
    return {
        "cursor": [],
        "ID": [*nodes, *nodes, *records, *own],
        "UUID": [*records, *own],
        "unit": confidential,
        "own": own,
        "String": [*numbers, *units, *(kind for kind, _ in kinds), "efile", "council", "library", "a"],
        "BigInt": ["0", "1", "100", "1000", "1500", "99999"],
        "Date": ["2025-03-01", "2025-12-31", "2026-03-02", "2027-01-01"],
        "DateTime": ["2025-06-01T00:00:00Z", "2026-01-15T12:30:00+01:00", "2026-03-02T00:00:00Z"],
        "Decimal": ["0", "1.5", "20.00"],
    }


def test_plans_answer_what_resolvers_answer(city: City, record_property: Any, caplog: pytest.LogCaptureFixture) -> None:
    ways: Counter[str] = Counter()
    strategy = documents(city.schema._schema, city.schema.policy, city.values)

    @settings(max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def compare(document: Document) -> None:
        planned = city.ask(city.planned, document)
        answered = city.plans.answered
        resolved = city.ask(city.resolved, document)
        note(f"{document.role} {document.text}\n{dict(document.variables)}\nby a plan: {answered}")
        assert _alike(planned, resolved), f"{planned} is not {resolved}"
        ways["asked"] += 1
        ways["by a plan"] += answered
        ways["errors"] += planned[0] != 200 or b"errors" in str(planned[1]).encode()
        for text in re.findall(r"'endCursor', '([^']+)'", str(planned[1])):
            if len(city.values["cursor"]) < 50:
                city.values["cursor"].append(text)

    compare()
    record_property("printed", f"documents asked both ways: {dict(ways)}")
    assert ways["by a plan"] > ways["asked"] / 2, ways
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def ask(city: City, text: str, role: Role = Role.AUDITOR, **variables: Any) -> tuple[int, Any, bool]:
    """Status and body, the same both ways, and whether a plan answered."""
    document = Document(role, text, variables)
    found = city.ask(city.planned, document)
    answered = city.plans.answered
    assert found == city.ask(city.resolved, document)
    return (*found, answered)


@pytest.mark.parametrize(
    "text",
    [
        "{ __typename a: files(first: 2) { nodes { id __typename subject { text erased } record { kind } } } }",
        "{ files(last: 3) { edges { cursor node { medium } } pageInfo { startCursor hasPreviousPage } totalCount } }",
        "{ records(first: 9) { nodes { ... on Node { id } file { medium } "
        "history(last: 2) { totalCount nodes { body } } } } }",
        "{ files(first: 1) { nodes { ...A ...B } } } "
        "fragment A on File { record { kind } } fragment B on File { record { number } }",
        '{ search(first: 3, text: "Akte") { nodes { __typename } } }',
        "{ overrides(first: 5) { nodes { family } asOfPosition } }",
        "{ events(first: 2) { nodes { topic changes { new } actor } } }",
    ],
)
def test_what_front_ends_ask_is_answered_by_a_plan(city: City, text: str) -> None:
    status, _, answered = ask(city, text)
    assert (status, answered) == (200, True)


@pytest.mark.parametrize(
    "text",
    [
        "{ readModels { name } }",
        "{ __schema { queryType { name } } }",
        "{ ownProjections { name } }",
        "{ files(first: 1) { nodes { reference explain { field } } } }",
        "{ files(first: 1) { nodes { reference } } readModels { name } }",
    ],
)
def test_what_plans_do_not_know_is_left_to_the_resolvers_as_a_whole(city: City, text: str) -> None:
    status, _, answered = ask(city, text)
    assert (status, answered) == (200, False)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("query ($n: Int!) { files(first: $n) { nodes { id } } }", {"n": 101}),
        ("query ($n: Int!) { files(first: $n) { nodes { id } } }", {"n": "one"}),
        ("query ($n: Int!) { files(first: $n) { nodes { id } } }", {}),
        ('{ files(first: 1, after: "x") { nodes { id } } }', {}),
        ('{ files(first: 1, minPosition: "999999") { nodes { id } } }', {}),
        ('{ record(id: "x") { number } files(first: 2) { nodes { id } } }', {}),
        (
            "query ($n: Int) { files(first: 50) { nodes { record { history(first: $n) { nodes { id } } } } } }",
            {"n": 100},
        ),
    ],
)
def test_errors_are_told_as_the_resolvers_tell_them(city: City, text: str, variables: dict[str, Any]) -> None:
    _, body, answered = ask(city, text, **variables)
    assert not answered
    assert body["object"][0][0] == "errors"


def test_what_is_left_out_by_a_variable_is_another_plan(city: City) -> None:
    text = "query ($on: Boolean!) { files(first: 2) { nodes { reference record @include(if: $on) { kind } } } }"
    with_record, without = ask(city, text, on=True), ask(city, text, on=False)
    assert with_record[2]
    assert without[2]
    assert "record" in str(with_record[1])
    assert "record" not in str(without[1])


def test_a_plan_is_of_one_role(city: City) -> None:
    text = "{ events(first: 1) { nodes { topic } } }"
    assert ask(city, text)[2]
    status, _, answered = ask(city, text, Role.CLERK)
    assert (status, answered) == (400, False)


def test_what_is_asked_for_least_lately_is_forgotten() -> None:
    kept: Latest[str, int] = Latest(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(name) for name in ("a", "b", "c")] == [1, None, 3]


@pytest.mark.parametrize(
    "key",
    [("record_id",), ("month", "branch", "media_type", "channel"), ("record_id", "no"), ("position",)],
)
def test_ids_are_the_same_whoever_writes_them(key: tuple[str, ...]) -> None:
    shown = next(each for each in PROJECTIONS if each.unique == key)
    columns = columns_of(shown.row)
    values = {
        ColumnType.UUID: UUID(int=77), ColumnType.INTEGER: 12, ColumnType.DATE: TODAY, ColumnType.TEXT: 'ä "%s"',
        ColumnType.CHOICE: "x",
    }  # fmt: skip
    given = tuple(values[columns[name].holds] for name in key)
    encode = encoder(shown.singular, [columns[name].holds for name in key])
    assert encode(*given) == NodeId(shown.singular, tuple(map(str, given))).encode()
