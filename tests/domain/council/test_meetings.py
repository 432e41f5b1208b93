"""Meetings: scheduled, rescheduled, invited to, held, cancelled, published, corrected."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.council.commands import (
    AddAgendaItem,
    AttachMeetingFile,
    CancelMeeting,
    CorrectMeeting,
    DepublishMeeting,
    HoldMeeting,
    InviteToMeeting,
    PublishMeeting,
    RecordLateInvitation,
    RemoveMeetingFile,
    RescheduleMeeting,
)
from domain.council.facts import (
    ConsultationUnscheduled,
    InvitationBecameLate,
    MeetingCancelled,
    MeetingCorrected,
    MeetingDepublished,
    MeetingHeld,
    MeetingInvited,
    MeetingPublished,
    MeetingRescheduled,
    MeetingScheduled,
    PaperReleased,
)
from domain.council.parts import MeetingData, Reference
from domain.council.state import MeetingState, PaperState
from domain.council.vocabulary import FileRole, MeetingField, MeetingStatus
from domain.kernel import BERLIN, Channel, On, Sealed
from tests.domain.council.examples import (
    BLANK,
    CONSULTATION,
    COUNCIL,
    DISSOLVED,
    END,
    HELD,
    INVITED,
    ITEM,
    ITEM_ADDED,
    MEETING,
    PAPER,
    PLANNED,
    PRESENT,
    REASON,
    SCHEDULED,
    SHA512,
    START,
    TITLE,
    a_city,
    a_held_meeting,
    a_meeting,
    a_meeting_with_item,
    a_paper,
    add_item,
    schedule,
)
from tests.scenario import TODAY, Given, an_id

LATER = START + timedelta(days=7)
CANCELLED = MeetingCancelled(body=COUNCIL, start=START, reason=REASON)
THE_DAY = START.date()


def meeting_of(scenario: Given) -> MeetingState:
    state = scenario.state_of(MEETING)
    assert isinstance(state, MeetingState)
    return state


@pytest.mark.allows("council.meeting_number_taken")
def test_a_meeting_takes_the_seats_of_its_body() -> None:
    data = MeetingData(bodies=(Reference(COUNCIL),), start=START, end=END, seats=10)
    a_city().when(schedule()).then(MeetingScheduled(meeting_number="RAT/2026/04", data=data, scheduled_on=TODAY))


def test_a_meeting_is_scheduled_once() -> None:
    a_meeting().when(schedule()).refused("council.record_exists")


def test_a_body_does_not_meet_twice_at_one_time() -> None:
    a_meeting().about(an_id("another")).when(schedule()).refused("council.meeting_slot_taken")
    a_meeting().about(an_id("another")).when(schedule(start=START + timedelta(hours=2))).so()


@pytest.mark.allows("council.meeting_slot_taken")
def test_a_cancelled_meeting_gives_its_time_back() -> None:
    a_meeting(CANCELLED).about(an_id("another")).when(schedule()).so()


def test_a_meeting_number_is_never_used_again() -> None:
    again = schedule(number="RAT/2026/03", start=LATER, end=None)
    a_meeting(CANCELLED).about(an_id("another")).when(again).refused("council.meeting_number_taken")


def test_a_meeting_is_of_a_body_that_exists_and_is_not_dissolved() -> None:
    a_city().when(schedule(body=an_id("nobody"))).refused("council.body_unknown")
    a_city().beside(COUNCIL, DISSOLVED).when(schedule()).refused("council.body_gone")


@pytest.mark.allows("council.meeting_in_past")
def test_a_meeting_is_planned_ahead_but_may_be_recorded_late() -> None:
    past = schedule(start=datetime(2026, 2, 1, 17, 0, tzinfo=BERLIN), end=None)
    a_city().when(past).refused("council.meeting_in_past")
    a_city().when(past, on=date(2026, 1, 15)).so()


def test_a_meeting_says_its_time_with_a_zone_and_ends_after_it_starts() -> None:
    a_city().when(schedule(start=datetime(2026, 3, 20, 17, 0))).invalid("start")  # noqa: DTZ001 the naive time is the point
    a_city().when(schedule(end=START - timedelta(minutes=1))).invalid("end")
    a_city().when(schedule(number="")).invalid("number")


@pytest.mark.allows("council.meeting_cancelled", "council.meeting_over")
def test_a_rescheduled_meeting_leaves_its_slot_and_needs_another_invitation() -> None:
    move = RescheduleMeeting(start=LATER, reason=REASON)
    moved = MeetingRescheduled(
        body=COUNCIL, old_start=START, start=LATER, end=None, reason=REASON, rescheduled_on=TODAY
    )
    scenario = a_meeting(ITEM_ADDED, INVITED).when(move).then(moved)
    assert meeting_of(scenario).status is MeetingStatus.SCHEDULED
    assert meeting_of(scenario).data.start == LATER
    scenario.about(an_id("another")).when(schedule()).so()
    scenario.when(move).refused("council.nothing_changed")


@pytest.mark.allows("council.meeting_in_past")
def test_a_meeting_is_planned_for_the_same_day_at_the_earliest() -> None:
    evening = datetime(2026, 3, 2, 17, 0, tzinfo=BERLIN)
    yesterday = evening - timedelta(days=1)
    a_city().when(schedule(start=evening, end=None), on=date(2026, 3, 2)).so()
    a_city().when(schedule(start=yesterday, end=None), on=date(2026, 3, 2)).refused("council.meeting_in_past")
    a_meeting().when(RescheduleMeeting(start=evening, reason=REASON), on=date(2026, 3, 2)).so()
    urgent = InviteToMeeting(shortened_notice_reason=REASON)
    a_meeting(ITEM_ADDED).when(urgent, on=THE_DAY).then(
        MeetingInvited(invited_on=THE_DAY, notice_days=0, shortened_notice_reason=REASON)
    )


@pytest.mark.allows("council.notice_too_short", "council.agenda_empty", "council.already_invited")
def test_an_invitation_gives_a_week() -> None:
    invited = MeetingInvited(invited_on=date(2026, 3, 13), notice_days=7)
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), on=date(2026, 3, 13)).then(invited)


def test_a_shorter_notice_needs_a_reason() -> None:
    day = date(2026, 3, 14)
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), on=day).refused("council.notice_too_short")
    a_meeting(ITEM_ADDED).when(InviteToMeeting(shortened_notice_reason=REASON), on=day).then(
        MeetingInvited(invited_on=day, notice_days=6, shortened_notice_reason=REASON)
    )
    a_meeting(ITEM_ADDED).when(InviteToMeeting(shortened_notice_reason=BLANK), on=day).invalid(
        "shortened_notice_reason"
    )


def test_a_shortened_notice_is_an_override_and_a_reason_without_need_is_not_kept() -> None:
    short = MeetingInvited(invited_on=date(2026, 3, 14), notice_days=6, shortened_notice_reason=REASON)
    supervised = short.supervised()
    assert supervised is not None
    assert (supervised.rules, supervised.reason) == (("council.notice_too_short",), REASON)
    assert INVITED.supervised() is None
    invite = InviteToMeeting(shortened_notice_reason=REASON)
    a_meeting(ITEM_ADDED).when(invite, on=date(2026, 3, 2)).then(INVITED)


LATE = InvitationBecameLate(last_day=date(2026, 3, 13))


@pytest.mark.allows("council.invitation_not_late", "council.already_recorded")
def test_an_invitation_is_late_when_its_last_day_has_passed() -> None:
    a_meeting(ITEM_ADDED).when(RecordLateInvitation(), on=date(2026, 3, 13)).refused("council.invitation_not_late")
    late = a_meeting(ITEM_ADDED).when(RecordLateInvitation(), on=date(2026, 3, 14)).then(LATE)
    late.when(RecordLateInvitation(), on=date(2026, 3, 15)).refused("council.already_recorded")


def test_an_invitation_that_was_sent_is_not_late_and_another_time_has_another_last_day() -> None:
    sent = a_meeting(ITEM_ADDED, INVITED)
    sent.when(RecordLateInvitation(), on=date(2026, 3, 14)).refused("council.invitation_not_late")
    moved = a_meeting(ITEM_ADDED, LATE).when(RescheduleMeeting(start=LATER, reason=REASON), on=date(2026, 3, 14)).so()
    moved.when(RecordLateInvitation(), on=date(2026, 3, 20)).refused("council.invitation_not_late")
    moved.when(RecordLateInvitation(), on=date(2026, 3, 21)).so()


@pytest.mark.parametrize("recorded_on", [date(2026, 3, 14), date(2026, 3, 20), date(2026, 3, 21)], ids=str)
def test_an_invitation_of_an_earlier_day_is_explained_where_it_is_recorded_within_a_week_or_later(
    recorded_on: date,
) -> None:
    now, sent = datetime.combine(recorded_on, time(9), BERLIN), date(2026, 3, 2)
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), now=now, on=sent).refused("council.notice_too_short")
    explained = a_meeting(ITEM_ADDED).when(InviteToMeeting(shortened_notice_reason=REASON), now=now, on=sent)
    explained.then(replace(INVITED, shortened_notice_reason=REASON))


@pytest.mark.allows("council.notice_too_short")
def test_an_invitation_of_an_earlier_day_is_recorded_in_time_or_taken_over_as_history() -> None:
    sent, in_time = date(2026, 3, 2), datetime(2026, 3, 13, 9, tzinfo=BERLIN)
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), now=in_time, on=sent).then(INVITED)
    afterwards = in_time + timedelta(days=8)
    history = a_meeting(ITEM_ADDED).when(InviteToMeeting(), now=afterwards, on=sent, channel=Channel.IMPORT)
    history.then(INVITED)


def test_a_meeting_that_is_not_moved_to_a_later_day_stays_late() -> None:
    late = a_meeting(ITEM_ADDED, LATE)
    a_minute = RescheduleMeeting(start=START + timedelta(minutes=1), reason=REASON)
    same_day = late.when(a_minute, on=date(2026, 3, 2)).so()
    same_day.when(InviteToMeeting(), on=date(2026, 3, 2)).refused("council.notice_too_short")
    same_day.when(RecordLateInvitation(), on=date(2026, 3, 14)).refused("council.already_recorded")
    next_day = late.when(replace(a_minute, start=START + timedelta(days=1)), on=date(2026, 3, 2)).so()
    next_day.when(InviteToMeeting(), on=date(2026, 3, 2)).so()


def test_an_invitation_that_was_found_late_is_explained_whatever_its_day() -> None:
    late = a_meeting(ITEM_ADDED, LATE)
    late.when(InviteToMeeting(), on=date(2026, 3, 2)).refused("council.notice_too_short")
    explained = replace(INVITED, shortened_notice_reason=REASON)
    late.when(InviteToMeeting(shortened_notice_reason=REASON), on=date(2026, 3, 2)).then(explained)


def test_notice_counts_calendar_days_across_the_change_to_summer_time() -> None:
    after = RescheduleMeeting(start=datetime(2026, 3, 30, 0, 30, tzinfo=BERLIN), reason=REASON)
    scenario = a_meeting(ITEM_ADDED).when(after).so()
    scenario.when(InviteToMeeting(), on=date(2026, 3, 23)).so()
    scenario.when(InviteToMeeting(), on=date(2026, 3, 24)).refused("council.notice_too_short")


def test_an_invitation_names_the_agenda_and_is_sent_once_and_before_the_meeting() -> None:
    a_meeting().when(InviteToMeeting()).refused("council.agenda_empty")
    a_meeting(ITEM_ADDED, INVITED).when(InviteToMeeting()).refused("council.already_invited")
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), on=date(2026, 3, 21)).refused("council.meeting_in_past")


@pytest.mark.allows("council.meeting_not_invited", "council.meeting_not_yet")
def test_a_meeting_is_held_on_its_day_after_the_invitation() -> None:
    a_meeting(ITEM_ADDED).when(HoldMeeting(), on=THE_DAY).refused("council.meeting_not_invited")
    a_meeting(ITEM_ADDED, INVITED).when(HoldMeeting(), on=date(2026, 3, 19)).refused("council.meeting_not_yet")
    a_meeting(ITEM_ADDED, INVITED).when(HoldMeeting(), on=THE_DAY).then(MeetingHeld(held_on=THE_DAY))


def test_a_cancelled_meeting_frees_its_papers() -> None:
    freed = On(PAPER, ConsultationUnscheduled(consultation=CONSULTATION, meeting=MEETING, item=ITEM))
    scenario = a_meeting_with_item(INVITED).when(CancelMeeting(reason=REASON)).then(CANCELLED, freed)
    paper = scenario.state_of(PAPER)
    assert isinstance(paper, PaperState)
    assert paper.consultations[0].data.meeting is None


@pytest.mark.parametrize(
    "command",
    [CancelMeeting(reason=REASON), RescheduleMeeting(start=LATER, reason=REASON), InviteToMeeting(), HoldMeeting()],
    ids=lambda command: type(command).__name__,
)
def test_what_was_held_or_cancelled_is_not_planned_otherwise(
    command: CancelMeeting | RescheduleMeeting | InviteToMeeting | HoldMeeting,
) -> None:
    a_held_meeting().when(command).refused("council.meeting_over")
    a_meeting(CANCELLED).when(command).refused("council.meeting_cancelled")


def test_a_meeting_without_a_time_is_planned_no_further() -> None:
    timeless = replace(SCHEDULED, data=replace(SCHEDULED.data, start=None))
    a_city(MEETING).beside(MEETING, timeless, ITEM_ADDED).when(InviteToMeeting()).refused("council.led_in_source")


def test_a_meeting_is_published_and_depublished() -> None:
    published = a_meeting().when(PublishMeeting()).then(MeetingPublished())
    published.when(PublishMeeting()).refused("council.already_published")
    published.when(DepublishMeeting(reason=REASON)).then(MeetingDepublished(reason=REASON))
    a_meeting().when(DepublishMeeting(reason=REASON)).refused("council.not_published")


def test_a_file_is_attached_to_a_meeting_or_one_of_its_items() -> None:
    attach = AttachMeetingFile(
        role=FileRole.INVITATION,
        name=TITLE,
        file_name=TITLE,
        mime_type="application/pdf",
        size=0,
        sha512=SHA512,
        item=ITEM,
    )
    a_meeting().when(attach).refused("council.item_unknown")
    scenario = a_meeting_with_item().when(attach).so()
    (file,) = meeting_of(scenario).files
    assert file.data.item == ITEM
    removed = scenario.when(RemoveMeetingFile(file=file.id, reason=REASON)).so()
    assert meeting_of(removed).files == ()
    removed.when(RemoveMeetingFile(file=file.id, reason=REASON)).refused("council.file_unknown")


@pytest.mark.allows("council.file_more_public")
def test_a_file_of_a_non_public_item_is_not_public() -> None:
    attach = AttachMeetingFile(
        role=FileRole.AUXILIARY,
        name=TITLE,
        file_name=TITLE,
        mime_type="application/pdf",
        size=0,
        sha512=SHA512,
        item=ITEM,
        public=True,
    )
    a_meeting_with_item().when(attach).so()
    hidden = replace(ITEM_ADDED, data=replace(ITEM_ADDED.data, public=False))
    a_meeting(hidden).when(attach).refused("council.file_more_public")
    a_meeting(hidden).when(replace(attach, item=None)).so()


@pytest.mark.parametrize("field", [MeetingField.NAME, MeetingField.LOCATION])
def test_a_sealed_field_is_corrected_by_position(field: MeetingField) -> None:
    scenario = a_held_meeting(PRESENT)
    old = getattr(meeting_of(scenario), field.value)
    scenario.when(CorrectMeeting(field=field, new_sealed=TITLE, reason=REASON)).then(
        MeetingCorrected(field=field, corrected_position=old.position, new_sealed=TITLE, reason=REASON)
    )


@pytest.mark.allows("council.out_of_order")
def test_a_meeting_is_corrected_from_the_day_on_which_it_was_scheduled() -> None:
    correct, day = CorrectMeeting(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON), SCHEDULED.scheduled_on
    assert day is not None
    a_held_meeting().when(correct, on=day).so()
    a_held_meeting().when(correct, on=day - timedelta(days=1)).refused("council.out_of_order")
    old = replace(SCHEDULED, scheduled_on=None)
    a_city(MEETING).beside(MEETING, old).when(correct, on=day - timedelta(days=1)).so()


def test_the_end_of_a_meeting_is_corrected() -> None:
    new = "2026-03-20T21:15:00+01:00"
    correct = CorrectMeeting(field=MeetingField.END, new=new, reason=REASON)
    corrected = MeetingCorrected(field=MeetingField.END, old=END.isoformat(), new=new, reason=REASON)
    scenario = a_held_meeting(HELD).when(correct).then(corrected)
    scenario.when(correct).refused("council.nothing_changed")
    a_meeting().when(replace(correct, new="2026-03-20T16:00:00+01:00")).invalid("end")
    a_meeting().when(replace(correct, new="tonight")).invalid("new")
    a_meeting().when(replace(correct, new="2026-03-20T21:15:00")).invalid("new")
    a_meeting().when(replace(correct, reason=Sealed(""))).invalid("reason")


@pytest.mark.allows("council.out_of_order")
@pytest.mark.parametrize(
    "command",
    [
        InviteToMeeting(),
        RescheduleMeeting(start=LATER, reason=REASON),
        CancelMeeting(reason=REASON),
        AddAgendaItem(number="9", order=9, title=TITLE),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nothing_becomes_of_a_meeting_before_it_is_scheduled(command: Any) -> None:
    scheduled_on = SCHEDULED.scheduled_on
    assert scheduled_on is not None
    a_meeting_with_item().when(command, on=scheduled_on - timedelta(days=1)).refused("council.out_of_order")
    a_meeting_with_item().when(command, on=scheduled_on).so()


@pytest.mark.allows("council.out_of_order")
def test_an_invitation_names_what_was_on_the_agenda_on_its_day() -> None:
    added = a_meeting().when(AddAgendaItem(number="9", order=9, title=TITLE), on=TODAY).so()
    later = added.when(AddAgendaItem(number="10", order=10, title=TITLE), on=TODAY + timedelta(days=1)).so()
    for scenario in (added, later):
        scenario.when(InviteToMeeting(), on=TODAY - timedelta(days=1)).refused("council.out_of_order")
        scenario.when(InviteToMeeting(), on=TODAY).so()
    # When an older item joined is not known.
    a_meeting(ITEM_ADDED).when(InviteToMeeting(), on=TODAY - timedelta(days=1)).so()


@pytest.mark.allows("council.out_of_order")
def test_members_are_invited_anew_after_the_meeting_was_rescheduled() -> None:
    moved = a_meeting(ITEM_ADDED, INVITED).when(RescheduleMeeting(start=LATER, reason=REASON)).so()
    moved.when(InviteToMeeting(), on=TODAY - timedelta(days=1)).refused("council.out_of_order")
    moved.when(InviteToMeeting(), on=TODAY).so()


@pytest.mark.allows("council.out_of_order")
def test_an_invitation_is_late_since_its_last_day_however_late_the_meeting_was_scheduled() -> None:
    late = replace(SCHEDULED, scheduled_on=date(2026, 3, 18))
    a_city(MEETING).beside(MEETING, late).when(RecordLateInvitation(), on=date(2026, 3, 14)).so()


@pytest.mark.allows("council.out_of_order")
def test_a_paper_stands_on_an_agenda_after_its_release() -> None:
    released = PaperReleased(released_on=TODAY)
    scenario = a_paper(released, PLANNED).about(MEETING).beside(MEETING, SCHEDULED)
    scenario.when(add_item(), on=TODAY - timedelta(days=1)).refused("council.out_of_order")
    scenario.when(add_item(), on=TODAY).so()
