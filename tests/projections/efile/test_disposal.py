"""The registers and duties from closing to destruction, of plan versions, attachments and resubmissions."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import AddAttachment, CancelResubmission, CompleteResubmission, ReviseFilePlanUnit
from domain.efile.facts import (
    CaseDestroyed,
    CaseOfFileDestroyed,
    ResubmissionBecameOverdue,
    ResubmissionScheduled,
)
from domain.efile.vocabulary import (
    Appraisal,
    Confidentiality,
    DisposalKind,
    ResubmissionStatus,
    Status,
)
from domain.kernel import Sealed
from projections.duties import Duty
from projections.efile import DUTIES, attachments, cases, documents, files, plan, plan_versions, resubmissions
from projections.model import columns_of, fold_all
from projections.query.text import Where, operations
from tests.domain.efile.examples import (
    CASE,
    CASES,
    DEFINED,
    DOCUMENT,
    FILE,
    FILED,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    Sort,
    of_files_and_cases,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, TODAY, Given, given

LATER = datetime(2040, 6, 3, 10, 0, tzinfo=UTC)


def row(sort: Sort, scenario: Given) -> Any:
    projection = files.PROJECTION if sort.name == "file" else cases.PROJECTION
    return fold_all(projection, scenario.events())[(sort.record,)]


def duty(name: str) -> Duty:
    return next(duty for duty in DUTIES if duty.name == name)


def meets(found: Any, where: tuple[Where, ...]) -> bool:
    """What the database answers, for one row."""
    compare: dict[str, Any] = {
        "eq": lambda a, b: a == b,
        "in": lambda a, b: a in b,
        "lt": lambda a, b: a is not None and a < b,
        "lte": lambda a, b: a is not None and a <= b,
    }
    return all(compare[each.op](getattr(found, each.column), each.value) for each in where)


@of_files_and_cases
def test_a_register_follows_a_record_to_its_destruction(sort: Sort) -> None:
    kept = row(sort, sort.kept())
    assert (kept.status, kept.retention_until, kept.offer_due_on) == (
        Status.CLOSED, date(2036, 12, 31), date(2038, 1, 1),
    )  # fmt: skip
    assert row(sort, sort.expired()).status is Status.RETENTION_EXPIRED
    offered = row(sort, sort.offered())
    assert (offered.status, offered.process_id, offered.archive) == (Status.OFFERED, "AUS-2037-1", "Stadtarchiv")
    assert offered.offered_on == TODAY
    appraised = row(sort, sort.appraised(Appraisal.ARCHIVE))
    assert (appraised.status, appraised.appraisal) == (Status.APPRAISED, Appraisal.ARCHIVE)
    assert row(sort, sort.transferred()).status is Status.TRANSFERRED
    failed = sort.facts["TransferFailed"](process_id="AUS-2037-1", errors=1, report=REASON)
    assert row(sort, sort.transferred(failed)).status is Status.APPRAISED
    confirmed = row(sort, sort.transferred(sort.facts["ImportConfirmed"](process_id="AUS-2037-1", archive_id="StA 1")))
    assert (confirmed.status, confirmed.archive_id) == (Status.IMPORT_CONFIRMED, "StA 1")
    assert row(sort, sort.approved()).status is Status.APPRAISED
    destroyed = sort.facts["Destroyed"](process_id="AUS-2037-1", approvers=(ACTOR, SOMEBODY_ELSE))
    gone = row(sort, sort.approved(destroyed))
    assert (gone.status, gone.destroyed_on) == (Status.DESTROYED, TODAY)


@of_files_and_cases
def test_what_is_reopened_is_kept_no_longer(sort: Sort) -> None:
    due = sort.facts["OfferBecameDue"](offer_due_on=date(2038, 1, 1))
    assert row(sort, sort.kept(due)).offer_due
    again = row(sort, sort.kept(due).when(sort.reopen, on=date(2040, 1, 1), now=LATER).so())
    assert (again.status, again.zda_on, again.retention_until, again.disposal_kind) == (Status.OPEN, None, None, None)
    assert (again.offer_due, again.offer_due_on) == (False, None)


@of_files_and_cases
def test_holds_and_confidentiality_are_shown(sort: Sort) -> None:
    placed = [
        sort.facts["LegalHoldPlaced"](hold=no, authority="VG", reason=REASON, voids_approval=False) for no in (1, 2)
    ]
    assert row(sort, sort.open(*placed)).legal_holds == 2
    released = sort.facts["LegalHoldReleased"](hold=1, authority="VG", reason=REASON)
    assert row(sort, sort.open(*placed, released)).legal_holds == 1
    secret = sort.facts["ConfidentialityChanged"](old=Confidentiality.OPEN, new=Confidentiality.SECRET, reason=REASON)
    assert row(sort, sort.open(secret)).confidentiality is Confidentiality.SECRET


def test_a_file_shows_how_many_of_its_cases_are_gone() -> None:
    gone = CASES.approved(CaseDestroyed(process_id="AUS-2037-1", approvers=(ACTOR, SOMEBODY_ELSE)))
    (file,) = fold_all(files.PROJECTION, gone.beside(FILE, CaseOfFileDestroyed(case_id=CASE)).events()).values()
    assert (file.cases, file.open_cases, file.destroyed_cases) == (1, 0, 1)


def test_the_file_plan_shows_its_latest_version_and_all_of_them() -> None:
    revise = ReviseFilePlanUnit(
        valid_from=date(2026, 7, 1),
        title="Bauanträge",
        retention_years=30,
        disposal_kind=DisposalKind.ARCHIVE,
        reason=REASON,
    )
    revised = given(FAMILY, DEFINED, record_id=PLAN_UNIT).when(revise).so()
    (unit,) = fold_all(plan.PROJECTION, revised.events()).values()
    assert (unit.versions, unit.version_from, unit.title, unit.retention_years) == (
        2, date(2026, 7, 1), "Bauanträge", 30,
    )  # fmt: skip
    versions = fold_all(plan_versions.PROJECTION, revised.events())
    assert [(no, each.valid_from, each.retention_years) for (_, no), each in versions.items()] == [
        (1, date(2020, 1, 1), 10),
        (2, date(2026, 7, 1), 30),
    ]


def test_attachments_are_listed_and_counted() -> None:
    attach = AddAttachment(
        document_id=DOCUMENT,
        title=Sealed("Lageplan"),
        filename=Sealed("l.pdf"),
        mime="application/pdf",
        size=7,
        sha256=SECOND_HASH,
    )
    case = CASES.open(FILED).when(attach).so().when(attach).so()
    (document,) = fold_all(documents.PROJECTION, case.events()).values()
    assert document.attachments == 2
    found = fold_all(attachments.PROJECTION, case.events())
    assert list(found) == [(DOCUMENT, 1), (DOCUMENT, 2)]
    assert found[DOCUMENT, 1].sha256 == SECOND_HASH
    assert (found[DOCUMENT, 1].record_id, found[DOCUMENT, 1].document_version) == (CASE, 1)


SCHEDULED = ResubmissionScheduled(no=1, due=date(2026, 4, 1), addressee="61/2", reason=REASON)


def test_resubmissions_are_listed_as_they_stand() -> None:
    second = ResubmissionScheduled(no=2, due=date(2026, 5, 1), addressee="63", reason=REASON)
    scheduled = CASES.open(SCHEDULED, second)
    done = scheduled.when(CompleteResubmission(no=1, note=Sealed("erinnert"))).so()
    cancelled = done.when(CancelResubmission(no=2, reason=REASON)).so()
    first, last = fold_all(resubmissions.PROJECTION, cancelled.events()).values()
    assert (first.status, first.settled_on, first.note.name) == (ResubmissionStatus.DONE, TODAY, "note")
    assert (last.status, last.settled_on, last.note.name) == (ResubmissionStatus.CANCELLED, TODAY, "reason")
    counts = [row(CASES, each).open_resubmissions for each in (scheduled, done, cancelled)]
    assert counts == [2, 1, 0]


# What falls due


def test_a_resubmission_is_overdue_the_day_after_and_once() -> None:
    late = duty("efile.resubmission_overdue")
    (found,) = fold_all(resubmissions.PROJECTION, CASES.open(SCHEDULED).events()).values()
    assert not meets(found, late.due(date(2026, 4, 1)))
    assert meets(found, late.due(date(2026, 4, 2)))
    assert late.since(found) == date(2026, 4, 2)
    record, command = late.command(found)
    after = CASES.open(SCHEDULED).about(record).when(command, on=late.since(found), now=LATER)
    recorded = after.then(ResubmissionBecameOverdue(no=1, due=date(2026, 4, 1)))
    (found,) = fold_all(resubmissions.PROJECTION, recorded.events()).values()
    assert found.status is ResubmissionStatus.OVERDUE
    assert not meets(found, late.due(date(2040, 1, 1)))


@of_files_and_cases
@pytest.mark.parametrize(
    ("name", "eve", "due"),
    [
        ("retention_expired", date(2036, 12, 31), date(2037, 1, 1)),
        ("offer_due", date(2037, 12, 31), date(2038, 1, 1)),
    ],
)
def test_the_end_of_retention_and_the_offer_fall_due_once(sort: Sort, name: str, eve: date, due: date) -> None:
    falls_due = duty(f"efile.{sort.name}_{name}")
    found = row(sort, sort.kept())
    assert not meets(found, falls_due.due(eve))
    assert meets(found, falls_due.due(due))
    assert falls_due.since(found) == due
    record, command = falls_due.command(found)
    after = sort.kept().about(record).when(command, on=due, now=LATER).so()
    assert not meets(row(sort, after), falls_due.due(date(2040, 1, 1)))
    assert not meets(row(sort, sort.open()), falls_due.due(date(2040, 1, 1)))
    assert not meets(row(sort, sort.offered()), falls_due.due(date(2040, 1, 1)))


@pytest.mark.parametrize("falls_due", DUTIES, ids=lambda duty: duty.name)
def test_the_registers_can_be_asked_what_is_due(falls_due: Duty) -> None:
    columns = columns_of(falls_due.source.row)
    for each in falls_due.due(date(2040, 1, 1)):
        assert each.op in operations(columns[each.column])


@of_files_and_cases
def test_what_has_no_day_falls_never_due(sort: Sort) -> None:
    found = row(sort, sort.open())
    for name in ("retention_expired", "offer_due"):
        with pytest.raises(ValueError, match=r"no (end|day)"):
            duty(f"efile.{sort.name}_{name}").since(found)
