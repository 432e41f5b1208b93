"""`readModels`: how far each read model is behind the ledger, and what it could not take."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.rights import Role
from graphql_api.building import field, list_of, made_type, optional
from graphql_api.context import Asking
from graphql_api.lists import Row
from graphql_api.naming import camel
from graphql_api.scalars import BigInt
from projections import query

_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("name", str, "The read model."),
    ("status", str, "`building`: being filled for the first time; `live`: following; `stopped`: see `error`."),
    ("position", BigInt, "The last event that its rows reflect (Stand)."),
    ("lag_events", BigInt, "How many recorded events they do not reflect yet (Rückstand)."),
    ("lag_seconds", Decimal, "How long the oldest of those has been recorded."),
    ("updated_at", datetime, "When the position last moved."),
    ("error", optional(str), "Why it stopped, or why it could not be built."),
    ("error_position", optional(BigInt), "The event at which it stopped."),
    ("error_since", optional(datetime), "When it stopped."),
    ("quarantined_rows", BigInt, "How many rows stand still because an event of theirs could not be folded."),
    ("quarantined_events", BigInt, "How many events they do not reflect for that."),
    ("quarantined_since", optional(datetime), "Since when the oldest of them has stood still."),
    ("building_done", optional(BigInt), "While it is rebuilt: events folded so far."),
    ("building_total", optional(BigInt), "While it is rebuilt: events to fold."),
    ("building_rate", optional(BigInt), "While it is rebuilt: events a second."),
    ("building_seconds_left", optional(BigInt), "While it is rebuilt: how long that will take at this rate."),
    ("rebuilt_at", optional(datetime), "When it was last rebuilt from the ledger."),
    ("rebuilt_rows", optional(BigInt), "How many rows were rebuilt then."),
    ("checksum", optional(str), "SHA-256 over those rows, in hex."),
)


READERS: Final = frozenset({Role.ADMIN, Role.AUDITOR, Role.ANALYST})
READ_MODEL: Final = made_type(
    "ReadModel",
    [field(camel(name), of, about, source=name) for name, of, about in _FIELDS],
    "How far a read model is, and what is wrong with it (Leseverzeichnis).",
)


async def read_models(asking: Asking) -> list[Row]:
    """All read models, by name."""
    found = await asking.fetch(query.health())
    return [dict(zip(query.HEALTH, values, strict=True)) for values in found]


def read_models_field() -> StrawberryField:
    """The root field."""

    async def resolve(root: Any, info: strawberry.Info) -> list[Row]:
        return await read_models(info.context)

    about = "How far every read model is behind the ledger (Rückstand der Lesemodelle), and what it could not take."
    return field("readModels", list_of(READ_MODEL), about, readers=READERS, resolver=resolve)
