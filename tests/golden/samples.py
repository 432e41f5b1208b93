"""Sample facts, with every field filled, and the golden bodies they are compared with."""

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.kernel import Envelope, Fact, Sealed

DIRECTORY = Path(__file__).parent

T = typing.TypeVar("T")

_VALUES: dict[Any, Any] = {
    str: "ä-1",
    bool: True,
    int: 7,
    Decimal: Decimal("12.50"),
    UUID: UUID("6f6e0c4a-3c1c-5f4e-9d1a-0d5c8c1b2a90"),
    date: date(2026, 3, 2),
    datetime: datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC),
}


def sample(cls: type[T]) -> T:
    """An instance with every field filled, optional ones too. Sealed fields are parts 0, 1, 2 … of the event."""
    part = iter(range(100))
    return typing.cast(T, _value(cls, part))


def _value(hint: Any, part: typing.Iterator[int]) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(next(arm for arm in typing.get_args(hint) if arm is not types.NoneType), part)
    if origin is tuple:
        return (_value(typing.get_args(hint)[0], part),)
    if origin is Sealed:
        return Sealed[str].stored(None, next(part), "")
    if hint in _VALUES:
        return _VALUES[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return typing.cast(Any, hint)(**{field.name: _value(hints[field.name], part) for field in fields(hint)})
    raise TypeError(f"there is no sample value for {hint}")


def golden(topic: str) -> Path:
    """Where the stored body of a topic is kept; `envelope` is the envelope's."""
    return DIRECTORY / f"{topic}.json"


def body_of(thing: Fact | Envelope) -> bytes:
    """The text that is stored for a sample."""
    from domain.families import FAMILIES
    from infra.codec import Codec

    return Codec(FAMILIES).encode(thing, lambda sealed: sealed.part or 0)
