"""`stadtbuch bench projections`: read models against eventsourcing's runner, and against reading the events alone."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection as PeerProjection
from eventsourcing.projection import ProjectionRunner
from psycopg.sql import SQL

from benchmarks.append import ENVELOPE, Peer, accept, peer_environment
from benchmarks.harness import Result, fresh_database, interleave, machine, of_rates, report, scratch_server, to_stderr
from domain.efile.facts import FileLeadUnitTransferred, FileOpened
from domain.efile.vocabulary import Confidentiality, Medium
from domain.families import FAMILIES
from domain.kernel import Fact, Sealed
from infra.codec import Codec
from infra.database import Database
from infra.embedded import Server
from infra.projector import Declared, Projector, rebuild
from infra.projector.events import Events, connect
from infra.projector.fold import without_collector
from infra.projector.live import Session
from infra.store.append import Appender
from infra.store.unit import CommandEntry, LedgerEvent, Unit
from projections.efile import PROJECTIONS
from projections.model import Projection, find

CODEC = Codec(FAMILIES)
# The register alone: `stadtbuch bench as_of` measures what its versions cost besides.
FILES = replace(find(PROJECTIONS, "file"), history=False)
MEASURED = (FILES,)
EVENTS_OF_A_FILE = 10
READ_AT_ONCE = 5_000


def file_events(number: int) -> list[Fact]:
    """A file that goes from unit to unit."""
    opened = FileOpened(
        reference=f"10.01-{number}",
        subject=Sealed("Straßenausbau Königsallee"),
        plan_unit_id=UUID(int=1),
        plan_code="10.01",
        lead_unit="10",
        custodian_unit="62",
        confidentiality=Confidentiality.OPEN,
        medium=Medium.ELECTRONIC,
        opened_on=date(2026, 3, 2),
    )
    reason = Sealed("Zuständigkeit geändert")
    moves = [
        FileLeadUnitTransferred(old=str(step + 9), new=str(step + 10), reason=reason)
        for step in range(1, EVENTS_OF_A_FILE)
    ]
    return [opened, *moves]


class City:
    """A ledger whose files are recorded without rules, as fast as can be."""

    def __init__(self, database: Database) -> None:
        self.appender = Appender(database.conninfo("writer"))
        self.files = 0

    def unit(self) -> Unit:
        """One new file with all its events."""
        record_id, command_id, now = uuid4(), uuid4(), datetime.now(UTC)
        envelope = (ENVELOPE % (uuid4(), command_id, command_id)).encode()
        self.files += 1
        events = [
            LedgerEvent(record_id, version, fact.topic, CODEC.encode(fact, lambda _: 0), envelope, now)
            for version, fact in enumerate(file_events(self.files), 1)
        ]
        return Unit((CommandEntry(command_id, command_id.bytes * 2, record_id, len(events), len(events)),), events)

    def grow(self, events: int) -> None:
        """Record so many events, a file after the other."""
        for _ in range(0, events, 100 * EVENTS_OF_A_FILE):
            accept(self.appender.carry([self.unit() for _ in range(100)]))


class PeerView(PostgresTrackingRecorder):
    """eventsourcing's materialised view with PostgreSQL tracking: a row for each aggregate, upserted event by event."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.first = 0.0
        self.sql_create_statements.append(
            SQL("create table if not exists public.peer_view (id uuid primary key, lead_unit text, changes int)")
        )

    def note(self, record_id: UUID, lead_unit: str, tracking: Tracking) -> None:
        """One event, with its tracking, in one transaction."""
        self.first = self.first or time.perf_counter()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                "insert into public.peer_view values (%s, %s, 1) on conflict (id) do update"
                " set lead_unit = excluded.lead_unit, changes = public.peer_view.changes + 1",
                (record_id, lead_unit),
            )
            self._insert_tracking(cursor, tracking)


class PeerRegister(PeerProjection[PeerView]):
    """The peer's projection of the same events."""

    name = "peer_register"

    def process_event(self, event: Any, tracking: Tracking) -> None:
        """As its documentation shows it."""
        self.view.note(event.originator_id, event.lead_unit, tracking)


