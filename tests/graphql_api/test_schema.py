"""The schema as a whole: it is what is committed, it is complete, and it explains itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

import graphql_api
from domain.families import FAMILIES
from domain.kernel import Command, Family, Message
from graphql_api.naming import camel
from graphql_api.schema import build
from graphql_api.sdl import breaking, main, sdl, undated
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


def test_nothing_breaks_that_clients_were_promised() -> None:
    """What is taken away was deprecated before, with a day; when that has passed, it goes from promised.graphql too."""
    promised = Path(__file__).with_name("promised.graphql").read_text(encoding="utf-8")
    assert breaking(promised, sdl()) == []


BEFORE = "type Query { a(first: Int): Int b: E } enum E { X Y } input I { a: Int }"


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (BEFORE, None),
        (BEFORE.replace("b: E", "b: E c: Int"), None),
        (BEFORE.replace("a(first: Int)", "a(first: Int, last: Int)"), None),
        (BEFORE.replace("a(first: Int): Int", ""), "FIELD_REMOVED"),
        (BEFORE.replace("a(first: Int)", "a(first: Int!)"), "ARG_CHANGED_KIND"),
        (BEFORE.replace("X Y", "X"), "VALUE_REMOVED_FROM_ENUM"),
        (BEFORE.replace("a: Int }", "a: Int b: Int! }"), "REQUIRED_INPUT_FIELD_ADDED"),
    ],
)
def test_what_clients_lose_is_told(after: str, says: str | None) -> None:
    assert [change.partition(":")[0] for change in breaking(BEFORE, after)] == ([] if says is None else [says])


def test_the_schema_is_compared_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "before.graphql"
    path.write_text("type Query { goneForEver: Int }")
    assert main(["--against", str(path)]) == 1
    assert "goneForEver" in capsys.readouterr().out
    assert main(["--nothing"]) == 2


def test_what_is_deprecated_says_from_which_day_it_may_be_gone(schema: GraphQLSchema) -> None:
    assert list(undated(schema)) == []
    reasons = (
        'a: Int @deprecated(reason: "2027-03-31: ask b.") b: Int @deprecated(reason: "ask c") c(d: Int @deprecated): E'
    )
    made = build_schema(f'type Query {{ {reasons} }} enum E {{ X @deprecated(reason: "soon") Y }}')
    assert sorted(undated(made)) == ["E.X", "Query.b", "Query.c(d)"]


GERMAN = re.compile(r"\([^()]*[a-zäöüß]{3}[^()]*\)|^[A-ZÄÖÜ][^.,:;]* [a-zäöüß]*(?:en|ern|eln)[.,:;]")
"""A term in a parenthesis, or opening words that end in a German infinitive: "Vorlage freigeben." """


@pytest.mark.parametrize("root", ["query", "mutation", "subscription"])
def test_every_root_field_has_its_german_term(schema: GraphQLSchema, root: str) -> None:
    fields = getattr(schema, f"{root}_type").fields
    assert [name for name, each in fields.items() if not GERMAN.search(each.description or "")] == []


def test_every_type_has_its_german_term(schema: GraphQLSchema) -> None:
    """Values of enums are named by the term of their type; scalars mean the same in any language."""
    of_words = [each for each in own_types(schema) if not isinstance(each, GraphQLScalarType)]
    assert [each.name for each in of_words if not GERMAN.search(each.description or "")] == []


@pytest.mark.parametrize(
    ("told", "has"),
    [
        ("Give a file another name (Akte umbenennen).", True),
        ("Gremium ändern: what is given becomes the new value.", True),
        ("Where an item stands.", False),
        ("A thing (`id`).", False),
        ("A thing, when it was open.", False),
    ],
)
def test_a_german_term_is_told_from_english_words(told: str, has: bool) -> None:
    assert bool(GERMAN.search(told)) is has


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
        if not each.description:
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
