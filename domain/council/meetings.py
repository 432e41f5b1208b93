"""Decisions about a meeting (Sitzung): planning, inviting, holding, publishing, correcting."""

from datetime import date, datetime, timedelta
from typing import assert_never
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.files import new_file
from domain.council.minutes import PROTOCOLS
from domain.council.parts import MeetingData, Reference
from domain.council.rules import meetings as rules
from domain.council.rules import minutes, papers, records
from domain.council.state import MeetingState, State
from domain.council.vocabulary import MeetingField, MeetingStatus
from domain.kernel import Channel, Context, Fact, Invalid, Message, On, Rejected, day_of

Facts = tuple[Fact | On, ...]


def decide_meeting(state: State | None, command: commands.MeetingCommand, context: Context) -> Facts:
    """The facts that a command about a meeting leads to."""
    match command:
        case commands.ScheduleMeeting():
            return _schedule(state, command, context)
        case commands.RescheduleMeeting():
            return _reschedule(_planned(state), command, context)
        case commands.InviteToMeeting():
            return _invite(_planned(state), command, context)
        case commands.RecordLateInvitation():
            return _late(_planned(state), context)
        case commands.HoldMeeting():
            return _hold(_planned(state), context)
        case commands.CancelMeeting():
            return _cancel(_planned(state), command, context)
        case commands.AttachMeetingFile():
            return _attach(checks.led_here(state, MeetingState), command, context)
        case commands.RemoveMeetingFile():
            return _remove(checks.led_here(state, MeetingState), command)
        case commands.PublishMeeting():
            checks.may_publish(checks.known(state, MeetingState).publication)
            return (facts.MeetingPublished(),)
        case commands.DepublishMeeting():
            checks.may_depublish(checks.known(state, MeetingState).publication)
            return (facts.MeetingDepublished(reason=checks.text("reason", command.reason)),)
        case commands.CorrectMeeting():
            return _correct(checks.led_here(state, MeetingState), command)
        case _:
            assert_never(command)


def _planned(state: State | None) -> MeetingState:
    meeting = checks.led_here(state, MeetingState)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Rejected(rules.MEETING_CANCELLED)
    if meeting.status.was_held:
        raise Rejected(rules.MEETING_OVER)
    return meeting


def _schedule(state: State | None, command: commands.ScheduleMeeting, context: Context) -> Facts:
    checks.expect_new(state)
    number = checks.short("number", command.number)
    checks.span(command.start, command.end)
    body = checks.meeting_body(context, command.body)
    _ahead(command.start, context)
    data = MeetingData(bodies=(Reference(command.body),), start=command.start, end=command.end, seats=body.data.seats)
    name = checks.optional_text("name", command.name)
    location = checks.optional_text("location", command.location)
    return (
        facts.MeetingScheduled(
            meeting_number=number, data=data, name=name, location=location, scheduled_on=context.day
        ),
    )


def _reschedule(meeting: MeetingState, command: commands.RescheduleMeeting, context: Context) -> Facts:
    checks.span(command.start, command.end)
    _ahead(command.start, context)
    body, start = _slot(meeting)
    if command.start == start:
        raise Rejected(records.NOTHING_CHANGED)
    reason = checks.text("reason", command.reason)
    return (
        facts.MeetingRescheduled(
            body=body,
            old_start=start,
            start=command.start,
            end=command.end,
            reason=reason,
            rescheduled_on=context.day,
        ),
    )


def _invite(meeting: MeetingState, command: commands.InviteToMeeting, context: Context) -> Facts:
    if meeting.status is MeetingStatus.INVITED:
        raise Rejected(rules.ALREADY_INVITED)
    if not meeting.items:
        raise Rejected(rules.AGENDA_EMPTY)
    # It names what is on the agenda on its day; when an older item joined is not known.
    checks.in_order(context, min(item.added_on or date.min for item in meeting.items))
    _, start = _slot(meeting)
    _ahead(start, context)
    reason = checks.optional_text("shortened_notice_reason", command.shortened_notice_reason)
    day = day_of(start)
    notice = (day - context.day).days
    # A day in the past makes no notice longer once it is known to be short; only a history is taken over as it was.
    known = (day - context.today).days
    short_when_recorded = known < rules.NOTICE_DAYS and context.channel is not Channel.IMPORT
    short = notice < rules.NOTICE_DAYS or meeting.late or short_when_recorded
    if short and reason is None:
        raise Rejected(rules.NOTICE_TOO_SHORT, days=notice)
    shortened = reason if short else None
    return (facts.MeetingInvited(invited_on=context.day, notice_days=notice, shortened_notice_reason=shortened),)


