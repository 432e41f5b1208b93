"""Given facts, when a command, then facts or a refusal: a family's rules as sentences, without a database.

    given(FAMILY, FileOpened(…)).when(CloseFile(…), on=date(2026, 3, 2)).then(FileClosed(…))
    given(FAMILY, FileOpened(…)).beside(case_id, CaseOpened(…)).when(CloseFile(…)).refused("efile.file_has_open_cases")

Facts are given with clear `Sealed` texts and folded the way the ledger returns them: as references to position, part
and field. The n-th fact that is given has position n. A claim that an earlier fact of the scenario holds is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NoReturn
from uuid import UUID, uuid5

from domain.kernel import (
    BERLIN,
    Authentication,
    Channel,
    Claim,
    Command,
    Context,
    Effective,
    Envelope,
    Fact,
    Family,
    Invalid,
    On,
    Recorded,
    Rejected,
    Sealed,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=BERLIN)
TODAY = NOW.date()
RECORD = UUID("00000000-0000-4000-8000-00000000000a")
ACTOR = UUID("00000000-0000-4000-8000-0000000000ac")
SOMEBODY_ELSE = UUID("00000000-0000-4000-8000-0000000000ad")


def an_id(name: str) -> UUID:
    """A fixed id for a record that a scenario talks about by name."""
    return uuid5(RECORD, name)


def pseudonym(purpose: str, text: str, key: UUID | None = None) -> str:
    """Stands in for the vault's keyed hash: as long, and as different for each purpose and key."""
    return sha256(f"{purpose}\0{key}\0{text}".encode()).hexdigest()


def recorded(fact: Fact, position: int) -> Fact:
    """The fact as it comes back from the ledger: its sealed texts replaced by references."""
    sealed = [name for name in (f.name for f in fields(fact)) if isinstance(getattr(fact, name), Sealed)]
    return replace(fact, **{name: Sealed[str].stored(position, part, name) for part, name in enumerate(sealed)})


def _effective(time: date | datetime) -> Effective:
    return Effective(time) if isinstance(time, datetime) else Effective.on(time)


def _envelope(position: int, effective: Effective) -> Envelope:
    return Envelope(
        actor=ACTOR,
        role="clerk",
        org_unit="61",
        authentication=Authentication.NONE_DEV,
        client="tests/1",
        channel=Channel.STAFF,
        effective_precision=effective.precision,
        effective_zone=effective.zone,
        correlation_id=an_id(f"correlation {position}"),
        command_id=an_id(f"command {position}"),
    )


