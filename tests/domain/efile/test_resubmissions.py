"""Resubmissions: scheduled for a day, seen to or cancelled, overdue when the day has passed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.efile.commands import (
    CancelResubmission,
    CloseCase,
    CompleteResubmission,
    RecordResubmissionOverdue,
    ScheduleResubmission,
)
from domain.efile.facts import (
    ResubmissionBecameOverdue,
    ResubmissionCancelled,
    ResubmissionDone,
    ResubmissionScheduled,
)
from domain.efile.vocabulary import ResubmissionStatus
from domain.kernel import Sealed
from tests.domain.efile.examples import CASE_CLOSED, CASES, REASON
from tests.scenario import TODAY

BLANK: Sealed[str] = Sealed(" ")
DUE = date(2026, 4, 1)
SCHEDULED = ResubmissionScheduled(no=1, due=DUE, addressee="61/2", reason=REASON, day=TODAY)
OVERDUE = ResubmissionBecameOverdue(no=1, due=DUE)
DONE = ResubmissionDone(no=1, note=None, day=TODAY)
IN_MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def schedule(**changes: Any) -> ScheduleResubmission:
    fields: dict[str, Any] = {"due": DUE, "addressee": "61/2", "reason": REASON}
    return ScheduleResubmission(**(fields | changes))


@pytest.mark.allows("efile.case_closed", "efile.reason_missing")
def test_a_case_is_laid_before_a_unit_again() -> None:
    after = CASES.open().when(schedule()).then(SCHEDULED)
    assert [each.status for each in after.state.resubmissions] == [ResubmissionStatus.SCHEDULED]
    again = after.when(schedule(due=date(2026, 5, 1)))
    again.then(ResubmissionScheduled(no=2, due=date(2026, 5, 1), addressee="61/2", reason=REASON, day=TODAY))


@pytest.mark.allows("efile.resubmission_in_past")
def test_a_resubmission_is_not_for_a_day_that_is_over() -> None:
    CASES.open().when(schedule(due=date(2026, 3, 1))).refused("efile.resubmission_in_past")
    CASES.open().when(schedule(due=date(2026, 3, 2))).so()


def test_a_resubmission_is_described_properly() -> None:
    CASES.open().when(schedule(addressee="")).invalid("addressee")
    CASES.open().when(schedule(reason=BLANK)).refused("efile.reason_missing")


@pytest.mark.allows("efile.no_resubmission", "efile.resubmission_unknown", "efile.resubmission_settled")
def test_a_resubmission_is_seen_to_once() -> None:
    complete = CompleteResubmission(no=1, note=Sealed("erinnert"))
    after = CASES.open(SCHEDULED).when(complete).then(ResubmissionDone(no=1, note=Sealed("erinnert"), day=TODAY))
    assert after.state.resubmissions[0].status is ResubmissionStatus.DONE
    after.when(complete).refused("efile.no_resubmission")
    after.when(schedule()).so().when(complete).refused("efile.resubmission_settled")
    CASES.open(SCHEDULED).when(CompleteResubmission(no=1, note=BLANK)).invalid("note")


def test_only_a_resubmission_that_was_scheduled_is_seen_to() -> None:
    CASES.open().when(CompleteResubmission(no=1)).refused("efile.no_resubmission")
    for no in (0, 2):
        CASES.open(SCHEDULED).when(CompleteResubmission(no=no)).refused("efile.resubmission_unknown")


def test_a_resubmission_is_cancelled_with_a_reason() -> None:
    cancel = CancelResubmission(no=1, reason=REASON)
    after = CASES.open(SCHEDULED).when(cancel).then(ResubmissionCancelled(no=1, reason=REASON, day=TODAY))
    assert after.state.resubmissions[0].status is ResubmissionStatus.CANCELLED
    CASES.open(SCHEDULED).when(CancelResubmission(no=1, reason=BLANK)).refused("efile.reason_missing")


@pytest.mark.allows("efile.resubmission_not_overdue")
def test_a_resubmission_is_overdue_from_the_day_after() -> None:
    record = RecordResubmissionOverdue(no=1)
    scheduled = CASES.open(SCHEDULED)
    scheduled.when(record, on=DUE, now=IN_MAY).refused("efile.resubmission_not_overdue")
    after = scheduled.when(record, on=date(2026, 4, 2), now=IN_MAY).then(OVERDUE)
    assert after.state.resubmissions[0].status is ResubmissionStatus.OVERDUE
    after.when(record, now=IN_MAY).refused("efile.resubmission_not_overdue")


def test_an_overdue_resubmission_can_still_be_seen_to_or_cancelled() -> None:
    overdue = CASES.open(SCHEDULED, OVERDUE)
    overdue.when(CompleteResubmission(no=1), now=IN_MAY).then(replace(DONE, day=IN_MAY.date()))
    overdue.when(CancelResubmission(no=1, reason=REASON), now=IN_MAY).so()
    overdue.when(CompleteResubmission(no=1), now=IN_MAY).so().when(RecordResubmissionOverdue(no=1)).refused(
        "efile.no_resubmission"
    )


@pytest.mark.allows("efile.case_has_open_resubmissions")
def test_a_case_does_not_close_over_open_resubmissions() -> None:
    close = CloseCase(reason=REASON)
    refused = CASES.open(SCHEDULED).when(close).refused("efile.case_has_open_resubmissions")
    assert refused.details["numbers"] == "1"
    CASES.open(SCHEDULED, OVERDUE).when(close).refused("efile.case_has_open_resubmissions")
    CASES.open(SCHEDULED, DONE).when(close).so()


@pytest.mark.parametrize(
    "command",
    [
        schedule(),
        CompleteResubmission(no=1),
        CancelResubmission(no=1, reason=REASON),
        RecordResubmissionOverdue(no=1),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_closed_case_is_not_laid_before_anybody(command: Any) -> None:
    CASES.open(CASE_CLOSED).when(command).refused("efile.case_closed")
