"""`stadtbuch bench as_of`: what versions cost to write, and pages and reports as of a moment against those of now."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.append import KEK
from benchmarks.harness import Result, fresh_database, interleave, machine, of_rates, report, scratch_server, to_stderr
from benchmarks.projections import FILES, City, our_live, rebuilt
from domain.families import FAMILIES
from infra.database import Database
from infra.demo import fill
from infra.embedded import Server
from infra.ledger import Ledger
from infra.projector import Projector
from projections import query
from projections.families import PROJECTIONS, REPORTS
from projections.model import Source, columns_of, find
from projections.query import Moment, Op, Statement, Where

KEPT = find(PROJECTIONS, "file")
PLAIN = replace(FILES, name="file_without_versions")
REPORT = find(REPORTS, "files_by_stage_and_unit")
COLUMNS = ("record_id", "reference", "lead_unit", "status", "opened_on", "version")
Page = tuple[Source, Sequence[str], dict[str, Any]]
PAGES: dict[str, Page] = {
    "first page": (KEPT, COLUMNS, {}),
    "page by another order": (KEPT, COLUMNS, {"order": ["-opened_on"]}),
    "filtered page": (KEPT, COLUMNS, {"where": [Where("lead_unit", Op.EQ, "19")]}),
    "filtered by index": (KEPT, COLUMNS, {"where": [Where("status", Op.EQ, "OPEN")]}),
    "report over the whole register": (REPORT, ("lead_unit", "records"), {}),
}
ROWS, TRIES = 50, 9
Reader = psycopg.Connection[tuple[Any, ...]]


def asked(reader: Reader, statement: Statement) -> Sequence[tuple[Any, ...]]:
    """The rows of a statement, in as many round trips as the API takes."""
    if statement.moment is None:
        return reader.execute(statement.sql.encode(), statement.params, binary=True).fetchall()
    with reader.pipeline(), reader.transaction():
        for setting in statement.moment.settings.items():
            reader.execute(b"select set_config($1, $2, true)", setting)
        return reader.execute(statement.sql.encode(), statement.params, binary=True).fetchall()


def rate(reader: Reader, page: Page, moment: Moment | None) -> float:
    """Pages a second: of several tries the best, since a page takes less than what disturbs it."""
    source, columns, more = page
    statement = query.page(source, columns, first=ROWS, moment=moment, **more).statement
    best = float("inf")
    for _ in range(TRIES):
        started = time.perf_counter()
        asked(reader, statement)
        best = min(best, time.perf_counter() - started)
    return 1 / best


def measure(server: Server, rounds: int, events: int) -> list[Result]:
    """All results on one server. A page as of a moment may take three times that of now."""
    database = fresh_database(server, "bench")
    city = City(database)
    with ExitStack() as stack:
        stack.callback(city.appender.close)
        to_stderr("live")
        our_live(database, city, 1_000, KEPT)
        our_live(database, city, 0, PLAIN)

        def behind(projection: Any) -> float:
            return our_live(database, city, 10_000 if projection is KEPT else 0, projection)

        both = {"with versions": partial(behind, KEPT), "without": partial(behind, PLAIN)}
        live = interleave(rounds, both, to_stderr)
        to_stderr(f"rebuild of {events:,} events")
        city.grow(max(events - city.files * 10, 0))
        Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        our_live(database, city, 0, PLAIN)
        builds: dict[str, Callable[[], float]] = {
            "with versions": lambda: rebuilt(database, 1, KEPT),
            "without": lambda: rebuilt(database, 1, PLAIN),
        }
        found = interleave(rounds, builds, to_stderr)
        results = [
            of_rates("live fold with versions to without", live, "with versions", "without", 0.33),
            of_rates("rebuild with versions to without", found, "with versions", "without", 0.25),
        ]
        return [*results, *_pages(database, rounds, PAGES, city.files * 10 // 2)]


def measure_city(server: Server, rounds: int, events: int) -> list[Result]:
    """Every report of a generated city, whose rows have as many versions as their work brings about."""
    database = fresh_database(server, "city")
    to_stderr(f"city of {events:,} events")
    with Ledger(database, KEK, FAMILIES) as ledger:
        fill(ledger, events=events, seed=1, today=date(2026, 3, 2), progress=lambda phase: None)
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    reports: dict[str, Page] = {report.name: (report, tuple(columns_of(report.row)), {}) for report in REPORTS}
    return _pages(database, rounds, reports, events // 2)


def _pages(database: Database, rounds: int, pages: Mapping[str, Page], position: int) -> list[Result]:
    conninfo = database.conninfo("reader")
    results = []
    with psycopg.connect(conninfo, autocommit=True, cursor_factory=psycopg.RawCursor) as reader:
        for name, page in pages.items():
            to_stderr(name)
            then = interleave(
                rounds,
                {
                    "now": partial(rate, reader, page, None),
                    "as of half": partial(rate, reader, page, Moment(position)),
                },
                to_stderr,
            )
            results.append(of_rates(f"{name}, as of half of the ledger to now", then, "as of half", "now", 1 / 3))
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 0 where every target is met, 1 where one is not."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench as_of", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--events", type=int, default=200_000, help="size of the ledger, ten events a file")
    parser.add_argument("--city", type=int, metavar="EVENTS", help="the reports of a generated city instead")
    parser.add_argument("--postgres-bin", type=Path, help="PostgreSQL binaries instead of the embedded ones")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    with scratch_server(options.postgres_bin) as server:
        if options.city:
            results = measure_city(server, options.rounds, options.city)
        else:
            results = measure(server, options.rounds, options.events)
        about = machine(server.version_num)
    return report("as_of", about, results, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
