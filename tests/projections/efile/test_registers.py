"""The registers of e-files, folded from scenarios."""

import json
from datetime import UTC, date, datetime
from typing import Any

from domain.efile import FAMILY
from domain.efile.commands import (
    AddCirculationStep,
    AddDocumentVersion,
    CloseCase,
    CloseFile,
    CompleteCirculationStep,
    CorrectCase,
    CorrectCirculationStep,
    CorrectDocument,
    CorrectFile,
    EndFilePlanUnit,
    RecordCirculationStep,
    ReopenCase,
    ReopenFile,
    SkipCirculationStep,
    TransferCaseLeadUnit,
    TransferFileLeadUnit,
)
from domain.efile.facts import StepContent
from domain.efile.vocabulary import (
    CaseField,
    Confidentiality,
    DisposalKind,
    DocumentField,
    DocumentKind,
    FileField,
    Medium,
    Status,
    StepKind,
    StepOutcome,
    StepStatus,
)
from domain.kernel import Channel, Effective, Precision, Sealed
from projections.efile import cases, documents, files, plan, steps
from projections.model import Projection, fold_all
from tests.domain.efile.examples import (
    CASE,
    CASE_ADDED,
    CASE_OPENED,
    CO_SIGN,
    DEFINED,
    DOCUMENT,
    FILE,
    FILED,
    FINAL_SIGN,
    FIRST_HASH,
    OPENED,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    circulate,
)
from tests.scenario import SOMEBODY_ELSE, Given, given


def an_office(*more: Any) -> Given:
    """A plan unit, a file with one case, and more facts of the case; the next command is for the case."""
    office = given(FAMILY, record_id=CASE).beside(PLAN_UNIT, DEFINED).beside(FILE, OPENED, CASE_ADDED)
    return office.beside(CASE, CASE_OPENED, *more)


def only(projection: Projection, scenario: Given, *effective: Effective | date) -> Any:
    (row,) = fold_all(projection, scenario.events(*effective)).values()
    return row


def of_case(scenario: Given) -> cases.CaseRow:
    row = only(cases.PROJECTION, scenario)
    assert isinstance(row, cases.CaseRow)
    return row


def test_a_plan_unit_stands_in_the_file_plan() -> None:
    defined = given(FAMILY, DEFINED, record_id=PLAN_UNIT)
    row = only(plan.PROJECTION, defined)
    assert (row.code, row.title, row.retention_years, row.valid_to) == ("61-20", DEFINED.title, 10, date(2030, 12, 31))
    ended = defined.when(EndFilePlanUnit(valid_to=date(2026, 6, 30), reason=REASON)).so()
    row = only(plan.PROJECTION, ended)
    assert (row.valid_to, row.version, row.position) == (date(2026, 6, 30), 2, 2)


def test_a_file_shows_its_cases() -> None:
    row = only(files.PROJECTION, an_office())
    assert (row.reference, row.status, row.cases, row.open_cases) == ("61-20/2026-17", Status.OPEN, 1, 1)
    assert row.subject == Sealed.stored(2, 0, "subject")
    closed = an_office().when(CloseCase(reason=REASON)).so()
    assert (only(files.PROJECTION, closed).cases, only(files.PROJECTION, closed).open_cases) == (1, 0)
    reopened = closed.when(ReopenCase(authority="61/L", reason=REASON)).so()
    assert only(files.PROJECTION, reopened).open_cases == 1


def test_a_closed_file_shows_its_retention() -> None:
    closed = an_office().when(CloseCase(reason=REASON)).so().about(FILE).when(CloseFile(reason=REASON)).so()
    row = only(files.PROJECTION, closed)
    assert (row.status, row.zda_on, row.retention_until) == (Status.CLOSED, date(2026, 3, 2), date(2036, 12, 31))
    assert row.disposal_kind is DisposalKind.APPRAISE
    row = only(files.PROJECTION, closed.when(ReopenFile(authority="61/L", reason=REASON)).so())
    assert (row.status, row.zda_on, row.retention_until, row.disposal_kind) == (Status.OPEN, None, None, None)


