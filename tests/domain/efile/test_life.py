"""Whatever an office does in whatever order: what decide allows, evolve can follow, and the books agree."""

from datetime import UTC, date, datetime

from hypothesis import given as examples
from hypothesis import strategies as st

from domain.efile import FAMILY
from domain.efile.commands import (
    AddCirculationStep,
    AddDocumentVersion,
    CancelResubmission,
    CloseCase,
    CompleteCirculationStep,
    CompleteResubmission,
    CorrectCase,
    CorrectCirculationStep,
    CorrectDocument,
    RecordCirculationStep,
    RecordResubmissionOverdue,
    ScheduleResubmission,
    SkipCirculationStep,
    StartCirculation,
)
from domain.efile.facts import PlannedStep, StepContent
from domain.efile.state import Case, File
from domain.efile.vocabulary import Appraisal, CaseField, DocumentField, Status, StepKind, StepOutcome, StepStatus
from domain.kernel import Command, Sealed
from tests.domain.efile.examples import (
    CASE,
    DEFINED,
    FILE,
    FILES,
    FIRST_HASH,
    OPENED,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    Sort,
    file_document,
    open_case,
)
from tests.domain.efile.examples import CASES as CASES_ALIKE
from tests.scenario import ACTOR, SOMEBODY_ELSE, Given, an_id, given

CASES = (CASE, an_id("second case"))
NUMBERS = st.integers(1, 4)
ACTORS = ((ACTOR, None), (SOMEBODY_ELSE, None), (SOMEBODY_ELSE, ACTOR))
DAYS = (date(2026, 3, 2), date(2026, 3, 3), date(2037, 1, 1), date(2040, 1, 1))
LATER = datetime(2040, 6, 3, 10, 0, tzinfo=UTC)
KINDS = st.sampled_from(StepKind)
HASHES = st.sampled_from((FIRST_HASH, SECOND_HASH))


@st.composite
def case_commands(draw: st.DrawFn, case: Case | None, reference: str) -> Command:
    """A command for a case, with arguments that have a chance."""
    if case is None:
        return open_case(reference=reference)
    document = draw(st.sampled_from(case.documents)).id if case.documents else None
    if document is None:
        return draw(st.sampled_from((file_document(), CloseCase(reason=REASON), StartCirculation(steps=()))))
    current = case.circulation.current if case.circulation else None
    no = draw(NUMBERS)
    numbers = sorted(draw(st.sets(NUMBERS, min_size=1)))
    steps = tuple(PlannedStep(no=number, kind=draw(KINDS), addressee="61/2") for number in numbers)
    commands: list[Command] = [
        StartCirculation(document_id=document, steps=steps),
        CompleteCirculationStep(no=no, outcome=draw(st.sampled_from(StepOutcome)), signed_sha256=draw(HASHES)),
        CompleteCirculationStep(
            no=current.planned.no if current else no,
            outcome=StepOutcome.SIGNED if current and current.planned.kind.is_signature else StepOutcome.DONE,
            signed_sha256=case.documents[0].versions[-1].sha256,
        ),
        SkipCirculationStep(no=no, reason=REASON),
        AddCirculationStep(no=no, step_kind=draw(KINDS), addressee="14", reason=REASON),
        AddDocumentVersion(document_id=document, filename=Sealed("f"), mime="text/plain", size=1, sha256=draw(HASHES)),
        CorrectDocument(document_id=document, field=DocumentField.KIND, new="incoming", reason=REASON),
        CorrectCase(field=CaseField.SUBJECT, new_sealed=Sealed("x"), reason=REASON),
        RecordCirculationStep(step=StepContent(activity="A")),
        CorrectCirculationStep(entry=no, step=StepContent(activity="B"), reason=REASON),
        ScheduleResubmission(due=DAYS[1], addressee="61/2", reason=REASON),
        CompleteResubmission(no=no),
        CancelResubmission(no=no, reason=REASON),
        RecordResubmissionOverdue(no=no),
        *on_the_way_out(CASES_ALIKE),
    ]
    return draw(st.sampled_from(commands))


def on_the_way_out(sort: Sort) -> list[Command]:
    """What is done alike to files and cases, closing first."""
    return [
        sort.close,
        sort.reopen,
        sort.place_hold(authority="VG", reason=REASON),
        sort.release_hold(hold=1, authority="VG", reason=REASON),
        sort.expire(),
        sort.record_offer_due(),
        sort.offer(process_id="1", archive="StA"),
        sort.appraise(process_id="1", decision=Appraisal.ARCHIVE),
        sort.appraise(process_id="1", decision=Appraisal.DESTROY),
        sort.send(sha256=FIRST_HASH, size=1),
        sort.fail(process_id="1", errors=1, report=REASON),
        sort.confirm(process_id="1", archive_id="1"),
        sort.approve(),
        sort.destroy(),
    ]


def the_books_agree(scenario: Given) -> None:
    file = scenario.state_of(FILE)
    assert isinstance(file, File)
    cases = [case for case in map(scenario.state_of, CASES) if case is not None]
    assert file.open_cases == sum(not case.closed for case in cases)
    assert file.destroyed_cases == sum(case.status is Status.DESTROYED for case in cases)
    assert not (file.closed and file.open_cases), "a file closed before its cases"
    assert file.status is not Status.DESTROYED or file.destroyed_cases == file.cases
    for record in (file, *cases):
        assert record.status is not Status.DESTROYED or not record.holds, "destroyed under a hold"
    for case in cases:
        assert not (case.closed and case.circulation), "a case closed over open steps"
        assert not (case.closed and any(each.open for each in case.resubmissions))
        for circulation in case.circulations:
            current = [step for step in circulation.steps if step.status is StepStatus.CURRENT]
            assert len(current) == circulation.running
            if circulation.finally_signed:
                kinds = (step for step in circulation.steps if step.planned.kind is StepKind.CO_SIGN)
                assert all(step.signed or step.status is StepStatus.SKIPPED for step in kinds)


@examples(st.data())
def test_what_decide_allows_evolve_can_follow_and_the_books_agree(data: st.DataObject) -> None:
    scenario = given(FAMILY, DEFINED, record_id=PLAN_UNIT).beside(FILE, OPENED)
    for _ in range(data.draw(st.integers(1, 25))):
        target = data.draw(st.sampled_from((*CASES, *CASES, *CASES, FILE)))
        if target == FILE:
            command = data.draw(st.sampled_from(on_the_way_out(FILES)))
        else:
            reference = f"61-20/2026-17-{CASES.index(target)}"
            command = data.draw(case_commands(scenario.state_of(target), reference))
        actor, deputised = data.draw(st.sampled_from(ACTORS))
        day = data.draw(st.sampled_from(DAYS))
        decision = scenario.about(target).when(command, actor=actor, deputising_for=deputised, on=day, now=LATER)
        if decision.refusal is None:
            scenario = decision.so()
            the_books_agree(scenario)
