"""What the facts of papers, meetings and bodies have in common, and the claims they make."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from domain.council.parts import FileData, Source
from domain.kernel import Claim, Code, Fact, PublicText, Sealed

BODY_CODE: Final = "council.body_code"
PAPER_REFERENCE: Final = "council.paper_reference"
MEETING_NUMBER: Final = "council.meeting_number"
MEETING_SLOT: Final = "council.meeting_slot"
RESOLUTION_NUMBER: Final = "council.resolution_number"
SOURCE_ID: Final = "council.source_id"


def source_claims(source: Source | None) -> tuple[Claim, ...]:
    return (Claim(SOURCE_ID, source.source_id),) if source else ()


def slot(body: UUID, start: datetime) -> Claim:
    """A body meets once at a time."""
    return Claim(MEETING_SLOT, f"{body} {start.astimezone(UTC):%Y-%m-%dT%H:%MZ}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAttached(Fact):
    file: UUID
    data: FileData
    name: Sealed[str] | None = None
    file_name: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanged(Fact):
    file: UUID
    changed: tuple[Code, ...]
    data: FileData
    name: Sealed[str] | None = None
    file_name: Sealed[str] | None = None
    further: Sealed[str] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRemoved(Fact):
    file: UUID
    reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depublished(Fact):
    """A tombstone stays. `at_source` tells that the source deleted its object."""

    at_source: bool = False
    reason: Sealed[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Fact):
    """For a sealed field `new_sealed` and the position of the corrected text stand in for `new` and `old`."""

    old: PublicText | None = None
    new: PublicText | None = None
    corrected_position: int | None = None
    new_sealed: Sealed[str] | None = None
    reason: Sealed[str]
