"""Facts as process mining sees them: an activity, values in clear, and the objects they are about."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.kernel import Fact, Recorded, Sealed


class Value(NamedTuple):
    """One value of a fact that stands in clear: its dotted path, its type, and whether there may be several."""

    path: str
    type: type
    many: bool


class Thing(NamedTuple):
    """An object that is no record: a unit, a branch or a parcel, by what people call it."""

    type: str
    name: str

    @property
    def id(self) -> str:
        """Its id, which no record has."""
        return f"{self.type}:{self.name}"


@dataclass(frozen=True, slots=True)
class About:
    """An object that an event is about, and as what: `record` is the one that changed, else a path of the fact."""

    object: UUID | Thing
    qualifier: str


# What a text in clear names, by the last word of its path. Where a unit hands over, `old` and `new` are units.
_NAMES: Final = {
    "lead_unit": "unit",
    "custodian_unit": "unit",
    "unit": "unit",
    "branch": "branch",
    "pickup_branch": "branch",
    "from_branch": "branch",
    "to_branch": "branch",
    "parcels": "parcel",
}
_HANDED_OVER: Final = "_lead_unit_transferred"
THINGS: Final = ("branch", "parcel", "unit")


def activity(fact: Fact) -> str:
    """What happened, whatever the version of the fact: `efile.case_opened`."""
    return fact.topic.rpartition(".v")[0]


_VALUES: Final[dict[str, tuple[Value, ...]]] = {}


def values_of(cls: type[Fact]) -> tuple[Value, ...]:
    """The values in clear of a fact, in order of definition."""
    found = _VALUES.get(cls.topic)
    if found is None:
        found = _VALUES[cls.topic] = tuple(_values(cls, "", many=False))
    return found


def _values(cls: type, path: str, *, many: bool) -> Iterator[Value]:
    hints = typing.get_type_hints(cls, include_extras=True)
    for each in fields(cls):
        yield from _value(hints[each.name], f"{path}{each.name}", many=many)


def _value(hint: Any, path: str, *, many: bool) -> Iterator[Value]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (arm for arm in args if arm is not types.NoneType)
        yield from _value(inner, path, many=many)
    elif origin is typing.Annotated:
        yield from _value(args[0], path, many=many)
    elif origin is tuple:
        yield from _value(args[0], path, many=True)
    elif hint is Sealed or origin is Sealed:
        return
    elif is_dataclass(hint) and isinstance(hint, type):
        yield from _values(hint, f"{path}.", many=many)
    else:
        yield Value(path, hint, many)


def _reached(value: Any, names: list[str]) -> Iterator[Any]:
    if value is None:
        return
    if isinstance(value, tuple):
        for each in value:
            yield from _reached(each, names)
    elif names:
        yield from _reached(getattr(value, names[0]), names[1:])
    else:
        yield value


def clear(fact: Fact) -> Iterator[tuple[Value, Any]]:
    """What the fact says once and in clear."""
    for value in values_of(type(fact)):
        if not value.many:
            for found in _reached(fact, value.path.split(".")):
                yield value, found


def about(event: Recorded) -> Iterator[About]:
    """What an event is about. Not every uuid is a record; which are, the ledger tells."""
    yield About(event.record_id, "record")
    yield About(Thing("unit", event.envelope.org_unit), "org_unit")
    for value in values_of(type(event.fact)):
        kind = _named(event.fact, value)
        if value.type is not UUID and kind is None:
            continue
        for found in _reached(event.fact, value.path.split(".")):
            yield About(found if kind is None else Thing(kind, found), value.path)


def _named(fact: Fact, value: Value) -> str | None:
    if value.type is not str:
        return None
    if value.path in ("old", "new") and activity(fact).endswith(_HANDED_OVER):
        return "unit"
    return _NAMES.get(value.path.rpartition(".")[2])


def scalar(value: Any) -> str | int | float | bool:
    """A value as JSON, SQLite and XML have it: times in ISO 8601, amounts as numbers."""
    match value:
        case Enum():
            return str(value.value)
        case bool() | int() | str():
            return value
        case Decimal():
            return float(value)
        case datetime():
            return instant(value)
        case date():
            return f"{value.isoformat()}T00:00:00.000000Z"
    return str(value)


def instant(at: datetime) -> str:
    """A time in UTC, always with microseconds."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
