"""Decisions on circulations: steps in their order, signatures bound to a version, four eyes."""

from __future__ import annotations

from uuid import UUID

from domain.efile import checks, commands, facts
from domain.efile.cases import require_open
from domain.efile.documents import document_of
from domain.efile.facts import PlannedStep
from domain.efile.rules import rounds
from domain.efile.state import Case, Circulation, Document, Step
from domain.efile.vocabulary import StepKind, StepOutcome
from domain.kernel import Context, Invalid, Message, Rejected


def start(case: Case, command: commands.StartCirculation) -> facts.CirculationStarted:
    require_open(case)
    if case.circulation:
        raise Rejected(rounds.CIRCULATION_RUNNING)
    if not 1 <= len(command.steps) <= 100:
        raise Invalid("steps", Message("Give 1 to 100 steps.", "1 bis 100 Schritte angeben."))
    numbers = [step.no for step in command.steps]
    if numbers != sorted(set(numbers)) or numbers[0] < 1:
        raise Rejected(rounds.STEP_ORDER, numbers=", ".join(map(str, numbers)))
    for step in command.steps:
        checks.require_code("steps.addressee", step.addressee)
    _require_final_signature_last(command.steps)
    if command.document_id is None:
        if any(step.kind.is_signature for step in command.steps):
            raise Rejected(rounds.NOTHING_TO_SIGN)
    else:
        _require_objectors(case, document_of(case, command.document_id), command.steps)
    return facts.CirculationStarted(
        circulation=len(case.circulations) + 1, document_id=command.document_id, steps=command.steps
    )


def add_step(case: Case, command: commands.AddCirculationStep) -> facts.CirculationStepAdded:
    circulation = _running(case)
    checks.require_code("addressee", command.addressee)
    checks.require_reason(command.reason)
    step = PlannedStep(no=command.no, kind=command.step_kind, addressee=command.addressee, due=command.due)
    finished = max((known.planned.no for known in circulation.steps if not known.open), default=0)
    if command.no <= finished or circulation.step(command.no):
        raise Rejected(rounds.STEP_ORDER, no=command.no, finished=finished)
    planned = tuple(sorted((*(known.planned for known in circulation.steps), step), key=lambda each: each.no))
    _require_final_signature_last(planned)
    if step.kind.is_signature and circulation.document_id is None:
        raise Rejected(rounds.NOTHING_TO_SIGN)
    if circulation.document_id is not None:
        _require_objectors(case, document_of(case, circulation.document_id), planned)
    return facts.CirculationStepAdded(circulation=len(case.circulations), step=step, reason=command.reason)


def complete_step(
    case: Case, command: commands.CompleteCirculationStep, context: Context
) -> facts.CirculationStepCompleted:
    circulation = _running(case)
    step = _step(circulation, command.no)
    checks.require_text("note", command.note, longest=4000)
    checks.require_sha256("signed_sha256", command.signed_sha256)
    if not step.open:
        raise Rejected(rounds.STEP_FINISHED, no=command.no)
    if step.planned.kind is StepKind.FINAL_SIGN:
        _require_co_signatures(circulation)
    if step is not circulation.current:
        raise Rejected(rounds.STEP_NOT_CURRENT, no=command.no)
    if step.planned.kind.is_signature != (command.outcome is not StepOutcome.DONE):
        raise Rejected(rounds.OUTCOME_NOT_OF_KIND, kind=step.planned.kind, outcome=command.outcome)
    if step.planned.kind.is_signature:
        checks.require_staff(context)
    document = document_of(case, circulation.document_id) if step.planned.kind.is_signature else None
    drafters = _drafters(case, circulation, step)
    if set(context.persons) & set(drafters):
        raise Rejected(rounds.FOUR_EYES)
    if step.planned.kind.is_signature and not _part_of(context.org_unit, step.planned.addressee):
        raise Rejected(rounds.OTHER_UNIT, addressee=step.planned.addressee, own=context.org_unit)
    version = _signed_version(document, command) if document else None
    return facts.CirculationStepCompleted(
        circulation=len(case.circulations),
        no=command.no,
        outcome=command.outcome,
        performer=context.actor,
        deputising_for=context.deputising_for,
        signed_version=version,
        signed_sha256=command.signed_sha256 if version else None,
        drafters=drafters,
        note=command.note,
    )


