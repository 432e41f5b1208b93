"""`stadtbuch bench append`: recording against raw INSERT, COPY and stock eventsourcing, with fsync on."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from benchmarks.harness import (
    Result,
    fresh_database,
    interleave,
    machine,
    of_rates,
    ratios,
    report,
    scratch_server,
    to_stderr,
)
from domain import efile
from domain.efile.commands import DefineFilePlanUnit, OpenFile, TransferFileLeadUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Authentication, Channel, Sealed
from domain.requests import Principal, Request
from infra.database import Database
from infra.embedded import Server
from infra.keys import KeyEncryptionKey
from infra.ledger import Ledger
from infra.sealing import DataKey, associated_data, seal
from infra.store.append import Appender
from infra.store.commit import GroupCommit
from infra.store.recorder import GATHER
from infra.store.unit import ClaimEntry, CommandEntry, Entry, Guard, KeyEntry, LedgerEvent, SealedPart, Unit

KEK = KeyEncryptionKey(bytes(32))
TOPIC = "efile.file_opened.v1"
BODY = (
    b'{"reference":"10.01.02-2026/000017","subject":{"sealed":0},"plan_unit_id":"7f0c1d34-5f6c-4d5e-8d43-0a9f6f5f6a01",'
    b'"lead_unit":"62","custodian_unit":"62","confidentiality":"003","medium":"001","source":null,"source_id":null}'
)
ENVELOPE = (
    '{"actor":"%s","role":"clerk","org_unit":"62","deputising_for":null,"authentication":"oidc","client":"portal/1.4",'
    '"channel":"SERVICE_PORTAL","legal_basis":null,"effective_precision":"instant","effective_zone":"Europe/Berlin",'
    '"correlation_id":"%s","causation_id":null,"command_id":"%s","reason":null,"person":null}'
)
CLERK = Principal(
    actor=UUID(int=1),
    role="clerk",
    org_unit="62",
    authentication=Authentication.OIDC,
    channel=Channel.STAFF,
    client="bench/1",
)
RAW_TABLE = """
create table public.raw (
  position bigint generated always as identity primary key, record_id uuid not null, version bigint not null,
  topic text not null, recorded_at timestamptz not null default clock_timestamp(), effective_at timestamptz not null,
  envelope json not null, body json not null, unique (record_id, version));
