"""What every benchmark shares: interleaved rounds, ratios, the machine, and a scratch server with its durability on."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from infra.database import Database
from infra.embedded import Server, start
from infra.migrations import migrate, shipped

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Result:
    """A ratio over all rounds. `better` says which way is good: `higher` for rates, `lower` for costs."""

    name: str
    unit: str
    ratios: Sequence[float]
    target: float
    better: str = "higher"
    absolute: Mapping[str, float] | None = None

    @property
    def met(self) -> bool:
        """Whether the median reaches the target."""
        median = statistics.median(self.ratios)
        return median >= self.target if self.better == "higher" else median <= self.target

    def as_json(self) -> dict[str, object]:
        """The form that `stadtbuch bench --json` prints."""
        ratio = {
            "min": round(min(self.ratios), 3),
            "median": round(statistics.median(self.ratios), 3),
            "max": round(max(self.ratios), 3),
        }
        shown: dict[str, object] = {"name": self.name, "unit": self.unit, "ratio": ratio, "target": self.target}
        shown |= {"better": self.better, "met": self.met}
        if self.absolute:
            shown["absolute"] = {name: round(value, 1) for name, value in self.absolute.items()}
        return shown


def interleave(rounds: int, measures: Mapping[str, Measure], tell: Callable[[str], None]) -> dict[str, list[float]]:
    """Every measure once a round, in turn, so that a noisy minute falls on all of them alike."""
    values: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(1, rounds + 1):
        for name, measure in measures.items():
            values[name].append(measure())
        latest = ", ".join(f"{name} {found[-1]:,.0f}" for name, found in values.items())
        tell(f"round {number} of {rounds}: {latest}")
    return values


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def machine(version_num: int) -> dict[str, object]:
    """What the figures were measured on."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "postgresql": f"{version_num // 10000}.{version_num % 10000}",
        "psycopg": psycopg.pq.__impl__,
    }


def to_stderr(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def scratch_server(bindir: Path | None) -> Iterator[Server]:
    """A server of its own with fsync, full_page_writes and synchronous_commit on, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="stadtbuch-bench-"))
    home.chmod(0o755)
    try:
        with start(home, bindir=bindir, progress=to_stderr) as server:
            yield server
    finally:
        shutil.rmtree(home)


def fresh_database(server: Server, name: str) -> Database:
    """A new, migrated database."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name)))
    database = Database(*(server.conninfo(role, dbname=name) for role in ("admin", "app", "analyst")))
    migrate(database, "stadtbuch.bench/1", shipped())
    return database


def of_rates(name: str, found: Mapping[str, Sequence[float]], ours: str, theirs: str, target: float) -> Result:
    """A ratio of two rates that were measured in turn."""
    absolute = {f"{label}, median a second": sorted(found[label])[len(found[label]) // 2] for label in (ours, theirs)}
    return Result(name, "ratio of rates", ratios(found[ours], found[theirs]), target, absolute=absolute)


def report(bench: str, server: Mapping[str, object], results: Sequence[Result], *, as_json: bool) -> int:
    """Print on stdout: one line of JSON, or one for each result. Answers 0 where every target is met, else 1."""
    if as_json:
        print(json.dumps({"bench": bench, "machine": server, "results": [result.as_json() for result in results]}))
    else:
        for result in results:
            met = "met" if result.met else "NOT MET"
            print(f"{result.name}: {result.as_json()['ratio']} target {result.target} {met}")
    return 0 if all(result.met for result in results) else 1
