"""Filters and orders as input types, made from what a read model's columns can be asked by."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from strawberry.types.arguments import StrawberryArgument

from domain.kernel import Invalid, Message
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.naming import camel, constant
from graphql_api.scalars import BigInt
from graphql_api.shapes import Shapes, is_big
from projections.model import Column, ColumnType, Source, columns_of
from projections.query import Op, Where, operations

MOST_VALUES: Final = 100
MOST_ORDERS: Final = 3

_TAKEN: Final[Mapping[ColumnType, tuple[str, Type]]] = {
    ColumnType.TEXT: ("Text", str),
    ColumnType.BOOLEAN: ("Boolean", bool),
    ColumnType.UUID: ("Uuid", UUID),
    ColumnType.DATE: ("Date", date),
    ColumnType.INSTANT: ("DateTime", datetime),
    ColumnType.DECIMAL: ("Decimal", Decimal),
    ColumnType.INTEGER: ("Int", int),
    ColumnType.TEXTS: ("Texts", str),
    ColumnType.UUIDS: ("Uuids", UUID),
    ColumnType.SEALED: ("Presence", bool),
    ColumnType.JSON: ("Presence", bool),
}

_ABOUT: Final[Mapping[Op, str]] = {
    Op.EQ: "Is this value.",
    Op.IN: f"Is one of these values, at most {MOST_VALUES}.",
    Op.STARTS_WITH: "Starts with this text, compared character by character.",
    Op.GT: "Is greater, or later.",
    Op.GTE: "Is greater, or later, or the same.",
    Op.LT: "Is less, or earlier.",
    Op.LTE: "Is less, or earlier, or the same.",
    Op.IS_NULL: "Whether there is no value.",
    Op.HAS: "One of the values is this.",
}
_NAMES: Final = {camel(op.value): op for op in Op}

_NO_VALUE: Final = Message(
    "A comparison needs a value; use `isNull: true` for rows without one, or leave the filter out.",
    "Ein Vergleich braucht einen Wert; für Zeilen ohne Wert `isNull: true` verwenden oder den Filter weglassen.",
)
_TOO_MANY: Final = Message(
    f"At most {MOST_VALUES} values, and at most {MOST_ORDERS} orders, may be given.",
    f"Höchstens {MOST_VALUES} Werte und höchstens {MOST_ORDERS} Sortierungen sind möglich.",
)
_NEVER_NULL: Final = Message(
    "This column always has a value; leave `isNull` out.",
    "Diese Spalte hat immer einen Wert; bitte `isNull` weglassen.",
)


class Direction(StrEnum):
    """Which way a list is sorted (Sortierrichtung)."""

    ASC = "asc"
    DESC = "desc"


class Filters:
    """The filter and order types of one schema: comparisons are shared, each list has its own filter."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._comparisons: dict[str, Type] = {}

    def arguments(self, source: Source, singular: str) -> list[StrawberryArgument]:
        """`filter` and `orderBy` of a list, where its columns allow any."""
        columns = list(columns_of(source.row).values())
        found = []
        if any(operations(column) for column in columns):
            about = "Only rows for which every one of these holds."
            found.append(argument("filter", optional(self._filter(columns, singular)), about))
        if any(column.sortable for column in columns):
            about = f"The order of the rows, at most {MOST_ORDERS}; ties are broken so that every order is total."
            order = optional(list_of(self._order(columns, singular)))
            found.append(argument("orderBy", order, about))
        return found

    def _filter(self, columns: list[Column], singular: str) -> Type:
        name = self._shapes.names.take(f"{singular}Filter", "", singular)
        fields = [
            field(camel(column.name), optional(self._comparison(column)), column.comment.en)
            for column in columns
            if operations(column)
        ]
        return made_type(name, fields, f"Which rows of {singular} are wanted (Auswahl der Zeilen).", kind="input")

    def _order(self, columns: list[Column], singular: str) -> Type:
        name = self._shapes.names.take(f"{singular}Order", "", singular)
        members = {constant(column.name): column.name for column in columns if column.sortable}
        by = StrEnum(f"{name}Column", members)  # type: ignore[misc]  # the members are known when the schema is made
        by.__doc__ = f"What rows of {singular} can be sorted by (Sortierspalte)."
        fields = [
            field("by", self._shapes.enum(by), "The column."),
            field("direction", self._shapes.enum(Direction), "Which way.", default=Direction.ASC),
        ]
        return made_type(name, fields, f"An order of the rows of {singular} (Sortierung).", kind="input")

    def _comparison(self, column: Column) -> Type:
        if column.choices is not None:
            taken: Type = self._shapes.enum(column.choices)
            name = taken.name
        else:
            name, taken = _TAKEN[column.holds]
            if taken is int and is_big(column.name):
                name, taken = "BigInt", BigInt
        name = f"{name}Comparison"
        if name not in self._comparisons:
            self._shapes.names.take(name, "", name)
            nullable = column if column.nullable else _nullable(column)
            fields = [field(camel(op.value), optional(_value(op, taken)), _ABOUT[op]) for op in operations(nullable)]
            about = "How a column is compared (Vergleich); every comparison given must hold."
            self._comparisons[name] = made_type(name, fields, about, kind="input")
        return self._comparisons[name]


def _nullable(column: Column) -> Column:
    return Column(
        name=column.name,
        holds=column.holds,
        nullable=True,
        comment=column.comment,
        filterable=True,
        sortable=column.sortable,
        rises_with=column.rises_with,
        choices=column.choices,
    )


def _value(op: Op, taken: Type) -> Type:
    if op is Op.IS_NULL:
        return bool
    return list_of(taken) if op is Op.IN else taken


def predicates(source: Source, given: Mapping[str, Any] | None) -> list[Where]:
    """A `filter` as predicates. Raises `Invalid` with the path of what cannot be compared."""
    if not given:
        return []
    wanted = []
    for column in columns_of(source.row).values():
        name = camel(column.name)
        for comparison, value in (given.get(name) or {}).items():
            path, op = f"filter.{name}.{comparison}", _NAMES[comparison]
            if value is None:
                raise Invalid(path, _NO_VALUE)
            if op is Op.IN and len(value) > MOST_VALUES:
                raise Invalid(path, _TOO_MANY)
            if op is Op.IS_NULL and not column.nullable:
                raise Invalid(path, _NEVER_NULL)
            wanted.append(Where(column.name, op, _composed(value)))
    return wanted


def _composed(value: Any) -> Any:
    """Texts in NFC, as everything recorded is."""
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return unicodedata.normalize("NFC", value) if type(value) is str else value


def orders(given: list[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """An `orderBy` as the names of columns, `-name` for falling."""
    if given is not None and len(given) > MOST_ORDERS:
        raise Invalid("orderBy", _TOO_MANY)
    return tuple(
        f"-{entry['by']}" if entry["direction"] is Direction.DESC else str(entry["by"]) for entry in given or ()
    )
