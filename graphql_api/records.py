"""One record across all read models: its heading, its register row, its history, and what may be done with it now."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from domain.kernel import Invalid, Message
from domain.rights import CITIZENS
from graphql_api import ids
from graphql_api.building import Type, argument, field, list_of, optional, resolving
from graphql_api.connections import MIN_POSITION, Node
from graphql_api.context import Asking
from graphql_api.lists import Listing, Row, caught_up, row_by_key
from graphql_api.moments import AS_OF, RECORD_AS_OF, moment_of
from graphql_api.naming import camel
from graphql_api.paging import PAGING
from graphql_api.problems import Rule, shown_rule
from graphql_api.selection import asked_below
from graphql_api.steps import OF_RECORD, Below, Lookup, Single, Target
from projections import query
from projections.model import Projection

_AMBIGUOUS: Final = Message(
    "Several kinds of records have this number: give `kind` too.",
    "Mehrere Arten von Datensätzen haben diese Nummer: bitte auch `kind` angeben.",
)
_ONE_WAY: Final = Message("Give either `id` or `number`.", "Bitte entweder `id` oder `number` angeben.")


@strawberry.type(description="Whether the record's state allows a command now (möglicher nächster Schritt).")
class AvailableCommand:
    name: str = strawberry.field(description="The mutation.")
    allowed: bool = strawberry.field(description="Whether the state allows it; the input may still be refused.")
    blocked_by: Rule | None = strawberry.field(description="The rule that stands against it.")


@dataclass(frozen=True, slots=True)
class Records:
    """The read models that tell of single records: their index, the audit trail, and by kind of record its register."""

    index: Listing
    trail: Listing
    registers: Mapping[str, Listing]
    mutations: Mapping[type, str]

    @property
    def names(self) -> list[str]:
        """The projections that a record is put together from."""
        return [name for shown in (self.index, self.trail, *self.registers.values()) for name in shown.reads]

    def further_fields(self, history: Type, register_rows: Mapping[str, Type]) -> list[StrawberryField]:
        """What a record shows besides its heading: history, possible next steps, and a field for each register."""
        registers = []
        for kind, row in register_rows.items():
            shown = self.registers[kind]
            about = f"Its row in the register, where it is a `{kind}`."
            step = Lookup(shown, kind)
            registers.append(field(camel(kind), optional(row), about, readers=shown.readers, step=step))
        about = "Everything that was ever recorded on it, oldest first (Verlauf)."
        return [
            field(
                "history",
                history,
                about,
                readers=self.trail.readers,
                step=Below(self.trail, ("position",)),
                arguments=PAGING,
            ),
            field(
                "availableCommands",
                list_of(AvailableCommand),
                "What its state allows now, of what the caller's role may do: every command is tried, and nothing "
                "recorded (mögliche Schritte).",
                readers=CITIZENS,
                resolver=resolving(partial(_available, self)),
            ),
            *registers,
        ]

    async def load(self, asking: Asking, asked: frozenset[str], record_id: UUID) -> Row | None:
        """The record by its id; None where there is none."""
        return await row_by_key(self.index, asking, asked, (record_id,))


async def _available(records: Records, root: Row, info: strawberry.Info, **_: Any) -> list[AvailableCommand]:
    asking: Asking = info.context
    found = await asking.commands.available(root["record_id"], asking.principal)
    return [
        AvailableCommand(
            name=records.mutations[each.command],
            allowed=each.allowed,
            blocked_by=None if each.blocked_by is None else shown_rule(each.blocked_by, asking.say),
        )
        for each in found
        if asking.viewer.role in each.command.asked_by
    ]


def record_field(records: Records, record: Type) -> StrawberryField:
    """The root field that finds a record by its id or by its number."""

    async def find(asking: Asking, given: Mapping[str, Any]) -> Target | None:
        given_id, number = given.get("id"), given.get("number")
        if (given_id is None) == (number is None):
            raise Invalid("id", _ONE_WAY)
        await caught_up(asking, given.get("minPosition"), records.names)
        if given_id is None:
            found = await _find(records, asking, str(number), given.get("kind"))
        else:
            found = ids.record_id(given_id, "id")
            await asking.own(found)
        if found is None:
            return None
        moment = await moment_of(asking, given, records.names, (records.trail.source, found))
        return Target(records.index, (found,), moment)

    arguments = [
        argument("id", optional(strawberry.ID), "Its `id` or its `recordId`."),
        argument("number", optional(str), "The number people know it by (Aktenzeichen, Drucksachennummer …)."),
        argument("kind", optional(str), "The kind of record, where several kinds have the number."),
        MIN_POSITION,
        *RECORD_AS_OF,
    ]
    about = "One record (Datensatz), by its id or by its number; null where there is none."
    step = Single({records.index.type_name: records.index}, find)
    return field("record", optional(record), about, readers=records.index.readers, step=step, arguments=arguments)


async def _find(records: Records, asking: Asking, number: str, kind: str | None) -> UUID | None:
    index = records.index.source
    if not isinstance(index, Projection):
        raise TypeError("the index of records is a projection")
    text = unicodedata.normalize("NFC", number)
    rows = await asking.fetch(query.by_number(index, ("record_id", "kind"), [text], viewer=asking.viewer))
    found: list[UUID] = [record_id for _, record_id, of_kind in rows if kind in (None, of_kind)]
    if len(found) > 1:
        raise Invalid("kind", _AMBIGUOUS)
    return found[0] if found else None


def record_of_row(records: Records, record: Type) -> StrawberryField:
    """The field by which a row leads to its record."""
    about = "The record it tells of."
    return field("record", optional(record), about, readers=records.index.readers, step=Lookup(records.index))


def record_after(records: Records, record: Type) -> StrawberryField:
    """The record as a command left it: waits until the read models have seen the command."""

    async def resolve(root: Any, info: strawberry.Info, **_: Any) -> Row | None:
        asking: Asking = info.context
        await asking.own(root.recordId)
        # Of several commands each shows its record as all of them left it: it is read once for all.
        await caught_up(asking, asking.recorded, records.names)
        return await records.load(asking, asked_below(info), root.recordId)

    about = "The record as the command left it. Null, with an error, where that cannot be read in time: ask again."
    return field("record", optional(record), about, readers=records.index.readers, resolver=resolve)


def node_field(shown: Mapping[str, Listing]) -> StrawberryField:
    """Relay's root field: any node by its id."""

    async def find(asking: Asking, given: Mapping[str, Any]) -> Target | None:
        node = ids.decode(given["id"])
        listing = shown.get(node.type)
        if listing is None:
            return None
        key = ids.key_of(node, listing.source)
        if listing.source.unique == (OF_RECORD,):
            await asking.own(key[0])
        return Target(listing, key, await moment_of(asking, given, listing.reads))

    arguments = [argument("id", strawberry.ID, "The `id` that a node was answered with."), *AS_OF]
    about = "Any node (Knoten) by its id; null where there is none."
    readers = frozenset(role for listing in shown.values() for role in listing.readers)
    return field("node", optional(Node), about, readers=readers, step=Single(shown, find), arguments=arguments)
