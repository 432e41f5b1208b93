"""Connections: pages of rows in the form that an answer asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql_api.lists import Row, page_info
from graphql_api.plans.rows import Rows, by_column
from graphql_api.plans.running import Columns, Run
from graphql_api.plans.values import Convert
from projections.query import Moment, Slice


class Fetched(NamedTuple):
    """A page as it was fetched."""

    run: Run
    slice: Slice
    columns: Columns
    total: int | None
    moment: Moment | None

    def shown(self, rows: Rows) -> list[Row]:
        """Its rows, in one of the forms asked for."""
        return rows.show(self.run, self.columns, len(self.slice.rows), self.moment)


Part = Callable[[Fetched], Any]


@dataclass(slots=True)
class Pages:
    """The fields asked for of a connection."""

    columns: tuple[str, ...] = ()
    counts: bool = False
    rows: list[Rows] = field(default_factory=list)
    parts: list[tuple[str, Part]] = field(default_factory=list)

    def show(self, run: Run, found: Slice, total: int | None, moment: Moment | None) -> Row:
        """A page as the answer shows it."""
        fetched = Fetched(run, found, by_column(self.columns, found.rows), total, moment)
        return {answer: part(fetched) for answer, part in self.parts}


def always(value: Any) -> Part:
    """The same for every page."""
    return lambda _: value


def nodes(rows: Rows) -> Part:
    """The rows."""
    return lambda page: page.shown(rows)


def edges(parts: list[tuple[str, Callable[[Fetched], Iterable[Any]]]]) -> Part:
    """The rows with their cursors, each part as its values for all rows."""
    answers = [answer for answer, _ in parts]

    def show(page: Fetched) -> list[Row]:
        if not answers:
            return [{} for _ in page.slice.rows]
        values = zip(*[part(page) for _, part in parts], strict=True)
        return [dict(zip(answers, each, strict=True)) for each in values]

    return show


def cursors(page: Fetched) -> Iterable[str]:
    """The place of each row."""
    return map(page.slice.cursor, page.slice.rows)


def ends(show: Convert, *, start: bool, end: bool) -> Part:
    """Where the page ends; with the cursors that are asked for."""

    def shown(page: Fetched) -> Any:
        rows = page.slice.rows
        outer = [(rows[0], start), (rows[-1], end)] if rows else []
        return show(page_info(page.slice, [page.slice.cursor(row) if wanted else "" for row, wanted in outer]))

    return shown


def total(page: Fetched) -> int | None:
    """How many rows there are, where that was counted."""
    return page.total


def as_of(page: Fetched) -> str:
    """The position that the page shows."""
    return str(page.slice.as_of)