@dataclass(frozen=True)
class Given:
    """Facts of one or more records, in the order they were recorded. Commands come at `now` unless they say when."""

    family: Family
    record_id: UUID
    history: tuple[tuple[UUID, Fact], ...] = ()
    now: datetime = NOW

    @property
    def state(self) -> Any:
        """The state of the record the scenario is about."""
        return self.state_of(self.record_id)

    def state_of(self, record_id: UUID) -> Any:
        """The state that a record's facts lead to, or None where there are none."""
        state = None
        for position, (owner, fact) in enumerate(self.history, start=1):
            if owner == record_id:
                state = self.family.evolve(state, recorded(fact, position))
        return state

    def version_of(self, record_id: UUID) -> int:
        return sum(owner == record_id for owner, _ in self.history)

    def claims(self) -> set[Claim]:
        """The uniqueness claims that are held after all facts."""
        held: set[Claim] = set()
        for _, fact in self.history:
            held.difference_update(fact.releases())
            held.update(fact.claims())
        return held

    def events(self, *effective: Effective | date) -> list[Recorded]:
        """The history as a fold sees it. The n-th event takes effect at the n-th time, at the last, or now."""
        versions: dict[UUID, int] = {}
        events = []
        for position, (record_id, fact) in enumerate(self.history, start=1):
            versions[record_id] = versions.get(record_id, 0) + 1
            given_time = effective[min(position, len(effective)) - 1] if effective else NOW
            when = given_time if isinstance(given_time, Effective) else _effective(given_time)
            events.append(
                Recorded(
                    position=position,
                    record_id=record_id,
                    version=versions[record_id],
                    topic=fact.topic,
                    recorded_at=NOW + timedelta(seconds=position),
                    effective_at=when.at,
                    envelope=_envelope(position, when),
                    fact=recorded(fact, position),
                )
            )
        return events

    def beside(self, record_id: UUID, *facts: Fact) -> Given:
        """Further facts, on another record."""
        return replace(self, history=self.history + tuple((record_id, fact) for fact in facts))

    def about(self, record_id: UUID) -> Given:
        """The same history, seen from another of its records: the next command is addressed to it."""
        return replace(self, record_id=record_id)

    def at(self, now: datetime) -> Given:
        """The same history, when it is later."""
        return replace(self, now=now)

    def when(
        self,
        command: Command,
        *,
        now: datetime | None = None,
        on: date | None = None,
        at: datetime | None = None,
        actor: UUID = ACTOR,
        deputising_for: UUID | None = None,
        own: UUID | None = None,
        role: str = "clerk",
        org_unit: str = "61",
        channel: Channel = Channel.STAFF,
    ) -> Decision:
        """Decide the command; it takes effect `on` a day, `at` an instant, or now."""
        now, state = now or self.now, self.state
        assert command.creates or state is not None, f"{type(command).__name__} needs a record: give it some facts"
        reads = command.reads(state)
        context = Context(
            now=now,
            effective=Effective.on(on) if on else Effective(at or now),
            actor=actor,
            deputising_for=deputising_for,
            own=own,
            role=role,
            org_unit=org_unit,
            channel=channel,
            record_id=self.record_id,
            version=self.version_of(self.record_id),
            reads={record_id: self.state_of(record_id) for record_id in reads},
            pseudonym=pseudonym,
        )
        try:
            facts = self.family.decide(state, command, context)
            self._claim(facts)
        except (Rejected, Invalid) as refusal:
            return Decision(self, refusal=refusal)
        strangers = [item.record_id for item in facts if isinstance(item, On) and item.record_id not in reads]
        assert not strangers, f"facts for records that the command does not read: {strangers}"
        return Decision(self, facts=facts, reads=context.reads)

    def _claim(self, facts: Iterable[Fact | On]) -> None:
        held = self.claims()
        for item in facts:
            fact = item.fact if isinstance(item, On) else item
            held.difference_update(fact.releases())
            for claim in fact.claims():
                if claim in held:
                    raise Rejected(self.family.claim_rules[claim.kind], key=claim.key)
                held.add(claim)


@dataclass(frozen=True)
class Decision:
    """What became of a command: facts, or a refusal."""

    given: Given
    facts: tuple[Fact | On, ...] = ()
    refusal: Rejected | Invalid | None = None
    reads: Mapping[UUID, Any] = field(default_factory=dict)

    def then(self, *expected: Fact | On) -> Given:
        """Exactly these facts, in this order. Answers the scenario they lead to, for the next command."""
        self._accepted()
        assert self.facts == expected, f"decided {self.facts}, expected {expected}"
        return self.so()

    def so(self) -> Given:
        """The scenario that the decided facts lead to, whatever they are."""
        self._accepted()
        own = self.given.record_id
        more = tuple((item.record_id, item.fact) if isinstance(item, On) else (own, item) for item in self.facts)
        return replace(self.given, history=self.given.history + more)

    def nothing(self) -> None:
        """The command is allowed and there is nothing to record."""
        self.then()

    def refused(self, rule: str) -> Rejected:
        """The rule with this id forbids the command."""
        if not isinstance(self.refusal, Rejected):
            self._surprised(f"expected the rule {rule}")
        assert self.refusal.rule.id == rule, f"expected the rule {rule}, got {self.refusal}"
        assert self.refusal.rule in self.given.family.rules, f"{rule} is missing in the family's list of rules"
        return self.refusal

    def invalid(self, name: str) -> Invalid:
        """The command's field of this name has a value that cannot be."""
        if not isinstance(self.refusal, Invalid):
            self._surprised(f"expected the field {name} to be invalid")
        assert self.refusal.field == name, f"expected the field {name} to be invalid, got {self.refusal}"
        return self.refusal

    def _accepted(self) -> None:
        if self.refusal is not None:
            raise AssertionError(f"refused: {self.refusal}") from self.refusal

    def _surprised(self, expectation: str) -> NoReturn:
        raise AssertionError(f"{expectation}, got {self.refusal or self.facts}") from self.refusal


def given(family: Family, *facts: Fact, record_id: UUID = RECORD) -> Given:
    """A record with these facts; without facts, the id of a record to be created."""
    return Given(family, record_id, tuple((record_id, fact) for fact in facts))
