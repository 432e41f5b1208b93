"""The mayor objects to a resolution: it is suspended until the body, or the supervisory authority, decides again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from domain.council.commands import (
    AddAgendaItem,
    AssignImplementation,
    CompleteImplementation,
    DecideAgendaItem,
    DecideObjection,
    GiveFinalReport,
    ObjectToResolution,
    RecordOverdueImplementation,
    RecordSupervisoryDecision,
    ReportImplementation,
)
from domain.council.facts import (
    AgendaItemAdded,
    AgendaItemDecided,
    FinalReportGiven,
    ObjectionDecided,
    ResolutionObjected,
    SupervisoryDecisionRecorded,
    TrackingReportGiven,
)
from domain.council.parts import Reference
from domain.council.state import ResolutionState
from domain.council.vocabulary import Outcome, Progress, TrackingStatus
from domain.kernel import Channel, On
from tests.domain.council.examples import (
    ASSIGNED,
    BLANK,
    COMMITTEE,
    COMPLETED,
    HELD,
    INVITED,
    ITEM,
    ITEM_ADDED,
    MEETING,
    PRESENT,
    REASON,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    START,
    THE_DAY,
    TITLE,
    VOTED,
    a_resolution,
)
from tests.scenario import ACTOR, Given, an_id

DAY = date(2026, 3, 25)
NEXT = an_id("next")
OBJECT = ObjectToResolution(legal_ground=REASON)
OBJECTED = ResolutionObjected(objected_on=DAY, legal_ground=REASON, objected_by=ACTOR)
AGAIN = DecideObjection(meeting=NEXT, item=an_id("again"))
NEXT_DAY = START.date() + timedelta(days=14)
UPHELD = ObjectionDecided(meeting=NEXT, item=an_id("again"), upholds=True, decided_on=NEXT_DAY)
STANDS = RecordSupervisoryDecision(stands=True, note=REASON)


def resolution_of(scenario: Given) -> ResolutionState:
    state = scenario.state_of(RESOLUTION)
    assert isinstance(state, ResolutionState)
    return state


def decided_again(outcome: Outcome | None, *more: Any, days: int = 14, **changes: Any) -> Given:
    """The council meets again after these facts of the resolution, and an item of that meeting has this outcome."""
    data = replace(SCHEDULED.data, start=START + timedelta(days=days), end=None)
    scheduled = replace(SCHEDULED, meeting_number="RAT/2026/04", data=replace(data, **changes))
    item = replace(
        ITEM_ADDED,
        item=an_id("again"),
        data=replace(ITEM_ADDED.data, paper=None, consultation=None, outcome=outcome),
        decides_again=RESOLUTION,
    )
    held = a_resolution(*more).beside(NEXT, scheduled, item, INVITED, HELD)
    return held.at(THE_DAY + timedelta(days=days))


def test_an_objection_suspends_the_resolution() -> None:
    objected = a_resolution(ASSIGNED).when(OBJECT, on=DAY).then(OBJECTED)
    assert resolution_of(objected).status is TrackingStatus.SUSPENDED
    a_resolution(ASSIGNED).when(ObjectToResolution(legal_ground=BLANK), on=DAY).invalid("legal_ground")


@pytest.mark.allows("council.objected_too_early")
def test_an_objection_is_of_the_day_of_the_resolution_or_later() -> None:
    adopted_on = RESOLVED.adopted_on
    a_resolution().when(OBJECT, on=adopted_on - timedelta(days=1)).refused("council.objected_too_early")
    a_resolution().when(OBJECT, on=adopted_on).then(replace(OBJECTED, objected_on=adopted_on))


@pytest.mark.allows("council.objected_too_early")
def test_another_objection_follows_the_decision_on_the_first() -> None:
    stands = SupervisoryDecisionRecorded(stands=True, decided_on=NEXT_DAY, note=REASON)
    decided = a_resolution(OBJECTED, UPHELD, stands)
    decided.when(OBJECT, on=NEXT_DAY - timedelta(days=1)).refused("council.objected_too_early")
    decided.when(OBJECT, on=NEXT_DAY).so()


@pytest.mark.allows("council.staff_only")
def test_an_objection_names_who_objected_from_among_the_staff() -> None:
    mayor = an_id("mayor")
    a_resolution().when(OBJECT, on=DAY, channel=Channel.SERVICE_PORTAL).refused("council.staff_only")
    deputy = a_resolution().when(OBJECT, on=DAY, deputising_for=mayor)
    deputy.then(replace(OBJECTED, deputising_for=mayor))


@pytest.mark.parametrize(
    "command",
    [
        AssignImplementation(unit="66", due=date(2026, 6, 30)),
        ReportImplementation(progress=Progress.IN_PROGRESS),
        CompleteImplementation(),
        GiveFinalReport(meeting=MEETING),
        OBJECT,
        RecordOverdueImplementation(),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_is_suspended_is_not_implemented_meanwhile(command: Any) -> None:
    a_resolution(ASSIGNED, OBJECTED).when(command).refused("council.suspended")


@pytest.mark.allows("council.suspended", "council.repealed")
def test_what_is_not_suspended_may_be_objected_to() -> None:
    a_resolution().when(OBJECT, on=DAY).then(OBJECTED)


def test_what_is_done_is_not_objected_to() -> None:
    a_resolution(ASSIGNED, COMPLETED).when(OBJECT).refused("council.implemented")


@pytest.mark.allows(
    "council.not_suspended",
    "council.upheld",
    "council.item_decides_nothing",
    "council.item_of_another_matter",
    "council.item_unknown",
)
def test_a_body_that_gives_way_repeals_its_resolution() -> None:
    repealed = decided_again(Outcome.REJECTED, ASSIGNED, OBJECTED).when(AGAIN).then(replace(UPHELD, upholds=False))
    assert resolution_of(repealed).status is TrackingStatus.REPEALED
    repealed.when(AssignImplementation(unit="66", due=date(2026, 6, 30))).refused("council.repealed")
    repealed.when(OBJECT).refused("council.repealed")
    repealed.when(AGAIN).refused("council.not_suspended")
    repealed.when(GiveFinalReport(meeting=MEETING)).refused("council.out_of_order")
    repealed.when(GiveFinalReport(meeting=NEXT)).then(
        FinalReportGiven(meeting=NEXT), On(NEXT, TrackingReportGiven(open=(), finished=(RESOLUTION,)))
    )


@pytest.mark.allows("council.not_upheld", "council.out_of_order")
def test_what_a_body_stays_with_is_suspended_until_the_supervisory_authority_decides() -> None:
    upheld = decided_again(Outcome.ADOPTED, ASSIGNED, OBJECTED).when(AGAIN).then(UPHELD)
    assert resolution_of(upheld).status is TrackingStatus.SUSPENDED
    upheld.when(AGAIN).refused("council.upheld")
    upheld.when(STANDS, on=NEXT_DAY - timedelta(days=1)).refused("council.out_of_order")
    stands = SupervisoryDecisionRecorded(stands=True, decided_on=NEXT_DAY, note=REASON)
    decided = upheld.when(STANDS, on=NEXT_DAY).then(stands)
    assert resolution_of(decided).status is TrackingStatus.ASSIGNED
    repealed = upheld.when(replace(STANDS, stands=False), on=NEXT_DAY).so()
    assert resolution_of(repealed).status is TrackingStatus.REPEALED


def test_a_resolution_may_be_objected_to_again_and_is_then_decided_again() -> None:
    stands = SupervisoryDecisionRecorded(stands=True, decided_on=DAY, note=REASON)
    twice = a_resolution(OBJECTED, UPHELD, stands, OBJECTED)
    assert resolution_of(twice).resumes_as is TrackingStatus.OPEN
    twice.when(STANDS).refused("council.not_upheld")


def test_the_authority_decides_after_the_body() -> None:
    a_resolution(OBJECTED).when(STANDS).refused("council.not_upheld")
    a_resolution().when(STANDS).refused("council.not_suspended")
    a_resolution(OBJECTED, UPHELD).when(replace(STANDS, note=BLANK), on=NEXT_DAY).invalid("note")


def test_a_new_decision_is_an_item_of_a_later_meeting_that_was_adopted_or_rejected() -> None:
    decided_again(None, OBJECTED).when(AGAIN).refused("council.item_decides_nothing")
    decided_again(Outcome.NOTED, OBJECTED).when(AGAIN).refused("council.item_decides_nothing")
    decided_again(Outcome.ADOPTED, OBJECTED, days=1).when(AGAIN).refused("council.item_decides_nothing")
    decided_again(Outcome.ADOPTED, OBJECTED).when(replace(AGAIN, item=ITEM)).refused("council.item_unknown")


def test_a_new_decision_may_be_of_the_day_of_the_objection() -> None:
    assert START.date() + timedelta(days=5) == DAY
    decided_again(Outcome.ADOPTED, OBJECTED, days=4).when(AGAIN).refused("council.item_decides_nothing")
    on_the_day = decided_again(Outcome.ADOPTED, OBJECTED, days=5)
    on_the_day.when(AGAIN).then(replace(UPHELD, decided_on=DAY))
    decided_again(Outcome.ADOPTED, OBJECTED).when(AGAIN, on=NEXT_DAY - timedelta(days=1)).refused(
        "council.out_of_order"
    )


def test_a_new_decision_is_an_item_that_was_added_for_the_resolution() -> None:
    itself = a_resolution(replace(OBJECTED, objected_on=START.date()))
    itself.when(DecideObjection(meeting=MEETING, item=ITEM)).refused("council.item_of_another_matter")
    another = replace(RESOLVED, resolution_number="RAT/2026/03-6")
    both = decided_again(Outcome.ADOPTED, OBJECTED).beside(an_id("another"), another, OBJECTED)
    both.about(an_id("another")).when(AGAIN).refused("council.item_of_another_matter")


def test_an_item_decides_one_objection_and_not_the_next() -> None:
    stands = SupervisoryDecisionRecorded(stands=True, decided_on=DAY, note=REASON)
    twice = decided_again(Outcome.ADOPTED, OBJECTED, UPHELD, stands, OBJECTED)
    twice.when(AGAIN).refused("council.item_decides_nothing")


def on_the_next_agenda(*more: Any) -> Given:
    """The next meeting is planned, after these facts of the resolution."""
    data = replace(SCHEDULED.data, start=START + timedelta(days=14), end=None)
    planned = a_resolution(*more).beside(NEXT, replace(SCHEDULED, meeting_number="RAT/2026/04", data=data))
    return planned.about(NEXT).at(THE_DAY + timedelta(days=5))


TAKEN_UP = AddAgendaItem(number="1", order=1, title=TITLE, decides_again=RESOLUTION)


@pytest.mark.allows("council.resolution_unknown", "council.not_suspended", "council.upheld")
def test_what_was_objected_to_is_put_on_an_agenda_of_its_body() -> None:
    (added,) = on_the_next_agenda(OBJECTED).when(TAKEN_UP).facts
    assert isinstance(added, AgendaItemAdded)
    assert added.decides_again == RESOLUTION
    assert (THE_DAY + timedelta(days=5)).date() == DAY
    on_the_next_agenda(OBJECTED).when(TAKEN_UP, on=DAY - timedelta(days=1)).refused("council.out_of_order")
    on_the_next_agenda().when(TAKEN_UP).refused("council.not_suspended")
    on_the_next_agenda(OBJECTED, UPHELD).when(TAKEN_UP).refused("council.upheld")
    unknown = replace(TAKEN_UP, decides_again=an_id("no"))
    on_the_next_agenda(OBJECTED).when(unknown).refused("council.resolution_unknown")
    elsewhere = replace(RESOLVED, resolution_number="HFA/2026/01-1", bodies=(Reference(COMMITTEE),))
    of_others = on_the_next_agenda().beside(an_id("elsewhere"), elsewhere, OBJECTED)
    of_others.when(replace(TAKEN_UP, decides_again=an_id("elsewhere"))).refused("council.resolution_unknown")


@pytest.mark.allows("council.out_of_order")
def test_an_objection_is_taken_up_by_no_meeting_before_it() -> None:
    def held(days: int) -> Given:
        data = replace(SCHEDULED.data, start=START + timedelta(days=days))
        meeting = replace(SCHEDULED, meeting_number="RAT/2026/04", data=data)
        item = replace(ITEM_ADDED, item=an_id("other"), data=replace(ITEM_ADDED.data, paper=None, consultation=None))
        sits = a_resolution(OBJECTED).beside(NEXT, meeting, item, INVITED, HELD)
        return sits.about(NEXT).at(THE_DAY + timedelta(days=9))

    held(days=4).when(replace(TAKEN_UP, urgency=REASON)).refused("council.out_of_order")
    held(days=5).when(replace(TAKEN_UP, urgency=REASON)).so()


@pytest.mark.parametrize(
    ("yes", "outcome"), [(5, Outcome.ADOPTED), (5, Outcome.ADOPTED_AMENDED), (3, Outcome.REJECTED)]
)
def test_what_is_decided_again_makes_no_resolution_beside_the_one_that_is_suspended(yes: int, outcome: Outcome) -> None:
    vote = replace(VOTED, item=an_id("again"), yes=yes, no=4, abstain=0)
    sits = decided_again(None, OBJECTED).beside(NEXT, PRESENT, vote).about(NEXT)
    decide = DecideAgendaItem(item=an_id("again"), outcome=outcome, text=REASON)
    decided = sits.when(decide).then(AgendaItemDecided(item=an_id("again"), outcome=outcome))
    assert resolution_of(decided).status is TrackingStatus.SUSPENDED
    assert decided.state_of(uuid5(an_id("again"), "resolution")) is None
    upholds = outcome is not Outcome.REJECTED
    decided.about(RESOLUTION).when(AGAIN).then(replace(UPHELD, upholds=upholds))


def test_a_new_decision_is_of_the_body_in_a_meeting_that_was_held() -> None:
    decided_again(Outcome.ADOPTED, OBJECTED).when(replace(AGAIN, meeting=an_id("no"))).refused(
        "council.meeting_unknown"
    )
    elsewhere = decided_again(Outcome.ADOPTED, OBJECTED, bodies=(Reference(COMMITTEE),))
    elsewhere.when(AGAIN).refused("council.meeting_unknown")
