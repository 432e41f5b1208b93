"""The order of days: nothing takes effect before what it follows, nor while the record was closed."""

from datetime import date, datetime
from uuid import uuid5

import pytest

from domain.efile.commands import (
    AddAttachment,
    AddCirculationStep,
    AddDocumentVersion,
    CancelResubmission,
    CompleteCirculationStep,
    CompleteResubmission,
    CorrectCase,
    CorrectCirculationStep,
    CorrectDocument,
    CorrectFile,
    RecordCirculationStep,
    ScheduleResubmission,
    SkipCirculationStep,
    StartCirculation,
    TransferCaseLeadUnit,
    TransferFileLeadUnit,
)
from domain.efile.facts import CaseReopened, StepContent
from domain.efile.vocabulary import CaseField, Confidentiality, DocumentField, FileField, StepKind, StepOutcome
from domain.kernel import BERLIN, Channel, Command, Sealed
from tests.domain.efile.examples import (
    CASE,
    CASES,
    CO_SIGN,
    FILE,
    FILES,
    FINAL_SIGN,
    FIRST_HASH,
    REASON,
    SECOND_HASH,
    TAKE_NOTE,
    Sort,
    file_document,
    of_files_and_cases,
    open_case,
)
from tests.scenario import SOMEBODY_ELSE, Given

JUNE = datetime(2026, 6, 30, 12, tzinfo=BERLIN)
OPENED, FILED, LATER, LAST = date(2026, 3, 2), date(2026, 4, 10), date(2026, 4, 20), date(2026, 4, 30)
BEFORE = {FILED: date(2026, 4, 9), LATER: date(2026, 4, 19), LAST: date(2026, 4, 29), OPENED: date(2026, 3, 1)}
FIRST_DOCUMENT = uuid5(CASE, "document:1")
TITLE: Sealed[str] = Sealed("Lageplan")

VERSION = AddDocumentVersion(
    document_id=FIRST_DOCUMENT, filename=Sealed("b.pdf"), mime="application/pdf", size=1, sha256=SECOND_HASH
)
ATTACHMENT = AddAttachment(
    document_id=FIRST_DOCUMENT, title=TITLE, filename=Sealed("a.pdf"), mime="application/pdf", size=1, sha256=FIRST_HASH
)
ROUND = StartCirculation(document_id=FIRST_DOCUMENT, steps=(CO_SIGN, FINAL_SIGN))
NOTE_ROUND = StartCirculation(document_id=None, steps=(TAKE_NOTE,))
CO_SIGNED = CompleteCirculationStep(no=1, outcome=StepOutcome.SIGNED, signed_sha256=FIRST_HASH)
SIGNED = CompleteCirculationStep(no=2, outcome=StepOutcome.SIGNED, signed_sha256=FIRST_HASH)
SKIPPED = SkipCirculationStep(no=1, reason=REASON)
ONE_MORE = AddCirculationStep(no=9, step_kind=StepKind.TAKE_NOTE, addressee="30", reason=REASON)
RESUBMISSION = ScheduleResubmission(due=date(2026, 6, 1), addressee="61", reason=REASON)
STEP = RecordCirculationStep(step=StepContent(activity="Ortstermin"))


def on(scenario: Given, command: Command, day: date) -> Given:
    return scenario.when(command, on=day, now=JUNE, actor=SOMEBODY_ELSE).so()


def drafted(scenario: Given, day: date = FILED) -> Given:
    return scenario.when(file_document(), on=day, now=JUNE).so()


def comes_no_earlier(scenario: Given, command: Command, day: date) -> None:
    """The day before is refused, the day itself is not."""
    before = scenario.when(command, on=BEFORE[day], now=JUNE, actor=SOMEBODY_ELSE)
    before.refused("efile.out_of_order")
    on(scenario, command, day)


@pytest.mark.allows("efile.out_of_order")
@pytest.mark.parametrize("command", [VERSION, ATTACHMENT, ROUND], ids=lambda each: type(each).__name__)
def test_what_is_about_a_document_comes_no_earlier_than_the_last_about_it(command: Command) -> None:
    comes_no_earlier(drafted(CASES.open()), command, FILED)
    revised = AddDocumentVersion(
        document_id=FIRST_DOCUMENT, filename=Sealed("c.pdf"), mime="application/pdf", size=1, sha256="c" * 64
    )
    comes_no_earlier(on(drafted(CASES.open()), revised, LATER), command, LATER)


