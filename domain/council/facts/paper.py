"""What happens to a paper (Vorlage), its consultations (Beratungsfolge) and its files."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.council.facts.common import (
    PAPER_REFERENCE,
    Corrected,
    Depublished,
    FileAttached,
    FileChanged,
    FileRemoved,
    source_claims,
)
from domain.council.parts import ConsultationData, PaperData, Source
from domain.council.vocabulary import Outcome, PaperField
from domain.kernel import Claim, Code, Fact, Number, Sealed, Supervised, Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDrafted(Fact):
    """A paper (Vorlage) came to be. Who drafted it, and in whose place, is unknown for one that was imported.

    Versions 1 and 2 did not tell the day, `drafted_on`.
    """

    topic: ClassVar[str] = "council.paper_drafted.v3"
    kind: ClassVar[str] = "paper"
    reference: Number | None
    data: PaperData
    title: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None
    drafted_by: UUID | None = None
    deputising_for: UUID | None = None
    drafted_on: date | None = None

    def claims(self) -> tuple[Claim, ...]:
        reference = (Claim(PAPER_REFERENCE, self.reference),) if self.reference else ()
        return reference + source_claims(self.source)

    def number(self) -> str | None:
        return self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCoSigned(Fact):
    """A unit that is concerned agreed (Mitzeichnung), by none of the `drafters`. A change voids it.

    `drafters` are who drafted the paper or changed it, and in whose place; empty where that is unknown. `signatory` is
    who signed for the unit, `deputising_for` in whose place, `signed_on` when; version 1 said none of these.
    """

    topic: ClassVar[str] = "council.paper_co_signed.v2"
    kind: ClassVar[str] = "paper"
    unit: Code
    drafters: tuple[UUID, ...] = ()
    signatory: UUID | None = None
    deputising_for: UUID | None = None
    signed_on: date | None = None

    def supervised(self) -> Supervised | None:
        if not self.drafters:
            return None
        return Supervised(by=Supervision.FOUR_EYES, rules=("council.own_paper",), others=self.drafters)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReleased(Fact):
    """`released_on` is unknown for a paper that was imported."""

    topic: ClassVar[str] = "council.paper_released.v1"
    kind: ClassVar[str] = "paper"
    released_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAmended(Fact):
    """A paper has other contents; `changed` names the fields with a new value.

    `changed_by` are who changed it and in whose place, and `changed_on` when, as in every change; empty where that is
    unknown. `voids` are the units that had co-signed other contents; version 1 did not name them, and voided all.
    """

    topic: ClassVar[str] = "council.paper_amended.v2"
    kind: ClassVar[str] = "paper"
    changed: tuple[Code, ...]
    data: PaperData
    title: Sealed[str] | None = None
    location: Sealed[str] | None = None
    further: Sealed[str] | None = None
    reason: Sealed[str] | None = None
    source: Source | None = None
    changed_by: tuple[UUID, ...] = ()
    changed_on: date | None = None
    voids: tuple[Code, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWithdrawn(Fact):
    """The paper is consulted on no more: its originator took it back."""

    topic: ClassVar[str] = "council.paper_withdrawn.v1"
    kind: ClassVar[str] = "paper"
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationPlanned(Fact):
    """A body is to consult on the paper (Beratung): in which role, and whether its decision settles it.

    Bodies of a lower `order` consult before; those of one order side by side. A source gives none. Plans count from
    1; a body that refers the paper has the other one before it, at 0 where it was the first itself.
    """

    topic: ClassVar[str] = "council.consultation_planned.v2"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    data: ConsultationData
    further: Sealed[str] | None = None
    source: Source | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationChanged(Fact):
    """What is planned of a consultation is now otherwise; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.consultation_changed.v1"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    changed: tuple[Code, ...]
    data: ConsultationData
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationCancelled(Fact):
    """A consultation that was planned is not to be."""

    topic: ClassVar[str] = "council.consultation_cancelled.v1"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationScheduled(Fact):
    """The paper stands on a meeting's agenda."""

    topic: ClassVar[str] = "council.consultation_scheduled.v1"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    meeting: UUID
    item: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationUnscheduled(Fact):
    """The paper is off the agenda again: its item was removed or the meeting cancelled."""

    topic: ClassVar[str] = "council.consultation_unscheduled.v1"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    meeting: UUID
    item: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDecided(Fact):
    """What a body made of the paper; only an authoritative consultation settles it.

    `pending` tells that the body has yet to finish: it postponed the paper, or referred it to another body first.
    `decided_on` is the day of its meeting, which versions 1 and 2 did not tell.
    """

    topic: ClassVar[str] = "council.paper_decided.v3"
    kind: ClassVar[str] = "paper"
    consultation: UUID
    meeting: UUID
    item: UUID
    outcome: Outcome
    authoritative: bool
    resolution: UUID | None = None
    pending: bool = False
    decided_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFileAttached(FileAttached):
    """A file was added to the paper."""

    topic: ClassVar[str] = "council.paper_file_attached.v2"
    kind: ClassVar[str] = "paper"
    changed_by: tuple[UUID, ...] = ()
    changed_on: date | None = None
    voids: tuple[Code, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFileChanged(FileChanged):
    """A file of the paper is now otherwise; `changed` names the fields with a new value."""

    topic: ClassVar[str] = "council.paper_file_changed.v1"
    kind: ClassVar[str] = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFileRemoved(FileRemoved):
    """A file no longer belongs to the paper."""

    topic: ClassVar[str] = "council.paper_file_removed.v2"
    kind: ClassVar[str] = "paper"
    changed_by: tuple[UUID, ...] = ()
    changed_on: date | None = None
    voids: tuple[Code, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPublished(Fact):
    """The paper stands in the public information system."""

    topic: ClassVar[str] = "council.paper_published.v1"
    kind: ClassVar[str] = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDepublished(Depublished):
    """The paper no longer stands in the public information system; a tombstone stays."""

    topic: ClassVar[str] = "council.paper_depublished.v1"
    kind: ClassVar[str] = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCorrected(Corrected):
    """What was recorded of the paper was put right; both values stay in the history."""

    topic: ClassVar[str] = "council.paper_corrected.v2"
    kind: ClassVar[str] = "paper"
    field: PaperField
    changed_by: tuple[UUID, ...] = ()
    changed_on: date | None = None
    voids: tuple[Code, ...] | None = ()


PaperFact = (
    PaperDrafted
    | PaperCoSigned
    | PaperReleased
    | PaperAmended
    | PaperWithdrawn
    | ConsultationPlanned
    | ConsultationChanged
    | ConsultationCancelled
    | ConsultationScheduled
    | ConsultationUnscheduled
    | PaperDecided
    | PaperFileAttached
    | PaperFileChanged
    | PaperFileRemoved
    | PaperPublished
    | PaperDepublished
    | PaperCorrected
)
