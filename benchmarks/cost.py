"""`stadtbuch bench cost`: processor time for each command, of this process and of the server's, waiting left out."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg

from benchmarks.append import (
    KEK,
    RAW_TABLE,
    Units,
    accept,
    alone,
    carried,
    copy_thousand,
    ledger_handle,
    plan_unit_of,
    raw_insert,
)
from benchmarks.harness import fresh_database, machine, scratch_server
from domain import efile
from infra.embedded import Server
from infra.ledger import Ledger
from infra.store.append import Appender
from infra.store.commit import GroupCommit
from infra.store.recorder import GATHER

TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Microseconds of processor time for one command."""

    name: str
    commands: int
    client: float
    server: float


def of_server(postmaster: int) -> float:
    """Processor time in µs that a server has taken so far, by all of its processes, ended ones included."""
    ticks = 0
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            fields = (place / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # a process that ended while we looked
        if int(place.name) == postmaster:
            ticks += sum(int(field) for field in fields[11:15])
        elif int(fields[1]) == postmaster:
            ticks += sum(int(field) for field in fields[11:13])
    return ticks * TICK


def measured(name: str, postmaster: int, work: Callable[[], float]) -> Cost:
    """What the commands of a piece of work cost; it answers how many there were."""
    client, server = time.process_time(), of_server(postmaster)
    commands = int(work())
    spent = (time.process_time() - client) * 1_000_000
    return Cost(name, commands, spent / commands, (of_server(postmaster) - server) / commands)


def measure(server: Server, seconds: float) -> list[Cost]:
    """Everything once, on one server."""
    with ExitStack() as stack:
        database = fresh_database(server, "cost")
        connection = stack.enter_context(psycopg.connect(database.admin, autocommit=True))
        connection.execute(RAW_TABLE)
        row = connection.execute("select pg_read_file('postmaster.pid', 0, 10)").fetchone()
        postmaster = int(str(row and row[0]).split()[0])
        appender = Appender(database.conninfo("writer"))
        stack.callback(appender.close)
        units = Units(appender)
        commits = GroupCommit("cost", appender.carry, gather=GATHER)
        stack.callback(commits.close)
        ledger = Ledger(fresh_database(server, "handled"), KEK, [efile.FAMILY])
        stack.callback(ledger.close)
        plan_unit = plan_unit_of(ledger)
        count = int(1_500 * seconds)
        prepared = {size: [[units.make() for _ in range(size)] for _ in range(count // size)] for size in (16, 64)}
        single = [units.make() for _ in range(count)]
        waves = iter([units.make() for _ in range(count)])

        async def caller() -> None:
            for unit in waves:
                await commits.submit_async(unit)

        async def together() -> None:
            await asyncio.gather(*(caller() for _ in range(64)))

        def recorder() -> float:
            asyncio.run(together())
            return count

        def batches(size: int) -> float:
            for batch in prepared[size]:
                accept(appender.carry(batch))
            return size * len(prepared[size])

        bulk = [[units.plain(1_000)] for _ in range(10)]
        work: Mapping[str, Callable[[], float]] = {
            "raw INSERT, 1 connection": lambda: raw_insert(database, 1, seconds) * seconds,
            "raw INSERT, 64 connections": lambda: raw_insert(database, 64, seconds) * seconds,
            "recorder, 1 writer": lambda: alone(commits, iter(single), float("inf")),
            "recorder, 64 writers": recorder,
            "batches of 16 commands": lambda: batches(16),
            "batches of 64 commands": lambda: batches(64),
            "Ledger.handle, 1 caller": lambda: ledger_handle(ledger, plan_unit, 1, seconds) * seconds,
            "Ledger.handle, 64 callers": lambda: ledger_handle(ledger, plan_unit, 64, seconds) * seconds,
            "an event of 1,000 in a command": lambda: carried(appender, bulk) * 0 + 10_000,
            "a row of 1,000 in a COPY": lambda: copy_thousand(connection, 10) * 0 + 10_000,
        }
        return [measured(name, postmaster, piece) for name, piece in work.items()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench cost", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement (default 2)")
    parser.add_argument("--postgres-bin", type=Path, help="PostgreSQL binaries instead of the embedded ones")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    with scratch_server(options.postgres_bin) as server:
        costs = measure(server, options.seconds)
        about = machine(server.version_num)
    if options.json:
        results = [cost._asdict() for cost in costs]
        print(json.dumps({"bench": "cost", "unit": "processor µs a command", "machine": about, "results": results}))
    else:
        for cost in costs:
            print(f"{cost.name}: {cost.client:.0f} µs here, {cost.server:.0f} µs in the server")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
