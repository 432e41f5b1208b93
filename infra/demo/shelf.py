"""What the generated city's library remembers of its readers and copies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from domain.kernel import BERLIN
from domain.library.vocabulary import AgeBand, MediaType


@dataclass(slots=True)
class Reader:
    """A reader as the generator remembers them: `version` counts events, `overdue` items that are long overdue."""

    record: UUID
    name: str
    branch: str
    band: AgeBand
    version: int = 1
    overdue: int = 0


@dataclass(slots=True)
class Copy:
    """An item as the generator remembers it. `version` counts its events: ids of loans and charges follow from it."""

    record: UUID
    barcode: str
    media_type: MediaType
    home: str
    branch: str
    version: int = 1


def night(day: date) -> datetime:
    """When the scheduler runs for a day."""
    return datetime.combine(day, time(3), BERLIN).astimezone(UTC)
