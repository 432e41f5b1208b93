"""The reports on e-files, on the real database, over registers folded from scenarios."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files as resources
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from domain.efile.commands import CompleteCirculationStep
from domain.efile.facts import CaseDestroyed, FileLegalHoldPlaced, ResubmissionBecameOverdue, ResubmissionScheduled
from domain.efile.vocabulary import Appraisal, Confidentiality, DisposalKind, ResubmissionStatus, Status, StepKind
from domain.efile.vocabulary import StepOutcome as Outcome
from domain.kernel import BERLIN, Effective, Sealed
from projections.efile import REPORTS, cases, files, resubmissions
from projections.efile.reports import (
    BottleneckRow,
    DisposalDueRow,
    DisposalStatusRow,
    OverdueResubmissionRow,
    StageRow,
)
from projections.model import Projection, columns_of, find, fold_all, ordering, reference
from tests.domain.efile.examples import CASE, CASES, CO_SIGN, FILED, FILES, FINAL_SIGN, FIRST_HASH, REASON, circulate
from tests.scenario import ACTOR, NOW, SOMEBODY_ELSE, Given

REGISTERS = (files.PROJECTION, cases.PROJECTION, resubmissions.PROJECTION)
TODAY = NOW.now(BERLIN).date()


@pytest.fixture
def registers(admin: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Empty registers under the names that the reports read, gone afterwards."""
    with admin.transaction(force_rollback=True):
        admin.execute("create schema if not exists read")
        for projection in REGISTERS:
            columns = [
                SQL("{} {} {}").format(
                    Identifier(each.name),
                    SQL(each.holds.sql),
                    SQL('collate "C"' if each.holds.sql == "text" else ""),
                )
                for each in columns_of(projection.row).values()
            ]
            admin.execute(SQL("create table read.{} ({})").format(Identifier(projection.name), SQL(", ").join(columns)))
        yield admin


def fill(connection: psycopg.Connection[Any], projection: Projection, *rows: Any) -> None:
    values = SQL(", ").join(SQL("%s") for _ in fields(projection.row))
    for row in rows:
        stored = [getattr(row, field.name) for field in fields(row)]
        stored = [reference(value) if isinstance(value, Sealed) else value for value in stored]
        connection.execute(SQL("insert into read.{} values ({})").format(Identifier(projection.name), values), stored)


def ask(connection: psycopg.Connection[Any], name: str) -> list[Any]:
    report = find(REPORTS, name)
    query = (resources("projections") / "reports" / f"{name}.sql").read_text(encoding="utf-8")
    order = SQL(", ").join(
        SQL("{} {}").format(Identifier(column), SQL("desc" if falls else "asc"))
        for column, falls in map(ordering, report.order)
    )
    made: type[Any] = report.row
    with connection.cursor(row_factory=class_row(made)) as cursor:
        return cursor.execute(SQL("select * from ({}) report order by {}").format(SQL(query), order)).fetchall()


def of_case(scenario: Given, *days: date, **changes: Any) -> Any:
    row = fold_all(cases.PROJECTION, scenario.events(*map(Effective.on, days)))[(CASE,)]
    return replace(row, **({"record_id": uuid4()} | changes))


def of_file(scenario: Given, **changes: Any) -> Any:
    (row,) = fold_all(files.PROJECTION, scenario.events()).values()
    return replace(row, **({"record_id": uuid4()} | changes))


def test_files_and_cases_are_counted_by_stage_and_unit(registers: psycopg.Connection[Any]) -> None:
    held = FILES.kept(FileLegalHoldPlaced(hold=1, authority="VG", reason=REASON, voids_approval=False))
    fill(registers, files.PROJECTION, of_file(FILES.open()), of_file(held), of_file(FILES.kept(), lead_unit="63"))
    secret = of_case(CASES.open(), confidentiality=Confidentiality.SECRET, opened_on=date(2025, 1, 7))
    fill(registers, cases.PROJECTION, of_case(CASES.open()), secret)
    opened = date(2026, 3, 2)
    assert ask(registers, "files_by_stage_and_unit") == [
        StageRow(
            lead_unit="61/2",
            kind="case",
            status=Status.OPEN,
            records=2,
            confidential=1,
            held=0,
            oldest=date(2025, 1, 7),
        ),
        StageRow(lead_unit="61/2", kind="file", status=Status.CLOSED, records=1, confidential=0, held=1, oldest=opened),
        StageRow(lead_unit="61/2", kind="file", status=Status.OPEN, records=1, confidential=0, held=0, oldest=opened),
        StageRow(lead_unit="63", kind="file", status=Status.CLOSED, records=1, confidential=0, held=0, oldest=opened),
    ]


