"""`stadtbuch tick`: what has fallen due by a day, recorded once."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TextIO

import psycopg
import typer

from infra import tick
from infra.cli.console import DONE, FINDING, EverySecond, say
from infra.imports.rehearsal import LedgerBook, Rehearsal
from infra.installation import Installation
from projections.duties import Duty
from projections.families import DUTIES

ONE_DAY: Final = "%Y-%m-%d"


def day_of(given: datetime | None) -> date:
    """The day that is meant, by default today in Berlin. Raises typer.BadParameter for a day to come."""
    today = tick.today()
    day = today if given is None else given.date()
    if day > today:
        raise typer.BadParameter(f"{day} is yet to come: name a day up to {today}, or leave --date out.")
    return day


def run(place: Installation, day: date, *, dry_run: bool, found: Path | None) -> tuple[list[tick.Tally], int]:
    """Record what is due; answers what became of it, by duty, and the exit code."""
    with ExitStack() as stack:
        ledger = stack.enter_context(place.ledger())
        reader = stack.enter_context(psycopg.connect(place.database.conninfo("reader"), autocommit=True))
        listed = None if found is None else stack.enter_context(found.open("w", encoding="utf-8"))
        book = Rehearsal(ledger) if dry_run else LedgerBook(ledger)
        work = tick.Tick(DUTIES, day, reader, book, Listing(listed))
        tallies = work.run(lambda: tick.catch_up(place.database, DUTIES), once=dry_run)
    return tallies, FINDING if any(tally.refused for tally in tallies) else DONE


class Listing:
    """Says how far a run is, about once a second, and writes each row to a file, where there is one."""

    def __init__(self, listed: TextIO | None) -> None:
        self._listed = listed
        self._now = EverySecond()
        self._today = tick.today()
        self._became: Counter[str] = Counter()

    def __call__(self, duty: Duty, found: tick.Found, became: str, rule: str | None) -> None:
        """Take one row."""
        self._became[became] += 1
        if self._listed is not None:
            line = {
                "duty": duty.name,
                "record": str(found.record_id),
                "since": found.since.isoformat(),
                "daysLate": (self._today - found.since).days,
                "became": became,
                "rule": rule,
            }
            self._listed.write(json.dumps(line) + "\n")
        if self._now():
            counts = ", ".join(f"{count:,} {name}" for name, count in sorted(self._became.items()))
            say(f"{duty.name}: {counts} so far")


def described(tallies: list[tick.Tally], day: date, *, dry_run: bool) -> str:
    """The result for people."""
    lines = [f"What was due by {day}:"]
    for tally in tallies:
        parts = [f"{tally.recorded:,} {'would be recorded' if dry_run else 'recorded'}"]
        parts += [f"{tally.already:,} recorded already"] if tally.already else []
        parts += [f"{count:,} refused by {rule}" for rule, count in sorted(tally.rules.items())]
        if tally.oldest is None:
            lines.append(f"  {tally.duty}: nothing")
        else:
            since = str(tally.oldest) if tally.oldest == tally.latest else f"{tally.oldest} to {tally.latest}"
            late = f"up to {_days_late(tally):,} days late" if _days_late(tally) else "in time"
            lines.append(f"  {tally.duty}: {tally.due:,} due since {since}, found {late}: {', '.join(parts)}")
    return "\n".join(lines)


def as_json(tallies: list[tick.Tally], day: date, *, dry_run: bool) -> dict[str, Any]:
    """The result for programs."""
    duties = [
        {
            "duty": tally.duty,
            "due": tally.due,
            "recorded": tally.recorded,
            "already": tally.already,
            "refused": tally.refused,
            "rules": dict(sorted(tally.rules.items())),
            "oldest": tally.oldest,
            "latest": tally.latest,
            "mostDaysLate": _days_late(tally),
        }
        for tally in tallies
    ]
    return {"date": day, "dryRun": dry_run, "duties": duties}


def _days_late(tally: tick.Tally) -> int:
    return 0 if tally.oldest is None else (tick.today() - tally.oldest).days
