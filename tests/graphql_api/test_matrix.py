"""Role by field by way of execution: a plan, the resolvers and a registered document let in and refuse the same."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type

from domain.rights import Role, Roles
from graphql_api.ids import NodeId
from graphql_api.naming import camel, constant, upper
from graphql_api.schema import Schema
from infra.asgi.access import development_principal
from infra.asgi.documents import TrustedDocuments
from infra.database import Database
from infra.documents import registry
from infra.documents.reading import Document
from projections.families import PROJECTIONS
from projections.model import Projection, Report, columns_of
from tests.api import Api
from tests.graphql_api.test_plans import Resolvers
from tests.graphql_api.test_rights import ALL_SOURCES, asked, least, may_list, mutations

WAYS: Final = ("a plan", "the resolvers", "a registered document")
UNKNOWN_ROLE: Final = "mayor"
ROLES: Final[tuple[Role | None, ...]] = (*Role, None)
"""Those of the program, and one that a token might name and nobody has heard of."""
REFUSED: Final = re.compile(r"you may not ask for ([\w.]+)\.")
FEW: Final = 25
NOTHING: Final = str(UUID(int=5))
TRUTHS: Final = (
    ("File", "subject", {"clerk", "auditor"}),
    ("CaseRecord", "subject", {"clerk", "auditor"}),
    ("Patron", "name", {"citizen", "clerk", "auditor"}),
    ("Event", "actor", {"clerk", "auditor"}),
    ("Event", "person", {"clerk", "auditor"}),
    ("Event", "body", {"clerk", "auditor"}),
    ("SupervisedAct", "actor", {"auditor"}),
    ("OverridesRow", "overrides", {"auditor"}),
    ("CadastreOrder", "reviewer", {"clerk", "auditor", "analyst"}),
    ("CadastreOrder", "stage", {"citizen", "clerk", "auditor", "analyst"}),
    ("Item", "loan", {"clerk", "auditor", "analyst"}),
    ("Item", "barcode", {"citizen", "clerk", "auditor", "analyst"}),
    ("Loan", "patronRef", {"clerk", "auditor"}),
    ("ConflictOfInterest", "ground", {"clerk", "auditor"}),
    ("Record", "history", {"clerk", "auditor"}),
    ("Record", "explain", {"clerk", "auditor"}),
    ("Record", "availableCommands", {"citizen", "clerk"}),
    ("PublicPaperRow", "title", {"citizen", "clerk", "auditor"}),
    ("Query", "events", {"auditor"}),
    ("Query", "trace", {"clerk", "auditor"}),
    ("Query", "records", {"citizen", "clerk", "auditor", "analyst"}),
    ("Query", "readModels", {"auditor", "analyst", "admin"}),
    ("Subscription", "events", {"auditor"}),
    ("Mutation", "rebuild", {"admin"}),
    ("Mutation", "openFile", {"clerk"}),
    ("Mutation", "importPaper", set[str]()),
)
"""What everybody in the town hall would say, whatever was declared."""


@pytest.fixture(scope="module")
def schema(api: Api) -> Schema:
    served: Schema = api.app.state.endpoint.schema
    return served


@dataclass(frozen=True)
class Cell:
    """A document, what of it is refused, and to whom."""

    role: Role | None
    text: str
    refused: frozenset[str]


def type_of(source: Projection | Report) -> str:
    """The type of its rows."""
    return source.singular if isinstance(source, Projection) else f"{upper(source.name)}Row"


def declared() -> dict[tuple[str, str], Roles]:
    """Who may ask for which column, by the declarations of the read models and not by the schema made from them."""
    found: dict[tuple[str, str], Roles] = {}
    for source in ALL_SOURCES:
        type_ = type_of(source)
        for column in columns_of(source.row).values():
            if column.seen_by:
                found[type_, camel(column.name)] = column.seen_by & frozenset(source.readers)
    return found


def written(name: str, of: Any) -> str:
    """A field with what it requires."""
    given = "(first: 1)" if "first" in of.args else '(from: { position: "1" })' if "from" in of.args else ""
    return f"{name}{given}{'' if is_leaf_type(get_named_type(of.type)) else ' { __typename }'}"


def cells(schema: Schema, role: Role | None) -> Iterator[Cell]:
    """For every type of row two documents, one with all of its fields and one with those that the role may ask for;
    and every root field.
    """
    core, by_columns = schema._schema, declared()
    query = core.query_type
    assert query is not None
    for name in query.fields:
        text = asked(name).replace("recordId", "__typename")
        yield Cell(role, text, frozenset() if role in may_list(name) else frozenset({name}))
    for source in ALL_SOURCES:
        type_ = type_of(source)
        of = core.type_map[type_]
        assert isinstance(of, GraphQLObjectType)
        allowed, closed = [], set[str]()
        for name in of.fields:
            readers = by_columns.get((type_, name), schema.policy.get((type_, name)))
            if readers is None:
                assert name == "id", f"{type_}.{name} is neither declared nor a part of what is"
            elif role in readers:
                allowed.append(name)
            else:
                closed.add(f"{type_}.{name}")
        lists = role in may_list(source.plural)
        root = set() if lists else {source.plural}
        listed = asked(source.plural).replace("asOfPosition", "nodes { %s }")
        every = " ".join(written(name, each) for name, each in of.fields.items())
        yield Cell(role, listed % every, frozenset(closed | root))
        theirs = " ".join(written(name, of.fields[name]) for name in allowed if name not in ("diff", "explain"))
        if theirs and lists:
            yield Cell(role, listed % theirs, frozenset())
        elif theirs and isinstance(source, Projection):
            nothing = NodeId(type_, ("1",) if type_ == "Event" else (NOTHING,)).encode()
            text = f'{{ node(id: "{nothing}") {{ ... on {type_} {{ {theirs} }} }} }}'
            yield Cell(role, text, frozenset())


def narrowed(schema: Schema, role: Role | None) -> Iterator[Cell]:
    """For each column of rows that a role sees, but not the column: a filter and an order by it."""
    for source in PROJECTIONS:
        if role is None or role not in source.readers or role not in may_list(source.plural):
            continue
        of = schema._schema.type_map[source.singular]
        assert isinstance(of, GraphQLObjectType)
        for column in columns_of(source.row).values():
            if not column.seen_by or role in column.seen_by:
                continue
            root = f"{{ {source.plural}(first: 1, %s) {{ asOfPosition }} }}"
            name = camel(column.name)
            if column.filterable:
                compared = "isNull: true" if column.nullable else "in: []"
                yield Cell(role, root % f"filter: {{ {name}: {{ {compared} }} }}", frozenset({name}))
            if column.sortable:
                yield Cell(role, root % f"orderBy: [{{ by: {constant(column.name)} }}]", frozenset({name}))


@contextmanager
def going(way: str, role: Role | None, api: Api) -> Iterator[Api]:
    """The API, asked in a role and a way."""
    changes: dict[str, Any] = {}
    if way == "the resolvers":
        changes["plans"] = Resolvers(api.app.state.endpoint.schema)
    if way == "a registered document":
        changes["documents"] = TrustedDocuments(api.app.state.reader, frozenset(Role))
    if role is None:

        async def principal(headers: Any) -> Any:
            return replace(development_principal({}, "tests/1"), role=UNKNOWN_ROLE)

        changes["principal"] = principal
    with ExitStack() as stack:
        if changes:
            stack.enter_context(api.endpoint_with(**changes))
        yield api if role is None else api.by(role)


def told(api: Api, way: str, text: str) -> tuple[int, list[dict[str, Any]]]:
    """Status and errors."""
    body = {"documentId": Document(text, "tests").id} if way == WAYS[2] else {"query": text}
    answer = api.client.post("/graphql", json=body, headers=dict(api.headers))
    return answer.status_code, answer.json().get("errors", [])


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_field_is_let_in_or_refused_alike_by_every_way(
    api: Api, schema: Schema, api_database: Database, role: Role | None, record_property: Any
) -> None:
    asking = list(cells(schema, role))
    registry.add(api_database, [Document(cell.text, "tests") for cell in asking])
    counted: Counter[str] = Counter()
    for way in WAYS:
        with going(way, role, api) as asked_so:
            for cell in asking:
                status, errors = told(asked_so, way, cell.text)
                closed = [error for error in errors if error["extensions"]["code"] == "FORBIDDEN"]
                names = {name for error in closed for name in REFUSED.findall(error["message"])}
                assert names == cell.refused, (way, cell.text, errors)
                if cell.refused:
                    assert (status, len(errors)) == (400, len(cell.refused)), (way, cell.text, errors)
                else:
                    assert {error["extensions"]["code"] for error in errors} <= {"INVALID"}, (way, cell.text, errors)
                counted["answered" if not cell.refused else "refused"] += 1
                counted["fields refused"] += len(cell.refused)
    record_property("printed", f"{role or UNKNOWN_ROLE} by three ways: {dict(counted)}")
    assert counted["refused"] or role is Role.AUDITOR
    assert bool(counted["answered"]) == (role is not None)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_nobody_filters_or_sorts_by_what_they_do_not_see_by_any_way(
    api: Api, schema: Schema, api_database: Database, role: Role
) -> None:
    asking = list(narrowed(schema, role))
    assert bool(asking) == (role is Role.CITIZEN)
    registry.add(api_database, [Document(cell.text, "tests") for cell in asking])
    for way in WAYS:
        with going(way, role, api) as asked_so:
            for cell in asking:
                status, errors = told(asked_so, way, cell.text)
                assert (status, [each["extensions"]["code"] for each in errors]) == (400, ["FORBIDDEN"]), cell.text
                assert all(name in errors[0]["message"] for name in cell.refused)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_what_is_followed_along_is_refused_as_what_is_asked(
    api: Api, api_database: Database, role: Role | None
) -> None:
    follow = {
        "events": 'subscription { events(filter: { topic: { eq: "x" } }) { position } }',
        "record": f'subscription {{ record(id: "{NOTHING}") {{ position }} }}',
        "operationProgress": "subscription { operationProgress { running } }",
    }
    may = {
        "events": {"auditor"},
        "record": {"citizen", "clerk", "auditor", "analyst"},
        "operationProgress": {"auditor", "analyst", "admin"},
    }
    registry.add(api_database, [Document(text, "tests") for text in follow.values()])
    for way in (WAYS[0], WAYS[2]):
        with going(way, role, api) as asked_so:
            for name, text in follow.items():
                if role in may[name]:
                    continue
                body = {"documentId": Document(text, "tests").id} if way == WAYS[2] else {"query": text}
                headers = {**asked_so.headers, "Accept": "text/event-stream"}
                assert '"FORBIDDEN"' in api.client.post("/graphql", json=body, headers=headers).text, (way, name)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_what_a_role_may_not_do_is_refused_in_a_registered_document_too(
    api: Api, schema: Schema, api_database: Database, role: Role | None
) -> None:
    core = schema._schema
    assert core.mutation_type is not None
    closed = [name for name, command in mutations() if role not in command.asked_by]
    assert closed
    declared, parts, variables = [], [], {}
    for name in closed:
        type_ = str(core.mutation_type.fields[name].args["input"].type).rstrip("!")
        given = core.type_map[type_]
        assert isinstance(given, GraphQLInputObjectType)
        declared.append(f"${name}: {type_}!")
        parts.append(f"{name}(input: ${name}) {{ __typename }}")
        variables[name] = least(given)
    for start in range(0, len(closed), FEW):
        few = slice(start, start + FEW)
        document = Document(f"mutation ({', '.join(declared[few])}) {{ {' '.join(parts[few])} }}", "tests")
        registry.add(api_database, [document])
        body = {"documentId": document.id, "variables": {name: variables[name] for name in closed[few]}}
        with going(WAYS[2], role, api) as asked_so:
            answer = asked_so.client.post("/graphql", json=body, headers=dict(asked_so.headers)).json()
        assert {each["__typename"] for each in answer["data"].values()} == {"Forbidden"}, answer


@pytest.mark.parametrize(("type_", "name", "readers"), TRUTHS, ids=[f"{type_}.{name}" for type_, name, _ in TRUTHS])
def test_the_schema_says_what_everybody_knows(schema: Schema, type_: str, name: str, readers: set[str]) -> None:
    assert set(schema.policy[type_, name]) == readers
