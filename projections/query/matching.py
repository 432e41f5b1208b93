"""Predicates without SQL: whether a row that is at hand meets them, by the rules that the statements have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any, Final

from projections.model import Source
from projections.query.text import Op, Text, Where

Matches = Callable[[Sequence[Any]], bool]

_HOLDS: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: eq,
    Op.IN: lambda value, given: value in given,
    Op.STARTS_WITH: lambda value, given: value.startswith(given),
    Op.GT: gt,
    Op.GTE: ge,
    Op.LT: lt,
    Op.LTE: le,
    Op.HAS: lambda value, given: given in value,
}


def matching(source: Source, where: Sequence[Where], columns: Sequence[str]) -> Matches:
    """Whether rows of these columns meet all predicates. Raises as a statement with them would: BadQuery, Invalid."""
    Text(source).conditions(where)
    tests = [(columns.index(each.column), each.op, _plain(each.value)) for each in where]

    def matches(row: Sequence[Any]) -> bool:
        return all(_met(row[place], op, given) for place, op, given in tests)

    return matches


def wanted_values(where: Sequence[Where], column: str) -> frozenset[Any] | None:
    """The only values of a column that can meet the predicates; None where there is no such bound."""
    bounds = [
        frozenset(_plain([each.value] if each.op is Op.EQ else each.value))
        for each in where
        if each.column == column and each.op in (Op.EQ, Op.IN)
    ]
    return frozenset.intersection(*bounds) if bounds else None


def _met(value: Any, op: Op, given: Any) -> bool:
    if op is Op.IS_NULL:
        return (value is None) is given
    return value is not None and _HOLDS[op](value, given)


def _plain(given: Any) -> Any:
    """Members of a StrEnum as the texts that are stored."""
    if isinstance(given, list | tuple):
        return tuple(_plain(each) for each in given)
    return str(given) if isinstance(given, str) else given
