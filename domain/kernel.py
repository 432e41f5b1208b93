"""The words every record family is written in: facts, commands, rules, families and the envelope of a recorded fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, ClassVar, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.rights import NOBODY, Roles

BERLIN: Final = ZoneInfo("Europe/Berlin")


def day_of(time: datetime) -> date:
    """The calendar day of a time in Berlin."""
    return time.astimezone(BERLIN).date()


class Meaning(Enum):
    """Why a string may stand in clear in a fact; everything else is `Sealed`."""

    CODE = "a value of a closed or published vocabulary"
    NUMBER = "an identifier that an office, a register or a source system assigns"
    PUBLIC = "a text without personal data; each use stands on the allow-list of tests/test_conventions.py"


Code = Annotated[str, Meaning.CODE]
Number = Annotated[str, Meaning.NUMBER]
PublicText = Annotated[str, Meaning.PUBLIC]

T = TypeVar("T")


class Sealed(Generic[T]):
    """A text that is stored encrypted under a key of its own, so that forgetting the key forgets the text.

    Before recording it holds the clear `text` and, where the record's key is not the right one, the `key` it belongs
    to (the id of the loan, of the patron …). Once recorded it is an opaque reference: the `position` of the event, the
    `part` of that event and the `name` of the field. Folds and rules see references only.
    """

    __slots__ = ("key", "name", "part", "position", "text")

    def __init__(
        self,
        text: T | None,
        key: UUID | None = None,
        *,
        position: int | None = None,
        part: int | None = None,
        name: str | None = None,
    ) -> None:
        self.text = text
        self.key = key
        self.position = position
        self.part = part
        self.name = name

    @classmethod
    def stored(cls, position: int | None, part: int, name: str) -> Sealed[T]:
        """The reference that stands for a recorded text."""
        return cls(None, position=position, part=part, name=name)

    def _identity(self) -> tuple[Any, ...]:
        return (self.text, self.key, self.position, self.part, self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        # The clear text must not reach a log or a traceback.
        return f"Sealed(position={self.position}, part={self.part}, name={self.name!r})"


class Claim(NamedTuple):
    """A value that only one record may hold, such as a file reference. Kind and key are compared byte by byte."""

    kind: str
    key: str


class Supervision(StrEnum):
    """The two ways in which a second look is taken at what somebody does (Ausnahme, Vier-Augen-Prinzip)."""

    OVERRIDE = "OVERRIDE"
    FOUR_EYES = "FOUR_EYES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """What a fact says for those who watch over the rules: rules that a named person set aside, or two people's act.

    `rules` are the ids of the rules set aside, or of those that asked for a second person. `others` are the actors of
    the earlier steps that this one was held against (drafter, requester, first approver); the envelope names the last.
    """

    by: Supervision
    rules: tuple[Code, ...]
    others: tuple[UUID, ...] = ()
    reason: Sealed[str] | None = None

    @classmethod
    def override(cls, rules: tuple[Code, ...], reason: Sealed[str] | None) -> Supervised | None:
        """That these rules were set aside; None where none was."""
        return cls(by=Supervision.OVERRIDE, rules=rules, reason=reason) if rules else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, in the past tense. Subclasses are frozen dataclasses; once shipped, their shape stays.

    `topic` is what is stored (`efile.file_opened.v1`); `kind` is the kind of record whose stream carries it.
    """

    topic: ClassVar[str]
    kind: ClassVar[str]

    def claims(self) -> tuple[Claim, ...]:
        """Uniqueness claims that this fact makes for its record."""
        return ()

    def releases(self) -> tuple[Claim, ...]:
        """Uniqueness claims of its record that this fact gives up."""
        return ()

    def number(self) -> str | None:
        """The number people know the record by, where this fact assigns it."""
        return None

    def found_by(self) -> tuple[str | None, ...]:
        """Further numbers, and public texts, by which the record is found from now on; None counts for nothing."""
        return ()

    def supervised(self) -> Supervised | None:
        """The override or the decision of two people that this fact is, where it is one."""
        return None

    def sealing_key(self) -> UUID | None:
        """The key for what its envelope seals (person, reason), where that must be forgotten apart from the record."""
        return None


