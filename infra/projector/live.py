"""The projector: keeps the tables of all read models up to the ledger, as one process among those that may try."""

from __future__ import annotations

import logging
import select
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Final

import psycopg

from domain.kernel import Family
from infra.codec import Codec
from infra.database import Database
from infra.projector import quarantine, state, views
from infra.projector.build import Builder
from infra.projector.events import Connection, Event, Events, LedgerGap, connect, prefer_indexes
from infra.projector.fingerprint import fingerprint
from infra.projector.fold import Failure, without_collector
from infra.projector.group import Member, Moved, apply, stop
from infra.projector.guard import SECONDS, Guard
from infra.queries import named
from projections.model import Projection, Report

log = logging.getLogger("stadtbuch.projector")
BATCH: Final = 1000
LOOK_AGAIN: Final = 5.0
_SQL: Final = named("projector")


class Projector:
    """Follows the ledger. `run` blocks until `stop`; `catch_up` returns when what was recorded before is folded."""

    def __init__(
        self,
        database: Database,
        families: Iterable[Family],
        projections: Sequence[Projection],
        reports: Sequence[Report],
        *,
        batch: int = BATCH,
        fold_seconds: float = SECONDS,
        text: views.ReportText = views.shipped,
    ) -> None:
        self.database = database
        self.codec = Codec(families)
        self.projections = tuple(projections)
        self.reports = tuple(reports)
        self.batch = batch
        self.fold_seconds = fold_seconds
        self.text = text
        self._stopping = threading.Event()
        self._waking = threading.Lock()
        self._wake: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="projector")
        self._thread.start()

    def stop(self) -> None:
        """End `run` after the batch in hand, and wait for the thread that `start` made."""
        self._stopping.set()
        with self._waking:
            if self._wake is not None:
                self._wake.send(b"!")
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def run(self) -> None:
        """Follow the ledger until `stop`. A lost connection is made again."""
        with self._wakeable() as woken:
            while not self._stopping.is_set():
                try:
                    with Session(self) as session:
                        while not self._stopping.is_set():
                            session.take_over_when_due()
                            if not session.step():
                                session.wait(woken)
                except psycopg.OperationalError as error:
                    log.warning("the projector lost the database and tries again: %s", error)
                    self._stopping.wait(1)
                except MemoryError:  # a new process begins with more of it
                    raise
                except Exception:  # a defect: nobody else follows the ledger meanwhile
                    log.exception("the projector begins anew")
                    self._stopping.wait(1)

    @contextmanager
    def _wakeable(self) -> Iterator[socket.socket]:
        waking, woken = socket.socketpair()
        with waking, woken:
            with self._waking:
                self._wake = waking
            try:
                yield woken
            finally:
                with self._waking:
                    self._wake = None

    def catch_up(self) -> int:
        """Fold all that was recorded before the call; answers the last position. For a projector that does not run.

        Projections that another process keeps up are left to it.
        """
        with Session(self) as session:
            session.build()
            head = session.events.head()
            while session.step(head):
                pass
            return head


