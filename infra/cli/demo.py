"""What `stadtbuch demo` makes: a filled city, kept beside the data, and what there is to look at in it."""

from __future__ import annotations

import json
import shlex
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from domain.families import FAMILIES
from domain.kernel import BERLIN, Message
from domain.requests import Outcome, Refused, Request
from infra import tick
from infra.asgi.pages import link
from infra.cli.console import EverySecond, say
from infra.codec import Codec
from infra.demo import Phase, fill
from infra.demo.simulation import family_of
from infra.embedded import Server
from infra.embedded.cluster import DATABASE
from infra.files import replacing
from infra.installation import Installation
from infra.ledger import Ledger
from infra.settings import Settings
from infra.verify import verify
from projections.families import DUTIES

CASE: Final = """query HistoryOfACase($number: String!) {
  record(number: $number, kind: "case") {
    number version
    history(first: 50) { nodes {
      version topic recordedAt effectiveAt effectivePrecision actor orgUnit
      changes { field old new oldText { text } newText { text } } reason { text }
    } }
  }
}
"""
LOANS: Final = """query OverdueLoans($today: Date!) {
  loans(first: 20, filter: { status: { in: [ACTIVE, OVERDUE] }, due: { lt: $today } },
        orderBy: [{ by: DUE, direction: ASC }]) {
    totalCount
    nodes {
      barcode branch mediaType lentOn due renewals
      record { availableCommands { name allowed blockedBy { rule message nextStep { en } } } }
    }
  }
}
"""
RENEWAL: Final = """mutation RefusedRenewal($item: ID!, $patron: UUID!) {
  renewLoan(input: { record: $item, patron: $patron, idempotencyKey: "renewal from the demo" }) {
    __typename
    ... on RuleViolated { rule message nextStep { en de } source }
    ... on CommandSuccess { position }
  }
}
"""
TRACKING: Final = """query ResolutionTracking {
  resolutionTracking(first: 50, orderBy: [{ by: DUE, direction: ASC }]) {
    totalCount
    nodes {
      body resolutionNumber paperReference adoptedOn unit due status overdue daysOverdue delayReason { text }
    }
  }
}
"""


