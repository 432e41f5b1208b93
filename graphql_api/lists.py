"""Lists of rows: what a read model's columns look like, and keyset pages of them, each asked with one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.context import Asking
from graphql_api.filters import Filters, orders, predicates
from graphql_api.ids import NodeId
from graphql_api.naming import camel
from graphql_api.scalars import BigInt
from graphql_api.sealed import SealedText, reveal
from graphql_api.selection import asked_below
from graphql_api.shapes import Shapes
from projections import query
from projections.model import Column, ColumnType, Report, Source, columns_of
from projections.query import Where

MOST_FIRST: Final = 100
MOST_COUNTED: Final = 10_000
_PAGE_SIZE: Final = Message(
    f"`first` takes 1 to {MOST_FIRST}; go on with `after` and the `endCursor` of the page.",
    f"`first` nimmt 1 bis {MOST_FIRST}; weiter geht es mit `after` und dem `endCursor` der Seite.",
)
_POSITION: Final = Message(
    "A position of the ledger is 0 or greater.", "Eine Position des Registers ist 0 oder größer."
)


@strawberry.type(description="Where a page ends, and whether there are more rows.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more rows follow.")
    has_previous_page: bool = strawberry.field(
        description="Whether rows come before: the page was asked for `after` one."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first row.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row: give it as `after` to go on.")


@strawberry.interface(description="Anything that can be asked for again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and good for ever.")

    @staticmethod
    def resolve_type(value: Any, *_: Any) -> str:
        """The name of the type that a node has, which every node carries with it."""
        return str(value["__typename"])


@dataclass(frozen=True, slots=True)
class Listing:
    """A read model as a GraphQL type: its name, and the columns by the names of the fields that show them."""

    source: Source
    type_name: str
    columns: Mapping[str, Column]

    @property
    def reads(self) -> tuple[str, ...]:
        """The projections that the rows come from."""
        return self.source.reads if isinstance(self.source, Report) else (self.source.name,)

    def wanted(self, asked: frozenset[str]) -> tuple[str, ...]:
        """The columns behind the fields asked for, and the key."""
        key = self.source.unique
        return tuple(column.name for name, column in self.columns.items() if name in asked or column.name in key)

    def as_dicts(self, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Rows by column, each with the name of its type and its node id."""
        found = []
        for row in rows:
            shown: dict[str, Any] = dict(zip(columns, row, strict=False))
            shown["__typename"] = self.type_name
            shown["id"] = NodeId(self.type_name, tuple(str(shown[name]) for name in self.source.unique)).encode()
            found.append(shown)
        return found

    async def complete(self, asking: Asking, rows: Sequence[dict[str, Any]]) -> None:
        """Reveals what the rows hold sealed. What was not asked for was not fetched and stays out."""
        await reveal(
            asking, rows, [column.name for column in self.columns.values() if column.holds is ColumnType.SEALED]
        )


def row_type(shown: Listing, shapes: Shapes, about: str, more: Sequence[StrawberryField] = ()) -> Type:
    """The type of one row, with a field for each column; a projection's rows are nodes, a report's are not."""
    fields = [
        field(name, shapes.column(column, SealedText), described(column.comment), source=column.name)
        for name, column in shown.columns.items()
    ]
    interfaces = () if isinstance(shown.source, Report) else (Node,)
    return made_type(shown.type_name, [*fields, *more], about, interfaces=interfaces, is_type_of=always)


def described(comment: Message) -> str:
    """A description in English, with the German beside it."""
    return f"{comment.en} ({comment.de})"


def attribute(parent: Any, name: str) -> Any:
    """How a field without a resolver finds its value: rows and pages are dicts, everything else has attributes."""
    return parent[name] if type(parent) is dict else getattr(parent, name)


def always(*_: Any) -> bool:
    return True


def listing(source: Source, type_name: str) -> Listing:
    """A read model, to be shown as a type of this name."""
    return Listing(source, type_name, {camel(name): column for name, column in columns_of(source.row).items()})