create table public.copied (like public.raw including all)
"""
RAW_INSERT = (
    "insert into public.raw (record_id, version, topic, effective_at, envelope, body)"
    " values (%b, 1, %b, %b, %b::text::json, %b::text::json)"
)


class Units:
    """Prepared units: one event with envelope, one sealed part, one claim, one guard on a record that exists."""

    def __init__(self, appender: Appender) -> None:
        self._key = DataKey.make(uuid4())
        self._guarded = uuid4()
        first = self.make(1, guarded=False)
        key = KeyEntry(self._key.id, KEK.wrap(self._key.secret), KEK.id, self._key.commitment)
        unit = Unit(first.commands, first.events, keys=(key,))
        self._guarded = unit.commands[0].record_id
        accept(appender.carry([unit]))

    def make(self, events: int = 1, *, guarded: bool = True) -> Unit:
        """A unit for a new record."""
        record_id, command_id, now = uuid4(), uuid4(), datetime.now(UTC)
        envelope = (ENVELOPE % (uuid4(), command_id, command_id)).encode()
        stored = []
        for version in range(1, events + 1):
            bound_to = associated_data(record_id, version, TOPIC, 0)
            part = SealedPart(
                self._key.id, *seal(self._key, '{"subject":"Straßenausbau Königsallee"}'.encode(), bound_to, 0)
            )
            stored.append(LedgerEvent(record_id, version, TOPIC, BODY, envelope, now, (part,)))
        claims = (ClaimEntry(0, "efile.file_reference", str(command_id)),)
        guards = (Guard(self._guarded, 1),) if guarded else ()
        return Unit((CommandEntry(command_id, os.urandom(32), record_id, events, events),), stored, guards, claims)

    def plain(self, events: int) -> Unit:
        """A unit of many events without sealed parts, as an import sends it."""
        record_id, command_id, now = uuid4(), uuid4(), datetime.now(UTC)
        envelope = (ENVELOPE % (uuid4(), command_id, command_id)).encode()
        stored = [LedgerEvent(record_id, version, TOPIC, BODY, envelope, now) for version in range(1, events + 1)]
        return Unit((CommandEntry(command_id, os.urandom(32), record_id, events, events),), stored)


def accept(answers: Sequence[tuple[Entry, ...] | Exception | None]) -> None:
    """Raise where a prepared unit was not recorded."""
    for answer in answers:
        if not isinstance(answer, tuple):
            raise RuntimeError(f"a prepared unit was refused: {answer}")


def in_threads(number: int, seconds: float, work: Callable[[int], Iterator[None]]) -> float:
    """Steps a second that `number` threads take together; `work(i)` makes one step for each `next`."""
    counts = [0] * number
    failures: list[BaseException] = []
    ready = threading.Barrier(number + 1)

    def run(index: int) -> None:
        try:
            steps = work(index)
            next(steps)
            ready.wait()
            while time.perf_counter() < end[0]:
                next(steps)
                counts[index] += 1
            steps.close()  # type: ignore[attr-defined]
        except BaseException as error:
            failures.append(error)
            ready.abort()

    end = [float("inf")]
    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    end[0] = started + seconds
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.perf_counter() - started)


def raw_insert(database: Database, number: int, seconds: float) -> float:
    """Single-row INSERTs a second, each its own transaction, on as many connections."""

    def work(_: int) -> Iterator[None]:
        with psycopg.connect(database.admin, autocommit=True) as connection:
            for _ in itertools.count():
                command_id = uuid4()
                envelope = ENVELOPE % (command_id, command_id, command_id)
                values = (command_id, TOPIC, datetime.now(UTC), envelope, BODY.decode())
                connection.execute(RAW_INSERT, values, prepare=True)
                yield

    return in_threads(number, seconds, work)


def recorder(
    commits: GroupCommit[Unit, tuple[Entry, ...]], units: Units, number: int, seconds: float, rate: float
) -> float:
    """Prepared units a second from as many writers, each waiting for its answer before the next. A lone writer is a
    thread, as an import is; many are asyncio callers.
    """
    prepared = iter([units.make() for _ in range(int(rate * seconds) + number)])
    if number == 1:
        started = time.perf_counter()
        count = alone(commits, prepared, started + seconds)
        return count / (time.perf_counter() - started)

    async def caller(end: float) -> int:
        count = 0
        while time.perf_counter() < end:
            await commits.submit_async(next(prepared))
            count += 1
        return count

    async def run() -> float:
        started = time.perf_counter()
        counts = await asyncio.gather(*(caller(started + seconds) for _ in range(number)))
        return sum(counts) / (time.perf_counter() - started)

    return asyncio.run(run())


def alone(commits: GroupCommit[Unit, tuple[Entry, ...]], prepared: Iterator[Unit], end: float) -> int:
    """How many units one thread gets recorded, one after the other, before all are or the time is over."""
    count = 0
    while time.perf_counter() < end:
        unit = next(prepared, None)
        if unit is None:
            break
        commits.perform(unit)
        count += 1
    return count


class Peer(Aggregate):
    """The stock library's aggregate with about as much in it."""

    @event("Opened")
    def __init__(self, reference: str, subject: str, lead_unit: str) -> None:
        self.reference, self.subject, self.lead_unit = reference, subject, lead_unit

    @event("Transferred")
    def transfer(self, lead_unit: str, reason: str) -> None:
        """Hand it to another unit."""
        self.lead_unit = lead_unit


def peer_environment(database: Database) -> dict[str, str]:
    """The settings of eventsourcing's own recorders on a database."""
    parts = conninfo_to_dict(database.admin)
    password = Path(str(parts["passfile"])).read_text(encoding="utf-8").strip().rsplit(":", 1)[1]
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts.get("port", "5432")),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": password,
        "POSTGRES_POOL_SIZE": "64",
        "POSTGRES_MAX_OVERFLOW": "16",
    }


