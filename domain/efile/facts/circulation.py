"""The facts of a case's circulations, and of steps that were taken outside the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.facts.dated import Dated
from domain.efile.vocabulary import StepKind, StepOutcome
from domain.kernel import Code, Number, Sealed, Supervised, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of a circulation (Umlaufschritt): the steps are taken in the order of `no`."""

    no: int
    kind: StepKind
    addressee: Code
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStarted(Dated):
    """`circulation` counts the circulations of the case. Signatures are for `document_id`."""

    topic: ClassVar[str] = "efile.circulation_started.v2"
    kind: ClassVar[str] = "case"
    circulation: int
    document_id: UUID | None
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStepAdded(Dated):
    """One more unit takes part in the running circulation."""

    topic: ClassVar[str] = "efile.circulation_step_added.v2"
    kind: ClassVar[str] = "case"
    circulation: int
    step: PlannedStep
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStepCompleted(Dated):
    """A signature is bound to the version and the hash of what was signed.

    `deputising_for` is in whose place the performer acted. A signature names everybody who drafted a version of the
    document, added an attachment, or had it done in their place (`drafters`): none of them may sign it, neither by a
    deputy. Where a co-signature names nobody, it was not held against the drafters. Version 1 named neither: what was
    recorded as version 1 tells neither that somebody signed in person nor who had drafted.
    """

    topic: ClassVar[str] = "efile.circulation_step_completed.v2"
    kind: ClassVar[str] = "case"
    circulation: int
    no: int
    outcome: StepOutcome
    performer: UUID
    deputising_for: UUID | None
    signed_version: int | None
    signed_sha256: Code | None
    drafters: tuple[UUID, ...]
    note: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        if not self.drafters or self.outcome is not StepOutcome.SIGNED:
            return None
        return Supervised(by=Supervision.FOUR_EYES, rules=("efile.four_eyes",), others=self.drafters)


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStepSkipped(Dated):
    """A step was left out. To leave a co-signature out, or to overrule the objection of an `objector`, sets aside that
    the final signature waits for it; to leave the final signature out sets aside four eyes. Neither is done by one of
    the `drafters`. Version 2 did not name them, version 1 neither `step_kind` nor `objector`.
    """

    topic: ClassVar[str] = "efile.circulation_step_skipped.v3"
    kind: ClassVar[str] = "case"
    circulation: int
    no: int
    step_kind: StepKind | None
    objector: UUID | None
    drafters: tuple[UUID, ...]
    reason: Sealed[str]

    def supervised(self) -> Supervised | None:
        if self.step_kind is StepKind.FINAL_SIGN:
            rules = ("efile.four_eyes",)
            return Supervised(by=Supervision.OVERRIDE, rules=rules, others=self.drafters, reason=self.reason)
        if self.step_kind is StepKind.CO_SIGN:
            objector = (self.objector,) if self.objector else ()
            others = tuple(dict.fromkeys((*objector, *self.drafters)))
            rules = ("efile.co_signatures_open",)
            return Supervised(by=Supervision.OVERRIDE, rules=rules, others=others, reason=self.reason)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContent:
    """What is known of a step that was taken outside the ledger (Umlaufschritt).

    `unit` is the performer's organisational group.
    """

    activity: Code
    performer: UUID | None = None
    unit: Code | None = None
    outcome: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStepRecorded(Dated):
    """A step that was taken outside the ledger is documented afterwards; the envelope tells when it was taken.

    `entry` counts such steps of the case, in the order of the source. `source_row` is the step's place in the source,
    `source_digest` a keyed hash of the source's row: an unchanged row is recognised by it. `details` holds what else
    the source tells.
    """

    topic: ClassVar[str] = "efile.circulation_step_recorded.v2"
    kind: ClassVar[str] = "case"
    entry: int
    step: StepContent
    details: Sealed[str] | None = None
    source: Number | None = None
    source_id: Number | None = None
    source_row: int | None = None
    source_digest: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationStepCorrected(Dated):
    """What was documented of a step was wrong, or its source has changed. The envelope tells when the step was taken
    as known now. `corrected_position` tells where the old details were recorded.
    """

    topic: ClassVar[str] = "efile.circulation_step_corrected.v2"
    kind: ClassVar[str] = "case"
    entry: int
    old: StepContent
    new: StepContent
    details: Sealed[str] | None
    corrected_position: int | None
    source_digest: Code | None
    reason: Sealed[str]
