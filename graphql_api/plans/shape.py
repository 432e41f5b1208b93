"""What an operation asks for: fragments spread, @skip and @include applied, the fields of one answer merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    get_operation_ast,
    is_abstract_type,
    visit,
)
from strawberry.types.field import StrawberryField

from graphql_api.building import STEP, Step

TYPENAME: Final = "__typename"


class Unsupported(Exception):
    """A plan cannot be made of this, or cannot be gone through to its end: the resolvers answer it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the answer: the name it has there, its declaration, and every place where it is asked for."""

    answer: str
    name: str
    definition: GraphQLField
    nodes: tuple[FieldNode, ...]

    @property
    def declared(self) -> StrawberryField:
        """What the field was made with. Raises Unsupported for one of the introspection's."""
        found = self.definition.extensions.get("strawberry-definition")
        if not isinstance(found, StrawberryField):
            raise Unsupported(self.name)
        return found

    @property
    def step(self) -> Step | None:
        """How it leads to rows; None where it is a plain value. Raises Unsupported for a resolver of another kind."""
        step: Step | None = self.declared.metadata.get(STEP)
        if step is None and self.declared.base_resolver is not None:
            raise Unsupported(self.name)
        return step


class Shape:
    """A query of a valid document, its switches set. `found` counts the fields that were looked up, once for each type
    that they are asked of.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        switches: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.found = 0
        self._switches = switches
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }

    def root(self) -> list[Asked]:
        """The fields that the operation begins with."""
        query = self.schema.query_type
        if query is None:
            raise TypeError("a schema has a query type")
        return self._fields(query, [self.operation.selection_set])

    def below(self, asked: Asked, of: GraphQLObjectType) -> list[Asked]:
        """The fields asked for below one, where its value is of this type."""
        return self._fields(of, [node.selection_set for node in asked.nodes if node.selection_set])

    def _fields(self, of: GraphQLObjectType, sets: list[SelectionSetNode]) -> list[Asked]:
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selections in sets:
            for node in self._collected(of, selections, spread):
                found.setdefault((node.alias or node.name).value, []).append(node)
        return [self._asked(of, answer, nodes) for answer, nodes in found.items()]

    def _asked(self, of: GraphQLObjectType, answer: str, nodes: list[FieldNode]) -> Asked:
        self.found += 1
        name = nodes[0].name.value
        definition = self.schema.get_field(of, name)
        if definition is None:
            raise Unsupported(name)
        return Asked(answer, name, definition, tuple(nodes))

    def _collected(self, of: GraphQLObjectType, selections: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._is(of, node.type_condition.name.value):
                    yield from self._collected(of, node.selection_set, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                fragment = self._fragments[node.name.value]
                if self._is(of, fragment.type_condition.name.value):
                    spread.add(node.name.value)
                    yield from self._collected(of, fragment.selection_set, spread)

    def _is(self, of: GraphQLObjectType, name: str) -> bool:
        condition: GraphQLNamedType | None = self.schema.get_type(name)
        return condition is of or (is_abstract_type(condition) and self.schema.is_sub_type(condition, of))

    def _included(self, node: Any) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                value = directive.arguments[0].value
                on = value.value if isinstance(value, BooleanValueNode) else self._switches.get(value.name.value)
                if not isinstance(on, bool):
                    raise Unsupported(name)
                if on is (name == "skip"):
                    return False
        return True


def query_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The query to be answered; None where the document has none of the name, or other kinds of operations."""
    operations = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    queries = all(each.operation is OperationType.QUERY for each in operations)
    return get_operation_ast(document, name) if queries else None


def nodes_of(node: Node) -> int:
    """How many nodes a document has."""
    below = (getattr(node, key, None) for key in node.keys if key != "loc")
    parts = (part for value in below for part in (value if isinstance(value, (list, tuple)) else (value,)))
    return 1 + sum(nodes_of(part) for part in parts if isinstance(part, Node))


def variables_of(document: DocumentNode, *arguments: str) -> tuple[str, ...]:
    """The variables given, as they are, to arguments of these names: to `if`, which @skip and @include go by."""
    found = _Given(arguments)
    visit(document, found)
    return tuple(sorted(found.names))


def names_variables(node: ArgumentNode) -> bool:
    """Whether an argument depends on variables."""
    found = _Variables()
    visit(node, found)
    return bool(found.names)


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)


class _Given(_Variables):
    def __init__(self, arguments: tuple[str, ...]) -> None:
        super().__init__()
        self._arguments = arguments

    def enter_variable(self, node: VariableNode, _key: Any = None, parent: Any = None, *_: Any) -> None:
        if isinstance(parent, ArgumentNode) and parent.name.value in self._arguments:
            super().enter_variable(node)
