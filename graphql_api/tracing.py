"""`trace`: what belongs together by its correlation, across records and families, as far as the caller sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from strawberry.types.field import StrawberryField

from graphql_api.building import Type, argument, field
from graphql_api.connections import MIN_POSITION
from graphql_api.context import Asking
from graphql_api.lists import Listing, caught_up
from graphql_api.moments import AS_OF, moment_of
from graphql_api.paging import PAGING, paging
from graphql_api.steps import Page, Wanted
from projections.query import Op, Where


def trace_field(trail: Listing, connection: Type) -> StrawberryField:
    """The root field over the audit trail."""

    async def wanted(asking: Asking, given: Mapping[str, Any]) -> Wanted:
        page = paging(given)
        await caught_up(asking, given.get("minPosition"), trail.reads)
        where = [Where("correlation_id", Op.EQ, given["correlationId"])]
        return Wanted(where, page, ("position",), await moment_of(asking, given, trail.reads))

    about = (
        "The events of one correlation, in the order they were recorded, of all records that the caller sees. The "
        "`causationId` of an event is the `commandId` that led to it (Vorgangskette)."
    )
    arguments = [argument("correlationId", UUID, "What joins them."), *PAGING, MIN_POSITION, *AS_OF]
    return field("trace", connection, about, readers=trail.readers, step=Page(trail, wanted), arguments=arguments)
