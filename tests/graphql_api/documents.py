"""Documents over the real schema, good and bad, as hypothesis makes them: what both ways of execution are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from domain.rights import Role
from graphql_api.rights import QUERY, Policy

Values = Mapping[str, Sequence[str]]
"""Values that rows have, by the name of their scalar type; `cursor` and `ID` among them, the `unit`s of confidential
files, and what may be a citizen's `own`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A request, on behalf of somebody in a role."""

    role: Role
    text: str
    variables: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Author:
    """Writes one document. What is written as a variable or a fragment is declared at the end."""

    random: Random
    schema: GraphQLSchema
    policy: Policy
    values: Values
    role: Role
    declared: dict[str, tuple[str, Any]] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    budget: int = 60

    def chance(self, percent: int) -> bool:
        """Whether something is done that is done in so many of a hundred cases."""
        return self.random.random() * 100 < percent

    def variable(self, of: Any, value: Any) -> str:
        """A variable of this value, perhaps one that is not given, or with a default."""
        name = f"v{len(self.declared)}"
        default = " = null" if not isinstance(of, GraphQLNonNull) and self.chance(5) else ""
        self.declared[name] = (f"${name}: {of}{default}", value)
        return f"${name}"

    def fields(self, of: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        """A selection set."""
        chosen: list[str] = []
        open_to = [name for name, each in of.fields.items() if self._may(of, name) and not self._too_deep(each, depth)]
        if open_to:
            for name in self.random.choices(open_to, k=self.random.randint(1, 6)):
                if self.budget > 0:
                    self.budget -= 1
                    chosen.append(self._wrapped(of, self.field(name, of.fields[name], depth)))
        if not chosen or self.chance(15):
            chosen.append("__typename")
        if isinstance(of, GraphQLInterfaceType):
            types = self.random.choices(self.schema.get_possible_types(of), k=self.random.randint(0, 4))
            chosen += [f"... on {each.name} {self.fields(each, depth + 1)}" for each in types]
        return f"{{ {' '.join(chosen)} }}"

    def field(self, name: str, of: GraphQLField, depth: int, *, alias: bool = False) -> str:
        """A field with its arguments and what is below it."""
        named = get_named_type(of.type)
        below = "" if is_leaf_type(named) else " " + self.fields(named, depth + 1)  # type: ignore[arg-type]
        arguments = [
            f"{argument}: {written}"
            for argument, taken in of.args.items()
            if argument not in PAGING and (written := self.argument(argument, taken.type)) is not None
        ]
        arguments += self.paging(of) if "first" in of.args else []
        # Two fields of one name and different arguments are not valid, so that fields with arguments get aliases.
        aliased = alias or arguments or below or self.chance(10)
        label = f"a{len(self.declared)}_{self.budget}: " if aliased and (arguments or self.chance(30)) else ""
        taken = f"({', '.join(arguments)})" if arguments else ""
        return f"{label}{name}{taken}{self._directive()}{below}"

    def argument(self, name: str, of: Any) -> str | None:
        """An argument as a literal or a variable; None where it is left out."""
        if not isinstance(of, GraphQLNonNull) and self.chance({"filter": 50, "orderBy": 60, "id": 15}.get(name, 92)):
            return None
        value = self.value(name, of)
        return self.variable(of, value) if self.chance(50) else literal(of, value)

    def paging(self, of: GraphQLField) -> list[str]:
        """A direction, and perhaps a cursor."""
        size, place = ("first", "after") if self.chance(80) else ("last", "before")
        written = [f"{size}: {self._size(of.args[size].type)}"]
        if self.chance(4):
            written.append(f"{place}: {self.variable(of.args[place].type, self._cursor())}")
        if self.chance(2):
            written.append("last: 2")
        return written

    def value(self, name: str, of: Any) -> Any:
        """A value of an input type."""
        if isinstance(of, GraphQLNonNull):
            return self.value(name, of.of_type)
        if self.chance(1):
            return None
        if isinstance(of, GraphQLList):
            return [self.value(name, of.of_type) for _ in range(self.random.randint(0, 3))]
        if isinstance(of, GraphQLInputObjectType):
            most = 1 if of.name.endswith("AsOf") else 2
            usual = [name for name in of.fields if name != "isNull" or self.chance(10)] or list(of.fields)
            names = self.random.sample(usual, min(len(usual), self.random.randint(1, most)))
            names += [each for each, taken in of.fields.items() if taken_is_required(taken) and each not in names]
            return {each: self.value(each, of.fields[each].type) for each in names}
        if isinstance(of, GraphQLEnumType):
            return self.random.choice(list(of.values))
        match of.name:
            case "Boolean":
                return self.random.random() < 0.5
            case "Int":
                return self.random.choice([0, 1, 2, 30, -1, 2**31 - 1])
        if self.chance(2):
            return self.random.choice(["", "x", "ä\u0308", "\x00", "99999999999999999999", "2026-02-30"])
        return self.random.choice(self.values.get(of.name) or ["x"])

    def _size(self, of: Any) -> str:
        size = self.random.choice([1, 2, 3, 5, 20]) if self.chance(97) else self.random.choice([0, -1, 101, 2**40])
        return self.variable(of, size) if self.chance(40) else str(size)

    def _cursor(self) -> str:
        return self.random.choice([*self.values["cursor"], "x", "WzEsIngiLDEsW11d"])

    def _directive(self) -> str:
        if not self.chance(8):
            return ""
        name, on = self.random.choice(["skip", "include"]), self.random.random() < 0.5
        if self.chance(60):
            return f" @{name}(if: {self.variable(GraphQLNonNull(self.schema.get_type('Boolean')), on)})"
        return f" @{name}(if: {str(on).lower()})"

    def _wrapped(self, of: Any, written: str) -> str:
        if self.chance(8):
            return f"... on {of.name}{self._directive()} {{ {written} }}"
        if self.chance(8):
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {of.name} {{ {written} }}")
            return f"...{name}{self._directive()}"
        if self.chance(4):
            return f"... {{ {written} }} ... {{ {written} }}"
        return written

    def _may(self, of: Any, name: str) -> bool:
        if name in NOT_ASKED:
            return False
        readers = self.policy.get((of.name, name))
        return readers is None or self.role in readers or self.chance(1)

    def _too_deep(self, of: GraphQLField, depth: int) -> bool:
        leaf = is_leaf_type(get_named_type(of.type))
        return not leaf and depth >= (5 if self.budget > 20 else 3)


PAGING = frozenset({"first", "after", "last", "before"})
NOT_ASKED = frozenset({"explain", "diff", "availableCommands", "readModels", "ownProjections", "ownProjection"})
"""What plans leave to the resolvers."""


def taken_is_required(taken: Any) -> bool:
    """Whether an input field must be given."""
    return isinstance(taken.type, GraphQLNonNull) and taken.default is None


def literal(of: Any, value: Any) -> str:
    """A value as it is written in a document."""
    if isinstance(of, GraphQLNonNull):
        return literal(of.of_type, value)
    if value is None:
        return "null"
    if isinstance(of, GraphQLList):
        return f"[{', '.join(literal(of.of_type, each) for each in value)}]"
    if isinstance(of, GraphQLInputObjectType):
        parts = (f"{name}: {literal(of.fields[name].type, each)}" for name, each in value.items())
        return f"{{ {', '.join(parts)} }}"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(of, GraphQLEnumType):
        return str(value)
    return (
        '"'
        + "".join(sign if sign.isprintable() and sign not in '"\\' else f"\\u{ord(sign):04x}" for sign in value)
        + '"'
    )


@st.composite
def documents(draw: DrawFn, schema: GraphQLSchema, policy: Policy, values: Values) -> Document:
    """A query of one to three fields, in one of the roles."""
    random = draw(st.randoms(use_true_random=True))
    role = random.choice([Role.CITIZEN, Role.CLERK, Role.CLERK, Role.AUDITOR, Role.AUDITOR, Role.ANALYST])
    author = Author(random, schema, policy, values, role)
    query = schema.query_type
    assert query is not None
    names = [name for name in query.fields if name not in NOT_ASKED and role in policy[QUERY, name]]
    names += ["record", "record", "node", "node"]
    asked = [
        author.field(name, query.fields[name], 1, alias=True) for name in random.choices(names, k=random.randint(1, 2))
    ]
    declared = ", ".join(text for text, _ in author.declared.values())
    text = f"query Q{f'({declared})' if declared else ''} {{ {' '.join(asked)} }} {' '.join(author.fragments)}"
    variables = {name: value for name, (text_, value) in author.declared.items() if author.chance(99)}
    headers = {"accept-language": random.choice(["en", "de"])}
    if role is Role.CLERK:
        headers["stadtbuch-org-unit"] = random.choice(["63", *values["unit"]])
    if role is Role.CITIZEN:
        headers["stadtbuch-records"] = ",".join(random.sample(values["own"], 3))
    return Document(role, text, variables, headers)
