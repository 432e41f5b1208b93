"""An append that is under way holds back all that come after it, so nobody ever reads past an event that is to come."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from domain.efile.commands import OpenFile
from domain.families import FAMILIES
from domain.requests import Unavailable
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, rebuild, wait_for
from infra.projector.events import Events, connect
from projections.families import PROJECTIONS
from projections.model import find
from tests.database import KEK
from tests.infra.projector.office import Office, events_of
from tests.infra.projector.tables import CODEC, folded, rows, status_of

EVENT = find(PROJECTIONS, "event")
RECORD = find(PROJECTIONS, "record")
# An append writes down its command last of all: its events are in their table by then, and the head has moved.
HOLD = "lock table ledger.command in share mode"
WAITING = """
select pid, relation is not null from pg_locks
where not granted and locktype in ('relation', 'transactionid', 'tuple') order by waitstart, pid
"""


@pytest.fixture
def other(database: Database) -> Iterator[Ledger]:
    """The ledger as another process has it open."""
    opened = Ledger(database, KEK, FAMILIES)
    yield opened
    opened.close()


@pytest.fixture
def running(database: Database) -> Iterator[Projector]:
    following = Projector(database, FAMILIES, (EVENT, RECORD), ())
    following.start()
    yield following
    following.stop()


def opens_a_file(office: Office) -> None:
    requests = iter(office.next_request, None)
    office.ledger.handle(next(each for each in requests if isinstance(each.command, OpenFile)))


def waiting(admin: psycopg.Connection[tuple[object, ...]], many: int) -> list[object]:
    """The backends that wait for a lock, when there are so many; the one that waits for a table first."""
    for _ in range(500):
        found = admin.execute(WAITING).fetchall()
        if len(found) == many:
            return [pid for pid, _ in sorted(found, key=lambda each: not each[1])]
        threading.Event().wait(0.02)
    raise AssertionError(f"{many} appends should wait: {found}")


@pytest.mark.parametrize("ends", ["committed", "rolled back"])
def test_nobody_passes_an_append_that_is_open(
    database: Database,
    ledger: Ledger,
    other: Ledger,
    running: Projector,
    admin: psycopg.Connection[tuple[object, ...]],
    ends: str,
) -> None:
    first, second = Office(ledger), Office(other, seed=2)
    first.work(20)
    second.work(10)
    head = max(first.last_position, second.last_position)
    reader = database.conninfo("reader")
    assert wait_for(reader, head, ["event", "record"], 30)
    before = rows(database, RECORD)
    with ThreadPoolExecutor(2) as threads, psycopg.connect(database.admin) as holder:
        holder.execute(HOLD)
        one = threads.submit(opens_a_file, first)
        waiting(admin, 1)
        two = threads.submit(opens_a_file, second)
        held, _ = waiting(admin, 2)

        assert not wait_for(reader, head + 1, ["event"], 0.5)
        assert (status_of(database, EVENT).position, status_of(database, RECORD).position) == (head, head)
        assert max(rows(database, EVENT)) == (head,)
        assert rows(database, RECORD) == before
        with connect(database.conninfo("projector")) as connection:
            events = Events(connection, CODEC)
            assert (events.head(), events.after(head, 10)) == (head, [])
        found = rebuild(database, CODEC, EVENT, ())
        assert (found.position, found.rows, found.equal) == (head, head, True)
        assert not one.done()
        assert not two.done()

        if ends == "rolled back":
            admin.execute("select pg_terminate_backend(%s, 5000)", [held])
            waiting(admin, 2)
        holder.rollback()
        assert two.exception() is None
        assert ends == "rolled back" or one.exception() is None
        assert one.exception() is None or isinstance(one.exception(), Unavailable)
    recorded = events_of(database, CODEC)
    assert [event.position for event in recorded] == list(range(1, len(recorded) + 1))
    assert len(recorded) > head
    assert wait_for(reader, len(recorded), ["event", "record"], 30)
    for each in (EVENT, RECORD):
        assert rows(database, each) == folded(database, each), each.name
