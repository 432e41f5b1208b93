"""Commands on legal holds, confidentiality and disposal (Aussonderung): each shape once, for files and for cases."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from domain.efile.state import Case
from domain.efile.vocabulary import Appraisal, Confidentiality
from domain.kernel import Code, Command, Number, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeConfidentiality(Command):
    confidentiality: Confidentiality
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLegalHold(Command):
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLegalHold(Command):
    hold: int
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferForDisposal(Command):
    process_id: Number
    archive: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAppraisal(Command):
    process_id: Number
    decision: Appraisal
    reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToArchive(Command):
    sha256: Code
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransferErrors(Command):
    process_id: Number
    errors: int
    report: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmImport(Command):
    process_id: Number
    archive_id: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFileConfidentiality(ChangeConfidentiality):
    """Classify the file otherwise from now on (Vertraulichkeitsstufe ändern)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFileLegalHold(PlaceLegalHold):
    """Keep the file from destruction on somebody's authority (Sperre setzen)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFileLegalHold(ReleaseLegalHold):
    """Lift one legal hold of the file on somebody's authority (Sperre aufheben)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFileRetentionExpiry(Command):
    """Record that the retention of the file has ended (Ende der Aufbewahrung); the calendar does that."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFileOfferDue(Command):
    """Record that the offer of the file to the archive is late (Anbietung fällig); the calendar does that."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFile(OfferForDisposal):
    """Offer the file to the archive (Anbietung). `process_id` names the disposal."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFileAppraisal(RecordAppraisal):
    """Record what the archive decided on the file (Bewertung); a reason where it deviates from the file plan."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFileToArchive(SendToArchive):
    """Hand the file to the archive as a package (Abgabe). `size` is in bytes, `sha256` in lower-case hex."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFileTransferErrors(RecordTransferErrors):
    """Record that the archive could not take the file in (Fehler bei der Übernahme)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFileImport(ConfirmImport):
    """Record that the archive has taken the file in without errors (Übernahmebestätigung)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveFileDestruction(Command):
    """Approve the destruction of the file, as the first of two people (Vernichtung freigeben)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyFile(Command):
    """Destroy the file, as the second of two people (vernichten)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCaseConfidentiality(ChangeConfidentiality):
    """Classify the case otherwise from now on (Vertraulichkeitsstufe ändern)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCaseLegalHold(PlaceLegalHold):
    """Keep the case from destruction on somebody's authority (Sperre setzen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCaseLegalHold(ReleaseLegalHold):
    """Lift one legal hold of the case on somebody's authority (Sperre aufheben)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseRetentionExpiry(Command):
    """Record that the retention of the case has ended (Ende der Aufbewahrung); the calendar does that."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseOfferDue(Command):
    """Record that the offer of the case to the archive is late (Anbietung fällig); the calendar does that."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCase(OfferForDisposal):
    """Offer the case to the archive (Anbietung). `process_id` names the disposal."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseAppraisal(RecordAppraisal):
    """Record what the archive decided on the case (Bewertung); a reason where it deviates from the file plan."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCaseToArchive(SendToArchive):
    """Hand the case to the archive as a package (Abgabe). `size` is in bytes, `sha256` in lower-case hex."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCaseTransferErrors(RecordTransferErrors):
    """Record that the archive could not take the case in (Fehler bei der Übernahme)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCaseImport(ConfirmImport):
    """Record that the archive has taken the case in without errors (Übernahmebestätigung)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveCaseDestruction(Command):
    """Approve the destruction of the case, as the first of two people (Vernichtung freigeben)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id,) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyCase(Command):
    """Destroy the case, as the second of two people (vernichten)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS

    def reads(self, state: Case | None) -> tuple[UUID, ...]:
        return (state.file_id,) if state else ()
