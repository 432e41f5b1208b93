"""Decisions about a meeting (Sitzung): planning, inviting, holding, publishing, correcting."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.files import new_file
from domain.council.imports import item_differences, meeting_differences
from domain.council.parts import MeetingData, Reference
from domain.council.rules import meetings as rules
from domain.council.rules import papers, records
from domain.council.state import ConsultationState, ItemState, MeetingState, PaperState, State
from domain.council.vocabulary import MeetingField, MeetingStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

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
        case commands.HoldMeeting():
            return _hold(_planned(state), context)
        case commands.CancelMeeting():
            return _cancel(_planned(state), command, context)
        case commands.RecordAttendance():
            return _attendance(held(state), command)
        case commands.AttachMeetingFile():
            return _attach(checks.led_here(state, MeetingState), command, context)
        case commands.RemoveMeetingFile():
            if all(file.id != command.file for file in checks.led_here(state, MeetingState).files):
                raise Rejected(papers.FILE_UNKNOWN, file=command.file)
            return (facts.MeetingFileRemoved(file=command.file, reason=checks.text("reason", command.reason)),)
        case commands.PublishMeeting():
            checks.may_publish(checks.known(state, MeetingState).publication)
            return (facts.MeetingPublished(),)
        case commands.DepublishMeeting():
            checks.may_depublish(checks.known(state, MeetingState).publication)
            return (facts.MeetingDepublished(reason=checks.text("reason", command.reason)),)
        case commands.CorrectMeeting():
            return _correct(checks.led_here(state, MeetingState), command)
        case commands.ImportMeeting():
            checks.expect_new(state)
            return meeting_differences(None, command.system, command.meeting, command.limit, context.pseudonym)
        case commands.UpdateImportedMeeting():
            meeting = checks.led_in_source(state, MeetingState)
            return meeting_differences(meeting, command.system, command.meeting, command.limit, context.pseudonym)
        case commands.UpdateImportedAgendaItem():
            meeting = checks.led_in_source(state, MeetingState)
            return item_differences(meeting, command.system, command.item, command.files, context.pseudonym)
        case _:
            assert_never(command)


def held(state: State | None) -> MeetingState:
    """A meeting that is being held. Raises Rejected."""
    meeting = checks.led_here(state, MeetingState)
    if meeting.status is not MeetingStatus.HELD:
        raise Rejected(rules.MEETING_NOT_HELD, status=meeting.status)
    return meeting


def on_the_agenda(item: ItemState, paper: object) -> tuple[ConsultationState, ...]:
    """The paper's consultation that the item is for, if it is not over."""
    if not isinstance(paper, PaperState):
        return ()
    return tuple(c for c in paper.consultations if not c.decided and c.data.item == Reference(item.id))


def off_the_agenda(items: Iterable[ItemState], context: Context) -> tuple[On, ...]:
    """What the papers of these items learn when the items are gone: they may stand on another agenda."""
    return tuple(
        On(
            item.data.paper.record,
            facts.ConsultationUnscheduled(consultation=consultation.id, meeting=context.record_id, item=item.id),
        )
        for item in items
        if item.data.paper is not None
        for consultation in on_the_agenda(item, context.reads.get(item.data.paper.record))
    )


def _planned(state: State | None) -> MeetingState:
    meeting = checks.led_here(state, MeetingState)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Rejected(rules.MEETING_CANCELLED)
    if meeting.status is MeetingStatus.HELD:
        raise Rejected(rules.MEETING_OVER)
    return meeting


def _schedule(state: State | None, command: commands.ScheduleMeeting, context: Context) -> Facts:
    checks.expect_new(state)
    number = checks.short("number", command.number)
    checks.in_order(command.start, command.end)
    body = checks.meeting_body(context, command.body)
    _ahead(command.start, context)
    data = MeetingData(bodies=(Reference(command.body),), start=command.start, end=command.end, seats=body.data.seats)
    name = checks.optional_text("name", command.name)
    location = checks.optional_text("location", command.location)
    return (facts.MeetingScheduled(meeting_number=number, data=data, name=name, location=location),)


def _reschedule(meeting: MeetingState, command: commands.RescheduleMeeting, context: Context) -> Facts:
    checks.in_order(command.start, command.end)
    _ahead(command.start, context)
    body, start = _slot(meeting)
    if command.start == start:
        raise Rejected(records.NOTHING_CHANGED)
    reason = checks.text("reason", command.reason)
    return (facts.MeetingRescheduled(body=body, old_start=start, start=command.start, end=command.end, reason=reason),)


def _invite(meeting: MeetingState, command: commands.InviteToMeeting, context: Context) -> Facts:
    if meeting.status is MeetingStatus.INVITED:
        raise Rejected(rules.ALREADY_INVITED)
    if not meeting.items:
        raise Rejected(rules.AGENDA_EMPTY)
    _, start = _slot(meeting)
    _ahead(start, context)
    reason = checks.optional_text("shortened_notice_reason", command.shortened_notice_reason)
    notice = (checks.day_of(start) - context.day).days
    if notice < rules.NOTICE_DAYS and reason is None:
        raise Rejected(rules.NOTICE_TOO_SHORT, days=notice)
    return (facts.MeetingInvited(invited_on=context.day, notice_days=notice, shortened_notice_reason=reason),)


def _hold(meeting: MeetingState, context: Context) -> Facts:
    if meeting.status is not MeetingStatus.INVITED:
        raise Rejected(rules.MEETING_NOT_INVITED)
    _, start = _slot(meeting)
    if context.day < checks.day_of(start):
        raise Rejected(rules.MEETING_NOT_YET, day=checks.day_of(start))
    return (facts.MeetingHeld(held_on=context.day),)


def _cancel(meeting: MeetingState, command: commands.CancelMeeting, context: Context) -> Facts:
    body, start = _slot(meeting)
    reason = checks.text("reason", command.reason)
    return (facts.MeetingCancelled(body=body, start=start, reason=reason), *off_the_agenda(meeting.items, context))


def _attendance(meeting: MeetingState, command: commands.RecordAttendance) -> Facts:
    present = checks.count("voting_members", command.voting_members)
    if meeting.data.seats is not None and present > meeting.data.seats:
        raise Rejected(rules.TOO_MANY_PRESENT, present=present, seats=meeting.data.seats)
    return (facts.AttendanceRecorded(voting_members=present),)


def _attach(meeting: MeetingState, command: commands.AttachMeetingFile, context: Context) -> Facts:
    if command.item is not None and meeting.item(command.item) is None:
        raise Rejected(rules.ITEM_UNKNOWN, item=command.item)
    data = new_file(command)
    name = checks.text("name", command.name)
    file_name = checks.text("file_name", command.file_name)
    file = checks.new_part(context, "file")
    return (facts.MeetingFileAttached(file=file, data=data, name=name, file_name=file_name),)


def _correct(meeting: MeetingState, command: commands.CorrectMeeting) -> Facts:
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
                checks.in_order(meeting.data.start, end)
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
    if checks.day_of(start) < context.day:
        raise Rejected(rules.MEETING_IN_PAST, day=checks.day_of(start))


def _slot(meeting: MeetingState) -> tuple[UUID, datetime]:
    if not meeting.data.bodies or meeting.data.start is None:
        # Only a source may leave them open.
        raise Rejected(records.LED_IN_SOURCE)
    return meeting.data.bodies[0].record, meeting.data.start
