"""The facts of a case's resubmissions (Wiedervorlagen)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.efile.facts.dated import Dated
from domain.kernel import Code, Fact, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmissionScheduled(Dated):
    """The case is to be laid before a unit again on the day `due`. `no` counts the resubmissions of the case."""

    topic: ClassVar[str] = "efile.resubmission_scheduled.v1"
    kind: ClassVar[str] = "case"
    no: int
    due: date
    addressee: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmissionBecameOverdue(Fact):
    """Its day has passed and nobody has seen to it; recorded by the calendar."""

    topic: ClassVar[str] = "efile.resubmission_became_overdue.v1"
    kind: ClassVar[str] = "case"
    no: int
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmissionDone(Dated):
    """It was seen to, before or after its day."""

    topic: ClassVar[str] = "efile.resubmission_done.v1"
    kind: ClassVar[str] = "case"
    no: int
    note: Sealed[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmissionCancelled(Dated):
    """It is not needed any more."""

    topic: ClassVar[str] = "efile.resubmission_cancelled.v1"
    kind: ClassVar[str] = "case"
    no: int
    reason: Sealed[str]
