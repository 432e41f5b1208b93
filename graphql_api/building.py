"""Makes Strawberry types out of declarations: the same calls for every register, report and command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING
from keyword import iskeyword
from types import new_class
from typing import Any, Literal

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver
from strawberry.types.unset import UNSET

Type = Any
"""A Python class, scalar type or StrawberryType: what Strawberry takes for an annotation."""


def optional(of: Type) -> Type:
    return of if isinstance(of, StrawberryOptional) else StrawberryOptional(of)


def list_of(of: Type) -> Type:
    return StrawberryList(of)


def argument(name: str, of: Type, about: str, default: object = UNSET) -> StrawberryArgument:
    """An argument, handed to the resolver by its GraphQL name."""
    return StrawberryArgument(name, name, StrawberryAnnotation(of), description=about, default=default)


def field(
    name: str,
    of: Type,
    about: str | None,
    *,
    source: str | None = None,
    resolver: Callable[..., Any] | None = None,
    arguments: Sequence[StrawberryArgument] = (),
    default: object = MISSING,
) -> StrawberryField:
    """A field. Without a resolver it is the value of its parent that `source` names, or the name itself.

    A resolver is called with `root`, `info` and the arguments that were given.
    """
    made = StrawberryField(
        python_name=f"{name}_" if iskeyword(name) else source or name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(of),
        description=about,
        base_resolver=None if resolver is None else StrawberryResolver(resolver),
        default=default,
    )
    if resolver is not None:
        made.arguments = list(arguments)
    return made


def made_type(
    name: str,
    fields: Iterable[StrawberryField],
    about: str | None,
    *,
    kind: Literal["output", "input"] = "output",
    interfaces: tuple[type, ...] = (),
    **members: object,
) -> Type:
    """A type of these fields. An input type's value reaches the resolver as a dict by GraphQL names."""
    namespace: dict[str, Any] = {entry.python_name: entry for entry in fields}
    annotations = {name: entry.type_annotation.annotation for name, entry in namespace.items()}
    namespace.update(members, __annotations__=annotations, __module__=__name__, __doc__=about)
    made: Type = strawberry.type(
        new_class(name, interfaces, exec_body=lambda body: body.update(namespace)),
        name=name,
        description=about,
        is_input=kind == "input",
    )
    if kind == "input":
        made.__strawberry_definition__.from_input = lambda _type, value, _context: dict(value)
    return made
