"""How the arguments of a field are read: what stands in the document once, what variables say in every run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import strawberry
from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    VariableNode,
    get_argument_values,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
)
from strawberry.types.arguments import convert_arguments

from graphql_api.plans.running import Arguments
from graphql_api.plans.shape import Asked, Unsupported, names_variables

_MISSING: Final = object()


def arguments(schema: strawberry.Schema, asked: Asked) -> Arguments:
    """Reads the arguments of a field as its resolver gets them. What cannot be read raises GraphQLError or
    Unsupported.
    """
    nodes = {each.name.value: each for each in asked.nodes[0].arguments or ()}
    varying = {name: node for name, node in nodes.items() if names_variables(node)}
    direct = [
        (name, node.value.name.value, is_required_argument(asked.definition.args[name]))
        for name, node in varying.items()
        if isinstance(node.value, VariableNode) and is_leaf_type(get_nullable_type(asked.definition.args[name].type))
    ]
    composed = varying.keys() - {name for name, _, _ in direct}
    fixed = _given(schema, asked, asked.definition.args.keys() - varying.keys(), nodes)(None)
    read = _given(schema, asked, composed, nodes)

    def given(variables: Any) -> Mapping[str, Any]:
        found = {**fixed, **read(variables)} if composed else dict(fixed)
        for name, variable, required in direct:
            value = variables.coerced.get(variable, _MISSING)
            if required and (value is None or value is _MISSING):
                raise Unsupported(f"a null for {name}")
            if value is not _MISSING:
                found[name] = value
        return found

    return given if varying else lambda _: fixed


def _given(
    schema: strawberry.Schema, asked: Asked, names: Collection[str], nodes: Mapping[str, ArgumentNode]
) -> Arguments:
    """Reads some of the arguments as graphql-core and Strawberry do."""
    args = {name: each for name, each in asked.definition.args.items() if name in names}
    definition = GraphQLField(asked.definition.type, args)
    node = FieldNode(name=asked.nodes[0].name, arguments=tuple(nodes[name] for name in args if name in nodes))
    declared = [each for each in asked.declared.arguments if each.python_name in names]
    registry, config = schema.schema_converter.scalar_registry, schema.config

    def given(variables: Any) -> Mapping[str, Any]:
        values = get_argument_values(definition, node, variables)
        return convert_arguments(values, declared, scalar_registry=registry, config=config)

    return given
