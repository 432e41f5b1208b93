"""What every decision on council documents checks alike: the record, its leader, texts and references."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.council import facts
from domain.council.parts import Reference
from domain.council.rules import meetings, minutes, papers, records, tracking
from domain.council.state import BodyState, ConsultationState, ItemState, MeetingState, PaperState, ResolutionState
from domain.council.vocabulary import MeetingStatus, Publication, TrackingStatus
from domain.days import last_known
from domain.kernel import Channel, Context, Invalid, Message, On, Rejected, Sealed

SHORT: Final = 100
LONG: Final = 2_000
TEXT: Final = 50_000

EMPTY: Final = Message("must not be empty", "darf nicht leer sein")
NO_TEXT: Final = Sealed[str]("")
NEGATIVE: Final = Message("must not be negative", "darf nicht negativ sein")

Known = TypeVar("Known")
Led = TypeVar("Led", BodyState, PaperState, MeetingState)


def known(state: object, kind: type[Known]) -> Known:
    """The state, which must be of this kind. Raises Rejected."""
    if not isinstance(state, kind):
        raise Rejected(records.RECORD_MISSING)
    return state


def led_here(state: object, kind: type[Led]) -> Led:
    """The state of a record that this ledger leads, not a source system. Raises Rejected."""
    record = known(state, kind)
    if record.source is not None:
        raise Rejected(records.LED_IN_SOURCE, source=record.source.source_id)
    return record


def led_in_source(state: object, kind: type[Led]) -> Led:
    """The state of an imported record. Raises Rejected."""
    record = known(state, kind)
    if record.source is None:
        raise Rejected(records.LED_HERE)
    return record


def by_staff(context: Context) -> None:
    """Refuse what only a member of staff does. Raises Rejected."""
    if context.channel is not Channel.STAFF:
        raise Rejected(records.STAFF_ONLY, channel=context.channel)


def expect_new(state: object) -> None:
    """Refuse to begin a record that exists."""
    if state is not None:
        raise Rejected(records.RECORD_EXISTS)


def short(field: str, value: str, limit: int = SHORT) -> str:
    """The value, if it is neither blank nor too long. Raises Invalid."""
    if not value.strip():
        raise Invalid(field, EMPTY)
    if len(value) > limit:
        raise Invalid(field, Message(f"must have at most {limit} characters", f"darf höchstens {limit} Zeichen haben"))
    return value


def text(field: str, value: Sealed[str], limit: int = LONG) -> Sealed[str]:
    """The text, if it is neither blank nor too long. Raises Invalid."""
    short(field, value.text or "", limit)
    return value


def optional_text(field: str, value: Sealed[str] | None, limit: int = LONG) -> Sealed[str] | None:
    """Like `text`, where None stands for no text."""
    return None if value is None else text(field, value, limit)


def count(field: str, value: int) -> int:
    """The value, if it is a number of things. Raises Invalid."""
    if value < 0:
        raise Invalid(field, NEGATIVE)
    return value


def aware(field: str, value: datetime) -> datetime:
    """The time, if it says its zone. Raises Invalid."""
    if value.tzinfo is None:
        raise Invalid(field, Message("must say its time zone", "muss die Zeitzone nennen"))
    return value


def span(start: datetime, end: datetime | None) -> None:
    """Raise Invalid where the end lies before the start, or a time does not say its zone."""
    aware("start", start)
    if end is not None and aware("end", end) < start:
        raise Invalid("end", Message("must not lie before the start", "darf nicht vor dem Beginn liegen"))


def meeting_body(context: Context, body: UUID) -> BodyState:
    """The body a command names, which still meets. Raises Rejected."""
    state = context.reads.get(body)
    if not isinstance(state, BodyState):
        raise Rejected(records.BODY_UNKNOWN, body=body)
    if state.dissolved_on is not None:
        raise Rejected(records.BODY_GONE, body=state.code or body, dissolved_on=state.dissolved_on)
    return state


def may_publish(publication: Publication) -> None:
    """Refuse to publish twice. What its source deleted comes back by an import only."""
    if publication is Publication.PUBLISHED:
        raise Rejected(records.ALREADY_PUBLISHED)
    if publication is Publication.DELETED_AT_SOURCE:
        raise Rejected(records.LED_IN_SOURCE)


def may_depublish(publication: Publication) -> None:
    """Refuse to depublish what is not published."""
    if publication is not Publication.PUBLISHED:
        raise Rejected(records.NOT_PUBLISHED)


def tracked(resolution: ResolutionState) -> ResolutionState:
    """A resolution that is not done with, nor suspended. Raises Rejected."""
    if resolution.status is TrackingStatus.REPORTED_FINAL:
        raise Rejected(tracking.REPORTED_FINAL)
    if resolution.status is TrackingStatus.SUSPENDED:
        raise Rejected(tracking.SUSPENDED)
    return resolution


def unfinished(resolution: ResolutionState) -> ResolutionState:
    """A resolution that is still to be implemented. Raises Rejected."""
    if tracked(resolution).status is TrackingStatus.DONE:
        raise Rejected(tracking.IMPLEMENTED)
    if resolution.status is TrackingStatus.REPEALED:
        raise Rejected(tracking.REPEALED)
    return resolution


def in_order(context: Context, since: date | None) -> None:
    """Refuse what would take effect before the day of what it follows, where that is known."""
    if since is not None and context.day < since:
        raise Rejected(records.OUT_OF_ORDER, day=context.day, since=since)


def dealt_with(meeting: MeetingState, *days: date | None) -> None:
    """Refuse that a meeting dealt with what came to be after it: its day is not before any of these, where known."""
    since = last_known(*days)
    if since is not None and meeting.day is not None and meeting.day < since:
        raise Rejected(records.OUT_OF_ORDER, meeting=meeting.day, since=since)


def told_in(meeting: MeetingState, resolution: ResolutionState) -> None:
    """Refuse to tell a body of what was adopted after it met, or for the last time of what was done after."""
    since = resolution.since if resolution.status.reportable_as_final else resolution.adopted_on
    if meeting.day is not None and meeting.day < since:
        raise Rejected(records.OUT_OF_ORDER, resolution=resolution.number, since=since)


def suspended(resolution: ResolutionState) -> ResolutionState:
    """A resolution that was objected to. Raises Rejected."""
    if resolution.status is not TrackingStatus.SUSPENDED:
        raise Rejected(tracking.NOT_SUSPENDED)
    return resolution


def to_be_decided_again(resolution: ResolutionState) -> ResolutionState:
    """A resolution that was objected to and that its body has not decided on again. Raises Rejected."""
    if suspended(resolution).upheld:
        raise Rejected(tracking.UPHELD)
    return resolution


def new_part(context: Context, part: str) -> UUID:
    """The id of a part that the command adds to the record: derived, so that a repeat finds the same one."""
    return uuid5(context.record_id, f"{part}:{context.version}")


def changed_fields(old: Any, new: Any) -> tuple[str, ...]:
    """The names of the fields in which two values of one dataclass differ."""
    return tuple(f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name))


def sitting(state: object) -> MeetingState:
    """A meeting that is being held, or was and its minutes are yet to be signed. Raises Rejected."""
    meeting = led_here(state, MeetingState)
    if meeting.status is MeetingStatus.MINUTES_SIGNED:
        raise Rejected(minutes.MINUTES_SIGNED)
    if meeting.status is not MeetingStatus.HELD:
        raise Rejected(meetings.MEETING_NOT_HELD, status=meeting.status)
    return meeting


def item_of(meeting: MeetingState, item: UUID) -> ItemState:
    """The agenda item with this id. Raises Rejected."""
    known = meeting.item(item)
    if known is None:
        raise Rejected(meetings.ITEM_UNKNOWN, item=item)
    return known


def undecided(meeting: MeetingState, item: UUID) -> ItemState:
    """The agenda item with this id, whose outcome is not known yet. Raises Rejected."""
    known = item_of(meeting, item)
    if known.decided:
        raise Rejected(meetings.ITEM_DECIDED, outcome=known.data.outcome)
    return known


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


def not_planned_for(paper: PaperState, body: UUID, known: BodyState) -> None:
    """Refuse a second consultation of a body before it has finished the first."""
    waiting = [consultation for consultation in paper.consultations if not consultation.decided]
    if any(reference.record == body for consultation in waiting for reference in consultation.data.bodies):
        raise Rejected(papers.ALREADY_PLANNED, body=known.code or body)


def personal(field: str, value: Sealed[str], person: UUID, limit: int = LONG) -> Sealed[str]:
    """A text about somebody, under a key of their own. Raises Invalid."""
    return Sealed(text(field, value, limit).text, person)
