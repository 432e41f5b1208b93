"""The clock of a generated city: work that waits for its hour, and commands handed in in the order of time."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from random import Random
from typing import Final, Protocol
from uuid import UUID, uuid5

from domain.kernel import BERLIN, Command, Effective, day_of
from domain.requests import Outcome, Principal, Request, new_record_id
from infra.demo.season import is_closed

Work = Generator[datetime, None, None]
"""Something that goes on in the city: it yields the next moment it wants to act in, and acts when that has come."""

CHUNK: Final = 500
MOST_EVENTS_OF_A_COMMAND: Final = 3
DEMO: Final = UUID("6d1c3c5e-6d43-5c70-9d2f-2a8f1f0f8a11")
"""Namespace of everything that is derived for a generated city."""


class Recorder(Protocol):
    """The part of the ledger that a generated city needs."""

    def handle_all(self, requests: list[Request], moments: list[datetime]) -> list[Outcome | Exception]: ...


@dataclass(slots=True)
class Phase:
    """A part of the filling: how many events it has recorded of how many it expects, and the seconds it took."""

    name: str
    expected: int
    events: int = 0
    seconds: float = 0.0


class Simulation:
    """Time, chance and the way to the ledger. The same seed and days lead to the same commands in the same order."""

    def __init__(
        self,
        recorder: Recorder,
        *,
        seed: int,
        begin: date,
        end: date,
        limit: int,
        progress: Callable[[Phase], None],
    ) -> None:
        self.random = Random(seed)  # noqa: S311 - the chance of a story, not of a key
        self.first_day, self.last_day = begin, end
        self.begin = datetime.combine(begin, time_of_day(), BERLIN).astimezone(UTC)
        self.end = datetime.combine(end, time_of_day(), BERLIN).astimezone(UTC)
        self.now = self.begin
        self.limit = limit
        self.recorded = 0
        self.last_position = 0
        self.events: Counter[str] = Counter()
        self._pending: Counter[str] = Counter()
        self._flying: list[Request] = []
        self._answers: Future[list[Outcome | Exception]] | None = None
        self._carrier = ThreadPoolExecutor(1, "demo-recorder")
        self._seed = seed
        self._recorder = recorder
        self._progress = progress
        self._waiting: list[tuple[datetime, int, Work, bool]] = []
        self._batch: list[Request] = []
        self._moments: list[datetime] = []
        self._started = 0
        self._handed_in = 0
        self._phase: Phase | None = None
        self._since = 0.0

    # Phases

    def enter(self, name: str, expected: int) -> Phase:
        """Hand in what is left of the phase before, and begin another."""
        self.leave()
        self._phase = Phase(name, expected)
        self._since = time.monotonic()
        self._progress(self._phase)
        return self._phase

    def leave(self) -> None:
        """Hand in what is left, and stop the phase's watch."""
        self.flush()
        self._phase = None

    def also(self, events: Mapping[str, int]) -> None:
        """Count what was recorded in this phase by another way, by family."""
        count = sum(events.values())
        self.events.update(events)
        self.recorded += count
        self.last_position += count
        if self._phase is not None:
            self._phase.events += count
            self._phase.seconds = time.monotonic() - self._since
            self._progress(self._phase)

    def close(self) -> None:
        """Let go of the thread that hands in, when what it carries is recorded."""
        self._carrier.shutdown()

    # Time

    @property
    def today(self) -> date:
        """The day of the simulated clock."""
        return day_of(self.now)

    @property
    def elapsed(self) -> float:
        """How much of the simulated time is over, from 0 to 1."""
        return (self.now - self.begin) / (self.end - self.begin)

    def after(self, days: float) -> datetime:
        """A moment about so many days from now, at any hour: half to one and a half times as many."""
        return self.now + timedelta(seconds=int(days * 86_400 * self.random.uniform(0.5, 1.5)))

    def later(self, days: float, opens: int = 8, closes: int = 17, working_days: int = 5) -> datetime:
        """An hour at which somebody works, about so many days from now."""
        return self.at_work(self.after(days), opens, closes, working_days)

    def at_work(self, moment: datetime, opens: int = 8, closes: int = 17, working_days: int = 5) -> datetime:
        """The moment, or one on the next working day when nobody works at that hour."""
        local = moment.astimezone(BERLIN)
        day = local.date()
        if local.hour >= closes:
            day += timedelta(days=1)
        elif local.hour >= opens and local.weekday() < working_days and not is_closed(day):
            return moment
        while day.weekday() >= working_days or is_closed(day):
            day += timedelta(days=1)
        minutes = self.random.randrange((closes - opens) * 60)
        opened = datetime.combine(day, time_of_day(opens), BERLIN) + timedelta(minutes=minutes)
        # A few seconds, so that two pieces of work seldom share a moment.
        return (opened + timedelta(seconds=self.random.randrange(60))).astimezone(UTC)

    def expected(self, family: str) -> int:
        """The family's events, with what was handed in since."""
        return self.events[family] + self._pending[family]

    # Work

    def start(self, work: Work, *, needed: bool = False) -> None:
        """Let work begin; it acts first at the first moment it yields. What is `needed` is not cut short."""
        self._resume(work, needed)

    def run(self, enough: int) -> None:
        """Let the clock run until the end. Where there are enough events before, only what is needed goes on."""
        while self._waiting:
            moment, _, work, needed = heapq.heappop(self._waiting)
            if moment >= self.end or (self.recorded >= enough and not needed):
                work.close()
                continue
            self.now = moment
            self._resume(work, needed)
        self.flush()
        self.now = self.end

    def _resume(self, work: Work, needed: bool) -> None:
        moment = next(work, None)
        if moment is not None:
            self._started += 1
            heapq.heappush(self._waiting, (max(moment, self.now), self._started, work, needed))

    # Commands

    def do(
        self,
        who: Principal,
        command: Command,
        record: UUID | None = None,
        *,
        effective: Effective | None = None,
        reason: str | None = None,
        legal_basis: str | None = None,
        correlation: UUID | None = None,
    ) -> UUID:
        """Hand a command in, decided at this moment of the city and effective then unless said otherwise. Answers its
        record, derived where it is created.
        """
        self._handed_in += 1
        request = Request(
            command=command,
            principal=who,
            idempotency_key=f"demo:{self._seed}:{self._handed_in}",
            record_id=record,
            effective=effective or Effective(self.now),
            reason=reason,
            legal_basis=legal_basis,
            correlation_id=correlation,
        )
        self._batch.append(request)
        self._moments.append(self.now)
        self._pending[family_of(command)] += 1
        room = (self.limit - self.recorded) // MOST_EVENTS_OF_A_COMMAND - len(self._flying)
        if room < CHUNK:
            # Near the limit small batches are recorded and waited for, so that it is met to the event.
            if len(self._batch) >= max(1, room):
                self.flush()
        elif len(self._batch) >= CHUNK:
            self._hand_in()
        return record or new_record_id(request.command_id)

    def flush(self) -> None:
        """Have the ledger record what was handed in, and wait for it."""
        self._hand_in()
        self._settle()

    def _hand_in(self) -> None:
        """Give the batch to the ledger: the city goes on while it records. What it said of the batch before is settled
        first, so that the same commands follow each other whatever the speed.
        """
        self._settle()
        if self._batch:
            self._answers = self._carrier.submit(self._recorder.handle_all, self._batch, self._moments)
            self._flying, self._batch, self._moments = self._batch, [], []

    def _settle(self) -> None:
        """Wait for the batch that is being recorded, and count what became of it."""
        if self._answers is None:
            return
        answers = self._answers.result()
        batch, self._flying, self._answers = self._flying, [], None
        before = self.recorded
        for request, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                raise NotPlausible(request, answer) from answer
            self._pending[family_of(request.command)] -= 1
            if answer.first_position is None or answer.last_position is None:
                continue
            count = answer.last_position - answer.first_position + 1
            self.recorded += count
            self.events[family_of(request.command)] += count
            self.last_position = max(self.last_position, answer.last_position)
        if self._phase is not None:
            self._phase.events += self.recorded - before
            self._phase.seconds = time.monotonic() - self._since
            self._progress(self._phase)

    def derived(self, name: str) -> UUID:
        """An id that belongs to this city: the pseudonym of a member of staff, the link between events."""
        return uuid5(DEMO, f"{self._seed}:{name}")


class NotPlausible(Exception):
    """The generated city asked for something that the ledger refuses: a fault of the generator."""

    def __init__(self, request: Request, answer: Exception) -> None:
        effective = request.effective.at.isoformat() if request.effective else "now"
        super().__init__(f"{type(request.command).__name__} on {request.record_id} at {effective}: {answer}")


def family_of(command: Command) -> str:
    """The family a command belongs to: commands live in `domain.<family>`."""
    return type(command).__module__.split(".")[1]
