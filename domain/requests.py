"""What is handed to the ledger and what comes back: principal, request, outcome, and the typed refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.kernel import Authentication, Channel, Command, Effective, Message, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking, as the authentication has established it. `actor` is a pseudonymous uuid.

    `person` names a citizen who acts for themselves; the actor is then the channel's fixed uuid, and `counted_by` is
    whose idempotency keys theirs are, so that two citizens may use the same ones: the uuid that they would act by as
    staff. A decision compares by it (`Context.marks`); it is never recorded. `records` are those that the
    authentication vouches for as a citizen's own, such as their reader's card.
    """

    actor: UUID
    role: str
    org_unit: str
    authentication: Authentication
    channel: Channel
    client: str
    deputising_for: UUID | None = None
    person: str | None = field(default=None, repr=False)
    counted_by: UUID | None = field(default=None, repr=False)
    records: frozenset[UUID] = frozenset()


def actor_of(channel: Channel) -> UUID:
    """The fixed uuid that stands for every citizen of a channel."""
    return uuid5(NAMESPACE_URL, f"stadtbuch:channel:{channel}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command, addressed: to `record_id`, or to a new record where the command creates one.

    The `idempotency_key` is the caller's: the same principal repeating it gets the first outcome again, and is refused
    when the request differs. Without `expected_version` the command is decided again when the record has moved on.
    `effective` defaults to now. `command_id` follows from principal and idempotency key.
    """

    command: Command
    principal: Principal
    idempotency_key: str
    record_id: UUID | None = None
    expected_version: int | None = None
    effective: Effective | None = None
    reason: str | None = field(default=None, repr=False)
    legal_basis: str | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    command_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        # Looked at many times on the way to the ledger, so made once: uuid5 of principal and idempotency key.
        name = f"stadtbuch:command:{self.principal.counted_by or self.principal.actor}:{self.idempotency_key}"
        object.__setattr__(self, "command_id", uuid5(NAMESPACE_URL, name))


def new_record_id(command_id: UUID, ordinal: int = 0) -> UUID:
    """The id of a record that a command creates: derived, so that a repeat creates the same one."""
    return uuid5(command_id, f"record:{ordinal}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a request. Positions are None where there was nothing to record.

    `version` is the record's version after the command; `repeated` tells that an earlier outcome is given again.
    """

    command_id: UUID
    record_id: UUID
    version: int
    first_position: int | None
    last_position: int | None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Whether a record's state allows a command, and if not, which rule stands against it."""

    command: type[Command]
    allowed: bool
    blocked_by: Rule | None = None


class Refused(Exception):
    """A request that was not recorded for a reason other than a rule. `message` says what to do next."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


class NotFound(Refused):
    """There is no such record, or it is of another kind than the command's."""


class VersionConflict(Refused):
    """The record is not at the version the caller expected."""

    def __init__(self, message: Message, *, expected: int, actual: int) -> None:
        super().__init__(message)
        self.expected = expected
        self.actual = actual


class IdempotencyKeyReused(Refused):
    """The idempotency key was used before, with another request."""


class Overloaded(Refused):
    """The record is so contended that repeated decisions went stale; trying again later is safe."""


class Unavailable(Refused):
    """The store does not answer. Whether the command was recorded is open; repeating it with its key is safe."""
