"""Rows and connections as GraphQL types: nodes with a field for each column, pages in Relay's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Message
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.context import Asking
from graphql_api.filters import Filters, orders, predicates
from graphql_api.lists import MOST_COUNTED, Listing, PageInfo, Row, caught_up
from graphql_api.moments import AS_OF, moment_of
from graphql_api.paging import PAGING, paging
from graphql_api.scalars import BigInt
from graphql_api.sealed import SealedText
from graphql_api.shapes import Shapes
from graphql_api.steps import Page, Wanted
from projections.model import Report, ordering


@strawberry.interface(description="Anything that can be asked for again by its id (Knoten).")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and good for ever.")

    @staticmethod
    def resolve_type(value: Row, *_: Any) -> str:
        """The name of the type, which every row carries with it."""
        return str(value["__typename"])


def told_by_itself(*_: Any) -> bool:
    """Whether a value is of a type: a row says itself what it is."""
    return True


def described(comment: Message) -> str:
    """A description in English, with the German beside it."""
    return f"{comment.en} ({comment.de})"


def row_type(shown: Listing, shapes: Shapes, about: str, more: Sequence[StrawberryField] = ()) -> Type:
    """The type of one row, with a field for each column; a projection's rows are nodes, a report's are not."""
    fields = [
        field(
            name,
            shapes.column(column, SealedText),
            described(column.comment),
            readers=shown.readers & column.seen_by,
            source=column.name,
        )
        for name, column in shown.columns.items()
    ]
    if isinstance(shown.source, Report):
        return made_type(shown.type_name, [*fields, *more], about)
    return made_type(shown.type_name, [*fields, *more], about, interfaces=(Node,), is_type_of=told_by_itself)


def connection_type(type_name: str, row: Type) -> Type:
    """The Relay connection over a type of rows."""
    edge = made_type(
        f"{type_name}Edge",
        [field("cursor", str, "The place of the row in this list."), field("node", row, "The row.")],
        f"A row of a list of {type_name} (Zeile einer Liste).",
    )
    return made_type(
        f"{type_name}Connection",
        [
            field("edges", list_of(edge), "The rows of the page with their cursors."),
            field("nodes", list_of(row), "The rows of the page."),
            field("pageInfo", PageInfo, "Where the page ends, and whether there are more rows."),
            field("totalCount", optional(int), f"How many rows there are; null where more than {MOST_COUNTED:,}."),
            field("asOfPosition", BigInt, "The position of the ledger that the page shows (Stand)."),
        ],
        f"A page of {type_name} (Seite einer Liste).",
    )


MIN_POSITION = argument("minPosition", optional(BigInt), "Wait until this position of the ledger can be read.")


def connection_field(name: str, shown: Listing, connection: Type, filters: Filters, about: str) -> StrawberryField:
    """The root field of a list: page, `filter`, `orderBy`, `minPosition` and moment in, a connection out."""
    arguments = [*PAGING, *filters.arguments(shown.source, shown.type_name), MIN_POSITION]
    if shown.historic:
        arguments += AS_OF
    readers, step = shown.readers & shown.source.listed_by, Page(shown, partial(_wanted, shown))
    return field(name, connection, about, readers=readers, step=step, arguments=arguments)


async def _wanted(shown: Listing, asking: Asking, given: Mapping[str, Any]) -> Wanted:
    page, where = paging(given), predicates(shown.source, given.get("filter"))
    order = orders(given.get("orderBy"))
    shown.check(asking, "filter", (each.column for each in where))
    shown.check(asking, "orderBy", (ordering(name)[0] for name in order))
    await caught_up(asking, given.get("minPosition"), shown.reads)
    return Wanted(where, page, order, await moment_of(asking, given, shown.reads))
