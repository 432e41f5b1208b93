"""The file plan and files: opening, change of lead unit, closing, reopening, correcting."""

from datetime import date
from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import (
    CloseFile,
    CorrectFile,
    DefineFilePlanUnit,
    EndFilePlanUnit,
    ReopenFile,
    TransferFileLeadUnit,
)
from domain.efile.facts import (
    CaseOfFileClosed,
    CaseOfFileReopened,
    FileCorrected,
    FileLeadUnitTransferred,
    FilePlanUnitDefined,
    FilePlanUnitEnded,
    FileReopened,
)
from domain.efile.vocabulary import DisposalKind, FileField, Medium
from domain.kernel import Channel, Sealed
from tests.domain.efile.examples import (
    CASE,
    CASE_ADDED,
    DEFINED,
    FILE,
    FILE_CLOSED,
    OPENED,
    PLAN_UNIT,
    REASON,
    open_file,
)
from tests.scenario import TODAY, Given, an_id, given

BLANK: Sealed[str] = Sealed("  ")


def define(**changes: Any) -> DefineFilePlanUnit:
    fields: dict[str, Any] = {
        "code": "61-20",
        "title": "Baugenehmigungen",
        "retention_years": 10,
        "disposal_kind": DisposalKind.APPRAISE,
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2030, 12, 31),
    }
    return DefineFilePlanUnit(**(fields | changes))


def a_file(*more: Any) -> Given:
    return given(FAMILY, OPENED, *more, record_id=FILE).beside(PLAN_UNIT, DEFINED)


@pytest.mark.allows("efile.plan_unit_ends_before_start")
def test_a_plan_unit_is_defined() -> None:
    given(FAMILY, record_id=PLAN_UNIT).when(define()).then(DEFINED)


def test_a_plan_code_names_one_unit() -> None:
    given(FAMILY, record_id=an_id("second")).beside(PLAN_UNIT, DEFINED).when(define()).refused("efile.plan_code_taken")


@pytest.mark.allows("efile.plan_code_taken")
def test_another_plan_code_names_another_unit() -> None:
    units = given(FAMILY, record_id=an_id("second")).beside(PLAN_UNIT, DEFINED)
    units.when(define(code="61-21")).then(
        FilePlanUnitDefined(
            code="61-21",
            title="Baugenehmigungen",
            retention_years=10,
            disposal_kind=DisposalKind.APPRAISE,
            valid_from=date(2020, 1, 1),
            valid_to=date(2030, 12, 31),
        )
    )


def test_a_plan_unit_does_not_end_before_it_starts() -> None:
    given(FAMILY).when(define(valid_to=date(2019, 12, 31))).refused("efile.plan_unit_ends_before_start")
    ended = EndFilePlanUnit(valid_to=date(2019, 12, 31), reason=REASON)
    given(FAMILY, DEFINED).when(ended).refused("efile.plan_unit_ends_before_start")


@pytest.mark.allows("efile.plan_unit_ends_before_start", "efile.nothing_changed", "efile.reason_missing")
def test_a_plan_unit_ends_on_a_day() -> None:
    end = EndFilePlanUnit(valid_to=date(2026, 6, 30), reason=REASON)
    given(FAMILY, DEFINED).when(end).then(FilePlanUnitEnded(valid_to=date(2026, 6, 30), reason=REASON))


@pytest.mark.allows("efile.plan_unit_ends_before_start")
def test_a_plan_unit_is_valid_for_one_day_at_least() -> None:
    first = DEFINED.valid_from
    given(FAMILY).when(define(valid_to=first)).so()
    end = EndFilePlanUnit(valid_to=first, reason=REASON)
    given(FAMILY, DEFINED).when(end, channel=Channel.IMPORT).so()


@pytest.mark.parametrize("years", [0, 200])
def test_a_retention_is_of_no_year_at_least_and_of_two_hundred_at_most(years: int) -> None:
    given(FAMILY).when(define(retention_years=years)).so()


def test_ending_a_plan_unit_on_the_same_day_changes_nothing() -> None:
    end = EndFilePlanUnit(valid_to=date(2030, 12, 31), reason=REASON)
    given(FAMILY, DEFINED).when(end).refused("efile.nothing_changed")


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", ""), ("code", " 61"), ("title", " "), ("title", "x" * 301), ("retention_years", -1)],
)
def test_a_plan_unit_is_described_properly(field: str, value: object) -> None:
    given(FAMILY).when(define(**{field: value})).invalid(field)


@pytest.mark.allows("efile.plan_unit_unknown")
def test_a_file_is_opened_under_a_valid_plan_unit() -> None:
    given(FAMILY, record_id=FILE).beside(PLAN_UNIT, DEFINED).when(open_file()).then(OPENED)


