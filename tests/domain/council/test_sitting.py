"""A body sits: who attends, comes and goes, is biased; how they vote; what is reported to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.council.commands import (
    AddAgendaItem,
    ChangeAttendance,
    DecideAgendaItem,
    DeclareConflictOfInterest,
    GiveTrackingReport,
    RecordAttendance,
    RecordVote,
    RemoveAgendaItem,
    WithdrawPaper,
)
from domain.council.facts import (
    AttendanceChanged,
    AttendanceRecorded,
    ConflictOfInterestDeclared,
    ConsultationPlanned,
    ConsultationScheduled,
    FinalReportGiven,
    MeetingHeld,
    MemberJoined,
    MemberLeft,
    PaperDecided,
    ResolutionReported,
    TrackingReportGiven,
    VoteRecorded,
)
from domain.council.parts import ConsultationData, GroupVote, Reference
from domain.council.state import MeetingState, PaperState
from domain.council.vocabulary import ConsultationRole, Outcome, PaperStatus
from domain.kernel import On, Sealed
from tests.domain.council.examples import (
    ADOPTED,
    ASSIGNED,
    BLANK,
    COMMITTEE,
    COMPLETED,
    COUNCIL,
    COUNTED,
    ESTABLISHED,
    HELD,
    INVITED,
    ITEM,
    ITEM_ADDED,
    MEETING,
    MEMBERS,
    PAPER,
    PRESENT,
    REASON,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    SIGNED,
    START,
    TEXT,
    THE_DAY,
    VOTED,
    a_city,
    a_held_meeting,
    a_meeting,
    a_meeting_with_item,
    a_resolution,
    add_item,
)
from tests.scenario import Given, an_id

EVERYBODY = tuple(member.member for member in MEMBERS)
SPD, CDU, ADVISER = MEMBERS[0], MEMBERS[4], MEMBERS[-1]
ATTENDANCE = RecordAttendance(members=EVERYBODY)
LEAVES = ChangeAttendance(item=ITEM, member=SPD.member, present=False)
BIASED = DeclareConflictOfInterest(item=ITEM, member=SPD.member, ground=REASON)
DECLARED = ConflictOfInterestDeclared(item=ITEM, member=SPD.member, ground=Sealed(REASON.text, SPD.member))
VOTE = RecordVote(item=ITEM, yes=5, no=3, abstain=1)


def meeting_of(scenario: Given) -> MeetingState:
    state = scenario.state_of(MEETING)
    assert isinstance(state, MeetingState)
    return state


# Attendance


@pytest.mark.allows("council.meeting_not_held", "council.member_unknown")
def test_members_attend_with_a_vote_or_without() -> None:
    a_held_meeting().when(ATTENDANCE).then(AttendanceRecorded(voting_members=9, members=MEMBERS))
    a_held_meeting().when(RecordAttendance(members=())).then(AttendanceRecorded(voting_members=0))
    a_meeting().when(ATTENDANCE).refused("council.meeting_not_held")


def test_only_members_of_the_body_attend_and_each_once() -> None:
    a_held_meeting().when(RecordAttendance(members=(an_id("guest"),))).refused("council.member_unknown")
    a_held_meeting().when(RecordAttendance(members=EVERYBODY[:1] * 2)).invalid("members")


@pytest.mark.allows("council.member_unknown")
@pytest.mark.parametrize(
    ("since", "until", "attends"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (-9, 9, True)],
)
def test_who_attends_was_a_member_on_the_day_of_the_meeting(since: int, until: int | None, attends: bool) -> None:
    guest, day = an_id("guest"), THE_DAY.date()
    joined = MemberJoined(member=guest, group="FDP", voting=True, since=day + timedelta(days=since), name=REASON)
    left = () if until is None else (MemberLeft(member=guest, left_on=day + timedelta(days=until)),)
    scenario = a_held_meeting(COUNTED).beside(COUNCIL, joined, *left).at(THE_DAY + timedelta(days=30))
    for command in (
        RecordAttendance(members=(guest,)),
        ChangeAttendance(item=ITEM, member=guest, present=True),
    ):
        decision = scenario.when(command)
        decision.so() if attends else decision.refused("council.member_unknown")


@pytest.mark.allows("council.out_of_order")
@pytest.mark.parametrize(
    "command",
    [
        ATTENDANCE,
        LEAVES,
        BIASED,
        VOTE,
        DecideAgendaItem(item=ITEM, outcome=Outcome.NOTED),
        GiveTrackingReport(resolutions=(RESOLUTION,)),
        RemoveAgendaItem(item=ITEM, reason=REASON),
        AddAgendaItem(number="9", order=9, title=REASON, urgency=REASON),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_happens_in_a_meeting_is_of_its_day_or_recorded_after_it(command: Any) -> None:
    held = a_held_meeting(PRESENT).beside(RESOLUTION, RESOLVED)
    held.when(command, on=THE_DAY.date() - timedelta(days=1)).refused("council.out_of_order")
    held.when(command, on=THE_DAY.date()).so()
    # A meeting that is opened in the books on a later day was held on its own.
    late = a_meeting_with_item(INVITED, MeetingHeld(held_on=THE_DAY.date() + timedelta(days=3)), PRESENT)
    late.beside(RESOLUTION, RESOLVED).when(command, on=THE_DAY.date()).so()


@pytest.mark.allows("council.too_many_present")
def test_no_more_members_vote_than_the_body_has_seats() -> None:
    def of(seats: int | None) -> Given:
        scheduled = replace(SCHEDULED, data=replace(SCHEDULED.data, seats=seats))
        return a_city(MEETING).beside(MEETING, scheduled, ITEM_ADDED, INVITED, HELD).at(THE_DAY)

    of(8).when(ATTENDANCE).refused("council.too_many_present")
    of(9).when(ATTENDANCE).so()
    of(None).when(ATTENDANCE).so()
    late = of(8).when(RecordAttendance(members=EVERYBODY[:8])).so()
    late.when(ChangeAttendance(item=ITEM, member=EVERYBODY[8], present=True)).refused("council.too_many_present")


@pytest.mark.allows("council.attendance_missing", "council.nothing_changed")
def test_a_member_leaves_before_an_item_and_comes_back() -> None:
    left = a_held_meeting(PRESENT).when(LEAVES)
    gone = left.then(AttendanceChanged(item=ITEM, member=SPD, present=False, voting_members=8))
    assert not meeting_of(gone).attends(SPD.member)
    back = gone.when(replace(LEAVES, present=True))
    there = back.then(AttendanceChanged(item=ITEM, member=SPD, present=True, voting_members=9))
    assert meeting_of(there).attends(SPD.member)


def test_who_comes_is_not_there_and_who_goes_is() -> None:
    a_held_meeting(PRESENT).when(replace(LEAVES, present=True)).refused("council.nothing_changed")
    a_held_meeting(PRESENT).when(replace(LEAVES, member=an_id("guest"))).refused("council.nothing_changed")
    guest = ChangeAttendance(item=ITEM, member=an_id("guest"), present=True)
    a_held_meeting(PRESENT).when(guest).refused("council.member_unknown")
    a_held_meeting().when(LEAVES).refused("council.attendance_missing")
    a_held_meeting(PRESENT, VOTED, ADOPTED).when(LEAVES).refused("council.item_decided")


@pytest.mark.allows("council.minutes_signed")
def test_nothing_more_happens_in_a_meeting_whose_minutes_are_signed() -> None:
    signed = a_held_meeting(PRESENT, VOTED, ADOPTED, *SIGNED)
    for command in (ATTENDANCE, LEAVES, BIASED, VOTE):
        signed.when(command).refused("council.minutes_signed")
    a_held_meeting(PRESENT, VOTED, ADOPTED, *SIGNED[:-1]).when(ATTENDANCE).so()


@pytest.mark.allows("council.vote_undecided")
def test_nobody_comes_or_goes_between_a_vote_and_its_outcome() -> None:
    voted = a_held_meeting(PRESENT, VOTED)
    voted.when(ATTENDANCE).refused("council.vote_undecided")
    voted.when(LEAVES).refused("council.vote_undecided")
    a_held_meeting(PRESENT, VOTED, ADOPTED).when(ATTENDANCE).so()
    a_held_meeting(PRESENT).when(LEAVES).so()


def test_after_a_miscount_the_item_is_added_anew_and_the_attendance_recorded() -> None:
    voted = a_held_meeting(PRESENT, VOTED)
    removed = voted.when(RemoveAgendaItem(item=ITEM, reason=REASON)).so()
    removed.when(ATTENDANCE).so().when(add_item(urgency=REASON)).so()


# Conflicts of interest


@pytest.mark.allows(
    "council.member_absent", "council.conflict_declared", "council.voted_already", "council.item_decided"
)
def test_a_member_takes_no_part_in_an_item() -> None:
    a_held_meeting(PRESENT).when(BIASED).then(DECLARED)


def test_a_conflict_is_declared_once_by_somebody_present_before_the_vote() -> None:
    a_held_meeting(PRESENT, DECLARED).when(BIASED).refused("council.conflict_declared")
    a_held_meeting(PRESENT, DECLARED).when(replace(BIASED, member=EVERYBODY[1])).so()
    a_held_meeting(PRESENT).when(replace(BIASED, member=an_id("guest"))).refused("council.member_absent")
    a_held_meeting(PRESENT, VOTED).when(BIASED).refused("council.voted_already")
    a_held_meeting(PRESENT).when(replace(BIASED, ground=BLANK)).invalid("ground")


@pytest.mark.allows("council.too_many_votes")
def test_biased_members_are_excluded_from_the_vote() -> None:
    a_held_meeting(PRESENT, DECLARED).when(VOTE).refused("council.too_many_votes")
    counted = VoteRecorded(item=ITEM, voting_members=9, yes=5, no=3, abstain=0, biased=1)
    a_held_meeting(PRESENT, DECLARED).when(replace(VOTE, abstain=0)).then(counted)


def test_an_adviser_who_is_biased_takes_nobodys_vote() -> None:
    adviser = replace(DECLARED, member=ADVISER.member)
    a_held_meeting(PRESENT, adviser).when(VOTE).then(VOTED)


def test_a_biased_member_who_has_left_is_not_counted_twice() -> None:
    gone = AttendanceChanged(item=ITEM, member=SPD, present=False, voting_members=8)
    counted = VoteRecorded(item=ITEM, voting_members=8, yes=5, no=3, abstain=0, biased=0)
    a_held_meeting(PRESENT, DECLARED, gone).when(replace(VOTE, abstain=0)).then(counted)


# Votes


@examples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.sets(st.sampled_from(EVERYBODY)))
def test_no_more_votes_are_recorded_than_unbiased_members_attend(
    yes: int, no: int, abstain: int, biased: set[UUID]
) -> None:
    declared = [replace(DECLARED, member=member) for member in sorted(biased)]
    decision = a_held_meeting(PRESENT, *declared).when(RecordVote(item=ITEM, yes=yes, no=no, abstain=abstain))
    if yes + no + abstain <= PRESENT.voting_members - len(biased - {ADVISER.member}):
        decision.so()
    else:
        decision.refused("council.too_many_votes")


@pytest.mark.allows("council.group_too_small", "council.groups_do_not_add_up")
def test_a_group_has_no_more_votes_than_members() -> None:
    fits = (GroupVote("SPD", 3, 0, 1), GroupVote("CDU", 2, 3, 0))
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=fits)).so()
    swapped = (GroupVote("SPD", 5, 0, 0), GroupVote("CDU", 0, 3, 1))
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=swapped)).refused("council.group_too_small")
    without = replace(VOTE, abstain=0, by_group=(GroupVote("SPD", 4, 0, 0), GroupVote("CDU", 1, 3, 0)))
    a_held_meeting(PRESENT, DECLARED).when(without).refused("council.group_too_small")
    unknown = (GroupVote("FDP", 5, 3, 1),)
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=unknown)).refused("council.group_too_small")
    idle = (*fits, GroupVote("FDP", 0, 0, 0))
    a_held_meeting(PRESENT).when(replace(VOTE, by_group=idle)).refused("council.group_too_small")


@pytest.mark.allows("council.group_too_small")
def test_a_group_whose_only_member_is_biased_is_counted_with_no_votes() -> None:
    few = AttendanceRecorded(voting_members=2, members=(SPD, CDU))
    groups = (GroupVote("SPD", 0, 0, 0), GroupVote("CDU", 1, 0, 0))
    voted = RecordVote(item=ITEM, yes=1, no=0, by_group=groups)
    a_held_meeting(few, DECLARED).when(voted).so()
    a_held_meeting(AttendanceRecorded(voting_members=1, members=(CDU,))).when(voted).refused("council.group_too_small")


def test_groups_are_not_checked_where_only_the_number_of_members_is_known() -> None:
    groups = (GroupVote("SPD", 5, 0, 0), GroupVote("CDU", 0, 3, 1))
    a_held_meeting(COUNTED).when(replace(VOTE, by_group=groups)).so()


@pytest.mark.allows("council.correction_unexplained")
def test_a_vote_is_counted_anew_for_a_reason() -> None:
    recounted = replace(VOTE, yes=4, no=4)
    a_held_meeting(PRESENT, VOTED).when(recounted).refused("council.correction_unexplained")
    a_held_meeting(PRESENT, VOTED).when(replace(recounted, correction_reason=BLANK)).invalid("correction_reason")
    reasoned = replace(recounted, correction_reason=REASON)
    corrected = (
        a_held_meeting(PRESENT, VOTED).when(reasoned).then(replace(VOTED, yes=4, no=4, correction_reason=REASON))
    )
    assert meeting_of(corrected).items[0].yes == 4
    # A first count corrects nothing.
    a_held_meeting(PRESENT).when(reasoned).then(replace(VOTED, yes=4, no=4))


# Consultation sequences


def in_committee(*more: Any) -> Given:
    """The committee is to consult before the council decides."""
    first = ConsultationPlanned(
        consultation=an_id("first"),
        data=ConsultationData(bodies=(Reference(COMMITTEE),), role=ConsultationRole.PRELIMINARY),
        order=1,
    )
    both = a_held_meeting(PRESENT, VOTED).beside(COMMITTEE, replace(ESTABLISHED, code="HFA"))
    return both.beside(PAPER, first, *more)


def paper_of(scenario: Given) -> PaperState:
    state = scenario.state_of(PAPER)
    assert isinstance(state, PaperState)
    return state


@pytest.mark.allows("council.earlier_bodies_first")
def test_bodies_decide_in_their_order() -> None:
    adopt = DecideAgendaItem(item=ITEM, outcome=Outcome.ADOPTED, text=TEXT)
    in_committee().when(adopt).refused("council.earlier_bodies_first")
    in_committee().when(DecideAgendaItem(item=ITEM, outcome=Outcome.NOTED)).refused("council.earlier_bodies_first")
    in_committee().when(DecideAgendaItem(item=ITEM, outcome=Outcome.REFERRED)).refused("council.earlier_bodies_first")
    a_held_meeting(PRESENT, VOTED).when(adopt).so()


def after_the_committee(days: int) -> Given:
    """The council meets, and the committee that comes before it has decided so many days later."""
    heard = PaperDecided(
        consultation=an_id("first"),
        meeting=an_id("hearing"),
        item=an_id("heard"),
        outcome=Outcome.NOTED,
        authoritative=False,
        decided_on=START.date() + timedelta(days=days),
    )
    return in_committee().beside(PAPER, heard)


@pytest.mark.allows("council.out_of_order")
def test_bodies_decide_in_the_order_of_their_days() -> None:
    adopt = DecideAgendaItem(item=ITEM, outcome=Outcome.ADOPTED, text=TEXT)
    after_the_committee(1).when(adopt).refused("council.out_of_order")
    after_the_committee(0).when(adopt).so()


@pytest.mark.allows("council.out_of_order")
@pytest.mark.parametrize("outcome", [Outcome.POSTPONED, Outcome.WITHDRAWN])
def test_a_body_may_have_postponed_what_others_consulted_on_after_it(outcome: Outcome) -> None:
    after_the_committee(1).when(DecideAgendaItem(item=ITEM, outcome=outcome)).so()


@pytest.mark.allows("council.out_of_order")
def test_a_paper_is_not_withdrawn_before_a_body_dealt_with_it() -> None:
    withdraw, day = WithdrawPaper(reason=REASON), START.date()
    postponed = a_held_meeting().when(DecideAgendaItem(item=ITEM, outcome=Outcome.POSTPONED)).so().about(PAPER)
    postponed.when(withdraw, on=day - timedelta(days=1)).refused("council.out_of_order")
    postponed.when(withdraw, on=day).so()


@pytest.mark.parametrize("outcome", [Outcome.POSTPONED, Outcome.WITHDRAWN])
def test_a_body_may_postpone_what_others_have_yet_to_consult_on(outcome: Outcome) -> None:
    in_committee().when(DecideAgendaItem(item=ITEM, outcome=outcome)).so()


def test_a_paper_referred_to_another_body_comes_back() -> None:
    refer = DecideAgendaItem(item=ITEM, outcome=Outcome.REFERRED, referred_to=COMMITTEE)
    scenario = a_held_meeting(PRESENT).beside(COMMITTEE, replace(ESTABLISHED, code="HFA")).when(refer).so()
    council, committee = paper_of(scenario).consultations
    assert (council.decided, council.data.meeting) == (False, None)
    assert committee.comes_before(council)
    assert paper_of(scenario).status is PaperStatus.IN_CONSULTATION
    again = replace(SCHEDULED, meeting_number="RAT/2026/04")
    scenario.about(an_id("next")).beside(an_id("next"), again).when(add_item()).so()


def test_the_first_body_refers_a_paper_to_one_that_comes_before_it() -> None:
    refer = DecideAgendaItem(item=an_id("hearing"), outcome=Outcome.REFERRED, referred_to=an_id("third"))
    first = ConsultationPlanned(
        consultation=an_id("first"),
        data=ConsultationData(
            bodies=(Reference(COMMITTEE),), role=ConsultationRole.PRELIMINARY, meeting=Reference(an_id("hearing"))
        ),
        order=1,
    )
    hearing = replace(SCHEDULED, meeting_number="HFA/1", data=replace(SCHEDULED.data, bodies=(Reference(COMMITTEE),)))
    data = replace(ITEM_ADDED.data, consultation=Reference(first.consultation))
    added = replace(ITEM_ADDED, item=an_id("hearing"), data=data)
    on_agenda = ConsultationScheduled(consultation=first.consultation, meeting=an_id("hearing"), item=an_id("hearing"))
    scenario = a_held_meeting(PRESENT).beside(PAPER, first, on_agenda)
    scenario = scenario.beside(an_id("third"), replace(ESTABLISHED, code="BV1"))
    scenario = scenario.beside(an_id("hearing"), hearing, added, INVITED, HELD, PRESENT).about(an_id("hearing"))
    _, committee, third = paper_of(scenario.when(refer).so()).consultations
    assert third.order == 0
    assert third.comes_before(committee)


def test_only_a_paper_is_referred_and_to_a_body_that_has_it_not() -> None:
    refer = DecideAgendaItem(item=ITEM, outcome=Outcome.REFERRED, referred_to=COUNCIL)
    a_held_meeting(PRESENT).when(refer).refused("council.already_planned")
    a_held_meeting(PRESENT).when(replace(refer, referred_to=an_id("nobody"))).refused("council.body_unknown")
    a_held_meeting(PRESENT).when(replace(refer, outcome=Outcome.POSTPONED)).invalid("referred_to")


# The tracking report

REPORT = GiveTrackingReport(resolutions=(RESOLUTION,))


def in_the_next_meeting(*more: Any) -> Given:
    """A later meeting of the council, in which the resolution may be reported."""
    scheduled = replace(SCHEDULED, meeting_number="RAT/2026/04")
    following = an_id("next")
    return a_resolution(*more).about(following).beside(following, scheduled, INVITED, HELD)


@pytest.mark.allows("council.resolution_unknown", "council.reported_final")
def test_open_resolutions_are_in_every_report() -> None:
    scenario = in_the_next_meeting(ASSIGNED)
    for _ in range(2):
        scenario = scenario.when(REPORT).then(
            TrackingReportGiven(open=(RESOLUTION,), finished=()),
            On(RESOLUTION, ResolutionReported(meeting=an_id("next"))),
        )


def test_a_finished_resolution_is_in_one_more_report_and_then_in_none() -> None:
    scenario = in_the_next_meeting(ASSIGNED, COMPLETED).when(REPORT)
    told = scenario.then(
        TrackingReportGiven(open=(), finished=(RESOLUTION,)), On(RESOLUTION, FinalReportGiven(meeting=an_id("next")))
    )
    told.when(REPORT).refused("council.reported_final")


def test_a_body_is_told_of_its_own_resolutions_each_once() -> None:
    scenario = in_the_next_meeting(ASSIGNED)
    scenario.when(GiveTrackingReport(resolutions=(an_id("nothing"),))).refused("council.resolution_unknown")
    elsewhere = replace(RESOLVED, resolution_number="HFA/2026/01-1", bodies=(Reference(COMMITTEE),))
    of_others = scenario.beside(an_id("elsewhere"), elsewhere)
    of_others.when(GiveTrackingReport(resolutions=(an_id("elsewhere"),))).refused("council.resolution_unknown")
    scenario.when(GiveTrackingReport(resolutions=())).invalid("resolutions")
    scenario.when(GiveTrackingReport(resolutions=(RESOLUTION,) * 2)).invalid("resolutions")
    a_resolution(ASSIGNED).about(MEETING).when(REPORT).so()
