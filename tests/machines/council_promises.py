"""What the rules of council documents promise, told from the stored events alone and not from how rules are decided."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.council import facts as f
from domain.council.parts import ConsultationData
from domain.council.vocabulary import Outcome, PaperField, Progress
from domain.kernel import Channel, Recorded, day_of
from projections.council import agenda, files, papers
from projections.model import Projection
from tests.machines.council_sitting_promises import check_meeting
from tests.machines.deputies import persons
from tests.machines.machine import World

WRITTEN = (f.PaperDrafted, f.PaperAmended, f.PaperCorrected, f.PaperFileAttached, f.PaperFileRemoved)
TOLD_BY_MEETINGS = (f.ConsultationScheduled, f.ConsultationUnscheduled, f.PaperDecided)
WORK = (f.ImplementationAssigned, f.ImplementationReported, f.ImplementationCompleted, f.ImplementationBecameOverdue)

IN_ORDER = (
    f.ImplementationAssigned,
    f.ImplementationReported,
    f.ImplementationCompleted,
    f.SupervisoryDecisionRecorded,
)


def check(world: World, record_id: UUID) -> None:
    """All that is promised of a record, at each of its events."""
    events = world.events(record_id)
    _check_number(world, record_id)
    _check_registers(events)
    match events[0].fact:
        case f.BodyEstablished(source=None) as established:
            check_body(established, events)
        case f.PaperDrafted(source=None):
            check_paper(world, events)
        case f.MeetingScheduled(source=None):
            check_meeting(world, record_id, events)
        case f.ResolutionAdopted():
            check_resolution(world, record_id, events)


def _check_number(world: World, record_id: UUID) -> None:
    known = world.records[record_id]
    number = known.events[0].fact.number()
    others = [each for record, each in world.records.items() if record != record_id and each.kind == known.kind]
    assert number is None or number not in {each.events[0].fact.number() for each in others}, "a number given twice"


def check_body(established: f.BodyEstablished, events: Sequence[Recorded]) -> None:
    """Nobody belongs to it before it is there."""
    valid_from = established.data.valid_from
    for event in events:
        if isinstance(event.fact, f.MemberJoined):
            assert valid_from is None or event.fact.since >= valid_from, "a member before there was a body"


def check_paper(world: World, events: Sequence[Recorded]) -> None:
    """Somebody else agrees to what was written, bodies decide in their order, what is non-public stays so."""
    writers: set[object] = set()
    agreed = released = public = published = False
    dated = released_on = None
    units: tuple[str, ...] = ()
    since = begun_on = events[0].effective.day
    for event in events:
        if not isinstance(event.fact, TOLD_BY_MEETINGS):
            floor = begun_on if isinstance(event.fact, f.PaperCorrected) else since
            assert event.effective.day >= floor, "before what it follows"
            since = max(since, event.effective.day)
        if isinstance(event.fact, f.PaperDecided):
            since = max(since, _day(world, event.fact.meeting, event))
        if isinstance(event.fact, WRITTEN):
            writers |= persons(event)
            assert isinstance(event.fact, f.PaperDrafted) or event.fact.voids == units, (
                "signatures void, or not, unsaid"
            )
            agreed, units = False, ()
        match event.fact:
            case f.PaperDrafted() | f.PaperAmended() as fact:
                public, dated = fact.data.public, fact.data.dated
                assert public or not published, "what is published became non-public"
            case f.PaperCoSigned() as fact:
                assert not persons(event) & writers, "co-signed by who wrote it"
                assert fact.unit == event.envelope.org_unit, "co-signed for another unit"
                assert (fact.signatory, fact.deputising_for) == _by(event), "co-signed in nobody's name"
                agreed, units = True, (*units, fact.unit)
            case f.PaperCorrected(field=PaperField.DATED) as fact:
                dated = date.fromisoformat(fact.new) if fact.new else None
                assert dated is None or released_on is None or dated <= released_on, "dated after its release"
            case f.PaperReleased():
                assert agreed, "released without a co-signature to these contents"
                assert dated is None or dated <= event.effective.day, "released before its date"
                released, released_on = True, event.effective.day
            case f.PaperFileAttached() as fact:
                assert public or not fact.data.public, "a public file of a non-public paper"
            case f.PaperPublished():
                assert released, "a draft was published"
                assert public, "a non-public paper was published"
                published = True
            case f.PaperDepublished():
                published = False
    _check_sequence(events)
    _check_days_of_sequence(world, events)


def _by(event: Recorded) -> tuple[UUID, UUID | None]:
    """Who of the staff recorded it, and in whose place."""
    envelope = event.envelope
    assert envelope.channel is Channel.STAFF, "done by nobody of the staff"
    return envelope.actor, envelope.deputising_for


def _check_sequence(events: Sequence[Recorded]) -> None:
    waiting: dict[UUID, tuple[int | None, ConsultationData]] = {}
    withdrawn = False
    for event in events:
        match event.fact:
            case f.PaperWithdrawn():
                withdrawn = True
            case f.ConsultationPlanned() as fact:
                waiting[fact.consultation] = fact.order, fact.data
            case f.ConsultationCancelled() as fact:
                del waiting[fact.consultation]
            case f.PaperDecided(pending=False) as fact:
                order, data = waiting.pop(fact.consultation)
                assert fact.authoritative == data.authoritative
                assert not withdrawn or fact.outcome is Outcome.WITHDRAWN, "a withdrawn paper was decided"
                earlier = [no for no, _ in waiting.values() if no is not None and order is not None and no < order]
                assert fact.outcome is Outcome.WITHDRAWN or not earlier, "decided before an earlier body"
        assert sum(data.authoritative for _, data in waiting.values()) <= 1, "two bodies decide"


def _check_days_of_sequence(world: World, events: Sequence[Recorded]) -> None:
    """A body deals with a paper in no meeting before its release, nor decides on a day before the bodies before it."""
    released: date | None = None
    order: dict[UUID, int | None] = {}
    dealt_with: dict[UUID, date] = {}
    for event in events:
        match event.fact:
            case f.PaperReleased():
                released = event.effective.day
            case f.ConsultationPlanned() as fact:
                order[fact.consultation] = fact.order
            case f.PaperDecided() as fact:
                day, own = _day(world, fact.meeting, event), order[fact.consultation]
                assert fact.decided_on == day, "of another day than its meeting"
                assert released is None or day >= released, "dealt with before its release"
                settles = not fact.pending and fact.outcome is not Outcome.WITHDRAWN
                for other, at in dealt_with.items():
                    place = order[other]
                    before = settles and place is not None and own is not None and place < own
                    follows = before or other == fact.consultation
                    assert day >= at or not follows, "dealt with on a day before an earlier body"
                dealt_with[fact.consultation] = max(day, dealt_with.get(fact.consultation, day))


def check_resolution(world: World, record_id: UUID, events: Sequence[Recorded]) -> None:
    """It is reported for the last time once, when all is done; what was objected to rests until it is decided again."""
    adopted = events[0].fact
    assert isinstance(adopted, f.ResolutionAdopted)
    finished = suspended = upheld = closed = False
    since, due = adopted.adopted_on, None
    decided_in: set[UUID] = set()
    for event in events[1:]:
        assert not closed, "something happened after the final report"
        assert not (suspended or finished) or not isinstance(event.fact, WORK), "worked on what rests"
        assert event.effective.day >= since or not isinstance(event.fact, IN_ORDER), "implemented out of order"
        if isinstance(event.fact, IN_ORDER):
            since = max(since, event.effective.day)
        match event.fact:
            case f.ImplementationAssigned() as fact:
                assert fact.due >= max(adopted.adopted_on, event.effective.day), "due before it began"
                assert due is None or fact.due <= due, "a later due date without a reason"
                due = fact.due
            case f.ImplementationReported() as fact:
                delayed = fact.progress is Progress.DELAYED
                assert not delayed or fact.delay_reason is not None, "late without a reason"
                moved = due is not None and fact.due > due
                assert not moved or fact.delay_reason is not None, "a later due date without a reason"
                due = fact.due
            case f.ImplementationCompleted() as fact:
                finished, since = True, fact.completed_on
            case f.ResolutionReported() as fact:
                assert _day(world, fact.meeting, event) >= adopted.adopted_on, "told of before it was adopted"
                assert not finished, "what is finished was told of as open"
                assert record_id in _report(world, fact.meeting, event).open
            case f.FinalReportGiven() as fact:
                assert finished, "the final report of what is not finished"
                assert _day(world, fact.meeting, event) >= since, "told of for the last time before it was done"
                assert record_id in _report(world, fact.meeting, event).finished
                closed = True
            case f.ResolutionObjected() as fact:
                assert (suspended, finished) == (False, False), "objected to what rests"
                assert fact.objected_on == event.effective.day >= since, "objected before the adoption"
                assert (fact.objected_by, fact.deputising_for) == _by(event), "objected in nobody's name"
                suspended, upheld, since = True, False, fact.objected_on
            case f.ObjectionDecided() as fact:
                assert (suspended, upheld) == (True, False), "decided again without an objection"
                assert fact.item not in decided_in, "one item decided two objections"
                decided_in.add(fact.item)
                assert fact.upholds == _outcome(world, record_id, fact, event).adopts
                upheld, suspended, finished = fact.upholds, fact.upholds, not fact.upholds
                since = _day(world, fact.meeting, event)
                assert fact.decided_on == since, "decided again on another day than that of the meeting"
            case f.SupervisoryDecisionRecorded() as fact:
                assert (suspended, upheld) == (True, True), "decided above before the body did"
                suspended, finished, since = False, not fact.stands, fact.decided_on


def _day(world: World, meeting: UUID, event: Recorded) -> date:
    """The day of that meeting, as it was known when this was recorded."""
    before = [other.fact for other in world.events(meeting) if other.position <= event.position]
    starts = [fact.data.start for fact in before if isinstance(fact, f.MeetingScheduled)]
    start = [*starts, *(fact.start for fact in before if isinstance(fact, f.MeetingRescheduled))][-1]
    assert start is not None
    return day_of(start)


def _report(world: World, meeting: UUID, event: Recorded) -> f.TrackingReportGiven:
    """The report of that meeting which the same command recorded."""
    together = event.envelope.command_id
    told = [other.fact for other in world.events(meeting) if other.envelope.command_id == together]
    (report,) = [fact for fact in told if isinstance(fact, f.TrackingReportGiven)]
    return report


def _outcome(world: World, record_id: UUID, decided: f.ObjectionDecided, event: Recorded) -> Outcome:
    """What came of the item, which was added for this resolution and voted on before."""
    before = [other.fact for other in world.events(decided.meeting) if other.position < event.position]
    added = [fact for fact in before if isinstance(fact, f.AgendaItemAdded) and fact.item == decided.item]
    assert [fact.decides_again for fact in added] == [record_id], "decided in an item about something else"
    votes = [fact for fact in before if isinstance(fact, f.VoteRecorded) and fact.item == decided.item]
    assert votes, "decided again without a vote"
    (outcome,) = [
        fact.outcome for fact in before if isinstance(fact, f.AgendaItemDecided) and fact.item == decided.item
    ]
    assert outcome.needs_vote, "decided again by no vote"
    return outcome


# What the registers, which the public views are made of, say is public


def _check_registers(events: Sequence[Recorded]) -> None:
    public: dict[object, bool] = {}
    for event in events:
        match event.fact:
            case f.PaperDrafted() | f.PaperAmended() as fact:
                public["paper"] = fact.data.public
            case f.AgendaItemAdded() | f.AgendaItemChanged() as fact:
                public[fact.item] = fact.data.public
            case f.PublicExcluded() as fact:
                public[fact.item] = False
            case f.PaperFileAttached() | f.MeetingFileAttached() as fact:
                public[fact.file] = fact.data.public
    shown = [
        *(("paper", row.public) for row in _rows(papers.PROJECTION, events)),
        *((row.item_id, row.public) for row in _rows(agenda.PROJECTION, events)),
        *((row.file_id, row.public) for row in _rows(files.PROJECTION, events)),
    ]
    assert all(public[key] for key, seen in shown if seen), "a register shows as public what is not"


def _rows(projection: Projection, events: Sequence[Recorded]) -> list[Any]:
    rows: dict[object, Any] = {}
    for event in events:
        key = projection.key_of(event) if isinstance(event.fact, projection.facts) else None
        if key is not None:
            rows[key] = projection.fold(rows.get(key), event)
    return [row for row in rows.values() if row is not None]
