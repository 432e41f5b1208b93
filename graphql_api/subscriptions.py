"""Subscriptions: events as they are recorded, a record at each change, rebuilds until they are done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from graphql_api import ids
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.connections import MIN_POSITION
from graphql_api.filters import predicates
from graphql_api.following import Following, events_at, followed, record_at
from graphql_api.health import READ_MODEL, READERS, read_models
from graphql_api.limits import cost_below
from graphql_api.lists import Row, caught_up
from graphql_api.paging import MOST_ROWS
from graphql_api.records import Records
from graphql_api.scalars import BigInt
from graphql_api.selection import asked_below
from projections.query import Op, Where

_HOW_MANY: Final = Message(
    f"Say with `first` how many events a message may have, 1 to {MOST_ROWS}.",
    f"Bitte mit `first` sagen, wie viele Ereignisse eine Nachricht haben darf, 1 bis {MOST_ROWS}.",
)
MOST_CHANGES: Final = 100
PROGRESS_SECONDS: Final = 1.0


def fields(records: Records, event: Type, record: Type, events: StrawberryField) -> list[StrawberryField]:
    """The root fields. `events` is the one of queries; its filter serves here too."""
    trail = records.trail
    batch = made_type(
        "EventBatch",
        [
            field("nodes", list_of(event), "The events, oldest first."),
            field("position", BigInt, "Where they end: give it as `after` to go on from here."),
            field("live", bool, "Whether they were just recorded; false while earlier ones are caught up with."),
        ],
        "Events that are told together (Ereignisse).",
    )
    update = made_type(
        "RecordUpdate",
        [
            field("record", optional(record), "The record as it is now; null where there is none to be seen."),
            field("position", BigInt, "The position of the ledger that it reflects, if no later one."),
            field("changes", list_of(BigInt), "The positions of the events since the last message, oldest first."),
        ],
        "A record as it is now, after a change (Änderung eines Datensatzes).",
    )
    progress = made_type(
        "OperationProgress",
        [
            field("running", bool, "Whether anything is still being rebuilt."),
            field("readModels", list_of(READ_MODEL), "The read models that are being rebuilt, or just were."),
        ],
        "How far rebuilds have come (Fortschritt).",
    )
    return [
        _streamed(
            field(
                "events",
                batch,
                "Events as they are recorded, in batches, each event once and in order (Ereignisse verfolgen). After a "
                "lost connection go on with the `position` of the last batch.",
                readers=trail.readers & trail.source.listed_by,
                resolver=_stream(partial(_events, records)),
                arguments=[
                    argument("first", int, f"How many events a message has at most, 1 to {MOST_ROWS}."),
                    argument("after", optional(BigInt), "Events after this position; without it, those to come."),
                    *(each for each in events.arguments if each.python_name == "filter"),
                ],
            )
        ),
        _streamed(
            field(
                "record",
                update,
                "A record as it is, and again after each change (Datensatz verfolgen).",
                readers=records.index.readers,
                resolver=_stream(partial(_record, records)),
                arguments=[argument("id", strawberry.ID, "Its `id` or its `recordId`."), MIN_POSITION],
            )
        ),
        _streamed(
            field(
                "operationProgress",
                progress,
                "Rebuilds of read models, until none is running any more (Neuaufbau verfolgen).",
                readers=READERS,
                resolver=_stream(_progress),
                arguments=[argument("name", optional(str), "The rebuild of this read model only.")],
            )
        ),
    ]


def _streamed(made: StrawberryField) -> StrawberryField:
    made.is_subscription = True
    return made


def _stream(run: Callable[..., AsyncGenerator[Row, None]]) -> Callable[..., Any]:
    """A partly applied generator in the form that Strawberry takes for the resolver of a subscription. Each message is
    paid for as a query would be that asks for as many rows.
    """

    async def resolve(root: Any, info: strawberry.Info, **arguments: Any) -> AsyncGenerator[Row, None]:
        asking: Following = info.context
        below = cost_below(info._raw_info)
        async with aclosing(run(info, **arguments)) as rows:
            async for row in rows:
                asking.at = row.get("position")
                asking.spent(1 + below * (len(row["nodes"]) if "nodes" in row else 1))
                yield row

    return resolve


async def _events(records: Records, info: strawberry.Info, **given: Any) -> AsyncGenerator[Row, None]:
    asking: Following = info.context
    trail, after = records.trail, given.get("after")
    where, most, asked = predicates(trail.source, given.get("filter")), given["first"], asked_below(info)
    if not 1 <= most <= MOST_ROWS:
        raise Invalid("first", _HOW_MANY)
    trail.check(asking, "filter", (each.column for each in where))
    async with aclosing(followed(asking, trail, records.names, where, after, most)) as batches:
        async for batch in batches:
            asking.renew()
            rows = await events_at(asking, trail, asked, batch.positions) if batch.positions else ()
            if rows:
                yield {"nodes": rows, "position": batch.at, "live": batch.live}


async def _record(records: Records, info: strawberry.Info, **given: Any) -> AsyncGenerator[Row, None]:
    asking: Following = info.context
    record_id, asked = ids.record_id(given["id"], "id"), asked_below(info)
    await asking.own(record_id)
    await caught_up(asking, given.get("minPosition"), records.names)
    where = [Where("record_id", Op.EQ, record_id)]
    shown = True
    async with aclosing(followed(asking, records.trail, records.names, where, None, MOST_CHANGES)) as batches:
        async for batch in batches:
            asking.renew()
            row = await record_at(asking, records.index, records.names, asked, record_id, batch.at)
            # What changes on a record that is not shown is told to nobody, nor that it changed.
            if row is not None or shown:
                yield {"record": row, "position": batch.at, "changes": [] if row is None else batch.positions}
            shown = row is not None


async def _progress(info: strawberry.Info, **given: Any) -> AsyncGenerator[Row, None]:
    asking: Following = info.context
    names: set[str] = set()
    told: Row | None = None

    async def load(keys: list[Any]) -> list[list[Row]]:
        return [await read_models(asking)] * len(keys)

    while told is None or told["running"]:
        if told is not None:
            await asyncio.sleep(PROGRESS_SECONDS)  # nobody rings for progress
        asking.renew()
        found = [
            row for row in await asking.loader("progress", load).load(None) if given.get("name") in (None, row["name"])
        ]
        running = {row["name"] for row in found if row["building_total"] is not None}
        names |= running
        now = {"running": bool(running), "readModels": [row for row in found if row["name"] in names]}
        if now != told:
            yield now
        told = now
