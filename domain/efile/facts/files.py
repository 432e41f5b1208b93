"""The facts of file plan units and files."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.efile.facts.dated import Dated
from domain.efile.facts.references import reference_claims
from domain.efile.vocabulary import Confidentiality, DisposalKind, FileField, Medium
from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed

PLAN_CODE_CLAIM: Final = "efile.plan_code"
FILE_REFERENCE_CLAIM: Final = "efile.file_reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnitDefined(Fact):
    """A place in the file plan came to be. Without `retention_years` its files are kept for ever."""

    topic: ClassVar[str] = "efile.file_plan_unit_defined.v1"
    kind: ClassVar[str] = "file_plan_unit"
    code: Code
    title: PublicText
    retention_years: int | None
    disposal_kind: DisposalKind
    valid_from: date
    valid_to: date | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(PLAN_CODE_CLAIM, self.code),)

    def number(self) -> str | None:
        return self.code

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnitRevised(Fact):
    """A version of the unit that is in force from `valid_from`: what is closed from then on is kept as it says.

    `version` counts 1, 2, 3 …; version 1 is the unit as it was defined.
    """

    topic: ClassVar[str] = "efile.file_plan_unit_revised.v1"
    kind: ClassVar[str] = "file_plan_unit"
    version: int
    valid_from: date
    title: PublicText
    retention_years: int | None
    disposal_kind: DisposalKind
    reason: Sealed[str]

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlanUnitEnded(Fact):
    """From the day after `valid_to` nothing new is opened under the unit."""

    topic: ClassVar[str] = "efile.file_plan_unit_ended.v1"
    kind: ClassVar[str] = "file_plan_unit"
    valid_to: date
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened(Fact):
    """A file (Akte) came to be under a unit of the file plan; its reference is never used again.

    `reference_key` is the form by which references are compared, so that no two differ by capital letters alone; None:
    it is compared as it is written, as all were in version 1, and as those are that an import took over.
    """

    topic: ClassVar[str] = "efile.file_opened.v2"
    kind: ClassVar[str] = "file"
    reference: Number
    subject: Sealed[str]
    plan_unit_id: UUID
    plan_code: Code
    lead_unit: Code
    custodian_unit: Code
    confidentiality: Confidentiality
    medium: Medium
    opened_on: date
    source: Number | None = None
    source_id: Number | None = None
    reference_key: Number | None = None

    def claims(self) -> tuple[Claim, ...]:
        return reference_claims(FILE_REFERENCE_CLAIM, self.reference, self.reference_key)

    def number(self) -> str | None:
        return self.reference

    def found_by(self) -> tuple[str | None, ...]:
        return (self.source_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLeadUnitTransferred(Dated):
    """Another unit is responsible for the file from now on (Abgabe der Federführung)."""

    topic: ClassVar[str] = "efile.file_lead_unit_transferred.v2"
    kind: ClassVar[str] = "file"
    old: Code
    new: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAddedToFile(Fact):
    """The file learns of a case opened in it, so that it does not close before the case does."""

    topic: ClassVar[str] = "efile.case_added_to_file.v1"
    kind: ClassVar[str] = "file"
    case_id: UUID
    reference: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfFileClosed(Dated):
    """The file learns that one of its cases was closed."""

    topic: ClassVar[str] = "efile.case_of_file_closed.v2"
    kind: ClassVar[str] = "file"
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfFileReopened(Fact):
    """The file learns that one of its cases is open again."""

    topic: ClassVar[str] = "efile.case_of_file_reopened.v1"
    kind: ClassVar[str] = "file"
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfFileDestroyed(Dated):
    """The file learns that a case is no more, so that it is not destroyed before all of them are."""

    topic: ClassVar[str] = "efile.case_of_file_destroyed.v2"
    kind: ClassVar[str] = "file"
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FileClosed(Fact):
    """zdA. Kept until the end of the calendar year `retention_until`; None: for ever.

    Version 1 named neither the version of the plan unit that was in force nor the day by which the archive has to be
    offered the file.
    """

    topic: ClassVar[str] = "efile.file_closed.v2"
    kind: ClassVar[str] = "file"
    zda_on: date
    plan_version: int
    retention_years: int | None
    retention_until: date | None
    offer_due_on: date
    disposal_kind: DisposalKind
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReopened(Dated):
    """`authority` is the function or unit that ordered it."""

    topic: ClassVar[str] = "efile.file_reopened.v2"
    kind: ClassVar[str] = "file"
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCorrected(Fact):
    """For a sealed field `corrected_position` tells where the old text was recorded, and `new_sealed` holds the new."""

    topic: ClassVar[str] = "efile.file_corrected.v1"
    kind: ClassVar[str] = "file"
    field: FileField
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    reason: Sealed[str]
