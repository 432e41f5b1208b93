"""The tracking of resolutions: assigned, reported on, completed, reported for the last time."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.council.commands import (
    AssignImplementation,
    CompleteImplementation,
    GiveFinalReport,
    ReportImplementation,
)
from domain.council.facts import (
    FinalReportGiven,
    ImplementationAssigned,
    ImplementationCompleted,
    ImplementationReported,
)
from domain.council.vocabulary import Progress
from tests.domain.council.examples import ASSIGNED, BLANK, COMPLETED, MEETING, REASON, THE_DAY, a_resolution
from tests.scenario import an_id

ASSIGN = AssignImplementation(unit="66", due=date(2026, 6, 30))
DELAYED = ReportImplementation(progress=Progress.DELAYED, due=date(2026, 9, 30), delay_reason=REASON)
COMPLETE = CompleteImplementation()
FINAL = GiveFinalReport(meeting=MEETING)
REPORTED = FinalReportGiven(meeting=MEETING)


def test_a_resolution_is_assigned_to_a_unit_and_may_be_assigned_again() -> None:
    scenario = a_resolution().when(ASSIGN, now=THE_DAY).then(ASSIGNED)
    scenario.when(replace(ASSIGN, unit="61"), now=THE_DAY).then(
        ImplementationAssigned(unit="61", due=date(2026, 6, 30))
    )


def test_a_due_date_lies_ahead() -> None:
    a_resolution().when(replace(ASSIGN, due=date(2026, 3, 19)), now=THE_DAY).refused("council.due_too_early")
    a_resolution(ASSIGNED).when(replace(DELAYED, due=date(2026, 3, 19)), now=THE_DAY).refused("council.due_too_early")
    a_resolution().when(replace(ASSIGN, unit=""), now=THE_DAY).invalid("unit")


def test_progress_keeps_the_due_date_and_a_delay_moves_it() -> None:
    scenario = a_resolution(ASSIGNED).when(ReportImplementation(progress=Progress.IN_PROGRESS, note=REASON))
    reported = scenario.then(ImplementationReported(progress=Progress.IN_PROGRESS, due=date(2026, 6, 30), note=REASON))
    reported.when(DELAYED).then(
        ImplementationReported(progress=Progress.DELAYED, due=date(2026, 9, 30), delay_reason=REASON)
    )


def test_a_delay_is_explained() -> None:
    a_resolution(ASSIGNED).when(replace(DELAYED, delay_reason=None)).refused("council.delay_unexplained")
    a_resolution(ASSIGNED).when(replace(DELAYED, delay_reason=BLANK)).invalid("delay_reason")


@pytest.mark.parametrize("command", [DELAYED, COMPLETE], ids=["report", "complete"])
def test_nobody_reports_before_a_unit_is_in_charge(command: Any) -> None:
    a_resolution().when(command).refused("council.not_assigned")


def test_an_implementation_is_completed_on_the_day_of_the_command() -> None:
    day = date(2026, 3, 1)
    a_resolution(ASSIGNED).when(COMPLETE, on=day).then(ImplementationCompleted(completed_on=day))


@pytest.mark.parametrize("command", [ASSIGN, DELAYED, COMPLETE], ids=["assign", "report", "complete"])
def test_what_is_implemented_is_not_open_again(command: Any) -> None:
    a_resolution(ASSIGNED, COMPLETED).when(command).refused("council.implemented")


def test_a_finished_resolution_is_reported_once_more_and_then_never() -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED).when(FINAL).then(REPORTED)
    scenario.when(FINAL).refused("council.reported_final")
    scenario.when(ASSIGN).refused("council.reported_final")


def test_the_final_report_follows_the_implementation() -> None:
    a_resolution(ASSIGNED).when(FINAL).refused("council.not_implemented")


def test_the_final_report_is_given_in_a_meeting_that_was_held() -> None:
    scenario = a_resolution(ASSIGNED, COMPLETED)
    scenario.when(replace(FINAL, meeting=an_id("nothing"))).refused("council.meeting_unknown")
