"""Counts, single rows and positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from projections.model import Projection, Source
from projections.query.cursor import storable
from projections.query.sight import seen
from projections.query.text import BadQuery, Moment, Statement, Text, Where, filtered, quoted, reached
from projections.rights import Viewer


class ByKey(NamedTuple):
    """The statement that finds rows by their keys, and how to read what it answers."""

    statement: Statement

    def read(self, answered: Sequence[tuple[Any, ...]]) -> tuple[int, list[tuple[Any, ...]]]:
        """The position that the read model had seen, and the rows: their keys first, then the columns asked for."""
        # There is one row even where nothing was found: the position, and nulls. A key is never null.
        return (answered[0][0] if answered else None) or 0, [row[1:] for row in answered if row[1] is not None]


def count(
    source: Source,
    *,
    where: Sequence[Where] = (),
    at_most: int,
    moment: Moment | None = None,
    viewer: Viewer | None = None,
) -> Statement:
    """How many rows there are, counted no further than `at_most` + 1: one row of one column."""
    text = Text(source, moment, viewer)
    conditions = filtered([*seen(text), *text.conditions(where)])
    limit = text.param(at_most + 1, "bigint")
    return text.statement(f"select count(*) from (select from {text.table}{conditions} limit {limit}) counted")


def count_below(
    source: Source,
    parent: str,
    parents: Sequence[Any],
    *,
    at_most: int,
    moment: Moment | None = None,
    viewer: Viewer | None = None,
) -> Statement:
    """How many rows have each of these values in the column `parent`, counted no further than `at_most` + 1: one row of
    value and number for each.
    """
    text = Text(source, moment, viewer)
    column = text.column(parent)
    array = text.array(list(dict.fromkeys(parents)), column.holds.sql)
    conditions = filtered([f"{quoted(column)} = b.parent", *seen(text)])
    limit = text.param(at_most + 1, "bigint")
    counted = f"select count(*) from (select from {text.table}{conditions} limit {limit}) counted"
    return text.statement(f"select b.parent, ({counted}) from unnest({array}) b(parent)")


def by_key(
    source: Source,
    columns: Sequence[str],
    keys: Sequence[Sequence[Any]],
    moment: Moment | None = None,
    *,
    viewer: Viewer | None = None,
) -> ByKey:
    """The rows with these keys, in any order."""
    text = Text(source, moment, viewer)
    position = reached(text)
    unique = [text.column(name) for name in source.unique]
    arrays = ", ".join(
        text.array([key[place] for key in keys], column.holds.sql) for place, column in enumerate(unique)
    )
    names = text.names(source.unique)
    selected = ", ".join(f"t.{quoted(text.column(name))}" for name in (*source.unique, *columns))
    shown = filtered(seen(text, "t"))
    rows = f"select {selected} from {text.table} t join unnest({arrays}) k({names}) using ({names}){shown}"
    sql = f"select s.position, r.* from {position} left join lateral ({rows}) r on true"
    return ByKey(text.statement(sql))


def by_number(
    projection: Projection,
    columns: Sequence[str],
    numbers: Sequence[str],
    moment: Moment | None = None,
    *,
    viewer: Viewer | None = None,
) -> Statement:
    """The rows with these human numbers, in any order; the number comes first in each row, then `columns`."""
    if projection.number is None:
        raise BadQuery(f"{projection.name} has no human number")
    text = Text(projection, moment, viewer)
    selected = text.names((projection.number, *columns))
    array = text.array([number for number in numbers if storable(number)], "text")
    number = text.names([projection.number])
    shown = filtered([f"{number} = any({array})", *seen(text)])
    return text.statement(f"select {selected} from {text.table}{shown}")


def recorded_by(moment: datetime) -> Statement:
    """The last position that was recorded by a time: one row of one column."""
    return Statement("select as_of.position_at($1::timestamptz)", (moment,))


def position_of(trail: Source, record_id: UUID, version: int, *, viewer: Viewer | None = None) -> Statement:
    """The position at which a record came to a version, by the audit trail: one row of one column, or none."""
    text = Text(trail, None, viewer)
    asked = [f"record_id = {text.param(record_id, 'uuid')}", f"version = {text.param(version, 'bigint')}"]
    return text.statement(f"select position from {text.table}{filtered([*asked, *seen(text)])}")


def hidden(index: Source, record_ids: Sequence[UUID], *, viewer: Viewer) -> Statement:
    """Those of these records, by the index of records, that the viewer does not see."""
    text = Text(index, None, viewer)
    array, shown = text.array(record_ids, "uuid"), " and ".join(seen(text)) or "true"
    return text.statement(f"select record_id from {text.table} where record_id = any({array}) and not {shown}")


def positions(names: Sequence[str]) -> Statement:
    """How far these projections have come: name and position."""
    return Statement("select name, position from read.projection_status where name = any($1::text[])", (list(names),))
