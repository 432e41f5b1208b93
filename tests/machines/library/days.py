"""What the rules promise of days: who books an earlier one, told from the envelope alone."""

from typing import Final

from domain.kernel import Channel, Recorded, day_of
from domain.library import facts as f

STAFF: Final = (Channel.STAFF, Channel.IMPORT)
BY_CALENDAR: Final = (
    *(f.LoanBecameOverdue, f.ReminderSent, f.LoanAnonymised),
    *(f.HoldExpired, f.HoldAnonymised, f.MembershipFeeRaised),
)


def dated_back(event: Recorded) -> bool:
    """Whether it took effect on an earlier day than it was recorded."""
    return event.effective.day < day_of(event.recorded_at)


def check_day(event: Recorded) -> None:
    """Staff and imports name an earlier day; the calendar names the one on which something fell due."""
    channel = event.envelope.channel
    by_calendar = channel is Channel.SYSTEM and isinstance(event.fact, BY_CALENDAR)
    assert not dated_back(event) or by_calendar or channel in STAFF, "dated back by no staff"