def connection_field(
    name: str,
    shown: Listing,
    row: Type,
    filters: Filters,
    about: str,
) -> StrawberryField:
    """The root field of a list: `first`, `after`, `filter`, `orderBy` and `minPosition` in, a connection out."""
    arguments = [
        argument("first", int, f"How many rows, 1 to {MOST_FIRST}."),
        argument("after", optional(str), "A cursor: the rows after that one."),
        *filters.arguments(shown.source, shown.type_name),
        argument("minPosition", optional(BigInt), "Wait until the list has seen this position of the ledger."),
    ]
    connection = connection_type(shown.type_name, row)
    return field(name, connection, about, resolver=resolver(partial(_resolve, shown)), arguments=arguments)


def resolver(run: Any) -> Any:
    """A partly applied coroutine function in the form that Strawberry takes for a resolver."""

    async def resolve(root: Any, info: strawberry.Info, **arguments: Any) -> Any:
        return await run(root, info, **arguments)

    return resolve


async def _resolve(shown: Listing, root: Any, info: strawberry.Info, **given: Any) -> dict[str, Any]:
    asking: Asking = info.context
    where = predicates(shown.source, given.get("filter"))
    await caught_up(asking, given.get("minPosition"), shown.reads)
    return await page_of(shown, asking, asked_below(info), where, given, order=orders(given.get("orderBy")))


def connection_type(type_name: str, row: Type) -> Type:
    """The Relay connection over a type of rows."""
    edge = made_type(
        f"{type_name}Edge",
        [field("cursor", str, "The place of the row in this list."), field("node", row, "The row.")],
        f"A row of a list of {type_name}.",
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
        f"A page of {type_name}.",
    )


async def caught_up(asking: Asking, position: int | None, names: Sequence[str]) -> None:
    """Returns when the read models have seen the position the caller named, if any."""
    if position is None:
        return
    if position < 0:
        raise Invalid("minPosition", _POSITION)
    await asking.positions.wait_for(position, names, asking.wait_seconds)


async def page_of(
    shown: Listing,
    asking: Asking,
    asked: frozenset[str],
    where: Sequence[Where],
    given: Mapping[str, Any],
    *,
    order: Sequence[str] = (),
    also: Sequence[str] = (),
) -> dict[str, Any]:
    """A page, as the connection type shows it: one statement, one more where the rows are to be counted."""
    first = given["first"]
    if not 1 <= first <= MOST_FIRST:
        raise Invalid("first", _PAGE_SIZE)
    columns = tuple(dict.fromkeys((*shown.wanted(asked), *also)))
    page = query.page(shown.source, columns, where=where, order=order, first=first, after=given.get("after"))
    slice_ = page.read(await asking.fetch(*page.statement))
    rows = shown.as_dicts(columns, slice_.rows)
    await shown.complete(asking, rows)
    cursors = [slice_.cursor(row) for row in slice_.rows] if asked & {"cursor", "startCursor", "endCursor"} else []
    return {
        "edges": [
            {"cursor": cursor, "node": row} for cursor, row in zip(cursors or [""] * len(rows), rows, strict=True)
        ],
        "nodes": rows,
        "pageInfo": PageInfo(
            has_next_page=slice_.has_next,
            has_previous_page=slice_.has_previous,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
        "totalCount": await _count(shown, asking, where) if "totalCount" in asked else None,
        "asOfPosition": slice_.as_of,
    }


async def _count(shown: Listing, asking: Asking, where: Sequence[Where]) -> int | None:
    ((counted,),) = await asking.fetch(*query.count(shown.source, where=where, at_most=MOST_COUNTED))
    return counted if counted <= MOST_COUNTED else None


async def row_by_key(
    shown: Listing, asking: Asking, key: Sequence[Any], asked: frozenset[str]
) -> dict[str, Any] | None:
    """One row of a read model, with what was asked for; None where there is none."""
    columns = shown.wanted(asked)
    found = await asking.fetch(*query.by_key(shown.source, columns, [key]))
    rows = shown.as_dicts(columns, [row[len(shown.source.unique) :] for row in found])
    await shown.complete(asking, rows)
    return rows[0] if rows else None
