"""SQL text in the making: identifiers from declarations, values as parameters, predicates as conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.kernel import Invalid, Message
from projections.folding import pieces
from projections.model import Column, ColumnType, Source, shown_columns
from projections.query.cursor import storable
from projections.rights import Viewer

LAST_POSITION: Final = 2**63 - 1


class Moment(NamedTuple):
    """What is asked as of: what was known at a position, perhaps of what had taken effect by a day (Berlin).

    `recorded` is the time that was asked for, where the position was found by it; without a position the session finds
    it by that time, and without both it is the present.
    """

    position: int | None = None
    effective: date | None = None
    recorded: datetime | None = None

    @property
    def settings(self) -> Mapping[str, str]:
        """What the views of schema as_of read it from, set for the transaction of the query alone."""
        given = {"position": self.position, "effective": self.effective, "recorded": self.recorded}
        return {f"stadtbuch.as_of_{name}": str(value) for name, value in given.items() if value is not None}


class Statement(NamedTuple):
    """SQL text and its parameters, in order, and the moment that it is to be run as of.

    One that is `steady` is best answered in the same way whatever its parameters are, so that it is planned once.
    """

    sql: str
    params: tuple[Any, ...]
    moment: Moment | None = None
    steady: bool = True


class Op(StrEnum):
    """How a column is compared. `HAS` is for columns of several values: one of them is this. `CONTAINS` is for folded
    texts: this folded text is a part of it.
    """

    EQ = "eq"
    IN = "in"
    STARTS_WITH = "starts_with"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IS_NULL = "is_null"
    HAS = "has"
    CONTAINS = "contains"


class Where(NamedTuple):
    """One predicate; several are joined by *and*. IN takes a sequence, IS_NULL a bool, the others one value."""

    column: str
    op: Op
    value: Any


class BadQuery(ValueError):
    """A question that the read model is not declared to answer: an unknown, unfilterable or unsortable column."""


def operations(column: Column) -> tuple[Op, ...]:
    """How a column may be filtered; nothing where it is not filterable."""
    if not column.filterable:
        return ()
    if column.pieces_in is not None:
        return (Op.CONTAINS,)
    null = (Op.IS_NULL,) if column.nullable else ()
    match column.holds:
        case ColumnType.TEXTS | ColumnType.UUIDS:
            return (Op.HAS,)
        case ColumnType.SEALED | ColumnType.JSON:
            return null
        case ColumnType.BOOLEAN:
            return (Op.EQ, *null)
        case ColumnType.TEXT:
            return (Op.EQ, Op.IN, Op.STARTS_WITH, Op.GT, Op.GTE, Op.LT, Op.LTE, *null)
        case ColumnType.CHOICE | ColumnType.UUID:
            return (Op.EQ, Op.IN, *null)
        case _:
            return (Op.EQ, Op.IN, Op.GT, Op.GTE, Op.LT, Op.LTE, *null)


@dataclass(slots=True)
class Text:
    """A statement in the making. Identifiers come from the source's declarations, never from a caller.

    Without a `viewer` it is the program itself, or who runs it, that asks.
    """

    source: Source
    moment: Moment | None = None
    viewer: Viewer | None = None
    params: list[Any] = field(default_factory=list)
    filtered: bool = False

    @property
    def table(self) -> str:
        """The source's view: of now, or of the moment that the session names."""
        return f'{"read" if self.moment is None else "as_of"}."{self.source.name}"'

    def column(self, name: str) -> Column:
        """The source's column of that name. Raises BadQuery."""
        try:
            return shown_columns(self.source)[name]
        except KeyError:
            raise BadQuery(f"{self.source.name} has no column {name!r}") from None

    def names(self, columns: Iterable[str]) -> str:
        """Columns as a list of identifiers."""
        return ", ".join(quoted(self.column(name)) for name in columns)

    def param(self, value: Any, sql_type: str) -> str:
        """A parameter, cast to its type so that the text is the same whatever the value."""
        self.params.append(value)
        return f"${len(self.params)}::{sql_type}"

    def array(self, values: Sequence[Any], sql_type: str) -> str:
        """A parameter of several values, cast to an array of their type."""
        # As PostgreSQL writes them, where nothing in them can be mistaken: a tenth of the time of a list.
        if all(type(value) in _PLAIN for value in values):
            return self.param(literal(values), f"{sql_type}[]")
        return self.param(list(values), f"{sql_type}[]")

    def value(self, column: Column, value: Any) -> str:
        """A parameter to compare a column with. Raises Invalid for a text that no row can hold."""
        if not isinstance(value, str):
            return self.param(value, column.holds.sql)
        if not storable(value):
            raise Invalid(column.name, Message("Remove the unprintable sign.", "Entfernen Sie das unlesbare Zeichen."))
        return self.param(str(value), column.holds.sql)  # a member of a StrEnum goes as the plain text it is

    def conditions(self, where: Sequence[Where]) -> list[str]:
        """Predicates as SQL. Raises BadQuery for a column that is not declared to be filtered so."""
        self.filtered = self.filtered or bool(where)
        return [self._condition(*predicate) for predicate in where]

    def _condition(self, name: str, op: Op, value: Any) -> str:
        column = self.column(name)
        if op not in operations(column):
            raise BadQuery(f"{self.source.name}.{name} cannot be filtered by {op}")
        own = quoted(column)
        match op:
            case Op.EQ:
                return f"{own} = {self.value(column, value)}"
            case Op.IN:
                values = [str(v) if isinstance(v, str) else v for v in value]
                findable = [v for v in values if not isinstance(v, str) or storable(v)]
                return f"{own} = any({self.param(findable, f'{column.holds.sql}[]')})"
            case Op.HAS:
                return f"{own} @> array[{self.param(value, column.holds.sql.removesuffix('[]'))}]"
            case Op.CONTAINS:
                return self._contains(column, self.column(column.pieces_in or name), value)
            case Op.IS_NULL:
                return f"{own} is null" if value else f"{own} is not null"
            case Op.STARTS_WITH:
                return self._starts_with(column, value)
            case Op.GT | Op.GTE | Op.LT | Op.LTE if column.rises_with is not None:
                return self._risen(column, self.column(column.rises_with), op, value)
            case Op.GT | Op.GTE | Op.LT | Op.LTE:
                return f"{own} {_SIGNS[op]} {self.value(column, value)}"

    def _starts_with(self, column: Column, prefix: str) -> str:
        # As a range, which an index answers even in a generic plan: text is compared by code point.
        own = quoted(column)
        if not prefix:
            return f"{own} is not null"
        condition = f"{own} >= {self.value(column, prefix)}"
        beyond = successor(prefix)
        return condition if beyond is None else f"{condition} and {own} < {self.value(column, beyond)}"

    def _contains(self, column: Column, pieced: Column, part: str) -> str:
        # By the index to those that have all pieces of it, and of these to those that have them in a row.
        there = f"position({self.value(column, part)} in {quoted(column)}) > 0"
        found = pieces(part)
        return f"{quoted(pieced)} @> {self.param(list(found), 'text[]')} and {there}" if found else there

    def _risen(self, column: Column, along: Column, op: Op, value: Any) -> str:
        # As a range of the column it rises with, so that (actor, position) serves an actor's events of a day.
        own, other = quoted(column), quoted(along)
        sign = ">" if op in (Op.GT, Op.LTE) else ">="
        place = self.value(column, value)
        first = f"(select {other} from {self.table} where {own} {sign} {place} order by {own}, {other} limit 1)"
        return f"{other} >= {first}" if op in (Op.GT, Op.GTE) else f"{other} < coalesce({first}, {LAST_POSITION})"

    def statement(self, sql: str) -> Statement:
        """The finished statement. How many rows meet a predicate depends on its value, and so does the best plan."""
        return Statement(sql, tuple(self.params), self.moment, not self.filtered and self.moment is None)


