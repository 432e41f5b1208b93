"""What an office does with its e-files: one command per act, named as the office names it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.facts import PlannedStep, StepContent
from domain.efile.state import Case, File
from domain.efile.vocabulary import (
    CaseField,
    Confidentiality,
    DisposalKind,
    DocumentField,
    DocumentKind,
    FileField,
    Medium,
    StepKind,
    StepOutcome,
)
from domain.kernel import Code, Command, Number, PublicText, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineFilePlanUnit(Command):
    """Add a unit to the file plan (Aktenplaneinheit anlegen). Without `retention_years`: kept for ever."""

    kind: ClassVar[str] = "file_plan_unit"
    creates: ClassVar[bool] = True
    code: Code
    title: PublicText
    retention_years: int | None
    disposal_kind: DisposalKind
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFilePlanUnit(Command):
    """Open nothing under the unit after a day (Aktenplaneinheit beenden)."""

    kind: ClassVar[str] = "file_plan_unit"
    valid_to: date
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile(Command):
    """Open a file under a unit of the file plan (Akte anlegen)."""

    kind: ClassVar[str] = "file"
    creates: ClassVar[bool] = True
    reference: Number
    subject: Sealed[str]
    plan_unit_id: UUID
    lead_unit: Code
    custodian_unit: Code
    confidentiality: Confidentiality = Confidentiality.OPEN
    medium: Medium = Medium.ELECTRONIC
    source: Number | None = None
    source_id: Number | None = None

    def reads(self, state: File | None) -> tuple[UUID, ...]:
        return (self.plan_unit_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFileLeadUnit(Command):
    """Hand the file to another unit (Federführung abgeben)."""

    kind: ClassVar[str] = "file"
    new_lead_unit: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFile(Command):
    """Close the file after its last case (Akte zdA verfügen)."""

    kind: ClassVar[str] = "file"
    reason: Sealed[str]

    def reads(self, state: File | None) -> tuple[UUID, ...]:
        return (state.plan_unit_id,) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenFile(Command):
    """Open a closed file again on somebody's authority (Akte wieder in Bearbeitung nehmen)."""

    kind: ClassVar[str] = "file"
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFile(Command):
    """Correct what was recorded wrongly of a file (Metadaten der Akte berichtigen)."""

    kind: ClassVar[str] = "file"
    field: FileField
    new: PublicText | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(Command):
    """Open a case in an open file (Vorgang anlegen). The plan unit is the file's."""

    kind: ClassVar[str] = "case"
    creates: ClassVar[bool] = True
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
    new_lead_unit: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Command):
    """Close the case (Vorgang zdA verfügen). Its retention ends with a calendar year."""

    kind: ClassVar[str] = "case"
    reason: Sealed[str]

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id, state.plan_unit_id) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase(Command):
    """Open a closed case again on somebody's authority (Vorgang wieder in Bearbeitung nehmen)."""

    kind: ClassVar[str] = "case"
    authority: Code
    reason: Sealed[str]

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id,) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCase(Command):
    """Correct what was recorded wrongly of a case (Metadaten des Vorgangs berichtigen)."""

    kind: ClassVar[str] = "case"
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
    document_id: UUID
    filename: Sealed[str]
    mime: Code
    size: int
    sha256: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDocument(Command):
    """Correct what was recorded wrongly of a document (Metadaten des Dokuments berichtigen)."""

    kind: ClassVar[str] = "case"
    document_id: UUID
    field: DocumentField
    new: PublicText | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCirculation(Command):
    """Send the case, or a document of it, on its round (in den Geschäftsgang geben)."""

    kind: ClassVar[str] = "case"
    document_id: UUID | None = None
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteCirculationStep(Command):
    """Do the current step (Schritt erledigen, zeichnen). A signature names the hash of the version it is for."""

    kind: ClassVar[str] = "case"
    no: int
    outcome: StepOutcome
    signed_sha256: Code | None = None
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipCirculationStep(Command):
    """Leave a step out, or overrule an objection to co-sign (Schritt überspringen)."""

    kind: ClassVar[str] = "case"
    no: int
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCirculationStep(Command):
    """Add a step to the running circulation (weitere Stelle beteiligen)."""

    kind: ClassVar[str] = "case"
    no: int
    step_kind: StepKind
    addressee: Code
    due: date | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCirculationStep(Command):
    """Document a step that was taken outside the ledger (Bearbeitungsschritt nacherfassen).

    The command takes effect when the step was taken. An import gives the source's name, the step's id and place
    there, and a keyed hash of the row.
    """

    kind: ClassVar[str] = "case"
    step: StepContent
    details: Sealed[str] | None = None
    source: Number | None = None
    source_id: Number | None = None
    source_row: int | None = None
    source_digest: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCirculationStep(Command):
    """Correct a step that was documented afterwards (nacherfassten Schritt berichtigen).

    The command takes effect when the step was taken, as known now. `step` replaces what was known of it, `details`
    replaces the details unless it is None.
    """

    kind: ClassVar[str] = "case"
    entry: int
    step: StepContent
    details: Sealed[str] | None = None
    source_digest: Code | None = None
    reason: Sealed[str]
