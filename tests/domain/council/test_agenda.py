"""Agendas, votes and outcomes: what stands on an agenda, who may vote, what is decided."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.council.commands import (
    DecideAgendaItem,
    ExcludePublic,
    MoveAgendaItem,
    RecordVote,
    RemoveAgendaItem,
)
from domain.council.facts import (
    AgendaItemAdded,
    AgendaItemDecided,
    AgendaItemMoved,
    AgendaItemRemoved,
    ConsultationScheduled,
    ConsultationUnscheduled,
    MeetingCancelled,
    PaperDecided,
    PaperWithdrawn,
    PublicExcluded,
    VoteRecorded,
)
from domain.council.parts import AgendaItemData, AgendaPlace, GroupVote, Reference
from domain.council.state import MeetingState, PaperState
from domain.council.vocabulary import Outcome, PaperStatus
from domain.kernel import On, Sealed
from tests.domain.council.examples import (
    ADOPTED,
    BLANK,
    CONSULTATION,
    COUNCIL,
    DRAFTED,
    HELD,
    INVITED,
    ITEM,
    ITEM_ADDED,
    MEETING,
    ON_AGENDA,
    PAPER,
    PLANNED,
    PRESENT,
    REASON,
    RELEASED,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    START,
    TEXT,
    TITLE,
    VOTED,
    a_city,
    a_held_meeting,
    a_meeting,
    a_meeting_with_item,
    a_paper,
    add_item,
)
from tests.scenario import TODAY, Given, an_id

THE_DAY = date(2026, 3, 20)
OTHER = AgendaItemData(number="1", order=1)
LATE = START.replace(hour=22)
CANCELLED = MeetingCancelled(body=COUNCIL, start=START, reason=REASON)
ADOPT = DecideAgendaItem(item=ITEM, outcome=Outcome.ADOPTED, text=TEXT)
VOTE = RecordVote(item=ITEM, yes=5, no=3, abstain=1)


def meeting_of(scenario: Given) -> MeetingState:
    state = scenario.state_of(MEETING)
    assert isinstance(state, MeetingState)
    return state


def paper_of(scenario: Given) -> PaperState:
    state = scenario.state_of(PAPER)
    assert isinstance(state, PaperState)
    return state


def told(outcome: Outcome) -> On:
    resolution = RESOLUTION if outcome.adopts else None
    fact = PaperDecided(
        consultation=CONSULTATION,
        meeting=MEETING,
        item=ITEM,
        outcome=outcome,
        authoritative=True,
        resolution=resolution,
        pending=outcome is Outcome.POSTPONED,
        decided_on=THE_DAY,
    )
    return On(PAPER, fact)


@pytest.mark.allows("council.paper_unknown", "council.paper_not_for_body", "council.meeting_cancelled")
def test_a_paper_on_the_agenda_is_in_consultation() -> None:
    scenario = a_meeting().when(add_item()).so()
    (item,) = meeting_of(scenario).items
    data = AgendaItemData(
        number="5", order=5, public=True, paper=Reference(PAPER), consultation=Reference(CONSULTATION)
    )
    assert scenario.history[-2] == (MEETING, AgendaItemAdded(item=item.id, data=data, added_on=TODAY))
    assert scenario.history[-1] == (
        PAPER,
        ConsultationScheduled(consultation=CONSULTATION, meeting=MEETING, item=item.id),
    )
    assert paper_of(scenario).status is PaperStatus.IN_CONSULTATION


def test_an_item_without_a_paper_has_a_title_and_is_non_public_by_default() -> None:
    a_meeting().when(add_item(paper=None)).invalid("title")
    scenario = a_meeting().when(replace(add_item(paper=None, title=TITLE), public=False)).so()
    assert not meeting_of(scenario).items[0].data.public


def test_only_a_released_paper_that_is_planned_for_the_body_stands_on_its_agenda() -> None:
    a_meeting_with_item().when(add_item(number="6")).refused("council.paper_not_for_body")
    a_paper(PLANNED).about(MEETING).beside(MEETING, SCHEDULED).when(add_item()).refused("council.paper_not_for_body")
    a_paper(RELEASED).about(MEETING).beside(MEETING, SCHEDULED).when(add_item()).refused("council.paper_not_for_body")
    a_meeting().when(add_item(paper=an_id("nothing"))).refused("council.paper_unknown")


@pytest.mark.allows("council.paper_of_item_not_public")
def test_a_non_public_paper_is_not_consulted_in_public() -> None:
    hidden = replace(DRAFTED, data=replace(DRAFTED.data, public=False))
    scenario = a_city(PAPER).beside(PAPER, hidden, RELEASED, PLANNED).about(MEETING).beside(MEETING, SCHEDULED)
    scenario.when(add_item()).refused("council.paper_of_item_not_public")
    scenario.when(add_item(public=False)).so()


@pytest.mark.allows("council.urgency_missing")
def test_an_agenda_that_was_sent_out_grows_only_by_what_is_urgent() -> None:
    more = add_item(number="6", paper=None, title=TITLE)
    a_meeting_with_item(INVITED).when(more).refused("council.urgency_missing")
    a_meeting_with_item(INVITED).when(replace(more, urgency=REASON)).so()
    a_held_meeting().when(replace(more, urgency=REASON)).so()


def test_an_item_that_joins_late_is_an_override() -> None:
    late = replace(ITEM_ADDED, urgency=REASON)
    supervised = late.supervised()
    assert supervised is not None
    assert (supervised.rules, supervised.reason) == (("council.urgency_missing",), REASON)
    assert ITEM_ADDED.supervised() is None
    planned = a_meeting().when(add_item(urgency=REASON)).so()
    assert not any(fact.supervised() for _, fact in planned.history)


def released(on: date) -> Given:
    """A meeting that is being held, and a paper that was planned for it and released on this day."""
    paper = a_paper(replace(RELEASED, released_on=on), PLANNED).about(MEETING)
    return paper.beside(MEETING, SCHEDULED, replace(ITEM_ADDED, item=an_id("other"), data=OTHER), INVITED, HELD)


@pytest.mark.allows("council.out_of_order")
def test_a_meeting_takes_up_no_paper_that_was_released_after_it() -> None:
    urgent, weeks_later = add_item(urgency=REASON), THE_DAY + timedelta(weeks=4)
    late = released(THE_DAY + timedelta(days=1)).at(LATE + timedelta(weeks=4))
    late.when(urgent, on=weeks_later).refused("council.out_of_order")
    released(THE_DAY).at(LATE + timedelta(weeks=4)).when(urgent, on=weeks_later).so()


@pytest.mark.allows("council.out_of_order")
@pytest.mark.parametrize("outcome", [Outcome.ADOPTED, Outcome.POSTPONED, Outcome.WITHDRAWN])
def test_a_meeting_decides_on_no_paper_that_was_released_after_it(outcome: Outcome) -> None:
    decide = replace(ADOPT, outcome=outcome)

    def on_the_agenda(day: date) -> Given:
        item = replace(ITEM_ADDED, urgency=REASON)
        return released(day).beside(MEETING, item, PRESENT, VOTED).beside(PAPER, ON_AGENDA).at(LATE)

    on_the_agenda(THE_DAY + timedelta(days=1)).when(decide).refused("council.out_of_order")
    on_the_agenda(THE_DAY).when(decide).so()


def test_an_agenda_has_each_number_once_and_counts_from_one() -> None:
    a_meeting_with_item().when(add_item(paper=None, title=TITLE)).refused("council.item_number_taken")
    a_meeting().when(add_item(order=0)).invalid("order")
    a_meeting().when(add_item(number="")).invalid("number")


@pytest.mark.allows("council.item_number_taken", "council.item_unknown")
def test_an_item_is_moved_and_renumbered() -> None:
    move = MoveAgendaItem(item=ITEM, number="2", order=2)
    moved = AgendaItemMoved(item=ITEM, old=AgendaPlace("5", 5), new=AgendaPlace("2", 2))
    a_meeting_with_item().when(move).then(moved).when(move).refused("council.nothing_changed")
    a_meeting().when(move).refused("council.item_unknown")
    other = replace(ITEM_ADDED, item=an_id("other"), data=AgendaItemData(number="2", order=2))
    a_meeting_with_item(other).when(move).refused("council.item_number_taken")


def test_a_removed_item_frees_its_paper() -> None:
    freed = On(PAPER, ConsultationUnscheduled(consultation=CONSULTATION, meeting=MEETING, item=ITEM))
    scenario = (
        a_meeting_with_item()
        .when(RemoveAgendaItem(item=ITEM, reason=REASON))
        .then(AgendaItemRemoved(item=ITEM, reason=REASON), freed)
    )
    scenario.when(add_item()).so()
    scenario.when(RemoveAgendaItem(item=ITEM, reason=REASON)).refused("council.item_unknown")


def test_the_agenda_of_a_cancelled_meeting_stays_as_it_was() -> None:
    a_meeting(CANCELLED).when(add_item()).refused("council.meeting_cancelled")
    a_meeting_with_item(CANCELLED).when(ExcludePublic(item=ITEM, ground=REASON)).refused("council.meeting_cancelled")


@pytest.mark.allows("council.item_not_public")
def test_the_public_is_excluded_with_a_ground() -> None:
    exclude = ExcludePublic(item=ITEM, ground=REASON)
    scenario = a_meeting_with_item().when(exclude).then(PublicExcluded(item=ITEM, ground=REASON))
    scenario.when(exclude).refused("council.item_not_public")
    a_meeting_with_item().when(ExcludePublic(item=ITEM, ground=BLANK)).invalid("ground")


def test_a_vote_counts_those_who_attend() -> None:
    vote = VoteRecorded(item=ITEM, voting_members=9, yes=5, no=3, abstain=1, biased=0)
    a_held_meeting(PRESENT).when(VOTE).then(vote)
    a_held_meeting().when(VOTE).refused("council.attendance_missing")
    a_meeting_with_item(INVITED).when(VOTE).refused("council.meeting_not_held")


def test_the_votes_of_the_groups_add_up() -> None:
    groups = (GroupVote("SPD", 3, 0, 1), GroupVote("CDU", 2, 3, 0))
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=groups)).so()
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=groups[:1])).refused("council.groups_do_not_add_up")
    twice = (GroupVote("SPD", 3, 0, 1), GroupVote("SPD", 2, 3, 0))
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=twice)).refused("council.groups_do_not_add_up")


@pytest.mark.parametrize("name", ["yes", "no", "abstain"])
def test_votes_are_not_negative(name: str) -> None:
    negative: dict[str, Any] = {name: -1}
    a_held_meeting(PRESENT).when(replace(VOTE, **negative)).invalid(name)
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=(GroupVote("SPD", -1, 0, 0),))).invalid("by_group")


@pytest.mark.allows(
    "council.vote_missing", "council.against_the_vote", "council.text_missing", "council.resolution_number_taken"
)
def test_an_adopted_item_makes_a_resolution_and_tells_the_paper() -> None:
    scenario = a_held_meeting(PRESENT, VOTED).when(ADOPT, on=THE_DAY)
    after = scenario.then(ADOPTED, On(RESOLUTION, RESOLVED), told(Outcome.ADOPTED))
    assert paper_of(after).status is PaperStatus.DECIDED


def test_a_rejected_item_tells_the_paper_and_makes_no_resolution() -> None:
    lost = replace(VOTED, yes=3, no=5)
    reject = DecideAgendaItem(item=ITEM, outcome=Outcome.REJECTED)
    after = (
        a_held_meeting(PRESENT, lost)
        .when(reject)
        .then(AgendaItemDecided(item=ITEM, outcome=Outcome.REJECTED), told(Outcome.REJECTED))
    )
    assert paper_of(after).status is PaperStatus.REJECTED


def test_a_postponed_paper_may_stand_on_another_agenda_of_the_body() -> None:
    postpone = DecideAgendaItem(item=ITEM, outcome=Outcome.POSTPONED)
    after = a_held_meeting().when(postpone).so()
    assert paper_of(after).status is PaperStatus.POSTPONED
    another = replace(SCHEDULED, meeting_number="RAT/2026/04")
    after.about(an_id("next")).beside(an_id("next"), another).when(add_item()).so()
    before = replace(another, data=replace(SCHEDULED.data, start=START - timedelta(days=1)))
    late = after.about(an_id("before")).beside(an_id("before"), before, INVITED, HELD)
    late.when(add_item(urgency=REASON)).refused("council.out_of_order")


def test_an_item_without_a_paper_is_decided_too() -> None:
    item = replace(ITEM_ADDED, data=AgendaItemData(number="5", order=5), title=TITLE)
    a_meeting(item, INVITED, HELD, PRESENT, VOTED).at(LATE).when(ADOPT).then(
        ADOPTED, On(RESOLUTION, replace(RESOLVED, paper=None, public=False))
    )


def test_what_is_adopted_or_rejected_was_voted_on() -> None:
    a_held_meeting(PRESENT).when(ADOPT).refused("council.vote_missing")
    a_held_meeting(PRESENT).when(replace(ADOPT, outcome=Outcome.REJECTED)).refused("council.vote_missing")
    a_held_meeting(PRESENT).when(replace(ADOPT, outcome=Outcome.NOTED)).so()


@pytest.mark.parametrize(("yes", "no", "adopted"), [(5, 4, True), (4, 4, False), (0, 0, False), (1, 0, True)])
def test_the_majority_decides_and_a_tie_rejects(yes: int, no: int, adopted: bool) -> None:
    counted = a_held_meeting(PRESENT, replace(VOTED, yes=yes, no=no, abstain=0))
    right, wrong = (Outcome.ADOPTED, Outcome.REJECTED) if adopted else (Outcome.REJECTED, Outcome.ADOPTED)
    counted.when(replace(ADOPT, outcome=right)).so()
    counted.when(replace(ADOPT, outcome=wrong)).refused("council.against_the_vote")


def test_a_resolution_has_a_text() -> None:
    a_held_meeting(PRESENT, VOTED).when(replace(ADOPT, text=None)).refused("council.text_missing")
    a_held_meeting(PRESENT, VOTED).when(replace(ADOPT, text=Sealed(""))).invalid("text")


@pytest.mark.allows("council.paper_withdrawn")
def test_nothing_is_decided_on_a_withdrawn_paper() -> None:
    scenario = a_held_meeting(PRESENT, VOTED).beside(PAPER, PaperWithdrawn(reason=REASON))
    scenario.when(ADOPT).refused("council.paper_withdrawn")
    scenario.when(DecideAgendaItem(item=ITEM, outcome=Outcome.WITHDRAWN)).so()


def test_a_decided_item_stays_as_it_is() -> None:
    decided = a_held_meeting(PRESENT, VOTED, ADOPTED)
    decided.when(ADOPT).refused("council.item_decided")
    decided.when(VOTE).refused("council.item_decided")
    decided.when(MoveAgendaItem(item=ITEM, number="2", order=2)).refused("council.item_decided")
    decided.when(RemoveAgendaItem(item=ITEM, reason=REASON)).refused("council.item_decided")
    decided.when(ExcludePublic(item=ITEM, ground=REASON)).refused("council.item_decided")


def test_a_resolution_number_is_used_once() -> None:
    taken = a_held_meeting(PRESENT, VOTED).beside(an_id("elsewhere"), RESOLVED)
    taken.when(ADOPT).refused("council.resolution_number_taken")


def test_a_paper_that_left_the_agenda_meanwhile_is_not_told() -> None:
    gone = ConsultationUnscheduled(consultation=CONSULTATION, meeting=MEETING, item=ITEM)
    scenario = a_held_meeting(PRESENT, VOTED).beside(PAPER, gone)
    scenario.when(ADOPT, on=THE_DAY).then(ADOPTED, On(RESOLUTION, RESOLVED))
