"""`rebuild` and `cancelRebuild`: read models made anew from the ledger, by those who keep the program running."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from domain.requests import Refused
from domain.rights import Role
from graphql_api.building import argument, field, optional
from graphql_api.context import Asking
from graphql_api.health import READ_MODEL, read_models
from graphql_api.lists import Row
from graphql_api.ports import Forbidden, Operations

OPERATORS: Final = frozenset({Role.ADMIN})
_NOT_BY: Final = Message(
    "Only the role admin rebuilds read models.", "Nur die Rolle admin baut Leseverzeichnisse neu auf."
)
_UNKNOWN: Final = Message(
    "There is no such read model: `readModels` lists them.",
    "Ein solches Leseverzeichnis gibt es nicht: `readModels` nennt alle.",
)
_IDLE: Final = Message("It is not being rebuilt.", "Es wird gerade nicht neu aufgebaut.")


def fields(names: Collection[str]) -> list[StrawberryField]:
    """The two root fields of mutations, over the read models of these names."""
    taken = [argument("name", str, "The read model, as `readModels` names it.")]

    async def asked(asking: Asking, name: str) -> tuple[Operations, Row]:
        if asking.viewer.role not in OPERATORS or asking.operations is None:
            raise Forbidden(_NOT_BY)
        found = {row["name"]: row for row in await read_models(asking)}
        if name not in names or name not in found:
            raise Invalid("name", _UNKNOWN)
        return asking.operations, found[name]

    async def shown(asking: Asking, name: str) -> Row | None:
        return next((row for row in await read_models(asking) if row["name"] == name), None)

    async def rebuild(root: Any, info: strawberry.Info, name: str) -> Row | None:
        operations, _ = await asked(info.context, name)
        await operations.rebuild(name)
        return await shown(info.context, name)

    async def cancel(root: Any, info: strawberry.Info, name: str) -> Row | None:
        operations, before = await asked(info.context, name)
        if before["building_total"] is None:
            raise Refused(_IDLE)
        await operations.cancel(name)
        return await shown(info.context, name)

    def made(name: str, about: str, run: Callable[..., Awaitable[Row | None]]) -> StrawberryField:
        return field(name, optional(READ_MODEL), about, readers=OPERATORS, resolver=run, arguments=taken)

    return [
        made(
            "rebuild",
            "Make a read model anew from the ledger, and put it in the place of the live rows when it is whole "
            "(Neuaufbau). It answers when that has begun; `readModels` and `operationProgress` tell how far it is.",
            rebuild,
        ),
        made(
            "cancelRebuild",
            "Stop a rebuild (Abbruch): the live rows stay, and the next rebuild goes on from there.",
            cancel,
        ),
    ]
