"""Commands on cases and their documents."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.state import Case
from domain.efile.vocabulary import CaseField, Confidentiality, DocumentField, DocumentKind, Medium
from domain.kernel import Code, Command, Number, PublicText, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Command):
    """Open a case in an open file (Vorgang anlegen). The plan unit is the file's."""

    kind: ClassVar[str] = "case"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    file_id: UUID
    plan_unit_id: UUID
    reference: Number
    subject: Sealed[str]
    lead_unit: Code
    custodian_unit: Code
    confidentiality: Confidentiality = Confidentiality.OPEN
    medium: Medium = Medium.ELECTRONIC
    details: Sealed[str] | None = None
    source: Number | None = None
    source_id: Number | None = None
    source_digest: Code | None = None

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (self.file_id, self.plan_unit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCaseLeadUnit(Command):
    """Hand the case to another unit (Federführung abgeben)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    new_lead_unit: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Command):
    """Close the case (Vorgang zdA verfügen). Its retention ends with a calendar year."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id, state.plan_unit_id) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase(Command):
    """Open a closed case again on somebody's authority (Vorgang wieder in Bearbeitung nehmen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    authority: Code
    reason: Sealed[str]

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id,) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCase(Command):
    """Correct what was recorded wrongly of a case (Metadaten des Vorgangs berichtigen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    field: CaseField
    new: PublicText | None = None
    new_sealed: Sealed[str] | None = None
    source_digest: Code | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDocument(Command):
    """Put a document into the case (Dokument zum Vorgang nehmen).

    The document's id derives from the case's id and version. `size` is in bytes, `sha256` in lower-case hex.
    """

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    document_kind: DocumentKind
    title: Sealed[str]
    received_on: date | None = None
    letter_date: date | None = None
    foreign_reference: Sealed[str] | None = None
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDocumentVersion(Command):
    """Add a version of a document (neue Fassung). Signatures given for the version before have to be given again."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    document_id: UUID
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment(Command):
    """Add an attachment to a document (Anlage beifügen). `size` is in bytes, `sha256` in lower-case hex."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    document_id: UUID
    title: Sealed[str]
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDocument(Command):
    """Correct what was recorded wrongly of a document (Metadaten des Dokuments berichtigen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    document_id: UUID
    field: DocumentField
    new: PublicText | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
