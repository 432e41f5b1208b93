"""A rebuild folds everything anew beside the live rows, says whether they were right, and takes their place."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.efile.commands import TransferCaseLeadUnit
from domain.efile.facts import CaseLeadUnitTransferred, CaseOpened
from domain.families import FAMILIES
from domain.kernel import Recorded, Sealed
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import (
    Cancelled,
    FoldFailed,
    Progress,
    Projector,
    Rebuilding,
    Rebuilt,
    Sizes,
    ViewInUse,
    rebuild,
    views,
    wait_for,
)
from infra.projector.events import connect
from projections import efile
from projections.families import PROJECTIONS
from projections.model import Projection, find
from tests.infra.projector.office import Office, events_of
from tests.infra.projector.tables import CODEC, folded, relation_of, rows, status_of, tables_of

EVENT = find(PROJECTIONS, "event")
RECORD = find(PROJECTIONS, "record")
CASES = find(PROJECTIONS, "case_record")
DOCUMENTS = find(PROJECTIONS, "document")
SOME = (EVENT, RECORD, *efile.PROJECTIONS)


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def follow(database: Database, *projections: Projection) -> None:
    Projector(database, FAMILIES, projections, ()).catch_up()


def again(database: Database, projection: Projection, **how: Any) -> Rebuilt:
    return rebuild(database, CODEC, projection, (), **how)


def test_what_is_rebuilt_has_the_checksum_of_what_was_folded_live(database: Database, office: Office) -> None:
    follow(database, *SOME)
    office.work(120)
    follow(database, *SOME)
    for each in SOME:
        found = again(database, each)
        assert (found.equal, found.checksum, found.differences) == (True, found.live_checksum, ()), each.name
        assert (found.position, found.rows, found.live_rows) == (
            office.last_position,
            len(folded(database, each)),
            found.rows,
        )
        assert rows(database, each) == folded(database, each)


@pytest.mark.parametrize("sizes", [Sizes(7, 1_000_000), Sizes(7, 11), Sizes(1000, 50), Sizes(5000, 1, 1)])
def test_how_the_work_is_divided_changes_nothing(database: Database, office: Office, sizes: Sizes) -> None:
    office.work(80)
    follow(database, EVENT, CASES, DOCUMENTS)
    for each in (EVENT, CASES, DOCUMENTS):
        assert again(database, each, sizes=sizes).equal
        assert rows(database, each) == folded(database, each)


def sabotage(database: Database, projection: Projection, change: str, *values: object) -> None:
    with connect(database.conninfo("projector")) as connection:
        connection.execute(SQL(change).format(Identifier("read", relation_of(database, projection))), values)


def events_behind(database: Database, projection: Projection, record_id: Any) -> list[Recorded]:
    facts = set(projection.facts)
    return [each for each in events_of(database, CODEC) if each.record_id == record_id and type(each.fact) in facts]


def test_a_changed_row_is_named_with_the_column_both_values_and_their_events(
    database: Database, office: Office
) -> None:
    office.work(80)
    follow(database, CASES)
    victim = office.cases[3]
    right = rows(database, CASES)[(victim,)].lead_unit
    sabotage(database, CASES, "update {} set lead_unit = 'someone else' where record_id = %s", victim)
    seen: list[str] = []

    def accept(found: Rebuilt) -> bool:
        seen.extend(row.lead_unit for row in rows(database, CASES).values() if row.record_id == victim)
        return True

    found = again(database, CASES, accept=accept)
    assert seen == ["someone else"], "what differs is said before the swap"
    assert found.equal is False
    (difference,) = found.differences
    assert found.ranges == (str(victim)[:2],)
    assert difference.key == {"record_id": str(victim)}
    assert difference.columns == {"lead_unit": ("someone else", right)}
    own = events_behind(database, CASES, victim)
    made = [e.position for e in own if isinstance(e.fact, CaseOpened | CaseLeadUnitTransferred)][-1]
    assert difference.events == tuple(each.position for each in own)
    expected = f"record_id {victim}: lead_unit is 'someone else' (no event), not {right!r} (event {made})"
    assert str(difference) == expected
    assert rows(database, CASES) == folded(database, CASES)
    assert again(database, CASES).equal


def test_a_row_that_missed_an_event_is_traced_to_the_one_before(database: Database, office: Office) -> None:
    office.work(80)
    follow(database, CASES)
    victim, before = office.cases[0], rows(database, CASES)[(office.cases[0],)]
    moved = office.do(TransferCaseLeadUnit(new_lead_unit="99", reason=Sealed("Umzug")), victim)
    follow(database, CASES)
    sabotage(database, CASES, "update {} set lead_unit = %s where record_id = %s", before.lead_unit, victim)
    (difference,) = again(database, CASES).differences
    origin = difference.origins["lead_unit"]
    assert origin.rebuilt == moved.last_position
    assert origin.live == events_behind(database, CASES, victim)[-2].position


def test_a_missing_row_and_one_too_many_are_named(database: Database, office: Office) -> None:
    office.work(80)
    follow(database, RECORD)
    lost, invented = office.cases[0], uuid4()
    sabotage(database, RECORD, "update {} set record_id = %s where record_id = %s", invented, lost)
    found = again(database, RECORD)
    missing, added = sorted(map(str, found.differences), key=lambda text: "should" in text)
    assert missing.startswith(f"record_id {lost}: missing, made by event")
    assert added == f"record_id {invented}: should not be there, made by no event"


def test_rows_of_other_keys_than_records_are_traced_too(database: Database, office: Office) -> None:
    office.work(200)
    follow(database, DOCUMENTS, EVENT)
    document = next(iter(rows(database, DOCUMENTS)))
    sabotage(database, DOCUMENTS, "update {} set mime = 'x/y' where document_id = %s", *document)
    sabotage(database, EVENT, "update {} set topic = 'x' where position = 7")
    (difference,) = again(database, DOCUMENTS).differences
    assert difference.origins["mime"].rebuilt in difference.events
    (difference,) = again(database, EVENT).differences
    assert (difference.events, difference.origins["topic"].rebuilt) == ((7,), 7)


def test_what_is_only_checked_is_left_as_it_was(database: Database, office: Office) -> None:
    office.work(40)
    follow(database, CASES)
    live = relation_of(database, CASES)
    sabotage(database, CASES, "update {} set lead_unit = 'someone else'")
    found = again(database, CASES, accept=lambda found: False)
    assert found.equal is False
    assert (relation_of(database, CASES), tables_of(database, CASES)) == (live, [live])
    assert {row.lead_unit for row in rows(database, CASES).values()} == {"someone else"}


def test_a_new_fold_has_nothing_to_be_compared_with(database: Database, office: Office) -> None:
    office.work(20)
    follow(database, RECORD)
    other = replace(RECORD, indexes=())
    found = again(database, other)
    assert (found.equal, found.live_checksum, found.live_rows) == (None, None, None)
    assert rows(database, other) == folded(database, RECORD)


def test_it_tells_how_far_it_is(database: Database, office: Office) -> None:
    office.work(60)
    told: list[Progress] = []
    again(database, EVENT, progress=told.append, sizes=Sizes(10))
    assert told[-1].done == told[-1].total == office.last_position
    assert told[-1].eta == 0
    assert told[-1].rate > 0


def test_the_status_keeps_what_the_last_rebuild_found(database: Database, office: Office) -> None:
    office.work(20)
    follow(database, RECORD)
    found = again(database, RECORD)
    status = status_of(database, RECORD)
    assert (status.rebuilt_position, status.rebuilt_rows, status.checksum) == (
        found.position,
        found.rows,
        found.checksum,
    )
    assert status.rebuilt_at is not None
    assert (status.building_done, status.building_total, status.building_since) == (None, None, None)


@contextmanager
def following(database: Database) -> Iterator[Projector]:
    projector = Projector(database, FAMILIES, SOME, ())
    projector.start()
    try:
        yield projector
    finally:
        projector.stop()


def test_the_ledger_and_the_live_rows_go_on_meanwhile(database: Database, office: Office) -> None:
    follow(database, *SOME)
    done = threading.Event()
    found: list[Rebuilt] = []

    def over_and_over() -> None:
        while not done.is_set():
            found.append(again(database, CASES, sizes=Sizes(20)))

    with following(database):
        rebuilding = threading.Thread(target=over_and_over)
        rebuilding.start()
        try:
            while len(found) < 3 and rebuilding.is_alive():
                office.work(10, at_once=2)
        finally:
            done.set()
            rebuilding.join()
        assert wait_for(database.conninfo("reader"), office.last_position, [each.name for each in SOME], 30)
    assert len(found) >= 3
    assert all(one.equal for one in found), [one.differences for one in found]
    assert rows(database, CASES) == folded(database, CASES)
    assert tables_of(database, CASES) == [relation_of(database, CASES)]


def test_readers_never_miss_the_view_nor_see_half_of_it(database: Database, office: Office) -> None:
    office.work(60)
    follow(database, RECORD)
    expected = len(folded(database, RECORD))
    done = threading.Event()
    seen: set[int] = set()
    started = threading.Event()

    def read() -> None:
        with psycopg.connect(database.conninfo("reader"), autocommit=True) as connection:
            while not done.is_set():
                seen.update(count for (count,) in connection.execute("select count(*) from read.record"))
                started.set()

    reader = threading.Thread(target=read)
    reader.start()
    started.wait()
    for _ in range(5):
        again(database, RECORD)
    done.set()
    reader.join()
    assert seen == {expected}


@pytest.mark.parametrize("view", ["read.record", "as_of.record", "history.record"])
def test_a_transaction_that_began_before_the_swap_is_told_so_and_shown_no_part(
    database: Database, office: Office, view: str
) -> None:
    office.work(20)
    follow(database, RECORD)
    with psycopg.connect(database.conninfo("reader")) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("select 1")
        again(database, RECORD)
        with pytest.raises(psycopg.errors.SerializationFailure, match="were replaced after this transaction began"):
            reader.execute(f"select count(*) from {view}".encode())
        reader.rollback()
        assert reader.execute(f"select count(*) > 0 from {view}".encode()).fetchone() == (True,)


class Interrupted(Exception):
    pass


def interrupt(progress: Progress) -> None:
    raise Interrupted


def test_a_first_build_holds_no_more_in_memory_than_a_later_one(database: Database, office: Office) -> None:
    office.work(80)
    with pytest.raises(Interrupted):
        again(database, DOCUMENTS, sizes=Sizes(7, 1_000_000, 5), progress=interrupt)
    with connect(database.conninfo("projector")) as connection:
        ((parts,),) = connection.execute("select parts from projector.build where name = 'document'").fetchall()
    many = len(folded(database, DOCUMENTS))
    assert many > 5
    assert parts >= many / 5


def test_what_a_killed_one_has_left_is_removed(database: Database, office: Office) -> None:
    office.work(60)
    follow(database, CASES)
    with connect(database.conninfo("projector")) as connection:
        connection.execute(SQL("create table {} ()").format(Identifier("read", f"case_record__{'0' * 12}_7")))
    assert again(database, CASES).equal
    assert tables_of(database, CASES) == [relation_of(database, CASES)]


class Counted:
    """A projection that counts how often its fold is asked."""

    def __init__(self, projection: Projection) -> None:
        self.times = 0
        self.healthy = projection
        self.projection = replace(projection, fold=self.fold)

    def fold(self, row: Any, event: Recorded) -> Any:
        self.times += 1
        return self.healthy.fold(row, event)


@pytest.mark.parametrize(("name", "told"), [("case_record", 8), ("event", 8)])
def test_an_interrupted_one_goes_on_where_it_was(database: Database, office: Office, name: str, told: int) -> None:
    office.work(60)
    counted = Counted(find(PROJECTIONS, name))
    follow(database, counted.projection)
    live = relation_of(database, counted.projection)
    whole, counted.times = counted.times, 0
    parts: list[bool] = []

    def cancelled() -> bool:
        parts.append(True)
        return len(parts) > told

    sizes = Sizes(1000, 5, 1)
    with connect(database.conninfo("projector")) as connection:
        connection.execute("analyze")
    with pytest.raises(Cancelled, match="goes on from there"):
        again(database, counted.projection, cancelled=cancelled, sizes=sizes)
    first = counted.times
    assert 0 < first < whole
    left = tables_of(database, counted.projection)
    assert relation_of(database, counted.projection) == live
    assert len(left) == 2
    assert status_of(database, counted.projection).building_done is None
    office.work(20)
    counted.times = 0
    follow(database, counted.projection)
    everything, counted.times = whole + counted.times, 0
    found = again(database, counted.projection, sizes=sizes)
    assert found.equal
    assert counted.times < everything
    assert {relation_of(database, counted.projection), live} == set(left)
    assert tables_of(database, counted.projection) == [relation_of(database, counted.projection)]
    assert rows(database, counted.projection) == folded(database, find(PROJECTIONS, name))


def test_one_that_is_filled_is_not_filled_again(database: Database, office: Office) -> None:
    office.work(40)
    counted = Counted(CASES)
    follow(database, counted.projection)
    with psycopg.connect(database.conninfo("reader")) as analyst:
        analyst.execute("select * from read.case_record")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(views, "PATIENCE", 1)
            with pytest.raises(ViewInUse):
                again(database, counted.projection)
    counted.times = 0
    assert again(database, counted.projection).equal
    assert counted.times == 0


def test_it_starts_from_zero_where_asked_to(database: Database, office: Office) -> None:
    office.work(40)
    counted = Counted(CASES)
    follow(database, counted.projection)
    whole = counted.times
    with pytest.raises(Interrupted):
        again(database, counted.projection, progress=interrupt)
    counted.times = 0
    assert again(database, counted.projection, from_zero=True).equal
    assert counted.times == whole


def test_another_fold_does_not_go_on_with_what_this_one_has_left(database: Database, office: Office) -> None:
    office.work(40)
    follow(database, CASES)
    with pytest.raises(Interrupted):
        again(database, CASES, progress=interrupt)
    other = replace(CASES, indexes=())
    again(database, other)
    assert tables_of(database, other) == [relation_of(database, other)]
    assert rows(database, other) == folded(database, CASES)


def test_two_at_once_are_refused(database: Database, office: Office) -> None:
    office.work(20)
    follow(database, CASES)

    def another(progress: Progress) -> None:
        again(database, CASES)

    with pytest.raises(Rebuilding, match="being rebuilt by another process"):
        again(database, CASES, progress=another)


def test_a_fold_that_fails_leaves_the_live_rows_alone(database: Database, office: Office) -> None:
    office.work(40)
    follow(database, CASES)
    live = relation_of(database, CASES)

    def fold(row: Any, event: Recorded) -> Any:
        raise KeyError("nothing")

    with pytest.raises(FoldFailed, match="case_record cannot be built past event"):
        again(database, replace(CASES, fold=fold))
    assert relation_of(database, CASES) == live
    assert tables_of(database, CASES) == [live]
    assert rows(database, CASES) == folded(database, CASES)


def test_a_long_query_is_not_queued_behind(database: Database, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.work(20)
    follow(database, CASES)
    monkeypatch.setattr(views, "PATIENCE", 1)
    with psycopg.connect(database.conninfo("reader")) as analyst:
        analyst.execute("select * from read.case_record")
        with pytest.raises(ViewInUse, match=r"queries have held read\.case_record"):
            again(database, CASES)
    assert again(database, CASES).equal


def test_what_a_killed_one_told_is_not_told_for_ever(database: Database, office: Office) -> None:
    follows = Projector(database, FAMILIES, (CASES,), ())
    follows.catch_up()
    with psycopg.connect(database.conninfo("projector"), autocommit=True) as rebuilding:
        rebuilding.execute("select pg_advisory_lock(hashtext('stadtbuch.rebuild'), hashtext('case_record'))")
        rebuilding.execute(
            "update projector.projection set building_done = 1, building_total = 2, building_rate = 1,"
            " building_since = now()"
        )
        follows.catch_up()
        assert status_of(database, CASES).building_done == 1
    follows.catch_up()
    found = status_of(database, CASES)
    assert (found.building_done, found.building_total, found.building_since, found.building_seconds_left) == (None,) * 4
