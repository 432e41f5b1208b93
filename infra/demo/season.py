"""When the generated city is at work: closed days, and months that are busy or slack."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

OFFICES: Final = (1.05, 1.0, 1.05, 1.0, 1.0, 1.0, 0.75, 0.7, 1.05, 1.05, 1.15, 1.2)
"""January to December: the summer holidays, and what has to be done before the year ends."""

# Issues of a library network by month in 2019 and 2020: children read in summer, few come in December.
LIBRARY: Final = (0.94, 0.98, 1.0, 1.0, 1.0, 1.0, 1.16, 1.29, 0.95, 1.01, 0.94, 0.72)

MONTHS: Final = {"library": LIBRARY}


def weight(family: str, day: date) -> float:
    """How busy a family is on a day: 1 is usual."""
    return MONTHS.get(family, OFFICES)[day.month - 1]


class Course:
    """How a family's work spreads over the days from `begin` to `end`."""

    def __init__(self, family: str, begin: date, end: date) -> None:
        days = range((end - begin).days)
        self._begin = begin
        self._sums = (0.0, *accumulate(weight(family, begin + timedelta(days=day)) for day in days))

    def until(self, day: date) -> float:
        """How much of the work is usually done before a day, in usual days."""
        return self._sums[min(max((day - self._begin).days, 0), len(self._sums) - 1)]


@cache
def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    month, day = divmod(d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114, 31)
    return date(year, month, day + 1)


@cache
def closed_days(year: int) -> frozenset[date]:
    """Public holidays of Nordrhein-Westfalen (Feiertagsgesetz NW), Christmas Eve and New Year's Eve."""
    moving = (-2, 1, 39, 50, 60)  # Karfreitag, Ostermontag, Christi Himmelfahrt, Pfingstmontag, Fronleichnam
    fixed = ((1, 1), (5, 1), (10, 3), (11, 1), (12, 24), (12, 25), (12, 26), (12, 31))
    return frozenset(
        [easter(year) + timedelta(days=days) for days in moving] + [date(year, month, day) for month, day in fixed]
    )


def is_closed(day: date) -> bool:
    """Whether nobody works on a day, whatever day of the week it is."""
    return day in closed_days(day.year)
