"""Appends, projectors, rebuilds and readers at once, and all of them killed again and again: no event is skipped or
doubled, and whoever reads sees what a fold of all events up to the position makes that the view claims."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any, Final

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Recorded
from infra.cli.serve import watched
from infra.database import Database
from infra.embedded import Server, start
from infra.migrations import migrate
from infra.projector import Projector, quarantine, rebuild
from projections.model import Projection
from tests.database import LOG_NAME, database_named
from tests.infra.projector.chaos import SOME, Journal, Seen, Sums, play
from tests.infra.projector.office import events_of
from tests.infra.projector.tables import CODEC, relation_of, rows, status_of, tables_of
from tests.waiting import until

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.campaign]

# Copies of a process that has everything imported, so that who was killed is at work again in a moment.
PROCESSES: Final = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.infra.projector.chaos"])
PATIENCE: Final = 120.0
TICK: Final = threading.Event()
# How many processes there are of each role, and what is killed in turn. A backend is ended as an administrator would,
# a crash is a backend that is killed: PostgreSQL then throws out everybody and recovers.
CAST: Final = ("writer", "projector", "projector", "rebuild", "reader")
EXTRAS: Final = ("writer", "reader")
TURNS: Final = ("projector", "worker", "writer", "rebuild", "reader", "backend", "projector", "worker", "rebuild")
ROUGH: Final = ("crash", "postmaster")
OTHERS: Final = """
select pid from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""


class Player:
    """A process at its work."""

    def __init__(self, role: str, number: int, database: Database, stage: Path) -> None:
        self.role = role
        self.journal = stage / f"{role}-{number}.jsonl"
        conninfos = (database.admin, database.app, database.analyst)
        self.process = PROCESSES.Process(target=play, args=(role, conninfos, str(self.journal), number), daemon=True)
        self.process.start()

    @property
    def ready(self) -> bool:
        """Whether it has begun to work."""
        return self.journal.exists() and self.journal.stat().st_size > 0

    def kill(self) -> None:
        """SIGKILL it."""
        self.process.kill()
        self.process.join()
        self.process.close()

    def workers(self) -> list[int]:
        """The processes that fill parts for it."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for children in tasks for pid in children.read_text().split()]
        return [int(pid) for pid in pids if b"infra.projector.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


class Campaign:
    """The processes, who kills them, and what was killed and when."""

    def __init__(self, cast: Sequence[str], server: Server, database: Database, stage: Path) -> None:
        self.cast = Counter(cast)
        self.server = server
        self.database = database
        self.stage = stage
        self.chance = Random(4)
        self.numbers = count(1)
        self.players: list[Player] = []
        self.kills: Counter[str] = Counter()
        self.crashes: list[tuple[float, float]] = []

    def revive(self) -> None:
        """Start whoever is missing. Nobody ends by itself."""
        for player in self.players:
            code = player.process.exitcode
            assert code is None, f"a {player.role} ended with {code}"
        for role, many in self.cast.items():
            there = sum(player.role == role for player in self.players)
            for _ in range(many - there):
                self.players.append(Player(role, next(self.numbers), self.database, self.stage))

    def round(self, kind: str) -> None:
        """Kill one of a kind, as soon as there is one at work."""
        deadline = time.monotonic() + PATIENCE
        while not self._strike(kind):
            assert time.monotonic() < deadline, f"there is no {kind} to be killed"
            TICK.wait(0.02)
        self.kills[kind] += 1
        self.revive()

    def _strike(self, kind: str) -> bool:
        match kind:
            case "backend":
                return self._end_backend()
            case "crash":
                return self._crash(lambda connection: connection.info.backend_pid)
            case "postmaster":
                return self._crash(lambda _: self.server.pid)
            case "worker":
                return any(self._kill_worker(player) for player in self.players if player.role == "rebuild")
        ready = [player for player in self.players if player.role == kind and player.ready]
        if not ready:
            return False
        victim = self.chance.choice(ready)
        victim.kill()
        self.players.remove(victim)
        return True

    def _kill_worker(self, player: Player) -> bool:
        try:
            for pid in player.workers():
                os.kill(pid, signal.SIGKILL)
                return True
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            pass
        return False

    def _end_backend(self) -> bool:
        try:
            with psycopg.connect(self.database.admin, autocommit=True) as admin:
                pids = [pid for (pid,) in admin.execute(OTHERS)]
                return bool(pids) and admin.execute("select pg_terminate_backend(%s)", [pids[0]]).fetchone() == (True,)
        except psycopg.OperationalError:  # it is still recovering
            return False

    def _crash(self, victim: Callable[[psycopg.Connection], int]) -> bool:
        """Kill a process of the server whose end ends all others, and note from when to when they ended: so long what
        is asked is still answered, and may be lost.
        """
        try:
            first, other = (psycopg.connect(self.database.admin, autocommit=True) for _ in range(2))
        except psycopg.OperationalError:  # it is still recovering
            return False
        with closing(first), closing(other):
            began = time.monotonic()
            os.kill(victim(first), signal.SIGKILL)
            until(lambda: not lives(other), "the end of the server", PATIENCE)
            self.crashes.append((began, time.monotonic()))
        return True

    def end(self) -> None:
        """Kill whoever is left."""
        for player in self.players:
            player.kill()
        self.players.clear()

    def journals(self, role: str) -> list[list[list[Any]]]:
        """What all processes of a role have written, each by itself."""
        return [Journal.read(path)[1:] for path in sorted(self.stage.glob(f"{role}-*.jsonl"))]

    def lines(self, role: str) -> list[list[Any]]:
        """The same, together."""
        return [line for journal in self.journals(role) for line in journal]


@pytest.fixture
def place(
    request: pytest.FixtureRequest, postgres_bin: Path | None, thorough: bool
) -> Iterator[tuple[Server, Database]]:
    """A server and a database. Where PostgreSQL is to be killed too, the server is this test's alone and watched."""
    if not thorough:
        yield request.getfixturevalue("server"), request.getfixturevalue("database")
        return
    home = Path(tempfile.mkdtemp(prefix="stadtbuch-test-"))
    home.chmod(0o755)
    told: list[str] = []
    with start(home, bindir=postgres_bin, progress=told.append) as running, watched(running, told.append):
        database = database_named(running, "stadtbuch")
        migrate(database, LOG_NAME)
        yield running, database
    shutil.rmtree(home)


