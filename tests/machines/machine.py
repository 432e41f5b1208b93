"""What a family tells about itself to be driven: moves, stages, and what must hold whatever happens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from domain.kernel import Channel, Claim, Command, Family, Recorded, Sealed

C = TypeVar("C", bound=Command)
S = TypeVar("S")
T = TypeVar("T")

ACTORS: Final = tuple(UUID(int=number) for number in range(1, 5))


class NotYet(Exception):
    """The world has nothing of the kind that a move needs."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A command to try. Without `record` it is for a new one; without `on` it takes effect on the world's day."""

    command: Command
    record: UUID | None = None
    on: date | datetime | None = None
    actor: UUID | None = None
    deputising_for: UUID | None = None
    role: str = "clerk"
    unit: str = "61"
    channel: Channel = Channel.STAFF
    reason: str | None = None


@dataclass
class Known:
    """A record as the model knows it: all its events as they are stored, and what they fold to."""

    kind: str
    version: int = 0
    state: Any = None
    events: list[Recorded] = field(default_factory=list)


@dataclass
class World:
    """All records of one run, folded from what the ledger holds, and the day it is there.

    `recorded` are the commands that led to facts, in their order, each with the record it was addressed to.
    """

    today: date
    records: dict[UUID, Known] = field(default_factory=dict)
    claims: dict[Claim, UUID] = field(default_factory=dict)
    recorded: list[tuple[UUID, Command]] = field(default_factory=list)

    def state(self, record_id: UUID) -> Any:
        """The state of a record, or None where there is none."""
        known = self.records.get(record_id)
        return known.state if known else None

    def events(self, record_id: UUID) -> list[Recorded]:
        """All events of a record as they are stored, with who recorded them and when."""
        known = self.records.get(record_id)
        return known.events if known else []

    def of(self, cls: type[S]) -> dict[UUID, S]:
        """All records whose state is of this class."""
        return {record: known.state for record, known in self.records.items() if isinstance(known.state, cls)}


class Scene:
    """What a move sees: the world, and chance. Everything random comes from here, so that a run can be repeated."""

    def __init__(self, world: World, chance: Random, fresh: Callable[[], int]) -> None:
        self.world = world
        self.random = chance
        self.focus: UUID | None = None
        self._fresh = fresh

    @property
    def today(self) -> date:
        """The world's day."""
        return self.world.today

    def some(self, cls: type[S], where: Callable[[S], bool] = lambda state: True) -> tuple[UUID, S]:
        """A record with such a state: the one that the step is about where it fits, else any.

        Raises NotYet where there is none: then the move is left out.
        """
        found = {record: state for record, state in self.world.of(cls).items() if where(state)}
        if self.focus in found:
            return self.focus, found[self.focus]
        return self.pick(found.items())

    def pick(self, choices: Iterable[T]) -> T:
        """Any of these. Raises NotYet where there are none."""
        pool = list(choices)
        if not pool:
            raise NotYet
        return self.random.choice(pool)

    def often(self, usual: T, *others: T) -> T:
        """The usual value in three cases of four, else one of the others."""
        return usual if self.random.random() < 0.75 else self.random.choice(others or (usual,))

    def chance(self, probability: float) -> bool:
        """Whether something happens that has this probability."""
        return self.random.random() < probability

    def number(self, prefix: str = "") -> str:
        """A number that nobody had before."""
        return f"{prefix}{self._fresh()}"

    def taken(self, kind: str) -> str:
        """The key of a claim of this kind that is held by some record: to be refused. Raises NotYet."""
        return self.pick(claim.key for claim in self.world.claims if claim.kind == kind)

    def earlier(self, cls: type[C]) -> tuple[UUID, C]:
        """Any command of this class that was recorded, and its record: to be said again. Raises NotYet."""
        return self.pick((record, said) for record, said in self.world.recorded if isinstance(said, cls))

    def day(self, first: int = 0, last: int = 30) -> date:
        """A day so many days after today, or before."""
        return self.today + timedelta(days=self.random.randint(first, last))

    def text(self) -> Sealed[str]:
        """A text under seal."""
        return Sealed(f"Text {self._fresh()}")

    def actor(self) -> UUID:
        """One of the four people who work here."""
        return self.random.choice(ACTORS)


class Stage(NamedTuple):
    """Where a thing stands: the thing as the diagram names it, which one of them, and its stage."""

    thing: str
    key: object
    stage: str


Move = Callable[[Scene], Attempt]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A family that can be driven.

    `endings` names, by fact, the stage of a thing that the state no longer holds after it. `kept_back` names rules that
    the store never lets it come to, with the reason: `decide` alone is asked about them. `years` is how long before
    today the world begins. `prelude` are moves that each world begins with, in their order, where a life is so long
    that chance alone would seldom come to its middle; all of them are allowed.
    """

    family: Family
    moves: Sequence[Move]
    stages: Callable[[UUID, Any], Iterable[Stage]]
    check: Callable[[World, UUID], None]
    endings: Mapping[str, str] = field(default_factory=dict)
    kept_back: Mapping[str, str] = field(default_factory=dict)
    years: int = 3
    prelude: Sequence[Move] = ()
