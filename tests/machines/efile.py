"""E-files at random: the file plan, files and cases, their documents and rounds, and the way to disposal."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from domain.efile import FAMILY
from domain.efile import commands as c
from domain.efile.facts import PlannedStep, StepContent
from domain.efile.state import Case, File, FilePlanUnit
from domain.efile.vocabulary import (
    Appraisal,
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
)
from domain.kernel import BERLIN, Sealed
from tests.domain.efile.examples import CASES, FILES, Sort
from tests.machines.machine import Attempt, Machine, Move, NotYet, Scene, Stage, World

T = TypeVar("T")
EPOCH = date(1970, 1, 1)
TODAY = datetime.now(BERLIN).date()
HASHES = tuple(digit * 64 for digit in "0123456789abcdef")
RETENTIONS = (None, 0, 1, 5, 30, 60)
BLANK: Sealed[str] = Sealed(" ")


def a_reason(scene: Scene) -> Sealed[str]:
    return scene.text() if scene.chance(0.9) else BLANK


def an_authority(scene: Scene) -> str:
    return "61/L" if scene.chance(0.9) else " "


def anything(scene: Scene) -> UUID:
    return UUID(int=scene.random.getrandbits(128))


# The file plan


def defining(scene: Scene, code: str) -> c.DefineFilePlanUnit:
    return c.DefineFilePlanUnit(
        code=code,
        title=scene.number("Aufgabe "),
        retention_years=scene.pick(RETENTIONS),
        disposal_kind=scene.pick(DisposalKind),
        valid_from=EPOCH,
        valid_to=scene.often(None, scene.today, EPOCH - timedelta(days=1)),
    )


def define(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.number("61-")))


def define_twice(scene: Scene) -> Attempt:
    return Attempt(command=defining(scene, scene.taken("efile.plan_code")))


def revise(scene: Scene) -> Attempt:
    record, unit = scene.some(FilePlanUnit)
    last = unit.versions[-1]
    revised = c.ReviseFilePlanUnit(
        valid_from=scene.often(scene.today, last.valid_from),
        title=last.title,
        retention_years=scene.often(scene.pick(RETENTIONS), last.retention_years),
        disposal_kind=last.disposal_kind,
        reason=a_reason(scene),
    )
    return Attempt(command=revised, record=record)


def end_unit(scene: Scene) -> Attempt:
    record, _ = scene.some(FilePlanUnit, lambda unit: unit.valid_to is None)
    if sum(unit.valid_to is None for unit in scene.world.of(FilePlanUnit).values()) < 3:
        raise NotYet  # else soon nothing can be opened any more
    valid_to = scene.often(scene.today, EPOCH - timedelta(days=1))
    return Attempt(command=c.EndFilePlanUnit(valid_to=valid_to, reason=a_reason(scene)), record=record)


# Files


def mostly(scene: Scene, cls: type[T], fits: Callable[[T], bool]) -> tuple[UUID, T]:
    """A record of the kind, and mostly one that fits."""
    fitting = any(map(fits, scene.world.of(cls).values()))
    return scene.some(cls, fits) if fitting and scene.chance(0.85) else scene.some(cls)


def opening_file(scene: Scene, reference: str) -> c.OpenFile:
    unit, _ = mostly(scene, FilePlanUnit, lambda unit: unit.valid_on(scene.today))
    return c.OpenFile(
        reference=reference,
        subject=scene.text(),
        plan_unit_id=scene.often(unit, unit, anything(scene)),
        lead_unit="61",
        custodian_unit="61",
    )


def open_file(scene: Scene) -> Attempt:
    return Attempt(command=opening_file(scene, scene.number("F-")))


def open_file_twice(scene: Scene) -> Attempt:
    return Attempt(command=opening_file(scene, scene.taken("efile.file_reference")))


def transfer_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    unit = scene.often(scene.number("A"), file.lead_unit)
    return Attempt(command=c.TransferFileLeadUnit(new_lead_unit=unit, reason=a_reason(scene)), record=record)


def correct_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    medium = scene.often(scene.pick(Medium), file.medium)
    return Attempt(
        command=c.CorrectFile(field=FileField.MEDIUM, new=medium.value, reason=a_reason(scene)), record=record
    )


def close_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    day = scene.often(scene.today, scene.today, file.opened_on - timedelta(days=1))
    return Attempt(command=c.CloseFile(reason=a_reason(scene)), record=record, on=day)


def reopen_file(scene: Scene) -> Attempt:
    record, file = scene.some(File)
    before = file.zda_on - timedelta(days=1) if file.zda_on else scene.today
    command = c.ReopenFile(authority=an_authority(scene), reason=a_reason(scene))
    return Attempt(command=command, record=record, on=scene.often(scene.today, scene.today, before))


# Cases and their documents


def opening_case(scene: Scene, reference: str) -> c.OpenCase:
    def fits(file: File) -> bool:
        unit = scene.world.state(file.plan_unit_id)
        return not file.closed and isinstance(unit, FilePlanUnit) and unit.valid_on(scene.today)

    file_id, file = mostly(scene, File, fits)
    other, _ = scene.some(FilePlanUnit)
    return c.OpenCase(
        file_id=scene.often(file_id, file_id, anything(scene)),
        plan_unit_id=scene.often(file.plan_unit_id, file.plan_unit_id, other),
        reference=reference,
        subject=scene.text(),
        lead_unit="61",
        custodian_unit="61",
    )


def open_case(scene: Scene) -> Attempt:
    return Attempt(command=opening_case(scene, scene.number("V-")))


def open_case_twice(scene: Scene) -> Attempt:
    return Attempt(command=opening_case(scene, scene.taken("efile.case_reference")))


def transfer_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    unit = scene.often(scene.number("A"), case.lead_unit)
    return Attempt(command=c.TransferCaseLeadUnit(new_lead_unit=unit, reason=a_reason(scene)), record=record)


def correct_case(scene: Scene) -> Attempt:
    record, _ = scene.some(Case)
    correct = c.CorrectCase(field=CaseField.SUBJECT, new_sealed=scene.text(), reason=a_reason(scene))
    return Attempt(command=correct, record=record)


def close_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    day = scene.often(scene.today, scene.today, case.opened_on - timedelta(days=1))
    return Attempt(command=c.CloseCase(reason=a_reason(scene)), record=record, on=day)


def reopen_case(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    before = case.zda_on - timedelta(days=1) if case.zda_on else scene.today
    command = c.ReopenCase(authority=an_authority(scene), reason=a_reason(scene))
    return Attempt(command=command, record=record, on=scene.often(scene.today, scene.today, before))


def a_document(scene: Scene, case: Case) -> UUID:
    return scene.pick(case.documents).id if case.documents and scene.chance(0.9) else anything(scene)


def file_document(scene: Scene) -> Attempt:
    record, _ = scene.some(Case, lambda case: len(case.documents) < 3)
    filed = c.FileDocument(
        document_kind=scene.pick(DocumentKind),
        title=scene.text(),
        filename=scene.text(),
        mime="application/pdf",
        size=scene.random.randint(0, 10_000),
        sha256=scene.pick(HASHES),
    )
    return _deputised(scene, Attempt(command=filed, record=record))


def add_version(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    running = case.circulation.document_id if case.circulation else None
    document = running if running and scene.chance(0.7) else a_document(scene, case)
    version = c.AddDocumentVersion(
        document_id=document, filename=scene.text(), mime="text/plain", size=1, sha256=scene.pick(HASHES)
    )
    return _deputised(scene, Attempt(command=version, record=record))


def add_version_again(scene: Scene) -> Attempt:
    record, case = scene.some(Case, lambda case: bool(case.documents))
    document = scene.pick(case.documents)
    sha256 = document.versions[-1].sha256
    again = c.AddDocumentVersion(
        document_id=document.id, filename=scene.text(), mime="text/plain", size=1, sha256=sha256
    )
    return Attempt(command=again, record=record)


def attach(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    attachment = c.AddAttachment(
        document_id=a_document(scene, case),
        title=scene.text(),
        filename=scene.text(),
        mime="image/png",
        size=1,
        sha256=scene.pick(HASHES),
    )
    return Attempt(command=attachment, record=record)


def correct_document(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    correct = c.CorrectDocument(
        document_id=a_document(scene, case),
        field=DocumentField.KIND,
        new=scene.pick(DocumentKind).value,
        reason=a_reason(scene),
    )
    return Attempt(command=correct, record=record)


# Rounds


def circulate(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    signing = (StepKind.CO_SIGN, StepKind.CO_SIGN, StepKind.FINAL_SIGN)
    kinds = scene.pick([signing, signing[:2], (StepKind.COMMENT,), (StepKind.FINAL_SIGN, StepKind.CO_SIGN)])
    numbers = scene.often([10, 20, 30], [20, 10, 30])
    steps = tuple(PlannedStep(no=no, kind=kind, addressee="61") for no, kind in zip(numbers, kinds, strict=False))
    document = a_document(scene, case) if scene.chance(0.85) else None
    return Attempt(command=c.StartCirculation(document_id=document, steps=steps), record=record)


def complete(scene: Scene) -> Attempt:
    record, case = scene.some(Case, lambda case: case.circulation is not None)
    assert case.circulation is not None
    current = scene.pick([case.circulation.current])
    assert current is not None
    signs = current.planned.kind.is_signature
    document = case.document(case.circulation.document_id)
    outcome = scene.pick([StepOutcome.SIGNED, StepOutcome.SIGNED, StepOutcome.OBJECTED]) if signs else StepOutcome.DONE
    done = c.CompleteCirculationStep(
        no=current.planned.no,
        outcome=outcome,
        signed_sha256=document.versions[-1].sha256 if document and signs else None,
    )
    return _deputised(scene, Attempt(command=done, record=record))


def complete_wrongly(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    steps = case.circulations[-1].steps if case.circulations else ()
    wrong = c.CompleteCirculationStep(
        no=scene.pick([*(step.planned.no for step in steps), 99]),
        outcome=scene.pick(StepOutcome),
        signed_sha256=scene.often(HASHES[0], None),
    )
    return Attempt(command=wrong, record=record)


def skip(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    steps = case.circulations[-1].steps if case.circulations else ()
    no = scene.pick([*(step.planned.no for step in steps), 99])
    return Attempt(command=c.SkipCirculationStep(no=no, reason=a_reason(scene)), record=record)


def skip_on(scene: Scene) -> Attempt:
    record, case = scene.some(Case, lambda case: case.circulation is not None)
    assert case.circulation is not None
    left = [step for step in case.circulation.steps if step.open or step.outcome is StepOutcome.OBJECTED]
    return Attempt(command=c.SkipCirculationStep(no=scene.pick(left).planned.no, reason=scene.text()), record=record)


def overrule(scene: Scene) -> Attempt:
    def objected(case: Case) -> bool:
        steps = case.circulation.steps if case.circulation else ()
        return any(step.outcome is StepOutcome.OBJECTED for step in steps)

    record, case = scene.some(Case, objected)
    step = next(step for step in case.circulations[-1].steps if step.outcome is StepOutcome.OBJECTED)
    return Attempt(command=c.SkipCirculationStep(no=step.planned.no, reason=scene.text()), record=record)


def add_step(scene: Scene) -> Attempt:
    record, _ = scene.some(Case)
    added = c.AddCirculationStep(
        no=scene.random.randint(1, 40), step_kind=scene.pick(StepKind), addressee="14", reason=a_reason(scene)
    )
    return Attempt(command=added, record=record)


def record_step(scene: Scene) -> Attempt:
    record, _ = scene.some(Case, lambda case: len(case.entries) < 3)
    return Attempt(command=c.RecordCirculationStep(step=StepContent(activity="Prüfung")), record=record)


def correct_step(scene: Scene) -> Attempt:
    record, _ = scene.some(Case)
    correct = c.CorrectCirculationStep(
        entry=scene.often(1, 99), step=StepContent(activity="Nachprüfung"), reason=a_reason(scene)
    )
    return Attempt(command=correct, record=record)


# Resubmissions


def schedule(scene: Scene) -> Attempt:
    record, _ = scene.some(Case, lambda case: len(case.resubmissions) < 4)
    due = scene.often(scene.day(0, 9), scene.day(-9, -1))
    return Attempt(command=c.ScheduleResubmission(due=due, addressee="61", reason=a_reason(scene)), record=record)


def a_resubmission(scene: Scene, case: Case) -> int:
    still_open = [no for no, each in enumerate(case.resubmissions, start=1) if each.open]
    return scene.pick(still_open) if still_open and scene.chance(0.7) else scene.random.randint(1, 5)


def see_to(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    return Attempt(command=c.CompleteResubmission(no=a_resubmission(scene, case)), record=record)


def cancel(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    command = c.CancelResubmission(no=a_resubmission(scene, case), reason=a_reason(scene))
    return Attempt(command=command, record=record)


def overdue(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    no = a_resubmission(scene, case)
    due = case.resubmissions[no - 1].due if no <= len(case.resubmissions) else scene.today
    day = min(scene.often(due + timedelta(days=1), due), TODAY)
    return Attempt(command=c.RecordResubmissionOverdue(no=no), record=record, on=day)


# What becomes of files and cases alike


def _deputised(scene: Scene, attempt: Attempt) -> Attempt:
    if scene.chance(0.8):
        return attempt
    return Attempt(
        command=attempt.command,
        record=attempt.record,
        on=attempt.on,
        actor=scene.actor(),
        deputising_for=scene.actor(),
    )


def _late(record: File | Case, scene: Scene) -> date:
    """A day on which the retention is over, where that has come."""
    until = record.disposal.retention_until if record.disposal else None
    return min(max(scene.today, until + timedelta(days=1)) if until else scene.today, TODAY)


def ends_of(sort: Sort, cls: type[File] | type[Case]) -> list[Move]:
    """The moves that files and cases have alike."""

    def on_some(make: Callable[[Scene, File | Case], Attempt]) -> Move:
        def move(scene: Scene) -> Attempt:
            record, state = scene.some(cls)
            attempt = make(scene, state)
            return Attempt(
                command=attempt.command,
                record=record,
                on=attempt.on or _late(state, scene),
                actor=attempt.actor,
                deputising_for=attempt.deputising_for,
            )

        return move

    def process(scene: Scene, state: File | Case) -> str:
        return scene.often((state.disposal and state.disposal.process_id) or "AUS-1", "AUS-0")

    def classify(scene: Scene, state: File | Case) -> Attempt:
        level = scene.often(scene.pick(Confidentiality), state.confidentiality)
        return Attempt(command=sort.change_confidentiality(confidentiality=level, reason=a_reason(scene)))

    def hold(scene: Scene, state: File | Case) -> Attempt:
        if len(state.holds) > 1:
            raise NotYet
        return Attempt(command=sort.place_hold(authority=an_authority(scene), reason=a_reason(scene)))

    def release(scene: Scene, state: File | Case) -> Attempt:
        number = scene.pick([*state.holds, 99])
        command = sort.release_hold(hold=number, authority=an_authority(scene), reason=a_reason(scene))
        return Attempt(command=command)

    def expire(scene: Scene, state: File | Case) -> Attempt:
        until = state.disposal.retention_until if state.disposal else None
        return Attempt(command=sort.expire(), on=scene.often(None, until and min(until, TODAY)))

    def offer_due(scene: Scene, state: File | Case) -> Attempt:
        due = state.disposal.offer_due_on if state.disposal else scene.today
        return Attempt(command=sort.record_offer_due(), on=min(scene.often(due, due - timedelta(days=1)), TODAY))

    def offer(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.offer(process_id=scene.number("AUS-"), archive="Stadtarchiv"))

    def appraise(scene: Scene, state: File | Case) -> Attempt:
        reason = scene.text() if scene.chance(0.4) else None
        decision = scene.pick(Appraisal)
        return Attempt(command=sort.appraise(process_id=process(scene, state), decision=decision, reason=reason))

    def send(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.send(sha256=HASHES[1], size=1))

    def fail(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.fail(process_id=process(scene, state), errors=1, report=scene.text()))

    def confirm(scene: Scene, state: File | Case) -> Attempt:
        return Attempt(command=sort.confirm(process_id=process(scene, state), archive_id=scene.number("StA ")))

    def approve(scene: Scene, state: File | Case) -> Attempt:
        return _deputised(scene, Attempt(command=sort.approve()))

    def approve_early(scene: Scene, state: File | Case) -> Attempt:
        until = state.disposal.retention_until if state.disposal else None
        return Attempt(command=sort.approve(), on=until and min(until, TODAY))

    def destroy(scene: Scene, state: File | Case) -> Attempt:
        return _deputised(scene, Attempt(command=sort.destroy()))

    steps = (classify, hold, release, expire, offer_due, offer, appraise, send, fail, confirm, approve, approve_early)
    return [on_some(step) for step in (*steps, destroy)]


def approve_before_cases(scene: Scene) -> Attempt:
    def too_early(file: File) -> bool:
        unwanted = file.disposal is not None and file.disposal.decision is Appraisal.DESTROY
        return unwanted and not file.holds and file.destroyed_cases < file.cases

    record, file = scene.some(File, too_early)
    return Attempt(command=c.ApproveFileDestruction(), record=record, on=_late(file, scene))


def stages(record_id: UUID, state: FilePlanUnit | File | Case) -> Iterator[Stage]:
    if isinstance(state, FilePlanUnit):
        yield Stage("plan_unit", record_id, "ENDING" if state.valid_to else "VALID")
        return
    yield Stage("file" if isinstance(state, File) else "case", record_id, state.status)
    for hold in state.holds:
        yield Stage("hold", (record_id, hold), "STANDING")
    if isinstance(state, Case):
        for number, circulation in enumerate(state.circulations):
            for step in circulation.steps:
                yield Stage("step", (record_id, number, step.planned.no), step.status.name)
        for number, resubmission in enumerate(state.resubmissions):
            yield Stage("resubmission", (record_id, number), resubmission.status)


def check(world: World, record_id: UUID) -> None:
    state = world.state(record_id)
    if isinstance(state, Case):
        _check_case(world, state)
        check(world, state.file_id)
    elif isinstance(state, File):
        cases = [case for case in world.of(Case).values() if case.file_id == record_id]
        assert state.cases == len(cases)
        assert state.open_cases == sum(not case.closed for case in cases)
        assert state.destroyed_cases == sum(case.status is Status.DESTROYED for case in cases)
        assert not (state.closed and state.open_cases), "a file closed before its cases"
        if state.status is Status.DESTROYED:
            assert state.destroyed_cases == state.cases, "a file destroyed before its cases"
    if isinstance(state, File | Case):
        _check_disposal(state)


def _check_case(world: World, case: Case) -> None:
    assert not (case.closed and case.circulation), "a case closed over open steps"
    assert not (case.closed and any(each.open for each in case.resubmissions)), "closed over open resubmissions"
    assert sum(circulation.running for circulation in case.circulations) <= 1
    for circulation in case.circulations:
        if circulation.finally_signed:
            co_signatures = [step for step in circulation.steps if step.planned.kind is StepKind.CO_SIGN]
            assert all(step.signed or not step.open for step in co_signatures)
            final = next(step for step in circulation.steps if step.planned.kind is StepKind.FINAL_SIGN)
            document = case.document(circulation.document_id)
            assert document
            if not circulation.running:
                continue
            assert final.performer not in document.versions[0].drafters, "signed by the drafter"


def _check_disposal(state: File | Case) -> None:
    disposal = state.disposal
    if disposal is None or disposal.stage is not Status.DESTROYED:
        return
    assert not state.holds, "destroyed under a hold"
    assert disposal.process_id, "destroyed without an offer"
    assert disposal.decision, "destroyed without a decision"
    assert disposal.approved_by, "destroyed without approval"


MACHINE = Machine(
    family=FAMILY,
    moves=[
        define,
        define_twice,
        revise,
        end_unit,
        open_file,
        open_file_twice,
        transfer_file,
        correct_file,
        close_file,
        reopen_file,
        open_case,
        open_case_twice,
        transfer_case,
        correct_case,
        close_case,
        reopen_case,
        file_document,
        add_version,
        add_version_again,
        attach,
        correct_document,
        circulate,
        complete,
        complete_wrongly,
        skip,
        skip_on,
        overrule,
        add_step,
        record_step,
        correct_step,
        schedule,
        see_to,
        cancel,
        overdue,
        approve_before_cases,
        *ends_of(FILES, File),
        *ends_of(CASES, Case),
    ],
    stages=stages,
    check=check,
    endings={"FileLegalHoldReleased": "RELEASED", "CaseLegalHoldReleased": "RELEASED"},
    years=50,
)
