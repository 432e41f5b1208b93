"""Cursors: the place of a row in an order, as an opaque text that callers hand back to go on from there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from domain.kernel import Invalid, Message
from projections.model import Column, ColumnType

LONGEST: Final = 4000
_VERSION: Final = 1
_UUID: Final = re.compile(r"[0-9a-f]{32}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class BadCursor(Invalid):
    """A cursor that this list did not hand out, or handed out for another filter or order."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The values of the sort columns, the position the page was read at, and a digest of filter and order."""

    question: str
    position: int
    values: tuple[Any, ...]


def encode(cursor: Cursor) -> str:
    """Cursor to text: base64url of compact JSON."""
    values = [_written(value) for value in cursor.values]
    text = json.dumps([_VERSION, cursor.question, cursor.position, values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_in(field: str, text: str) -> int:
    """The position that the page of a cursor was read at. Raises BadCursor where it is none."""
    return _content(field, text)[1]


def decode(field: str, text: str, question: str, columns: Sequence[Column]) -> Cursor:
    """Text to cursor. Raises BadCursor, naming the `field` it came in, unless it is one for these columns."""
    asked, position, values = _content(field, text)
    if asked != question:
        raise BadCursor(
            field,
            Message(
                "This cursor belongs to another filter or order; start again from the first page.",
                "Diese Marke gehört zu anderem Filter oder anderer Folge; beginnen Sie mit der ersten Seite.",
            ),
        )
    if len(values) != len(columns):
        raise _not_ours(field)
    try:
        return Cursor(asked, position, tuple(map(_read, columns, values)))
    except ValueError as error:
        raise _not_ours(field) from error


def _content(field: str, text: str) -> tuple[str, int, list[Any]]:
    """Question, position and values."""
    if len(text) > LONGEST:
        raise _not_ours(field)
    try:
        content = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise _not_ours(field) from error
    match content:
        case [int(version), str(asked), int(position), [*values]] if version == _VERSION and 0 <= position < 2**63:
            if isinstance(version, bool) or isinstance(position, bool):
                raise _not_ours(field)
        case _:
            raise _not_ours(field)
    return asked, position, values


def _not_ours(field: str) -> BadCursor:
    return BadCursor(
        field,
        Message(
            "This is not a cursor of this list; use one that a page of it answered, or leave it out.",
            "Das ist keine Marke dieser Liste; nehmen Sie eine, die eine ihrer Seiten nennt, oder keine.",
        ),
    )


def _written(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    raise TypeError(f"{type(value).__name__} cannot be sorted by")


def _read(column: Column, value: Any) -> Any:
    match column.holds, value:
        case _, None if column.nullable:
            return None
        case ColumnType.BOOLEAN, bool():
            return value
        case ColumnType.INTEGER, int() if not isinstance(value, bool) and -(2**63) <= value < 2**63:
            return value
        case ((ColumnType.TEXT | ColumnType.CHOICE), str()) if storable(value):
            return value
        case ColumnType.UUID, str() if _UUID.fullmatch(value):
            return UUID(value)
        case ColumnType.DATE, str() if _DAY.fullmatch(value):
            return date.fromisoformat(value)
        case ColumnType.INSTANT, str():
            moment = datetime.fromisoformat(value)
            if moment.utcoffset() is not None and 1 < moment.year < 9999:
                return moment
        case ColumnType.DECIMAL, str() if _DECIMAL.fullmatch(value):
            return Decimal(value)
    raise ValueError(f"not a value of {column.name}")


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair."""
    return _UNWRITABLE.search(text) is None