def test_a_file_stands_under_an_existing_plan_unit() -> None:
    given(FAMILY, record_id=FILE).when(open_file()).refused("efile.plan_unit_unknown")


def test_a_file_is_no_plan_unit() -> None:
    other = given(FAMILY, record_id=FILE).beside(an_id("other file"), OPENED)
    other.when(open_file(reference="61-20/2026-18", plan_unit_id=an_id("other file"))).refused(
        "efile.plan_unit_unknown"
    )


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2031, 1, 1)])
def test_a_file_is_not_opened_under_a_unit_that_is_not_valid_that_day(day: date) -> None:
    plan = given(FAMILY, record_id=FILE).beside(PLAN_UNIT, DEFINED)
    plan.when(open_file(), on=day).refused("efile.plan_unit_not_valid")


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2030, 12, 31)])
@pytest.mark.allows("efile.plan_unit_not_valid")
def test_a_plan_unit_is_valid_on_its_first_and_its_last_day(day: date) -> None:
    given(FAMILY, record_id=FILE).beside(PLAN_UNIT, DEFINED).when(open_file(), on=day).so()


@pytest.mark.allows("efile.file_reference_taken")
def test_a_file_reference_is_never_assigned_again() -> None:
    second = given(FAMILY, record_id=an_id("second")).beside(FILE, OPENED, FILE_CLOSED).beside(PLAN_UNIT, DEFINED)
    second.when(open_file()).refused("efile.file_reference_taken")
    second.when(open_file(reference="61-20/2026-18")).so()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", ""),
        ("reference", "61-20\n17"),
        ("reference", "1" * 121),
        ("subject", Sealed("")),
        ("subject", Sealed("x" * 1001)),
        ("lead_unit", " "),
        ("custodian_unit", ""),
        ("source_id", ""),
    ],
)
def test_a_file_is_described_properly(field: str, value: object) -> None:
    plan = given(FAMILY, record_id=FILE).beside(PLAN_UNIT, DEFINED)
    plan.when(open_file(**{field: value})).invalid(field)


@pytest.mark.allows("efile.file_closed", "efile.nothing_changed", "efile.reason_missing")
def test_another_unit_takes_the_lead() -> None:
    transfer = TransferFileLeadUnit(new_lead_unit="63/1", reason=REASON)
    after = a_file().when(transfer).then(FileLeadUnitTransferred(old="61/2", new="63/1", reason=REASON, day=TODAY))
    after.when(transfer).refused("efile.nothing_changed")


@pytest.mark.allows("efile.file_closed", "efile.out_of_order", "efile.plan_unit_unknown", "efile.reason_missing")
def test_a_file_closes_with_retention_to_the_end_of_a_calendar_year() -> None:
    a_file().when(CloseFile(reason=REASON)).then(FILE_CLOSED)


def test_a_file_kept_for_ever_has_no_end_of_retention() -> None:
    for_ever = given(FAMILY, record_id=PLAN_UNIT).when(define(retention_years=None)).so()
    closed = for_ever.beside(FILE, OPENED).about(FILE).when(CloseFile(reason=REASON))
    (fact,) = closed.facts
    assert fact.retention_until is None  # type: ignore[union-attr]


def test_a_file_does_not_close_before_its_cases() -> None:
    a_file(CASE_ADDED).when(CloseFile(reason=REASON)).refused("efile.file_has_open_cases")


@pytest.mark.allows("efile.file_has_open_cases")
def test_a_file_closes_after_its_cases() -> None:
    a_file(CASE_ADDED, CaseOfFileClosed(case_id=CASE, day=TODAY)).when(CloseFile(reason=REASON)).then(FILE_CLOSED)


def test_a_reopened_case_keeps_its_file_open() -> None:
    again = a_file(CASE_ADDED, CaseOfFileClosed(case_id=CASE, day=TODAY), CaseOfFileReopened(case_id=CASE))
    again.when(CloseFile(reason=REASON)).refused("efile.file_has_open_cases")


def test_closing_needs_a_reason() -> None:
    a_file().when(CloseFile(reason=BLANK)).refused("efile.reason_missing")


def test_a_file_does_not_close_before_it_was_opened() -> None:
    a_file().when(CloseFile(reason=REASON), on=date(2026, 3, 1)).refused("efile.out_of_order")


@pytest.mark.allows("efile.out_of_order")
def test_a_file_does_not_close_before_the_last_of_its_cases() -> None:
    last = a_file(CASE_ADDED, CaseOfFileClosed(case_id=CASE, day=date(2026, 4, 1)))
    last.when(CloseFile(reason=REASON), on=date(2026, 3, 31)).refused("efile.out_of_order")
    last.when(CloseFile(reason=REASON), on=date(2026, 4, 1)).so()


