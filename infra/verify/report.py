"""What verify has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MOST_FAULTS: Final = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was recorded. `position` is None where no single event is at fault; `check` names
    what was checked; `message` says what is wrong and what to do.
    """

    position: int | None
    check: str
    message: str

    def __str__(self) -> str:
        place = "ledger" if self.position is None else f"position {self.position:,}"
        return f"{place}, {self.check}: {self.message}"


@dataclass(slots=True)
class Report:
    """How many rows were read, and the faults found, in order of position; no more than the first hundred are kept."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def first(self) -> Fault | None:
        """The fault to look into: others may only follow from it."""
        return self.faults[0] if self.faults else None

    @property
    def full(self) -> bool:
        """Whether there are so many faults that it makes no sense to look for more."""
        return len(self.faults) >= MOST_FAULTS

    def found(self, position: int | None, check: str, message: str) -> None:
        """Take a fault in."""
        if not self.full:
            self.faults.append(Fault(position, check, message))

    def in_order(self) -> None:
        """Put the faults in order of position, those of no position at the end."""
        self.faults.sort(key=lambda fault: (fault.position is None, fault.position or 0))

    def __str__(self) -> str:
        many = " or more" if self.full else ""
        count = f"{self.rows:,} rows, {len(self.faults):,}{many} fault{'' if len(self.faults) == 1 else 's'}"
        return "\n".join([count, *(str(fault) for fault in self.faults)])
