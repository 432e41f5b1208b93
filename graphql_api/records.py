"""One record across all read models: its register row, its history, and the commands its state allows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Family, Invalid, Message
from graphql_api import ids
from graphql_api.building import Type, argument, field, list_of, made_type, optional
from graphql_api.context import Asking
from graphql_api.lists import (
    MOST_FIRST,
    Listing,
    Node,
    always,
    caught_up,
    connection_type,
    page_of,
    resolver,
    row_by_key,
)
from graphql_api.naming import camel
from graphql_api.problems import Rule, shown_rule
from graphql_api.scalars import BigInt
from graphql_api.selection import asked_below
from projections import query
from projections.model import Projection
from projections.query import Op, Where

_TYPE: Final = "Record"
_AMBIGUOUS: Final = Message(
    "Several kinds of records have this number: give `kind` too.",
    "Mehrere Arten von Datensätzen haben diese Nummer: bitte auch `kind` angeben.",
)
_ONE_WAY: Final = Message("Give either `id` or `number`.", "Bitte entweder `id` oder `number` angeben.")
_NO_KIND: Final = Message("There is no such kind of record.", "Eine solche Art von Datensatz gibt es nicht.")


@strawberry.type(description="Whether the record's state allows a command now (möglicher nächster Schritt).")
class AvailableCommand:
    name: str = strawberry.field(description="The mutation.")
    allowed: bool = strawberry.field(
        description="Whether the record's state allows it; its input may still be refused."
    )
    blocked_by: Rule | None = strawberry.field(description="The rule that stands against it.")


def topics(families: Iterable[Family]) -> dict[str, tuple[str, str]]:
    """Family and kind of record by topic, old versions of topics included."""
    found = {}
    for family in families:
        for fact in family.facts:
            found[fact.topic] = (family.name, fact.kind)
        for old in family.upcasters:
            topic = old
            while topic in family.upcasters:
                topic = family.upcasters[topic][0]
            found[old] = found[topic]
    return found


@dataclass(frozen=True, slots=True)
class Records:
    """The read models that tell of single records: the audit trail, and by kind the register that shows it."""

    audit: Listing
    registers: Mapping[str, Listing]
    topics: Mapping[str, tuple[str, str]]

    @property
    def names(self) -> list[str]:
        """The projections that a record is put together from."""
        return [name for listing in (self.audit, *self.registers.values()) for name in listing.reads]

    async def load(self, asking: Asking, record_id: UUID, asked: frozenset[str]) -> dict[str, Any] | None:
        """The record by its id, with what was asked for; None where there is none."""
        newest = await self._event(asking, record_id, "-position")
        if newest is None:
            return None
        position, version, topic, changed_at = newest
        family, kind = self.topics[topic]
        found: dict[str, Any] = {
            "__typename": _TYPE,
            "id": ids.NodeId(_TYPE, (str(record_id),)).encode(),
            "recordId": record_id,
            "family": family,
            "kind": kind,
            "version": version,
            "position": position,
            "changedAt": changed_at,
            "number": None,
        }
        if "openedAt" in asked:
            oldest = await self._event(asking, record_id, "position")
            found["openedAt"] = oldest[3] if oldest else changed_at
        register = self.registers.get(kind)
        number = _number_of(register)
        if register and number and "number" in asked:
            rows = await asking.fetch(*query.by_key(register.source, [number], [(record_id,)]))
            found["number"] = rows[0][1] if rows else None
        return found

    async def _event(self, asking: Asking, record_id: UUID, order: str) -> tuple[Any, ...] | None:
        page = query.page(
            self.audit.source,
            ("position", "version", "topic", "recorded_at"),
            where=[Where("record_id", Op.EQ, record_id)],
            order=[order],
            first=1,
        )
        rows = page.read(await asking.fetch(*page.statement)).rows
        return rows[0][:4] if rows else None

    async def find(self, asking: Asking, number: str, kind: str | None) -> UUID | None:
        """The record with a human number. Raises `Invalid` where several kinds have it and none was named."""
        if kind is not None and kind not in self.registers:
            raise Invalid("kind", _NO_KIND)
        searched = [self.registers[kind]] if kind else list(self.registers.values())
        statements = [
            query.by_number(listing.source, ("record_id",), [number])
            for listing in searched
            if isinstance(listing.source, Projection) and _number_of(listing)
        ]
        answers = await asyncio.gather(*(asking.fetch(*statement) for statement in statements))
        found = [row[1] for rows in answers for row in rows]
        if len(found) > 1:
            raise Invalid("number", _AMBIGUOUS)
        return found[0] if found else None


def _number_of(register: Listing | None) -> str | None:
    return register.source.number if register and isinstance(register.source, Projection) else None


def record_type(records: Records, event: Type, rows: Mapping[str, Type]) -> Type:
    """`Record`: its heading, its history, its possible next steps, and a field for each register's row."""
    fields = [
        field("recordId", UUID, "The record's uuid, as mutations take it."),
        field("kind", str, "What kind of record it is, as in `case`."),
        field("family", str, "The record family, as in `efile`."),
        field("number", optional(str), "The number people know it by (Aktenzeichen, Drucksachennummer …)."),
        field("version", BigInt, "How many events it has."),
        field("position", BigInt, "The position of its last event."),
        field("openedAt", datetime, "When its first event was recorded (angelegt)."),
        field("changedAt", datetime, "When its last event was recorded (geändert)."),
        field(
            "history",
            connection_type("History", event),
            "Everything that was ever recorded on it, oldest first (Verlauf).",
            resolver=resolver(partial(_history, records)),
            arguments=[
                argument("first", int, f"How many events, 1 to {MOST_FIRST}."),
                argument("after", optional(str), "A cursor: the events after that one."),
            ],
        ),
        field(
            "availableCommands",
            list_of(AvailableCommand),
            "What its state allows to do now: every command is tried without being recorded (mögliche Schritte).",
            resolver=resolver(_available),
        ),
    ]
    for kind, row in rows.items():
        name = row.__strawberry_definition__.name
        about = f"Its row in the register, where it is a `{kind}`."
        run = resolver(partial(_register_row, records.registers[kind], kind))
        fields.append(field(camel(name), optional(row), about, resolver=run))
    about = "A record of any family: everything about it that is not particular to its kind (Datensatz)."
    return made_type(_TYPE, fields, about, interfaces=(Node,), is_type_of=always)


