"""The projector follows the ledger: its tables are what a fold of all events makes, at every moment it can be asked."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from domain import library
from domain.families import FAMILIES
from domain.kernel import Recorded
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import LedgerGap, Projector, rebuild, wait_for
from infra.projector.live import Session
from projections import efile
from projections import library as library_models
from projections.families import PROJECTIONS, REPORTS
from projections.model import OnFailure, Projection, find
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC, folded, relation_of, rows, status_of, tables_of

EVENT = find(PROJECTIONS, "event")
RECORD = find(PROJECTIONS, "record")
SOME = (EVENT, RECORD, *efile.PROJECTIONS)


def projector(database: Database, *projections: Projection, batch: int = 1000) -> Projector:
    return Projector(database, FAMILIES, projections or SOME, (), batch=batch)


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


@pytest.fixture
def running(database: Database) -> Iterator[Projector]:
    following = projector(database)
    following.start()
    yield following
    following.stop()


def assert_as_folded(database: Database, *projections: Projection) -> None:
    for each in projections:
        assert rows(database, each) == folded(database, each), each.name


def test_what_is_folded_live_is_what_is_folded_from_nothing(
    database: Database, office: Office, running: Projector
) -> None:
    for _ in range(8):
        office.work(60, at_once=20)
        assert wait_for(database.conninfo("reader"), office.last_position, [each.name for each in SOME], 30)
        assert_as_folded(database, *SOME)


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_the_size_of_a_batch_changes_nothing(database: Database, office: Office, batch: int) -> None:
    behind = projector(database, batch=batch)
    behind.catch_up()
    office.work(80)
    assert behind.catch_up() == office.last_position
    assert_as_folded(database, *SOME)


def test_all_families_start_on_an_empty_ledger(database: Database) -> None:
    everything = Projector(database, FAMILIES, PROJECTIONS, REPORTS)
    assert everything.catch_up() == 0
    assert {each.name: rows(database, each) for each in PROJECTIONS} == {each.name: {} for each in PROJECTIONS}


def boom(at: int, projection: Projection, on_failure: OnFailure = OnFailure.PAUSE) -> Projection:
    """The projection, with a fold that raises at an event."""

    def fold(row: Any, event: Recorded) -> Any:
        if event.position == at:
            raise ZeroDivisionError("boom")
        return projection.fold(row, event)

    return replace(projection, fold=fold, on_failure=on_failure)


def test_one_that_pauses_stops_before_the_event_and_no_other_does(database: Database, office: Office) -> None:
    broken = boom(20, RECORD)
    follows = projector(database, EVENT, broken)
    follows.catch_up()
    office.work(60)
    follows.catch_up()
    stopped, going = status_of(database, broken), status_of(database, EVENT)
    assert (stopped.status, stopped.position, stopped.error_position) == ("stopped", 19, 20)
    assert stopped.error == "ZeroDivisionError: boom"
    assert stopped.error_since is not None
    assert (going.status, going.position, going.error) == ("live", office.last_position, None)
    assert stopped.lag_events == office.last_position - 19
    assert stopped.lag_seconds > 0
    assert max(row.position for row in rows(database, RECORD).values()) == 19
    assert_as_folded(database, EVENT)


def test_one_that_pauses_stops_before_a_row_that_cannot_be_stored(database: Database, office: Office) -> None:
    def fold(row: Any, event: Recorded) -> Any:
        found = RECORD.fold(row, event)
        return replace(found, family="\0") if event.position == 30 else found

    broken = replace(RECORD, fold=fold, on_failure=OnFailure.PAUSE)
    follows = projector(database, EVENT, broken)
    follows.catch_up()
    office.work(60)
    follows.catch_up()
    stopped = status_of(database, broken)
    assert (stopped.status, stopped.position, stopped.error_position) == ("stopped", 29, 30)
    assert status_of(database, EVENT).position == office.last_position


def test_one_without_a_key_for_an_event_stops_before_it(database: Database, office: Office) -> None:
    def key_of(event: Recorded) -> tuple[Any, ...]:
        return (event.record_id, 1 // (event.position - 20))[:1]

    broken = replace(RECORD, key_of=key_of)
    follows = projector(database, EVENT, broken)
    follows.catch_up()
    office.work(60)
    follows.catch_up()
    assert (status_of(database, broken).status, status_of(database, broken).error_position) == ("stopped", 20)
    assert status_of(database, EVENT).position == office.last_position


def test_a_stopped_projection_goes_on_where_it_stopped(database: Database, office: Office) -> None:
    patience = {"left": 1}

    def fold(row: Any, event: Recorded) -> Any:
        if event.position == 20 and patience["left"]:
            patience["left"] -= 1
            raise TimeoutError("once")
        return RECORD.fold(row, event)

    moody = replace(RECORD, fold=fold, on_failure=OnFailure.PAUSE)
    projector(database, moody).catch_up()
    office.work(40)
    projector(database, moody).catch_up()
    assert status_of(database, moody).error_position == 20
    projector(database, moody).catch_up()
    assert status_of(database, moody).status == "live"
    assert_as_folded(database, RECORD)


def lose_event(database: Database, position: int) -> None:
    """What only somebody with all rights over the server can do."""
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute("alter table ledger.event disable trigger all")
        admin.execute("delete from ledger.event where position = %s", (position,))


def test_nothing_goes_past_a_gap(database: Database, office: Office) -> None:
    follows = projector(database, EVENT, RECORD)
    follows.catch_up()
    office.work(40)
    lose_event(database, 20)
    follows.catch_up()
    for each in (EVENT, RECORD):
        found = status_of(database, each)
        assert (found.status, found.position, found.error_position) == ("stopped", 19, 20)
        assert found.error == "after position 19 the ledger goes on with 21: run `stadtbuch verify`"
    with pytest.raises(LedgerGap):
        rebuild(database, CODEC, replace(EVENT, indexes=()), ())


def test_a_gap_is_looked_at_again_where_somebody_mended_rows_meanwhile(database: Database, office: Office) -> None:
    with Session(projector(database, RECORD)) as session:
        session.build()
        office.work(10)
        after = status_of(database, RECORD).position
        lose_event(database, after + 1)
        with psycopg.connect(database.admin, autocommit=True) as admin:
            admin.execute("update projector.projection set revision = revision + 1")
        assert session.step()
        assert status_of(database, RECORD).status == "live"
        assert session.step()
    found = status_of(database, RECORD)
    assert (found.status, found.error_position) == ("stopped", after + 1)


def test_an_event_of_a_newer_program_is_not_passed_over(database: Database, office: Office) -> None:
    office.work(20)
    older = Projector(database, (library.FAMILY,), library_models.PROJECTIONS, ())
    older.catch_up()
    for each in library_models.PROJECTIONS:
        found = status_of(database, each)
        assert found.status == "building"
        assert found.error_position is not None
        assert found.error is not None
        assert "was recorded by a newer Stadtbuch" in found.error


def test_one_that_is_behind_joins_the_others(database: Database, office: Office) -> None:
    projector(database, EVENT).catch_up()
    office.work(30)
    projector(database, EVENT).catch_up()
    projector(database, RECORD).catch_up()
    office.work(30)
    projector(database, EVENT, RECORD, batch=13).catch_up()
    assert_as_folded(database, EVENT, RECORD)


def test_of_two_projectors_one_waits(database: Database, office: Office, running: Projector) -> None:
    second = projector(database)
    second.start()
    try:
        office.work(60)
        assert wait_for(database.conninfo("reader"), office.last_position, [each.name for each in SOME], 30)
        assert_as_folded(database, *SOME)
    finally:
        second.stop()


def test_a_projector_takes_over_from_one_that_ended_however_busy_the_ledger_is(
    database: Database, office: Office
) -> None:
    first, second = projector(database), projector(database)
    first.start()
    names = [each.name for each in SOME]
    office.work(5)
    assert wait_for(database.conninfo("reader"), office.last_position, names, 30)
    second.start()
    try:
        first.stop()
        for _ in range(60):  # never a quiet moment as long as the time after which it looks again
            office.work(1)
            if wait_for(database.conninfo("reader"), office.last_position, names, 0.3):
                break
        else:
            pytest.fail("nobody keeps the read models")
    finally:
        second.stop()


def test_another_fold_is_built_beside_the_old_rows(database: Database, office: Office) -> None:
    office.work(40)
    projector(database, RECORD).catch_up()
    old = relation_of(database, RECORD)

    def renamed(row: Any, event: Recorded) -> Any:
        return replace(RECORD.fold(row, event), kind="thing")

    other = replace(RECORD, fold=renamed)
    office.work(10)
    projector(database, other).catch_up()
    assert relation_of(database, other) != old
    assert {row.kind for row in rows(database, other).values()} == {"thing"}


def test_waiting_ends_when_the_time_is_over(database: Database, office: Office) -> None:
    projector(database, RECORD).catch_up()
    assert not wait_for(database.conninfo("reader"), office.last_position + 1, ["record"], 0.05)
    assert not wait_for(database.conninfo("reader"), 0, ["record", "no such"], 0.05)


def test_waiting_ends_as_soon_as_the_rows_are_there(database: Database, office: Office) -> None:
    follows = projector(database, RECORD)
    follows.catch_up()
    office.work(10)
    late = threading.Thread(target=follows.catch_up)
    late.start()
    assert wait_for(database.conninfo("reader"), office.last_position, ["record"], 30)
    late.join()
    assert len(rows(database, RECORD)) == len(folded(database, RECORD))


def test_a_fold_that_fails_while_it_is_built_says_so(database: Database, office: Office) -> None:
    office.work(40)
    broken = boom(20, RECORD)
    projector(database, broken, EVENT).catch_up()
    found = status_of(database, broken)
    assert (found.status, found.error_position, found.error) == ("building", 20, "ZeroDivisionError: boom")
    assert_as_folded(database, EVENT)
    projector(database, RECORD).catch_up()
    assert (status_of(database, RECORD).status, status_of(database, RECORD).error) == ("live", None)
    projector(database, broken).catch_up()
    assert (status_of(database, RECORD).status, status_of(database, RECORD).error_position) == ("stopped", 20)
    assert_as_folded(database, RECORD)


def test_stopping_waits_for_the_part_in_hand_and_the_next_goes_on(database: Database, office: Office) -> None:
    office.work(40)
    begun, go_on = threading.Event(), threading.Event()

    def fold(row: Any, event: Recorded) -> Any:
        begun.set()
        go_on.wait()
        return RECORD.fold(row, event)

    slow = replace(RECORD, fold=fold)
    follows = projector(database, slow)
    follows.start()
    assert begun.wait(30)
    stopping = threading.Thread(target=follows.stop)
    stopping.start()
    go_on.set()
    stopping.join()
    assert len(tables_of(database, slow)) == 1
    projector(database, slow).catch_up()
    assert tables_of(database, slow) == [relation_of(database, slow)]
    assert_as_folded(database, RECORD)


def test_a_cursor_that_was_lost_is_no_reason_to_stop(database: Database, office: Office) -> None:
    follows = projector(database, RECORD)
    follows.catch_up()
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute("delete from projector.projection")
    office.work(20)
    follows.catch_up()
    assert_as_folded(database, RECORD)


def test_a_report_that_does_not_work_is_no_reason_to_stop(database: Database, office: Office) -> None:
    projector(database).catch_up()
    office.work(20)
    Projector(database, FAMILIES, SOME, efile.REPORTS, text=lambda report: "select nothing").catch_up()
    assert_as_folded(database, RECORD)


def test_a_lost_connection_is_made_again(database: Database, office: Office, running: Projector) -> None:
    office.work(20)
    assert wait_for(database.conninfo("reader"), office.last_position, ["record"], 30)
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name = 'stadtbuch projector'"
        )
    office.work(20)
    assert wait_for(database.conninfo("reader"), office.last_position, [each.name for each in SOME], 30)
    assert_as_folded(database, *SOME)
