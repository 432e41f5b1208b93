"""How fields lead to rows, told once: resolvers go these steps row by row, compiled plans level by level."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import strawberry

from graphql_api.context import Asking
from graphql_api.lists import MOMENT, Listing, Row, page_of, pages_below, row_by_key
from graphql_api.paging import Paging, cursor_in, paging
from graphql_api.selection import asked_below
from projections.query import Moment, Op, Where

OF_RECORD: Final = "record_id"
"""The column by which a row leads to its record, and a record to what tells of it."""


class Wanted(NamedTuple):
    """Which rows of a list are asked for, in which order and as of when."""

    where: Sequence[Where]
    page: Paging
    order: Sequence[str]
    moment: Moment | None


@dataclass(frozen=True, slots=True)
class Page:
    """To a page of a list. `wanted` reads the arguments, and waits for what they want to be there."""

    shown: Listing
    wanted: Callable[[Asking, Mapping[str, Any]], Awaitable[Wanted]]

    async def resolve(self, root: Any, info: strawberry.Info, **given: Any) -> Row:
        """The connection."""
        where, page, order, moment = await self.wanted(info.context, given)
        return await page_of(self.shown, info.context, asked_below(info), where, page, order, moment)


class Target(NamedTuple):
    """One row of a read model, by the values of its key, and as of when."""

    shown: Listing
    key: tuple[Any, ...]
    moment: Moment | None


@dataclass(frozen=True, slots=True)
class Single:
    """To one row of one of these read models, by type. `find` reads from the arguments which; None where it knows that
    there is none.
    """

    shown: Mapping[str, Listing]
    find: Callable[[Asking, Mapping[str, Any]], Awaitable[Target | None]]

    async def resolve(self, root: Any, info: strawberry.Info, **given: Any) -> Row | None:
        """The row; None where there is none."""
        target = await self.find(info.context, given)
        if target is None:
            return None
        return await row_by_key(target.shown, info.context, asked_below(info), target.key, target.moment)


@dataclass(frozen=True, slots=True)
class Lookup:
    """From a row that tells of a record to another read model's row of it, perhaps only where it is of a `kind`."""

    shown: Listing
    kind: str | None = None

    async def resolve(self, root: Row, info: strawberry.Info, **_: Any) -> Row | None:
        """The row; None where there is none."""
        if self.kind is not None and root["kind"] != self.kind:
            return None
        return await row_by_key(self.shown, info.context, asked_below(info), (root[OF_RECORD],), root[MOMENT])


@dataclass(frozen=True, slots=True)
class Below:
    """From a record's row to a page of the rows that tell of it."""

    shown: Listing
    order: tuple[str, ...]

    async def resolve(self, root: Row, info: strawberry.Info, **given: Any) -> Row:
        """The connection. Where no cursor is given, the pages of all parents come in one statement."""
        asking: Asking = info.context
        asked, page, record_id, moment = asked_below(info), paging(given), root[OF_RECORD], root[MOMENT]
        if cursor_in(given) is None:
            return await pages_below(self.shown, asking, asked, OF_RECORD, record_id, page, self.order, moment)
        where = [Where(OF_RECORD, Op.EQ, record_id)]
        return await page_of(self.shown, asking, asked, where, page, self.order, moment)
