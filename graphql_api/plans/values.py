"""How values become JSON: for the columns of a page at once, for other objects by closures made from types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

import orjson
from graphql import (
    GraphQLInt,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.types.field import StrawberryField

from graphql_api.building import attribute
from graphql_api.plans.shape import TYPENAME, Asked, Shape, Unsupported
from graphql_api.shapes import is_big
from projections.model import Column, ColumnType

Convert = Callable[[Any], Any]
"""A value as orjson takes it."""
Columnar = Callable[[Sequence[Any]], Iterable[Any]]
"""The values of a column, all rows at once."""

# What orjson writes as the scalars do: texts and truth values as they are, uuids and days in the one form there is, and
# instants with Z, for readers' sessions are in UTC.
_AS_THEY_ARE: Final = frozenset(
    {ColumnType.TEXT, ColumnType.BOOLEAN, ColumnType.UUID, ColumnType.DATE, ColumnType.INSTANT}
)
_INT: Final = 2**31


def columnar(column: Column, of: GraphQLOutputType) -> Columnar:
    """How the values of a column are shown, where its field is of this type. What has no right form raises Unsupported:
    the resolvers then tell what is wrong with it.
    """
    nullable = not is_non_null_type(of)
    if column.holds in _AS_THEY_ARE:
        return _as_is if nullable else _present
    convert = _converted(column, cast(GraphQLOutputType, of if nullable else of.of_type))  # type: ignore[union-attr]
    if nullable:
        return lambda values: [None if value is None else convert(value) for value in values]
    return lambda values: map(convert, _present(values))


def _as_is(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _present(values: Sequence[Any]) -> Sequence[Any]:
    if None in values:
        raise Unsupported("a null that must not be")
    return values


def _converted(column: Column, of: GraphQLOutputType) -> Convert:
    match column.holds:
        case ColumnType.INTEGER:
            return str if is_big(column.name) else _int
        case ColumnType.DECIMAL:
            return _decimal
        case ColumnType.JSON:
            return orjson.Fragment
        case ColumnType.CHOICE:
            return _named(of)
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return _present
    raise Unsupported(column.name)


def _int(value: Any) -> Any:
    return value if type(value) is int and -_INT <= value < _INT else GraphQLInt.coerce_output_value(value)


def _decimal(value: Any) -> str:
    return format(value, "f")


def _named(of: Any) -> Convert:
    names = {member.value: name for name, member in of.values.items()}

    def name(value: Any) -> str:
        try:
            found: str = names[value]
        except KeyError as error:
            raise Unsupported(of.name) from error
        return found

    return name


def plain(shape: Shape, asked: Asked, of: GraphQLOutputType | None = None) -> Convert:
    """How the value of a field is shown where all that is below it are values, too. Raises Unsupported."""
    of = asked.definition.type if of is None else of
    if is_non_null_type(of):
        inner = plain(shape, asked, of.of_type)

        def present(value: Any) -> Any:
            if value is None:
                raise Unsupported("a null that must not be")
            return inner(value)

        return present
    shown = _shown(shape, asked, of)
    return lambda value: None if value is None else shown(value)


def _shown(shape: Shape, asked: Asked, of: GraphQLOutputType) -> Convert:
    if is_list_type(of):
        item = plain(shape, asked, of.of_type)
        return lambda values: [item(value) for value in values]
    if is_leaf_type(of):
        return of.coerce_output_value
    if is_object_type(of):
        return members(shape, asked, of)
    raise Unsupported(asked.name)


def members(shape: Shape, asked: Asked, of: GraphQLObjectType) -> Convert:
    """How an object is shown whose fields are all plain values."""
    parts: list[tuple[str, Convert]] = []
    for each in shape.below(asked, of):
        if each.name == TYPENAME:
            parts.append((each.answer, _always(of.name)))
        elif each.step is None:
            parts.append((each.answer, _member(each.declared, plain(shape, each))))
        else:
            raise Unsupported(each.name)
    return lambda value: {answer: part(value) for answer, part in parts}


def _always(value: Any) -> Convert:
    return lambda _: value


def _member(declared: StrawberryField, show: Convert) -> Convert:
    name = declared.python_name
    return lambda parent: show(attribute(parent, name))
