"""Makes Strawberry types out of declarations: the same calls for every register, report and command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import MISSING
from keyword import iskeyword
from types import new_class
from typing import Any, Final, Literal, Protocol

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema_directives import OneOf
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver
from strawberry.types.unset import UNSET

from domain.rights import Roles

Type = Any
"""A Python class, scalar type or StrawberryType: what Strawberry takes for an annotation."""


def optional(of: Type) -> Type:
    return of if isinstance(of, StrawberryOptional) else StrawberryOptional(of)


def list_of(of: Type) -> Type:
    return StrawberryList(of)


def argument(name: str, of: Type, about: str, default: object = UNSET) -> StrawberryArgument:
    """An argument, handed to the resolver by its GraphQL name."""
    return StrawberryArgument(name, name, StrawberryAnnotation(of), description=about, default=default)


READERS: Final = "readers"
"""Under this name a field's metadata has who may ask for it."""
STEP: Final = "step"
"""Under this name a field's metadata has the step by which it leads to rows."""


class Step(Protocol):
    """How a field leads to rows."""

    async def resolve(self, root: Any, info: strawberry.Info, **given: Any) -> Any:
        """The rows, as a resolver answers them."""


def field(
    name: str,
    of: Type,
    about: str | None,
    *,
    readers: Roles | None = None,
    source: str | None = None,
    resolver: Callable[..., Any] | None = None,
    step: Step | None = None,
    arguments: Sequence[StrawberryArgument] = (),
    default: object = MISSING,
) -> StrawberryField:
    """A field. Without a resolver it is the value of its parent that `source` names, or the name itself.

    A step is resolved by itself, and compiled plans know it. A resolver is called with `root`, `info` and the arguments
    that were given. `readers` are the roles that may ask for it; without them a root field or one with a resolver is
    closed, and a value is for whoever sees what it is part of.
    """
    if step is not None:
        resolver = resolving(step.resolve)
    made = StrawberryField(
        python_name=f"{name}_" if iskeyword(name) else source or name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(of),
        description=about,
        base_resolver=None if resolver is None else StrawberryResolver(resolver),
        default=MISSING if default == [] else default,
        default_factory=list if default == [] else MISSING,
        metadata={READERS: readers, STEP: step},
    )
    if resolver is not None:
        made.arguments = list(arguments)
    return made


def made_type(
    name: str,
    fields: Iterable[StrawberryField],
    about: str | None,
    *,
    kind: Literal["output", "input", "one of"] = "output",
    interfaces: tuple[type, ...] = (),
    **members: object,
) -> Type:
    """A type of these fields. An input type's value reaches the resolver as a dict by GraphQL names; of a value that is
    "one of" its fields, exactly one is given.
    """
    namespace: dict[str, Any] = {entry.python_name: entry for entry in fields}
    annotations = {name: entry.type_annotation.annotation for name, entry in namespace.items()}
    namespace.update(members, __annotations__=annotations, __module__=__name__, __doc__=about)
    made: Type = strawberry.type(
        new_class(name, interfaces, exec_body=lambda body: body.update(namespace)),
        name=name,
        description=about,
        is_input=kind != "output",
        directives=(OneOf(),) if kind == "one of" else (),
    )
    if kind != "output":
        made.__strawberry_definition__.from_input = lambda _type, value, _context: dict(value)
    return made


def extend(type_: Type, fields: Iterable[StrawberryField]) -> None:
    """Adds fields to a type that was made before the types of those fields, as where two types lead to each other."""
    type_.__strawberry_definition__.fields.extend(fields)


def resolving(run: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """A method or partly applied coroutine function in the form that Strawberry takes for a resolver."""

    async def resolve(root: Any, info: strawberry.Info, **arguments: Any) -> Any:
        return await run(root, info, **arguments)

    return resolve


def attribute(parent: Any, name: str) -> Any:
    """How a field without a resolver finds its value: rows and pages are dicts, everything else has attributes."""
    return parent[name] if type(parent) is dict else getattr(parent, name)
