"""Minutes: drafted, signed by two people, then unalterable; objections go into the next ones."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from domain.council.commands import (
    AddAgendaItem,
    AttachMeetingFile,
    CancelMeeting,
    CorrectMeeting,
    DraftMinutes,
    GiveTrackingReport,
    NoteMinutesObjection,
    RecordAttendance,
    RemoveMeetingFile,
    SignMinutes,
)
from domain.council.facts import (
    AgendaItemAdded,
    MeetingCorrected,
    MeetingFileRemoved,
    MinutesDrafted,
    MinutesObjected,
    MinutesObjectionNoted,
    MinutesSigned,
    MinutesVoided,
)
from domain.council.parts import AgendaItemData, Reference
from domain.council.state import MeetingState
from domain.council.vocabulary import FileRole, MeetingField, MeetingStatus, Signatory
from domain.kernel import Channel, On, Supervision
from tests.domain.council.examples import (
    ADOPTED,
    BLANK,
    COMMITTEE,
    FIRST_SIGNATURE,
    HELD,
    INVITED,
    MEETING,
    MEMBERS,
    MINUTES,
    PRESENT,
    PROTOCOL,
    REASON,
    RESOLUTION,
    RESOLVED,
    SCHEDULED,
    SECOND_SIGNATURE,
    SHA512,
    SIGNED,
    START,
    THE_DAY,
    TITLE,
    VOTED,
    a_held_meeting,
)
from tests.scenario import ACTOR, SOMEBODY_ELSE, Given, an_id

DECIDED = (PRESENT, VOTED, ADOPTED)
DRAFT = DraftMinutes(file=PROTOCOL.file)
SIGN = SignMinutes(office=Signatory.CHAIR, sha512=SHA512)
OBJECT = NoteMinutesObjection(minutes_of=MEETING, text=REASON)
NEXT = an_id("next")
LATER = THE_DAY.date() + timedelta(days=30)
VOIDED = MinutesVoided(file=PROTOCOL.file, sha512=SHA512, signatories=(SOMEBODY_ELSE,))
URGENT = AgendaItemAdded(item=an_id("urgent"), data=AgendaItemData(number="6", order=6), title=TITLE, urgency=REASON)


def meeting_of(scenario: Given) -> MeetingState:
    state = scenario.state_of(MEETING)
    assert isinstance(state, MeetingState)
    return state


@pytest.mark.allows("council.items_open")
def test_a_protocol_of_the_meeting_is_the_draft_of_its_minutes() -> None:
    a_held_meeting(*DECIDED, PROTOCOL).when(DRAFT).then(MINUTES)
    a_held_meeting(*DECIDED).when(DRAFT).refused("council.file_unknown")
    a_held_meeting(PRESENT, PROTOCOL).when(DRAFT).refused("council.items_open")
    other = replace(PROTOCOL, data=replace(PROTOCOL.data, role=FileRole.INVITATION))
    a_held_meeting(*DECIDED, other).when(DRAFT).invalid("file")
    a_held_meeting(*DECIDED, PROTOCOL, MINUTES).when(DRAFT).refused("council.nothing_changed")


@pytest.mark.allows(
    "council.minutes_not_drafted", "council.two_signatures", "council.signed_in_this_office", "council.other_minutes"
)
def test_chair_and_secretary_sign_and_then_the_minutes_are_signed() -> None:
    drafted = a_held_meeting(*DECIDED, PROTOCOL, MINUTES)
    first = drafted.when(SIGN, actor=SOMEBODY_ELSE).then(FIRST_SIGNATURE)
    assert meeting_of(first).status is MeetingStatus.HELD
    signed = first.when(replace(SIGN, office=Signatory.SECRETARY), actor=ACTOR).then(SECOND_SIGNATURE)
    assert meeting_of(signed).status is MeetingStatus.MINUTES_SIGNED


def test_two_people_sign_once_in_each_office_what_they_have_read() -> None:
    first = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE)
    second = replace(SIGN, office=Signatory.SECRETARY)
    first.when(second, actor=SOMEBODY_ELSE).refused("council.two_signatures")
    first.when(SIGN, actor=ACTOR).refused("council.signed_in_this_office")
    first.when(replace(second, sha512="cd" * 64), actor=ACTOR).refused("council.other_minutes")
    a_held_meeting(*DECIDED, PROTOCOL).when(SIGN).refused("council.minutes_not_drafted")


@pytest.mark.allows("council.two_signatures")
def test_a_deputy_is_the_person_they_stand_in_for_when_minutes_are_signed() -> None:
    third, drafted = an_id("third"), a_held_meeting(*DECIDED, PROTOCOL, MINUTES)
    second = replace(SIGN, office=Signatory.SECRETARY)
    first = drafted.when(SIGN, actor=SOMEBODY_ELSE, deputising_for=third).so()
    first.when(second, actor=third).refused("council.two_signatures")
    first.when(second, actor=ACTOR, deputising_for=third).refused("council.two_signatures")
    first.when(second, actor=ACTOR, deputising_for=SOMEBODY_ELSE).refused("council.two_signatures")
    (signed,) = first.when(second, actor=ACTOR, deputising_for=an_id("fourth")).facts
    assert isinstance(signed, MinutesSigned)
    assert (signed.signatory, signed.deputising_for) == (ACTOR, an_id("fourth"))
    supervised = signed.supervised()
    assert supervised is not None
    assert supervised.others == (SOMEBODY_ELSE, third)


@pytest.mark.allows("council.staff_only")
def test_minutes_are_signed_by_members_of_staff() -> None:
    drafted = a_held_meeting(*DECIDED, PROTOCOL, MINUTES)
    for channel in (Channel.SERVICE_PORTAL, Channel.IMPORT):
        drafted.when(SIGN, actor=SOMEBODY_ELSE, channel=channel).refused("council.staff_only")
    drafted.when(SIGN, actor=SOMEBODY_ELSE, channel=Channel.STAFF).then(FIRST_SIGNATURE)


def test_only_the_second_signature_is_an_act_of_two_people() -> None:
    assert FIRST_SIGNATURE.supervised() is None
    supervised = SECOND_SIGNATURE.supervised()
    assert supervised is not None
    assert (supervised.by, supervised.others) == (Supervision.FOUR_EYES, (SOMEBODY_ELSE,))


def test_another_draft_voids_the_signature_under_the_first() -> None:
    other = replace(PROTOCOL, file=an_id("other"), data=replace(PROTOCOL.data, sha512="cd" * 64))
    scenario = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE, other)
    draft = MinutesDrafted(file=other.file, sha512="cd" * 64, drafted_on=THE_DAY.date())
    redrafted = scenario.when(DraftMinutes(file=other.file)).then(VOIDED, draft)
    redrafted.when(replace(SIGN, sha512="cd" * 64), actor=SOMEBODY_ELSE).then(
        MinutesSigned(office=Signatory.CHAIR, sha512="cd" * 64, signatory=SOMEBODY_ELSE, signed_on=THE_DAY.date())
    )


def test_another_draft_names_in_whose_place_the_first_was_signed() -> None:
    other = replace(PROTOCOL, file=an_id("other"), data=replace(PROTOCOL.data, sha512="cd" * 64))
    unsigned = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, other)
    signed = unsigned.when(SIGN, actor=SOMEBODY_ELSE, deputising_for=an_id("third")).so()
    again = DraftMinutes(file=other.file)
    assert signed.when(again).facts[0] == replace(VOIDED, deputising_for=(an_id("third"),))
    assert unsigned.when(again).facts[0] == replace(VOIDED, signatories=())


@pytest.mark.parametrize(
    "command",
    [
        DRAFT,
        SIGN,
        AddAgendaItem(number="7", order=7, title=TITLE, urgency=REASON),
        CorrectMeeting(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON),
    ],
    ids=lambda command: type(command).__name__,
)
def test_signed_minutes_and_what_they_tell_are_unalterable(command: Any) -> None:
    a_held_meeting(*DECIDED, *SIGNED).when(command).refused("council.minutes_signed")


def test_a_meeting_whose_minutes_are_signed_was_held() -> None:
    a_held_meeting(*DECIDED, *SIGNED).when(CancelMeeting(reason=REASON)).refused("council.meeting_over")


@pytest.mark.allows("council.file_of_minutes")
def test_the_file_of_the_minutes_stays() -> None:
    remove = RemoveMeetingFile(file=PROTOCOL.file, reason=REASON)
    a_held_meeting(*DECIDED, PROTOCOL, MINUTES).when(remove).refused("council.file_of_minutes")
    a_held_meeting(*DECIDED, *SIGNED).when(remove).refused("council.file_of_minutes")
    a_held_meeting(*DECIDED, PROTOCOL).when(remove).then(MeetingFileRemoved(file=PROTOCOL.file, reason=REASON))


SCAN = AttachMeetingFile(
    role=FileRole.AUXILIARY, name=TITLE, file_name=TITLE, mime_type="application/pdf", size=1, sha512=SHA512
)


@pytest.mark.allows("council.minutes_signed")
def test_a_copy_may_be_attached_to_signed_minutes() -> None:
    a_held_meeting(*DECIDED, *SIGNED).when(SCAN).so()


@pytest.mark.allows("council.minutes_signed")
@pytest.mark.parametrize("role", [FileRole.RESULTS_PROTOCOL, FileRole.VERBATIM_PROTOCOL])
def test_no_second_protocol_stands_beside_signed_minutes(role: FileRole) -> None:
    second = replace(SCAN, role=role)
    a_held_meeting(*DECIDED, *SIGNED).when(second).refused("council.minutes_signed")
    a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE).when(second).so()


def in_the_next_meeting(*minutes: Any, **changes: Any) -> Given:
    """A later meeting of the council, after one with these minutes."""
    data = replace(SCHEDULED.data, start=START + timedelta(days=30), end=None)
    scheduled = replace(SCHEDULED, meeting_number="RAT/2026/04", data=replace(data, **changes))
    held = a_held_meeting(*DECIDED, *minutes).about(NEXT).beside(NEXT, scheduled, INVITED, HELD)
    return held.at(THE_DAY + timedelta(days=30))


@pytest.mark.allows("council.minutes_not_signed", "council.meeting_unknown")
def test_an_objection_goes_into_the_next_minutes_and_leaves_the_signed_ones() -> None:
    scenario = in_the_next_meeting(*SIGNED).when(OBJECT)
    objection = next(item.objection for item in scenario.facts if isinstance(item, MinutesObjectionNoted))
    noted = scenario.then(
        MinutesObjectionNoted(objection=objection, minutes_of=MEETING, text=REASON),
        On(MEETING, MinutesObjected(objection=objection, noted_in=NEXT)),
    )
    assert meeting_of(noted).status is MeetingStatus.MINUTES_SIGNED
    drafted = noted.beside(NEXT, PROTOCOL).when(DRAFT)
    drafted.then(MinutesDrafted(file=PROTOCOL.file, sha512=SHA512, objections=(objection,), drafted_on=LATER))


def test_an_objection_voids_a_draft_that_does_not_carry_it() -> None:
    scenario = in_the_next_meeting(*SIGNED).beside(NEXT, PROTOCOL, MINUTES, FIRST_SIGNATURE)
    scenario.when(OBJECT).so().when(SIGN).refused("council.minutes_not_drafted")


@pytest.mark.parametrize(
    "command",
    [
        AddAgendaItem(number="7", order=7, title=TITLE, urgency=REASON),
        RecordAttendance(members=tuple(each.member for each in MEMBERS[:3])),
        GiveTrackingReport(resolutions=(RESOLUTION,)),
        CorrectMeeting(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_a_meeting_does_after_the_first_signature_voids_the_draft(command: Any) -> None:
    first = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE).beside(RESOLUTION, RESOLVED)
    second = replace(SIGN, office=Signatory.SECRETARY)
    told = first.when(command)
    assert [fact for fact in told.facts if isinstance(fact, MinutesVoided)] == [VOIDED]
    told.so().when(second, actor=ACTOR).refused("council.minutes_not_drafted")


def test_a_draft_that_was_voided_is_drafted_and_signed_anew_by_both() -> None:
    first = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE)
    counted = first.when(RecordAttendance(members=tuple(each.member for each in MEMBERS[:3]))).so()
    redrafted = counted.when(DRAFT).then(MINUTES)
    signed = redrafted.when(SIGN, actor=SOMEBODY_ELSE).then(FIRST_SIGNATURE)
    signed.when(replace(SIGN, office=Signatory.SECRETARY), actor=ACTOR).then(SECOND_SIGNATURE)


@pytest.mark.parametrize("fact", [URGENT, PRESENT, VOTED, ADOPTED], ids=lambda fact: type(fact).__name__)
def test_a_draft_stands_until_a_fact_says_that_it_is_void_and_an_older_one_went_without_a_word(fact: Any) -> None:
    drafted = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE, fact)
    assert meeting_of(drafted).minutes is not None
    assert meeting_of(drafted.beside(MEETING, VOIDED)).minutes is None
    older = (replace(MINUTES, drafted_on=None), replace(FIRST_SIGNATURE, signed_on=None))
    assert meeting_of(a_held_meeting(*DECIDED, PROTOCOL, *older, fact)).minutes is None


def test_nothing_is_void_where_nothing_is_drafted() -> None:
    told = a_held_meeting(*DECIDED, PROTOCOL).when(
        CorrectMeeting(field=MeetingField.NAME, new_sealed=TITLE, reason=REASON)
    )
    assert [type(fact) for fact in told.facts] == [MeetingCorrected]


@pytest.mark.allows("council.out_of_order")
def test_minutes_are_drafted_after_the_meeting_and_signed_after_the_draft() -> None:
    held, day = a_held_meeting(*DECIDED, PROTOCOL), THE_DAY.date()
    held.when(DRAFT, on=day - timedelta(days=1)).refused("council.out_of_order")
    drafted = held.when(DRAFT, on=day + timedelta(days=2)).so()
    sign = partial(drafted.when, SIGN, actor=SOMEBODY_ELSE)
    sign(on=day + timedelta(days=1)).refused("council.out_of_order")
    second = replace(SIGN, office=Signatory.SECRETARY)
    first = sign(on=day + timedelta(days=3)).so()
    first.when(second, on=day + timedelta(days=2)).refused("council.out_of_order")
    first.when(second, on=day + timedelta(days=3)).so()


@pytest.mark.allows("council.out_of_order")
def test_an_objection_comes_after_the_signatures() -> None:
    day = LATER + timedelta(days=2)
    signed = (PROTOCOL, MINUTES, FIRST_SIGNATURE, replace(SECOND_SIGNATURE, signed_on=day))
    in_the_next_meeting(*signed).when(OBJECT, on=day - timedelta(days=1)).refused("council.out_of_order")
    in_the_next_meeting(*signed).when(OBJECT, on=day).so()


def test_a_file_that_joins_leaves_the_signature_under_the_draft() -> None:
    copy = replace(PROTOCOL, file=an_id("copy"))
    first = a_held_meeting(*DECIDED, PROTOCOL, MINUTES, FIRST_SIGNATURE, copy)
    first.when(replace(SIGN, office=Signatory.SECRETARY), actor=ACTOR).then(SECOND_SIGNATURE)


def test_an_objection_is_to_signed_minutes_of_an_earlier_meeting_of_the_body() -> None:
    in_the_next_meeting(PROTOCOL, MINUTES).when(OBJECT).refused("council.minutes_not_signed")
    in_the_next_meeting(*SIGNED).when(replace(OBJECT, minutes_of=an_id("none"))).refused("council.meeting_unknown")
    in_the_next_meeting(*SIGNED, start=START).when(OBJECT).refused("council.meeting_unknown")
    elsewhere = in_the_next_meeting(*SIGNED, bodies=(Reference(COMMITTEE),))
    elsewhere.when(OBJECT).refused("council.meeting_unknown")
    in_the_next_meeting(*SIGNED).when(replace(OBJECT, text=BLANK)).invalid("text")
