"""Commands on a case's circulations and resubmissions, and on steps that were taken outside the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.efile.facts import PlannedStep, StepContent
from domain.efile.vocabulary import StepKind, StepOutcome
from domain.kernel import Code, Command, Number, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCirculation(Command):
    """Send the case, or a document of it, on its round (in den Geschäftsgang geben)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    document_id: UUID | None = None
    steps: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteCirculationStep(Command):
    """Do the current step (Schritt erledigen, zeichnen). A signature names the hash of the version it is for."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    no: int
    outcome: StepOutcome
    signed_sha256: Code | None = None
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipCirculationStep(Command):
    """Leave a step out, or overrule an objection to co-sign (Schritt überspringen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    no: int
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCirculationStep(Command):
    """Add a step to the running circulation (weitere Stelle beteiligen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
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
    asked_by: ClassVar[Roles] = CLERKS
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
    asked_by: ClassVar[Roles] = CLERKS
    entry: int
    step: StepContent
    details: Sealed[str] | None = None
    source_digest: Code | None = None
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleResubmission(Command):
    """Have the case laid before a unit again on a day (Wiedervorlage verfügen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    due: date
    addressee: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteResubmission(Command):
    """See to a resubmission (Wiedervorlage erledigen)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    no: int
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResubmission(Command):
    """Cancel a resubmission that is not needed any more (Wiedervorlage aufheben)."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    no: int
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResubmissionOverdue(Command):
    """Record that the day of a resubmission has passed (Wiedervorlage überfällig); the calendar does that."""

    kind: ClassVar[str] = "case"
    asked_by: ClassVar[Roles] = CLERKS
    no: int
