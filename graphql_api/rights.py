"""Who may ask for which field: as the fields were declared, checked on the document before anything of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from graphql import FieldNode, GraphQLError, GraphQLObjectType, GraphQLSchema, ValidationRule
from strawberry.extensions import SchemaExtension
from strawberry.types.field import StrawberryField

from domain.kernel import Message
from domain.rights import NOBODY, Role, Roles
from graphql_api.building import READERS
from graphql_api.context import Asking, Language

QUERY, MUTATION, SUBSCRIPTION = "Query", "Mutation", "Subscription"
_CLOSED: Final = Message(
    "With the role {role} you may not ask for {field}. Leave it out, or sign in with a role that may: {roles}.",
    "Mit der Rolle {role} ist {field} nicht zugänglich. Bitte weglassen oder mit einer Rolle anmelden, die das darf: "
    "{roles}.",
)

ABOUT_THE_SCHEMA: Final = frozenset({"__schema", "__type"})
INSPECTORS: Final[Roles] = frozenset({Role.AUDITOR, Role.ANALYST, Role.ADMIN})
"""Who is shown the schema in production: those who ask what nobody has written down beforehand."""

Policy = Mapping[tuple[str, str], Roles]
"""By type and field, who may ask for it. What is not named is part of a value, shown to whoever may see that."""
Rules = Callable[[Role | None, Language], type[ValidationRule]]
"""The check for a role; what it says is in a language."""


def policy_of(schema: GraphQLSchema) -> Policy:
    """What the fields of a schema were declared with. Root fields, and fields that lead anywhere, are closed to
    everybody where they were declared with nothing. A mutation that declares nothing is left out: it has no payload
    that would refuse it.
    """
    found: dict[tuple[str, str], Roles] = {}
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLObjectType) or name.startswith("__"):
            continue
        for field_name, field in type_.fields.items():
            declared: StrawberryField = field.extensions["strawberry-definition"]
            readers = declared.metadata.get(READERS)
            if readers is not None:
                found[name, field_name] = readers
            elif name != MUTATION and (name in (QUERY, SUBSCRIPTION) or declared.base_resolver is not None):
                found[name, field_name] = NOBODY
    return found


class Rights(SchemaExtension):
    """Refuses a document with a field that the caller's role may not ask for.

    Of mutations it is the payload that tells so: see `graphql_api.mutations`.
    """

    def on_operation(self) -> Iterator[None]:
        """Adds the check to the validation of the document."""
        context = self.execution_context
        schema: Any = context.schema
        asking: Asking = context.context
        rule = schema.rules(asking.viewer.role, asking.language)
        context.validation_rules = (*context.validation_rules, rule)
        yield


def rules_of(policy: Policy, inspectors: Roles) -> Rules:
    """The checks of a policy, each made once. Only `inspectors` may ask for the schema."""

    @cache
    def rule(role: Role | None, language: Language) -> type[ValidationRule]:
        class MayAsk(ValidationRule):
            def enter_field(self, node: FieldNode, *_: Any) -> None:
                parent = self.context.get_parent_type()
                name = node.name.value
                if parent is None or (parent.name == MUTATION and ((MUTATION, name) in policy or name == "__typename")):
                    return
                undeclared = NOBODY if parent.name == MUTATION else None
                readers = inspectors if name in ABOUT_THE_SCHEMA else policy.get((parent.name, name), undeclared)
                if readers is not None and role not in readers:
                    self.report_error(_forbidden(node, parent.name, readers))

        def _forbidden(node: FieldNode, parent: str, readers: Roles) -> GraphQLError:
            text = _CLOSED.de if language == "de" else _CLOSED.en
            name = node.name.value if parent == QUERY else f"{parent}.{node.name.value}"
            said = text.format(role=role or "–", field=name, roles=", ".join(sorted(readers)) or "–")
            return GraphQLError(said, node, extensions={"code": "FORBIDDEN"})

        return MayAsk

    return rule
