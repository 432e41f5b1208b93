"""The vocabulary of own projections: what columns hold, how they are compared, and rows and values as JSON has them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from graphql import GraphQLError

from domain.kernel import Invalid, Message
from graphql_api.filters import MOST_ORDERS, MOST_VALUES, Direction
from graphql_api.scalars import SCALARS, BigInt
from projections import query
from projections.model import Column, ColumnType
from projections.query import Op, Where

MOST_CONDITIONS: Final = 20
LARGEST_EXACT: Final = 2**53 - 1
"""The largest whole number that every JSON parser reads as it is."""

_NO_COLUMN: Final = Message(
    "It has no such column, or rows cannot be sorted by it: `columns` lists them.",
    "Diese Spalte gibt es nicht, oder nach ihr kann nicht sortiert werden: `columns` nennt alle.",
)
_NOT_SO: Final = Message(
    "This column cannot be compared in this way: `comparisons` of the column lists how it can.",
    "Diese Spalte kann so nicht verglichen werden: `comparisons` der Spalte nennt, wie es geht.",
)
_ONE: Final = Message(
    f"Give one value; IN takes up to {MOST_VALUES}, IS_NULL takes true or false.",
    f"Bitte einen Wert angeben; IN nimmt bis zu {MOST_VALUES}, IS_NULL nimmt true oder false.",
)
_TOO_MANY: Final = Message(
    f"At most {MOST_CONDITIONS} conditions and {MOST_ORDERS} orders may be given.",
    f"Höchstens {MOST_CONDITIONS} Bedingungen und {MOST_ORDERS} Sortierungen sind möglich.",
)
_TRUTH: Final = {"true": True, "false": False}


class Comparison(StrEnum):
    """How a column of an own projection is compared (Vergleich)."""

    EQ = "Is this value."
    IN = "Is one of these values."
    STARTS_WITH = "Starts with this text, compared character by character."
    GT = "Is greater, or later."
    GTE = "Is greater, or later, or the same."
    LT = "Is less, or earlier."
    LTE = "Is less, or earlier, or the same."
    IS_NULL = "Whether there is no value: true or false."
    HAS = "One of the values is this."


class Holds(StrEnum):
    """What a column of an own projection holds, and how JSON has it (Spaltentyp)."""

    INTEGER = f"A whole number; a string where it is beyond {LARGEST_EXACT}."
    TEXT = "A string; of a sealed text its reference."
    BOOLEAN = "true or false."
    UUID = "A uuid in a string."
    DATE = 'A day in a string, as in "2026-03-31".'
    INSTANT = 'An instant in UTC in a string, as in "2026-03-31T07:30:00Z".'
    DECIMAL = 'An exact number in a string, as in "12.50".'
    JSON = "JSON, as it was made."
    TEXTS = "An array of strings."
    UUIDS = "An array of uuids in strings."


def conditions(columns: Mapping[str, Column], given: Sequence[Mapping[str, Any]]) -> list[Where]:
    """`where` as predicates. Raises Invalid."""
    if len(given) > MOST_CONDITIONS:
        raise Invalid("where", _TOO_MANY)
    found = []
    for each in given:
        column, op = columns.get(each["column"]), Op[each["is"].name]
        if column is None:
            raise Invalid("where.column", _NO_COLUMN)
        if op not in query.operations(column):
            raise Invalid("where.is", _NOT_SO)
        values: list[str] = each["values"]
        if len(values) > MOST_VALUES or (op is not Op.IN and len(values) != 1):
            raise Invalid("where.values", _ONE)
        parsed = [_parsed(ColumnType.BOOLEAN if op is Op.IS_NULL else column.holds, value) for value in values]
        found.append(Where(column.name, op, parsed if op is Op.IN else parsed[0]))
    return found


def orders(columns: Mapping[str, Column], given: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """`orderBy` as the names of columns, `-name` for falling. Raises Invalid."""
    if len(given) > MOST_ORDERS:
        raise Invalid("orderBy", _TOO_MANY)
    for each in given:
        column = columns.get(each["column"])
        if column is None or not column.sortable:
            raise Invalid("orderBy.column", _NO_COLUMN)
    return tuple(f"-{each['column']}" if each["direction"] is Direction.DESC else each["column"] for each in given)


_SCALARS: Final[Mapping[ColumnType, object]] = {
    ColumnType.INTEGER: BigInt,
    ColumnType.DECIMAL: Decimal,
    ColumnType.DATE: date,
    ColumnType.INSTANT: datetime,
    ColumnType.UUID: UUID,
    ColumnType.UUIDS: UUID,
}


def _parsed(holds: ColumnType, text: str) -> Any:
    """A value as the API takes it elsewhere. Raises Invalid."""
    if holds is ColumnType.BOOLEAN:
        if text not in _TRUTH:
            raise Invalid("where.values", _ONE)
        return _TRUTH[text]
    parse = SCALARS[_SCALARS[holds]].parse_value if holds in _SCALARS else None
    try:
        return unicodedata.normalize("NFC", text) if parse is None else parse(text)
    except GraphQLError as error:
        german = "Der Wert passt nicht zu dem, was die Spalte enthält."
        raise Invalid("where.values", Message(error.message, german)) from error


def row(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """A row as the text of a JSON object; what is JSON already stays as it is."""
    pairs = zip(columns, values, strict=False)
    return "{" + ", ".join(f"{json.dumps(column.name)}: {_in_json(column, value)}" for column, value in pairs) + "}"


def _in_json(column: Column, value: Any) -> str:
    if column.holds is ColumnType.JSON and value is not None:
        return str(value)
    if type(value) is int and abs(value) > LARGEST_EXACT:
        value = str(value)
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
    return str(value)
