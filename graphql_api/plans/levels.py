"""What a plan fetches: pages and single rows to begin with, and below rows what belongs to all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any

from graphql_api import steps
from graphql_api.lists import Listing, Row, counted, counted_below, slice_of, slices_below
from graphql_api.paging import Paging, cursor_in, paging
from graphql_api.plans.pages import Pages
from graphql_api.plans.rows import Rows, by_column
from graphql_api.plans.running import Arguments, Batch, Run
from graphql_api.plans.shape import Unsupported
from graphql_api.plans.values import Convert
from graphql_api.steps import OF_RECORD, Wanted
from projections import query
from projections.model import Source
from projections.query import Moment, Op, Where


@dataclass(frozen=True, slots=True)
class RootPage:
    """A page of a list."""

    step: steps.Page
    arguments: Arguments
    pages: Pages

    async def answer(self, run: Run) -> Row:
        """The connection, with what is below its rows still to be fetched."""
        asking, shown, given = run.asking, self.step.shown, self.arguments(run.variables)
        return await _page(run, shown, self.pages, await self.step.wanted(asking, given))


@dataclass(frozen=True, slots=True)
class RootRow:
    """One row, of one of several types."""

    step: steps.Single
    arguments: Arguments
    rows: Mapping[str, Rows]

    async def answer(self, run: Run) -> Row | None:
        """The row, with what is below it still to be fetched; None where there is none."""
        target = await self.step.find(run.asking, self.arguments(run.variables))
        if target is None:
            return None
        rows = self.rows[target.shown.type_name]
        below = _all_below(rows)
        if below is not None and target.moment is None:
            page, begins = below.asked(run)
            if begins:
                return await below.under(run, target.shown, rows, page, *target.key)
        found = await _by_key(run, target.shown, rows, [target.key], target.moment)
        return found.get(target.key)


@dataclass(frozen=True, slots=True)
class LookupLevel:
    """Below rows that tell of records, another read model's rows of these records."""

    answer: str
    step: steps.Lookup
    rows: Rows

    async def fetch(self, run: Run, batches: Sequence[Batch]) -> None:
        """All in one statement."""
        waiting = _waiting(batches, self.step.kind)
        if waiting:
            keys = [(record,) for record in waiting]
            found = await _by_key(run, self.step.shown, self.rows, keys, batches[0].moment)
            for (record,), row in found.items():
                for parent in waiting[record]:
                    parent[self.answer] = row


@dataclass(frozen=True, slots=True)
class BelowLevel:
    """Below records, pages of the rows that tell of them."""

    answer: str
    step: steps.Below
    arguments: Arguments
    pages: Pages

    async def fetch(self, run: Run, batches: Sequence[Batch]) -> None:
        """All pages in one statement, and their rows counted in one more."""
        moment, waiting = batches[0].moment, _waiting(batches)
        (page, begins), records = self.asked(run), list(waiting)
        if begins:
            found = await self._outer(run, records, page, moment)
        elif len(records) == 1:
            wanted = Wanted([Where(OF_RECORD, Op.EQ, records[0])], page, self.step.order, moment)
            found = {records[0]: await _page(run, self.step.shown, self.pages, wanted)}
        else:
            raise Unsupported("a cursor is of one record's list")
        for record, shown in found.items():
            for parent in waiting[record]:
                parent[self.answer] = shown

    def asked(self, run: Run) -> tuple[Paging, bool]:
        """Which pages are asked for, and whether they are the first or last ones."""
        given = self.arguments(run.variables)
        return paging(given), cursor_in(given) is None

    async def under(self, run: Run, above: Listing, rows: Rows, page: Paging, record: Any) -> Row | None:
        """A record of which nothing but this list is asked for, both in one statement; None where there is none."""
        found = await self._outer(run, [record], page, None, above.source)
        if record not in found:
            return None
        (row,) = rows.show(run, {OF_RECORD: (record,)}, 1, None, below=False)
        row[self.answer] = found[record]
        return row

    async def _outer(
        self, run: Run, records: Sequence[Any], page: Paging, moment: Moment | None, above: Source | None = None
    ) -> dict[Any, Row]:
        """First or last pages."""
        asking, shown, pages, order = run.asking, self.step.shown, self.pages, self.step.order
        slices = await slices_below(shown, asking, pages.columns, OF_RECORD, records, page, order, moment, above)
        totals = (
            await counted_below(shown.source, asking, OF_RECORD, [*slices], moment) if pages.counts and slices else {}
        )
        return {record: pages.show(run, found, totals.get(record), moment) for record, found in slices.items()}


@dataclass(frozen=True, slots=True)
class CompletionLevel:
    """Below rows, what their listing makes of several columns, in one statement at most."""

    listing: Listing
    names: frozenset[str]
    needs: tuple[str, ...]
    parts: list[tuple[str, str, Convert]] = field(default_factory=list)

    async def fetch(self, run: Run, batches: Sequence[Batch]) -> None:
        """Makes the values, to be shown when their texts are revealed."""
        if self.listing.completion is None:
            raise TypeError(f"{self.listing.type_name} has nothing to be completed")
        pairs: list[tuple[Row, Row]] = []
        for shown, columns, _ in batches:
            values = zip(*(columns[name] for name in self.needs), strict=True)
            pairs += zip(shown, (dict(zip(self.needs, each, strict=True)) for each in values), strict=True)
        run.places += await self.listing.completion(run.asking, [made for _, made in pairs], self.names)
        run.endings.append(partial(self._show, pairs))

    def _show(self, pairs: Sequence[tuple[Row, Row]]) -> None:
        for shown, made in pairs:
            for answer, name, show in self.parts:
                shown[answer] = show(made[name])


async def _page(run: Run, shown: Listing, pages: Pages, wanted: Wanted) -> Row:
    asking, (where, page, order, moment) = run.asking, wanted
    found = await slice_of(shown, asking, pages.columns, where, page, order, moment)
    asking.reflects(found.as_of)
    total = await counted(shown.source, asking, where, moment) if pages.counts else None
    return pages.show(run, found, total, moment)


async def _by_key(
    run: Run, shown: Listing, rows: Rows, keys: Sequence[tuple[Any, ...]], moment: Moment | None
) -> dict[tuple[Any, ...], Row]:
    """The rows with these keys, by key."""
    asking, unique = run.asking, shown.source.unique
    more = [name for name in rows.columns if name not in unique]
    asked = query.by_key(shown.source, more, keys, moment, viewer=asking.viewer)
    as_of, found = asked.read(await asking.fetch(asked.statement))
    asking.reflects(as_of)
    answered = rows.show(run, by_column((*unique, *more), found), len(found), moment)
    return {values[: len(unique)]: row for values, row in zip(found, answered, strict=True)}


def _all_below(rows: Rows) -> BelowLevel | None:
    """The list below rows of records of which nothing else is asked for, if so."""
    if rows.columns != (OF_RECORD,) or len(rows.levels) != 1:
        return None
    (level,) = rows.levels
    return level if isinstance(level, BelowLevel) else None


def _waiting(batches: Sequence[Batch], kind: str | None = None) -> dict[Any, list[Row]]:
    """The rows by the record they tell of, perhaps only those of a kind."""
    waiting: dict[Any, list[Row]] = {}
    for shown, columns, _ in batches:
        kinds = repeat(None, len(shown)) if kind is None else columns["kind"]
        for row, record, of_kind in zip(shown, columns[OF_RECORD], kinds, strict=True):
            if of_kind == kind:
                waiting.setdefault(record, []).append(row)
    return waiting
