"""Validates documents in place of Strawberry, whose check of one-of inputs fails where a variable is not declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    ObjectValueNode,
    ValidationContext,
    ValidationRule,
    VariableDefinitionNode,
    VariableNode,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.limits import LONGEST_KEPT, MOST_KEPT, parsed

Rules = tuple[type[ValidationRule], ...]


class _Wrong(Exception):
    """What is wrong with a document."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class OneOf(OneOfInputValidationRule):
    """Exactly one field, and not null. A variable that is not declared, or not yet, as in a fragment that comes before
    its operation, is left to the other rules, and to the check of the value.
    """

    def __init__(self, validation_context: ValidationContext) -> None:
        super().__init__(validation_context)
        self.variable_definitions: dict[str, VariableDefinitionNode] = {}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        """Reports what is wrong with one value."""
        names = {field.value.name.value for field in node.fields if isinstance(field.value, VariableNode)}
        if names <= self.variable_definitions.keys():
            super().validate_one_of(node, type)


class Validating(SchemaExtension):
    """Validates the document, with the rules that other extensions have added."""

    def on_validate(self) -> Iterator[None]:
        """Leaves the errors where execution looks for them, which then does not validate again."""
        context = self.execution_context
        if context.graphql_document is not None and context.pre_execution_errors is None:
            schema: Any = context.schema
            rules = (*context.validation_rules, OneOf)
            context.pre_execution_errors = errors_of(schema._schema, context.query or "", rules)
        yield


def errors_of(schema: GraphQLSchema, text: str, rules: Rules) -> list[GraphQLError]:
    """What the rules find wrong with a document. One with which nothing is wrong is looked through once, while it is
    kept.
    """
    if len(text) > LONGEST_KEPT:
        return validate(schema, parsed(text), rules)
    try:
        _valid(schema, text, rules)
    except _Wrong as wrong:
        return wrong.errors
    return []


@lru_cache(MOST_KEPT)
def _valid(schema: GraphQLSchema, text: str, rules: Rules) -> None:
    """Returns where nothing is wrong. Raises _Wrong, since what is raised is not kept."""
    if errors := validate(schema, parsed(text), rules):
        raise _Wrong(errors)
