"""E-file rules that two offices could break together: they work at the same moment, in ledgers of their own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from domain.efile import commands as c
from domain.efile.facts import PlannedStep
from domain.efile.state import Case, File
from domain.efile.vocabulary import DisposalKind, DocumentKind, StepKind, StepOutcome
from domain.families import FAMILIES
from domain.kernel import Command, Rejected, Sealed
from domain.requests import Outcome, Request
from infra.database import Database
from infra.ledger import Ledger
from tests.database import CLERK, KEK

ROUNDS = 12
REASON: Sealed[str] = Sealed("abgeschlossen")
SIGNER = replace(CLERK, actor=uuid4())
"""Somebody who drafts nothing, and so may sign what the clerk drafts."""


@pytest.fixture
def offices(database: Database) -> Iterator[list[Ledger]]:
    """Ledgers with caches, connections and writers of their own."""
    opened = [Ledger(database, KEK, FAMILIES) for _ in range(3)]
    yield opened
    for ledger in opened:
        ledger.close()


def do(ledger: Ledger, command: Command, record: UUID | None = None) -> Outcome:
    who = SIGNER if isinstance(command, c.CompleteCirculationStep) else CLERK
    return ledger.handle(Request(command=command, principal=who, idempotency_key=str(uuid4()), record_id=record))


def at_once(offices: Sequence[Ledger], tasks: Sequence[tuple[Command, UUID | None]]) -> list[str]:
    """What each office is answered when all begin together: `done`, or the rule against it."""
    barrier = Barrier(len(tasks))

    def attempt(ledger: Ledger, task: tuple[Command, UUID | None]) -> str:
        barrier.wait()
        try:
            do(ledger, *task)
        except Rejected as rejected:
            return rejected.rule.id
        return "done"

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(attempt, offices, tasks))


def a_plan_unit(ledger: Ledger) -> UUID:
    define = c.DefineFilePlanUnit(
        code=f"61-{uuid4()}",
        title="Baugenehmigungen",
        retention_years=10,
        disposal_kind=DisposalKind.APPRAISE,
        valid_from=date(2020, 1, 1),
    )
    return do(ledger, define).record_id


def a_file(ledger: Ledger, unit: UUID) -> UUID:
    opening = c.OpenFile(
        reference=str(uuid4()), subject=Sealed("x"), plan_unit_id=unit, lead_unit="61", custodian_unit="61"
    )
    return do(ledger, opening).record_id


def opening_of(file: UUID, unit: UUID, reference: str | None = None) -> c.OpenCase:
    return c.OpenCase(
        file_id=file,
        plan_unit_id=unit,
        reference=reference or str(uuid4()),
        subject=Sealed("x"),
        lead_unit="61",
        custodian_unit="61",
    )


def test_no_case_slips_into_a_file_that_is_being_closed(offices: list[Ledger]) -> None:
    ledger = offices[0]
    unit = a_plan_unit(ledger)
    seen: Counter[tuple[str, ...]] = Counter()
    for _ in range(ROUNDS):
        file = a_file(ledger, unit)
        answers = at_once(offices, [(c.CloseFile(reason=REASON), file), (opening_of(file, unit), None)])
        seen[tuple(answers)] += 1
        state = ledger.stream(file).state
        assert isinstance(state, File)
        assert state.closed != bool(state.open_cases), "a closed file has an open case, or nobody won"
    closed_first, opened_first = ("done", "efile.file_of_case_closed"), ("efile.file_has_open_cases", "done")
    assert set(seen) <= {closed_first, opened_first}


def test_a_file_does_not_close_while_a_case_is_being_reopened(offices: list[Ledger]) -> None:
    ledger = offices[0]
    unit = a_plan_unit(ledger)
    for _ in range(ROUNDS):
        file = a_file(ledger, unit)
        case = do(ledger, opening_of(file, unit)).record_id
        do(ledger, c.CloseCase(reason=REASON), case)
        reopening = c.ReopenCase(authority="61/L", reason=REASON)
        answers = at_once(offices, [(c.CloseFile(reason=REASON), file), (reopening, case)])
        assert answers.count("done") == 1, answers
        state = ledger.stream(file).state
        assert isinstance(state, File)
        assert state.closed != bool(state.open_cases)


def test_a_reference_is_assigned_once(offices: list[Ledger]) -> None:
    ledger = offices[0]
    unit = a_plan_unit(ledger)
    file = a_file(ledger, unit)
    for _ in range(ROUNDS):
        reference = f"a{uuid4()}"
        written = (reference, reference.upper(), reference.title())
        answers = at_once(offices, [(opening_of(file, unit, each), None) for each in written])
        assert sorted(answers) == ["done", "efile.case_reference_taken", "efile.case_reference_taken"]


def test_a_signature_does_not_outlive_the_version_it_was_given_for(offices: list[Ledger]) -> None:
    ledger = offices[0]
    unit = a_plan_unit(ledger)
    file = a_file(ledger, unit)
    for _ in range(ROUNDS):
        case = do(ledger, opening_of(file, unit)).record_id
        filing = c.FileDocument(
            document_kind=DocumentKind.OUTGOING,
            title=Sealed("Bescheid"),
            filename=Sealed("b.pdf"),
            mime="application/pdf",
            size=1,
            sha256="1" * 64,
        )
        do(ledger, filing, case)
        state = ledger.stream(case).state
        assert isinstance(state, Case)
        document = state.documents[0].id
        step = PlannedStep(no=1, kind=StepKind.CO_SIGN, addressee=CLERK.org_unit)
        last = PlannedStep(no=2, kind=StepKind.TAKE_NOTE, addressee="61")
        do(ledger, c.StartCirculation(document_id=document, steps=(step, last)), case)
        signing = c.CompleteCirculationStep(no=1, outcome=StepOutcome.SIGNED, signed_sha256="1" * 64)
        version = c.AddDocumentVersion(
            document_id=document, filename=Sealed("b2.pdf"), mime="application/pdf", size=2, sha256="2" * 64
        )
        signed, versioned = at_once(offices, [(signing, case), (version, case)])
        assert versioned == "done"
        assert signed in ("done", "efile.version_outdated")
        state = ledger.stream(case).state
        assert isinstance(state, Case)
        assert not state.circulations[0].steps[0].signed