def test_a_file_does_not_close_again_before_it_was_reopened() -> None:
    again = a_file(FILE_CLOSED, FileReopened(authority="61/L", reason=REASON, day=date(2026, 4, 1)))
    again.when(CloseFile(reason=REASON), on=date(2026, 3, 31)).refused("efile.out_of_order")
    again.when(CloseFile(reason=REASON), on=date(2026, 4, 1)).so()


def test_closing_is_judged_by_the_plan_unit() -> None:
    given(FAMILY, OPENED, record_id=FILE).when(CloseFile(reason=REASON)).refused("efile.plan_unit_unknown")


@pytest.mark.parametrize(
    "command",
    [
        CloseFile(reason=REASON),
        TransferFileLeadUnit(new_lead_unit="63/1", reason=REASON),
        CorrectFile(field=FileField.MEDIUM, new="002", reason=REASON),
    ],
)
def test_a_closed_file_stays_closed(command: Any) -> None:
    a_file(FILE_CLOSED).when(command).refused("efile.file_closed")


@pytest.mark.allows("efile.file_not_closed", "efile.authority_missing", "efile.out_of_order", "efile.reason_missing")
def test_a_closed_file_is_reopened_on_authority() -> None:
    reopen = ReopenFile(authority="61/L", reason=REASON)
    again = a_file(FILE_CLOSED).when(reopen).then(FileReopened(authority="61/L", reason=REASON, day=TODAY))
    again.when(reopen).refused("efile.file_not_closed")
    again.when(CloseFile(reason=REASON)).then(FILE_CLOSED)


def test_reopening_needs_an_authority_and_a_reason() -> None:
    a_file(FILE_CLOSED).when(ReopenFile(authority=" ", reason=REASON)).refused("efile.authority_missing")
    a_file(FILE_CLOSED).when(ReopenFile(authority="61/L", reason=BLANK)).refused("efile.reason_missing")


def test_a_file_is_not_reopened_before_it_was_closed() -> None:
    reopen = ReopenFile(authority="61/L", reason=REASON)
    a_file(FILE_CLOSED).when(reopen, on=date(2026, 3, 1)).refused("efile.out_of_order")


def test_a_subject_is_corrected_without_showing_it() -> None:
    correct = CorrectFile(field=FileField.SUBJECT, new_sealed=Sealed("Kaiserswerther Str. 12"), reason=REASON)
    corrected = FileCorrected(
        field=FileField.SUBJECT,
        old=None,
        new=None,
        new_sealed=Sealed("Kaiserswerther Str. 12"),
        corrected_position=1,
        reason=REASON,
    )
    after = a_file().when(correct).then(corrected)
    (again,) = after.when(correct).facts
    assert again.corrected_position == 3  # type: ignore[union-attr]  # the correction before, after file and plan unit


@pytest.mark.allows("efile.nothing_changed")
def test_a_clear_field_is_corrected_with_old_and_new() -> None:
    correct = CorrectFile(field=FileField.MEDIUM, new="002", reason=REASON)
    corrected = FileCorrected(
        field=FileField.MEDIUM, old="001", new="002", new_sealed=None, corrected_position=None, reason=REASON
    )
    after = a_file().when(correct).then(corrected)
    assert after.state.medium is Medium.HYBRID
    after.when(correct).refused("efile.nothing_changed")


@pytest.mark.parametrize(
    ("field", "new", "new_sealed", "fault"),
    [
        (FileField.SUBJECT, "clear", None, "new_sealed"),
        (FileField.SUBJECT, None, None, "new_sealed"),
        (FileField.SUBJECT, None, BLANK, "new_sealed"),
        (FileField.MEDIUM, None, Sealed("002"), "new_sealed"),
        (FileField.MEDIUM, None, None, "new"),
        (FileField.MEDIUM, "999", None, "new"),
        (FileField.CONFIDENTIALITY, "004 ", None, "new"),
        (FileField.CUSTODIAN_UNIT, "", None, "new"),
    ],
)
def test_a_correction_fits_its_field(
    field: FileField, new: str | None, new_sealed: Sealed[str] | None, fault: str
) -> None:
    a_file().when(CorrectFile(field=field, new=new, new_sealed=new_sealed, reason=REASON)).invalid(fault)


def test_a_correction_needs_a_reason() -> None:
    a_file().when(CorrectFile(field=FileField.MEDIUM, new="002", reason=BLANK)).refused("efile.reason_missing")


def test_custodian_and_confidentiality_can_be_corrected() -> None:
    after = a_file().when(CorrectFile(field=FileField.CUSTODIAN_UNIT, new="10/3", reason=REASON)).so()
    after = after.when(CorrectFile(field=FileField.CONFIDENTIALITY, new="002", reason=REASON)).so()
    assert (after.state.custodian_unit, after.state.confidentiality.value) == ("10/3", "002")
