"""Whatever an office does in whatever order: what decide allows, evolve can follow, and the books agree."""

from datetime import date

from hypothesis import given as examples
from hypothesis import strategies as st

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
    RecordCirculationStep,
    ReopenCase,
    ReopenFile,
    SkipCirculationStep,
    StartCirculation,
)
from domain.efile.facts import PlannedStep, StepContent
from domain.efile.state import Case, File
from domain.efile.vocabulary import CaseField, DocumentField, Status, StepKind, StepOutcome, StepStatus
from domain.kernel import Command, Sealed
from tests.domain.efile.examples import (
    CASE,
    DEFINED,
    FILE,
    FIRST_HASH,
    OPENED,
    PLAN_UNIT,
    REASON,
    SECOND_HASH,
    file_document,
    open_case,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, Given, an_id, given

CASES = (CASE, an_id("second case"))
NUMBERS = st.integers(1, 4)
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
        CloseCase(reason=REASON),
        ReopenCase(authority="61/L", reason=REASON),
    ]
    return draw(st.sampled_from(commands))


def the_books_agree(scenario: Given) -> None:
    file = scenario.state_of(FILE)
    assert isinstance(file, File)
    cases = [case for case in map(scenario.state_of, CASES) if case is not None]
    assert file.open_cases == sum(case.status is not Status.CLOSED for case in cases)
    assert not (file.closed and file.open_cases), "a file closed before its cases"
    for case in cases:
        assert not (case.status is Status.CLOSED and case.circulation), "a case closed over open steps"
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
            command = data.draw(
                st.sampled_from((CloseFile(reason=REASON), ReopenFile(authority="61/L", reason=REASON)))
            )
        else:
            reference = f"61-20/2026-17-{CASES.index(target)}"
            command = data.draw(case_commands(scenario.state_of(target), reference))
        actor = data.draw(st.sampled_from((ACTOR, SOMEBODY_ELSE)))
        decision = scenario.about(target).when(command, actor=actor, on=date(2026, 3, 2))
        if decision.refusal is None:
            scenario = decision.so()
            the_books_agree(scenario)
