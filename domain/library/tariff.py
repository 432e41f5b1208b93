"""The charge table (Entgeltordnung): what is owed, of which day on. Its version goes into the fact.

Version 2024-01 has the figures of the Düsseldorf libraries' FAQ (undated): 1.50 EUR for each item and started week, 20
EUR a year, nothing a year under 21. Version 2000-01 is this project's own, so that there are two. Both are charges
under private law (Entgelt). A new version is added below and never replaces one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.kernel import Money
from domain.library.vocabulary import AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeTable:
    """The charges in force from a day on: late return by item and started week, and membership by year."""

    version: str
    valid_from: date
    started_week: Money
    year: Money
    free: frozenset[AgeBand]

    def overdue(self, days: int) -> Money:
        """What is owed for an item that came back so many days late."""
        return self.started_week * weeks(days)


def weeks(days: int) -> int:
    """Started weeks: 1 for the days 1 to 7."""
    return -(-max(0, days) // 7)


YOUNG: Final = frozenset((AgeBand.UNDER_16, AgeBand.FROM_16_TO_20))
TABLES: Final = (
    ChargeTable(
        version="2000-01",
        valid_from=date(2000, 1, 1),
        started_week=Money(Decimal("1.00")),
        year=Money(Decimal("15.00")),
        free=YOUNG,
    ),
    ChargeTable(
        version="2024-01",
        valid_from=date(2024, 1, 1),
        started_week=Money(Decimal("1.50")),
        year=Money(Decimal("20.00")),
        free=YOUNG,
    ),
)


def table_on(day: date) -> ChargeTable:
    """The charges in force on a day; before the first version, the first."""
    in_force = [table for table in TABLES if table.valid_from <= day]
    return in_force[-1] if in_force else TABLES[0]