def peer_live(environment: dict[str, str], events: int) -> float:
    """Events a second of the peer's runner over events that were recorded before."""
    with Application[UUID](environment) as application:
        for number in range(0, events, EVENTS_OF_A_FILE):
            peer = Peer(f"10.01/{number}", "Straßenausbau Königsallee", "10")
            for step in range(1, EVENTS_OF_A_FILE):
                peer.transfer(str(step + 10), "Zuständigkeit geändert")
            application.save(peer)
        last = application.recorder.max_notification_id()
    runner = ProjectionRunner(
        application_class=Application[UUID], projection_class=PeerRegister, view_class=PeerView, env=environment
    )
    with runner:
        runner.wait(last, timeout=600)
        ended = time.perf_counter()
    return (events - 1) / (ended - runner.view.first)


def our_live(database: Database, city: City, events: int, projection: Projection = FILES) -> float:
    """Events a second of the projector over events that were recorded before."""
    city.grow(events)
    with Session(Projector(database, FAMILIES, [projection], ())) as session:
        session.build()
        head = session.events.head()
        behind = head - min(each.seen.position for each in session.members.values() if each.seen)
        started = time.perf_counter()
        while session.step(head):
            continue
        return behind / (time.perf_counter() - started)


def read_and_decode(database: Database) -> float:
    """Events a second, read in binary and decoded, and nothing done with them."""
    with connect(database.conninfo("projector")) as connection, without_collector():
        events = Events(connection, CODEC)
        started, position = time.perf_counter(), 0
        while found := events.after(position, READ_AT_ONCE):
            position = found[-1].position
        return position / (time.perf_counter() - started)


def rebuilt(database: Database, workers: int, projection: Projection = FILES) -> float:
    """Events a second of a full rebuild: filled, indexed, compared with the live table, and put in its place."""
    found = rebuild(
        database, CODEC, projection, (), workers=workers, declared=Declared("benchmarks.projections:MEASURED")
    )
    if not found.equal:
        raise RuntimeError(f"the rebuilt rows differ: {found.differences}")
    return found.position / found.seconds


def measure(server: Server, rounds: int, events: int, large: int) -> list[Result]:
    """All results on one server."""
    database = fresh_database(server, "bench")
    city = City(database)
    peer = peer_environment(fresh_database(server, "peer"))
    with ExitStack() as stack:
        stack.callback(city.appender.close)
        to_stderr("live")
        our_live(database, city, 1_000)
        live = interleave(
            rounds,
            {"eventsourcing": lambda: peer_live(peer, 1_000), "live": lambda: our_live(database, city, 20_000)},
            to_stderr,
        )
        to_stderr(f"rebuild of {events:,} events")
        city.grow(max(events - city.files * EVENTS_OF_A_FILE, 0))
        our_live(database, city, 1_000)
        found = interleave(rounds, rebuilds(database), to_stderr)
        results = [
            of_rates("live fold to eventsourcing's ProjectionRunner", live, "live", "eventsourcing", 150),
            of_rates("rebuild to read and decode", found, "one worker", "read and decode", 0.6),
            of_rates("rebuild by two workers to read and decode", found, "two workers", "read and decode", 0.9),
        ]
        if large:
            to_stderr(f"rebuild of {large:,} events")
            city.grow(large - city.files * EVENTS_OF_A_FILE)
            our_live(database, city, 1_000)
            again = interleave(2, rebuilds(database), to_stderr)
            of = [rate / max(found["two workers"]) for rate in again["two workers"]]
            absolute = {"two workers, events a second": max(again["two workers"])}
            results.append(
                Result(f"rebuild of {large:,} to {events:,} events", "ratio of rates", of, 0.8, absolute=absolute)
            )
    return results


def rebuilds(database: Database) -> dict[str, Callable[[], float]]:
    """What is compared of rebuilds."""
    return {
        "read and decode": lambda: read_and_decode(database),
        "one worker": lambda: rebuilt(database, 1),
        "two workers": lambda: rebuilt(database, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 0 where every target is met, 1 where one is not."""
    parser = argparse.ArgumentParser(prog="stadtbuch bench projections", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the ledger that is rebuilt from")
    parser.add_argument("--large", type=int, default=0, help="size of a larger one; 0 leaves it out")
    parser.add_argument("--postgres-bin", type=Path, help="PostgreSQL binaries instead of the embedded ones")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    with scratch_server(options.postgres_bin) as server:
        results = measure(server, options.rounds, options.events, options.large)
        about = machine(server.version_num)
    return report("projections", about, results, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
