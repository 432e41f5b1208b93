"""Lists of rows: what a read model's columns look like, and keyset pages of them, each asked with one statement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import strawberry

from domain.kernel import Invalid, Message
from domain.rights import Role, Roles
from graphql_api.context import Asking
from graphql_api.ids import NodeId
from graphql_api.naming import camel
from graphql_api.paging import Paging
from graphql_api.ports import Forbidden
from graphql_api.sealed import Place, reveal
from projections import query
from projections.model import Column, ColumnType, Report, Source, referred, shown_columns
from projections.query import Moment, Slice, Where

MOST_COUNTED: Final = 10_000
_POSITION: Final = Message(
    "A position of the ledger is 0 or greater.", "Eine Position des Registers ist 0 oder größer."
)
_NOT_BY: Final = Message(
    "You may not see the column {column}; leave it out of `{argument}`.",
    "Die Spalte {column} ist nicht zugänglich; bitte in `{argument}` weglassen.",
)

Row = dict[str, Any]
MOMENT: Final = "__moment"
Completion = Callable[[Asking, Sequence[Row], frozenset[str]], Awaitable[list[Place]]]
"""Adds to rows what is not in their columns, for the fields asked for. Answers what is to be revealed, and where."""


@strawberry.type(description="Where a page ends, and whether there are more rows (Seitenangaben).")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more rows follow.")
    has_previous_page: bool = strawberry.field(
        description="Whether rows come before: the page was asked for `after` one, or is not all there is."
    )
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first row: give it as `before` to go back."
    )
    end_cursor: str | None = strawberry.field(description="The cursor of the last row: give it as `after` to go on.")


@dataclass(frozen=True, slots=True)
class Listing:
    """A read model as a GraphQL type: its name, and the columns by the names of the fields that show them.

    `needs` names the columns that further fields of the type are made of; `completion` makes them. `historic` says that
    its rows can be asked as of a moment.
    """

    source: Source
    type_name: str
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    completion: Completion | None = None
    historic: bool = True
    columns: Mapping[str, Column] = field(init=False)
    """The columns by field name."""

    def __post_init__(self) -> None:
        shown = {camel(name): each for name, each in shown_columns(self.source).items() if each.seen_by}
        object.__setattr__(self, "columns", shown)

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections that the rows come from."""
        return self.source.reads if isinstance(self.source, Report) else (self.source.name,)

    def wanted(self, asked: frozenset[str]) -> tuple[str, ...]:
        """The columns behind the fields asked for, and the key."""
        needed = {name for made, names in self.needs.items() if made in asked for name in names}
        needed.update(self.source.unique)
        return tuple(column.name for name, column in self.columns.items() if name in asked or column.name in needed)

    @property
    def readers(self) -> Roles:
        """The roles that see any of its rows."""
        return frozenset(self.source.readers)

    def seen_by(self, role: Role | None) -> Mapping[str, Column]:
        """The columns that this role is shown, by field name. Of what they held before it sees no more either."""
        return {name: column for name, column in self.columns.items() if role in column.seen_by}

    def check(self, asking: Asking, argument: str, columns: Iterable[str]) -> None:
        """Raises Forbidden where rows are to be found or sorted by a column that the caller does not see."""
        for name in columns:
            if asking.viewer.role not in shown_columns(self.source)[name].seen_by:
                said = {"argument": argument, "column": camel(name)}
                raise Forbidden(Message(_NOT_BY.en.format(**said), _NOT_BY.de.format(**said)))

    async def rows(
        self,
        asking: Asking,
        columns: Sequence[str],
        found: Sequence[tuple[Any, ...]],
        asked: frozenset[str],
        moment: Moment | None = None,
    ) -> list[Row]:
        """What was found, as the fields show it: by column, with type and node id, what is sealed revealed.

        Each row keeps the moment it is of, so that what it leads to is of the same one.
        """
        sealed = [name for name in columns if shown_columns(self.source)[name].holds is ColumnType.SEALED]
        rows = []
        for values in found:
            row: Row = dict(zip(columns, values, strict=False))
            row["__typename"] = self.type_name
            row[MOMENT] = moment
            row["id"] = NodeId(self.type_name, tuple(str(row[name]) for name in self.source.unique)).encode()
            rows.append(row)
        places = [] if self.completion is None else await self.completion(asking, rows, asked)
        places += [
            (referred(row[name]), partial(row.__setitem__, name))
            for name in sealed
            for row in rows
            if row[name] is not None
        ]
        await reveal(asking, places)
        return rows


async def caught_up(asking: Asking, position: int | None, names: Sequence[str], argument: str = "minPosition") -> None:
    """Returns when the read models have seen the position the caller named, if any."""
    if position is None:
        return
    if position < 0:
        raise Invalid(argument, _POSITION)
    await asking.positions.wait_for(position, names, asking.wait_seconds)


async def slice_of(
    shown: Listing,
    asking: Asking,
    columns: Sequence[str],
    where: Sequence[Where],
    wanted: Paging,
    order: Sequence[str] = (),
    moment: Moment | None = None,
) -> Slice:
    """What a page holds, in one statement."""
    page = query.page(shown.source, columns, where=where, order=order, moment=moment, viewer=asking.viewer, **wanted)
    return page.read(await asking.fetch(page.statement))


