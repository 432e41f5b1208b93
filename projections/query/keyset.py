"""Keyset pages: the rows after a place in an order, found by index however deep the place lies."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from projections.model import Column, Source, ordering, shown_columns
from projections.query.cursor import Cursor, decode, encode
from projections.query.sight import follows, seen, seen_now
from projections.query.text import BadQuery, Moment, Op, Statement, Text, Where, filtered, quoted, reached
from projections.rights import Viewer

MOST_ROWS: Final = 10_000


class _Sort(NamedTuple):
    column: Column
    falling: bool

    def sql(self, alias: str = "") -> str:
        return f"{alias}{quoted(self.column)}{' desc' if self.falling else ''}"


def _sorts(text: Text, order: Sequence[str]) -> tuple[_Sort, ...]:
    """The columns a page is sorted by; those that tell rows apart come last and break ties."""
    sorts: dict[str, _Sort] = {}
    for entry in order or text.source.order:
        name, falling = ordering(entry)
        column = text.column(name)
        if order and not column.sortable:
            raise BadQuery(f"{text.source.name} cannot be sorted by {name}")
        sorts.setdefault(name, _Sort(column, falling))
        if set(text.source.unique) <= sorts.keys():
            return tuple(sorts.values())
    # In the direction of the last column, so that one index serves both directions.
    falls = next(reversed(sorts.values())).falling if sorts else False
    for name in text.source.unique:
        sorts.setdefault(name, _Sort(text.column(name), falls))
    return tuple(sorts.values())


def _beyond(text: Text, sorts: Sequence[_Sort], values: Sequence[Any]) -> list[str]:
    """Conditions that cut what follows a place in an order into disjoint ranges, each of which an index leads to."""
    at = [None if value is None else text.value(sort.column, value) for sort, value in zip(sorts, values, strict=True)]
    if len({sort.falling for sort in sorts}) == 1 and not any(sort.column.nullable for sort in sorts):
        names = ", ".join(quoted(sort.column) for sort in sorts)
        return [f"({names}) {'<' if sorts[0].falling else '>'} ({', '.join(str(place) for place in at)})"]
    ranges: list[str] = []
    same: list[str] = []
    for sort, place in zip(sorts, at, strict=True):
        name = quoted(sort.column)
        further: list[str] = []
        if place is not None:
            further.append(f"{name} {'<' if sort.falling else '>'} {place}")
            if sort.column.nullable and not sort.falling:
                further.append(f"{name} is null")
        elif sort.falling:
            further.append(f"{name} is not null")
        ranges.extend(" and ".join((*same, condition)) for condition in further)
        same.append(f"{name} is null" if place is None else f"{name} = {place}")
    return ranges


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page, in the order asked for, and whether there are more to either side.

    Each row has the columns asked for, in that order, and possibly more after them. `as_of` is the position that the
    read model had seen when the page was read.
    """

    rows: Sequence[tuple[Any, ...]]
    as_of: int
    has_next: bool
    has_previous: bool
    question: str
    places: tuple[int, ...]

    def cursor(self, row: tuple[Any, ...]) -> str:
        """The place of one of the rows."""
        return encode(Cursor(self.question, self.as_of, tuple(row[place] for place in self.places)))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a statement fetches: which columns, sorted how, and where in each row the sort columns stand."""

    source: Source
    where: tuple[Where, ...]
    sorts: tuple[_Sort, ...]
    selected: tuple[str, ...]
    places: tuple[int, ...]
    rows: int
    moment: Moment | None

    def question(self, *more: Where) -> str:
        """A digest of what is asked: a cursor is good for the same filter, order and moment only."""
        predicates = sorted(repr((each.column, each.op.value, _plain(each.value))) for each in (*self.where, *more))
        asked = repr((self.source.name, predicates, [sort.sql() for sort in self.sorts]))
        if self.moment is not None:
            asked += repr((self.moment.position, str(self.moment.effective)))
        return hashlib.sha256(asked.encode("utf-8", "backslashreplace")).hexdigest()[:16]

    def turned(self, *, backward: bool) -> tuple[_Sort, ...]:
        """How the rows are fetched: from the end, where the last ones are asked for."""
        return tuple(sort._replace(falling=not sort.falling) for sort in self.sorts) if backward else self.sorts

    def slice(
        self, found: list[tuple[Any, ...]], as_of: int, *more: Where, backward: bool, continued: bool = False
    ) -> Slice:
        """The page of rows as they were fetched, one more than asked for where there is one."""
        further, rows = len(found) > self.rows, found[: self.rows]
        if backward:
            rows.reverse()
        has_next, has_previous = (continued, further) if backward else (further, continued)
        return Slice(rows, as_of, has_next, has_previous, self.question(*more), self.places)

    def sql(self, text: Text, conditions: Sequence[str], ranges: Sequence[str], sorts: Sequence[_Sort]) -> str:
        """The rows of each range that meet the conditions; one more than asked for, to know whether there are more."""
        limit = self.rows + 1  # no parameter: a plan that does not know it takes a tenth of all rows to be wanted
        order = ", ".join(sort.sql() for sort in sorts)
        start = f"select {text.names(self.selected)} from {text.table}"
        parts = [
            f"{start}{filtered([*conditions, each] if each else conditions)} order by {order} limit {limit}"
            for each in ranges
        ]
        if len(parts) == 1:
            return parts[0]
        return f"select * from ({' union all '.join(f'({part})' for part in parts)}) u order by {order} limit {limit}"


def _plan(text: Text, columns: Sequence[str], where: Sequence[Where], order: Sequence[str], rows: int) -> _Plan:
    if not 0 < rows <= MOST_ROWS:
        raise BadQuery(f"a page has between 1 and {MOST_ROWS} rows")
    sorts = _sorts(text, order)
    selected = tuple(dict.fromkeys((*columns, *(sort.column.name for sort in sorts))))
    if selected[: len(columns)] != tuple(columns):
        raise BadQuery("a column is asked for twice")
    places = tuple(selected.index(sort.column.name) for sort in sorts)
    return _Plan(text.source, tuple(where), sorts, selected, places, rows, text.moment)


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else str(value)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a keyset connection: the statement, and how to read what it answers."""

    statement: Statement
    plan: _Plan
    backward: bool
    continued: bool

    def read(self, answered: Sequence[tuple[Any, ...]]) -> Slice:
        """The page that the rows of the statement make."""
        plan = self.plan
        # There is one row even where the page is empty: the position, and nulls. A key is never null.
        found = [row[1:] for row in answered if row[1 + plan.places[-1]] is not None]
        as_of = answered[0][0] if answered else None
        return plan.slice(found, as_of or 0, backward=self.backward, continued=self.continued)


