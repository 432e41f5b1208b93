"""What happens to a resolution (Beschluss): its tracking (Beschlusskontrolle), and objection to it (Beanstandung)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.facts.common import RESOLUTION_NUMBER
from domain.council.parts import Reference
from domain.council.vocabulary import Outcome, Progress
from domain.kernel import Claim, Code, Fact, Number, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionAdopted(Fact):
    """Recorded together with `AgendaItemDecided`; the resolution is a record of its own from then on."""

    topic: ClassVar[str] = "council.resolution_adopted.v1"
    kind: ClassVar[str] = "resolution"
    resolution_number: Number
    meeting: UUID
    item: UUID
    bodies: tuple[Reference, ...]
    paper: UUID | None
    outcome: Outcome
    public: bool
    adopted_on: date
    text: Sealed[str]

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(RESOLUTION_NUMBER, self.resolution_number),)

    def number(self) -> str | None:
        return self.resolution_number


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationAssigned(Fact):
    """A unit is to implement the resolution by `due`. Version 1 did not tell the day, `assigned_on`."""

    topic: ClassVar[str] = "council.implementation_assigned.v2"
    kind: ClassVar[str] = "resolution"
    unit: Code
    due: date
    assigned_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationReported(Fact):
    """`due` is the date that holds from now on. Version 1 did not tell the day, `reported_on`."""

    topic: ClassVar[str] = "council.implementation_reported.v2"
    kind: ClassVar[str] = "resolution"
    progress: Progress
    due: date
    note: Sealed[str] | None = None
    delay_reason: Sealed[str] | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationCompleted(Fact):
    """The resolution is implemented."""

    topic: ClassVar[str] = "council.implementation_completed.v1"
    kind: ClassVar[str] = "resolution"
    completed_on: date
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalReportGiven(Fact):
    """The finished resolution was reported to the body once more, and then never again."""

    topic: ClassVar[str] = "council.final_report_given.v1"
    kind: ClassVar[str] = "resolution"
    meeting: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationBecameOverdue(Fact):
    """The day until which the resolution was to be implemented passed."""

    topic: ClassVar[str] = "council.implementation_became_overdue.v1"
    kind: ClassVar[str] = "resolution"
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionReported(Fact):
    """The open resolution stood in the tracking report that was given in this meeting."""

    topic: ClassVar[str] = "council.resolution_reported.v1"
    kind: ClassVar[str] = "resolution"
    meeting: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionObjected(Fact):
    """The mayor objected (Beanstandung), § 54 (2) GO NRW: the resolution is suspended until it is decided again.

    `objected_by` is who did, and `deputising_for` in whose place; version 1 said neither.
    """

    topic: ClassVar[str] = "council.resolution_objected.v2"
    kind: ClassVar[str] = "resolution"
    objected_on: date
    legal_ground: Sealed[str]
    objected_by: UUID | None = None
    deputising_for: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(Fact):
    """The body decided again. Where it `upholds` its resolution, that stays suspended until the supervisory authority
    has decided; otherwise it is repealed. `decided_on` is the day of that meeting, which version 1 did not tell."""

    topic: ClassVar[str] = "council.objection_decided.v2"
    kind: ClassVar[str] = "resolution"
    meeting: UUID
    item: UUID
    upholds: bool
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisoryDecisionRecorded(Fact):
    """The supervisory authority (Kommunalaufsicht) decided: the resolution stands and goes on, or is repealed."""

    topic: ClassVar[str] = "council.supervisory_decision_recorded.v1"
    kind: ClassVar[str] = "resolution"
    stands: bool
    decided_on: date
    note: Sealed[str]


ResolutionFact = (
    ResolutionAdopted
    | ImplementationAssigned
    | ImplementationReported
    | ImplementationBecameOverdue
    | ImplementationCompleted
    | ResolutionReported
    | FinalReportGiven
    | ResolutionObjected
    | ObjectionDecided
    | SupervisoryDecisionRecorded
)