class On(NamedTuple):
    """A fact for another record than the command's own; that record must be among the command's `reads`."""

    record_id: UUID
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody wants done, in the imperative. `kind` is the kind of record it is addressed to.

    `asked_by` are the roles that may ask for it through the API: nobody, unless it says so itself. What a citizen asks
    for concerns a record of their own: a new one, the one addressed, or the one that the field named by `own` means.
    """

    kind: ClassVar[str]
    creates: ClassVar[bool] = False
    asked_by: ClassVar[Roles] = NOBODY
    own: ClassVar[str] = "record"

    def reads(self, state: Any) -> tuple[UUID, ...]:
        """Other records the decision rests on; each is guarded: it must still be at the version read when recorded."""
        return ()


class Message(NamedTuple):
    """One text in the two languages of the interface."""

    en: str
    de: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A named reason to refuse a command. The id is stable and part of the API.

    `about` tells whether the record's state or the caller's input is at fault: the commands available on a record are
    found by running `decide` with placeholder input, so `decide` checks rules about the record first.
    """

    id: str
    protects: Message
    next_step: Message
    source: str | None = None
    about: str = "record"


class Rejected(Exception):
    """A rule forbids the command; nothing was recorded."""

    def __init__(self, rule: Rule, **details: object) -> None:
        super().__init__(rule, details)
        self.rule = rule
        self.details = {name: str(value) for name, value in details.items()}

    def message(self, language: str = "en") -> str:
        """What is protected, the details, and the next step, in English (`en`) or German (`de`)."""
        german = language == "de"
        protects = self.rule.protects.de if german else self.rule.protects.en
        next_step = self.rule.next_step.de if german else self.rule.next_step.en
        details = ", ".join(f"{name}: {value}" for name, value in self.details.items())
        return f"{protects}{f' ({details})' if details else ''} {next_step}"

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.message()}"


