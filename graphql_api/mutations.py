"""One mutation per command of the domain: the input is read, the ledger asked, the answer typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField
from strawberry.types.union import StrawberryUnion

from domain.kernel import Channel, Command, Effective, Invalid, Message, Rejected
from domain.requests import Outcome, Refused, Request
from domain.rights import Role
from graphql_api import ids
from graphql_api.building import Type, argument, field, made_type, optional
from graphql_api.context import Asking
from graphql_api.lists import Listing
from graphql_api.naming import camel, described
from graphql_api.ports import Forbidden
from graphql_api.problems import PROBLEMS, problem
from graphql_api.scalars import BigInt
from graphql_api.shapes import Member, Shapes, read_members, text
from projections import query
from projections.rights import ALL

LONGEST_KEY: Final = 200
_KEY_LENGTH: Final = Message(
    f"The idempotency key needs 1 to {LONGEST_KEY} characters, such as a uuid made for this request.",
    f"Der Idempotenzschlüssel braucht 1 bis {LONGEST_KEY} Zeichen, etwa eine eigens erzeugte UUID.",
)
_ONE_TIME: Final = Message(
    "Give either `effectiveAt` (an instant) or `effectiveOn` (a day), not both.",
    "Bitte entweder `effectiveAt` (Zeitpunkt) oder `effectiveOn` (Tag) angeben, nicht beides.",
)
_NOT_BY: Final = Message(
    "The role {role} may not do this. Sign in with a role that may: {roles}.",
    "Mit der Rolle {role} ist das nicht möglich. Bitte mit einer Rolle anmelden, die das darf: {roles}.",
)
_OWN_CHANNEL: Final = Message(
    "The channels IMPORT and SYSTEM belong to the ledger's own processes: use the channel the request came in by.",
    "Die Kanäle IMPORT und SYSTEM sind den eigenen Prozessen vorbehalten: bitte den Kanal der Anfrage verwenden.",
)


def _address(command: type[Command], own: set[str | None]) -> list[StrawberryField]:
    """The fields of every input; a command's own field of the same name stands instead of the common one."""
    common = [
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
        common.insert(1, field("record", strawberry.ID, about))
    return [entry for entry in common if entry.graphql_name not in own]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the input of one command becomes a request. `index` is the index of records, and `register` that of the
    command's kind of records: they know who sees what.
    """

    command: type[Command]
    members: tuple[Member, ...]
    common: frozenset[str]
    index: Listing
    register: Listing

    def request(self, given: Mapping[str, Any], asking: Asking) -> Request:
        """Raises `Invalid` for a malformed value, and `Forbidden` for what the caller's role may not do and for a
        channel that is not theirs.
        """
        if asking.viewer.role not in self.command.asked_by:
            roles = ", ".join(sorted(self.command.asked_by)) or "–"
            raise Forbidden(Message(*(said.format(role=asking.principal.role, roles=roles) for said in _NOT_BY)))
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

    async def unseen(self, request: Request, asking: Asking) -> dict[UUID, UUID]:
        """The records that the request is about or names and the caller does not see, each with an id of no record.

        What was recorded a moment ago, and is not in the read models yet, nobody but the caller knows.
        """
        role, hidden = asking.viewer.role, set[UUID]()
        if role is Role.CITIZEN:
            of = request.record_id if self.command.own == "record" else getattr(request.command, self.command.own)
            if of is not None and not await asking.own(of):
                hidden.add(of)
        elif role is not None and self.register.source.readers.get(role) != ALL:
            named = {value for value in (request.record_id, *_values(request.command)) if isinstance(value, UUID)}
            asked = query.hidden(self.index.source, sorted(named), viewer=asking.viewer)
            hidden.update(record_id for (record_id,) in await asking.fetch(asked))
        return {record_id: uuid4() for record_id in hidden}


def _values(of: Any) -> Iterator[Any]:
    """Everything that a command's fields hold, at any depth."""
    if is_dataclass(of):
        for each in fields(of):
            yield from _values(getattr(of, each.name))
    elif isinstance(of, tuple):
        for each in of:
            yield from _values(each)
    else:
        yield of


def _with(of: Any, others: Mapping[UUID, UUID]) -> Any:
    """The same, with other ids in place of some."""
    if is_dataclass(of) and not isinstance(of, type):
        return replace(of, **{each.name: _with(getattr(of, each.name), others) for each in fields(of) if each.init})
    if isinstance(of, tuple):
        return tuple(_with(each, others) for each in of)
    return others.get(of, of) if isinstance(of, UUID) else of


def _effective(at: datetime | None, on: date | None) -> Effective | None:
    if at is not None and on is not None:
        raise Invalid("effectiveOn", _ONE_TIME)
    if on is not None:
        return Effective.on(on)
    return None if at is None else Effective(at)


async def outcome(reading: Reading, success: Type, asking: Asking, input_: Mapping[str, Any]) -> Any:
    """What became of the command with this input: a success, or the problem."""
    others: dict[UUID, UUID] = {}
    try:
        request = reading.request(input_, asking)
        others = await reading.unseen(request, asking)
        if others:  # the answer is that to a record which does not exist
            named, about = _with(request.command, others), request.record_id
            request = replace(request, command=named, record_id=None if about is None else others.get(about, about))
        recorded = await asking.commands.handle(request)
    except (Rejected, Invalid, Refused) as error:
        if isinstance(error, Rejected):
            for given, other in others.items():
                error.details = {name: said.replace(str(other), str(given)) for name, said in error.details.items()}
        return problem(error, asking.say)
    asking.forget(recorded.last_position)
    return _succeeded(success, recorded)


def _succeeded(success: Type, recorded: Outcome) -> Any:
    position = recorded.last_position
    return success(
        commandId=recorded.command_id,
        recordId=recorded.record_id,
        version=BigInt(recorded.version),
        position=None if position is None else BigInt(position),
        repeated=recorded.repeated,
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


@dataclass(frozen=True, slots=True)
class Mutation:
    """A command as the API takes it: its name, the type of its input, and how that is read."""

    name: str
    input: Type
    reading: Reading

    @property
    def about(self) -> str | None:
        """What it does."""
        return described(self.reading.command)

    def field(self, payload: Type, success: Type) -> StrawberryField:
        """The root field."""

        async def run(root: Any, info: strawberry.Info, **arguments: Any) -> Any:
            return await outcome(self.reading, success, info.context, arguments["input"])

        taken = [argument("input", self.input, "The command.")]
        asked_by = self.reading.command.asked_by
        return field(self.name, payload, self.about, readers=asked_by, resolver=run, arguments=taken)


def payload_type(success: Type) -> Type:
    """What every mutation answers."""
    return StrawberryUnion(
        name="CommandPayload",
        type_annotations=tuple(StrawberryAnnotation(answer) for answer in (success, *PROBLEMS)),
        description="What became of a command: `CommandSuccess`, or the reason why nothing was recorded (Ergebnis).",
    )


def mutations(
    inputs: Mapping[type[Command], str],
    shapes: Shapes,
    comments: Mapping[str, dict[str, str]],
    index: Listing,
    registers: Mapping[str, Listing],
) -> list[Mutation]:
    """A mutation for each command, given the names of their inputs.

    `comments` describes, by kind of record, the fields that its register shows too. `index` is that of records, and
    `registers` are those of each kind of them.
    """
    made = []
    for command, name in inputs.items():
        own, members = shapes.members(command, comments.get(command.kind, {}))
        common = _address(command, {entry.graphql_name for entry in own})
        named = frozenset(entry.graphql_name or "" for entry in common)
        reading = Reading(command, members, named, index, registers[command.kind])
        taken = made_type(name, [*common, *own], described(command), kind="input")
        made.append(Mutation(camel(name.removesuffix("Input")), taken, reading))
    return made
