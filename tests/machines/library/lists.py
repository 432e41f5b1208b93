"""What the rules promise of dispatch lists."""

from collections.abc import Sequence

from domain.kernel import Recorded
from domain.library import facts as f
from tests.machines.library.days import check_day


def check_dispatch(events: Sequence[Recorded]) -> None:
    """Rows are numbered without gaps, stand on the list once at a time, and go somewhere else."""
    rows: dict[int, tuple[object, ...]] = {}
    count = 0
    for event in events:
        check_day(event)
        match event.fact:
            case f.TransitRecorded() as row:
                count += 1
                assert row.transit == count, "a row is missing, or numbered twice"
                said = (row.item_type, row.to_branch, row.to_authority, row.source, row.occurrence)
                assert said not in rows.values(), "a row stands on the list twice"
                assert (row.to_branch, row.to_authority) != (row.from_branch, row.from_authority)
                rows[row.transit] = said
            case f.TransitRetracted() as gone:
                del rows[gone.transit]
