"""One mutation per command of the domain: the input is read, the ledger asked, the answer typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField
from strawberry.types.union import StrawberryUnion

from domain.kernel import Channel, Command, Effective, Invalid, Message, Rejected
from domain.requests import Outcome, Refused, Request
from graphql_api import ids
from graphql_api.building import Type, argument, field, made_type, optional, resolver
from graphql_api.context import Asking
from graphql_api.naming import camel, described
from graphql_api.ports import Forbidden
from graphql_api.problems import PROBLEMS, problem
from graphql_api.scalars import BigInt
from graphql_api.shapes import Member, Shapes, read_members, text

LONGEST_KEY: Final = 200
_KEY_LENGTH: Final = Message(
    f"The idempotency key needs 1 to {LONGEST_KEY} characters, such as a uuid made for this request.",
    f"Der Idempotenzschlüssel braucht 1 bis {LONGEST_KEY} Zeichen, etwa eine eigens erzeugte UUID.",
)
_ONE_TIME: Final = Message(
    "Give either `effectiveAt` (an instant) or `effectiveOn` (a day), not both.",
    "Bitte entweder `effectiveAt` (Zeitpunkt) oder `effectiveOn` (Tag) angeben, nicht beides.",
)
_OWN_CHANNEL: Final = Message(
    "The channels IMPORT and SYSTEM belong to the ledger's own processes: use the channel the request came in by.",
    "Die Kanäle IMPORT und SYSTEM sind den eigenen Prozessen vorbehalten: bitte den Kanal der Anfrage verwenden.",
)


def _address(command: type[Command], own: set[str | None]) -> list[StrawberryField]:
    """The fields of every input; a command's own field of the same name stands instead of the common one."""
    fields = [
        field("idempotencyKey", str, "The caller's key for this request: sent again, it gets the first outcome again."),
        field("expectedVersion", optional(BigInt), "Refuse the command unless the record is at this version."),
        field(
            "effectiveAt", optional(datetime), "When it happened in the world, where the time is known. Default: now."
        ),
        field("effectiveOn", optional(date), "The day it happened in the world, where only the day is known."),
        field("reason", optional(str), "Why, in the caller's words. Stored encrypted (Begründung)."),
        field("legalBasis", optional(str), "The legal basis (Rechtsgrundlage), as in `§ 9 EGovG NRW`."),
        field("correlationId", optional(UUID), "Joins the commands of one business transaction."),
        field("causationId", optional(UUID), "The command or event that led to this one."),
    ]
    if not command.creates:
        about = f"The record ({command.kind}) it is addressed to: its `id` or its `recordId`."
        fields.insert(1, field("record", strawberry.ID, about))
    return [entry for entry in fields if entry.graphql_name not in own]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the input of one command becomes a request."""

    command: type[Command]
    members: tuple[Member, ...]
    common: frozenset[str]

    def request(self, given: Mapping[str, Any], asking: Asking) -> Request:
        """Raises `Invalid` for a malformed value and `Forbidden` for a channel that is not the caller's."""
        if asking.principal.channel in (Channel.IMPORT, Channel.SYSTEM):
            raise Forbidden(_OWN_CHANNEL)
        common = {name: given.get(name) for name in self.common}
        key = text(given["idempotencyKey"], "idempotencyKey", multiline=False)
        if not 1 <= len(key) <= LONGEST_KEY:
            raise Invalid("idempotencyKey", _KEY_LENGTH)
        reason, legal_basis = common.get("reason"), common.get("legalBasis")
        return Request(
            command=read_members(self.command, self.members, dict(given), ""),
            principal=asking.principal,
            idempotency_key=key,
            record_id=None if self.command.creates else ids.record_id(given["record"], "record"),
            expected_version=common.get("expectedVersion"),
            effective=_effective(common.get("effectiveAt"), common.get("effectiveOn")),
            reason=None if reason is None else text(reason, "reason", multiline=True),
            legal_basis=None if legal_basis is None else text(legal_basis, "legalBasis", multiline=False),
            correlation_id=common.get("correlationId"),
            causation_id=common.get("causationId"),
        )


def _effective(at: datetime | None, on: date | None) -> Effective | None:
    if at is not None and on is not None:
        raise Invalid("effectiveOn", _ONE_TIME)
    if on is not None:
        return Effective.on(on)
    return None if at is None else Effective(at)


async def _run(reading: Reading, success: Type, root: Any, info: strawberry.Info, **arguments: Any) -> Any:
    asking: Asking = info.context
    try:
        outcome = await asking.commands.handle(reading.request(arguments["input"], asking))
    except (Rejected, Invalid, Refused) as error:
        return problem(error, asking.say)
    asking.forget()
    return _succeeded(success, outcome)


def _succeeded(success: Type, outcome: Outcome) -> Any:
    position = outcome.last_position
    return success(
        commandId=outcome.command_id,
        recordId=outcome.record_id,
        version=BigInt(outcome.version),
        position=None if position is None else BigInt(position),
        repeated=outcome.repeated,
    )


def success_type(record: StrawberryField) -> Type:
    """What a recorded command answers; `record` is the field that shows the record as the command left it."""
    return made_type(
        "CommandSuccess",
        [
            field("commandId", UUID, "The command as the ledger knows it."),
            field("recordId", UUID, "The record it was recorded on."),
            field("version", BigInt, "The record's version after the command."),
            field(
                "position",
                optional(BigInt),
                "Of its last event: give it as `minPosition` to read it. Null where nothing had to change.",
            ),
            field("repeated", bool, "Whether this is an earlier outcome, given again for a repeated idempotency key."),
            record,
        ],
        "The command was recorded (verfügt).",
    )


def mutation_fields(
    inputs: Mapping[type[Command], str], shapes: Shapes, success: Type, comments: Mapping[str, dict[str, str]]
) -> list[StrawberryField]:
    """A field for each command, given the names of their inputs.

    `comments` describes, by kind of record, the fields that its register shows too.
    """
    payload = StrawberryUnion(
        name="CommandPayload",
        type_annotations=tuple(StrawberryAnnotation(answer) for answer in (success, *PROBLEMS)),
        description="What became of a command: `CommandSuccess`, or the reason why nothing was recorded.",
    )
    return [
        _mutation_field(command, name, payload, success, shapes.members(command, comments.get(command.kind, {})))
        for command, name in inputs.items()
    ]


def _mutation_field(
    command: type[Command],
    name: str,
    payload: Type,
    success: Type,
    declared: tuple[list[StrawberryField], tuple[Member, ...]],
) -> StrawberryField:
    own, members = declared
    common = _address(command, {entry.graphql_name for entry in own})
    reading = Reading(command, members, frozenset(entry.graphql_name or "" for entry in common))
    about = described(command)
    return field(
        camel(name.removesuffix("Input")),
        payload,
        about,
        resolver=resolver(partial(_run, reading, success)),
        arguments=[argument("input", made_type(name, [*common, *own], about, kind="input"), "The command.")],
    )
