"""Decisions about a meeting's agenda (Tagesordnung), its votes and outcomes."""

from datetime import date
from typing import assert_never
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.meetings import held, off_the_agenda, on_the_agenda
from domain.council.parts import AgendaItemData, AgendaPlace, Reference
from domain.council.rules import meetings as rules
from domain.council.rules import papers, records
from domain.council.state import ConsultationState, ItemState, MeetingState, PaperState, State
from domain.council.vocabulary import MeetingStatus, Outcome, PaperStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected, Sealed

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
            item = _undecided(_taking_place(state), command.item)
            if not item.data.public:
                raise Rejected(rules.ITEM_NOT_PUBLIC)
            return (facts.PublicExcluded(item=item.id, ground=checks.text("ground", command.ground)),)
        case commands.RecordVote():
            return _vote(held(state), command)
        case commands.DecideAgendaItem():
            return _decide(held(state), command, context)
        case _:
            assert_never(command)


def _add(meeting: MeetingState, command: commands.AddAgendaItem, context: Context) -> Facts:
    place = _place(meeting, command.number, command.order, None)
    title = checks.optional_text("title", command.title)
    urgency = checks.optional_text("urgency", command.urgency)
    if meeting.status is not MeetingStatus.SCHEDULED and urgency is None:
        raise Rejected(rules.URGENCY_MISSING)
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
    return (facts.AgendaItemAdded(item=item, data=data, title=title, urgency=urgency), *on_paper)


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
    return facts.ConsultationScheduled(
        consultation=consultation.id, meeting=context.record_id, item=checks.new_part(context, "item")
    )


def _move(meeting: MeetingState, command: commands.MoveAgendaItem) -> Facts:
    item = _undecided(meeting, command.item)
    new = _place(meeting, command.number, command.order, item)
    old = AgendaPlace(item.data.number, item.data.order)
    if new == old:
        raise Rejected(records.NOTHING_CHANGED)
    return (facts.AgendaItemMoved(item=item.id, old=old, new=new),)


def _remove(meeting: MeetingState, command: commands.RemoveAgendaItem, context: Context) -> Facts:
    item = _undecided(meeting, command.item)
    reason = checks.text("reason", command.reason)
    return (facts.AgendaItemRemoved(item=item.id, reason=reason), *off_the_agenda((item,), context))


def _vote(meeting: MeetingState, command: commands.RecordVote) -> Facts:
    present = meeting.voting_members
    if present is None:
        raise Rejected(rules.ATTENDANCE_MISSING)
    item = _undecided(meeting, command.item)
    votes = (command.yes, command.no, command.abstain)
    for name, value in zip(("yes", "no", "abstain", "biased"), (*votes, command.biased), strict=True):
        checks.count(name, value)
    if sum(votes) > present - command.biased:
        raise Rejected(rules.TOO_MANY_VOTES, votes=sum(votes), present=present, biased=command.biased)
    groups = command.by_group
    for group in groups:
        checks.short("by_group", group.group)
        for value in (group.yes, group.no, group.abstain):
            checks.count("by_group", value)
    split = tuple(sum(getattr(group, name) for group in groups) for name in ("yes", "no", "abstain"))
    if groups and (split != votes or len({group.group for group in groups}) < len(groups)):
        raise Rejected(rules.GROUPS_DO_NOT_ADD_UP, votes="/".join(map(str, votes)), groups="/".join(map(str, split)))
    return (
        facts.VoteRecorded(
            item=item.id,
            voting_members=present,
            yes=command.yes,
            no=command.no,
            abstain=command.abstain,
            biased=command.biased,
            by_group=groups,
        ),
    )


def _decide(meeting: MeetingState, command: commands.DecideAgendaItem, context: Context) -> Facts:
    item = _undecided(meeting, command.item)
    _agree_with_vote(item, command.outcome)
    papers_read = {paper: context.reads.get(paper) for paper in meeting.paper_of(item.id)}
    withdrawn = any(
        isinstance(paper, PaperState) and paper.status is PaperStatus.WITHDRAWN for paper in papers_read.values()
    )
    if withdrawn and command.outcome is not Outcome.WITHDRAWN:
        raise Rejected(rules.PAPER_WITHDRAWN)
    resolution = meeting.resolution_of(item.id)[0] if command.outcome.adopts else None
    adopted: Facts = ()
    if resolution is not None:
        if command.text is None:
            raise Rejected(rules.TEXT_MISSING)
        text = checks.text("text", command.text, checks.TEXT)
        adopted = (On(resolution, _resolution(meeting, item, command.outcome, text, context)),)
    told = tuple(
        On(paper, _paper_decided(item, consultation, command.outcome, resolution, context))
        for paper, state in papers_read.items()
        for consultation in on_the_agenda(item, state)
    )
    return (facts.AgendaItemDecided(item=item.id, outcome=command.outcome, resolution=resolution), *adopted, *told)


def _agree_with_vote(item: ItemState, outcome: Outcome) -> None:
    """§ 50 (1) and (5) GO NRW: the majority of the votes cast; abstentions do not count; a tie rejects."""
    if not outcome.needs_vote:
        return
    if item.yes is None or item.no is None:
        raise Rejected(rules.VOTE_MISSING)
    if outcome.adopts != (item.yes > item.no):
        raise Rejected(rules.AGAINST_THE_VOTE, yes=item.yes, no=item.no)


def _resolution(
    meeting: MeetingState, item: ItemState, outcome: Outcome, text: Sealed[str], context: Context
) -> facts.ResolutionAdopted:
    return facts.ResolutionAdopted(
        resolution_number=f"{meeting.number}-{item.data.number}",
        meeting=context.record_id,
        item=item.id,
        bodies=meeting.data.bodies,
        paper=item.data.paper.record if item.data.paper else None,
        outcome=outcome,
        public=item.data.public,
        adopted_on=_day_held(meeting, context),
        text=text,
    )


def _day_held(meeting: MeetingState, context: Context) -> date:
    # The minutes may be written later; the resolution is of the meeting's day.
    return checks.day_of(meeting.data.start) if meeting.data.start else context.day


def _paper_decided(
    item: ItemState, consultation: ConsultationState, outcome: Outcome, resolution: UUID | None, context: Context
) -> facts.PaperDecided:
    return facts.PaperDecided(
        consultation=consultation.id,
        meeting=context.record_id,
        item=item.id,
        outcome=outcome,
        authoritative=consultation.data.authoritative,
        resolution=resolution,
    )


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
    return meeting


def _undecided(meeting: MeetingState, item: UUID) -> ItemState:
    known = meeting.item(item)
    if known is None:
        raise Rejected(rules.ITEM_UNKNOWN, item=item)
    if known.decided:
        raise Rejected(rules.ITEM_DECIDED, outcome=known.data.outcome)
    return known
