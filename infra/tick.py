"""What time brings about: asks the registers what is due on a day, and has each of it recorded, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg

from domain.families import FAMILIES
from domain.kernel import Authentication, Channel, Effective, Invalid, Message, Rejected, day_of
from domain.requests import Outcome, Overloaded, Principal, Refused, Request, Unavailable
from infra import projector
from infra.database import Database
from infra.projector.rows import Shape
from projections import query
from projections.duties import Duty
from projections.families import PROJECTIONS, REPORTS

PAGE: Final = 1_000
PASSES: Final = 100
PATIENCE: Final = 60.0

PRINCIPAL: Final = Principal(
    actor=uuid5(NAMESPACE_URL, "stadtbuch:system:tick"),
    role="scheduler",
    org_unit="system",
    authentication=Authentication.SYSTEM,
    channel=Channel.SYSTEM,
    client="stadtbuch-tick/1",
)


class Book(Protocol):
    """What records the requests: the ledger, or a rehearsal that decides them and records nothing."""

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A row that is due: its record, the day it fell due, and the request that is to record it."""

    record_id: UUID
    since: date
    request: Request


@dataclass(slots=True)
class Tally:
    """What became of the rows of one duty. `already` were recorded by a run whose facts the register had not seen yet.

    `oldest` and `latest` are the first and the last day on which one of them fell due.
    """

    duty: str
    recorded: int = 0
    already: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    oldest: date | None = None
    latest: date | None = None

    @property
    def refused(self) -> int:
        """How many rules stood against."""
        return self.rules.total()

    @property
    def due(self) -> int:
        """How many were found."""
        return self.recorded + self.already + self.refused

    def fell_due(self, since: date) -> None:
        """Take one of them into account."""
        self.oldest = min(self.oldest or since, since)
        self.latest = max(self.latest or since, since)


Tell = Callable[[Duty, Found, str, str | None], None]
"""Told of each row: what became of it (`recorded`, `already`, `refused`), and the refusal's rule or kind."""


def today() -> date:
    """The calendar day in Berlin."""
    return day_of(datetime.now(UTC))


class Tick:
    """One run over all duties: for what was due by a `day`, on the day that is today.

    A state takes effect on the day it fell due. An act takes effect on the day of the run, whatever `day` was asked
    for: what the office does, it does now. Interrupted, a run may be repeated: what was recorded stays.
    """

    def __init__(
        self,
        duties: Sequence[Duty],
        day: date,
        reader: psycopg.Connection[Any],
        book: Book,
        tell: Tell,
        *,
        on: date | None = None,
    ) -> None:
        self._duties = duties
        self._day = day
        self._on = on or today()
        if day > self._on:
            raise ValueError(f"a run on {self._on} cannot know what is due on {day}")
        self._reader = reader
        self._book = book
        self._tell = tell
        self.tallies = {duty.name: Tally(duty.name) for duty in duties}
        self._refused: dict[str, tuple[Duty, Found, str]] = {}

    def run(self, caught_up: Callable[[], object], *, once: bool = False) -> list[Tally]:
        """Record what is due; `caught_up` waits until the registers show all that was recorded.

        What is recorded may make more due, so the registers are asked until nothing new is. A refusal counts when it
        is repeated: else somebody was quicker, and the row is not due any more. Raises Unavailable, Overloaded.
        """
        for _ in range(PASSES):
            caught_up()
            before, self._refused = self._refused, {}
            recorded = sum(self._pass(duty) for duty in self._duties)
            if once or (not recorded and self._refused.keys() <= before.keys()):
                self._count_refused()
                return list(self.tallies.values())
        raise RuntimeError(f"after {PASSES} passes there is still something new to record: a duty does not end")

    def _pass(self, duty: Duty) -> int:
        recorded = 0
        for rows in self._pages(duty):
            found = [self._found(duty, row) for row in rows]
            answers = self._book.handle_all([each.request for each in found])
            for each, answer in zip(found, answers, strict=True):
                if isinstance(answer, Exception):
                    self._refused[each.request.idempotency_key] = (duty, each, _refusal(answer))
                else:
                    recorded += self._settle(duty, each, answer)
        return recorded

    def _settle(self, duty: Duty, found: Found, outcome: Outcome) -> bool:
        tally = self.tallies[duty.name]
        tally.fell_due(found.since)
        if outcome.repeated:
            tally.already += 1
        else:
            tally.recorded += 1
        self._tell(duty, found, "already" if outcome.repeated else "recorded", None)
        return not outcome.repeated

    def _count_refused(self) -> None:
        for duty, found, rule in self._refused.values():
            tally = self.tallies[duty.name]
            tally.fell_due(found.since)
            tally.rules[rule] += 1
            self._tell(duty, found, "refused", rule)

    def _pages(self, duty: Duty) -> Iterator[list[Any]]:
        """The rows that are due, as the duty's register has them, page by page."""
        shape = Shape(duty.source)
        after = None
        while True:
            asked = query.page(duty.source, shape.names, where=duty.due(self._day), first=PAGE, after=after)
            cursor = psycopg.RawCursor(self._reader)
            cursor.execute(asked.statement.sql.encode(), asked.statement.params)
            found = asked.read(cursor.fetchall())
            if found.rows:
                yield [shape.row(values[: len(shape.names)]) for values in found.rows]
            if not found.has_next:
                return
            after = found.cursor(found.rows[-1])

    def _found(self, duty: Duty, row: Any) -> Found:
        since = duty.since(row)
        if since > self._day:
            raise ValueError(f"{duty.name} finds on {self._day} what is not due before {since}")
        record_id, command = duty.command(row)
        # The row's last event is part of the key: what falls due once more on the same day is another matter.
        place = "/".join(str(getattr(row, name)) for name in duty.source.key)
        request = Request(
            command=command,
            principal=PRINCIPAL,
            idempotency_key=f"{duty.name}:{place}:{since}:{row.position}",
            record_id=record_id,
            effective=Effective.on(self._on if duty.act else since),
        )
        return Found(record_id, since, request)


def _refusal(answer: Exception) -> str:
    """The rule, or the kind of refusal. Raises what is no answer to a row: a ledger that takes nothing, or a fault."""
    match answer:
        case Overloaded() | Unavailable():
            raise answer
        case Rejected():
            return answer.rule.id
        case Invalid() | Refused():
            return type(answer).__name__
    raise answer


def catch_up(database: Database, duties: Sequence[Duty], patience: float = PATIENCE) -> int:
    """Fold what no `serve` folds, and wait for the one that does; answers the last position. Raises Unavailable."""
    position = projector.Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    names = sorted({duty.source.name for duty in duties})
    if not projector.wait_for(database.conninfo("reader"), position, names, patience):
        listed = ", ".join(names)
        raise Unavailable(
            Message(
                f"After {patience:g} s not all of {listed} have come as far as the ledger. See `stadtbuch status`, "
                "mend what has stopped or wait until it has caught up, and run this again.",
                f"Nach {patience:g} s sind nicht alle von {listed} so weit wie das Buch. Sehen Sie mit `stadtbuch "
                "status` nach, was steht, und wiederholen Sie den Lauf.",
            )
        )
    return position
