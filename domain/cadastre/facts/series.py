"""What happens to a series of numbers: it is opened, and its numbers are taken one after the other."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from domain.cadastre.vocabulary import NumberUse, SeriesKind
from domain.kernel import Claim, Code, Fact, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFact(Fact):
    """A fact of the stream of one series."""

    kind: ClassVar[str] = "series"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOpened(SeriesFact):
    """Nummernkreis eröffnet: for one use, one year, under one prefix. `first` is the first number it gives.

    Version 1 did not say on which day, and kept its prefix and year from series of its own kind only.
    """

    topic: ClassVar[str] = "cadastre.series_opened.v2"
    series_kind: SeriesKind
    year: int
    prefix: Code
    first: int
    opened_on: date | None

    def claims(self) -> tuple[Claim, ...]:
        kinds = (self.series_kind,) if self.opened_on is None else tuple(SeriesKind)
        return tuple(Claim("cadastre.series", f"{kind}:{self.number()}") for kind in kinds)

    def number(self) -> str:
        return f"{self.prefix}-{self.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTaken(SeriesFact):
    """Nummer vergeben: `text` is what stands on the paper. It is recorded together with the fact it was taken for, or,
    where a notice that was imported bears it, when the series reaches it.
    """

    topic: ClassVar[str] = "cadastre.number_taken.v1"
    number_in_series: int
    text: Number
    use: NumberUse
    order_id: UUID
    taken_on: date
