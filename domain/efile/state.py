"""What decisions on e-files rest on: the states of plan units, files and cases. Immutable, folded from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.efile.facts import PlannedStep, StepContent
from domain.efile.vocabulary import (
    Confidentiality,
    DisposalKind,
    DocumentKind,
    Medium,
    Status,
    StepKind,
    StepOutcome,
    StepStatus,
)
from domain.kernel import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnit:
    code: str
    retention_years: int | None
    disposal_kind: DisposalKind
    valid_from: date
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether files and cases may be opened under the unit that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


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
    open_cases: int = 0
    zda_on: date | None = None

    @property
    def closed(self) -> bool:
        return self.zda_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a document; the n-th has number n."""

    sha256: str
    drafter: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: UUID
    document_kind: DocumentKind
    title: Sealed[str]
    received_on: date | None
    letter_date: date | None
    foreign_reference: Sealed[str] | None
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a circulation. Its status is `FUTURE` until `Circulation` says which one is current."""

    planned: PlannedStep
    status: StepStatus = StepStatus.FUTURE
    outcome: StepOutcome | None = None

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
    details: Sealed[str] | None = None
    source_digest: str | None = None
    documents: tuple[Document, ...] = ()
    circulations: tuple[Circulation, ...] = ()
    entries: tuple[Entry, ...] = ()
    zda_on: date | None = None

    @property
    def circulation(self) -> Circulation | None:
        """The running circulation."""
        last = self.circulations[-1] if self.circulations else None
        return last if last and last.running else None

    @property
    def status(self) -> Status:
        if self.zda_on is not None:
            return Status.CLOSED
        return Status.IN_CIRCULATION if self.circulation else Status.OPEN

    def document(self, document_id: UUID | None) -> Document | None:
        return next((document for document in self.documents if document.id == document_id), None)


State = FilePlanUnit | File | Case
