"""Commands and facts with placeholder content, to ask which commands a state allows and what a fact claims."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from domain.kernel import Command, Context, Fact, Invalid, Rejected, Rule, Sealed

NOBODY = UUID(int=0)


def blocking_rule(
    decide: Callable[[Any, Any, Context], object], state: Any, command: Command, context: Context
) -> Rule | None:
    """The rule by which the record's state forbids the command whatever its input, or None where it allows it."""
    try:
        decide(state, command, context)
    except Rejected as rejected:
        return rejected.rule if rejected.rule.about == "record" else None
    except Invalid:
        return None
    return None


def placeholder(command: type[Command], today: date) -> Command:
    """A command whose fields hold a value of their type that stands for any value."""
    cls: Any = command
    values = {
        field.name: _value(hint, today)
        for field, hint in _hints(cls)
        if field.default is MISSING and field.default_factory is MISSING
    }
    return command(**values)


def filled(fact: type[Fact], today: date) -> Fact:
    """A fact whose fields all hold a value of their type, optional ones and lists too."""
    cls: Any = fact
    return fact(**{field.name: _value(hint, today, full=True) for field, hint in _hints(cls)})


@cache
def _hints(cls: Any) -> tuple[tuple[Any, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((field, hints[field.name]) for field in fields(cls))


def _value(hint: Any, today: date, *, full: bool = False) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        chosen = next(each for each in arguments if each is not types.NoneType)
        return _value(chosen, today, full=full) if full or types.NoneType not in arguments else None
    if origin is tuple:
        return (_value(arguments[0], today, full=True),) if full else ()
    if origin is Sealed or hint is Sealed:
        return Sealed("-")
    if hint is datetime:
        return datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    simple: dict[Any, Any] = {str: "-", bool: False, int: 1, Decimal: Decimal(1), UUID: NOBODY, date: today}
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        return hint(**{field.name: _value(inner, today, full=full) for field, inner in _hints(hint)})
    raise TypeError(f"no placeholder is known for {hint}")
