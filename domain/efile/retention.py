"""Until when a closed file or case is kept, and by when the archive has to be offered it."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from domain.efile.rules import records
from domain.efile.state import FilePlanUnit
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Context, Rejected

LATEST_OFFER_YEARS: Final = 30
"""Years after closing by which the archive is offered everything (§ 4, § 10 ArchivG NRW)."""


class Retention(NamedTuple):
    """What the plan unit says of something that is closed on a day, and what follows from it."""

    version: int
    retention_years: int | None
    retention_until: date | None
    offer_due_on: date
    disposal_kind: DisposalKind


def in_force(context: Context, plan_unit_id: UUID) -> Retention:
    """Judged by the version of the plan unit that is in force on the day of closing."""
    unit = context.reads.get(plan_unit_id)
    if not isinstance(unit, FilePlanUnit):
        raise Rejected(records.PLAN_UNIT_UNKNOWN)
    number = unit.version_on(context.day)
    version = unit.versions[number - 1]
    until = retention_until(context.day, version.retention_years)
    return Retention(
        version=number,
        retention_years=version.retention_years,
        retention_until=until,
        offer_due_on=offer_due_on(context.day, until),
        disposal_kind=version.disposal_kind,
    )


def retention_until(zda_on: date, retention_years: int | None) -> date | None:
    """Retention starts at zdA and ends with a calendar year; None: for ever."""
    return None if retention_years is None else _last_day(zda_on.year + retention_years)


def offer_due_on(zda_on: date, retention_until: date | None) -> date:
    """The first day on which an offer is late: a calendar year after the end of retention, or, whichever is earlier,
    thirty years after closing. That one year, and that thirty years end with a calendar year, is this project's own
    rule; that it is thirty is the law's.
    """
    latest = zda_on.year + LATEST_OFFER_YEARS
    last = latest if retention_until is None else min(latest, retention_until.year + 1)
    return date(min(last + 1, date.max.year), 1, 1)


def _last_day(year: int) -> date:
    return date(min(year, date.max.year), 12, 31)
