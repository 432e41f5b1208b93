"""`trace`: what belongs together by its correlation, across records and families, as far as the caller sees it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from graphql_api.building import Type, argument, field
from graphql_api.connections import MIN_POSITION
from graphql_api.context import Asking
from graphql_api.lists import Listing, Row, caught_up, page_of
from graphql_api.moments import AS_OF, moment_of
from graphql_api.paging import PAGING, paging
from graphql_api.selection import asked_below
from projections.query import Op, Where


def trace_field(trail: Listing, connection: Type) -> StrawberryField:
    """The root field over the audit trail."""

    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> Row:
        asking: Asking = info.context
        page = paging(given)
        await caught_up(asking, given.get("minPosition"), trail.reads)
        moment = await moment_of(asking, given, trail.reads)
        where = [Where("correlation_id", Op.EQ, given["correlationId"])]
        return await page_of(trail, asking, asked_below(info), where, page, ("position",), moment)

    about = (
        "The events of one correlation, in the order they were recorded, of all records that the caller sees. The "
        "`causationId` of an event is the `commandId` that led to it (Vorgangskette)."
    )
    arguments = [argument("correlationId", UUID, "What joins them."), *PAGING, MIN_POSITION, *AS_OF]
    return field("trace", connection, about, readers=trail.readers, resolver=resolve, arguments=arguments)