def test_bottlenecks_are_where_steps_wait_and_take_long(registers: psycopg.Connection[Any]) -> None:
    started = CASES.open(FILED).when(circulate(CO_SIGN, FINAL_SIGN)).so()
    sign = CompleteCirculationStep(no=1, outcome=Outcome.SIGNED, signed_sha256=FIRST_HASH)
    signed = started.when(sign, actor=SOMEBODY_ELSE).so()
    begun = [date(2026, 3, 2)] * len(started.history)
    today = [TODAY - timedelta(days=9)] * len(started.history)
    fill(
        registers,
        cases.PROJECTION,
        of_case(started, *begun),
        of_case(started, *today),
        of_case(signed, *begun, date(2026, 3, 6)),
        of_case(signed, *begun, date(2026, 3, 12)),
        of_case(CASES.open()),
    )
    first, second = ask(registers, "circulation_bottlenecks")
    assert first == BottleneckRow(
        addressee=CO_SIGN.addressee,
        step_kind=StepKind.CO_SIGN,
        waiting=2,
        overdue=2,
        longest_days=(TODAY - date(2026, 3, 2)).days,
        done=2,
        median_days=Decimal("7.0"),
        p90_days=Decimal("9.4"),
    )
    assert (second.addressee, second.step_kind, second.waiting, second.overdue, second.done) == (
        FINAL_SIGN.addressee, "final_sign", 2, 0, 0,
    )  # fmt: skip
    assert (second.longest_days, second.median_days) == ((TODAY - date(2026, 3, 6)).days, None)


def test_overdue_resubmissions_are_those_nobody_has_seen_to(registers: psycopg.Connection[Any]) -> None:
    def scheduled(no: int, due: date) -> ResubmissionScheduled:
        return ResubmissionScheduled(no=no, due=due, addressee="61/2", reason=REASON)

    yesterday = TODAY - timedelta(days=1)
    scenario = CASES.open(scheduled(1, yesterday), scheduled(2, TODAY), scheduled(3, date(2026, 3, 3)))
    overdue = scenario.beside(CASE, ResubmissionBecameOverdue(no=3, due=date(2026, 3, 3)))
    fill(registers, cases.PROJECTION, of_case(overdue, record_id=CASE))
    fill(registers, resubmissions.PROJECTION, *fold_all(resubmissions.PROJECTION, overdue.events()).values())

    def row(no: int, due: date, status: ResubmissionStatus) -> OverdueResubmissionRow:
        return OverdueResubmissionRow(
            case_id=CASE,
            no=no,
            case_reference="61-20/2026-17-1",
            addressee="61/2",
            lead_unit="61/2",
            due=due,
            days_overdue=(TODAY - due).days,
            status=status,
        )

    assert ask(registers, "overdue_resubmissions") == [
        row(3, date(2026, 3, 3), ResubmissionStatus.OVERDUE),
        row(1, yesterday, ResubmissionStatus.SCHEDULED),
    ]


def test_what_is_due_for_disposal_stands_by_year_and_kind(registers: psycopg.Connection[Any]) -> None:
    late = FILES.expired(FILES.facts["OfferBecameDue"](offer_due_on=date(2038, 1, 1)))
    fill(
        registers,
        files.PROJECTION,
        of_file(FILES.kept()),
        of_file(late),
        of_file(FILES.offered()),
        of_file(FILES.kept(), retention_until=None),
        of_file(FILES.open()),
    )
    held: dict[str, Any] = {
        "disposal_kind": DisposalKind.DESTROY,
        "retention_until": date(2030, 12, 31),
        "legal_holds": 1,
    }
    fill(registers, cases.PROJECTION, of_case(CASES.kept(), **held))
    assert ask(registers, "disposal_due_by_year") == [
        DisposalDueRow(
            year=2030, disposal_kind=DisposalKind.DESTROY, kind="case", records=1, expired=0, offer_due=0, held=1
        ),
        DisposalDueRow(
            year=2036, disposal_kind=DisposalKind.APPRAISE, kind="file", records=2, expired=1, offer_due=1, held=0
        ),
    ]


def test_a_disposal_tells_how_far_it_is(registers: psycopg.Connection[Any]) -> None:
    fill(
        registers,
        files.PROJECTION,
        of_file(FILES.offered()),
        of_file(FILES.transferred()),
        of_file(FILES.expired()),
    )
    destroyed = CaseDestroyed(process_id="AUS-2037-1", approvers=(ACTOR, SOMEBODY_ELSE))
    confirmed = CASES.facts["ImportConfirmed"](process_id="AUS-2037-1", archive_id="StA 1")
    fill(
        registers,
        cases.PROJECTION,
        of_case(CASES.approved(destroyed)),
        of_case(CASES.transferred(confirmed)),
        of_case(CASES.appraised(Appraisal.ARCHIVE), process_id="AUS-2038-1", offered_on=date(2038, 1, 9)),
    )
    later, first = ask(registers, "disposal_status")
    assert (later.process_id, later.offered_on, later.records) == ("AUS-2038-1", date(2038, 1, 9), 1)
    assert first == DisposalStatusRow(
        process_id="AUS-2037-1",
        archive="Stadtarchiv",
        offered_on=NOW.date(),
        records=4,
        undecided=1,
        to_archive=2,
        to_destroy=1,
        transferred=1,
        confirmed=1,
        destroyed=1,
        held=0,
    )