@contextmanager
def stock(database: Database) -> Iterator[Application[UUID]]:
    """eventsourcing's own recorder on the same database."""
    with Application[UUID](peer_environment(database)) as application:
        yield application


def stock_save(application: Application[UUID], number: int, seconds: float) -> float:
    """Saves a second: load an aggregate, change it, save it."""

    def work(index: int) -> Iterator[None]:
        peer = Peer(f"10.01/{index}", "Straßenausbau Königsallee", "62")
        application.save(peer)
        for count in itertools.count():
            loaded: Peer = application.repository.get(peer.id)
            loaded.transfer(str(count % 90 + 10), "Zuständigkeit geändert")
            application.save(loaded)
            yield

    return in_threads(number, seconds, work)


def ledger_handle(ledger: Ledger, plan_unit: UUID, number: int, seconds: float) -> float:
    """Commands a second with everything on: load, decide, seal, record. One in ten opens a file with a new key."""

    def work(index: int) -> Iterator[None]:
        file = ledger.handle(open_file(plan_unit)).record_id
        for count in itertools.count():
            if count % 10 == 9:
                file = ledger.handle(open_file(plan_unit)).record_id
            else:
                transfer = TransferFileLeadUnit(
                    new_lead_unit=str(count % 90 + 10), reason=Sealed("Zuständigkeit geändert")
                )
                ledger.handle(Request(command=transfer, principal=CLERK, idempotency_key=str(uuid4()), record_id=file))
            yield

    return in_threads(number, seconds, work)


def plan_unit_of(ledger: Ledger) -> UUID:
    """A plan unit to open files under."""
    plan = DefineFilePlanUnit(
        code="10.01",
        title="Organisation",
        retention_years=10,
        disposal_kind=next(iter(DisposalKind)),
        valid_from=date(2020, 1, 1),
    )
    return ledger.handle(Request(command=plan, principal=CLERK, idempotency_key="plan")).record_id


def open_file(plan_unit: UUID) -> Request:
    """A request that opens a file."""
    key = str(uuid4())
    command = OpenFile(
        reference=f"10.01-{key}",
        subject=Sealed("Straßenausbau Königsallee"),
        plan_unit_id=plan_unit,
        lead_unit="62",
        custodian_unit="62",
    )
    return Request(command=command, principal=CLERK, idempotency_key=key)


def copy_thousand(connection: psycopg.Connection[tuple[object, ...]], batches: int) -> float:
    """Events a second by raw binary COPY, 1,000 a transaction."""
    types = ["uuid", "int8", "text", "timestamptz", "timestamptz", "json", "json"]
    rows = []
    for _ in range(batches):
        record_id, now = uuid4(), datetime.now(UTC)
        envelope = ENVELOPE % (record_id, record_id, record_id)
        rows.append([(record_id, version, TOPIC, now, now, envelope, BODY.decode()) for version in range(1, 1001)])
    statement = (
        "copy public.copied (record_id, version, topic, recorded_at, effective_at, envelope, body)"
        " from stdin (format binary)"
    )
    started = time.perf_counter()
    for batch in rows:
        with connection.cursor().copy(statement) as copy:
            copy.set_types(types)
            for row in batch:
                copy.write_row(row)
    return 1000 * batches / (time.perf_counter() - started)


def carried(appender: Appender, batches: Sequence[Sequence[Unit]]) -> float:
    """Events a second over prepared batches."""
    started = time.perf_counter()
    for batch in batches:
        accept(appender.carry(batch))
    return sum(len(unit.events) for batch in batches for unit in batch) / (time.perf_counter() - started)


def grow(appender: Appender, units: Units, events: int) -> None:
    """Fill the ledger."""
    for done in range(0, events, 10_000):
        for _ in range(10):
            accept(appender.carry([units.make(100, guarded=False) for _ in range(10)]))
        if done % 100_000 == 0:
            to_stderr(f"growing: {done:,} of {events:,} events")


