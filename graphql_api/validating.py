"""Validates documents in place of Strawberry, whose check of one-of inputs fails where a variable is not declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLNamedType, ObjectValueNode, ValidationContext, VariableDefinitionNode, VariableNode, validate
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule


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
            context.pre_execution_errors = validate(schema._schema, context.graphql_document, rules)
        yield
