"""`stadtbuch demo`: a filled city, what to look at in it, and the server."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from domain.families import FAMILIES
from domain.kernel import BERLIN
from infra.asgi.pages import link
from infra.cli.console import say
from infra.codec import Codec
from infra.demo import Phase, fill
from infra.installation import Installation
from infra.settings import Settings
from infra.verify import verify

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
  loans(first: 20, filter: { status: { eq: ACTIVE }, due: { lt: $today } },
        orderBy: [{ by: DUE, direction: ASC }]) {
    totalCount
    nodes {
      barcode branch mediaType lentOn due renewals
      record { availableCommands { name allowed blockedBy { rule message } } }
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
    """What the demo tells of its city: kept beside the data, so that a second start can tell it again."""

    phases: list[tuple[str, float]] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    last_position: int = 0
    show: dict[str, dict[str, str | None]] = field(default_factory=dict)
    verified: str = ""

    def keep(self, path: Path) -> None:
        """Write it."""
        path.write_text(json.dumps(self.__dict__, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def kept(cls, path: Path) -> City | None:
        """Read it; None where the city was never filled to its end."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def home_of(configured: Settings) -> Path:
    """The demo's own home, beside that of an installation."""
    return configured.home.with_name(configured.home.name + "-demo")


def settled(configured: Settings, home: Path) -> Settings:
    """The settings with another home, and the key that belongs to it."""
    given = {name: getattr(configured, name) for name in configured.model_fields_set}
    return Settings(**{**given, "home": home})


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


def make(
    place: Installation, catch_up: Callable[[], int], watch: Stopwatch, city: City, events: int, seed: int
) -> None:
    """Fill an initialised, empty ledger, bring the read models up, and verify."""
    said = time.monotonic()

    def tell(phase: Phase) -> None:
        nonlocal said
        if time.monotonic() - said >= 1:
            said = time.monotonic()
            say(f"    {phase.name}: {phase.events:,} of about {phase.expected:,} events")

    with place.ledger() as ledger:
        summary = fill(ledger, events=events, seed=seed, today=datetime.now(BERLIN).date(), progress=tell)
    watch.phase("city filled through its commands")
    catch_up()
    watch.phase("read models folded")
    report = verify(place.database, Codec(FAMILIES))
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


def links(city: City, address: str) -> Mapping[str, tuple[str, str]]:
    """For whom, what it shows, and where."""
    today = datetime.now(BERLIN).date().isoformat()
    case, loan = city.show["case"], city.show["loan"]
    item, patron = str(loan["record"]), str(loan["patron"])
    shown = {
        "auditor": ("a case with a backdated fact and corrections", link(CASE, number=str(case["number"]))),
        "front end": ("overdue loans", link(LOANS, today=today)),
        "front end, refused": (
            "a renewal refused: press the button to run it",
            link(RENEWAL, item=item, patron=patron),
        ),
        "analyst": ("resolution tracking", link(TRACKING)),
    }
    return {who: (what, address + path) for who, (what, path) in shown.items()}


def screen(city: City, address: str | None, home: Path) -> str:
    """What there is to see, for people."""
    lines = [
        "",
        "Events by family: " + ", ".join(f"{family} {count:,}" for family, count in sorted(city.events.items())),
    ]
    lines += [f"Last position: {city.last_position:,}", f"verify: {city.verified}"]
    if address is not None:
        lines += ["", f"Serving on {address} – this machine only, since no authentication is configured.", ""]
        for who, (what, where) in links(city, address).items():
            lines += [f"{who}: {what}", f"  {where}"]
        lines += ["  and: stadtbuch rebuild resolution (prints the checksums of the live rows and of a fresh fold)"]
        lines += ["", f"In another shell: STADTBUCH_HOME={home} stadtbuch status", "Ctrl-C stops."]
    else:
        lines += ["", f"To serve it: STADTBUCH_HOME={home} stadtbuch serve"]
    return "\n".join([*lines, f"To remove the city: stop it, then rm -r {home}"])


def as_json(city: City, address: str | None) -> dict[str, Any]:
    """The same for programs."""
    return {
        "address": address,
        "phases": [{"name": name, "seconds": round(seconds, 2)} for name, seconds in city.phases],
        "events": city.events,
        "lastPosition": city.last_position,
        "verify": city.verified,
        "show": city.show,
        "links": {who: where for who, (_, where) in links(city, address).items()} if address else {},
    }
