"""What can be asked for with a paper (Vorlage), its consultations (Beratungsfolge) and its files."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.state import PaperState
from domain.council.vocabulary import ConsultationRole, FileRole, PaperField, PaperType
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPaper(Command):
    """Vorlage anlegen. `reference` is the Drucksachennummer."""

    kind: ClassVar[str] = "paper"
    creates: ClassVar[bool] = True
    asked_by: ClassVar[Roles] = CLERKS
    reference: str
    title: Sealed[str]
    paper_type: PaperType
    lead_unit: str
    public: bool = False
    dated: date | None = None
    originator: UUID | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.originator,) if self.originator else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoSignPaper(Command):
    """Vorlage mitzeichnen, for the unit one belongs to, by somebody who neither drafted nor changed the paper."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePaper(Command):
    """Vorlage freigeben."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPaper(Command):
    """Vorlage ändern: what is given becomes the new value."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    title: Sealed[str] | None = None
    paper_type: PaperType | None = None
    lead_unit: str | None = None
    public: bool | None = None
    reason: Sealed[str]

    def reads(self, state: object) -> tuple[UUID, ...]:
        return state.on_agendas if self.public is False and isinstance(state, PaperState) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPaper(Command):
    """Vorlage zurückziehen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConsultation(Command):
    """Beratung vorsehen. The consultation's id is uuid5 of the paper and its version.

    Bodies decide in `order`; without one it comes after those that are planned.
    """

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    body: UUID
    role: ConsultationRole
    authoritative: bool = False
    order: int | None = None

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.body,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelConsultation(Command):
    """Beratung streichen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    consultation: UUID
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPaperFile(Command):
    """Datei beifügen. The file's id is uuid5 of the paper and its version; `sha512` and `size` are of its bytes."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    role: FileRole
    name: Sealed[str]
    file_name: Sealed[str]
    mime_type: str
    size: int
    sha512: str
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePaperFile(Command):
    """Datei entfernen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    file: UUID
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPaper(Command):
    """Vorlage veröffentlichen."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class DepublishPaper(Command):
    """Vorlage depublizieren: a tombstone stays."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPaper(Command):
    """Vorlage berichtigen. The title is given as `new_sealed`, any other field as `new`."""

    kind: ClassVar[str] = "paper"
    asked_by: ClassVar[Roles] = CLERKS
    field: PaperField
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
