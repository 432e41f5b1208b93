"""What analysts see of a moment: read models, reports and trails as they were, from the fold of what was known then."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.families import FAMILIES
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, rebuild, retry
from infra.projector.apply import rows_of
from infra.projector.columns import names
from infra.projector.events import connect
from infra.projector.history import Line, effective_day
from infra.projector.rows import Shape
from infra.projector.table import Table
from projections import efile
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Source, find, fold_all
from tests.infra.projector.faulty import Faulty, raises
from tests.infra.projector.office import Office, events_of
from tests.infra.projector.tables import CODEC, relation_of
from tests.infra.projector.test_history import shown

EVENT, RECORD, CASES = (find(PROJECTIONS, name) for name in ("event", "record", "case_record"))
SOME = (EVENT, RECORD, *efile.PROJECTIONS)
LEAD_UNITS = "select lead_unit, count(*) from as_of.case_record group by 1 order by 1"


def as_of(database: Database, statement: str, **moment: object) -> list[Any]:
    with connect(database.conninfo("reader")) as connection, connection.transaction():
        for name, value in moment.items():
            connection.execute("select set_config('stadtbuch.as_of_' || %s, %s, true)", (name, str(value)))
        return connection.execute(statement.encode()).fetchall()


def rows_as_of(database: Database, projection: Projection, position: int) -> dict[Any, Any]:
    shape = Shape(projection)
    with connect(database.conninfo("reader")) as connection:
        connection.execute("select set_config('stadtbuch.as_of_position', %s, false)", (str(position),))
        statement = SQL("select {} from {}").format(names(shape.columns), Identifier("as_of", projection.name))
        return rows_of(Table(shape, projection.name), connection.execute(statement, binary=True).fetchall())


def checked(database: Database, positions: Sequence[int]) -> None:
    recorded = events_of(database, CODEC)
    for position in positions:
        for each in SOME:
            known = fold_all(each, [event for event in recorded if event.position <= position])
            assert rows_as_of(database, each, position) == known, (each.name, position)


@pytest.fixture
def office(ledger: Ledger) -> Office:
    return Office(ledger)


def test_every_row_is_shown_as_of_every_position_live_and_rebuilt(database: Database, office: Office) -> None:
    office.work(25)
    Projector(database, FAMILIES, SOME, REPORTS).catch_up()
    office.work(50)
    Projector(database, FAMILIES, SOME, REPORTS, batch=13).catch_up()
    last = office.last_position
    checked(database, [0, 1, 7, last // 2, last - 1, last])
    for each in SOME:
        found = rebuild(database, CODEC, each, ())
        assert (found.equal, found.differences) == (True, ()), each.name
        assert (found.versions_checksum is None) is each.is_trail
    checked(database, [0, 1, 7, last // 2, last - 1, last])


def test_a_version_that_somebody_changed_is_named_with_the_event_that_made_it(
    database: Database, office: Office
) -> None:
    office.work(60)
    Projector(database, FAMILIES, (CASES,), ()).catch_up()
    history = Identifier("history", relation_of(database, CASES))
    with connect(database.conninfo("projector")) as connection:
        change = SQL("update {0} set lead_unit = 'xx' where from_position = (select min(from_position) from {0})")
        connection.execute(change.format(history))
    found = rebuild(database, CODEC, CASES, ())
    (difference,) = found.differences
    assert (found.equal, difference.events) == (False, (difference.key["from_position"],))
    assert difference.columns["lead_unit"][0] == "xx"
    assert rebuild(database, CODEC, CASES, ()).equal


def test_a_recorded_time_leads_to_the_last_position_before_it(database: Database, office: Office) -> None:
    office.work(30)
    Projector(database, FAMILIES, (EVENT, CASES), ()).catch_up()
    # What is recorded together has one time.
    first_and_last = "select recorded_at, min(position), max(position) from read.event group by 1 order by 1"
    for recorded_at, first, last in as_of(database, first_and_last):
        assert as_of(database, LEAD_UNITS, recorded=recorded_at) == as_of(database, LEAD_UNITS, position=last)
        before = recorded_at - timedelta(microseconds=1)
        assert as_of(database, "select as_of.position()", recorded=before) == [(first - 1,)]
    assert as_of(database, LEAD_UNITS, recorded=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert as_of(database, LEAD_UNITS) == as_of(database, LEAD_UNITS.replace("as_of.", "read."))


def test_a_trail_counts_what_took_effect_by_a_day(database: Database, office: Office) -> None:
    office.work(20)
    Projector(database, FAMILIES, (EVENT,), ()).catch_up()
    ((day,),) = as_of(database, "select (max(effective_at) at time zone 'Europe/Berlin')::date from read.event")
    count = "select count(*) from as_of.event"
    assert as_of(database, count, effective=day) == [(office.last_position,)]
    assert as_of(database, count, effective=day - timedelta(days=1)) == [(0,)]


def test_every_read_model_and_report_can_be_asked_as_of_a_moment(database: Database) -> None:
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    sources: tuple[Source, ...] = (*(each for each in PROJECTIONS if each.historic), *REPORTS)
    for source in sources:
        assert as_of(database, f'select * from as_of."{source.name}"', position=0, effective="2026-01-31") == []


def test_today_is_the_day_that_was_asked_for(database: Database, office: Office) -> None:
    ((now,),) = as_of(database, "select day from read.today")
    assert as_of(database, "select day from as_of.today") == [(now,)]
    assert str(as_of(database, "select day from as_of.today", effective="2024-02-29")[0][0]) == "2024-02-29"
    # Half past eleven in the evening of London is tomorrow in Berlin.
    moment = "2025-06-30T22:30:00Z"
    assert str(as_of(database, "select day from as_of.today", recorded=moment)[0][0]) == "2025-07-01"
    assert as_of(database, "select day from as_of.today", position=1) == [(now,)]


def test_where_position_and_time_are_both_set_the_position_is_the_moment(database: Database, office: Office) -> None:
    office.work(10)
    Projector(database, FAMILIES, (EVENT,), ()).catch_up()
    both = "select as_of.position(), (select day from as_of.today), (select max(position) from as_of.event)"
    for position in (0, 3, office.last_position):
        for recorded in ("2020-01-01", "2100-01-01"):
            alone = as_of(database, both, position=position)
            assert as_of(database, both, position=position, recorded=recorded) == alone, (position, recorded)


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ({"position": -1}, "position -1 is not in the ledger: it goes from 0 to"),
        ({"position": 99_999_999_999_999}, "position 99999999999999 is not in the ledger"),
        ({"recorded": "2100-01-01"}, "has not come yet"),
    ],
)
def test_a_moment_that_is_none_or_is_to_come_is_refused(
    database: Database, office: Office, moment: dict[str, Any], says: str
) -> None:
    office.work(5)
    Projector(database, FAMILIES, (EVENT,), ()).catch_up()
    for statement in ("select as_of.position()", "select count(*) from as_of.event"):
        with pytest.raises(psycopg.errors.InvalidParameterValue, match=says):
            as_of(database, statement, **moment)


def test_without_a_moment_the_position_is_the_end_of_the_ledger(database: Database, office: Office) -> None:
    office.work(5)
    for moment in ({}, {"effective": "2025-01-01"}):
        assert as_of(database, "select as_of.position()", **moment) == [(office.last_position,)]


def test_analysts_see_neither_what_lies_below_nor_write(database: Database) -> None:
    Projector(database, FAMILIES, (CASES,), ()).catch_up()
    for statement in (
        f'select * from history."{relation_of(database, CASES)}"', "delete from as_of.case_record",
        "delete from history.case_record", "create table history.mine ()", "create view as_of.mine as select 1",
    ):  # fmt: skip
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            as_of(database, statement)


def test_what_was_set_aside_and_tried_again_is_told_at_its_own_positions(database: Database, office: Office) -> None:
    faulty = Faulty(raises)
    office.work(60)
    changed = Counter(event.record_id for event in events_of(database, CODEC) if type(event.fact) in CASES.facts)
    faulty.victim = changed.most_common(1)[0][0]
    assert changed[faulty.victim] > 1
    Projector(database, FAMILIES, (EVENT, RECORD, faulty.projection), ()).catch_up()
    still = f"select version, quarantined_since is null from as_of.case_record where record_id = '{faulty.victim}'"
    assert as_of(database, still, position=office.last_position) == [(1, False)]

    faulty.mended = True
    (healed,) = retry(database, CODEC, faulty.projection)
    assert (healed.healed, healed.left) == (changed[faulty.victim] - 1, 0)
    recorded = events_of(database, CODEC)
    for event in recorded:
        if event.record_id == faulty.victim:
            known = [each for each in recorded if each.position <= event.position]
            assert rows_as_of(database, CASES, event.position) == fold_all(CASES, known)
    assert as_of(database, still, position=office.last_position) == [(changed[faulty.victim], True)]
    found = rebuild(database, CODEC, faulty.projection, ())
    assert (found.equal, found.differences) == (True, ())


def test_shipped_folds_tell_of_every_day_whatever_came_late(database: Database, office: Office) -> None:
    office.work(60)
    random, recorded = Random(4), events_of(database, CODEC)
    late = [replace(each, effective_at=each.effective_at + timedelta(days=random.randrange(9))) for each in recorded]
    days = sorted({effective_day(each.effective_at) for each in late})
    for each in (RECORD, *efile.PROJECTIONS):
        lines: dict[Any, Line] = {}
        rows: dict[Any, Any] = {}
        for event in late:
            key = each.key_of(event) if type(event.fact) in each.facts else None
            if key is not None:
                rows[key] = each.fold(rows.get(key), event)
                lines.setdefault(key, Line(whole=True)).take(event, rows[key], each.fold)
        for position in random.sample(range(1, len(late) + 1), 6):
            for day in days:
                known = [e for e in late if e.position <= position and effective_day(e.effective_at) <= day]
                found = {key: row for key, line in lines.items() for row in shown(line.new, position, day)}
                assert found == fold_all(each, known), (each.name, position, day)
