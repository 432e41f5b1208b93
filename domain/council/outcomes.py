"""Decisions about what becomes of an agenda item: its outcome, the resolution it makes, and what its paper learns."""

from datetime import date
from uuid import UUID

from domain.council import checks, commands, facts
from domain.council.parts import ConsultationData, Reference
from domain.council.rules import papers
from domain.council.rules import sitting as rules
from domain.council.state import ConsultationState, ItemState, MeetingState, PaperState
from domain.council.vocabulary import ConsultationRole, Outcome, PaperStatus
from domain.kernel import Context, Fact, Invalid, Message, On, Rejected

Facts = tuple[Fact | On, ...]


def decide_item(meeting: MeetingState, item: ItemState, command: commands.DecideAgendaItem, context: Context) -> Facts:
    """The facts on the meeting, on its resolution and on the item's paper."""
    _agree_with_vote(item, command.outcome)
    if command.referred_to and (command.outcome is not Outcome.REFERRED or item.data.paper is None):
        raise Invalid("referred_to", Message("is for papers that are referred", "gilt für verwiesene Vorlagen"))
    # What is decided again is the resolution that was objected to: the item makes no other beside it.
    adopts = command.outcome.adopts and item.decides_again is None
    resolution = meeting.resolution_of(item.id)[0] if adopts else None
    told = tuple(
        On(record, fact)
        for record in meeting.paper_of(item.id)
        if isinstance(paper := context.reads.get(record), PaperState)
        for fact in _told(paper, meeting, item, command, resolution, context)
    )
    adopted: Facts = () if resolution is None else (On(resolution, _resolution(meeting, item, command, context)),)
    return (facts.AgendaItemDecided(item=item.id, outcome=command.outcome, resolution=resolution), *adopted, *told)


def _agree_with_vote(item: ItemState, outcome: Outcome) -> None:
    """The majority of the votes cast decides; abstentions do not count; a tie rejects."""
    if not outcome.needs_vote:
        return
    if item.yes is None or item.no is None:
        raise Rejected(rules.VOTE_MISSING)
    if outcome.adopts != (item.yes > item.no):
        raise Rejected(rules.AGAINST_THE_VOTE, yes=item.yes, no=item.no)


def _told(
    paper: PaperState,
    meeting: MeetingState,
    item: ItemState,
    command: commands.DecideAgendaItem,
    resolution: UUID | None,
    context: Context,
) -> tuple[Fact, ...]:
    if paper.status is PaperStatus.WITHDRAWN and command.outcome is not Outcome.WITHDRAWN:
        raise Rejected(rules.PAPER_WITHDRAWN)
    consultation = next(iter(checks.on_the_agenda(item, paper)), None)
    if consultation is None:
        return ()
    pending = command.outcome is Outcome.POSTPONED or command.referred_to is not None
    settles = not pending and command.outcome is not Outcome.WITHDRAWN
    earlier = [known for known in paper.consultations if known.comes_before(consultation)] if settles else []
    waited_for = [known for known in earlier if not known.decided]
    if waited_for:
        raise Rejected(papers.EARLIER_BODIES_FIRST, waiting=len(waited_for))
    before = (known.dealt_with_on for known in (consultation, *earlier))
    checks.dealt_with(meeting, paper.released_on, *before)
    decided = facts.PaperDecided(
        consultation=consultation.id,
        meeting=context.record_id,
        item=item.id,
        outcome=command.outcome,
        authoritative=consultation.data.authoritative,
        resolution=resolution,
        pending=pending,
        decided_on=_day(meeting, context),
    )
    if command.referred_to is None:
        return (decided,)
    return (decided, _referred(paper, consultation, command.referred_to, context))


def _referred(
    paper: PaperState, consultation: ConsultationState, other: UUID, context: Context
) -> facts.ConsultationPlanned:
    """The other body consults before this one does again."""
    body = checks.meeting_body(context, other)
    checks.not_planned_for(paper, other, body)
    return facts.ConsultationPlanned(
        consultation=checks.new_part(context, "consultation"),
        data=ConsultationData(bodies=(Reference(other),), role=ConsultationRole.PRELIMINARY),
        order=None if consultation.order is None else consultation.order - 1,
    )


def _resolution(
    meeting: MeetingState, item: ItemState, command: commands.DecideAgendaItem, context: Context
) -> facts.ResolutionAdopted:
    if command.text is None:
        raise Rejected(rules.TEXT_MISSING)
    paper = context.reads.get(item.data.paper.record) if item.data.paper else None
    return facts.ResolutionAdopted(
        resolution_number=f"{meeting.number}-{item.data.number}",
        meeting=context.record_id,
        item=item.id,
        bodies=meeting.data.bodies,
        paper=item.data.paper.record if item.data.paper else None,
        outcome=command.outcome,
        # A source may have made the paper non-public since.
        public=item.data.public and (not isinstance(paper, PaperState) or paper.data.public),
        adopted_on=_day(meeting, context),
        text=checks.text("text", command.text, checks.TEXT),
    )


def _day(meeting: MeetingState, context: Context) -> date:
    """The minutes may be written later; what was decided is of the meeting's day."""
    return meeting.day or context.day
