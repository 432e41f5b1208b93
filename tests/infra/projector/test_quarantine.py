"""An event that a fold cannot take stops its own row, which says so, and no other; once the fold is mended it heals."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.kernel import Recorded
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import (
    FoldFailed,
    Outdated,
    Retried,
    fold,
    rebuild,
    retry,
    samples,
    status,
    wait_for,
)
from infra.projector.fold import Batch
from infra.projector.guard import Guard, Overran
from infra.projector.quarantine import of_data, passing
from projections.model import OnFailure, fold_all
from tests.infra.projector.faulty import (
    CASES,
    EVENT,
    POISONS,
    Faulty,
    aside,
    asleep,
    begun,
    bothered,
    projector,
    raises,
    too_long,
)
from tests.infra.projector.office import Office, events_of
from tests.infra.projector.tables import CODEC, folded, rows, status_of


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def marked(database: Database) -> dict[UUID, bool]:
    """Which rows of the view say that they stand still."""
    with psycopg.connect(database.conninfo("reader")) as connection:
        found = connection.execute("select record_id, quarantined_since is not null from read.case_record")
        return {record_id: marked for record_id, marked in found if marked}


@pytest.mark.parametrize("bad", POISONS, ids=[bad.__name__ for bad in POISONS])
def test_poison_stops_its_own_row_and_heals(database: Database, office: Office, bad: Callable[[Any], Any]) -> None:
    faulty = Faulty(bad)
    follows = begun(database, office, faulty)
    assert faulty.victim is not None
    before = rows(database, CASES)[(faulty.victim,)]
    bothered(office, faulty.victim)
    assert follows.catch_up() == office.last_position

    stands = status_of(database, CASES)
    assert (stands.status, stands.position, stands.error) == ("live", office.last_position, None)
    expected = folded(database, CASES)
    assert rows(database, CASES) == {**expected, (faulty.victim,): before}
    assert rows(database, EVENT) == folded(database, EVENT)
    assert marked(database) == {faulty.victim: True}
    own = [event.position for event in events_of(database, CODEC) if event.record_id == faulty.victim][1:]
    first, *others = aside(database)
    assert [each.position for each in (first, *others)] == own
    assert (first.name, first.record_id, first.attempts) == ("case_record", faulty.victim, 1)
    assert first.error
    assert {each.error for each in others} == {None}
    assert (stands.quarantined_rows, stands.quarantined_events) == (1, len(own))

    (still,) = retry(database, CODEC, faulty.projection, seconds=0.3)
    assert (still.healed, still.left) == (0, len(own))
    assert aside(database)[0].attempts == 2
    assert rows(database, CASES)[(faulty.victim,)] == before

    faulty.mended = True
    (healed,) = retry(database, CODEC, faulty.projection, seconds=0.3)
    assert healed == Retried("case_record", healed.key, len(own), 0, None)
    assert (rows(database, CASES), aside(database), marked(database)) == (expected, [], {})


def test_a_database_error_in_a_full_batch_is_narrowed_down_to_its_event(database: Database, office: Office) -> None:
    faulty = Faulty(too_long)
    begun(database, office, faulty)
    assert faulty.victim is not None
    for _ in range(5):
        bothered(office, faulty.victim)
    projector(database, EVENT, faulty.projection).catch_up()
    assert {each.record_id for each in aside(database)} == {faulty.victim}
    good = {key: row for key, row in folded(database, CASES).items() if key != (faulty.victim,)}
    assert {key: row for key, row in rows(database, CASES).items() if key != (faulty.victim,)} == good


def test_a_running_projector_goes_on_from_the_healed_row(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    running = projector(database, EVENT, faulty.projection)
    running.start()
    try:
        bothered(office, faulty.victim)
        assert wait_for(database.conninfo("reader"), office.last_position, ["case_record"], 30)
        assert marked(database)
        faulty.mended = True
        (healed,) = retry(database, CODEC, faulty.projection)
        assert healed.left == 0
        bothered(office, faulty.victim)
        assert wait_for(database.conninfo("reader"), office.last_position, ["case_record"], 30)
    finally:
        running.stop()
    assert rows(database, CASES) == folded(database, CASES)


def test_what_stands_still_is_told_in_figures(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    projector(database, EVENT, faulty.projection).catch_up()
    office.work(5)
    found = {(each.name, each.projection): each.value for each in samples(status(database.conninfo("reader")))}
    own = {name.removeprefix("stadtbuch_projection_"): value for (name, of), value in found.items() if of == CASES.name}
    assert (own["quarantined_rows"], own["quarantined_events"], own["failed"]) == (1, 3, 0)
    assert own["lag_events"] == office.last_position - own["position"] > 0
    assert own["lag_seconds"] > 0
    assert "rebuild_seconds_left" not in own
    assert found["stadtbuch_projection_quarantined_rows", "event"] == 0


def test_only_the_row_of_a_position_is_tried_again(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    projector(database, EVENT, faulty.projection).catch_up()
    faulty.mended = True
    assert retry(database, CODEC, faulty.projection, 1) == []
    (healed,) = retry(database, CODEC, faulty.projection, aside(database)[-1].position)
    assert healed.left == 0


def test_rows_of_another_fold_are_not_mended_by_this_one(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    with pytest.raises(Outdated, match="stadtbuch rebuild case_record"):
        retry(database, CODEC, CASES)


def test_a_trail_goes_on_without_the_row(database: Database, office: Office) -> None:
    def fold(row: Any, event: Recorded) -> Any:
        if event.position == 5:
            raise ValueError("five")
        return EVENT.fold(row, event)

    trail = replace(EVENT, fold=fold)
    office.work(20)
    projector(database, trail).catch_up()
    assert [each.position for each in aside(database)] == [5]
    assert rows(database, EVENT) == {key: row for key, row in folded(database, EVENT).items() if key != (5,)}


def test_a_mended_fold_heals_by_being_built_anew(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    projector(database, faulty.projection).catch_up()
    assert aside(database)
    projector(database, CASES).catch_up()
    assert (rows(database, CASES), aside(database), marked(database)) == (folded(database, CASES), [], {})


def test_a_fold_that_fails_on_too_many_rows_stops(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "MOST_SET_ASIDE", 3)
    office.work(5)

    def fails(row: Any, event: Recorded) -> Any:
        raise ValueError("always")

    follows = projector(database, CASES)
    follows.catch_up()
    broken = replace(CASES, fold=fails)
    office.work(40)
    with pytest.raises(FoldFailed, match="always"):
        rebuild(database, CODEC, broken, ())


def test_the_guard_names_the_event_and_can_be_used_again(database: Database, office: Office) -> None:
    office.work(5)
    events = events_of(database, CODEC)
    guard = Guard(0.2)
    slow = replace(CASES, facts=tuple(CODEC.facts.values()), fold=lambda row, event: asleep(row))
    batch = Batch(slow, frozenset(), frozenset(slow.facts))
    guard.run(lambda each: each.take(events), [batch])
    before = time.monotonic()
    with pytest.raises(Overran) as caught:
        guard.run(Batch.fold, [batch])
    assert (caught.value.position, caught.value.batch) == (1, batch)
    assert time.monotonic() - before < 3
    quick = replace(EVENT, on_failure=OnFailure.PAUSE)
    after = Batch(quick, frozenset(), frozenset(quick.facts))
    for step in (lambda each: each.take(events), Batch.fold):
        guard.run(step, [after])
    assert {cell.key: cell.row for cell in after.cells.values()} == fold_all(quick, events)
    guard.close()


def test_a_slow_batch_of_quick_events_is_let_be(database: Database, office: Office) -> None:
    office.work(15)
    events = events_of(database, CODEC)

    def slow(row: Any, event: Recorded) -> Any:
        time.sleep(0.03)
        return EVENT.fold(row, event)

    batch = Batch(replace(EVENT, fold=slow), frozenset(), frozenset(EVENT.facts))
    guard = Guard(0.2)
    guard.run(lambda each: each.take(events), [batch])
    guard.run(Batch.fold, [batch])
    assert len(list(batch.rows())) == len(events)
    guard.close()


def test_what_is_set_aside_is_logged(database: Database, office: Office, caplog: pytest.LogCaptureFixture) -> None:
    faulty = Faulty(raises)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    projector(database, faulty.projection).catch_up()
    assert re.search(rf"case_record sets aside event \d+ of .*{faulty.victim}.*boom", caplog.text)


def test_no_memory_is_no_fault_of_the_event(database: Database, office: Office) -> None:
    def without(row: Any) -> Any:
        raise MemoryError

    faulty = Faulty(without)
    begun(database, office, faulty)
    assert faulty.victim is not None
    bothered(office, faulty.victim)
    with pytest.raises(MemoryError):
        projector(database, faulty.projection).catch_up()
    with pytest.raises(MemoryError):
        rebuild(database, CODEC, replace(faulty.projection, indexes=()), ())
    assert (aside(database), status_of(database, CASES).status) == ([], "live")
    faulty.mended = True
    projector(database, faulty.projection).catch_up()
    assert rows(database, CASES) == folded(database, CASES)


@pytest.mark.parametrize(
    ("error", "is_the_rows"),
    [
        (ValueError("a row"), True),
        (psycopg.DataError("what psycopg cannot write"), True),
        (psycopg.errors.NumericValueOutOfRange("22003"), True),
        (psycopg.errors.ProgramLimitExceeded("54000"), True),
        (psycopg.errors.InsufficientPrivilege("42501"), False),
        (psycopg.OperationalError("the connection is lost"), False),
        (psycopg.InterfaceError("the connection is closed"), False),
        (psycopg.ProgrammingError("no result"), False),
        (psycopg.InternalError("libpq"), False),
        (MemoryError(), False),
    ],
)
def test_only_what_the_row_is_the_reason_of_is_set_aside(error: Exception, is_the_rows: bool) -> None:
    assert (of_data(error) and not passing(error)) == is_the_rows


def test_a_fold_that_fails_on_too_many_rows_stops_its_read_model(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "MOST_SET_ASIDE", 5)
    broken = {"now": False}

    def fails(row: Any, event: Recorded) -> Any:
        if broken["now"]:
            raise ZeroDivisionError("always")
        return EVENT.fold(row, event)

    model = replace(EVENT, fold=fails)
    follows = projector(database, model, CASES)
    follows.catch_up()
    before, broken["now"] = office.last_position, True
    for _ in range(10):
        office.work(1)
        follows.catch_up()
    found = status_of(database, EVENT)
    assert (found.status, found.quarantined_rows) == ("stopped", 5)
    assert (found.error, found.error_position) == ("ZeroDivisionError: always", before + 6)
    assert status_of(database, CASES).position == office.last_position


STANDS_STILL = """
import os, signal, threading
from infra.projector.guard import Guard

class Batch:
    at = None

def step(batch):
    batch.at = "an event"
    waits = threading.Event()
    waits.wait(0.4)
    print("now", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    waits.wait(0.1)

Guard(1.0).run(step, [Batch()])
print("not blamed", flush=True)
"""


def test_an_event_is_not_blamed_for_a_process_that_stood_still() -> None:
    with subprocess.Popen([sys.executable, "-c", STANDS_STILL], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        time.sleep(1.5)  # longer than an event has
        process.send_signal(signal.SIGCONT)
        assert process.stdout.readline() == "not blamed\n"
