"""Counts, single rows and positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from projections.model import Projection, Source
from projections.query.cursor import storable
from projections.query.text import BadQuery, Moment, Statement, Text, Where, filtered, quoted, reached


class ByKey(NamedTuple):
    """The statement that finds rows by their keys, and how to read what it answers."""

    statement: Statement

    def read(self, answered: Sequence[tuple[Any, ...]]) -> tuple[int, list[tuple[Any, ...]]]:
        """The position that the read model had seen, and the rows: their keys first, then the columns asked for."""
        # There is one row even where nothing was found: the position, and nulls. A key is never null.
        return (answered[0][0] if answered else None) or 0, [row[1:] for row in answered if row[1] is not None]


def count(source: Source, *, where: Sequence[Where] = (), at_most: int, moment: Moment | None = None) -> Statement:
    """How many rows there are, counted no further than `at_most` + 1: one row of one column."""
    text = Text(source, moment)
    conditions = filtered(text.conditions(where))
    limit = text.param(at_most + 1, "bigint")
    return text.statement(f"select count(*) from (select from {text.table}{conditions} limit {limit}) counted")


def by_key(
    source: Source, columns: Sequence[str], keys: Sequence[Sequence[Any]], moment: Moment | None = None
) -> ByKey:
    """The rows with these keys, in any order."""
    text = Text(source, moment)
    seen = reached(text)
    unique = [text.column(name) for name in source.unique]
    arrays = ", ".join(
        text.param([key[place] for key in keys], f"{column.holds.sql}[]") for place, column in enumerate(unique)
    )
    names = text.names(source.unique)
    selected = ", ".join(f"t.{quoted(text.column(name))}" for name in (*source.unique, *columns))
    rows = f"select {selected} from {text.table} t join unnest({arrays}) k({names}) using ({names})"
    return ByKey(text.statement(f"select s.position, r.* from {seen} left join lateral ({rows}) r on true"))


def by_number(
    projection: Projection, columns: Sequence[str], numbers: Sequence[str], moment: Moment | None = None
) -> Statement:
    """The rows with these human numbers, in any order; the number comes first in each row, then `columns`."""
    if projection.number is None:
        raise BadQuery(f"{projection.name} has no human number")
    text = Text(projection, moment)
    selected = text.names((projection.number, *columns))
    array = text.param([number for number in numbers if storable(number)], "text[]")
    number = text.names([projection.number])
    return text.statement(f"select {selected} from {text.table} where {number} = any({array})")


def recorded_by(moment: datetime) -> Statement:
    """The last position that was recorded by a time: one row of one column."""
    return Statement("select as_of.position_at($1::timestamptz)", (moment,))


def position_of(record_id: UUID, version: int) -> Statement:
    """The position at which a record came to a version: one row of one column, or none."""
    sql = "select position from read.event where record_id = $1::uuid and version = $2::bigint"
    return Statement(sql, (record_id, version))


def positions(names: Sequence[str]) -> Statement:
    """How far these projections have come: name and position."""
    return Statement("select name, position from read.projection_status where name = any($1::text[])", (list(names),))