@dataclass
class City:
    """What the demo tells of its city: kept beside the data, so that a second start can tell it again.

    A city that is not `whole` is one whose filling has begun.
    """

    asked: int
    seed: int
    whole: bool = False
    phases: list[tuple[str, float]] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    last_position: int = 0
    show: dict[str, dict[str, str | None]] = field(default_factory=dict)
    verified: str = ""

    def keep(self, path: Path) -> None:
        """Write it."""
        with replacing(path) as new:
            new.write_text(json.dumps(self.__dict__, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def kept(cls, path: Path) -> City | None:
        """Read it; None where none was begun."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def home_of(configured: Settings) -> Path:
    """The demo's own home, beside that of an installation."""
    return configured.home.with_name(configured.home.name + "-demo")


def settled(configured: Settings, home: Path) -> Settings:
    """The settings with another home, and the key that belongs to it."""
    given = {name: getattr(configured, name) for name in configured.model_fields_set}
    return Settings(**{**given, "home": home})


def opened(place: Installation, kept: Path, asked: City, *, own: bool) -> City | None:
    """The whole city of a home, or None where one is to be filled now. Raises Unfinished.

    What an interrupted filling left is thrown away in the demo's own home, where nothing else can be. In a home
    that somebody named it is left alone.
    """
    if place.server is None:
        raise NotADemo(
            Message(
                "STADTBUCH_DSN names a database of yours, and a generated city must not come into it: what is recorded "
                "stays. Unset STADTBUCH_DSN for the demo.",
                "STADTBUCH_DSN nennt eine Ihrer Datenbanken; eine erfundene Stadt darf dort nicht hinein, denn was "
                "verzeichnet ist, bleibt. Heben Sie STADTBUCH_DSN für die Vorführung auf.",
            )
        )
    city = City.kept(kept)
    if city is None and _initialised(place):
        raise NotADemo(
            Message(
                f"{kept.parent} holds a ledger that is not a demo's, and what is recorded there stays. Name another "
                "home with --home, or unset STADTBUCH_HOME.",
                f"{kept.parent} enthält ein Stadtbuch, das keine Vorführung ist; was dort verzeichnet wird, bleibt. "
                "Nennen Sie mit --home ein anderes Verzeichnis, oder heben Sie STADTBUCH_HOME auf.",
            )
        )
    if city is None or not city.whole:
        if city is not None and own and place.server is not None:
            say("The last demo was interrupted while it filled its city: starting afresh.")
            empty(place.server)
            city = None
        place.init()
        position = _position(place)
        if city is not None and position:
            raise Unfinished(kept.parent, position)
        if not position:
            asked.keep(kept)
        return None
    place.init()
    city.last_position = _position(place)
    city.verified = str(verify(place.database, Codec(FAMILIES), kek=place.key_encryption_key()))
    if (city.asked, city.seed) != (asked.asked, asked.seed):
        say(f"Here is a city of {city.asked:,} events and seed {city.seed} already; --home makes another elsewhere.")
    return city


class NotADemo(Refused):
    """The place belongs to a real ledger."""


class Unfinished(Refused):
    """A home holds a part of a city."""

    def __init__(self, home: Path, position: int) -> None:
        remove = f"rm -r {shlex.quote(str(home))}"
        super().__init__(
            Message(
                f"The filling of the city in {home} was interrupted at position {position:,}. A city is filled in one "
                f"go: remove it if nothing else is in it ({remove}), or name another home with --home.",
                f"Das Füllen der Stadt in {home} wurde bei Position {position:,} unterbrochen. Eine Stadt wird in "
                f"einem Zug gefüllt: Entfernen Sie sie, wenn sonst nichts darin ist ({remove}), oder nennen Sie mit "
                "--home ein anderes Verzeichnis.",
            )
        )


def empty(server: Server) -> None:
    """Throw the demo's database away and make it anew."""
    with psycopg.connect(server.conninfo("admin", dbname="postgres"), autocommit=True) as connection:
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {}").format(name))


def _initialised(place: Installation) -> bool:
    with psycopg.connect(place.database.admin, autocommit=True) as connection:
        row = connection.execute("select to_regclass('migration.applied') is not null").fetchone()
        return bool(row and row[0])


def _position(place: Installation) -> int:
    with psycopg.connect(place.database.conninfo("log"), autocommit=True) as connection:
        row = connection.execute("select position from ledger.head").fetchone()
        return int(row[0]) if row else 0


class Stopwatch:
    """Times phases and says so as they end."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._began = time.monotonic()

    def phase(self, name: str) -> None:
        """What has just ended."""
        now = time.monotonic()
        self._city.phases.append((name, now - self._began))
        say(f"  {name:<34}{now - self._began:6.1f} s")
        self._began = now


def progress_of(phase: Phase) -> str:
    """How far a phase has come: of how many, and how long it still takes, as long as it has not outrun its estimate."""
    rate = phase.events / max(phase.seconds, 0.001)
    if phase.events > phase.expected:
        return f"{phase.name}: {phase.events:,} events, {rate:,.0f} events/s"
    left = (phase.expected - phase.events) / rate
    of = f"{phase.events:,} of about {phase.expected:,} events"
    return f"{phase.name}: {of}, {rate:,.0f} events/s, {left:,.0f} s left"


def make(place: Installation, catch_up: Callable[[], int], watch: Stopwatch, city: City) -> None:
    """Fill an initialised, empty ledger, bring the read models up, and verify."""
    now = EverySecond()

    def tell(phase: Phase) -> None:
        if phase.events and now():
            say(f"    {progress_of(phase)}")

    today = datetime.now(BERLIN).date()
    with place.ledger() as ledger:

        def due() -> Counter[str]:
            watch.phase("city filled through its commands")
            tick.catch_up(place.database, DUTIES)
            watch.phase("read models folded")
            counted = Counted(ledger)
            with psycopg.connect(place.database.conninfo("reader"), autocommit=True) as reader:
                run = tick.Tick(DUTIES, today, reader, counted, lambda *_: None)
                run.run(lambda: tick.catch_up(place.database, DUTIES))
            watch.phase("what had fallen due recorded")
            return counted.events

        summary = fill(ledger, events=city.asked, seed=city.seed, today=today, progress=tell, due=due)
    catch_up()
    watch.phase("last days recorded and folded")
    report = verify(place.database, Codec(FAMILIES), kek=place.key_encryption_key())
    watch.phase("verified")
    city.events = dict(summary.events)
    city.last_position = summary.last_position
    city.verified = str(report)
    city.show = {
        name: {
            "record": str(shown.record_id),
            "number": shown.number,
            "patron": None if shown.patron is None else str(shown.patron),
        }
        for name, shown in summary.show.items()
    }
    city.whole = True


class Counted:
    """The ledger, with the events that were recorded through it, by family."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.events: Counter[str] = Counter()

    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]:
        """Record them."""
        answers = self._ledger.handle_all(requests)
        for request, answer in zip(requests, answers, strict=True):
            if isinstance(answer, Outcome) and answer.first_position and answer.last_position:
                self.events[family_of(request.command)] += answer.last_position - answer.first_position + 1
        return answers


@dataclass(frozen=True, slots=True)
class Sight:
    """Something to look at: for whom, what it shows, its short name, and its address in GraphiQL."""

    who: str
    what: str
    name: str
    path: str


def sights(city: City) -> tuple[Sight, ...]:
    """What there is to look at in a city."""
    today = datetime.now(BERLIN).date().isoformat()
    case, loan = city.show["case"], city.show["loan"]
    history = link(CASE, number=str(case["number"]))
    renewal = link(RENEWAL, item=str(loan["record"]), patron=str(loan["patron"]))
    return (
        Sight("auditor", "a case with a backdated fact and corrections", "history", history),
        Sight("front end", "overdue loans, and what may be done with each", "overdue", link(LOANS, today=today)),
        Sight("front end", "a renewal that is refused: press the button to send it", "renewal", renewal),
        Sight("analyst", "resolution tracking (Beschlusskontrolle)", "tracking", link(TRACKING)),
    )


def as_json(city: City, address: str | None) -> dict[str, Any]:
    """The city for programs."""
    return {
        "address": address,
        "phases": [{"name": name, "seconds": round(seconds, 2)} for name, seconds in city.phases],
        "events": city.events,
        "lastPosition": city.last_position,
        "verify": city.verified,
        "show": city.show,
        "links": {sight.name: f"{address}/show/{sight.name}" for sight in sights(city)} if address else {},
    }
