"""How the names of the domain become names of GraphQL, each handed out once."""

from __future__ import annotations

import ast
import inspect
from enum import Enum
from functools import cache
from itertools import pairwise
from textwrap import dedent


def camel(name: str) -> str:
    """`opened_on` becomes `openedOn`, `OpenFile` becomes `openFile`."""
    first, *rest = name.strip("_").split("_")
    return first[:1].lower() + first[1:] + "".join(part[:1].upper() + part[1:] for part in rest)


def upper(name: str) -> str:
    """`opened_on` becomes `OpenedOn`."""
    text = camel(name)
    return text[:1].upper() + text[1:]


def constant(name: str) -> str:
    """`opened_on` becomes `OPENED_ON`."""
    return name.strip("_").upper()


def owner(cls: type) -> str:
    """The family (or module) that a class is declared in: `efile` for `domain.efile.commands`."""
    parts = cls.__module__.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def described(cls: type) -> str | None:
    """A class's docstring; not the one that `dataclass` and `Enum` make up."""
    text = cls.__doc__
    if not text or text.startswith(f"{cls.__name__}("):
        return None
    return inspect.cleandoc(text)


@cache
def member_notes(cls: type[Enum]) -> dict[str, str]:
    """What the source says of the members of an enum, in the string below each of them."""
    try:
        (declared,) = ast.parse(dedent(inspect.getsource(cls))).body
    except (OSError, TypeError):  # made while the program runs
        return {}
    notes = {}
    for line, below in pairwise(getattr(declared, "body", [])):
        match line, below:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(note))):
                notes[name] = inspect.cleandoc(note)
    return notes


class Names:
    """The type names of one schema. Where two families use a name, the later one's gets the family in front."""

    def __init__(self) -> None:
        self._taken: dict[str, object] = {}

    def take(self, name: str, family: str, owner_of_name: object) -> str:
        """The name for a type. Raises ValueError where even the family's own is taken."""
        for candidate in (name, upper(family) + name):
            if candidate not in self._taken:
                self._taken[candidate] = owner_of_name
                return candidate
        raise ValueError(f"two GraphQL types are named {name}: rename {owner_of_name!r}")