async def page_of(
    shown: Listing,
    asking: Asking,
    asked: frozenset[str],
    where: Sequence[Where],
    wanted: Paging,
    order: Sequence[str] = (),
    moment: Moment | None = None,
) -> Row:
    """A page, as the connection type shows it: one statement, one more where the rows are to be counted."""
    columns = shown.wanted(asked)
    slice_ = await slice_of(shown, asking, columns, where, wanted, order, moment)
    connection = await _connection(shown, asking, asked, columns, slice_, moment)
    if "totalCount" in asked:
        connection["totalCount"] = await counted(shown.source, asking, where, moment)
    return connection


async def pages_below(
    shown: Listing,
    asking: Asking,
    asked: frozenset[str],
    parent: str,
    value: Any,
    wanted: Paging,
    order: tuple[str, ...],
    moment: Moment | None = None,
) -> Row:
    """The first page of the rows that have this value in the column `parent`, or the last; all parents of a tick in one
    statement, and one more where the rows are to be counted.
    """
    columns, first, last = shown.wanted(asked), wanted.get("first"), wanted.get("last")

    async def load(values: list[Any]) -> list[Row]:
        slices = await slices_below(shown, asking, columns, parent, values, wanted, order, moment)
        found = [await _connection(shown, asking, asked, columns, slices[each], moment) for each in values]
        if "totalCount" in asked:
            numbers = await counted_below(shown.source, asking, parent, values, moment)
            for each, page in zip(values, found, strict=True):
                page["totalCount"] = numbers[each]
        return found

    what = (shown.type_name, asked, parent, first, last, order, moment)
    found: Row = await asking.loader(what, load).load(value)
    return found


async def slices_below(
    shown: Listing,
    asking: Asking,
    columns: Sequence[str],
    parent: str,
    values: Sequence[Any],
    wanted: Paging,
    order: Sequence[str],
    moment: Moment | None,
    above: Source | None = None,
) -> dict[Any, Slice]:
    """What the first pages below all these values hold, or the last, in one statement; perhaps only below those that
    the caller sees a row `above` of.
    """
    below = query.branches(
        shown.source,
        columns,
        parent,
        values,
        order=order,
        first=wanted.get("first"),
        last=wanted.get("last"),
        moment=moment,
        viewer=asking.viewer,
        above=above,
    )
    as_of, slices = below.read(await asking.fetch(below.statement))
    asking.reflects(as_of)
    return slices


async def row_by_key(
    shown: Listing, asking: Asking, asked: frozenset[str], key: tuple[Any, ...], moment: Moment | None = None
) -> Row | None:
    """One row of a read model, None where there is none; all rows asked for in a tick come in one statement."""

    async def load(keys: list[Any]) -> list[Row | None]:
        as_of, rows = await rows_by_key(shown, asking, asked, keys, moment)
        asking.reflects(as_of)
        return rows

    found: Row | None = await asking.loader((shown.type_name, asked, moment), load).load(key)
    return found


async def rows_by_key(
    shown: Listing, asking: Asking, asked: frozenset[str], keys: Sequence[tuple[Any, ...]], moment: Moment | None = None
) -> tuple[int, list[Row | None]]:
    """The position that the read model had seen, and for each key its row, or None; in one statement."""
    columns, width = shown.wanted(asked), len(shown.source.unique)
    by_keys = query.by_key(shown.source, columns, keys, moment, viewer=asking.viewer)
    as_of, found = by_keys.read(await asking.fetch(by_keys.statement))
    rows = await shown.rows(asking, columns, [values[width:] for values in found], asked, moment)
    by_key = {values[:width]: row for values, row in zip(found, rows, strict=True)}
    return as_of, [by_key.get(each) for each in keys]


async def _connection(
    shown: Listing,
    asking: Asking,
    asked: frozenset[str],
    columns: Sequence[str],
    slice_: Slice,
    moment: Moment | None,
) -> Row:
    asking.reflects(slice_.as_of)
    rows = await shown.rows(asking, columns, slice_.rows, asked, moment)
    wants_cursors = not asked.isdisjoint(("cursor", "startCursor", "endCursor"))
    cursors = [slice_.cursor(values) for values in slice_.rows] if wants_cursors else [""] * len(rows)
    return {
        "edges": [{"cursor": cursor, "node": row} for cursor, row in zip(cursors, rows, strict=True)],
        "nodes": rows,
        "pageInfo": page_info(slice_, cursors),
        "totalCount": None,
        "asOfPosition": slice_.as_of,
    }


def page_info(slice_: Slice, cursors: Sequence[str]) -> PageInfo:
    """Where a page ends; `cursors` are those of its rows."""
    return PageInfo(
        has_next_page=slice_.has_next,
        has_previous_page=slice_.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


async def counted(source: Source, asking: Asking, where: Sequence[Where], moment: Moment | None) -> int | None:
    """How many rows the caller sees; None where there are more than are counted."""
    asked = query.count(source, where=where, at_most=MOST_COUNTED, moment=moment, viewer=asking.viewer)
    ((number,),) = await asking.fetch(asked)
    return number if number <= MOST_COUNTED else None


async def counted_below(
    source: Source, asking: Asking, parent: str, values: Sequence[Any], moment: Moment | None
) -> dict[Any, int | None]:
    """How many rows the caller sees below each value of `parent`; None where there are more than are counted."""
    asked = query.count_below(source, parent, values, at_most=MOST_COUNTED, moment=moment, viewer=asking.viewer)
    found = await asking.fetch(asked)
    return {value: number if number <= MOST_COUNTED else None for value, number in found}