@pytest.mark.allows("efile.out_of_order")
def test_of_two_documents_each_has_an_order_of_its_own() -> None:
    drafted(drafted(CASES.open(), LAST), FILED)


@pytest.mark.allows("efile.out_of_order")
@pytest.mark.parametrize("command", [CO_SIGNED, SKIPPED, ONE_MORE, VERSION], ids=lambda each: type(each).__name__)
def test_nothing_happens_on_a_round_before_it_began(command: Command) -> None:
    comes_no_earlier(on(drafted(CASES.open()), ROUND, LATER), command, LATER)


@pytest.mark.allows("efile.out_of_order")
@pytest.mark.parametrize("first", [CO_SIGNED, SKIPPED], ids=lambda each: type(each).__name__)
def test_steps_are_taken_in_the_order_of_their_days(first: Command) -> None:
    begun = on(drafted(CASES.open()), ROUND, LATER)
    comes_no_earlier(on(begun, first, LAST), SIGNED, LAST)


@pytest.mark.allows("efile.out_of_order")
def test_a_new_version_comes_no_earlier_than_the_signatures_it_makes_void() -> None:
    signed = on(on(drafted(CASES.open()), ROUND, LATER), CO_SIGNED, LAST)
    comes_no_earlier(signed, VERSION, LAST)


@pytest.mark.allows("efile.out_of_order")
def test_what_was_finally_signed_is_attached_to_on_no_day_of_its_round() -> None:
    signed = on(on(on(drafted(CASES.open()), ROUND, FILED), CO_SIGNED, FILED), SIGNED, LATER)
    comes_no_earlier(on(signed, VERSION, LAST), ATTACHMENT, LAST)


@pytest.mark.allows("efile.out_of_order")
def test_a_case_is_on_one_round_at_a_time_on_any_day() -> None:
    done = CompleteCirculationStep(no=1, outcome=StepOutcome.DONE)
    ended = on(on(CASES.open(), NOTE_ROUND, FILED), done, LAST)
    comes_no_earlier(ended, NOTE_ROUND, LAST)


@pytest.mark.allows("efile.out_of_order")
@pytest.mark.parametrize("command", [CompleteResubmission(no=1), CancelResubmission(no=1, reason=REASON)])
def test_a_resubmission_is_seen_to_no_earlier_than_it_was_scheduled(command: Command) -> None:
    comes_no_earlier(on(CASES.open(), RESUBMISSION, LATER), command, LATER)


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_changes_of_lead_and_of_confidentiality_come_one_after_the_other(sort: Sort) -> None:
    classify = sort.change_confidentiality(confidentiality=Confidentiality.SECRET, reason=REASON)
    openly = sort.change_confidentiality(confidentiality=Confidentiality.OPEN, reason=REASON)
    comes_no_earlier(sort.open(), classify, OPENED)
    comes_no_earlier(on(sort.open(), classify, LATER), openly, LATER)
    transfer = TransferFileLeadUnit if sort is FILES else TransferCaseLeadUnit
    first, second = (transfer(new_lead_unit=unit, reason=REASON) for unit in ("62", "63"))
    comes_no_earlier(sort.open(), first, OPENED)
    comes_no_earlier(on(sort.open(), first, LATER), second, LATER)


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_classification_is_corrected_no_earlier_than_it_was_changed(sort: Sort) -> None:
    classify = sort.change_confidentiality(confidentiality=Confidentiality.SECRET, reason=REASON)
    openly = Confidentiality.OPEN.value
    if sort is FILES:
        correct: Command = CorrectFile(field=FileField.CONFIDENTIALITY, new=openly, reason=REASON)
        other: Command = CorrectFile(field=FileField.MEDIUM, new="003", reason=REASON)
    else:
        correct = CorrectCase(field=CaseField.CONFIDENTIALITY, new=openly, reason=REASON)
        other = CorrectCase(field=CaseField.MEDIUM, new="003", reason=REASON)
    classified = on(sort.open(), classify, LATER)
    comes_no_earlier(classified, correct, LATER)
    on(classified, other, FILED)


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_a_classification_that_is_known_late_is_no_work(sort: Sort) -> None:
    classify = sort.change_confidentiality(confidentiality=Confidentiality.SECRET, reason=REASON)
    after = on(sort.open(), classify, LAST)
    on(after, sort.close, LATER)


