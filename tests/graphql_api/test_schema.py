"""The schema as a whole: it is what is committed, it is complete, and it explains itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

import graphql_api
from domain.families import FAMILIES
from domain.kernel import Command, Family, Message
from graphql_api.naming import camel
from graphql_api.schema import build
from graphql_api.sdl import sdl
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, column

FURTHER_MUTATIONS = ["bulk", "rebuild", "cancelRebuild"]


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build(FAMILIES, PROJECTIONS, REPORTS)._schema


def test_the_committed_schema_is_current() -> None:
    """Run `python -m graphql_api.sdl > graphql_api/schema.graphql`, and look at what changed: clients depend on it."""
    committed = Path(graphql_api.__path__[0], "schema.graphql").read_text(encoding="utf-8")
    assert committed == sdl()


def test_every_command_is_a_mutation(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    commands = [command for family in FAMILIES for command in family.commands]
    assert len(schema.mutation_type.fields) == len(commands) + len(FURTHER_MUTATIONS)
    assert {camel(command.__name__) for command in commands} <= set(schema.mutation_type.fields)


def test_every_read_model_and_every_report_is_a_list(schema: GraphQLSchema) -> None:
    assert schema.query_type is not None
    expected = {each.plural for each in PROJECTIONS} | {each.plural for each in REPORTS}
    assert expected | {"record", "node", "trace", "readModels", "ownProjections", "ownProjection"} == set(
        schema.query_type.fields
    )
    for name in expected:
        taken = {arg: str(each.type) for arg, each in schema.query_type.fields[name].args.items()}
        assert {"first": "Int", "after": "String", "last": "Int", "before": "String"}.items() <= taken.items()


def own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for each in schema.type_map.values():
        if not is_introspection_type(each) and not is_specified_scalar_type(each):
            yield each


def test_everything_is_described(schema: GraphQLSchema) -> None:
    silent = []
    for each in own_types(schema):
        if not each.description and not isinstance(each, GraphQLEnumType | GraphQLInputObjectType):
            silent.append(each.name)
        parts: dict[str, Any] = getattr(each, "fields", None) or getattr(each, "values", {})
        for name, part in parts.items():
            if not part.description:
                silent.append(f"{each.name}.{name}")
            silent += [
                f"{each.name}.{name}({arg})" for arg, a in getattr(part, "args", {}).items() if not a.description
            ]
    assert silent == []


def test_no_input_takes_a_float(schema: GraphQLSchema) -> None:
    assert "Float" not in schema.type_map


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameFile(Command):
    """Give a file another name (Akte umbenennen)."""

    kind: ClassVar[str] = "file"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A row of a made-up register."""

    name: str = column("Its name.", "Ihr Name.", filterable=True)


def a_family(name: str, *commands: type[Command]) -> Family:
    return Family(name=name, kinds=(), facts=(), commands=commands, rules=(), decide=_nothing, evolve=_nothing)


def _nothing(*_: Any) -> Any:
    raise AssertionError("the schema decides nothing")


def test_a_new_command_needs_no_code_here() -> None:
    made = build((a_family("archive", RenameFile),), PROJECTIONS, ())._schema
    assert made.mutation_type is not None
    assert list(made.mutation_type.fields) == ["renameFile", *FURTHER_MUTATIONS]
    assert made.mutation_type.fields["renameFile"].description == "Give a file another name (Akte umbenennen)."
    given = made.type_map["RenameFileInput"]
    assert isinstance(given, GraphQLInputObjectType)
    assert {"record", "name", "idempotencyKey", "expectedVersion", "effectiveOn"} <= set(given.fields)


def test_where_two_families_use_a_name_the_later_one_gets_its_own_in_front() -> None:
    same = type("RenameFile", (RenameFile,), {"__module__": "domain.museum.commands", "__doc__": "Another."})
    made = build((a_family("archive", RenameFile), a_family("museum", same)), PROJECTIONS, ())._schema
    assert made.mutation_type is not None
    assert list(made.mutation_type.fields) == ["renameFile", "museumRenameFile", *FURTHER_MUTATIONS]


def test_two_types_of_one_name_in_a_family_are_refused() -> None:
    same = type("RenameFile", (RenameFile,), {})
    with pytest.raises(ValueError, match="RenameFileInput"):
        build((a_family("archive", RenameFile, same, same),), PROJECTIONS, ())


def test_a_new_register_needs_no_code_here() -> None:
    shelf = Projection(
        name="shelf",
        singular="Shelf",
        plural="shelves",
        comment=Message("Shelves.", "Regale."),
        row=FileRow,
        key=("name",),
        facts=(),
        fold=_nothing,
    )
    made = build((a_family("archive", RenameFile),), (*PROJECTIONS, shelf), ())._schema
    assert made.query_type is not None
    arguments = {"first", "after", "last", "before", "filter", "minPosition", "asOf", "effectiveOn"}
    assert set(made.query_type.fields["shelves"].args) == arguments
    assert str(made.type_map["Shelf"].description) == "Shelves. (Regale.)"