class Session:
    """A projector's connections and what it holds by them: the locks on its projections, their rows written last."""

    def __init__(self, projector: Projector) -> None:
        self.projector = projector
        self.stack = ExitStack()
        self.members: dict[str, Member] = {}
        self.guard = Guard(projector.fold_seconds)
        self.stack.callback(self.guard.close)
        self.ahead: tuple[int, int, Future[list[Event]]] | None = None
        self.looks_again = 0.0
        self.installed = False
        self.builder: Builder | None = None
        self.unbuilt: set[str] = set()

    def __enter__(self) -> Session:
        conninfo = self.projector.database.conninfo("projector")
        try:
            self.connection = self.stack.enter_context(connect(conninfo))
            prefer_indexes(self.connection)
            self.events = Events(self.stack.enter_context(connect(conninfo)), self.projector.codec)
            self.reading = self.stack.enter_context(ThreadPoolExecutor(1, "projector-reads"))
            self.events.connection.execute("listen ledger")
            self.events.connection.execute("listen projector")
            state.register(self.connection, [projection.name for projection in self.projector.projections])
            self.take_over()
            self._install_reports()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.builder is not None:
            self.builder.stop()
        self.stack.close()

    def _install_reports(self) -> None:
        try:
            with views.replacing(self.connection):
                views.install(self.connection, self.projector.reports, self.projector.text)
            self.installed = True
        except psycopg.errors.LockNotAvailable as error:
            log.warning("the reports are looked after later, a query holds one: %s", error)
        except (views.ReportMismatch, psycopg.ProgrammingError) as error:
            self.installed = True  # by another program
            log.error("the reports are left as they were: %s", error)

    def take_over_when_due(self) -> None:
        """Look again every few seconds, however busy the ledger is: who held a projection may be gone."""
        if time.monotonic() >= self.looks_again:
            self.take_over()
            if not self.installed:
                self._install_reports()

    def take_over(self) -> None:
        """Lock the projections that no other process holds. Those that had stopped try again."""
        self.looks_again = time.monotonic() + LOOK_AGAIN
        for projection in self.projector.projections:
            if projection.name not in self.members and _lock(self.connection, projection.name):
                topics = self.projector.codec.topics_of(projection.facts)
                mark = fingerprint(projection, topics)
                self.members[projection.name] = Member(projection, mark, topics)
                state.resume(self.connection, [projection.name])
        state.forget_progress(self.connection, self.members)
        self.look()

    def look(self) -> None:
        """Read how far the projections have come, and build those that were made by another fold or never."""
        state.register(self.connection, self.members)
        found = state.states(self.connection, self.members)
        held = quarantine.held(self.connection, [each.relation for each in found.values() if each.relation])
        for name, each in found.items():
            self.members[name].see(each, held.get(each.relation or "", set()))

    def outdated(self) -> list[Member]:
        """Those whose rows do not follow from the present fold."""
        return [m for m in self.members.values() if m.seen is None or m.seen.fingerprint != m.fingerprint]

    def build(self) -> None:
        """Build what is outdated beside what there is, one after the other."""
        Builder(self.projector, [member.projection for member in self.outdated()]).run()
        self.look()

    def _build_beside(self) -> None:
        if self.builder is not None:
            if self.builder.is_alive():
                return
            self.unbuilt.update(self.builder.failed)
            self.builder = None
        outdated = [member.projection for member in self.outdated() if member.projection.name not in self.unbuilt]
        if outdated:
            self.builder = Builder(self.projector, outdated)
            self.builder.start()

    def step(self, upto: int | None = None) -> bool:
        """Fold one batch into the projections that are furthest behind; False where there is nothing to fold."""
        live = [member for member in self.members.values() if member.live]
        positions = sorted({member.seen.position for member in live if member.seen})
        if not positions or (upto is not None and positions[0] >= upto):
            return False
        low = positions[0]
        # They stop where others are, and go on with them.
        room = (positions[1] if len(positions) > 1 else low + self.projector.batch) - low
        group = [member for member in live if member.seen and member.seen.position == low]
        try:
            with without_collector():
                events = self._read(low, min(room, self.projector.batch))
                apply(self.connection, self.guard, group, events)
        except LedgerGap as gap:
            self._stop(group, Failure(low + 1, str(gap)))
            return True
        except Moved:
            self.look()
            return True
        return bool(events)

    def _stop(self, group: Sequence[Member], found: Failure) -> None:
        try:
            for member in group:
                stop(self.connection, member, found)
        except Moved:
            self.look()

    def _read(self, after: int, at_most: int) -> list[Event]:
        """The next events; the batch after a full one is read while this one is written."""
        if self.ahead is not None and self.ahead[:2] == (after, at_most):
            events = self.ahead[2].result()
        else:
            events = self.reading.submit(self.events.after, after, at_most).result()
        self.ahead = None
        if len(events) == self.projector.batch:
            following = after + len(events)
            self.ahead = (following, at_most, self.reading.submit(self.events.after, following, at_most))
        return events

    def wait(self, woken: socket.socket) -> None:
        """Until something was recorded, a projection was swapped, or it is time to look again."""
        self._build_beside()
        connection = self.events.connection
        heard = state.notified(connection)
        if not heard:
            ready, _, _ = select.select([connection.fileno(), woken.fileno()], [], [], LOOK_AGAIN)
            if woken.fileno() in ready:
                woken.recv(100)
            heard = state.notified(connection)
        own = self.connection.info.backend_pid
        if any(channel == "projector" and sender != own for channel, sender in heard):
            self.look()


def _lock(connection: Connection, name: str) -> bool:
    row = connection.execute(_SQL["lock_of"], ("stadtbuch.projection", name)).fetchone()
    return row is not None and bool(row[0])
