"""What an imported object changes: the difference between it and what is recorded, as the family's own facts.

Times of change alone are no difference. A text is compared by its keyed digest, since the text itself is sealed.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Final

from domain.council import checks, facts
from domain.council.commands import ImportBody, ImportMeeting, ImportPaper
from domain.council.import_parts import (
    CONSULTATIONS,
    ITEMS,
    MEETING_FILES,
    PAPER_FILES,
    given_texts,
    source_changes,
    source_of,
)
from domain.council.rules import papers
from domain.council.state import BodyState, MeetingState, PaperState, State
from domain.council.vocabulary import MeetingStatus, Publication
from domain.kernel import Context, Fact, Invalid, Message, Rejected, Sealed

LONG_FIELDS: Final = frozenset({"source_id", "web", "website", "access_url", "download_url", "key"})
CODE_LIMIT: Final = 200
LONG_LIMIT: Final = 2_000
TEXT_LIMIT: Final = 100_000
FORWARD: Final = {
    MeetingStatus.SCHEDULED: {MeetingStatus.INVITED, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.INVITED: {MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.HELD: {MeetingStatus.CANCELLED},
    MeetingStatus.CANCELLED: set[MeetingStatus](),
}


def import_body(state: State | None, command: ImportBody, context: Context) -> tuple[Fact, ...]:
    """The facts that bring a body up to its source."""
    body = checks.known_or_new(state, BodyState)
    if command.deleted:
        return (facts.BodyDepublished(at_source=True),) if body and _stands(body.publication) else ()
    check_lengths("source", command)
    texts = {"name": command.name, "location": command.location, "further": command.source.further}
    source = source_of(command.system, command.source, texts, context)
    if body is None:
        established = facts.BodyEstablished(code=None, data=command.data, source=source, **texts)
        return (established, facts.BodyPublished())
    back = (facts.BodyPublished(),) if body.publication is Publication.DELETED_AT_SOURCE else ()
    changed = checks.changed_fields(body.data, command.data) + source_changes(body.source, source)
    if not changed:
        return back
    given = given_texts(texts, changed)
    return (*back, facts.BodyAmended(changed=changed, data=command.data, source=source, **given))


def import_paper(state: State | None, command: ImportPaper, context: Context) -> tuple[Fact, ...]:
    """The facts that bring a paper, its consultations and its files up to their source."""
    paper = checks.known_or_new(state, PaperState)
    if command.deleted:
        return (facts.PaperDepublished(at_source=True),) if paper and _stands(paper.publication) else ()
    check_lengths("source", command)

    def parts() -> Iterator[Fact]:
        known = (paper.consultations, paper.files) if paper else ((), ())
        yield from CONSULTATIONS.differences(known[0], command.consultations, command.system, context)
        yield from PAPER_FILES.differences(known[1], command.files, command.system, context)

    return (*_paper(paper, command, context), *islice(parts(), command.limit))


def _paper(paper: PaperState | None, command: ImportPaper, context: Context) -> Iterator[Fact]:
    texts = {"title": command.title, "location": command.location, "further": command.source.further}
    source = source_of(command.system, command.source, texts, context)
    if paper is None:
        yield facts.PaperDrafted(reference=command.reference, data=command.data, source=source, **texts)
        # What a source publishes has left its draft; when it did is not said.
        yield facts.PaperReleased()
        yield facts.PaperPublished()
        return
    if command.reference != paper.reference:
        raise Rejected(papers.REFERENCE_FIXED, known=paper.reference, given=command.reference)
    if paper.publication is Publication.DELETED_AT_SOURCE:
        yield facts.PaperPublished()
    changed = checks.changed_fields(paper.data, command.data) + source_changes(paper.source, source)
    if changed:
        given = given_texts(texts, changed)
        yield facts.PaperAmended(changed=changed, data=command.data, source=source, **given)


def import_meeting(state: State | None, command: ImportMeeting, context: Context) -> tuple[Fact, ...]:
    """The facts that bring a meeting, its agenda and its files up to their source."""
    meeting = checks.known_or_new(state, MeetingState)
    if command.deleted:
        return (facts.MeetingDepublished(at_source=True),) if meeting and _stands(meeting.publication) else ()
    check_lengths("source", command)

    def parts() -> Iterator[Fact]:
        known = (meeting.items, meeting.files) if meeting else ((), ())
        yield from ITEMS.differences(known[0], command.items, command.system, context)
        yield from MEETING_FILES.differences(known[1], command.files, command.system, context)

    return (*_meeting(meeting, command, context), *islice(parts(), command.limit))


def _meeting(meeting: MeetingState | None, command: ImportMeeting, context: Context) -> Iterator[Fact]:
    texts = {"name": command.name, "location": command.location, "further": command.source.further}
    source = source_of(command.system, command.source, texts, context)
    if meeting is None:
        yield facts.MeetingScheduled(meeting_number=None, data=command.data, source=source, **texts)
        yield from _progress(command.status)
        yield facts.MeetingPublished()
        return
    if meeting.publication is Publication.DELETED_AT_SOURCE:
        yield facts.MeetingPublished()
    changed = checks.changed_fields(meeting.data, command.data) + source_changes(meeting.source, source)
    onward = command.status in FORWARD[meeting.status]
    taken_back = command.status is not meeting.status and not onward
    if changed or taken_back:
        yield facts.MeetingAmended(
            changed=(*changed, "status") if taken_back else changed,
            data=command.data,
            status=command.status if taken_back else None,
            source=source,
            **given_texts(texts, changed),
        )
    if onward:
        yield from _progress(command.status)


def _progress(status: MeetingStatus) -> Iterator[Fact]:
    match status:
        case MeetingStatus.INVITED:
            yield facts.MeetingInvited()
        case MeetingStatus.HELD:
            yield facts.MeetingHeld()
        case MeetingStatus.CANCELLED:
            yield facts.MeetingCancelled()
        case _:
            return


def _stands(publication: Publication) -> bool:
    return publication is not Publication.DELETED_AT_SOURCE


def check_lengths(field: str, value: object) -> None:
    """Raise Invalid where something the source says is too long to be what it should be: a code, an address, a text."""
    if isinstance(value, Sealed):
        _limit(field, value.text or "", TEXT_LIMIT)
    elif isinstance(value, str):
        _limit(field, value, LONG_LIMIT if field in LONG_FIELDS else CODE_LIMIT)
    elif isinstance(value, tuple):
        for each in value:
            check_lengths(field, each)
    elif is_dataclass(value):
        for each in fields(value):
            check_lengths(each.name, getattr(value, each.name))


def _limit(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Invalid(field, Message(f"has more than {limit} characters", f"hat mehr als {limit} Zeichen"))