async def _history(records: Records, root: dict[str, Any], info: strawberry.Info, **given: Any) -> dict[str, Any]:
    where = [Where("record_id", Op.EQ, root["recordId"])]
    return await page_of(records.audit, info.context, asked_below(info), where, given, order=["position"])


async def _available(root: dict[str, Any], info: strawberry.Info, **_: Any) -> list[AvailableCommand]:
    asking: Asking = info.context
    found = await asking.commands.available(root["recordId"], asking.principal)
    return [
        AvailableCommand(
            name=camel(each.command.__name__),
            allowed=each.allowed,
            blocked_by=None if each.blocked_by is None else shown_rule(each.blocked_by, asking.say),
        )
        for each in found
    ]


async def _register_row(
    shown: Listing, kind: str, root: dict[str, Any], info: strawberry.Info, **_: Any
) -> dict[str, Any] | None:
    if root["kind"] != kind:
        return None
    return await row_by_key(shown, info.context, (root["recordId"],), asked_below(info))


def record_field(records: Records, record: Type) -> StrawberryField:
    """The root field that finds a record by id or by number."""

    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> dict[str, Any] | None:
        asking: Asking = info.context
        given_id, number = given.get("id"), given.get("number")
        if (given_id is None) == (number is None):
            raise Invalid("id", _ONE_WAY)
        await caught_up(asking, given.get("minPosition"), records.names)
        if given_id is not None:
            record_id: UUID | None = ids.record_id(given_id, "id")
        else:
            record_id = await records.find(asking, number or "", given.get("kind"))
        return None if record_id is None else await records.load(asking, record_id, asked_below(info))

    about = "One record, by its id or by its number."
    return field(
        "record",
        optional(record),
        about,
        resolver=resolve,
        arguments=[
            argument("id", optional(strawberry.ID), "Its `id` or its `recordId`."),
            argument("number", optional(str), "The number people know it by."),
            argument("kind", optional(str), "The kind of record, where several kinds have the number."),
            argument("minPosition", optional(BigInt), "Wait until this position of the ledger can be read."),
        ],
    )


def record_after(records: Records, record: Type) -> StrawberryField:
    """The record as a command left it: waits until the read models have seen the command."""

    async def resolve(root: Any, info: strawberry.Info, **_: Any) -> dict[str, Any] | None:
        asking: Asking = info.context
        await caught_up(asking, root.position, records.names)
        return await records.load(asking, root.recordId, asked_below(info))

    about = "The record as the command left it. Null, with an error, where it cannot be read in time: read it later."
    return field("record", optional(record), about, resolver=resolve)


def node_field(records: Records, listings: Mapping[str, Listing]) -> StrawberryField:
    """Relay's root field: any node by its id."""

    async def resolve(root: Any, info: strawberry.Info, **given: Any) -> dict[str, Any] | None:
        node = ids.decode(given["id"])
        asked = asked_below(info)
        if node.type == _TYPE:
            return await records.load(info.context, ids.record_id(given["id"], "id"), asked)
        shown = listings.get(node.type)
        if shown is None:
            return None
        return await row_by_key(shown, info.context, ids.key_of(node, shown.source), asked)

    arguments = [argument("id", strawberry.ID, "The `id` that a node was answered with.")]
    return field(
        "node", optional(Node), "Any node by its id; null where there is none.", resolver=resolve, arguments=arguments
    )