def page(
    source: Source,
    columns: Sequence[str],
    *,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    moment: Moment | None = None,
    viewer: Viewer | None = None,
) -> Page:
    """The `first` rows, perhaps `after` a cursor, or the `last` ones, perhaps `before` one; always in the same order.
    With a `moment` the rows as they were then, with a `viewer` what they may see of them.

    `order` names sortable columns, `-name` for falling; without it the source's own order holds. Raises BadQuery,
    BadCursor, and Invalid for a text that no row can hold.
    """
    rows, place = (first, after) if last is None else (last, before)
    if rows is None or (first is not None and (last is not None or before is not None)) or (last and after is not None):
        raise BadQuery("ask for `first` rows, perhaps `after` a cursor, or for `last` rows, perhaps `before` one")
    backward = last is not None
    text = Text(source, moment, viewer)
    plan = _plan(text, columns, where, order, rows)
    sorts = plan.turned(backward=backward)
    status, conditions, ranges = reached(text), [*seen(text), *text.conditions(where)], [""]
    if place is not None:
        found = decode("before" if backward else "after", place, plan.question(), [s.column for s in sorts])
        ranges = _beyond(text, sorts, found.values)
    inner = plan.sql(text, conditions, ranges, sorts)
    order_by = ", ".join(sort.sql("p.") for sort in sorts)
    sql = f"select s.position, p.* from {status} left join lateral ({inner}) p on true order by {order_by}"
    return Page(text.statement(sql), plan, backward, place is not None)


