"""Moves of the council machine: meetings, their agendas and files, and the tracking of what they resolve."""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.council import commands as c
from domain.council.state import ItemState, MeetingState, PaperState, ResolutionState
from domain.council.vocabulary import (
    FileRole,
    MeetingField,
    MeetingStatus,
    PaperStatus,
    Progress,
    TrackingStatus,
)
from domain.kernel import BERLIN, Channel
from tests.machines.council_papers import SHA512S, UNITS, body_of, nobody
from tests.machines.machine import Attempt, Move, Scene

READY = (PaperStatus.RELEASED, PaperStatus.IN_CONSULTATION, PaperStatus.POSTPONED)


def evening(on: date, hour: int = 17) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=BERLIN)


def day_of(scene: Scene, meeting: MeetingState) -> date:
    return meeting.day or scene.today


def past(on: date) -> date:
    """The day, or the real today where it is still to come: nothing takes effect later."""
    return min(on, datetime.now(BERLIN).date())


def item_of(scene: Scene, meeting: MeetingState) -> UUID:
    """Some item of the meeting, mostly one without an outcome; sometimes none."""
    waiting = [item.id for item in meeting.items if not item.decided]
    decided = [item.id for item in meeting.items if item.decided]
    return scene.often(scene.pick(waiting or decided or [nobody(scene)]), *decided, nobody(scene))


def undecided(meeting: MeetingState) -> list[ItemState]:
    return [item for item in meeting.items if not item.decided]


# Meetings


def scheduling(scene: Scene, number: str) -> c.ScheduleMeeting:
    on = scene.often(scene.day(5, 25), scene.day(-9, -1))
    return c.ScheduleMeeting(number=number, body=body_of(scene), start=evening(on, scene.pick([9, 14, 17])))


def schedule(scene: Scene) -> Attempt:
    return Attempt(command=scheduling(scene, scene.number("S-")))


def schedule_twice(scene: Scene) -> Attempt:
    return Attempt(command=scheduling(scene, scene.taken("council.meeting_number")))


def schedule_at_a_taken_time(scene: Scene) -> Attempt:
    body, at = scene.taken("council.meeting_slot").split(" ")
    start = datetime.fromisoformat(at)
    command = c.ScheduleMeeting(number=scene.number("S-"), body=UUID(body), start=start)
    return Attempt(command=command, on=past(min(scene.today, start.astimezone(BERLIN).date())))


