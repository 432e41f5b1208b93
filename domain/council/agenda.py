"""Decisions about a meeting's agenda (Tagesordnung)."""

from typing import assert_never
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.parts import AgendaItemData, AgendaPlace, Reference
from domain.council.rules import meetings as rules
from domain.council.rules import minutes, papers, records, tracking
from domain.council.state import ItemState, MeetingState, PaperState, ResolutionState, State
from domain.council.vocabulary import MeetingStatus, PaperStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

Facts = tuple[Fact | On, ...]
READY = frozenset({PaperStatus.RELEASED, PaperStatus.IN_CONSULTATION, PaperStatus.POSTPONED})


def decide_agenda(state: State | None, command: commands.AgendaCommand, context: Context) -> Facts:
    """The facts that a command about a meeting's agenda leads to."""
    match command:
        case commands.AddAgendaItem():
            return _add(_taking_place(state), command, context)
        case commands.MoveAgendaItem():
            return _move(_taking_place(state), command)
        case commands.RemoveAgendaItem():
            return _remove(_taking_place(state), command, context)
        case commands.ExcludePublic():
            item = checks.undecided(_taking_place(state), command.item)
            if not item.data.public:
                raise Rejected(rules.ITEM_NOT_PUBLIC)
            return (facts.PublicExcluded(item=item.id, ground=checks.text("ground", command.ground)),)
        case _:
            assert_never(command)


def _add(meeting: MeetingState, command: commands.AddAgendaItem, context: Context) -> Facts:
    place = _place(meeting, command.number, command.order, None)
    title = checks.optional_text("title", command.title)
    urgency = checks.optional_text("urgency", command.urgency)
    sent = meeting.status is not MeetingStatus.SCHEDULED
    if sent and urgency is None:
        raise Rejected(rules.URGENCY_MISSING)
    urgency = urgency if sent else None
    if command.decides_again is not None:
        _may_be_decided_again(meeting, command.decides_again, context)
    item = checks.new_part(context, "item")
    on_paper: Facts = ()
    paper = consultation = None
    if command.paper is None:
        if title is None:
            raise Invalid(
                "title", Message("an item without a paper has a title", "ein Punkt ohne Vorlage hat einen Titel")
            )
    else:
        scheduled = _schedule_consultation(meeting, command, context)
        paper, consultation = Reference(command.paper), Reference(scheduled.consultation)
        on_paper = (On(command.paper, scheduled),)
    data = AgendaItemData(
        number=place.number, order=place.order, public=command.public, paper=paper, consultation=consultation
    )
    added = facts.AgendaItemAdded(
        item=item,
        data=data,
        title=title,
        urgency=urgency,
        decides_again=command.decides_again,
        added_on=context.day,
    )
    return (added, *on_paper)


def _may_be_decided_again(meeting: MeetingState, record: UUID, context: Context) -> None:
    resolution = context.reads.get(record)
    if not isinstance(resolution, ResolutionState) or not resolution.bodies & meeting.bodies:
        raise Rejected(tracking.RESOLUTION_UNKNOWN, resolution=record)
    checks.to_be_decided_again(resolution)
    checks.in_order(context, resolution.objected_on)
    checks.dealt_with(meeting, resolution.objected_on)


def _schedule_consultation(
    meeting: MeetingState, command: commands.AddAgendaItem, context: Context
) -> facts.ConsultationScheduled:
    paper = context.reads.get(command.paper) if command.paper else None
    if not isinstance(paper, PaperState):
        raise Rejected(papers.PAPER_UNKNOWN, paper=command.paper)
    consultation = next((c for c in paper.consultations if c.is_for(meeting.bodies)), None)
    if paper.status not in READY or consultation is None:
        raise Rejected(rules.PAPER_NOT_FOR_BODY, paper=paper.reference, status=paper.status)
    if command.public and not paper.data.public:
        raise Rejected(rules.PAPER_OF_ITEM_NOT_PUBLIC, paper=paper.reference)
    checks.in_order(context, paper.released_on)
    checks.dealt_with(meeting, paper.released_on, consultation.dealt_with_on)
    return facts.ConsultationScheduled(
        consultation=consultation.id, meeting=context.record_id, item=checks.new_part(context, "item")
    )


def _move(meeting: MeetingState, command: commands.MoveAgendaItem) -> Facts:
    item = checks.undecided(meeting, command.item)
    new = _place(meeting, command.number, command.order, item)
    old = AgendaPlace(item.data.number, item.data.order)
    if new == old:
        raise Rejected(records.NOTHING_CHANGED)
    return (facts.AgendaItemMoved(item=item.id, old=old, new=new),)


def _remove(meeting: MeetingState, command: commands.RemoveAgendaItem, context: Context) -> Facts:
    item = checks.undecided(meeting, command.item)
    reason = checks.text("reason", command.reason)
    return (facts.AgendaItemRemoved(item=item.id, reason=reason), *checks.off_the_agenda((item,), context))


def _place(meeting: MeetingState, number: str, order: int, moved: ItemState | None) -> AgendaPlace:
    checks.short("number", number, 20)
    if order < 1:
        raise Invalid("order", Message("counts from 1", "zählt ab 1"))
    if any(item.data.number == number for item in meeting.items if item is not moved):
        raise Rejected(rules.ITEM_NUMBER_TAKEN, number=number)
    return AgendaPlace(number, order)


def _taking_place(state: State | None) -> MeetingState:
    meeting = checks.led_here(state, MeetingState)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Rejected(rules.MEETING_CANCELLED)
    if meeting.status is MeetingStatus.MINUTES_SIGNED:
        raise Rejected(minutes.MINUTES_SIGNED)
    return meeting
