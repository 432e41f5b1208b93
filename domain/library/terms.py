"""The lending terms (Leihfristen): how long, how often renewed, when reminded. The version goes into the fact.

The figures are this project's own. A new version is added below and never replaces one: facts keep what they were
decided by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from domain.library.vocabulary import MediaType


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a loan, days that each renewal adds, and how many renewals there are at most."""

    days: int
    renewal_days: int
    renewals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on.

    `reminder_days` are the days after the due date on which reminder 1, 2 … is sent; one that is sent late moves those
    that follow, so that there is as much time to answer as the terms have between two. `recall_days` is the time left
    to bring back what is recalled; `keep_days` how long a settled loan still tells who had the item, and a hold that
    ended in vain who waited.
    """

    version: str
    valid_from: date
    default: Period
    exceptions: Mapping[MediaType, Period] = field(default_factory=dict)
    pickup_days: int
    recall_days: int
    reminder_days: tuple[int, ...]
    keep_days: int

    def reminder_on(self, since: date, sent: int) -> date | None:
        """The day of the next reminder of a loan, when so many were sent; None after the last.

        `since` is the day on which the last one was sent; the first is counted from the due date.
        """
        if sent >= len(self.reminder_days):
            return None
        before = self.reminder_days[sent - 1] if sent else 0
        return since + timedelta(days=self.reminder_days[sent] - before)

    def period(self, media_type: MediaType) -> Period:
        """The loan period of a kind of medium."""
        return self.exceptions.get(media_type, self.default)


TERMS: Final = (
    Terms(
        version="2000-01",
        valid_from=date(2000, 1, 1),
        default=Period(28, 28, 2),
        pickup_days=7,
        recall_days=7,
        reminder_days=(7, 28),
        keep_days=28,
    ),
    Terms(
        version="2024-01",
        valid_from=date(2024, 1, 1),
        default=Period(28, 28, 3),
        exceptions={
            MediaType.MAGAZINE: Period(14, 14, 1),
            MediaType.FILM: Period(14, 14, 1),
            MediaType.GAME: Period(14, 14, 1),
            MediaType.THING: Period(14, 14, 0),
        },
        pickup_days=10,
        recall_days=7,
        reminder_days=(3, 14, 28),
        keep_days=28,
    ),
)


def terms_on(day: date) -> Terms:
    """The terms in force on a day; before the first version, the first."""
    in_force = [terms for terms in TERMS if terms.valid_from <= day]
    return in_force[-1] if in_force else TERMS[0]
