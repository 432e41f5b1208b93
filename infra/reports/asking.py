"""What is asked of a report on a command line: `due<2026-06-01` and `-month` as predicates and an order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from domain.kernel import BERLIN
from infra.reports.errors import BadQuestion
from projections import query
from projections.model import Column, ColumnType, Source, ordering, shown_columns
from projections.query import Moment, Op, Where

_SHAPE: Final = re.compile(r"\s*(?P<column>\w+)\s*(?P<sign><=|>=|\^=|!=|=|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
_OPS: Final = {"<": Op.LT, "<=": Op.LTE, ">": Op.GT, ">=": Op.GTE, "^=": Op.STARTS_WITH}
_TRUTH: Final = {"true": True, "yes": True, "ja": True, "false": False, "no": False, "nein": False}


def predicates(source: Source, conditions: Iterable[str]) -> list[Where]:
    """All must hold. `=` on one column several times means any of these values; `=` alone means empty, `!=` filled."""
    found: list[Where] = []
    equal: dict[str, list[Any]] = {}
    for condition in conditions:
        name, sign, value = _parts(condition)
        column = _column(source, name)
        if sign in ("=", "!=") and not value:
            found.append(_allowed(source, column, Where(name, Op.IS_NULL, sign == "=")))
        elif sign == "!=":
            raise BadQuestion(f"{condition!r}: != asks for any value at all, so nothing stands behind it")
        elif sign == "=" and Op.HAS in query.operations(column):
            found.append(Where(name, Op.HAS, _value(column, value)))
        elif sign == "=":
            equal.setdefault(name, []).append(_value(column, value))
        else:
            found.append(_allowed(source, column, Where(name, _OPS[sign], _value(column, value))))
    for name, values in equal.items():
        op = Op.EQ if len(values) == 1 else Op.IN
        column = _column(source, name)
        found.append(_allowed(source, column, Where(name, op, values[0] if op is Op.EQ else values)))
    return found


def order(source: Source, names: Iterable[str]) -> tuple[str, ...]:
    """The order asked for: columns, `-name` for falling, several with commas between them."""
    asked = tuple(name.strip() for each in names for name in each.split(",") if name.strip())
    sortable = [column.name for column in shown_columns(source).values() if column.sortable]
    for name in asked:
        if ordering(name)[0] not in sortable:
            raise BadQuestion(
                f"{source.name} cannot be ordered by {ordering(name)[0]!r}. It can be by: {', '.join(sortable) or '-'}"
            )
    return asked


def moment(as_of: str | None, effective_on: str | None) -> Moment | None:
    """As of a position, an instant or the end of a day (Berlin), and up to a day of effect; None where none is named.

    Of today's end nothing is known yet: today means now. Raises BadQuestion for what is no moment, or one to come.
    """
    if as_of is None and effective_on is None:
        return None
    position = recorded = effective = None
    if as_of is not None and re.fullmatch(r"\d{1,18}", as_of, re.ASCII):
        position = int(as_of)
    elif as_of is not None:
        recorded = _recorded(as_of)
    if effective_on is not None:
        try:
            effective = _day(effective_on)
        except ValueError:
            raise BadQuestion(f"{effective_on!r} is no day such as 2026-06-01") from None
    return Moment(position, effective, recorded)


def _day(text: str) -> date:
    """A day in the one way that is taken. Raises ValueError."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError
    return date.fromisoformat(text)


def _recorded(text: str) -> datetime | None:
    """The time that is meant; None for today, which is not over."""
    now = datetime.now(BERLIN)
    try:
        if len(text) <= len("2026-06-01"):
            day = _day(text)
            if day == now.date():
                return None
            instant = datetime.combine(day, time.max, BERLIN)
        else:
            _day(text[: len("2026-06-01")])
            instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError
    except ValueError:
        example = "a position such as 4711, a day such as 2026-06-01, or an instant such as 2026-06-01T12:00:00Z"
        raise BadQuestion(f"{text!r} is no moment: give {example}") from None
    if instant > now:
        raise BadQuestion(f"{text} has not come yet; what will be known then is not known")
    return instant


def _parts(condition: str) -> tuple[str, str, str]:
    match = _SHAPE.fullmatch(condition)
    if match is None:
        raise BadQuestion(f"{condition!r} is no condition such as unit=63, due<2026-06-01 or reference^=63.10")
    return match["column"], match["sign"], unicodedata.normalize("NFC", match["value"])


def _column(source: Source, name: str) -> Column:
    columns = shown_columns(source)
    if name not in columns:
        raise BadQuestion(f"{source.name} has no column {name!r}. It has: {', '.join(columns)}")
    return columns[name]


def _allowed(source: Source, column: Column, where: Where) -> Where:
    if where.op in query.operations(column):
        return where
    if not column.filterable:
        can = [each.name for each in shown_columns(source).values() if each.filterable]
        raise BadQuestion(f"{source.name} cannot be filtered by {column.name}. It can be by: {', '.join(can) or '-'}")
    raise BadQuestion(f"{column.name} cannot be compared in this way: {', '.join(_signs(column))}")


def _signs(column: Column) -> Sequence[str]:
    signs = {Op.EQ: "=", Op.HAS: "=", **{op: sign for sign, op in _OPS.items()}, Op.IS_NULL: "= without a value"}
    return [f"{column.name}{signs[op]}" for op in query.operations(column) if op in signs]


def _value(column: Column, text: str) -> Any:
    try:
        return _parsed(column, text)
    except (ValueError, InvalidOperation, KeyError):
        raise BadQuestion(f"{column.name}={text!r}: expected {_expected(column)}") from None


def _parsed(column: Column, text: str) -> Any:
    match column.holds:
        case ColumnType.INTEGER:
            number = int(text)
            if not -(2**63) <= number < 2**63:
                raise ValueError
            return number
        case ColumnType.DECIMAL:
            amount = Decimal(text)
            if not amount.is_finite():
                raise ValueError
            return amount
        case ColumnType.BOOLEAN:
            return _TRUTH[text.lower()]
        case ColumnType.DATE:
            return date.fromisoformat(text)
        case ColumnType.INSTANT:
            instant = datetime.fromisoformat(text)
            if instant.tzinfo is None:
                raise ValueError
            return instant
        case ColumnType.UUID | ColumnType.UUIDS:
            return UUID(text)
        case ColumnType.CHOICE if column.choices is not None:
            members = {each.casefold(): each for each in column.choices}
            return members[text.casefold()].value
        case _:
            return text


def _expected(column: Column) -> str:
    match column.holds:
        case ColumnType.CHOICE if column.choices is not None:
            return f"one of {', '.join(member.value for member in column.choices)}"
        case ColumnType.INTEGER:
            return "a whole number"
        case ColumnType.DECIMAL:
            return "a number such as 12.50"
        case ColumnType.BOOLEAN:
            return "true or false"
        case ColumnType.DATE:
            return "a day such as 2026-06-01"
        case ColumnType.INSTANT:
            return "an instant such as 2026-06-01T12:00:00Z, with Z or an offset"
        case _:
            return "a uuid"
