"""What can be asked for with a resolution (Beschluss): its tracking (Beschlusskontrolle)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.vocabulary import Progress
from domain.kernel import Command, Sealed
from domain.rights import CLERKS, Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignImplementation(Command):
    """Umsetzung zuweisen. A due date that is known moves to an earlier day only; a report moves it to a later one."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    unit: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportImplementation(Command):
    """Sachstand melden. A delay, or a later `due`, needs its reason; `due` is the new date where there is one."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    progress: Progress
    due: date | None = None
    note: Sealed[str] | None = None
    delay_reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteImplementation(Command):
    """Umsetzung abschließen."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    note: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFinalReport(Command):
    """Erledigung berichten: the finished resolution is reported in a meeting of its body, for the last time."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    meeting: UUID

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.meeting,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOverdueImplementation(Command):
    """Überfällige Umsetzung feststellen, as soon as the day for it has passed. Sent by the calendar."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToResolution(Command):
    """Beschluss beanstanden: the mayor objects to what breaks the law, and the resolution is suspended."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    legal_ground: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideObjection(Command):
    """Erneut beschließen: an item that `decides_again` stays with the resolution if adopted, repeals it if rejected."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    meeting: UUID
    item: UUID

    def reads(self, state: object) -> tuple[UUID, ...]:
        return (self.meeting,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSupervisoryDecision(Command):
    """Entscheidung der Aufsichtsbehörde festhalten, on a resolution that the body has upheld."""

    kind: ClassVar[str] = "resolution"
    asked_by: ClassVar[Roles] = CLERKS
    stands: bool
    note: Sealed[str]