@dataclass(frozen=True, slots=True)
class Branches:
    """The first page below each of several parents, or the last: the statement, and how to read what it answers. The
    statement answers the place of each parent among them, which is read faster than the parent.
    """

    statement: Statement
    plan: _Plan
    parent: str
    parents: Sequence[Any]
    backward: bool

    def read(self, answered: Sequence[tuple[Any, ...]]) -> tuple[int, dict[Any, Slice]]:
        """The position that the read model had seen, and a page by parent, as the caller gave it. A page's cursors go
        on where `page` is asked with the predicate `parent = value` after the others.
        """
        plan = self.plan
        key = 2 + plan.places[-1]
        found: dict[int, list[tuple[Any, ...]]] = {}
        for row in answered:
            # There is one row even where the page is empty: the position, the place, and nulls. A key is never null.
            if row[1] is None:
                continue
            rows = found.setdefault(row[1], [])
            if row[key] is not None:
                rows.append(row[2:])
        as_of = (answered[0][0] if answered else None) or 0
        slices = {}
        for place, rows in found.items():
            parent = self.parents[place - 1]
            slices[parent] = plan.slice(rows, as_of, Where(self.parent, Op.EQ, parent), backward=self.backward)
        return as_of, slices


def branches(
    source: Source,
    columns: Sequence[str],
    parent: str,
    parents: Sequence[Any],
    *,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    moment: Moment | None = None,
    viewer: Viewer | None = None,
    above: Source | None = None,
) -> Branches:
    """The `first` or `last` rows whose column `parent` has each of these values, all in one statement; of those alone
    that are the key of a row `above` which there is, and which the viewer sees.
    """
    rows = first if last is None else last
    if rows is None or (first is not None and last is not None):
        raise BadQuery("ask for `first` rows or for `last` rows")
    text = Text(source, moment, viewer)
    plan = _plan(text, columns, where, order, rows)
    sorts = plan.turned(backward=last is not None)
    column = text.column(parent)
    status = reached(text) if above is None else reached(text, above)
    different = list(dict.fromkeys(parents))
    array = text.array(different, column.holds.sql)
    listed = f"unnest({array}) with ordinality" if above is None else _rows_above(text, above, array)
    sight = [] if above is not None and follows(text, above) else seen(text)
    conditions = [f"{quoted(column)} = b.parent", *sight, *text.conditions(where)]
    inner = plan.sql(text, conditions, [""], sorts)
    order_by = ", ".join(sort.sql("p.") for sort in sorts)
    sql = (
        f"select s.position, b.place, p.* from {status} left join {listed} b(parent, place) on true"
        f" left join lateral ({inner}) p on true order by b.place, {order_by}"
    )
    return Branches(text.statement(sql), plan, parent, different, last is not None)


def _rows_above(text: Text, above: Source, array: str) -> str:
    (key,) = above.unique
    there = filtered([f'a."{key}" = any({array})', *seen_now(text, above, "a")])
    return f'(select a."{key}", array_position({array}, a."{key}") from read."{above.name}" a{there})'


def whole(
    source: Source,
    *,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    limit: int | None = None,
    moment: Moment | None = None,
) -> Statement:
    """All rows with all columns that readers see, in the order of pages: for a cursor to read along.

    Raises BadQuery, and Invalid for a text that no row can hold.
    """
    text = Text(source, moment)
    by = ", ".join(sort.sql() for sort in _sorts(text, order))
    most = "" if limit is None else f" limit {text.param(limit, 'bigint')}"
    rows = f"select {text.names(shown_columns(source))} from {text.table}{filtered(text.conditions(where))}"
    return text.statement(f"{rows} order by {by}{most}")
