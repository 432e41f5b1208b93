"""What falls due in the library by the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from domain.kernel import Command, Message
from domain.library import commands as c
from domain.library.vocabulary import HoldStatus
from projections.duties import Duty
from projections.library import holds
from projections.query import Op, Where


def _not_picked_up(day: date) -> tuple[Where, ...]:
    return (Where("status", Op.EQ, HoldStatus.READY), Where("pickup_until", Op.LT, day))


def _after_the_last_day(row: holds.HoldRow) -> date:
    if row.pickup_until is None:
        raise ValueError("a hold that is not set aside has no last day")
    return row.pickup_until + timedelta(days=1)


def _expire(row: holds.HoldRow) -> tuple[UUID, Command]:
    return row.record_id, c.ExpireHold()


HOLD_EXPIRED: Final = Duty(
    name="library.hold_expired",
    comment=Message(
        "What nobody came for is kept no longer: the hold is over, the next reader's turn comes.",
        "Was niemand abgeholt hat, bleibt nicht liegen: Die Vormerkung ist verfallen, die nächste Person ist dran.",
    ),
    source=holds.PROJECTION,
    due=_not_picked_up,
    since=_after_the_last_day,
    command=_expire,
)

DUTIES: tuple[Duty, ...] = (HOLD_EXPIRED,)