def _late(meeting: MeetingState, context: Context) -> Facts:
    if meeting.late:
        raise Rejected(records.ALREADY_RECORDED)
    _, start = _slot(meeting)
    last_day = day_of(start) - timedelta(days=rules.NOTICE_DAYS)
    if meeting.status is MeetingStatus.INVITED or context.day <= last_day:
        raise Rejected(rules.INVITATION_NOT_LATE, last_day=last_day)
    return (facts.InvitationBecameLate(last_day=last_day),)


def _hold(meeting: MeetingState, context: Context) -> Facts:
    if meeting.status is not MeetingStatus.INVITED:
        raise Rejected(rules.MEETING_NOT_INVITED)
    _, start = _slot(meeting)
    if context.day < day_of(start):
        raise Rejected(rules.MEETING_NOT_YET, day=day_of(start))
    return (facts.MeetingHeld(held_on=context.day),)


def _cancel(meeting: MeetingState, command: commands.CancelMeeting, context: Context) -> Facts:
    body, start = _slot(meeting)
    reason = checks.text("reason", command.reason)
    return (
        facts.MeetingCancelled(body=body, start=start, reason=reason),
        *checks.off_the_agenda(meeting.items, context),
    )


def _attach(meeting: MeetingState, command: commands.AttachMeetingFile, context: Context) -> Facts:
    if meeting.status is MeetingStatus.MINUTES_SIGNED and command.role in PROTOCOLS:
        raise Rejected(minutes.MINUTES_SIGNED)
    item = None if command.item is None else checks.item_of(meeting, command.item)
    if command.public and item is not None and not item.data.public:
        raise Rejected(papers.FILE_MORE_PUBLIC)
    data = new_file(command)
    name = checks.text("name", command.name)
    file_name = checks.text("file_name", command.file_name)
    file = checks.new_part(context, "file")
    return (facts.MeetingFileAttached(file=file, data=data, name=name, file_name=file_name),)


def _remove(meeting: MeetingState, command: commands.RemoveMeetingFile) -> Facts:
    if all(file.id != command.file for file in meeting.files):
        raise Rejected(papers.FILE_UNKNOWN, file=command.file)
    if meeting.minutes is not None and meeting.minutes.file == command.file:
        raise Rejected(minutes.FILE_OF_MINUTES)
    return (facts.MeetingFileRemoved(file=command.file, reason=checks.text("reason", command.reason)),)


def _correct(meeting: MeetingState, command: commands.CorrectMeeting) -> Facts:
    if meeting.status is MeetingStatus.MINUTES_SIGNED:
        raise Rejected(minutes.MINUTES_SIGNED)
    reason = checks.text("reason", command.reason)
    field = command.field
    match field:
        case MeetingField.NAME | MeetingField.LOCATION:
            text = checks.text("new_sealed", command.new_sealed or checks.NO_TEXT)
            known = meeting.name if field is MeetingField.NAME else meeting.location
            position = known.position if known else None
            return (facts.MeetingCorrected(field=field, corrected_position=position, new_sealed=text, reason=reason),)
        case MeetingField.END:
            end = _time(checks.short("new", command.new or ""))
            if end == meeting.data.end:
                raise Rejected(records.NOTHING_CHANGED)
            if meeting.data.start is not None:
                checks.span(meeting.data.start, end)
            old = meeting.data.end.isoformat() if meeting.data.end else None
            return (facts.MeetingCorrected(field=field, old=old, new=end.isoformat(), reason=reason),)
        case _:
            assert_never(field)


def _time(value: str) -> datetime:
    try:
        return checks.aware("new", datetime.fromisoformat(value))
    except ValueError:
        en, de = "must be a time such as 2026-03-02T18:00:00+01:00", "muss eine Zeit wie 2026-03-02T18:00:00+01:00 sein"
        raise Invalid("new", Message(en, de)) from None


def _ahead(start: datetime, context: Context) -> None:
    if day_of(start) < context.day:
        raise Rejected(rules.MEETING_IN_PAST, day=day_of(start))


def _slot(meeting: MeetingState) -> tuple[UUID, datetime]:
    if not meeting.data.bodies or meeting.data.start is None:
        # Only a source may leave them open.
        raise Rejected(records.LED_IN_SOURCE)
    return meeting.data.bodies[0].record, meeting.data.start
