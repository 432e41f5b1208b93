"""Commands on the file plan and on files."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.state import File
from domain.efile.vocabulary import Confidentiality, DisposalKind, FileField, Medium
from domain.kernel import Code, Command, Number, PublicText, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineFilePlanUnit(Command):
    """Add a unit to the file plan (Aktenplaneinheit anlegen). Without `retention_years`: kept for ever."""

    kind: ClassVar[str] = "file_plan_unit"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    code: Code
    title: PublicText
    retention_years: int | None
    disposal_kind: DisposalKind
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseFilePlanUnit(Command):
    """Change what a unit of the file plan says from a day on (Aktenplaneinheit fortschreiben).

    What is closed from that day on is kept as the new version says; without `retention_years`: for ever.
    """

    kind: ClassVar[str] = "file_plan_unit"
    asked_by: ClassVar[Roles] = CLERKS
    valid_from: date
    title: PublicText
    retention_years: int | None
    disposal_kind: DisposalKind
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFilePlanUnit(Command):
    """Open nothing under the unit after a day (Aktenplaneinheit beenden)."""

    kind: ClassVar[str] = "file_plan_unit"
    asked_by: ClassVar[Roles] = CLERKS
    valid_to: date
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile(Command):
    """Open a file under a unit of the file plan (Akte anlegen)."""

    kind: ClassVar[str] = "file"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
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
    asked_by: ClassVar[Roles] = CLERKS
    new_lead_unit: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFile(Command):
    """Close the file after its last case (Akte zdA verfügen)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]

    def reads(self, state: File | None) -> tuple[UUID, ...]:
        return (state.plan_unit_id,) if state else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenFile(Command):
    """Open a closed file again on somebody's authority (Akte wieder in Bearbeitung nehmen)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFile(Command):
    """Correct what was recorded wrongly of a file (Metadaten der Akte berichtigen)."""

    kind: ClassVar[str] = "file"
    asked_by: ClassVar[Roles] = CLERKS
    field: FileField
    new: PublicText | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
