"""The real store under a machine: several counters on one database, and a reader who folds all that they record."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from threading import Barrier
from uuid import UUID

import psycopg

from domain.families import FAMILIES
from domain.kernel import Effective, Fact, Invalid, On, Rejected
from domain.requests import Outcome, Refused, Request
from infra.database import Database
from infra.ledger import Ledger
from infra.ledger.streams import Stream
from infra.ledger.work import target_of
from infra.verify import verify
from tests.database import KEK
from tests.machines.machine import Known, World

COUNTERS = 3
NEW_EVENTS = """
select position, record_id, version, topic, recorded_at, effective_at, envelope::text, body::text from ledger.event
where position > %s order by position
"""

Answer = Outcome | Rejected | Invalid | Refused
Decided = tuple[tuple[UUID, Fact], ...]


class Event:
    """A fact as it was read back, with the states of its record before and after it."""

    def __init__(self, record_id: UUID, fact: Fact, before: object, after: object) -> None:
        self.record_id = record_id
        self.fact = fact
        self.before = before
        self.after = after


class Store:
    """Counters with caches, connections and writer threads of their own, on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.counters = [Ledger(database, KEK, FAMILIES) for _ in range(COUNTERS)]
        # Decides what the model foresees; it never records anything.
        self._referee = Ledger(database, KEK, FAMILIES)
        self._reader = psycopg.connect(database.admin, autocommit=True)
        self._position = 0
        self._numbers = count(1)
        self._requests: dict[UUID, Request] = {}

    def close(self) -> None:
        for ledger in (*self.counters, self._referee):
            ledger.close()
        self._reader.close()

    def fresh(self) -> int:
        """A number that was not given out before."""
        return next(self._numbers)

    def forget(self) -> None:
        """Begin anew behind what was recorded so far."""
        self._requests.clear()
        (self._position,) = self._reader.execute("select position from ledger.head").fetchone() or (0,)

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """What the counters answer, each one request, when all begin together."""
        self._requests.update((request.command_id, request) for request in requests)
        if len(requests) == 1:
            return [_answer(self.counters[self.fresh() % COUNTERS], requests[0])]
        barrier = Barrier(len(requests))

        def one(number: int) -> Answer:
            barrier.wait()
            return _answer(self.counters[number % COUNTERS], requests[number])

        with ThreadPoolExecutor(len(requests)) as threads:
            return list(threads.map(one, range(len(requests))))

    def foresee(self, world: World, request: Request) -> Decided:
        """The facts that a request must lead to in such a world, each with its record. Raises Rejected or Invalid."""
        record_id = target_of(request)
        state = world.state(record_id)
        family = self._referee._family_of_command[type(request.command)]
        reads = request.command.reads(state)
        work = self._referee._work()
        known = {record: world.records[record] for record in {record_id, *reads} if record in world.records}
        work.hold({record_id, *reads}, {k: Stream(v.version, v.state, v.kind) for k, v in known.items()})
        now = datetime.now(UTC)
        context = work.context(record_id, request.principal, now, request.effective or Effective(now), reads)
        try:
            decided = family.decide(state, request.command, context)
        finally:
            # A key that this made up is not the one that a counter will record.
            self._referee.vault.forget(key.key_id for key in self._referee.vault.entries(work.keys.values()))
        facts = tuple((item.record_id, item.fact) if isinstance(item, On) else (record_id, item) for item in decided)
        held = set(world.claims)
        for _, fact in facts:
            held.difference_update(fact.releases())
            for claim in fact.claims():
                if claim in held:
                    raise Rejected(family.claim_rules[claim.kind])
                held.add(claim)
        return facts

    def catch_up(self, world: World) -> list[Event]:
        """Fold what was recorded since into the world. Each command must be what the state it met there allows.

        So commands that were handled at once have the effect of some order, and that is the order of positions.
        """
        events = []
        expected: list[tuple[UUID, str]] = []
        for row in self._reader.execute(NEW_EVENTS, [self._position]):
            event = self._referee.codec.recorded(*row)
            position, record_id, version, topic, fact = row[0], row[1], row[2], row[3], event.fact
            if not expected:
                request = self._requests.pop(event.envelope.command_id)
                expected = [(record, fact.topic) for record, fact in self.foresee(world, request)]
                world.recorded.append((target_of(request), request.command))
            assert (record_id, topic) == expected.pop(0), f"position {position} is not what its command leads to"
            known = world.records.setdefault(record_id, Known(fact.kind))
            assert version == known.version + 1, f"position {position} is version {version} after {known.version}"
            before, known.version = known.state, version
            known.state = self._referee.codec.family_of[type(fact)].evolve(before, fact)
            for claim in fact.releases():
                world.claims.pop(claim, None)
            known.events.append(event)
            world.claims.update((claim, record_id) for claim in fact.claims())
            fact.number(), fact.supervised(), fact.sealing_key()
            events.append(Event(record_id, fact, before, known.state))
            self._position = position
        assert not expected, f"a command was recorded in part: {expected} is missing"
        return events

    def agree(self, world: World) -> None:
        """Every counter has every record as the model has it."""
        for ledger in self.counters:
            streams = ledger.streams(world.records)
            assert {record: known.state for record, known in world.records.items()} == {
                record: stream.state for record, stream in streams.items()
            }

    def verify(self) -> None:
        """The whole ledger is in order, and a counter that opens now folds it without fault."""
        report = verify(self._database, self._referee.codec, kek=KEK)
        assert not report.faults, str(report)
        assert report.rows == self._position


def _answer(ledger: Ledger, request: Request) -> Answer:
    try:
        return ledger.handle(request)
    except (Rejected, Invalid, Refused) as refusal:
        return refusal


@contextmanager
def opened(database: Database) -> Iterator[Store]:
    """A store, closed in the end."""
    store = Store(database)
    try:
        yield store
    finally:
        store.close()