def test_a_file_shows_what_it_was_corrected_to_and_who_leads() -> None:
    file = an_office().about(FILE).when(TransferFileLeadUnit(new_lead_unit="63/1", reason=REASON)).so()
    for correction in (
        CorrectFile(field=FileField.SUBJECT, new_sealed=Sealed("neu"), reason=REASON),
        CorrectFile(field=FileField.CONFIDENTIALITY, new="002", reason=REASON),
        CorrectFile(field=FileField.MEDIUM, new="003", reason=REASON),
        CorrectFile(field=FileField.CUSTODIAN_UNIT, new="10/3", reason=REASON),
    ):
        file = file.when(correction).so()
    row = only(files.PROJECTION, file)
    assert (row.lead_unit, row.custodian_unit, row.corrections) == ("63/1", "10/3", 4)
    assert (row.confidentiality, row.medium) == (Confidentiality.RESTRICTED, Medium.PAPER)
    assert row.subject == Sealed.stored(6, 0, "new_sealed")


def test_a_case_shows_where_its_round_stands() -> None:
    started = an_office(FILED).when(circulate(CO_SIGN, FINAL_SIGN)).so()
    row = of_case(started)
    assert (row.status, row.open_steps, row.circulations, row.documents) == (Status.IN_CIRCULATION, 2, 1, 1)
    assert (row.current_step, row.current_kind, row.current_addressee) == (1, StepKind.CO_SIGN, CO_SIGN.addressee)
    assert row.current_due == date(2026, 3, 9)
    signed = started.when(
        CompleteCirculationStep(no=1, outcome=StepOutcome.SIGNED, signed_sha256=FIRST_HASH), actor=SOMEBODY_ELSE
    ).so()
    row = of_case(signed)
    assert (row.open_steps, row.current_step, row.current_due) == (1, 2, None)
    assert [step["status"] for step in json.loads(row.steps or "")] == [StepStatus.DONE, StepStatus.CURRENT]
    assert json.loads(row.steps or "")[0]["outcome"] == "signed"


def test_a_new_version_sets_signed_steps_back() -> None:
    started = an_office(FILED).when(circulate(CO_SIGN, FINAL_SIGN)).so()
    sign = CompleteCirculationStep(no=1, outcome=StepOutcome.SIGNED, signed_sha256=FIRST_HASH)
    signed = started.when(sign, actor=SOMEBODY_ELSE).so()
    version = AddDocumentVersion(
        document_id=DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=2, sha256=SECOND_HASH
    )
    row = of_case(signed.when(version).so())
    assert (row.current_step, row.open_steps) == (1, 2)
    unsigned = of_case(an_office(FILED).when(version).so())
    assert (unsigned.status, unsigned.steps) == (Status.OPEN, None)


def test_a_round_ends_with_its_last_step_and_may_grow_before() -> None:
    started = an_office(FILED).when(circulate(FINAL_SIGN)).so()
    add = AddCirculationStep(no=1, step_kind=StepKind.COMMENT, addressee="14", reason=REASON)
    grown = started.when(add).so()
    assert (of_case(grown).current_step, of_case(grown).current_addressee) == (1, "14")
    skipped = grown.when(SkipCirculationStep(no=1, reason=REASON)).so()
    ended = skipped.when(SkipCirculationStep(no=2, reason=REASON), actor=SOMEBODY_ELSE).so()
    row = of_case(ended)
    assert (row.status, row.open_steps, row.current_step, row.current_kind) == (Status.OPEN, 0, None, None)


def test_a_closed_case_shows_how_long_it_took() -> None:
    row = of_case(an_office().when(CloseCase(reason=REASON), on=date(2026, 3, 2)).so())
    assert (row.status, row.processing_days, row.retention_until) == (Status.CLOSED, 0, date(2036, 12, 31))
    later = an_office().when(CloseCase(reason=REASON), on=date(2026, 3, 9), now=datetime(2026, 3, 9, 12, tzinfo=UTC))
    assert of_case(later.so()).processing_days == 7
    again = of_case(later.so().when(ReopenCase(authority="61/L", reason=REASON), on=date(2026, 3, 9)).so())
    assert (again.status, again.processing_days, again.zda_on) == (Status.OPEN, None, None)


