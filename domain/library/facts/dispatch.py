"""What a branch sent away on one day, as far as a list tells that names no items."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from domain.kernel import Claim, Code, Fact, Number, Sealed

DISPATCH: Final = "library.dispatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOpened(Fact):
    """The list of what left one branch on one day, where only kind and destination of each item are known."""

    topic: ClassVar[str] = "library.dispatch_opened.v1"
    kind: ClassVar[str] = "dispatch"
    reference: Number
    day: date
    branch: Number
    authority: Number | None

    def claims(self) -> tuple[Claim, ...]:
        return (Claim(DISPATCH, self.reference),)

    def number(self) -> str | None:
        return self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRecorded(Fact):
    """One item that moved. `transit` counts within the dispatch; `occurrence` tells equal rows apart, from 1 on."""

    topic: ClassVar[str] = "library.transit_recorded.v1"
    kind: ClassVar[str] = "dispatch"
    transit: int
    day: date
    item_type: Code
    from_branch: Number
    from_authority: Number | None
    to_branch: Number
    to_authority: Number | None
    source: Number
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRetracted(Fact):
    """The list no longer names it, or it was recorded by mistake."""

    topic: ClassVar[str] = "library.transit_retracted.v1"
    kind: ClassVar[str] = "dispatch"
    transit: int
    reason: Sealed[str]


DispatchFact = DispatchOpened | TransitRecorded | TransitRetracted