def sums_at(projection: Projection, events: Sequence[Recorded]) -> tuple[dict[Any, Any], list[Sums]]:
    """The rows that a fold from nothing makes, and what is to be counted of them at each position."""
    wanted = frozenset(projection.facts)
    made: dict[Any, Any] = {}
    found = [Sums(0, 0, 0)]
    for event in events:
        rows, versions, positions = found[-1]
        key = projection.key_of(event) if type(event.fact) in wanted else None
        if key is not None:
            before = made.pop(key, None)
            after = projection.fold(before, event)
            if before is not None:
                rows, versions, positions = rows - 1, versions - before.version, positions - before.position
            if after is not None:
                made[key] = after
                rows, versions, positions = rows + 1, versions + after.version, positions + after.position
        found.append(Sums(rows, versions, positions))
    return made, found


def test_whatever_is_killed_no_event_is_skipped_or_doubled_and_no_reader_sees_half_a_table(
    place: tuple[Server, Database],
    tmp_path: Path,
    rounds: int,
    thorough: bool,
    record_property: Callable[[str, object], None],
) -> None:
    server, database = place
    Projector(database, FAMILIES, SOME, ()).catch_up()
    campaign = Campaign((*CAST, *EXTRAS) if thorough else CAST, server, database, tmp_path)
    seconds, kills = (300.0, max(rounds, 100)) if thorough else (6.0, len(TURNS) - 2)
    began = time.monotonic()
    try:
        campaign.revive()
        until(lambda: all(player.ready for player in campaign.players), "all processes", PATIENCE)
        until(lambda: any(line[1] for line in campaign.lines("rebuild")), "a rebuild of what there is", PATIENCE)
        began = time.monotonic()
        for number in range(kills):
            TICK.wait(max(0.0, began + seconds * number / kills - time.monotonic()) * campaign.chance.uniform(0.6, 1))
            rough = thorough and number % 12 == 11
            campaign.round(ROUGH[number // 12 % 2] if rough else TURNS[number % len(TURNS)])
        TICK.wait(max(0.0, began + seconds - time.monotonic()))
    finally:
        lasted = time.monotonic() - began
        campaign.end()
    until(lambda: answers(database), "the server", PATIENCE)
    Projector(database, FAMILIES, SOME, ()).catch_up()
    figures = check(campaign)
    record_property(
        "printed", f"{lasted:.0f} s, {sum(campaign.kills.values())} kills {dict(campaign.kills)}; {figures}"
    )


def lives(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True


def answers(database: Database) -> bool:
    try:
        psycopg.connect(database.admin).close()
    except psycopg.OperationalError:
        return False
    return True


def check(campaign: Campaign) -> str:
    """Hold what the tables hold, and what was seen on the way, against a fold of all events. Answers the figures."""
    database = campaign.database
    events = events_of(database, CODEC)
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    assert quarantine(database.conninfo("reader")) == []
    seen = [
        [Seen(name, past, began, ended, at, Sums(*sums)) for name, past, began, ended, at, sums in journal]
        for journal in campaign.journals("reader")
    ]
    for projection in SOME:
        status = status_of(database, projection)
        assert (status.status, status.error, status.position) == ("live", None, len(events))
        expected, sums = sums_at(projection, events)
        assert rows(database, projection) == expected, projection.name
        for reader in seen:
            own = [each for each in reader if each.name == projection.name]
            assert [each for each in own if each.sums != sums[each.position]] == [], projection.name
            for earlier, later in pairwise(each for each in own if not each.past):
                crashed = any(began <= later.ended and earlier.began <= ended for began, ended in campaign.crashes)
                assert crashed or later.position >= earlier.position, (earlier, later)
    assert sorted(rows(database, SOME[0])) == [(event.position,) for event in events]
    built = campaign.lines("rebuild")
    assert [line for line in built if line[1] is False] == []
    for projection in SOME:
        assert rebuild(database, CODEC, projection, ()).equal, projection.name
        assert tables_of(database, projection) == [relation_of(database, projection)]
    looks = sum(map(len, seen))
    positions = len({each.position for reader in seen for each in reader})
    whole = sum(line[1] is True for line in built)
    return (
        f"{len(events)} events, {whole} rebuilds whole and {len(built) - whole} broken off,"
        f" {looks} looks at {positions} positions"
    )
