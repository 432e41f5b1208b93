"""What readers and analysts see: views with meanings, reports among them, and nothing else."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.efile.facts import CaseLeadUnitTransferred, CaseOpened
from domain.families import FAMILIES
from domain.kernel import Message, Recorded
from infra.database import Database
from infra.ledger import Ledger
from infra.projector import Projector, ReportMismatch, rebuild, wait_for
from infra.projector.events import connect
from infra.projector.live import Session
from projections import query
from projections.families import PROJECTIONS, REPORTS
from projections.model import Projection, Report, Source, column, columns_of, find
from tests.infra.projector.office import Office
from tests.infra.projector.tables import CODEC, folded, relation_of, rows, status_of

CASES = find(PROJECTIONS, "case_record")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    lead_unit: str = column("The unit.", "Die Stelle.", sortable=True)
    cases: int = column("Its cases.", "Ihre Vorgänge.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortRow:
    record_id: UUID = column("The case.", "Der Vorgang.")
    lead_unit: str = column("The unit.", "Die Stelle.")


def shortly(row: ShortRow | None, event: Recorded) -> ShortRow | None:
    """The register of cases, with fewer columns."""
    match event.fact:
        case CaseOpened() as fact:
            return ShortRow(record_id=event.record_id, lead_unit=fact.lead_unit)
        case CaseLeadUnitTransferred() as fact:
            return ShortRow(record_id=event.record_id, lead_unit=fact.new)
    return row


UNITS = Report(
    name="cases_by_unit",
    plural="casesByUnit",
    comment=Message("Cases by unit.", "Vorgänge nach Stelle."),
    row=UnitRow,
    reads=("case_record",),
    order=("lead_unit",),
)
TEXT = "select lead_unit, count(*) from read.case_record group by lead_unit"


def project(database: Database, projection: Projection, text: str = TEXT, report: Report = UNITS) -> None:
    Projector(database, FAMILIES, (projection,), (report,), text=lambda _: text).catch_up()


def answer(database: Database, statement: str) -> list[Any]:
    with connect(database.conninfo("reader")) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_every_read_model_and_report_answers_the_reader(database: Database) -> None:
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    with psycopg.connect(database.conninfo("reader"), cursor_factory=psycopg.RawCursor) as reader:
        sources: tuple[Source, ...] = (*PROJECTIONS, *REPORTS)
        for source in sources:
            page = query.page(source, list(columns_of(source.row)), first=5)
            read = page.read(reader.execute(page.statement.sql.encode(), page.statement.params).fetchall())
            assert (read.rows, read.as_of) == ([], 0)


def test_everything_an_analyst_sees_says_what_it_means(database: Database) -> None:
    Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
    silent = answer(
        database,
        "select c.relname, a.attname from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped"
        " where c.relnamespace = 'read'::regnamespace and c.relkind = 'v' and col_description(c.oid, a.attnum) is null"
        " union all select c.relname, '' from pg_class c"
        " where c.relnamespace = 'read'::regnamespace and c.relkind = 'v' and obj_description(c.oid) is null",
    )
    assert silent == []


def test_readers_see_the_views_only(database: Database, ledger: Ledger) -> None:
    Office(ledger).work(40)
    project(database, CASES)
    table = relation_of(database, CASES)
    for forbidden in (
        f'select * from read."{table}"',
        "delete from read.case_record",
        "select * from ledger.event",
        "select * from projector.projection",
        "create table read.mine ()",
    ):
        with connect(database.conninfo("reader")) as connection:
            connection.execute("set default_transaction_read_only = off")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())
    assert answer(database, "select count(*) from read.case_record") == [(len(folded(database, CASES)),)]


def test_readers_cannot_write_nor_hold_the_server(database: Database) -> None:
    assert answer(database, "show statement_timeout") == [("30s",)]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        answer(database, "create sequence mine")


def test_a_report_follows_its_read_model_to_another_shape(database: Database, ledger: Ledger) -> None:
    Office(ledger).work(60)
    project(database, CASES)
    before = answer(database, "select * from read.cases_by_unit order by 1")
    assert sum(count for _, count in before) == len(folded(database, CASES))
    project(database, replace(CASES, row=ShortRow, number=None, order=(), indexes=(), fold=shortly))
    assert answer(
        database,
        "select count(*) from information_schema.columns where table_schema = 'read' and table_name = 'case_record'",
    ) == [(3,)]
    assert answer(database, "select * from read.cases_by_unit order by 1") == before
    project(database, CASES)
    assert answer(database, "select * from read.cases_by_unit order by 1") == before
    assert rows(database, CASES) == folded(database, CASES)


def test_a_changed_report_takes_the_place_of_the_old_one(database: Database, ledger: Ledger) -> None:
    Office(ledger).work(60)
    project(database, CASES)
    project(database, CASES, TEXT + " having count(*) > 1000000")
    assert answer(database, "select * from read.cases_by_unit") == []


@pytest.mark.parametrize(
    "text",
    [
        "select lead_unit, count(*)::text from read.case_record group by lead_unit",
        "select lead_unit, count(*), 1 from read.case_record group by lead_unit",
    ],
)
def test_a_report_that_answers_other_columns_than_it_declares_is_refused(database: Database, text: str) -> None:
    project(database, CASES)
    with pytest.raises((ReportMismatch, psycopg.errors.SyntaxError)):
        rebuild(database, CODEC, replace(CASES, indexes=()), (UNITS,), text=lambda _: text)
    assert status_of(database, CASES).status == "live"


def test_a_report_on_a_model_that_is_not_there_yet_waits_for_it(database: Database) -> None:
    other = replace(UNITS, reads=("case_record", "nothing"))
    project(database, CASES, report=other)
    with pytest.raises(psycopg.errors.UndefinedTable):
        answer(database, "select * from read.cases_by_unit")


def test_a_query_on_a_changed_report_holds_up_the_report_and_no_read_model(database: Database, ledger: Ledger) -> None:
    office = Office(ledger)
    project(database, CASES)
    changed = Projector(database, FAMILIES, (CASES,), (UNITS,), text=lambda _: f"{TEXT} having true")
    office.work(20)
    with psycopg.connect(database.conninfo("reader")) as analyst:
        analyst.execute("select * from read.cases_by_unit").fetchall()
        with Session(changed) as session:
            while session.step():
                pass
            assert status_of(database, CASES).position == office.last_position
            assert not session.installed
            analyst.commit()
            session.looks_again = 0.0
            session.take_over_when_due()
            assert session.installed


def test_a_slip_of_the_projector_does_not_end_it(database: Database, ledger: Ledger) -> None:
    slips = iter([RuntimeError("nobody thought of this")])

    def text(report: Report) -> str:
        for slip in slips:
            raise slip
        return TEXT

    project(database, CASES)
    office = Office(ledger)
    follows = Projector(database, FAMILIES, (CASES,), (UNITS,), text=text)
    follows.start()
    try:
        office.work(20)
        assert wait_for(database.conninfo("reader"), office.last_position, ["case_record"], 30)
    finally:
        follows.stop()
    assert next(slips, None) is None
