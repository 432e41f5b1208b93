"""The scalars of the API: what crosses JSON without losing anything, and what is refused at the edge."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, NewType
from uuid import UUID

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.kernel import Message
from graphql_api.told import Told
from projections.model import Json

BigInt = NewType("BigInt", int)

_INTEGER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

BIG_INT: Final = Message(
    'BigInt takes a whole number of at most 64 bits, as in "1234".',
    'BigInt nimmt eine ganze Zahl von höchstens 64 Bit, etwa "1234".',
)
DECIMAL: Final = Message(
    'Decimal takes a number in a string, with a point and at most 9 decimals, as in "12.50".',
    'Decimal nimmt eine Zahl in Anführungszeichen, mit Punkt und höchstens 9 Nachkommastellen, etwa "12.50".',
)
DATE: Final = Message(
    'Date takes a day of the calendar, as in "2026-03-31".', 'Date nimmt einen Kalendertag, etwa "2026-03-31".'
)
DATE_TIME: Final = Message(
    'DateTime takes an instant with its offset or Z, as in "2026-03-31T09:30:00+02:00".',
    'DateTime nimmt einen Zeitpunkt mit Zeitzone oder Z, etwa "2026-03-31T09:30:00+02:00".',
)
UUID_TEXT: Final = Message(
    'UUID takes 32 hexadecimal digits in five groups, as in "6ba7b810-9dad-11d1-80b4-00c04fd430c8".',
    'UUID nimmt 32 Hexadezimalziffern in fünf Gruppen, etwa "6ba7b810-9dad-11d1-80b4-00c04fd430c8".',
)
JSON: Final = Message("JSON is not taken as input.", "JSON wird nicht als Eingabe genommen.")


def _big_int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(value) and -(2**63) <= int(value) < 2**63:
        return int(value)
    raise Told(BIG_INT)


def _decimal(value: object) -> Decimal:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise Told(DECIMAL)


def _date(value: object) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
        if day is None or day.year < 2:  # its beginning in Berlin would lie before the year 1
            raise ValueError(value)
        return day
    except ValueError as error:
        raise Told(DATE) from error


def _date_time(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        if moment is None or moment.tzinfo is None or not 1 < moment.year < 9999:
            raise ValueError(value)
        return moment.astimezone(UTC)
    except ValueError as error:
        raise Told(DATE_TIME) from error


def _uuid(value: object) -> UUID:
    if isinstance(value, str) and _UUID.fullmatch(value):
        return UUID(value)
    raise Told(UUID_TEXT)


def _in_utc(value: datetime) -> str:
    text = value.astimezone(UTC).isoformat()
    return text[:-6] + "Z"


def _json(text: str) -> object:
    """Goes into the answer as it is: JSON has numbers that are too large for whoever writes it anew."""
    return orjson.Fragment(text)


def _never(value: object) -> object:
    raise Told(JSON)


def _scalar(name: str, about: str, serialize: Callable[[Any], object], parse: Callable[[Any], object]) -> Any:
    definition: ScalarDefinition = strawberry.scalar(
        name=name, description=about, serialize=serialize, parse_value=parse
    )
    return definition


SCALARS: Final[dict[object, ScalarDefinition]] = {
    BigInt: _scalar("BigInt", 'A whole number of up to 64 bits, written as a string: "1234".', str, _big_int),
    Decimal: _scalar(
        "Decimal", 'An exact decimal number, written as a string: "12.50".', lambda value: format(value, "f"), _decimal
    ),
    date: _scalar("Date", 'A calendar day (ISO 8601): "2026-03-31".', date.isoformat, _date),
    datetime: _scalar(
        "DateTime", 'An instant (ISO 8601), answered in UTC: "2026-03-31T07:30:00Z".', _in_utc, _date_time
    ),
    UUID: _scalar("UUID", 'A universally unique identifier: "6ba7b810-9dad-11d1-80b4-00c04fd430c8".', str, _uuid),
    Json: _scalar("JSON", "A JSON value, as it was recorded.", _json, _never),
}
"""By Python type, for `StrawberryConfig.scalar_map`."""
