"""Values at the edges, in every field of every command, on records in many states: refused, never by accident."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
)

from domain.families import FAMILIES
from graphql_api.context import Asking
from graphql_api.errors import present
from graphql_api.naming import camel
from graphql_api.schema import Schema, build
from infra.asgi.access import development_principal
from infra.asgi.ports import LedgerCommands
from infra.database import Database
from infra.demo import fill
from infra.ledger import Ledger
from projections.families import PROJECTIONS, REPORTS
from projections.query import Statement
from tests.api import Api

pytestmark = pytest.mark.any_server

VALUES: dict[str, dict[str, Any]] = {
    "least": {
        "String": "",
        "Int": 0,
        "BigInt": "0",
        "Decimal": "0",
        "Boolean": False,
        "Date": "0002-01-01",
        "DateTime": "0002-01-01T00:00:00Z",
        "UUID": str(UUID(int=0)),
    },
    "most": {
        "String": "x" * 10_000,
        "Int": 2**31 - 1,
        "BigInt": str(2**63 - 1),
        "Decimal": "999999999999999999.999999999",
        "Boolean": True,
        "Date": "9999-12-31",
        "DateTime": "9998-12-31T23:59:59Z",
        "UUID": str(UUID(int=2**128 - 1)),
    },
    "negative": {
        "String": "-",
        "Int": -(2**31),
        "BigInt": str(-(2**63)),
        "Decimal": "-999999999999999999.999999999",
        "Boolean": False,
        "Date": "1583-01-01",
        "DateTime": "1583-01-01T00:00:00Z",
        "UUID": str(UUID(int=1)),
    },
    "plausible": {
        "String": "63.1",
        "Int": 1,
        "BigInt": "1",
        "Decimal": "1.00",
        "Boolean": True,
        "Date": "2026-01-01",
        "DateTime": "2026-01-01T10:00:00Z",
    },
}
EDGES = {"least": 0, "most": 3, "negative": 1, "plausible": 1}
"""How many items a list has."""
TODAY = date(2026, 1, 1)
ADDRESS = {"idempotencyKey", "record", "expectedVersion", "effectiveAt", "effectiveOn"}


def value(of: Any, values: dict[str, Any], items: int) -> Any:
    """A value of an input type."""
    if isinstance(of, GraphQLNonNull):
        return value(of.of_type, values, items)
    if isinstance(of, GraphQLList):
        return [value(of.of_type, values, items) for _ in range(items)]
    if isinstance(of, GraphQLEnumType):
        return list(of.values)[-1 if items else 0]
    if isinstance(of, GraphQLInputObjectType):
        return {name: value(field.type, values, items) for name, field in of.fields.items()}
    assert isinstance(of, GraphQLScalarType)
    return values[of.name]


def inputs(given: GraphQLInputObjectType, records: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """Inputs with every field at an edge, and one with only what is required. Ids are those of real records, too."""
    own = {name: field for name, field in given.fields.items() if name not in ADDRESS}
    required = {name: field for name, field in own.items() if isinstance(field.type, GraphQLNonNull)}
    for edge, record in zip(EDGES, records, strict=False):
        values = {"UUID": str(record), **VALUES[edge]}
        yield {name: value(field.type, values, EDGES[edge]) for name, field in own.items()}
    yield {name: value(field.type, values, items=1) for name, field in required.items()}


def records_by_kind(database: Database) -> dict[str, list[UUID]]:
    """Some records of each kind, those with the longest histories first."""
    kinds = {fact.topic: fact.kind for family in FAMILIES for fact in family.facts}
    found: dict[str, list[UUID]] = defaultdict(list)
    with psycopg.connect(database.admin) as connection:
        rows = connection.execute(
            "select min(topic), record_id from ledger.event group by record_id order by max(version) desc, record_id"
        )
        for topic, record_id in rows:
            if topic in kinds and len(found[kinds[topic]]) < 3:
                found[kinds[topic]].append(record_id)
    return found


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build(FAMILIES, PROJECTIONS, REPORTS)


class Unread:
    """Read models that know no record."""

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        return []


def test_no_input_makes_a_command_fail_by_accident(schema: Schema, database: Database, ledger: Ledger) -> None:
    fill(ledger, events=5_000, seed=7, today=TODAY, progress=lambda phase: None)
    records = records_by_kind(database)
    core: GraphQLSchema = schema._schema
    nothing: Any = None
    failures: list[str] = []

    async def attempt(commands: LedgerCommands, mutation: str, name: str, given: dict[str, Any]) -> None:
        asking = Asking(development_principal({}, "tests/1"), "en", commands, Unread(), nothing, nothing, 0)
        query = f"mutation M($input: {name}!) {{ {mutation}(input: $input) {{ __typename }} }}"
        result = await schema.execute(query, {"input": {"idempotencyKey": str(uuid4()), **given}}, asking)
        if result.errors:
            shown, blame = present(result.errors, asking)
            if blame != "caller":
                failures.append(f"{mutation}: {result.errors[0].original_error!r} for {str(given)[:300]}")
            else:
                assert shown[0]["extensions"]["code"] == "BAD_REQUEST", shown

    async def attempts() -> None:
        assert core.mutation_type is not None
        with LedgerCommands(ledger) as commands:
            for family in FAMILIES:
                for command in family.commands:
                    name = f"{command.__name__}Input"
                    if name not in core.type_map:
                        name = f"{family.name.capitalize()}{name}"
                    given = core.type_map[name]
                    assert isinstance(given, GraphQLInputObjectType)
                    mutation = camel(name.removesuffix("Input"))
                    everything = [record for each in records.values() for record in each]
                    targets = [{}] if command.creates else [{"record": str(r)} for r in records[command.kind]]
                    for target in targets:
                        for each in inputs(given, everything):
                            await attempt(commands, mutation, name, {**each, **target})

    asyncio.run(attempts())
    assert failures == []


def test_no_filter_and_no_order_makes_a_list_fail_by_accident(schema: Schema, api: Api) -> None:
    core: GraphQLSchema = schema._schema
    assert core.query_type is not None
    failures: list[str] = []

    def ask(name: str, arguments: str, variables: str, **given: Any) -> None:
        query = f"query ({variables}) {{ {name}(first: 1, {arguments}) {{ totalCount nodes {{ __typename }} }} }}"
        status, body = api.by("auditor").answer(query, given)
        # A bound that no column of the type can hold is refused by name.
        if status != 200 and body["errors"][0]["extensions"]["code"] not in ("INVALID", "BAD_REQUEST"):
            failures.append(f"{name} {arguments} {given}: {body}")

    for name, field in core.query_type.fields.items():
        if "filter" in field.args:
            filter_type = field.args["filter"].type
            assert isinstance(filter_type, GraphQLInputObjectType)
            for column, comparison in filter_type.fields.items():
                assert isinstance(comparison.type, GraphQLInputObjectType)
                for edge in ("most", "negative"):
                    compared = {
                        op: value(taken.type, {"ID": "x", **VALUES[edge]}, items=1)
                        for op, taken in comparison.type.fields.items()
                        if op != "isNull"
                    }
                    ask(name, "filter: $filter", f"$filter: {filter_type.name}", filter={column: compared})
        if "filter" in field.args and "orderBy" in field.args:
            order_type = core.type_map[str(field.args["orderBy"].type).strip("[]!")]
            assert isinstance(order_type, GraphQLInputObjectType)
            by = order_type.fields["by"].type
            assert isinstance(by, GraphQLNonNull)
            for column in by.of_type.values:
                for direction in ("ASC", "DESC"):
                    order = [{"by": column, "direction": direction}]
                    ask(name, "orderBy: $order", f"$order: [{order_type.name}!]", order=order)
    assert failures == []