LEAD = TransferCaseLeadUnit(new_lead_unit="62", reason=REASON)
CORRECTION = CorrectCase(field=CaseField.CUSTODIAN_UNIT, new="62", reason=REASON)
WORK = (file_document(), NOTE_ROUND, RESUBMISSION, STEP, LEAD, CORRECTION)
of_each_work = pytest.mark.parametrize("command", WORK, ids=lambda each: type(each).__name__)


@pytest.mark.allows("efile.out_of_order")
@of_each_work
def test_no_work_is_done_before_a_case_was_opened(command: Command) -> None:
    comes_no_earlier(CASES.open(), command, OPENED)


@pytest.mark.allows("efile.out_of_order")
@of_each_work
def test_no_work_falls_on_a_day_on_which_the_case_was_closed(command: Command) -> None:
    """Neither the day of closing nor that of reopening is such a day, and what was done before may be told later."""
    closed = on(on(CASES.open(), file_document(), FILED), CASES.close, LATER)
    open_again = on(closed, CASES.reopen, LAST)
    for day in (BEFORE[LAST], date(2026, 4, 21)):
        open_again.when(command, on=day, now=JUNE, actor=SOMEBODY_ELSE).refused("efile.out_of_order")
    for day in (FILED, LATER, LAST):
        on(open_again, command, day)


@pytest.mark.allows("efile.out_of_order")
def test_no_case_is_opened_or_reopened_on_a_day_on_which_its_file_was_closed() -> None:
    closed = on(on(CASES.open(), CASES.close, FILED).about(FILE), FILES.close, LATER)
    open_again = on(closed, FILES.reopen, LAST)
    another = open_again.about(uuid5(CASE, "another"))
    comes_no_earlier(another, open_case(reference="61-20/2026-17-2"), LAST)
    on(another, open_case(reference="61-20/2026-17-2"), LATER)
    comes_no_earlier(open_again.about(CASE), CASES.reopen, LAST)


@pytest.mark.allows("efile.out_of_order")
def test_a_file_changes_on_no_day_on_which_it_was_closed() -> None:
    open_again = on(on(FILES.open(), FILES.close, FILED), FILES.reopen, LAST)
    comes_no_earlier(open_again, TransferFileLeadUnit(new_lead_unit="62", reason=REASON), LAST)
    comes_no_earlier(open_again, CorrectFile(field=FileField.MEDIUM, new="003", reason=REASON), LAST)
    comes_no_earlier(FILES.open(), CorrectFile(field=FileField.MEDIUM, new="003", reason=REASON), OPENED)


@pytest.mark.allows("efile.out_of_order")
def test_a_reopening_of_which_the_day_is_not_known_closes_no_day() -> None:
    reopened = CaseReopened(authority="61/L", reason=REASON)
    on(CASES.kept(reopened), STEP, FILED)


@pytest.mark.allows("efile.out_of_order")
def test_a_document_is_corrected_no_earlier_than_it_was_filed() -> None:
    correct = CorrectDocument(document_id=FIRST_DOCUMENT, field=DocumentField.KIND, new="incoming", reason=REASON)
    comes_no_earlier(on(drafted(CASES.open()), VERSION, LAST), correct, FILED)


@pytest.mark.allows("efile.out_of_order")
def test_a_documented_step_is_corrected_to_any_day_on_which_the_case_was_open() -> None:
    correct = CorrectCirculationStep(entry=1, step=StepContent(activity="Abnahme"), reason=REASON)
    comes_no_earlier(on(CASES.open(), STEP, LAST), correct, OPENED)


@pytest.mark.allows("efile.out_of_order")
def test_an_import_tells_of_steps_in_the_order_of_its_source() -> None:
    closed = on(CASES.open(), CASES.close, FILED)
    open_again = on(closed, CASES.reopen, LAST)
    for day in (date(2012, 5, 1), LATER):
        open_again.when(STEP, on=day, now=JUNE, channel=Channel.IMPORT).so()


@of_files_and_cases
@pytest.mark.allows("efile.out_of_order")
def test_nothing_is_destroyed_before_it_was_classified_last(sort: Sort) -> None:
    classify = sort.change_confidentiality(confidentiality=Confidentiality.SECRET, reason=REASON)
    late = datetime(2040, 6, 30, 12, tzinfo=BERLIN)
    approved = sort.approved().when(classify, on=date(2040, 5, 4), now=late).so()
    destroy = sort.destroy()
    approved.when(destroy, on=date(2040, 5, 3), now=late, actor=SOMEBODY_ELSE).refused("efile.out_of_order")
    approved.when(destroy, on=date(2040, 5, 4), now=late, actor=SOMEBODY_ELSE).so()
