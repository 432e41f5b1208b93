"""A connection that is lost leaves open whether its batch was recorded. What is sent again is recorded once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from infra.database import Database
from infra.store.append import Appender, send
from infra.store.recorder import LedgerRecorder
from infra.store.unit import AlreadyRecorded
from tests.infra.store.units import Admin, a_unit, append, together

# A backend that appends right now, every time that a few more events have been recorded: so that there is progress.
TERMINATE = """
select (select position from ledger.head), (select count(pg_terminate_backend(pid)) from pg_stat_activity
  where datname = current_database() and query like '%%ledger.append%%' and state = 'active' and pid <> pg_backend_pid()
    and (select position from ledger.head) >= %s)
"""


def test_commands_under_load_are_recorded_once_however_often_the_connection_is_lost(
    recorder: LedgerRecorder, admin: Admin
) -> None:
    threads, each = 8, 30
    done = threading.Event()

    def work(thread: int) -> list[UUID]:
        recorded = []
        for n in range(each):
            unit = a_unit((UUID(int=thread + 1), n + 1), claims=[f"{thread}/{n}"])
            (entry,) = recorder.submit(unit).result()
            assert (entry.version, entry.record_id) == (n + 1, UUID(int=thread + 1))
            recorded.append(unit.commands[0].command_id)
        return recorded

    def kill() -> int:
        total, wanted = 0, 4
        with psycopg.connect(admin.info.dsn, password=admin.info.password, autocommit=True) as connection:
            while not done.wait(0.001):
                row: Any = connection.execute(TERMINATE, [wanted]).fetchone()
                if row[1]:
                    total, wanted = total + 1, row[0] + 8
        return total

    with ThreadPoolExecutor(threads + 1) as pool:
        killer = pool.submit(kill)
        try:
            commands = [command for done_ones in pool.map(work, range(threads)) for command in done_ones]
        finally:
            done.set()
        killed = killer.result()
    assert killed >= 5, "connections were lost meanwhile"
    rows = admin.execute("select command_id from ledger.event order by position").fetchall()
    assert sorted(rows) == sorted((command,) for command in commands)
    assert admin.execute("select position from ledger.head").fetchone() == (threads * each,)


class LosesAnswers:
    """A connection whose server commits and is then heard of no more, once: what pg_terminate_backend rarely hits."""

    def __init__(self, connection: Any, meanwhile: Any) -> None:
        self._connection = connection
        self._meanwhile = meanwhile

    @property
    def pgconn(self) -> Any:
        return self

    def exec_prepared(self, name: bytes, parameters: Any, *formats: Any) -> Any:
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile(parameters)
            self._connection.close()
        return self._connection.pgconn.exec_prepared(name, parameters, *formats)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def losing(database: Database, meanwhile: Any) -> Appender:
    """An appender whose first call does `meanwhile` on the server and then finds its connection closed."""
    appender = Appender(database.conninfo("writer"))
    line = appender._line
    line._connection = LosesAnswers(line._open(None), meanwhile)  # type: ignore[assignment]  # quacks like one
    return appender


def test_what_was_committed_before_the_connection_was_lost_counts_as_recorded(
    database: Database, writer: Admin, admin: Admin
) -> None:
    units = [a_unit((uuid4(), 1), (uuid4(), 1)), a_unit(), together(a_unit((uuid4(), 1)), a_unit())]
    appender = losing(database, lambda parameters: send(writer, parameters))
    answers: Any = appender.carry(units)
    appender.close()
    positions = [(entry.first_position, entry.last_position) for entries in answers for entry in entries]
    assert positions == [(1, 2), (None, None), (3, 3), (None, None)]
    assert admin.execute("select count(*) from ledger.event").fetchone() == (3,)


def test_what_another_process_recorded_for_the_same_command_meanwhile_is_not_taken_for_ours(
    database: Database, writer: Admin, admin: Admin
) -> None:
    record, same = uuid4(), uuid4()
    append(writer, a_unit((record, 1)))
    theirs = a_unit((record, 2), (record, 3), command_id=same)
    ours = a_unit((record, 2), command_id=same)
    appender = losing(database, lambda parameters: append(writer, theirs))
    (answer,) = appender.carry([ours])
    appender.close()
    assert isinstance(answer, AlreadyRecorded)
    assert (answer.entries[0].version, answer.entries[0].first_position) == (3, 2)


def test_a_unit_of_which_another_process_recorded_a_part_is_not_taken_for_recorded(
    database: Database, writer: Admin, admin: Admin
) -> None:
    first, second = a_unit((uuid4(), 1)), a_unit((uuid4(), 1))
    appender = losing(database, lambda parameters: append(writer, first))
    (answer,) = appender.carry([together(first, second)])
    appender.close()
    assert isinstance(answer, AlreadyRecorded)
    assert admin.execute("select count(*) from ledger.event").fetchone() == (1,)


def test_a_server_that_stays_away_is_an_operational_error_for_all_who_wait(database: Database) -> None:
    appender = Appender(database.conninfo("writer") + " port=1")
    appender._line._patience = 0.2
    with pytest.raises(OperationalError, match="does not answer"):
        appender.carry([a_unit((uuid4(), 1)), a_unit((uuid4(), 1))])
    appender.close()
