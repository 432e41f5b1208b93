"""`stadtbuch bench graphql`: the API against PostGraphile 5 on the same rows, and from a command to the register."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from benchmarks import postgraphile
from benchmarks.append import ENVELOPE, accept
from benchmarks.harness import Result, machine, report, to_stderr
from benchmarks.load import Asked, Run, Unprepared, loaded, taking_turns, wrk
from benchmarks.projections import CODEC, City, file_events
from benchmarks.visible import MUTATION, latencies
from domain.efile.facts import FileLeadUnitTransferred
from domain.kernel import Sealed
from infra.cli.projecting import prepared
from infra.documents import registry
from infra.documents.reading import Document
from infra.identity.development import DevelopmentKeys
from infra.installation import Installation, installation
from infra.settings import Settings
from infra.store.unit import CommandEntry, LedgerEvent, Unit

LONG: Final = 200
FILES: Final = """query Files {
  files(first: 50, orderBy: [{ by: REFERENCE }]) {
    nodes { reference status planCode leadUnit custodianUnit confidentiality medium openedOn }
  }
}"""
HISTORY: Final = """query History($id: ID!) {
  record(id: $id) {
    history(first: 100) {
      nodes { position version topic recordedAt effectiveAt actor role channel }
    }
  }
}"""
THEIR_FILES: Final = """query Files {
  allFiles(first: 50, orderBy: [REFERENCE_ASC]) {
    nodes { reference status planCode leadUnit custodianUnit confidentiality medium openedOn }
  }
}"""
THEIR_HISTORY: Final = """query History($id: UUID!) {
  allEvents(first: 100, condition: { recordId: $id }, orderBy: [VERSION_ASC]) {
    nodes { position version topic recordedAt effectiveAt actor role channel }
  }
}"""
TARGETS: Final = {
    "connection of 50 × 8, ad hoc": 0.9,
    "connection of 50 × 8, trusted": 1.5,
    "history of 100 × 8, ad hoc": 1.2,
    "history of 100 × 8, trusted": 1.8,
}


@dataclass(frozen=True, slots=True)
class Town:
    """A ledger of files with its read models, and a server over it. `files` are some of its records."""

    place: Installation
    address: str
    pid: int
    postmaster: int
    headers: Mapping[str, str]
    long: UUID
    files: list[str]

    def asked(self, name: str, document: str, *, trusted: bool, **variables: Any) -> Asked:
        """A request for a document, as it is or by its hash."""
        sent = {"documentId": Document(document, "").id} if trusted else {"query": document}
        return Asked(name, self.address, self.headers, {**sent, "variables": variables})

    def measure(self, asked: Asked, seconds: float) -> Run:
        """The load of one request."""
        return loaded(asked, self.pid, self.postmaster, seconds)


def long_file() -> tuple[UUID, Unit]:
    """A file with a long history."""
    record_id, command_id, now = uuid4(), uuid4(), datetime.now(UTC)
    envelope = (ENVELOPE % (uuid4(), command_id, command_id)).encode()
    moves = [
        FileLeadUnitTransferred(old=str(step), new=str(step + 1), reason=Sealed("Zuständigkeit geändert"))
        for step in range(LONG)
    ]
    facts = [*file_events(0)[:1], *moves]
    events = [
        LedgerEvent(record_id, version, fact.topic, CODEC.encode(fact, lambda _: 0), envelope, now)
        for version, fact in enumerate(facts, 1)
    ]
    return record_id, Unit((CommandEntry(command_id, bytes(32), record_id, len(events), len(events)),), events)


@contextmanager
def town(events: int) -> Iterator[Town]:
    """A home with a ledger of so many events, filled without rules and served by a process of its own."""
    home = Path(tempfile.mkdtemp(prefix="stadtbuch-bench-"))
    home.chmod(0o755)
    try:
        settings = Settings(home=home / "home")
        with installation(settings, to_stderr) as place:
            place.init()
            to_stderr(f"{events:,} events")
            city = City(place.database)
            long, unit = long_file()
            accept(city.appender.carry([unit]))
            city.grow(events - LONG)
            city.appender.close()
            to_stderr("read models")
            prepared(place)
            registry.add(place.database, [Document(text, "bench") for text in (FILES, HISTORY, MUTATION)])
            with psycopg.connect(place.database.admin, autocommit=True) as connection:
                connection.execute("vacuum analyze")
                found = connection.execute("select record_id from read.file where record_id <> %s limit 1000", (long,))
                files = [str(row[0]) for row in found]
                pid = connection.execute("select pg_read_file('postmaster.pid', 0, 10)").fetchone()
            token = DevelopmentKeys(settings.home).token("bench", 24 * 3600, roles=["clerk"], org_unit="10")
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            with serving(settings.home) as (address, process):
                postmaster = int(str(pid and pid[0]).split()[0])
                yield Town(place, f"{address}/graphql", process, postmaster, headers, long, files)
    finally:
        shutil.rmtree(home)


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, int]]:
    """`stadtbuch serve` in a process of its own: its address and process."""
    environment = {**os.environ, "STADTBUCH_HOME": str(home), "STADTBUCH_PORT": "0"}
    command = [sys.executable, "-m", "infra.cli", "serve", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError("stadtbuch serve did not start")
            yield json.loads(line)["address"], process.pid
        finally:
            process.terminate()
            process.wait(60)


def measures(ours: Town, peer: tuple[str, int] | None, seconds: float) -> dict[str, Callable[[], Run]]:
    """What takes turns: the same two questions ad hoc, as trusted documents, and to the peer."""
    found: dict[str, Callable[[], Run]] = {}
    for trusted, how in ((False, "ad hoc"), (True, "trusted")):
        files = ours.asked(f"connection, {how}", FILES, trusted=trusted)
        history = ours.asked(f"history, {how}", HISTORY, trusted=trusted, id=str(ours.long))
        found |= {each.name: partial(ours.measure, each, seconds) for each in (files, history)}
    if peer is not None:
        address, pid = peer
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        theirs = (
            Asked("connection, PostGraphile", address, headers, {"query": THEIR_FILES}),
            Asked(
                "history, PostGraphile", address, headers, {"query": THEIR_HISTORY, "variables": {"id": str(ours.long)}}
            ),
        )
        found |= {each.name: partial(loaded, each, pid, ours.postmaster, seconds) for each in theirs}
    return found


def check_same_rows(ours: Town, address: str) -> None:
    """Raises RuntimeError unless both answer the same rows: only then is there something to compare."""
    mine = postgraphile.ask(ours.address, {"query": FILES}, ours.headers)["files"]["nodes"]
    theirs = postgraphile.ask(address, {"query": THEIR_FILES})["allFiles"]["nodes"]
    if len(mine) != 50 or [row["reference"] for row in mine] != [row["reference"] for row in theirs]:
        raise RuntimeError("the two answer different files")
    variables = {"id": str(ours.long)}
    mine = postgraphile.ask(ours.address, {"query": HISTORY, "variables": variables}, ours.headers)
    theirs = postgraphile.ask(address, {"query": THEIR_HISTORY, "variables": variables})["allEvents"]["nodes"]
    events = mine["record"]["history"]["nodes"]
    if len(events) != 100 or [row["position"] for row in events] != [row["position"] for row in theirs]:
        raise RuntimeError("the two answer different histories")


def against_the_peer(found: Mapping[str, Sequence[Run]]) -> list[Result]:
    """Throughput, and processor time for a request, round by round."""
    results = []
    for name, target in TARGETS.items():
        what, how = name.split(" ")[0], name.rpartition(", ")[2]
        ours, theirs = found[f"{what}, {how}"], found[f"{what}, PostGraphile"]
        pairs = list(zip(ours, theirs, strict=True))
        absolute = _absolute("ours", ours) | _absolute("theirs", theirs)
        rates = [one.rate / other.rate for one, other in pairs]
        results.append(Result(f"{name}, to PostGraphile", "ratio of rates", rates, target, absolute=absolute))
        costs = [(other.app + other.database) / (one.app + one.database) for one, other in pairs]
        results.append(Result(f"{name}, processor time of PostGraphile to ours", "ratio of costs", costs, target))
    return results


def _absolute(whose: str, runs: Sequence[Run]) -> dict[str, float]:
    return {
        f"{whose}, requests a second": statistics.median(run.rate for run in runs),
        f"{whose}, p99 ms": statistics.median(run.p99 for run in runs),
        f"{whose}, µs of the server": statistics.median(run.app for run in runs),
        f"{whose}, µs of PostgreSQL": statistics.median(run.database for run in runs),
    }


def until_visible(ours: Town, rate: float, seconds: float) -> Result:
    """From a command by GraphQL to its row in the register."""
    document = {"documentId": Document(MUTATION, "").id}
    warm = latencies(ours.address, ours.headers, document, ours.files, rate / 4, 2)
    asyncio.run(warm)
    found = sorted(asyncio.run(latencies(ours.address, ours.headers, document, ours.files, rate, seconds)))
    seen = [seconds for seconds in found if seconds < float("inf")]
    p99 = min(found[int(len(found) * 0.99)], 5.0) * 1000  # the server waits so long for what is not visible
    absolute = {"commands": float(len(found)), "not seen in 5 s": float(len(found) - len(seen))}
    if seen:
        absolute |= {"p50 of seen ms": seen[len(seen) // 2] * 1000, "worst seen ms": seen[-1] * 1000}
    name = f"mutation to visible at {rate:g} commands/s, p99"
    return Result(name, "ms", [p99], 100, better="lower", absolute=absolute)


def of_sizes(small: Mapping[str, Sequence[Run]], large: Mapping[str, Sequence[Run]], size: str) -> list[Result]:
    """What the same queries cost on a larger ledger: processor time for a request."""
    results = []
    for name, runs in large.items():
        pairs = zip(runs, small[name], strict=True)
        ratios = [(many.app + many.database) / (few.app + few.database) for many, few in pairs]
        absolute = _absolute("large", runs)
        results.append(Result(f"{name}: {size}", "ratio of costs", ratios, 1.3, better="lower", absolute=absolute))
    return results


def measure(options: argparse.Namespace) -> tuple[list[Result], dict[str, object]]:
    """All results."""
    results = []
    wrk()
    with ExitStack() as stack:
        folder = postgraphile.installed(to_stderr) if options.peer else None
        small = stack.enter_context(town(options.events))
        peer = None
        if folder is not None:
            dsn = small.place.database.admin
            peer = stack.enter_context(postgraphile.running(folder, _as_url(dsn), options.port))
            check_same_rows(small, peer[0])
        found = taking_turns(options.rounds, measures(small, peer, options.seconds), to_stderr)
        if peer is not None:
            results += against_the_peer(found)
        if options.rate:
            results.append(until_visible(small, options.rate, options.visible_seconds))
        with psycopg.connect(small.place.database.admin) as connection:
            about = machine(connection.info.server_version)
    if options.large:
        with town(options.events) as few, town(options.large) as many:
            sides = [measures(each, None, options.seconds) for each in (few, many)]
            turns = {f"{number} {name}": run for number, side in enumerate(sides) for name, run in side.items()}
            found = taking_turns(options.rounds, turns, to_stderr)
            few_runs, many_runs = ({name: found[f"{number} {name}"] for name in sides[0]} for number in (0, 1))
            results += of_sizes(few_runs, many_runs, f"{options.large:,} to {options.events:,} events")
    return results, about


def _as_url(conninfo: str) -> str:
    """A connection string for Node's driver, which takes addresses alone."""
    from urllib.parse import quote

    from psycopg.conninfo import conninfo_to_dict

    given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
    password = given.get("password") or _passwords(given)
    login = f"{quote(given['user'], '')}:{quote(password, '')}"
    return f"postgresql://{login}@/{quote(given['dbname'], '')}?host={quote(given['host'], '')}"


def _passwords(given: Mapping[str, str]) -> str:
    """The password that the passfile holds for the login; nothing where it needs none."""
    if "passfile" not in given:
        return ""
    lines = Path(given["passfile"]).read_text(encoding="utf-8").splitlines()
    return next((line.rsplit(":", 1)[1] for line in lines if f":{given['user']}:" in line), "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 0 where every target is met, 1 where one is not, 3 where something is not installed."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench graphql", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds, after one for nothing (default 5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one measurement (default 3)")
    parser.add_argument("--events", type=int, default=100_000, help="size of the ledger (default 100,000)")
    parser.add_argument("--large", type=int, default=0, help="size of a larger one to compare; 0 leaves it out")
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="leave PostGraphile out")
    parser.add_argument("--port", type=int, default=8399, help="port that PostGraphile listens on (default 8399)")
    parser.add_argument("--rate", type=float, default=200, help="commands a second until visible; 0 leaves them out")
    parser.add_argument("--visible-seconds", type=float, default=10, help="how long they come (default 10)")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    try:
        results, about = measure(options)
    except Unprepared as error:
        to_stderr(str(error))
        return 3
    return report("graphql", about, results, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
