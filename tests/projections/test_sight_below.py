"""What is listed below a record that the viewer sees: checked once for the record where the same decides."""

import pytest

from domain.rights import Role
from projections import query
from projections.families import PROJECTIONS
from projections.model import Projection, find
from projections.rights import Viewer

RECORDS, EVENTS, FILES, CASES = (find(PROJECTIONS, name) for name in ("record", "event", "file", "case_record"))
CLERK = Viewer(Role.CLERK, "61.2")


def conditions(listed: Projection, above: Projection, viewer: Viewer) -> tuple[str, str]:
    """What is asked of the row above, and of those below it."""
    asked = query.branches(listed, ["record_id"], "record_id", ["a"], first=1, viewer=viewer, above=above)
    before, _, after = asked.statement.sql.partition(") b(parent, place)")
    assert after
    return before, after


def test_the_events_of_a_record_are_seen_by_whoever_sees_the_record() -> None:
    above, below = conditions(EVENTS, RECORDS, CLERK)
    assert "confidentiality" in above
    assert "confidentiality" not in below
    assert "$" not in below.replace("limit", "")


@pytest.mark.parametrize("register", [FILES, CASES])
def test_rows_that_decide_by_their_own_columns_are_checked_each(register: Projection) -> None:
    for above in (RECORDS, register):
        _, below = conditions(register, above, CLERK)
        assert "confidentiality" in below


def test_whoever_sees_everything_is_asked_nothing() -> None:
    assert "exists" not in "".join(conditions(EVENTS, RECORDS, Viewer(Role.AUDITOR, "14")))


def test_a_role_that_sees_nothing_above_sees_nothing_below() -> None:
    above, _ = conditions(EVENTS, RECORDS, Viewer(Role.ADMIN, "10"))
    assert "false" in above