def reschedule(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    known = meeting.data.start or evening(scene.today)
    start = scene.often(evening(scene.day(9, 25)), known, known + timedelta(minutes=1))
    return Attempt(command=c.RescheduleMeeting(start=start, reason=scene.text()), record=record)


def invite(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    day = day_of(scene, meeting)
    on = scene.pick([scene.today, day - timedelta(days=7), day - timedelta(days=6)])
    reason = scene.pick([None, scene.text()])
    command = c.InviteToMeeting(shortened_notice_reason=reason)
    return Attempt(command=command, record=record, on=past(on), channel=scene.pick([Channel.STAFF, Channel.IMPORT]))


def notice_late(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    on = day_of(scene, meeting) - timedelta(days=scene.pick([6, 6, 7]))
    return Attempt(command=c.RecordLateInvitation(), record=record, on=past(on))


def notice_late_twice(scene: Scene) -> Attempt:
    record, _ = scene.some(MeetingState, lambda meeting: meeting.late)
    return Attempt(command=c.RecordLateInvitation(), record=record)


def hold(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    day = day_of(scene, meeting)
    return Attempt(command=c.HoldMeeting(), record=record, on=past(scene.often(day, day - timedelta(days=1))))


def cancel(scene: Scene) -> Attempt:
    record, _ = scene.some(MeetingState)
    return Attempt(command=c.CancelMeeting(reason=scene.text()), record=record)


def publish(scene: Scene) -> Attempt:
    record, _ = scene.some(MeetingState)
    return Attempt(command=c.PublishMeeting(), record=record)


def depublish(scene: Scene) -> Attempt:
    record, _ = scene.some(MeetingState)
    return Attempt(command=c.DepublishMeeting(reason=scene.text()), record=record)


def correct(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    field = scene.pick(MeetingField)
    end = (meeting.data.start or evening(scene.today)) + timedelta(hours=scene.pick([1, 2, -1]))
    is_end = field is MeetingField.END
    command = c.CorrectMeeting(
        field=field,
        new=end.isoformat() if is_end else None,
        new_sealed=None if is_end else scene.text(),
        reason=scene.text(),
    )
    return Attempt(command=command, record=record)


# Agendas and files


def add_item(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    taken = [item.data.number or "-" for item in meeting.items]
    command = c.AddAgendaItem(
        number=scene.often(scene.number(), *taken) if taken else scene.number(),
        order=1 + len(taken),
        title=scene.text(),
        public=scene.chance(0.5),
        paper=scene.often(None, nobody(scene)),
        urgency=scene.often(scene.text(), None),
    )
    return Attempt(command=command, record=record)


def add_paper(scene: Scene) -> Attempt:
    def waits(paper: PaperState) -> bool:
        return paper.status in READY and any(not each.decided and not each.data.meeting for each in paper.consultations)

    found, paper = scene.some(PaperState, waits)
    bodies = {body.record for each in paper.consultations for body in each.data.bodies if not each.data.meeting}
    record, meeting = scene.some(MeetingState, lambda meeting: bool(meeting.bodies & bodies))
    command = c.AddAgendaItem(
        number=scene.number(),
        order=1 + len(meeting.items),
        public=scene.chance(0.5),
        paper=found,
        urgency=scene.often(scene.text(), None),
    )
    return Attempt(command=command, record=record)


def add_any_paper(scene: Scene) -> Attempt:
    record, _ = scene.some(MeetingState)
    paper, _ = scene.some(PaperState)
    command = c.AddAgendaItem(number=scene.number(), order=1, paper=paper, public=True, urgency=scene.text())
    return Attempt(command=command, record=record)


def move_item(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    item = item_of(scene, meeting)
    known = meeting.item(item)
    taken = [each.data.number or "-" for each in meeting.items]
    number = scene.often(scene.number(), *taken) if taken else scene.number()
    order = known.data.order if known else 1
    return Attempt(command=c.MoveAgendaItem(item=item, number=number, order=order), record=record)


def remove_item(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    return Attempt(command=c.RemoveAgendaItem(item=item_of(scene, meeting), reason=scene.text()), record=record)


def exclude_public(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    return Attempt(command=c.ExcludePublic(item=item_of(scene, meeting), ground=scene.text()), record=record)


def attach(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    command = c.AttachMeetingFile(
        role=scene.often(FileRole.RESULTS_PROTOCOL, FileRole.INVITATION),
        name=scene.text(),
        file_name=scene.text(),
        mime_type="application/pdf",
        size=1,
        sha512=scene.pick(SHA512S),
        public=scene.chance(0.3),
        item=scene.often(None, *[item.id for item in meeting.items], nobody(scene)),
    )
    return Attempt(command=command, record=record)


def remove_file(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState)
    file = scene.pick([file.id for file in meeting.files] or [nobody(scene)])
    return Attempt(
        command=c.RemoveMeetingFile(file=scene.often(file, nobody(scene)), reason=scene.text()), record=record
    )


def remove_the_minutes(scene: Scene) -> Attempt:
    record, meeting = scene.some(MeetingState, lambda meeting: meeting.minutes is not None)
    assert meeting.minutes is not None
    return Attempt(command=c.RemoveMeetingFile(file=meeting.minutes.file, reason=scene.text()), record=record)


# Tracking


def working_day(scene: Scene, resolution: ResolutionState) -> date:
    """The day of the world, or the first on which something may become of the resolution; sometimes one before."""
    since = resolution.since
    return past(scene.often(max(scene.today, since), since, since - timedelta(days=1)))


def assign(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    on = working_day(scene, resolution)
    due = on + timedelta(days=scene.often(scene.random.randint(1, 30), -1))
    return Attempt(command=c.AssignImplementation(unit=scene.pick(UNITS), due=due), record=record, on=on)


def report(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    on = working_day(scene, resolution)
    command = c.ReportImplementation(
        progress=scene.pick(Progress),
        due=scene.pick([None, on + timedelta(days=20), on - timedelta(days=1)]),
        delay_reason=scene.often(scene.text(), None),
    )
    return Attempt(command=command, record=record, on=on)


def move_the_due_date_without_a_word(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, lambda resolution: resolution.due is not None)
    assert resolution.due is not None
    due = resolution.due + timedelta(days=scene.pick([0, 1]))
    silent = c.ReportImplementation(progress=Progress.IN_PROGRESS, due=due)
    command = scene.pick([silent, c.AssignImplementation(unit=scene.pick(UNITS), due=due)])
    return Attempt(command=command, record=record, on=past(resolution.since))


def find_overdue(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    due = resolution.due or scene.today
    on = past(due + timedelta(days=scene.pick([0, 1])))
    return Attempt(command=c.RecordOverdueImplementation(), record=record, on=on)


def find_overdue_twice(scene: Scene) -> Attempt:
    record, _ = scene.some(ResolutionState, lambda resolution: resolution.overdue)
    return Attempt(command=c.RecordOverdueImplementation(), record=record)


def complete(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    return Attempt(command=c.CompleteImplementation(), record=record, on=working_day(scene, resolution))


def complete_what_is_delayed(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, lambda found: found.status is TrackingStatus.DELAYED)
    return Attempt(command=c.CompleteImplementation(), record=record, on=past(max(scene.today, resolution.since)))


def complete_before_it_was_adopted(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState, lambda found: found.status.being_implemented)
    on = resolution.adopted_on - timedelta(days=1)
    return Attempt(command=c.CompleteImplementation(), record=record, on=on)


def report_finally(scene: Scene) -> Attempt:
    record, resolution = scene.some(ResolutionState)
    own = scene.chance(0.8)
    meeting, known = scene.some(
        MeetingState,
        lambda meeting: meeting.status.was_held and (not own or bool(meeting.bodies & resolution.bodies)),
    )
    on = past(max(scene.today, day_of(scene, known), resolution.since))
    return Attempt(command=c.GiveFinalReport(meeting=scene.often(meeting, nobody(scene))), record=record, on=on)


def tell_of_one_that_was_told_for_the_last_time(scene: Scene) -> Attempt:
    told, resolution = scene.some(ResolutionState, lambda found: found.status is TrackingStatus.REPORTED_FINAL)

    def fits(meeting: MeetingState) -> bool:
        return meeting.status is MeetingStatus.HELD and bool(meeting.bodies & resolution.bodies)

    record, meeting = scene.some(MeetingState, fits)
    on = past(max(scene.today, day_of(scene, meeting)))
    return Attempt(command=c.GiveTrackingReport(resolutions=(told,)), record=record, on=on)


MOVES: tuple[Move, ...] = (
    schedule,
    schedule_twice,
    schedule_at_a_taken_time,
    reschedule,
    invite,
    notice_late,
    notice_late_twice,
    hold,
    cancel,
    publish,
    depublish,
    correct,
    add_item,
    add_paper,
    add_any_paper,
    move_item,
    remove_item,
    exclude_public,
    attach,
    remove_file,
    remove_the_minutes,
    assign,
    report,
    move_the_due_date_without_a_word,
    find_overdue,
    find_overdue_twice,
    complete,
    complete_what_is_delayed,
    complete_before_it_was_adopted,
    report_finally,
    tell_of_one_that_was_told_for_the_last_time,
)
