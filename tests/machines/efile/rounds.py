"""Moves of rounds, of steps that were taken elsewhere, and of resubmissions."""

from dataclasses import replace
from datetime import timedelta

from domain.efile import commands as c
from domain.efile.facts import PlannedStep, StepContent
from domain.efile.state import Case, Step
from domain.efile.vocabulary import StepKind, StepOutcome
from tests.machines.efile.records import a_document
from tests.machines.efile.said import HASHES, TODAY, a_reason, deputised, from_elsewhere, somebody_else
from tests.machines.machine import Attempt, Scene


def circulate(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    signing = (StepKind.CO_SIGN, StepKind.CO_SIGN, StepKind.FINAL_SIGN)
    wrong = (StepKind.FINAL_SIGN, StepKind.CO_SIGN)
    kinds = scene.pick([signing, signing[:2], signing[2:], (StepKind.COMMENT,), wrong])
    numbers = scene.often([10, 20, 30], [20, 10, 30])
    steps = tuple(
        PlannedStep(no=no, kind=kind, addressee=scene.often("61", "14"))
        for no, kind in zip(numbers, kinds, strict=False)
    )
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
    who = somebody_else(scene, document)
    return deputised(scene, Attempt(command=done, record=record, actor=who, unit=current.planned.addressee))


def complete_wrongly(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    steps = case.circulations[-1].steps if case.circulations else ()
    wrong = c.CompleteCirculationStep(
        no=scene.pick([*(step.planned.no for step in steps), 99]),
        outcome=scene.pick(StepOutcome),
        signed_sha256=scene.often(HASHES[0], None),
    )
    return Attempt(command=wrong, record=record)


def sign_unread(scene: Scene) -> Attempt:
    """Somebody who may sign does, and not the latest version."""

    def waits(case: Case) -> bool:
        current = case.circulation.current if case.circulation else None
        return current is not None and current.planned.kind.is_signature

    record, case = scene.some(Case, waits)
    current = case.circulation and case.circulation.current
    document = case.circulation and case.document(case.circulation.document_id)
    assert current
    assert document
    sha256 = scene.pick(each for each in HASHES if each != document.versions[-1].sha256)
    signed = c.CompleteCirculationStep(no=current.planned.no, outcome=StepOutcome.SIGNED, signed_sha256=sha256)
    who = somebody_else(scene, document)
    return Attempt(command=signed, record=record, actor=who, unit=current.planned.addressee)


def sign_for_another_unit(scene: Scene) -> Attempt:
    """Somebody signs who might, were they of the unit that is asked."""
    attempt = scene.pick([complete, object_to])(scene)
    return replace(attempt, unit=scene.pick(["37", "6", f"{attempt.unit}1", "-"]))


def skip(scene: Scene) -> Attempt:
    record, case = scene.some(Case)
    steps = case.circulations[-1].steps if case.circulations else ()
    no = scene.pick([*(step.planned.no for step in steps), 99])
    return deputised(scene, Attempt(command=c.SkipCirculationStep(no=no, reason=a_reason(scene)), record=record))


def skip_on(scene: Scene) -> Attempt:
    record, case = scene.some(Case, lambda case: case.circulation is not None)
    assert case.circulation is not None
    left = [step for step in case.circulation.steps if step.open or step.outcome is StepOutcome.OBJECTED]
    skip_it = c.SkipCirculationStep(no=scene.pick(left).planned.no, reason=scene.text())
    document = case.document(case.circulation.document_id)
    return deputised(scene, Attempt(command=skip_it, record=record, actor=somebody_else(scene, document)))


def _awaited(case: Case, kind: StepKind) -> list[Step]:
    steps = case.circulation.steps if case.circulation else ()
    left = [step for step in steps if step.open or step.outcome is StepOutcome.OBJECTED]
    return [step for step in left if step.planned.kind is kind]


def skip_signature(scene: Scene) -> Attempt:
    """Left out by a drafter, or in a drafter's place, as often as by anybody."""
    kind = scene.pick([StepKind.CO_SIGN, StepKind.FINAL_SIGN])
    record, case = scene.some(Case, lambda case: bool(_awaited(case, kind)))
    assert case.circulation is not None
    step = scene.pick(_awaited(case, kind))
    document = case.document(case.circulation.document_id)
    drafter = scene.pick(document.drafters if document else ())
    actor, absent = scene.pick([(drafter, None), (scene.actor(), drafter), (scene.actor(), None)])
    skip_it = c.SkipCirculationStep(no=step.planned.no, reason=scene.text())
    return Attempt(command=skip_it, record=record, actor=actor, deputising_for=absent)


def sign_as_drafter(scene: Scene) -> Attempt:
    """The drafter signs, or has it signed."""
    record, case = scene.some(Case, lambda case: case.circulation is not None and bool(case.circulation.document_id))
    current = case.circulation and case.circulation.current
    document = case.circulation and case.document(case.circulation.document_id)
    assert current
    assert document
    drafter = scene.pick(document.drafters)
    actor, absent = scene.pick([(drafter, None), (scene.actor(), drafter)])
    signed = c.CompleteCirculationStep(
        no=current.planned.no, outcome=StepOutcome.SIGNED, signed_sha256=document.versions[-1].sha256
    )
    return Attempt(command=signed, record=record, actor=actor, deputising_for=absent)


def object_to(scene: Scene) -> Attempt:
    def co_signs(case: Case) -> bool:
        current = case.circulation.current if case.circulation else None
        return current is not None and current.planned.kind is StepKind.CO_SIGN

    record, case = scene.some(Case, co_signs)
    document = case.circulation and case.document(case.circulation.document_id)
    current = case.circulation and case.circulation.current
    assert current
    assert document
    objection = c.CompleteCirculationStep(
        no=current.planned.no, outcome=StepOutcome.OBJECTED, signed_sha256=document.versions[-1].sha256
    )
    who = somebody_else(scene, document)
    return deputised(scene, Attempt(command=objection, record=record, actor=who, unit=current.planned.addressee))


def finish_from_outside(scene: Scene) -> Attempt:
    """What the staff would be let, by somebody who comes another way."""
    return from_elsewhere(scene, scene.pick([complete, skip_on])(scene))


def make_void(scene: Scene) -> Attempt:
    """A new version where several have signed: the first of them is asked again, the others wait."""

    def signed_by_several(case: Case) -> bool:
        circulation = case.circulation
        if circulation is None or circulation.finally_signed:
            return False
        return sum(step.outcome is not None and step.planned.kind.is_signature for step in circulation.steps) > 1

    record, case = scene.some(Case, signed_by_several)
    document = case.circulation and case.document(case.circulation.document_id)
    assert document
    sha256 = scene.pick(each for each in HASHES if each != document.versions[-1].sha256)
    version = c.AddDocumentVersion(
        document_id=document.id, filename=scene.text(), mime="text/plain", size=1, sha256=sha256
    )
    return deputised(scene, Attempt(command=version, record=record))


def overrule(scene: Scene) -> Attempt:
    def objected(case: Case) -> bool:
        steps = case.circulation.steps if case.circulation else ()
        return any(step.outcome is StepOutcome.OBJECTED for step in steps)

    record, case = scene.some(Case, objected)
    step = next(step for step in case.circulations[-1].steps if step.outcome is StepOutcome.OBJECTED)
    skip_it = c.SkipCirculationStep(no=step.planned.no, reason=scene.text())
    document = case.document(case.circulations[-1].document_id)
    return Attempt(command=skip_it, record=record, actor=somebody_else(scene, document))


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


MOVES = (
    circulate,
    complete,
    complete_wrongly,
    sign_unread,
    sign_for_another_unit,
    sign_as_drafter,
    object_to,
    finish_from_outside,
    make_void,
    skip,
    skip_on,
    skip_signature,
    overrule,
    add_step,
    record_step,
    correct_step,
    schedule,
    see_to,
    cancel,
    overdue,
)
