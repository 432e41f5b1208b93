"""What every decision on council documents checks alike: the record, its leader, texts and references."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from domain.council.rules import records
from domain.council.state import BodyState, MeetingState, PaperState
from domain.council.vocabulary import Publication
from domain.kernel import BERLIN, Context, Invalid, Message, Rejected, Sealed

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


def in_order(start: datetime, end: datetime | None) -> None:
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


def new_part(context: Context, part: str) -> UUID:
    """The id of a part that the command adds to the record: derived, so that a repeat finds the same one."""
    return uuid5(context.record_id, f"{part}:{context.version}")


def changed_fields(old: Any, new: Any) -> tuple[str, ...]:
    """The names of the fields in which two values of one dataclass differ."""
    return tuple(f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name))


def day_of(time: datetime) -> date:
    """The calendar day of a time in Berlin."""
    return time.astimezone(BERLIN).date()
