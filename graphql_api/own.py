"""`ownProjections` and `ownProjection`: what analysts have added, listed and read page by page, whatever its columns.

The schema is made when the server starts, and own projections come and go: so their rows are JSON, beside a list of
the columns.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

import strawberry
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from domain.requests import Unavailable
from graphql_api.building import argument, field, list_of, made_type, optional, resolving
from graphql_api.connections import MIN_POSITION
from graphql_api.context import Asking
from graphql_api.filters import MOST_ORDERS, MOST_VALUES, Direction
from graphql_api.lists import MOST_COUNTED, PageInfo, Row, caught_up, counted, page_info
from graphql_api.moments import AS_OF, moment_of
from graphql_api.own_values import Comparison, Holds, conditions, orders, row
from graphql_api.paging import PAGING, paging
from graphql_api.ports import NotBuilt, Replaced
from graphql_api.scalars import BigInt
from graphql_api.selection import asked_below
from graphql_api.shapes import Shapes
from projections import query
from projections.model import IDENTIFIER, Json, columns_of
from projections.query import View
from projections.rights import FIGURES

_UNKNOWN: Final = Message(
    "There is no own projection of this name: `ownProjections` lists them.",
    "Eine eigene Projektion dieses Namens gibt es nicht: `ownProjections` nennt alle.",
)
_REPLACED: Final = Message(
    "This projection was replaced while you asked: ask again; `ownProjections` has its columns.",
    "Diese Projektion wurde währenddessen ersetzt: Bitte noch einmal fragen; `ownProjections` nennt ihre Spalten.",
)
_NO_PAST: Final = Message(
    "Versions of these rows are not kept, so they cannot be asked as of a moment.",
    "Fassungen dieser Zeilen werden nicht aufbewahrt, daher gibt es keinen früheren Stand.",
)


def fields(shapes: Shapes) -> list[StrawberryField]:
    """The two root fields."""
    comparison, holds = _enum(shapes, Comparison, "OwnComparison"), _enum(shapes, Holds, "OwnColumnType")
    column = made_type(
        "OwnColumn",
        [
            field("name", str, "Its name: the key of its values in a row."),
            field("holds", holds, "What it holds."),
            field("about", str, "What it means, in English and German."),
            field("key", bool, "Whether it belongs to what tells a row from every other."),
            field("sortable", bool, "Whether rows can be sorted by it."),
            field("comparisons", list_of(comparison), "How it can be compared."),
        ],
        "A column of an own projection (Spalte).",
    )
    own = made_type(
        "OwnProjection",
        [
            field("name", str, "Its name; SQL reads it as `read.NAME`."),
            field("about", str, "What it shows, in English and German."),
            field("columns", list_of(column), "Its columns, in order."),
            field("historic", bool, "Whether it can be asked as of a moment."),
        ],
        "A read model that an analyst has added (eigene Projektion).",
    )
    page = made_type(
        "OwnProjectionPage",
        [
            field("columns", list_of(column), "The columns of the rows, in order."),
            field("rows", list_of(Json), "The rows of the page, each an object by the names of the columns."),
            field("pageInfo", PageInfo, "Where the page ends, and whether there are more rows."),
            field("totalCount", optional(int), f"How many rows there are; null where more than {MOST_COUNTED:,}."),
            field("asOfPosition", BigInt, "The position of the ledger that the page shows (Stand)."),
        ],
        "A page of an own projection (Seite).",
    )
    condition = made_type(
        "OwnCondition",
        [
            field("column", str, "The column."),
            field("is", comparison, "How it is compared."),
            field("values", list_of(str), f"With what, as `rows` have it: one value; for IN up to {MOST_VALUES}."),
        ],
        "A condition (Bedingung) on the rows of an own projection.",
        kind="input",
    )
    order = made_type(
        "OwnOrder",
        [
            field("column", str, "The column."),
            field("direction", shapes.enum(Direction), "Which way.", default=Direction.ASC),
        ],
        "An order (Sortierung) of the rows of an own projection.",
        kind="input",
    )
    arguments = [
        argument("name", str, "Its name, with or without `own_`."),
        *PAGING,
        argument("where", optional(list_of(condition)), "Only rows for which every one of these holds."),
        argument("orderBy", optional(list_of(order)), f"The order of the rows, at most {MOST_ORDERS}."),
        MIN_POSITION,
        *AS_OF,
    ]
    readers = frozenset(FIGURES)
    listed = "The read models that analysts have added (eigene Auswertungen), as far as they are built."
    return [
        field("ownProjections", list_of(own), listed, readers=readers, resolver=resolving(_listed)),
        field(
            "ownProjection",
            page,
            "A page of one of them (Seite einer eigenen Auswertung).",
            readers=readers,
            resolver=resolving(_page),
            arguments=arguments,
        ),
    ]


def _enum(shapes: Shapes, cls: type[StrEnum], name: str) -> StrawberryEnumDefinition:
    """A vocabulary whose members say themselves what they mean."""
    values = [EnumValue(member.name, member.value, description=member.value) for member in cls]
    return StrawberryEnumDefinition(cls, shapes.names.take(name, "", cls), values, cls.__doc__)


async def _listed(root: Any, info: strawberry.Info) -> list[Row]:
    asking: Asking = info.context
    asked = query.own_views()
    return [
        {"name": view.name, "about": view.comment.en, "columns": _columns(view), "historic": view.historic}
        for view in asked.read(await asking.fetch(asked.statement))
    ]


async def _view(asking: Asking, name: str) -> View:
    if IDENTIFIER.fullmatch(name):
        asked = query.own_views(name)
        for view in asked.read(await asking.fetch(asked.statement)):
            return view
    raise Invalid("name", _UNKNOWN)


async def _page(root: Any, info: strawberry.Info, **given: Any) -> Row:
    asking: Asking = info.context
    view = await _view(asking, given["name"])
    try:
        return await _page_of(view, info, given)
    except (NotBuilt, Replaced) as error:
        if await _view(asking, given["name"]) == view:
            raise
        raise Unavailable(_REPLACED) from error


async def _page_of(view: View, info: strawberry.Info, given: dict[str, Any]) -> Row:
    asking, wanted = info.context, paging(given)
    columns = columns_of(view.row)
    where, order = conditions(columns, given.get("where") or ()), orders(columns, given.get("orderBy") or ())
    await caught_up(asking, given.get("minPosition"), (view.name,))
    moment = await moment_of(asking, given, (view.name,))
    if moment is not None and not view.historic:
        raise Invalid("asOf", _NO_PAST)
    page = query.page(view, list(columns), where=where, order=order, moment=moment, viewer=asking.viewer, **wanted)
    slice_ = page.read(await asking.fetch(page.statement))
    asking.reflects(slice_.as_of)
    cursors = [slice_.cursor(values) for values in slice_.rows]
    counts = "totalCount" in asked_below(info)
    return {
        "columns": _columns(view),
        "rows": [Json(row(list(columns.values()), values)) for values in slice_.rows],
        "pageInfo": page_info(slice_, cursors),
        "totalCount": await counted(view, asking, where, moment) if counts else None,
        "asOfPosition": slice_.as_of,
    }


def _columns(view: View) -> list[Row]:
    return [
        {
            "name": column.name,
            "holds": Holds[column.holds.name],
            "about": column.comment.en,
            "key": column.name in view.unique,
            "sortable": column.sortable,
            "comparisons": [Comparison[op.name] for op in query.operations(column)],
        }
        for column in columns_of(view.row).values()
    ]
