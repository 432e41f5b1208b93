"""What happens to a resolution (Beschluss) and its tracking (Beschlusskontrolle)."""

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
    """A unit is to implement the resolution by `due`."""

    topic: ClassVar[str] = "council.implementation_assigned.v1"
    kind: ClassVar[str] = "resolution"
    unit: Code
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplementationReported(Fact):
    """`due` is the date that holds from now on."""

    topic: ClassVar[str] = "council.implementation_reported.v1"
    kind: ClassVar[str] = "resolution"
    progress: Progress
    due: date
    note: Sealed[str] | None = None
    delay_reason: Sealed[str] | None = None


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


ResolutionFact = (
    ResolutionAdopted | ImplementationAssigned | ImplementationReported | ImplementationCompleted | FinalReportGiven
)
