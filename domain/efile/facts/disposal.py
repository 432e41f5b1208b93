"""The facts from the end of retention to destruction (Aussonderung): each shape once, for files and for cases."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.facts.dated import Dated
from domain.efile.vocabulary import Appraisal, DisposalKind
from domain.kernel import Code, Number, Sealed, Supervised, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalStep(Dated):
    """What can happen to a file or case once it is closed, on its way to the archive or to destruction. Version 1 of
    these facts did not say the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionExpired(DisposalStep):
    retention_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferBecameDue(DisposalStep):
    offer_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalOffered(DisposalStep):
    process_id: Number
    archive: Code

    def found_by(self) -> tuple[str | None, ...]:
        return (self.process_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalReceived(DisposalStep):
    process_id: Number
    decision: Appraisal
    disposal_kind: DisposalKind
    reason: Sealed[str] | None

    def supervised(self) -> Supervised | None:
        if self.disposal_kind.value in (DisposalKind.APPRAISE.value, self.decision.value):
            return None
        return Supervised(by=Supervision.OVERRIDE, rules=("efile.appraisal_deviates",), reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSent(DisposalStep):
    process_id: Number
    sha256: Code
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFailed(DisposalStep):
    process_id: Number
    errors: int
    report: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportConfirmed(DisposalStep):
    process_id: Number
    archive_id: Number

    def found_by(self) -> tuple[str | None, ...]:
        return (self.archive_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionApproved(DisposalStep):
    process_id: Number
    approver: UUID
    deputising_for: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed(DisposalStep):
    process_id: Number
    approvers: tuple[UUID, ...]
    approved_for: UUID | None = None
    """In whose place the first of the two approved."""

    def supervised(self) -> Supervised | None:
        others = (*self.approvers[:1], *((self.approved_for,) if self.approved_for else ()))
        return Supervised(by=Supervision.FOUR_EYES, rules=("efile.two_people_destroy",), others=others)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRetentionExpired(RetentionExpired):
    """The years for which the file had to be kept are over; recorded by the calendar."""

    topic: ClassVar[str] = "efile.file_retention_expired.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRetentionExpired(RetentionExpired):
    """The years for which the case had to be kept are over; recorded by the calendar."""

    topic: ClassVar[str] = "efile.case_retention_expired.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfferBecameDue(OfferBecameDue):
    """The last day to offer the file to the archive has passed without an offer; recorded by the calendar."""

    topic: ClassVar[str] = "efile.file_offer_became_due.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfferBecameDue(OfferBecameDue):
    """The last day to offer the case to the archive has passed without an offer; recorded by the calendar."""

    topic: ClassVar[str] = "efile.case_offer_became_due.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDisposalOffered(DisposalOffered):
    """The archive was offered the file; `process_id` names the disposal, which may be of many files and cases."""

    topic: ClassVar[str] = "efile.file_disposal_offered.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDisposalOffered(DisposalOffered):
    """The archive was offered the case; `process_id` names the disposal, which may be of many files and cases."""

    topic: ClassVar[str] = "efile.case_disposal_offered.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAppraisalReceived(AppraisalReceived):
    """The archive's decision, beside the disposal kind that the file plan had for the file."""

    topic: ClassVar[str] = "efile.file_appraisal_received.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAppraisalReceived(AppraisalReceived):
    """The archive's decision, beside the disposal kind that the file plan had for the case."""

    topic: ClassVar[str] = "efile.case_appraisal_received.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTransferSent(TransferSent):
    """The file was handed to the archive as a package of `size` bytes with this SHA-256."""

    topic: ClassVar[str] = "efile.file_transfer_sent.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferSent(TransferSent):
    """The case was handed to the archive as a package of `size` bytes with this SHA-256."""

    topic: ClassVar[str] = "efile.case_transfer_sent.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTransferFailed(TransferFailed):
    """The archive could not take the package in: `errors` is how many faults it reports. It has to be sent again."""

    topic: ClassVar[str] = "efile.file_transfer_failed.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferFailed(TransferFailed):
    """The archive could not take the package in: `errors` is how many faults it reports. It has to be sent again."""

    topic: ClassVar[str] = "efile.case_transfer_failed.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImportConfirmed(ImportConfirmed):
    """The archive has taken the file in without errors, under its own number `archive_id`."""

    topic: ClassVar[str] = "efile.file_import_confirmed.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseImportConfirmed(ImportConfirmed):
    """The archive has taken the case in without errors, under its own number `archive_id`."""

    topic: ClassVar[str] = "efile.case_import_confirmed.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDestructionApproved(DestructionApproved):
    """The first of the two people who destroy the file, and in whose place they acted."""

    topic: ClassVar[str] = "efile.file_destruction_approved.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDestructionApproved(DestructionApproved):
    """The first of the two people who destroy the case, and in whose place they acted.

    `file_holds` is how many legal holds the case's file had had by then: one more makes the approval void. Version 1
    said neither that, so that such an approval is void if the file was ever held, nor the day.
    """

    topic: ClassVar[str] = "efile.case_destruction_approved.v2"
    kind: ClassVar[str] = "case"
    file_holds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDestroyed(Destroyed):
    """The file is no more; `approvers` are the two people, in the order in which they decided."""

    topic: ClassVar[str] = "efile.file_destroyed.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDestroyed(Destroyed):
    """The case is no more; `approvers` are the two people, in the order in which they decided."""

    topic: ClassVar[str] = "efile.case_destroyed.v2"
    kind: ClassVar[str] = "case"