_PLAIN: Final = frozenset({UUID, int})
_SIGNS: Final = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<="}


def literal(values: Iterable[object]) -> str:
    """Several values as PostgreSQL writes an array: only for names of declarations, numbers and uuids."""
    return "{" + ",".join(map(str, values)) + "}"


def quoted(column: Column) -> str:
    """A column as an identifier."""
    return f'"{column.name}"'


def filtered(conditions: Sequence[str]) -> str:
    """Conditions as a *where* clause."""
    return f" where {' and '.join(conditions)}" if conditions else ""


def successor(prefix: str) -> str | None:
    """The least text, by code point, after all that start with `prefix`; None where there is none."""
    while prefix:
        last = ord(prefix[-1])
        if last < 0x10FFFF:
            return prefix[:-1] + chr(0xE000 if last == 0xD7FF else last + 1)
        prefix = prefix[:-1]
    return None


def reached(text: Text, *others: Source) -> str:
    """The position that all read models behind the sources have seen, in the snapshot the rows are read in."""
    names = [name for source in (text.source, *others) for name in getattr(source, "reads", (source.name,))]
    # A single name is no array, which would take longer to send than all the other parameters.
    named = f"= {text.param(names[0], 'text')}" if len(names) == 1 else f"= any({text.param(literal(names), 'text[]')})"
    seen = (
        "min(position)"
        if text.moment is None
        else f"least(min(position), {text.param(text.moment.position, 'bigint')})"
    )
    return f"(select {seen} as position from read.projection_status where name {named}) s"