def skip_step(case: Case, command: commands.SkipCirculationStep, context: Context) -> facts.CirculationStepSkipped:
    checks.require_staff(context)
    circulation = _running(case)
    step = _step(circulation, command.no)
    checks.require_reason(command.reason)
    overruled = step.planned.kind is StepKind.CO_SIGN and step.outcome is StepOutcome.OBJECTED
    if not step.open and not overruled:
        raise Rejected(rounds.STEP_FINISHED, no=command.no)
    drafters = _drafters(case, circulation, step)
    if set(context.persons) & set(drafters):
        raise Rejected(rounds.DRAFTER_SKIPS_SIGNATURE)
    objector = step.performer if overruled else _objector(case, circulation, step)
    return facts.CirculationStepSkipped(
        circulation=len(case.circulations),
        no=command.no,
        step_kind=step.planned.kind,
        objector=objector,
        drafters=drafters,
        reason=command.reason,
    )


def _drafters(case: Case, circulation: Circulation, step: Step) -> tuple[UUID, ...]:
    """Whose document is signed, or had to be; of a step that signs nothing, nobody's."""
    if not step.planned.kind.is_signature:
        return ()
    return document_of(case, circulation.document_id).drafters


def _part_of(unit: str, addressee: str) -> bool:
    """Whether the unit is the addressee or in it: 61, 61.2 and 61/L sign for 61, 61 does not for 61/L."""
    return unit == addressee or unit.startswith((f"{addressee}.", f"{addressee}/"))


def _signed_version(document: Document, command: commands.CompleteCirculationStep) -> int:
    """The number of the version that is signed: the latest, and the one the signer has seen."""
    versions = document.versions
    if command.signed_sha256 != versions[-1].sha256:
        raise Rejected(rounds.VERSION_OUTDATED, latest=versions[-1].sha256)
    return len(versions)


def _require_co_signatures(circulation: Circulation) -> None:
    missing = [
        step.planned.no
        for step in circulation.steps
        if step.planned.kind is StepKind.CO_SIGN and (step.open or step.outcome is StepOutcome.OBJECTED)
    ]
    if missing:
        raise Rejected(rounds.CO_SIGNATURES_OPEN, steps=", ".join(map(str, missing)))


def _require_objectors(case: Case, document: Document, steps: tuple[PlannedStep, ...]) -> None:
    """A round for the final signature asks again whoever objected to the latest version in an earlier round, so that
    the objection is withdrawn by a signature, or overruled.
    """
    asked = {step.addressee for step in steps if step.kind is StepKind.CO_SIGN}
    against = [addressee for addressee in _objectors(case, document) if addressee not in asked]
    if against and any(step.kind is StepKind.FINAL_SIGN for step in steps):
        raise Rejected(rounds.CO_SIGNATURES_OPEN, objected=", ".join(against))


def _objector(case: Case, circulation: Circulation, step: Step) -> UUID | None:
    """Who objected in an earlier round, where the step that asks them again is left out."""
    if step.planned.kind is not StepKind.CO_SIGN:
        return None
    return _objectors(case, document_of(case, circulation.document_id)).get(step.planned.addressee)


def _objectors(case: Case, document: Document) -> dict[str, UUID | None]:
    """By addressee, who objected to the latest version as the addressee's last word, where nobody overruled it."""
    last: dict[str, Step] = {}
    for circulation in (each for each in case.circulations if each.document_id == document.id):
        said: dict[str, Step] = {}
        for step in circulation.steps:
            again = step.planned.addressee in said
            if step.planned.kind is StepKind.CO_SIGN and not step.open and (step.outcome is not None or not again):
                said[step.planned.addressee] = step
        last |= said
    latest = len(document.versions)
    return {
        addressee: step.performer
        for addressee, step in last.items()
        if step.outcome is StepOutcome.OBJECTED and step.version == latest
    }


def _require_final_signature_last(steps: tuple[PlannedStep, ...]) -> None:
    signatures = [step.kind for step in steps if step.kind.is_signature]
    if StepKind.FINAL_SIGN in signatures[:-1]:
        raise Rejected(rounds.FINAL_SIGNATURE_LAST)


def _running(case: Case) -> Circulation:
    require_open(case)
    if case.circulation is None:
        raise Rejected(rounds.NO_CIRCULATION)
    return case.circulation


def _step(circulation: Circulation, no: int) -> Step:
    step = circulation.step(no)
    if step is None:
        raise Rejected(rounds.STEP_UNKNOWN, no=no, steps=", ".join(str(each.planned.no) for each in circulation.steps))
    return step
