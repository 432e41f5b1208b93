"""What an export is asked with and answers, and why it may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from infra.projector.storable import Digits


class Kind(StrEnum):
    """What an export can be."""

    PARQUET = "parquet"
    CSV = "csv"
    OCEL = "ocel"
    XES = "xes"
    GDPDU = "gdpdu"


class Period(NamedTuple):
    """The days that are audited, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


DIGITS: Final = Digits(32, 6)
"""Of amounts and rates: Parquet has 38 digits, and nothing is rounded."""
ALWAYS: Final = Period(date.min, date.max)


class StandsStill(NamedTuple):
    """A row that is as it was before an event, which its fold could not take."""

    key: str
    position: int
    topic: str
    error: str


class Entry(NamedTuple):
    """The trace of an export in clear: its number in read.clear_export, and its leaf in hex."""

    number: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: `counts` by what is counted; `still` by read model the rows that stand still.

    `clear` is the entry that says who took sealed texts away with it, None where they stayed behind; `erased` counts
    those whose key was destroyed.
    """

    log: str
    kind: Kind
    position: int
    counts: dict[str, int]
    still: dict[str, list[StandsStill]]
    clear: Entry | None = None
    erased: int = 0


class BadDestination(Exception):
    """Nothing can be written there, or nothing should be."""


class NotYet(Exception):
    """A position that the ledger has not reached."""


class NotAllowed(Exception):
    """Sealed texts may not leave in this way."""
