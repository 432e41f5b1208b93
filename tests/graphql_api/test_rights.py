"""Who may ask and do what: every role against every field and every mutation of the schema, as they were declared."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, GraphQLObjectType, parse, validate

import graphql_api
from domain.families import FAMILIES
from domain.kernel import Command
from domain.rights import NOBODY, Role, Roles
from graphql_api.building import field, made_type
from graphql_api.naming import camel, upper
from graphql_api.rights import INSPECTORS, policy_of, rules_of
from graphql_api.rightsdocs import page
from graphql_api.schema import Schema, build
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Report, columns_of
from tests.api import Api
from tests.graphql_api.test_hostile_input import VALUES, value

ALL_SOURCES: Final[tuple[Projection | Report, ...]] = (*PROJECTIONS, *REPORTS)
SOURCES: Final = {each.plural: each for each in ALL_SOURCES}
FEW_MUTATIONS: Final = 25
of_each_role = pytest.mark.parametrize("role", list(Role))


@pytest.fixture(scope="module")
def schema() -> Schema:
    return build(FAMILIES, PROJECTIONS, REPORTS)


def asked(name: str) -> str:
    """A query of a root field, as small as can be."""
    match name:
        case "record":
            return f'{{ record(id: "{uuid4()}") {{ recordId }} }}'
        case "node":
            return '{ node(id: "x") { id } }'
        case "readModels" | "ownProjections":
            return f"{{ {name} {{ name }} }}"
        case "search":
            return '{ search(text: "abc", first: 1) { asOfPosition } }'
        case "trace":
            return f'{{ trace(correlationId: "{uuid4()}", first: 1) {{ asOfPosition }} }}'
        case "ownProjection":
            return '{ ownProjection(name: "", first: 1) { asOfPosition } }'
    return f"{{ {name}(first: 1) {{ asOfPosition }} }}"


def may_list(name: str) -> Roles:
    """Who may ask for a root field, by the declarations of the read models."""
    if name in SOURCES:
        return frozenset(SOURCES[name].readers) & SOURCES[name].listed_by
    match name:
        case "readModels":
            return frozenset({Role.ADMIN, Role.AUDITOR, Role.ANALYST})
        case "trace":
            return frozenset({Role.CLERK, Role.AUDITOR})
        case "ownProjections" | "ownProjection":
            return frozenset({Role.AUDITOR, Role.ANALYST})
    return frozenset(Role) - {Role.ADMIN}


@of_each_role
def test_each_root_field_answers_those_it_is_declared_for_and_nobody_else(
    api: Api, schema: Schema, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schema._schema.query_type is not None
    cells: Counter[str] = Counter()
    for name in schema._schema.query_type.fields:
        status, body = api.by(role).answer(asked(name))
        allowed = role in may_list(name)
        codes = [error["extensions"]["code"] for error in body.get("errors", ())]
        if allowed and name in ("node", "ownProjection"):
            assert codes == ["INVALID"], (name, body)  # it was looked at: there is no such id, nor such a name
        else:
            assert (status, set(codes)) == ((200, set()) if allowed else (400, {"FORBIDDEN"})), (name, body)
        cells["allowed" if allowed else "forbidden"] += 1
    assert cells.total() == len(SOURCES) + 6
    with capsys.disabled():
        print(f"\n{role}: {cells['allowed']} root fields, {cells['forbidden']} refused", end=" ")


def mutations() -> Iterator[tuple[str, type[Command]]]:
    taken: set[str] = set()
    for family in FAMILIES:
        for command in family.commands:
            name = (
                command.__name__ if command.__name__ not in taken else f"{family.name.capitalize()}{command.__name__}"
            )
            taken.add(name)
            yield camel(name), command


def least(given: GraphQLInputObjectType) -> dict[str, Any]:
    """An input with what is required, of no record that exists."""
    values = {**VALUES["plausible"], "UUID": str(uuid4()), "ID": str(uuid4())}
    required = {name: each.type for name, each in given.fields.items() if isinstance(each.type, GraphQLNonNull)}
    return {name: value(type_, values, items=1) for name, type_ in required.items()} | {"idempotencyKey": str(uuid4())}


@of_each_role
def test_each_mutation_is_for_those_it_is_declared_for_and_nobody_else(
    api: Api, schema: Schema, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    every = dict(mutations())
    core = schema._schema
    assert core.mutation_type is not None
    assert set(every) | {"bulk", "rebuild", "cancelRebuild"} == set(core.mutation_type.fields)
    names, cells = list(every), Counter[str]()
    for start in range(0, len(names), FEW_MUTATIONS):
        few = names[start : start + FEW_MUTATIONS]
        declared, variables = [], {}
        for name in few:
            type_ = str(core.mutation_type.fields[name].args["input"].type).rstrip("!")
            given = core.type_map[type_]
            assert isinstance(given, GraphQLInputObjectType)
            declared.append(f"${name}: {type_}!")
            variables[name] = least(given)
        parts = " ".join(f"{name}(input: ${name}) {{ __typename }}" for name in few)
        status, body = api.by(role).answer(f"mutation ({', '.join(declared)}) {{ {parts} }}", variables)
        assert (status, body.get("errors")) == (200, None), body
        for name in few:
            allowed = role in every[name].asked_by
            assert (body["data"][name]["__typename"] != "Forbidden") == allowed, (name, body["data"][name])
            cells["allowed" if allowed else "forbidden"] += 1
    with capsys.disabled():
        print(f"\n{role}: {cells['allowed']} mutations, {cells['forbidden']} refused", end=" ")


def reached(schema: Schema) -> Mapping[str, str]:
    """By type, a query in which its fields can be asked for."""
    found = {}
    for projection in PROJECTIONS:
        found[projection.singular] = f'{{ node(id: "x") {{ ... on {projection.singular} {{ %s }} }} }}'
    for report in REPORTS:
        row = f"{upper(report.name)}Row"
        found[row] = f"{{ {report.plural}(first: 1) {{ nodes {{ %s }} }} }}"
    found["Subscription"] = "subscription { %s }"
    found["CommandSuccess"] = (
        'mutation { discardDraft(input: {record: "x", idempotencyKey: "x"}) { ... on CommandSuccess { %s } } }'
    )
    return found


@of_each_role
def test_each_field_of_a_row_is_for_those_it_is_declared_for_and_nobody_else(
    schema: Schema, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    core, ways = schema._schema, reached(schema)
    cells: Counter[str] = Counter()
    fields = [(type_, name) for type_, name in schema.policy if type_ not in ("Query", "Mutation")]
    for type_, name in fields:
        of = core.type_map[type_]
        assert isinstance(of, GraphQLObjectType)
        below = "" if not hasattr(_bare(of.fields[name].type), "fields") else " { __typename }"
        document = parse(ways[type_] % f"{name}{below}")
        refused = [
            error.message
            for error in validate(core, document, [schema.rules(role, "en")])
            if f"{type_}.{name}" in error.message
        ]
        allowed = role in schema.policy[type_, name]
        assert bool(refused) != allowed, (type_, name, refused)
        cells["allowed" if allowed else "forbidden"] += 1
    with capsys.disabled():
        print(f"\n{role}: {cells['allowed']} fields of rows, {cells['forbidden']} refused", end=" ")


def _bare(of: Any) -> Any:
    while hasattr(of, "of_type"):
        of = of.of_type
    return of


def test_analysts_see_no_text_and_citizens_no_internals(schema: Schema) -> None:
    for projection in PROJECTIONS:
        for column in columns_of(projection.row).values():
            if not column.seen_by:
                assert (projection.singular, camel(column.name)) not in schema.policy
                continue
            readers = schema.policy[projection.singular, camel(column.name)]
            if column.holds.name == "SEALED":
                assert Role.ANALYST not in readers, (projection.name, column.name)
    assert Role.CITIZEN not in schema.policy["Item", "loan"]
    assert Role.CITIZEN not in schema.policy["CadastreOrder", "reviewer"]


def test_a_field_that_declares_nothing_is_closed_where_it_is_a_root_or_leads_anywhere() -> None:
    async def resolve(root: Any, info: Any) -> str:
        return ""

    part = made_type("Part", [field("value", str, "A value."), field("further", str, "More.", resolver=resolve)], "x")
    query = made_type("Query", [field("open", part, "x", resolver=resolve, readers=frozenset(Role)),
                                field("undeclared", part, "x", resolver=resolve)], "x")  # fmt: skip
    core = Schema(INSPECTORS, query=query)._schema
    policy = policy_of(core)
    assert policy == {
        ("Query", "open"): frozenset(Role),
        ("Query", "undeclared"): NOBODY,
        ("Part", "further"): NOBODY,
    }
    rule = rules_of(policy, INSPECTORS)(Role.AUDITOR, "de")
    (error,) = validate(core, parse("{ open { value } undeclared { value } }"), [rule])
    assert error.extensions == {"code": "FORBIDDEN"}
    assert "auditor" in error.message
    assert "undeclared nicht zugänglich" in error.message
    assert len(validate(core, parse("{ open { ...P } } fragment P on Part { further }"), [rule])) == 1


def test_a_mutation_or_subscription_that_declares_nothing_is_closed_to_everybody() -> None:
    async def resolve(root: Any, info: Any) -> str:
        return ""

    root = made_type("Query", [field("open", str, "x", resolver=resolve, readers=frozenset(Role))], "x")
    doing = made_type("Mutation", [field("declared", str, "x", resolver=resolve, readers=NOBODY),
                                   field("undeclared", str, "x", resolver=resolve)], "x")  # fmt: skip
    following = made_type("Subscription", [field("undeclared", str, "x", resolver=resolve)], "x")
    core = Schema(INSPECTORS, query=root, mutation=doing, subscription=following)._schema
    policy = policy_of(core)
    for role in (*Role, None):
        rule = rules_of(policy, INSPECTORS)(role, "en")
        for document in ("mutation { undeclared }", "subscription { undeclared }"):
            (error,) = validate(core, parse(document), [rule])
            assert error.extensions == {"code": "FORBIDDEN"}
        assert validate(core, parse("mutation { __typename declared }"), [rule]) == []  # its payload tells who may


def test_a_read_model_that_declares_no_readers_is_closed() -> None:
    projections = [replace(each, readers={}) if each.name == "title" else each for each in PROJECTIONS]
    policy = build(FAMILIES, projections, REPORTS).policy
    assert policy["Query", "titles"] == policy["Title", "title"] == policy["Record", "title"] == NOBODY


def test_whatever_the_api_asks_of_the_read_models_it_asks_for_a_viewer() -> None:
    asks = {"page", "branches", "count", "count_below", "by_key", "by_number", "position_of", "hidden", "whole"}
    for path in Path(graphql_api.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="query"), attr=name)) if name in asks:
                    assert "viewer" in {each.arg for each in node.keywords}, f"{path.name}:{node.lineno}"


def test_the_page_of_rights_is_written_from_the_declarations() -> None:
    committed = Path(graphql_api.__path__[0]).parent / "docs" / "rights.md"
    assert committed.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_a_role_that_is_none_here_may_nothing(schema: Schema) -> None:
    document = parse("{ titles(first: 1) { asOfPosition } }")
    assert len(validate(schema._schema, document, [schema.rules(None, "en")])) == 1