def measure(server: Server, rounds: int, seconds: float, million: int) -> list[Result]:
    """All results on one server."""
    version = server.version_num // 10000
    results: list[Result] = []
    with ExitStack() as stack:
        database = fresh_database(server, "bench")
        connection = stack.enter_context(psycopg.connect(database.admin, autocommit=True))
        connection.execute(RAW_TABLE)
        appender = Appender(database.conninfo("writer"))
        units = Units(appender)
        commits = GroupCommit("bench", appender.carry, gather=GATHER)
        stack.callback(appender.close)
        stack.callback(commits.close)

        for number, target in ((1, 0.4), (16, 0.9), (64, 0.95)):
            to_stderr(f"PostgreSQL {version}: {number} writers")
            found = interleave(
                rounds,
                {
                    "raw INSERT": lambda n=number: raw_insert(database, n, seconds),  # type: ignore[misc]
                    "recorder": lambda n=number: recorder(commits, units, n, seconds, 14_000),  # type: ignore[misc]
                },
                to_stderr,
            )
            results.append(of_rates(f"recorder, {number} writers", found, "recorder", "raw INSERT", target))

        to_stderr(f"PostgreSQL {version}: Ledger.handle, 64 callers")
        peer = stack.enter_context(stock(fresh_database(server, "peer")))
        ledger = Ledger(fresh_database(server, "handled"), KEK, [efile.FAMILY])
        stack.callback(ledger.close)
        plan_unit = plan_unit_of(ledger)
        found = interleave(
            rounds,
            {
                "raw INSERT": lambda: raw_insert(database, 64, seconds),
                "Ledger.handle": lambda: ledger_handle(ledger, plan_unit, 64, seconds),
                "eventsourcing": lambda: stock_save(peer, 64, seconds),
            },
            to_stderr,
        )
        results.append(of_rates("Ledger.handle, 64 callers, to raw INSERT", found, "Ledger.handle", "raw INSERT", 0.5))
        results.append(
            of_rates("Ledger.handle, 64 callers, to eventsourcing", found, "Ledger.handle", "eventsourcing", 5)
        )

        to_stderr(f"PostgreSQL {version}: bulk")
        found = interleave(
            rounds,
            {
                "COPY": lambda: copy_thousand(connection, 5),
                "bulk": lambda: carried(appender, [[units.plain(1000)] for _ in range(5)]),
                "64 commands a batch": lambda: carried(
                    appender, [[units.make() for _ in range(64)] for _ in range(20)]
                ),
                "1,000 commands a batch": lambda: carried(
                    appender, [[units.make() for _ in range(1000)] for _ in range(2)]
                ),
            },
            to_stderr,
        )
        results.append(of_rates("command of 1,000 events to binary COPY", found, "bulk", "COPY", 0.4))
        costs = ratios(found["64 commands a batch"], found["1,000 commands a batch"])
        results.append(Result("cost per command, 1,000 a batch to 64", "ratio of costs", costs, 1.5, "lower"))

        if million:
            results.append(grown(server, stack, rounds, million))
    return results


def grown(server: Server, stack: ExitStack, rounds: int, events: int) -> Result:
    """The same append on a large ledger and on an empty one."""
    large, small = (Appender(fresh_database(server, name).conninfo("writer")) for name in ("large", "small"))
    stack.callback(large.close)
    stack.callback(small.close)
    of_large, of_small = Units(large), Units(small)
    grow(large, of_large, events)
    found = interleave(
        rounds,
        {
            "empty": lambda: carried(small, [[of_small.make() for _ in range(64)] for _ in range(20)]),
            "large": lambda: carried(large, [[of_large.make() for _ in range(64)] for _ in range(20)]),
        },
        to_stderr,
    )
    costs = ratios(found["empty"], found["large"])
    return Result(f"append at {events:,} events to append on an empty table", "ratio of costs", costs, 1.2, "lower")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 0 where every target is met, 1 where one is not."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench append", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one measurement (default 1)")
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the large ledger; 0 leaves it out")
    parser.add_argument("--postgres-bin", type=Path, help="PostgreSQL binaries instead of the embedded ones")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    with scratch_server(options.postgres_bin) as server:
        results = measure(server, options.rounds, options.seconds, options.events)
        about = machine(server.version_num)
    return report("append", about, results, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
