"""What the rules promise of days: who books an earlier one, told from the envelope alone."""

from typing import Final

from domain.kernel import Channel, Recorded, day_of

STAFF: Final = (Channel.STAFF, Channel.IMPORT)


def dated_back(event: Recorded) -> bool:
    """Whether it took effect on an earlier day than it was recorded."""
    return event.effective.day < day_of(event.recorded_at)


def check_day(event: Recorded) -> None:
    """Staff and imports name an earlier day; the calendar names the one on which something fell due."""
    assert not dated_back(event) or event.envelope.channel in (*STAFF, Channel.SYSTEM), "dated back by no staff"
