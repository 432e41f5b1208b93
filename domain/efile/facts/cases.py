"""The facts of cases and their documents, which live in the case's stream."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from domain.efile.facts.dated import Dated
from domain.efile.facts.references import reference_claims
from domain.efile.vocabulary import CaseField, Confidentiality, DisposalKind, DocumentField, DocumentKind, Medium
from domain.kernel import Claim, Code, Fact, Number, PublicText, Sealed

CASE_REFERENCE_CLAIM: Final = "efile.case_reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(Fact):
    """Version 1 had no `medium`: all cases were electronic. `reference_key` is the form by which references are
    compared, so that no two differ by capital letters alone; None: it is compared as it is written, as all were in
    version 2, and as those are that an import took over.

    For a case that was imported, `details` holds what else the source tells of it, and `source_digest` is a keyed hash
    of that, by which a later import recognises what is unchanged.
    """

    topic: ClassVar[str] = "efile.case_opened.v3"
    kind: ClassVar[str] = "case"
    file_id: UUID
    reference: Number
    subject: Sealed[str]
    plan_unit_id: UUID
    plan_code: Code
    lead_unit: Code
    custodian_unit: Code
    confidentiality: Confidentiality
    medium: Medium
    opened_on: date
    details: Sealed[str] | None = None
    source: Number | None = None
    source_id: Number | None = None
    source_digest: Code | None = None
    reference_key: Number | None = None

    def claims(self) -> tuple[Claim, ...]:
        return reference_claims(CASE_REFERENCE_CLAIM, self.reference, self.reference_key)

    def number(self) -> str | None:
        return self.reference

    def found_by(self) -> tuple[str | None, ...]:
        return (self.source_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLeadUnitTransferred(Dated):
    """Another unit is responsible for the case from now on (Abgabe der Federführung)."""

    topic: ClassVar[str] = "efile.case_lead_unit_transferred.v2"
    kind: ClassVar[str] = "case"
    old: Code
    new: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Fact):
    """zdA. Kept until the end of the calendar year `retention_until`; None: for ever.

    Version 1 named neither the version of the plan unit that was in force nor the day by which the archive has to be
    offered the case.
    """

    topic: ClassVar[str] = "efile.case_closed.v2"
    kind: ClassVar[str] = "case"
    zda_on: date
    plan_version: int
    retention_years: int | None
    retention_until: date | None
    offer_due_on: date
    disposal_kind: DisposalKind
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(Dated):
    """Work on a closed case goes on; `authority` is the function or unit that ordered it."""

    topic: ClassVar[str] = "efile.case_reopened.v2"
    kind: ClassVar[str] = "case"
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected(Fact):
    """For a sealed field `corrected_position` is where the old text was recorded and `new_sealed` holds the new one."""

    topic: ClassVar[str] = "efile.case_corrected.v1"
    kind: ClassVar[str] = "case"
    field: CaseField
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    source_digest: Code | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFiled(Dated):
    """A document and its version 1. `no` counts the documents of the case, `size` is in bytes, `sha256` in hex.

    Version 1 of the fact did not say in whose place the drafter acted (`deputising_for`).
    """

    topic: ClassVar[str] = "efile.document_filed.v2"
    kind: ClassVar[str] = "case"
    document_id: UUID
    no: int
    document_kind: DocumentKind
    title: Sealed[str]
    received_on: date | None
    letter_date: date | None
    foreign_reference: Sealed[str] | None
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code
    drafter: UUID
    deputising_for: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersionAdded(Dated):
    """`invalidated_steps`: signatures of the running circulation that were given for the version before.

    Version 1 of the fact did not say in whose place the drafter acted (`deputising_for`).
    """

    topic: ClassVar[str] = "efile.document_version_added.v2"
    kind: ClassVar[str] = "case"
    document_id: UUID
    version: int
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code
    drafter: UUID
    deputising_for: UUID | None
    invalidated_steps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(Dated):
    """Something that goes with a document; `no` counts the attachments of the document, whose latest version was
    `version`. Version 1 named nobody: neither who added it, nor in whose place.
    """

    topic: ClassVar[str] = "efile.attachment_added.v2"
    kind: ClassVar[str] = "case"
    document_id: UUID
    no: int
    version: int
    title: Sealed[str]
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code
    added_by: UUID | None
    deputising_for: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCorrected(Fact):
    """What is known about a document was put right, never its content."""

    topic: ClassVar[str] = "efile.document_corrected.v1"
    kind: ClassVar[str] = "case"
    document_id: UUID
    field: DocumentField
    old: PublicText | None
    new: PublicText | None
    new_sealed: Sealed[str] | None
    corrected_position: int | None
    reason: Sealed[str]