class Invalid(ValueError):
    """A command's field has a value that no rule needs to be asked about: empty, too long, out of range."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(f"{field}: {message.en}")
        self.field = field
        self.message = message


class Precision(StrEnum):
    """How exactly the world's time of a fact is known (Genauigkeit)."""

    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Effective:
    """When something happened in the world, as exactly as its source knows it.

    `at` is an aware instant; for a day it is that day's beginning in `zone` (an IANA name) and means the whole day.
    """

    at: datetime
    precision: Precision = Precision.INSTANT
    zone: str = "Europe/Berlin"

    @classmethod
    def on(cls, day: date, zone: str = "Europe/Berlin") -> Effective:
        """A day whose time is not known."""
        at = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
        return cls(at, Precision.DAY, zone)

    @property
    def day(self) -> date:
        """The calendar day in `zone`."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()


class Channel(StrEnum):
    """The way a command came in (Eingangsweg)."""

    STAFF = "STAFF"
    SERVICE_PORTAL = "SERVICE_PORTAL"
    CHATBOT = "CHATBOT"
    TERMINAL = "TERMINAL"
    ONLINE_SHOP = "ONLINE_SHOP"
    IMPORT = "IMPORT"
    SYSTEM = "SYSTEM"


class Authentication(StrEnum):
    """How the actor proved who they are (Nachweis der Identität)."""

    NONE_DEV = "none-dev"
    IMPORT = "import"
    OIDC = "oidc"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who recorded a fact, on what authority and why. Stored beside the fact and covered by its leaf.

    A citizen acting for themselves is the channel's fixed uuid in `actor`, with the person in `person`.
    """

    actor: UUID
    role: Code
    org_unit: Code
    deputising_for: UUID | None = None
    authentication: Authentication
    client: Code
    channel: Channel
    legal_basis: Code | None = None
    effective_precision: Precision
    effective_zone: Code
    correlation_id: UUID
    causation_id: UUID | None = None
    command_id: UUID
    reason: Sealed[str] | None = None
    person: Sealed[str] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact as the ledger holds it. `version` counts 1, 2, 3 … within the record, `position` within the ledger.

    `topic` and `body` are what was stored, character by character; `fact` is that in its current version.
    """

    position: int
    record_id: UUID
    version: int
    topic: str
    recorded_at: datetime
    effective_at: datetime
    envelope: Envelope
    fact: Fact
    body: str = "{}"

    @property
    def originator_id(self) -> UUID:
        """The record, by the name the eventsourcing library uses."""
        return self.record_id

    @property
    def originator_version(self) -> int:
        """The version, by the name the eventsourcing library uses."""
        return self.version

    @property
    def effective(self) -> Effective:
        """`effective_at` with its precision and zone."""
        return Effective(self.effective_at, self.envelope.effective_precision, self.envelope.effective_zone)


class Pseudonym(Protocol):
    """A keyed hash (64 hex digits) of a personal identifier: it can be compared, within its purpose, and never read.

    With `key` it is made under the vault's key of that name and means nothing any more once that key is destroyed.
    """

    def __call__(self, purpose: str, text: str, key: UUID | None = None) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a decision may know besides the record: time, actor, and the records the command reads.

    `reads` maps each id of `Command.reads` to that record's state, or None where there is no such record.
    """

    now: datetime
    effective: Effective
    actor: UUID
    deputising_for: UUID | None = None
    own: UUID | None = None
    """Whose uuid the actor's would be, were they no citizen for whom the channel's stands; for `marks` alone."""
    role: str
    org_unit: str
    channel: Channel
    record_id: UUID
    version: int = 0
    reads: Mapping[UUID, Any] = field(default_factory=dict)
    pseudonym: Pseudonym

    @property
    def persons(self) -> tuple[UUID, ...]:
        """Who acts, and in whose place: four eyes are those of people who are neither."""
        return (self.actor,) if self.deputising_for is None else (self.actor, self.deputising_for)

    def marks(self) -> tuple[str, ...]:
        """The same people as keyed hashes under the key of the record, citizens told apart: so somebody who came as a
        citizen is known again as staff, within this record alone, and no longer than its key lasts.
        """
        own = self.own or self.actor
        people = (own,) if self.deputising_for is None else (own, self.deputising_for)
        return tuple(self.pseudonym("mark", str(person), self.record_id) for person in people)

    @property
    def today(self) -> date:
        """The calendar day of `now` in Berlin."""
        return day_of(self.now)

    @property
    def day(self) -> date:
        """The calendar day in Berlin on which the command takes effect."""
        return day_of(self.effective.at)


class ChargeKind(StrEnum):
    """Whether money is owed under private law or public law (privatrechtlich, öffentlich-rechtlich)."""

    ENTGELT = "entgelt"
    GEBUEHR = "gebuehr"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency of ISO 4217 (Geldbetrag), never a float. EUR amounts have two decimals."""

    amount: Decimal
    currency: Code = "EUR"

    def __add__(self, other: Money) -> Money:
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A record family: its closed lists, and the two pure functions that are its behaviour.

    `decide(state, command, context)` answers the facts a command leads to, or raises `Rejected` or `Invalid`; state is
    None for a record that does not exist. `evolve(state, fact)` answers the next state and never fails on a stored
    fact. `claim_rules` maps the kind of a claim to the rule that refuses a command when the claim is taken.
    `upcasters` maps an outdated topic to its successor and the pure function that turns the one body into the other.
    """

    name: str
    kinds: tuple[str, ...]
    facts: tuple[type[Fact], ...]
    commands: tuple[type[Command], ...]
    rules: tuple[Rule, ...]
    decide: Callable[[Any, Any, Context], tuple[Fact | On, ...]]
    evolve: Callable[[Any, Any], Any]
    claim_rules: Mapping[str, Rule] = field(default_factory=dict)
    upcasters: Mapping[str, tuple[str, Upcaster]] = field(default_factory=dict)


def rules_in(namespace: Mapping[str, object]) -> tuple[Rule, ...]:
    """All rules that a module defines, in order of definition."""
    return tuple(value for value in namespace.values() if isinstance(value, Rule))
