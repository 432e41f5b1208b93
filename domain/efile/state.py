"""What decisions on e-files rest on: the states of plan units, files and cases. Immutable, folded from the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.efile.facts import PlannedStep, StepContent
from domain.efile.vocabulary import (
    Appraisal,
    Confidentiality,
    DisposalKind,
    DocumentKind,
    Medium,
    ResubmissionStatus,
    Status,
    StepKind,
    StepOutcome,
    StepStatus,
)
from domain.kernel import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """What a plan unit says from a day on; the n-th version has number n."""

    valid_from: date
    title: str
    retention_years: int | None
    disposal_kind: DisposalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnit:
    """The versions by ascending first day."""

    code: str
    valid_from: date
    valid_to: date | None
    versions: tuple[PlanVersion, ...]

    def valid_on(self, day: date) -> bool:
        """Whether files and cases may be opened under the unit that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def version_on(self, day: date) -> int:
        """The number of the version in force that day; before the first one, the first."""
        return max(1, sum(version.valid_from <= day for version in self.versions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """What becomes of a closed file or case. `approved_by`: who approved its destruction, and in whose place;
    `approved_file_holds`: how many legal holds the file of a case had had by then."""

    zda_on: date
    retention_until: date | None
    offer_due_on: date
    disposal_kind: DisposalKind
    stage: Status = Status.CLOSED
    offer_due: bool = False
    process_id: str | None = None
    decision: Appraisal | None = None
    approved_by: tuple[UUID, ...] = ()
    approved_file_holds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    reference: str
    subject: Sealed[str]
    plan_unit_id: UUID
    lead_unit: str
    custodian_unit: str
    confidentiality: Confidentiality
    medium: Medium
    opened_on: date
    last_day: date
    """The last day on which it was worked on, closed, or taken a step further to its disposal, as far as its facts say
    it: no such thing comes before."""
    days: Mapping[str, date] = field(default_factory=dict)
    """The last day of each thing that has an order of days of its own, as far as its facts say it."""
    closures: tuple[tuple[date, date], ...] = ()
    """When it was closed for a while: from the one day to the other, as far as its facts say it."""
    cases: int = 0
    open_cases: int = 0
    destroyed_cases: int = 0
    hold_count: int = 0
    holds: tuple[int, ...] = ()
    disposal: Disposal | None = None

    @property
    def closed(self) -> bool:
        return self.disposal is not None

    @property
    def zda_on(self) -> date | None:
        return self.disposal.zda_on if self.disposal else None

    @property
    def status(self) -> Status:
        return self.disposal.stage if self.disposal else Status.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a document; the n-th has number n."""

    sha256: str
    drafters: tuple[UUID, ...]
    """Who drafted it, and in whose place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: UUID
    document_kind: DocumentKind
    title: Sealed[str]
    received_on: date | None
    letter_date: date | None
    foreign_reference: Sealed[str] | None
    versions: tuple[Version, ...]
    filed_on: date | None
    """None: an earlier version of the fact did not say it."""
    attachments: int = 0
    attached_by: tuple[UUID, ...] = ()
    """Who added an attachment, and in whose place, as far as its facts say it."""
    signed_version: int | None = None
    """The last version that was finally signed."""

    @property
    def drafters(self) -> tuple[UUID, ...]:
        """Everybody who drafted one of its versions, added an attachment, or had it done in their place."""
        drafted = (person for version in self.versions for person in version.drafters)
        return tuple(dict.fromkeys((*drafted, *self.attached_by)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a circulation. Its status is `FUTURE` until `Circulation` says which one is current."""

    planned: PlannedStep
    status: StepStatus = StepStatus.FUTURE
    outcome: StepOutcome | None = None
    version: int | None = None
    """The version of the document that was signed or objected to."""
    performer: UUID | None = None

    @property
    def open(self) -> bool:
        return self.status in (StepStatus.FUTURE, StepStatus.CURRENT)

    @property
    def signed(self) -> bool:
        return self.outcome is StepOutcome.SIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """The steps of one round, by ascending number."""

    document_id: UUID | None
    steps: tuple[Step, ...]

    @property
    def running(self) -> bool:
        return any(step.open for step in self.steps)

    @property
    def current(self) -> Step | None:
        """The open step with the lowest number: the one whose turn it is."""
        return next((step for step in self.steps if step.open), None)

    def step(self, no: int) -> Step | None:
        return next((step for step in self.steps if step.planned.no == no), None)

    @property
    def finally_signed(self) -> bool:
        return any(step.signed for step in self.steps if step.planned.kind is StepKind.FINAL_SIGN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A step that was taken outside the ledger; the n-th has number n. `source_digest` tells whether the source's row
    is still the same."""

    step: StepContent
    details: Sealed[str] | None
    source_id: str | None
    source_digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmission:
    """The n-th has number n."""

    due: date
    status: ResubmissionStatus = ResubmissionStatus.SCHEDULED

    @property
    def open(self) -> bool:
        return self.status in (ResubmissionStatus.SCHEDULED, ResubmissionStatus.OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    file_id: UUID
    reference: str
    subject: Sealed[str]
    plan_unit_id: UUID
    lead_unit: str
    custodian_unit: str
    confidentiality: Confidentiality
    medium: Medium
    opened_on: date
    last_day: date
    """The last day on which it was worked on, closed, or taken a step further to its disposal, as far as its facts say
    it: no such thing comes before."""
    days: Mapping[str, date] = field(default_factory=dict)
    """The last day of each thing that has an order of days of its own, as far as its facts say it."""
    closures: tuple[tuple[date, date], ...] = ()
    """When it was closed for a while: from the one day to the other, as far as its facts say it."""
    details: Sealed[str] | None = None
    source_digest: str | None = None
    documents: tuple[Document, ...] = ()
    circulations: tuple[Circulation, ...] = ()
    entries: tuple[Entry, ...] = ()
    resubmissions: tuple[Resubmission, ...] = ()
    hold_count: int = 0
    holds: tuple[int, ...] = ()
    disposal: Disposal | None = None

    @property
    def closed(self) -> bool:
        return self.disposal is not None

    @property
    def zda_on(self) -> date | None:
        return self.disposal.zda_on if self.disposal else None

    @property
    def circulation(self) -> Circulation | None:
        """The running circulation."""
        last = self.circulations[-1] if self.circulations else None
        return last if last and last.running else None

    @property
    def status(self) -> Status:
        if self.disposal:
            return self.disposal.stage
        return Status.IN_CIRCULATION if self.circulation else Status.OPEN

    def document(self, document_id: UUID | None) -> Document | None:
        return next((document for document in self.documents if document.id == document_id), None)


State = FilePlanUnit | File | Case
