"""What each fact makes of a meeting with its agenda, attendance, minutes and files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from domain.council import facts
from domain.council.evolve.parts import depublished, each, files_after
from domain.council.parts import AgendaItemData
from domain.council.state import ItemState, MeetingState, MinutesState, SignatureState
from domain.council.vocabulary import MeetingField, MeetingStatus, Publication
from domain.days import last_known
from domain.kernel import day_of


def evolve_meeting(meeting: MeetingState, fact: facts.MeetingFact) -> MeetingState:
    after = _evolved(meeting, fact)
    if isinstance(fact, facts.TOLD_IN_MINUTES) and after.minutes is not None and after.minutes.since is None:
        # What voids a draft says so, except where the draft is of the time before that.
        return replace(after, minutes=None)
    return after


def _evolved(meeting: MeetingState, fact: facts.MeetingFact) -> MeetingState:
    match fact:
        case facts.MeetingScheduled():
            return MeetingState(
                number=fact.meeting_number,
                status=MeetingStatus.SCHEDULED,
                data=fact.data,
                name=fact.name,
                location=fact.location,
                source=fact.source,
                begun_on=fact.scheduled_on,
                since=fact.scheduled_on,
            )
        case facts.MeetingRescheduled():
            data = replace(meeting.data, start=fact.start, end=fact.end)
            # Only a later day gives time to invite again.
            late = meeting.late and day_of(fact.start) <= day_of(fact.old_start)
            since = last_known(meeting.since, fact.rescheduled_on)
            return replace(meeting, status=MeetingStatus.SCHEDULED, data=data, late=late, since=since)
        case facts.MeetingAmended():
            return replace(
                meeting,
                status=fact.status or meeting.status,
                data=fact.data,
                name=fact.name if "name" in fact.changed else meeting.name,
                location=fact.location if "location" in fact.changed else meeting.location,
                source=fact.source,
            )
        case facts.MeetingInvited():
            return replace(meeting, status=MeetingStatus.INVITED, since=last_known(meeting.since, fact.invited_on))
        case facts.InvitationBecameLate():
            return replace(meeting, late=True)
        case facts.MeetingHeld():
            # What happens in it is of its own day, also where it was opened in the books on a later one.
            held = meeting.day if fact.held_on else None
            return replace(meeting, status=MeetingStatus.HELD, since=last_known(meeting.since, held))
        case facts.MeetingCancelled():
            return replace(meeting, status=MeetingStatus.CANCELLED)
        case facts.AgendaItemAdded():
            return replace(meeting, items=(*meeting.items, _added(fact)))
        case facts.AgendaItemRemoved():
            return replace(meeting, items=tuple(item for item in meeting.items if item.id != fact.item))
        case facts.AgendaItemMoved():
            return _on_item(
                meeting, fact.item, lambda data: replace(data, number=fact.new.number, order=fact.new.order)
            )
        case facts.AgendaItemChanged():
            changed = ItemState(id=fact.item, data=fact.data, source=fact.source)
            return replace(meeting, items=each(meeting.items, fact.item, lambda _: changed))
        case facts.PublicExcluded():
            return _on_item(meeting, fact.item, lambda data: replace(data, public=False))
        case facts.AttendanceRecorded():
            return replace(meeting, voting_members=fact.voting_members, attending=fact.members)
        case facts.AttendanceChanged():
            others = tuple(known for known in meeting.attending if known.member != fact.member.member)
            attending = (*others, fact.member) if fact.present else others
            return replace(meeting, voting_members=fact.voting_members, attending=attending)
        case facts.ConflictOfInterestDeclared():
            return replace(meeting, items=each(meeting.items, fact.item, lambda item: _biased(item, fact.member)))
        case facts.VoteRecorded():
            items = each(meeting.items, fact.item, lambda item: replace(item, yes=fact.yes, no=fact.no))
            return replace(meeting, items=items)
        case facts.AgendaItemDecided():
            return _on_item(meeting, fact.item, lambda data: replace(data, outcome=fact.outcome))
        case facts.TrackingReportGiven() | facts.MinutesObjected():
            return meeting
        case facts.MinutesDrafted() | facts.MinutesSigned() | facts.MinutesVoided() | facts.MinutesObjectionNoted():
            return _minutes(meeting, fact)
        case facts.MeetingFileAttached() | facts.MeetingFileChanged() | facts.MeetingFileRemoved():
            return replace(meeting, files=files_after(meeting.files, fact))
        case facts.MeetingPublished():
            return replace(meeting, publication=Publication.PUBLISHED)
        case facts.MeetingDepublished():
            return replace(meeting, publication=depublished(fact.at_source))
        case facts.MeetingCorrected():
            return _corrected(meeting, fact)
        case _:
            assert_never(fact)


def _added(fact: facts.AgendaItemAdded) -> ItemState:
    return ItemState(
        id=fact.item,
        data=fact.data,
        source=fact.source,
        decides_again=fact.decides_again,
        added_on=fact.added_on,
    )


def _biased(item: ItemState, member: UUID) -> ItemState:
    return replace(item, biased=item.biased | {member})


def _minutes(
    meeting: MeetingState,
    fact: facts.MinutesDrafted | facts.MinutesSigned | facts.MinutesVoided | facts.MinutesObjectionNoted,
) -> MeetingState:
    match fact:
        case facts.MinutesDrafted():
            drafted = MinutesState(file=fact.file, sha512=fact.sha512, since=fact.drafted_on)
            return replace(meeting, minutes=drafted)
        case facts.MinutesVoided():
            return replace(meeting, minutes=None)
        case facts.MinutesObjectionNoted():
            return replace(meeting, objections=(*meeting.objections, fact.objection))
        case facts.MinutesSigned() if meeting.minutes is not None:
            signed = SignatureState(office=fact.office, signatory=fact.signatory, deputising_for=fact.deputising_for)
            signatures = (*meeting.minutes.signatures, signed)
            since = last_known(meeting.minutes.since, fact.signed_on)
            status = MeetingStatus.MINUTES_SIGNED if fact.other_signatory else meeting.status
            minutes = replace(meeting.minutes, signatures=signatures, since=since)
            return replace(meeting, minutes=minutes, status=status)
    return meeting


def _on_item(meeting: MeetingState, item: UUID, change: Callable[[AgendaItemData], AgendaItemData]) -> MeetingState:
    items = each(meeting.items, item, lambda known: replace(known, data=change(known.data)))
    return replace(meeting, items=items)


def _corrected(meeting: MeetingState, fact: facts.MeetingCorrected) -> MeetingState:
    match fact.field:
        case MeetingField.NAME:
            return replace(meeting, name=fact.new_sealed)
        case MeetingField.LOCATION:
            return replace(meeting, location=fact.new_sealed)
        case MeetingField.END:
            end = datetime.fromisoformat(fact.new) if fact.new else None
            return replace(meeting, data=replace(meeting.data, end=end))
        case _:
            assert_never(fact.field)
