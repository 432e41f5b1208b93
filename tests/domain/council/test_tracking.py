"""The tracking of resolutions: assigned, reported on, completed, reported for the last time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.commands import (
    AssignImplementation,
    CompleteImplementation,
    GiveFinalReport,
    RecordOverdueImplementation,
    ReportImplementation,
)
from domain.council.facts import (
    FinalReportGiven,
    ImplementationAssigned,
    ImplementationBecameOverdue,
    ImplementationCompleted,
    ImplementationReported,
    MinutesVoided,
    TrackingReportGiven,
)
from domain.council.parts import Reference
from domain.council.state import MeetingState
from domain.council.vocabulary import Progress
from domain.kernel import On
from tests.domain.council.examples import (
    ASSIGNED,
    BLANK,
    COMMITTEE,
    COMPLETED,
    HELD,
    INVITED,
    MEETING,
    PROTOCOL,
    REASON,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    SHA512,
    SIGNED,
    THE_DAY,
    a_resolution,
)
from tests.scenario import SOMEBODY_ELSE, an_id

DAY = THE_DAY.date()
ASSIGN = AssignImplementation(unit="66", due=date(2026, 6, 30))
DELAYED = ReportImplementation(progress=Progress.DELAYED, due=date(2026, 9, 30), delay_reason=REASON)
COMPLETE = CompleteImplementation()
OVERDUE = RecordOverdueImplementation()
FINAL = GiveFinalReport(meeting=MEETING)
REPORTED = FinalReportGiven(meeting=MEETING)
VOIDED = MinutesVoided(file=PROTOCOL.file, sha512=SHA512, signatories=(SOMEBODY_ELSE,))
TOLD = On(MEETING, TrackingReportGiven(open=(), finished=(RESOLUTION,)))


@pytest.mark.allows("council.due_too_early", "council.implemented")
def test_a_resolution_is_assigned_to_a_unit_and_may_be_assigned_again() -> None:
    scenario = a_resolution().when(ASSIGN, now=THE_DAY).then(ASSIGNED)
    scenario.when(replace(ASSIGN, unit="61"), now=THE_DAY).then(
        ImplementationAssigned(unit="61", due=date(2026, 6, 30), assigned_on=DAY)
    )


def test_a_due_date_lies_ahead() -> None:
    a_resolution().when(replace(ASSIGN, due=date(2026, 3, 19)), now=THE_DAY).refused("council.due_too_early")
    a_resolution(ASSIGNED).when(replace(DELAYED, due=date(2026, 3, 19)), now=THE_DAY).refused("council.due_too_early")
    a_resolution().when(replace(ASSIGN, unit=""), now=THE_DAY).invalid("unit")


@pytest.mark.allows("council.due_too_early")
def test_a_due_date_is_the_day_itself_at_the_earliest() -> None:
    adopted = date(2026, 3, 20)
    a_resolution().when(replace(ASSIGN, due=adopted), now=THE_DAY).so()
    a_resolution(ASSIGNED).when(replace(DELAYED, due=adopted), now=THE_DAY).so()


@pytest.mark.allows("council.out_of_order")
@pytest.mark.parametrize("command", [ASSIGN, DELAYED, COMPLETE], ids=["assign", "report", "complete"])
def test_nothing_is_implemented_before_it_is_adopted(command: Any) -> None:
    scenario = a_resolution(ASSIGNED)
    scenario.when(command, on=DAY - timedelta(days=1)).refused("council.out_of_order")
    scenario.when(command, on=DAY).so()


@pytest.mark.allows("council.out_of_order")
def test_work_on_a_resolution_is_recorded_in_its_order() -> None:
    later = DAY + timedelta(days=10)
    assigned = a_resolution().when(ASSIGN, on=later).so()
    reported = assigned.when(ReportImplementation(progress=Progress.IN_PROGRESS), on=later).so()
    for scenario in (assigned, reported):
        scenario.when(COMPLETE, on=later - timedelta(days=1)).refused("council.out_of_order")
        scenario.when(DELAYED, on=later - timedelta(days=1)).refused("council.out_of_order")
        scenario.when(COMPLETE, on=later).so()
    # What the calendar finds is of its own day.
    assigned.when(DELAYED, on=date(2026, 9, 1)).so().when(OVERDUE, on=date(2026, 10, 1)).so()


@pytest.mark.allows("council.out_of_order")
def test_the_final_report_is_given_in_a_meeting_after_the_implementation() -> None:
    done = replace(COMPLETED, completed_on=DAY + timedelta(days=1))
    a_resolution(ASSIGNED, done).when(FINAL).refused("council.out_of_order")
    a_resolution(ASSIGNED, COMPLETED).when(FINAL).then(REPORTED, TOLD)
    of_old = replace(RESOLVED, adopted_on=DAY - timedelta(days=9))
    early = replace(ASSIGNED, assigned_on=of_old.adopted_on), replace(COMPLETED, completed_on=of_old.adopted_on)
    before = a_resolution().beside(an_id("older"), of_old, *early).about(an_id("older"))
    before.when(FINAL, on=DAY - timedelta(days=1)).refused("council.out_of_order")
    before.when(FINAL, on=DAY).so()


@pytest.mark.allows("council.delay_unexplained", "council.not_assigned")
def test_progress_keeps_the_due_date_and_a_delay_moves_it() -> None:
    scenario = a_resolution(ASSIGNED).when(ReportImplementation(progress=Progress.IN_PROGRESS, note=REASON), on=DAY)
    reported = scenario.then(
        ImplementationReported(progress=Progress.IN_PROGRESS, due=date(2026, 6, 30), note=REASON, reported_on=DAY)
    )
    reported.when(DELAYED, on=DAY).then(
        ImplementationReported(progress=Progress.DELAYED, due=date(2026, 9, 30), delay_reason=REASON, reported_on=DAY)
    )


@pytest.mark.allows("council.delay_unexplained")
def test_a_later_due_date_is_explained_by_a_report() -> None:
    due = date(2026, 6, 30)
    earlier, later = due - timedelta(days=1), due + timedelta(days=1)
    assigned, silent = a_resolution(ASSIGNED), ReportImplementation(progress=Progress.IN_PROGRESS)
    for day in (earlier, due):
        assigned.when(replace(silent, due=day), on=DAY).so()
        assigned.when(replace(ASSIGN, due=day), on=DAY).so()
    assigned.when(replace(silent, due=later), on=DAY).refused("council.delay_unexplained")
    assigned.when(replace(ASSIGN, due=later), on=DAY).refused("council.delay_unexplained")
    explained = assigned.when(replace(silent, due=later, delay_reason=REASON), on=DAY).so()
    explained.when(replace(ASSIGN, unit="61", due=later), on=DAY).so()


def test_a_delay_is_explained() -> None:
    a_resolution(ASSIGNED).when(replace(DELAYED, delay_reason=None), on=DAY).refused("council.delay_unexplained")
    a_resolution(ASSIGNED).when(replace(DELAYED, delay_reason=BLANK), on=DAY).invalid("delay_reason")


@pytest.mark.parametrize("command", [DELAYED, COMPLETE], ids=["report", "complete"])
def test_nobody_reports_before_a_unit_is_in_charge(command: Any) -> None:
    a_resolution().when(command).refused("council.not_assigned")


def test_an_implementation_is_completed_on_the_day_of_the_command() -> None:
    day = date(2026, 3, 21)
    a_resolution(ASSIGNED).when(COMPLETE, on=day).then(ImplementationCompleted(completed_on=day))


@pytest.mark.parametrize("command", [ASSIGN, DELAYED, COMPLETE], ids=["assign", "report", "complete"])
def test_what_is_implemented_is_not_open_again(command: Any) -> None:
    a_resolution(ASSIGNED, COMPLETED).when(command).refused("council.implemented")


@pytest.mark.allows("council.not_implemented", "council.reported_final", "council.meeting_unknown")
def test_a_finished_resolution_is_reported_once_more_and_then_never() -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED).when(FINAL).then(REPORTED, TOLD)
    scenario.when(FINAL).refused("council.reported_final")
    scenario.when(ASSIGN).refused("council.reported_final")


def test_the_final_report_follows_the_implementation() -> None:
    a_resolution(ASSIGNED).when(FINAL).refused("council.not_implemented")


def test_the_final_report_is_given_in_a_meeting_that_was_held() -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED)
    scenario.when(replace(FINAL, meeting=an_id("nothing"))).refused("council.meeting_unknown")
    planned = scenario.beside(an_id("planned"), replace(SCHEDULED, meeting_number="RAT/2026/04"))
    planned.when(replace(FINAL, meeting=an_id("planned"))).refused("council.meeting_unknown")


def test_the_final_report_is_given_to_the_body_that_resolved() -> None:
    elsewhere = replace(SCHEDULED, data=replace(SCHEDULED.data, bodies=(Reference(COMMITTEE),)))
    scenario = a_resolution(ASSIGNED, COMPLETED).beside(an_id("elsewhere"), elsewhere, INVITED, HELD)
    scenario.when(replace(FINAL, meeting=an_id("elsewhere"))).refused("council.meeting_unknown")


@pytest.mark.allows("council.minutes_signed")
def test_the_final_report_goes_into_minutes_that_are_yet_to_be_signed() -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED)
    scenario.beside(MEETING, *SIGNED).when(FINAL).refused("council.minutes_signed")
    told = scenario.beside(MEETING, *SIGNED[:3]).when(FINAL)
    drafted = told.then(REPORTED, TOLD, On(MEETING, VOIDED))
    meeting = drafted.state_of(MEETING)
    assert isinstance(meeting, MeetingState)
    assert meeting.minutes is None


@pytest.mark.allows("council.not_overdue", "council.already_recorded")
def test_an_implementation_is_overdue_the_day_after_it_was_due() -> None:
    overdue = ImplementationBecameOverdue(due=date(2026, 6, 30))
    a_resolution(ASSIGNED).when(OVERDUE, on=date(2026, 6, 30)).refused("council.not_overdue")
    late = a_resolution(ASSIGNED).when(OVERDUE, on=date(2026, 7, 1)).then(overdue)
    late.when(OVERDUE, on=date(2026, 7, 2)).refused("council.already_recorded")


def test_only_what_is_being_implemented_is_overdue() -> None:
    a_resolution().when(OVERDUE, on=date(2026, 7, 1)).refused("council.not_overdue")
    a_resolution(ASSIGNED, COMPLETED).when(OVERDUE, on=date(2026, 7, 1)).refused("council.not_overdue")


def test_a_new_due_date_is_overdue_by_itself() -> None:
    late = a_resolution(ASSIGNED, ImplementationBecameOverdue(due=date(2026, 6, 30)))
    moved = late.when(DELAYED, on=date(2026, 7, 5)).so()
    moved.when(OVERDUE, on=date(2026, 9, 30)).refused("council.not_overdue")
    moved.when(OVERDUE, on=date(2026, 10, 1)).so()
    known = late.when(ReportImplementation(progress=Progress.IN_PROGRESS), on=date(2026, 7, 5)).so()
    known.when(OVERDUE, on=date(2026, 7, 6)).refused("council.already_recorded")
