"""What the database could not store in a row, known without asking it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, NamedTuple

from domain.kernel import Recorded
from projections.model import Column, ColumnType, Projection, columns_of
from projections.query.cursor import storable

_NUL: Final = "a text has no character NUL"
_HALF: Final = "a text has no half of a surrogate pair"
_ALWAYS: Final = frozenset(
    {
        ColumnType.BOOLEAN,
        ColumnType.CHOICE,
        ColumnType.DATE,
        ColumnType.INSTANT,
        ColumnType.SEALED,
        ColumnType.UUID,
        ColumnType.UUIDS,
    }
)
"""Whatever is of these types can be stored."""


class Digits(NamedTuple):
    """How many a decimal may have before the point, and after it."""

    before: int
    after: int


NUMERIC: Final = Digits(131_072, 16_383)
"""Those of the database."""


class Unstorable(Exception):
    """A row has a value that its column cannot hold."""


def unstorable(column: Column, value: Any, digits: Digits = NUMERIC) -> str | None:
    """Why a value of the declared type cannot be stored, None where it can."""
    match value:
        case str():
            return None if storable(value) else _NUL if "\0" in value else _HALF
        case tuple():
            return next((reason for each in value if (reason := unstorable(column, each)) is not None), None)
        case int() if column.holds is ColumnType.INTEGER and not -(2**63) <= value < 2**63:
            return "a whole number has 64 bits; declare it Decimal"
        case int() | Decimal() if column.holds is ColumnType.DECIMAL and not _is_within(Decimal(value), digits):
            return f"a decimal has at most {digits.before:,} digits before the point and {digits.after:,} after it"
    return None


def _is_within(value: Decimal, digits: Digits) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -digits.after and value.adjusted() < digits.before


def storing(projection: Projection, digits: Digits) -> Projection:
    """The projection, whose fold raises Unstorable where it makes a row that no table would hold."""
    made, columns = projection.fold, tuple(columns_of(projection.row).values())
    getter = attrgetter(*(column.name for column in columns))
    values = getter if len(columns) > 1 else lambda row: (getter(row),)
    held = [(column, column.holds in _ALWAYS) for column in columns]
    nothing = (object(),) * len(columns)

    def fold(row: Any, event: Recorded) -> Any:
        after = made(row, event)
        if after is None or after is row:
            return after
        before = nothing if row is None else values(row)
        for (column, always), value, was in zip(held, values(after), before, strict=True):
            if value is was or (always and value is not None):
                continue
            if (reason := _refused(column, value, digits)) is not None:
                raise Unstorable(f"{column.name} cannot be stored: {reason}")
        return after

    return replace(projection, fold=fold)


def _refused(column: Column, value: Any, digits: Digits) -> str | None:
    if value is None:
        return None if column.nullable else "it is never empty"
    return unstorable(column, value, digits)
