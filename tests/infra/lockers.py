"""A family of records for tests of ledger and verify: lockers, whose numbers are claimed and given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, assert_never
from uuid import UUID, uuid4

from domain.kernel import Claim, Code, Command, Context, Fact, Family, Message, Number, Rejected, Rule, Sealed, rules_in
from domain.requests import Principal, Request
from tests.database import CLERK

CLAIM = "locker.number"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockerTaken(Fact):
    topic: ClassVar[str] = "locker.taken.v1"
    kind: ClassVar[str] = "locker"
    door: Number
    content: Sealed[str]
    guest: UUID | None = None
    guest_name: Sealed[str] | None = None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(CLAIM, self.door),)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockerOpened(Fact):
    topic: ClassVar[str] = "locker.opened.v1"
    kind: ClassVar[str] = "locker"
    by: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class LockerReturned(Fact):
    topic: ClassVar[str] = "locker.returned.v1"
    kind: ClassVar[str] = "locker"
    door: Number

    def releases(self) -> tuple[Claim, ...]:
        return (Claim(CLAIM, self.door),)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLocker(Command):
    """`guest_name` is sealed under the guest's own key."""

    kind: ClassVar[str] = "locker"
    creates: ClassVar[bool] = True
    door: Number
    content: Sealed[str]
    guest: UUID | None = None
    guest_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLocker(Command):
    """Zero times is a command that leads to nothing."""

    kind: ClassVar[str] = "locker"
    by: Code = "key"
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLocker(Command):
    kind: ClassVar[str] = "locker"


NUMBER_TAKEN = Rule(
    "locker.number_taken",
    Message("A locker has one user.", "Ein Schließfach hat einen Nutzer."),
    Message("Choose another.", "Ein anderes wählen."),
)
LOCKER_RETURNED = Rule(
    "locker.returned",
    Message("A returned locker stays shut.", "Ein zurückgegebenes Schließfach bleibt zu."),
    Message("Take one.", "Eines nehmen."),
)


@dataclass(frozen=True, slots=True)
class Locker:
    """In use until it is returned."""

    door: str
    content: Sealed[str]
    returned: bool = False


def decide(state: Locker | None, command: Any, context: Context) -> tuple[Fact, ...]:
    match command:
        case TakeLocker():
            name = None if command.guest_name is None else Sealed(command.guest_name, command.guest)
            taken = LockerTaken(door=command.door, content=command.content, guest=command.guest, guest_name=name)
            return (taken,)
        case OpenLocker() if state is not None:
            if state.returned:
                raise Rejected(LOCKER_RETURNED)
            return (LockerOpened(by=command.by),) * command.times
        case ReturnLocker() if state is not None:
            if state.returned:
                raise Rejected(LOCKER_RETURNED)
            return (LockerReturned(door=state.door),)
    raise TypeError(f"{command} is no command of lockers")


def evolve(state: Locker | None, fact: LockerTaken | LockerOpened | LockerReturned) -> Locker | None:
    match fact:
        case LockerTaken():
            return Locker(fact.door, fact.content)
        case LockerOpened():
            return state
        case LockerReturned():
            return None if state is None else replace(state, returned=True)
        case _:
            assert_never(fact)


FAMILY = Family(
    name="locker",
    kinds=("locker",),
    facts=(LockerTaken, LockerOpened, LockerReturned),
    commands=(TakeLocker, OpenLocker, ReturnLocker),
    rules=rules_in(globals()),
    decide=decide,
    evolve=evolve,
    claim_rules={CLAIM: NUMBER_TAKEN},
)


def request(command: Command, record: UUID | None = None, key: str | None = None, **more: Any) -> Request:
    """A clerk's request under a new idempotency key, or that one."""
    principal: Principal = more.pop("principal", CLERK)
    return Request(command=command, principal=principal, idempotency_key=key or str(uuid4()), record_id=record, **more)