def test_a_case_shows_what_it_was_corrected_to_and_who_leads() -> None:
    case = an_office(FILED).when(TransferCaseLeadUnit(new_lead_unit="63/1", reason=REASON)).so()
    for correction in (
        CorrectCase(field=CaseField.SUBJECT, new_sealed=Sealed("neu"), reason=REASON),
        CorrectCase(field=CaseField.DETAILS, new_sealed=Sealed("{}"), reason=REASON),
        CorrectCase(field=CaseField.CONFIDENTIALITY, new="002", reason=REASON),
        CorrectCase(field=CaseField.MEDIUM, new="003", reason=REASON),
        CorrectCase(field=CaseField.CUSTODIAN_UNIT, new="10/3", reason=REASON),
        CorrectDocument(document_id=DOCUMENT, field=DocumentField.KIND, new="incoming", reason=REASON),
    ):
        case = case.when(correction).so()
    row = of_case(case)
    assert (row.lead_unit, row.custodian_unit, row.corrections) == ("63/1", "10/3", 6)
    assert (row.confidentiality, row.medium) == (Confidentiality.RESTRICTED, Medium.PAPER)
    assert row.subject == Sealed.stored(7, 0, "new_sealed")


def test_a_document_shows_its_latest_version_and_its_corrections() -> None:
    version = AddDocumentVersion(
        document_id=DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=2, sha256=SECOND_HASH
    )
    case = an_office(FILED).when(version, actor=SOMEBODY_ELSE).so()
    for field, new in ((DocumentField.KIND, "incoming"), (DocumentField.RECEIVED_ON, "2026-03-01")):
        case = case.when(CorrectDocument(document_id=DOCUMENT, field=field, new=new, reason=REASON)).so()
    for field in (DocumentField.TITLE, DocumentField.FOREIGN_REFERENCE):
        correct = CorrectDocument(document_id=DOCUMENT, field=field, new_sealed=Sealed("neu"), reason=REASON)
        case = case.when(correct).so()
    cleared = CorrectDocument(document_id=DOCUMENT, field=DocumentField.LETTER_DATE, new=None, reason=REASON)
    row = only(documents.PROJECTION, case.when(cleared).so())
    assert (row.record_id, row.no, row.versions, row.sha256, row.drafter) == (CASE, 1, 2, SECOND_HASH, SOMEBODY_ELSE)
    assert (row.document_kind, row.received_on, row.letter_date) == (DocumentKind.INCOMING, date(2026, 3, 1), None)
    assert (row.title.position, row.foreign_reference.position, row.corrections) == (9, 10, 5)


def test_documented_steps_are_listed_as_known_now() -> None:
    check = StepContent(activity="Check receipt", performer=SOMEBODY_ELSE, unit="Group 4", outcome="complete")
    step = RecordCirculationStep(step=check, source="receipt", source_row=7)
    recorded = an_office().when(step, channel=Channel.IMPORT).so()
    taken = Effective.on(date(2011, 10, 12))
    row = only(steps.PROJECTION, recorded, taken)
    assert (row.entry, row.activity, row.performer, row.unit) == (1, "Check receipt", SOMEBODY_ELSE, "Group 4")
    assert (row.taken_at, row.precision, row.source_row) == (taken.at, Precision.DAY, 7)
    correct = CorrectCirculationStep(entry=1, step=StepContent(activity="Adjust receipt"), reason=REASON)
    corrected = recorded.when(correct).so()
    instant = Effective(datetime(2011, 10, 12, 9, tzinfo=UTC))
    row = only(steps.PROJECTION, corrected, taken, taken, taken, taken, taken, instant)
    assert (row.activity, row.performer, row.corrections) == ("Adjust receipt", None, 1)
    assert (row.taken_at, row.precision) == (instant.at, Precision.INSTANT)
    row = of_case(corrected)
    assert (row.documented_steps, row.corrections) == (1, 1)
