"""Cases: opening in a file, change of lead unit, closing, reopening, correcting."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import (
    AddDocumentVersion,
    CloseCase,
    CloseFile,
    CorrectCase,
    CorrectCirculationStep,
    CorrectDocument,
    RecordCirculationStep,
    ReopenCase,
    SkipCirculationStep,
    TransferCaseLeadUnit,
)
from domain.efile.facts import (
    CaseCorrected,
    CaseLeadUnitTransferred,
    CaseOfFileClosed,
    CaseOfFileReopened,
    CaseReopened,
    StepContent,
)
from domain.efile.vocabulary import CaseField, DocumentField, Status
from domain.kernel import BERLIN, Channel, On, Sealed
from tests.domain.efile.examples import (
    CASE,
    CASE_ADDED,
    CASE_CLOSED,
    CASE_OPENED,
    DEFINED,
    DOCUMENT,
    FILE,
    FILE_CLOSED,
    FILED,
    OPENED,
    OTHER_PLAN_UNIT,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    STARTED,
    TO_BE_NOTED,
    circulate,
    file_document,
    open_case,
)
from tests.scenario import TODAY, Given, an_id, given

BLANK: Sealed[str] = Sealed(" ")
A_MONTH_LATER = datetime(2026, 4, 2, 9, 0, tzinfo=BERLIN)


def an_office(*more_on_the_file: Any) -> Given:
    """A plan unit and a file; the case is yet to be opened."""
    return given(FAMILY, record_id=CASE).beside(PLAN_UNIT, DEFINED).beside(FILE, OPENED, *more_on_the_file)


def a_case(*more: Any) -> Given:
    return an_office(CASE_ADDED).beside(CASE, CASE_OPENED, *more)


@pytest.mark.allows(
    "efile.file_unknown",
    "efile.file_of_case_closed",
    "efile.plan_unit_unknown",
    "efile.plan_unit_not_valid",
    "efile.plan_unit_of_other_file",
)
def test_a_case_is_opened_and_its_file_learns_of_it() -> None:
    an_office().when(open_case()).then(CASE_OPENED, On(FILE, CASE_ADDED))


def test_a_case_belongs_to_an_existing_file() -> None:
    plan = given(FAMILY, record_id=CASE).beside(PLAN_UNIT, DEFINED)
    plan.when(open_case()).refused("efile.file_unknown")


def test_a_case_is_not_opened_in_a_closed_file() -> None:
    an_office(FILE_CLOSED).when(open_case()).refused("efile.file_of_case_closed")


def test_a_case_stands_under_an_existing_plan_unit() -> None:
    an_office().when(open_case(plan_unit_id=an_id("nowhere"))).refused("efile.plan_unit_unknown")


def test_a_case_is_not_opened_under_a_unit_that_is_not_valid_that_day() -> None:
    an_office().when(open_case(), on=date(2019, 12, 31)).refused("efile.plan_unit_not_valid")


@pytest.mark.allows("efile.out_of_order")
def test_a_case_is_opened_no_earlier_than_its_file() -> None:
    an_office().when(open_case(), on=date(2026, 3, 1)).refused("efile.out_of_order")
    an_office().when(open_case(), on=date(2026, 3, 2)).so()


@pytest.mark.allows("efile.out_of_order")
def test_a_case_that_is_taken_over_from_elsewhere_may_be_older_than_the_file_it_is_in() -> None:
    an_office().when(open_case(), on=date(2026, 3, 1), channel=Channel.IMPORT).so()


def test_a_case_stands_under_the_plan_unit_of_its_file() -> None:
    office = an_office().beside(OTHER_PLAN_UNIT, DEFINED)
    office.when(open_case(plan_unit_id=OTHER_PLAN_UNIT)).refused("efile.plan_unit_of_other_file")


@pytest.mark.allows("efile.case_reference_taken")
def test_a_case_reference_is_never_assigned_again() -> None:
    second = a_case(CASE_CLOSED).about(an_id("second case"))
    second.when(open_case()).refused("efile.case_reference_taken")
    second.when(open_case(reference="61-20/2026-17-2")).so()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", ""),
        ("subject", BLANK),
        ("lead_unit", ""),
        ("custodian_unit", "x" * 81),
        ("source", ""),
        ("source_id", " 7"),
        ("details", BLANK),
        ("source_digest", "7"),
    ],
)
def test_a_case_is_described_properly(field: str, value: object) -> None:
    an_office().when(open_case(**{field: value})).invalid(field)


@pytest.mark.allows("efile.case_closed", "efile.nothing_changed")
def test_another_unit_takes_the_lead() -> None:
    transfer = TransferCaseLeadUnit(new_lead_unit="63/1", reason=REASON)
    after = a_case().when(transfer).then(CaseLeadUnitTransferred(old="61/2", new="63/1", reason=REASON, day=TODAY))
    after.when(transfer).refused("efile.nothing_changed")
    a_case().when(TransferCaseLeadUnit(new_lead_unit="63/1", reason=BLANK)).refused("efile.reason_missing")


@pytest.mark.allows(
    "efile.case_has_open_steps",
    "efile.case_closed",
    "efile.out_of_order",
    "efile.plan_unit_unknown",
    "efile.reason_missing",
)
def test_a_case_closes_and_its_file_learns_of_it() -> None:
    a_case().when(CloseCase(reason=REASON)).then(CASE_CLOSED, On(FILE, CaseOfFileClosed(case_id=CASE, day=TODAY)))


def test_retention_starts_at_zda_and_ends_with_a_calendar_year() -> None:
    for zda_on in (date(2026, 3, 2), date(2026, 3, 31)):
        closed = a_case().when(CloseCase(reason=REASON), on=zda_on, now=A_MONTH_LATER)
        assert closed.facts[0].retention_until == date(2036, 12, 31)  # type: ignore[union-attr]


@pytest.mark.allows("efile.file_has_open_cases")
def test_closing_a_case_lets_its_file_close() -> None:
    closed = a_case().when(CloseCase(reason=REASON)).so()
    a_case().about(FILE).when(CloseFile(reason=REASON)).refused("efile.file_has_open_cases")
    closed.about(FILE).when(CloseFile(reason=REASON)).then(FILE_CLOSED)


def test_open_steps_block_closing() -> None:
    refused = a_case(FILED, STARTED).when(CloseCase(reason=REASON)).refused("efile.case_has_open_steps")
    assert refused.details["steps"] == "1, 2"


def test_closing_needs_a_reason() -> None:
    a_case().when(CloseCase(reason=BLANK)).refused("efile.reason_missing")


def test_a_case_does_not_close_before_it_was_opened() -> None:
    a_case().when(CloseCase(reason=REASON), on=date(2026, 3, 1)).refused("efile.out_of_order")


EASTER = date(2026, 4, 1)


@pytest.mark.parametrize(
    "work",
    [
        TransferCaseLeadUnit(new_lead_unit="63/1", reason=REASON),
        file_document(),
        AddDocumentVersion(
            document_id=DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=1, sha256=SECOND_HASH
        ),
        RecordCirculationStep(step=StepContent(activity="Prüfung")),
    ],
    ids=lambda command: type(command).__name__,
)
@pytest.mark.allows("efile.out_of_order")
def test_a_case_does_not_close_before_the_last_work_on_it(work: Any) -> None:
    worked = a_case(FILED).when(work, on=EASTER, now=A_MONTH_LATER).so()
    close = CloseCase(reason=REASON)
    worked.when(close, on=date(2026, 3, 31), now=A_MONTH_LATER).refused("efile.out_of_order")
    worked.when(close, on=EASTER, now=A_MONTH_LATER).so()
    afterwards = worked.when(file_document(), on=date(2026, 3, 9), now=A_MONTH_LATER).so()
    afterwards.when(close, on=date(2026, 3, 31), now=A_MONTH_LATER).refused("efile.out_of_order")


def test_a_case_does_not_close_before_its_round_was_over() -> None:
    over = a_case(FILED, TO_BE_NOTED).when(SkipCirculationStep(no=1, reason=REASON), on=EASTER, now=A_MONTH_LATER)
    close = CloseCase(reason=REASON)
    over.so().when(close, on=date(2026, 3, 31), now=A_MONTH_LATER).refused("efile.out_of_order")


def test_a_case_does_not_close_again_before_it_was_reopened() -> None:
    reopen = ReopenCase(authority="61/L", reason=REASON)
    closed = a_case(CASE_CLOSED).beside(FILE, CaseOfFileClosed(case_id=CASE, day=TODAY))
    again = closed.when(reopen, on=EASTER, now=A_MONTH_LATER).so()
    again.when(CloseCase(reason=REASON), on=date(2026, 3, 31), now=A_MONTH_LATER).refused("efile.out_of_order")
    again.when(CloseCase(reason=REASON), on=EASTER, now=A_MONTH_LATER).so()


def test_a_case_does_not_close_again_before_it_was_closed_where_its_reopening_does_not_say_its_day() -> None:
    closed = replace(CASE_CLOSED, zda_on=EASTER)
    again = a_case(closed, CaseReopened(authority="61/L", reason=REASON))
    again.when(CloseCase(reason=REASON), on=date(2026, 3, 31), now=A_MONTH_LATER).refused("efile.out_of_order")
    again.when(CloseCase(reason=REASON), on=EASTER, now=A_MONTH_LATER).so()


def test_closing_is_judged_by_the_plan_unit() -> None:
    alone = given(FAMILY, CASE_OPENED, record_id=CASE)
    alone.when(CloseCase(reason=REASON)).refused("efile.plan_unit_unknown")


STEP = StepContent(activity="Prüfung")


@pytest.mark.parametrize(
    "command",
    [
        TransferCaseLeadUnit(new_lead_unit="63/1", reason=REASON),
        CloseCase(reason=REASON),
        CorrectCase(field=CaseField.MEDIUM, new="002", reason=REASON),
        file_document(),
        AddDocumentVersion(
            document_id=DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=1, sha256=SECOND_HASH
        ),
        CorrectDocument(document_id=DOCUMENT, field=DocumentField.KIND, new="incoming", reason=REASON),
        circulate(*TO_BE_NOTED.steps),
        RecordCirculationStep(step=STEP),
        CorrectCirculationStep(entry=1, step=STEP, reason=REASON),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nothing_is_filed_into_a_closed_case(command: Any) -> None:
    a_case(FILED, CASE_CLOSED).when(command).refused("efile.case_closed")


@pytest.mark.allows(
    "efile.case_not_closed", "efile.file_of_case_closed", "efile.authority_missing", "efile.out_of_order"
)
def test_a_closed_case_is_reopened_on_authority() -> None:
    reopen = ReopenCase(authority="61/L", reason=REASON)
    closed = a_case(CASE_CLOSED).beside(FILE, CaseOfFileClosed(case_id=CASE, day=TODAY))
    again = closed.when(reopen).then(
        CaseReopened(authority="61/L", reason=REASON, day=TODAY), On(FILE, CaseOfFileReopened(case_id=CASE))
    )
    assert again.state.status is Status.OPEN
    again.when(reopen).refused("efile.case_not_closed")
    again.when(CloseCase(reason=REASON)).so()


def test_a_case_is_reopened_only_in_an_open_file() -> None:
    closed = a_case(CASE_CLOSED).beside(FILE, CaseOfFileClosed(case_id=CASE, day=TODAY), FILE_CLOSED)
    closed.when(ReopenCase(authority="61/L", reason=REASON)).refused("efile.file_of_case_closed")


def test_reopening_needs_an_authority_and_a_reason() -> None:
    closed = a_case(CASE_CLOSED)
    closed.when(ReopenCase(authority="", reason=REASON)).refused("efile.authority_missing")
    closed.when(ReopenCase(authority="61/L", reason=BLANK)).refused("efile.reason_missing")
    closed.when(ReopenCase(authority="x" * 81, reason=REASON)).invalid("authority")


def test_a_case_is_not_reopened_before_it_was_closed() -> None:
    reopen = ReopenCase(authority="61/L", reason=REASON)
    a_case(CASE_CLOSED).when(reopen, on=date(2026, 3, 1)).refused("efile.out_of_order")


@pytest.mark.allows("efile.nothing_changed")
def test_a_clear_field_is_corrected_with_old_and_new() -> None:
    correct = CorrectCase(field=CaseField.CONFIDENTIALITY, new="005", reason=REASON)
    corrected = CaseCorrected(
        field=CaseField.CONFIDENTIALITY, old="003", new="005", new_sealed=None, corrected_position=None, reason=REASON
    )
    after = a_case().when(correct).then(corrected)
    after.when(correct).refused("efile.nothing_changed")
    a_case().when(CorrectCase(field=CaseField.MEDIUM, new="002", reason=BLANK)).refused("efile.reason_missing")


def test_a_subject_is_corrected_by_its_position() -> None:
    correct = CorrectCase(field=CaseField.SUBJECT, new_sealed=Sealed("Carport, Frau Yilmaz"), reason=REASON)
    (corrected,) = a_case().when(correct).facts
    assert corrected.corrected_position == 4  # type: ignore[union-attr]  # plan unit, file, case added, case opened
    assert corrected.new_sealed == Sealed("Carport, Frau Yilmaz")  # type: ignore[union-attr]


def test_what_the_source_tells_is_corrected_with_its_digest() -> None:
    taken_over = open_case(details=Sealed("{}"), source="log", source_digest="0" * 64)
    imported = an_office().when(taken_over, channel=Channel.IMPORT).so()
    assert imported.state.source_digest == "0" * 64
    correct = CorrectCase(field=CaseField.DETAILS, new_sealed=Sealed("{1}"), source_digest="1" * 64, reason=REASON)
    after = imported.when(correct, channel=Channel.IMPORT).so()
    assert after.state.source_digest == "1" * 64
    assert after.state.details.position == 5
    by_hand = after.when(CorrectCase(field=CaseField.MEDIUM, new="002", reason=REASON)).so()
    assert by_hand.state.source_digest == "1" * 64
    wrong = CorrectCase(field=CaseField.DETAILS, new_sealed=Sealed("x"), source_digest="1", reason=REASON)
    after.when(wrong).invalid("source_digest")


def test_custodian_and_medium_can_be_corrected() -> None:
    after = a_case().when(CorrectCase(field=CaseField.CUSTODIAN_UNIT, new="10/3", reason=REASON)).so()
    after = after.when(CorrectCase(field=CaseField.MEDIUM, new="003", reason=REASON)).so()
    assert (after.state.custodian_unit, after.state.medium.value) == ("10/3", "003")
