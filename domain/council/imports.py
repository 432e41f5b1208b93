"""What an imported object changes: the difference between it and what is recorded, as the family's own facts.

Times of change alone are no difference. A text is compared by its keyed digest, since the text itself is sealed.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Final

from domain.council import checks, facts
from domain.council.commands import (
    SourceAgendaItem,
    SourceBody,
    SourceConsultation,
    SourceFile,
    SourceMeeting,
    SourcePaper,
)
from domain.council.import_parts import (
    CONSULTATIONS,
    ITEMS,
    MEETING_FILES,
    PAPER_FILES,
    Pseudonym,
    given_texts,
    source_changes,
    source_of,
)
from domain.council.parts import imported_id
from domain.council.rules import papers
from domain.council.state import BodyState, MeetingState, PaperState
from domain.council.vocabulary import MeetingStatus, Publication
from domain.kernel import Fact, Invalid, Message, Rejected, Sealed

Facts = tuple[Fact, ...]

LONG_FIELDS: Final = frozenset({"source_id", "web", "body", "website", "access_url", "download_url", "key"})
CODE_LIMIT: Final = 200
LONG_LIMIT: Final = 2_000
TEXT_LIMIT: Final = 100_000
MOST_PARTS: Final = 900
FORWARD: Final = {
    MeetingStatus.SCHEDULED: {MeetingStatus.INVITED, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.INVITED: {MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.HELD: {MeetingStatus.CANCELLED},
    MeetingStatus.CANCELLED: set[MeetingStatus](),
    MeetingStatus.MINUTES_SIGNED: set[MeetingStatus](),
}


def body_differences(body: BodyState | None, system: str, given: SourceBody, pseudonym: Pseudonym) -> Facts:
    """The facts that bring a body, or None, up to its source."""
    if given.deleted:
        return (facts.BodyDepublished(at_source=True),) if body and _stands(body.publication) else ()
    check_lengths("organization", given)
    texts = {"name": given.name, "location": given.location, "further": given.further}
    source = source_of(system, given, texts, pseudonym)
    if body is None:
        established = facts.BodyEstablished(code=None, data=given.data, source=source, **texts)
        return (established, facts.BodyPublished())
    back = (facts.BodyPublished(),) if body.publication is Publication.DELETED_AT_SOURCE else ()
    changed = checks.changed_fields(body.data, given.data) + source_changes(body.source, source)
    if not changed:
        return back
    amended = facts.BodyAmended(changed=changed, data=given.data, source=source, **given_texts(texts, changed))
    return (*back, amended)


def paper_differences(
    paper: PaperState | None, system: str, given: SourcePaper, limit: int, pseudonym: Pseudonym
) -> Facts:
    """The facts that bring a paper, or None, up to its source, with at most `limit` of its parts."""
    if given.deleted:
        return (facts.PaperDepublished(at_source=True),) if paper and _stands(paper.publication) else ()
    check_lengths("paper", given)
    _check_limit(limit)

    def parts() -> Iterator[Fact]:
        known = (paper.consultations, paper.files) if paper else ((), ())
        yield from CONSULTATIONS.differences(known[0], given.consultations, system, pseudonym)
        yield from PAPER_FILES.differences(known[1], given.files, system, pseudonym)

    return (*_paper(paper, system, given, pseudonym), *islice(parts(), limit))


def _paper(paper: PaperState | None, system: str, given: SourcePaper, pseudonym: Pseudonym) -> Iterator[Fact]:
    texts = {"title": given.title, "location": given.location, "further": given.further}
    source = source_of(system, given, texts, pseudonym)
    if paper is None:
        yield facts.PaperDrafted(
            reference=given.reference,
            data=given.data,
            title=given.title,
            location=given.location,
            further=given.further,
            source=source,
        )
        # What a source publishes has left its draft; when it did is not said.
        yield facts.PaperReleased()
        yield facts.PaperPublished()
        return
    if given.reference != paper.reference:
        raise Rejected(papers.REFERENCE_FIXED, known=paper.reference, given=given.reference)
    if paper.publication is Publication.DELETED_AT_SOURCE:
        yield facts.PaperPublished()
    changed = checks.changed_fields(paper.data, given.data) + source_changes(paper.source, source)
    if changed:
        told = given_texts(texts, changed)
        yield facts.PaperAmended(
            changed=changed, data=given.data, source=source, changed_by=(), changed_on=None, voids=(), **told
        )


def consultation_differences(paper: PaperState, system: str, given: SourceConsultation, pseudonym: Pseudonym) -> Facts:
    """The facts that bring one consultation of a paper up to its source."""
    check_lengths("consultation", given)
    known = [consultation for consultation in paper.consultations if consultation.id == imported_id(given.key)]
    return tuple(CONSULTATIONS.differences(known, () if given.deleted else (given,), system, pseudonym))


def meeting_differences(
    meeting: MeetingState | None, system: str, given: SourceMeeting, limit: int, pseudonym: Pseudonym
) -> Facts:
    """The facts that bring a meeting, or None, up to its source, with at most `limit` of its parts."""
    if given.deleted:
        return (facts.MeetingDepublished(at_source=True),) if meeting and _stands(meeting.publication) else ()
    check_lengths("meeting", given)
    _check_limit(limit)

    def parts() -> Iterator[Fact]:
        known = (meeting.items, meeting.files) if meeting else ((), ())
        yield from ITEMS.differences(known[0], given.items, system, pseudonym)
        yield from MEETING_FILES.differences(known[1], given.files, system, pseudonym)

    return (*_meeting(meeting, system, given, pseudonym), *islice(parts(), limit))


def _meeting(meeting: MeetingState | None, system: str, given: SourceMeeting, pseudonym: Pseudonym) -> Iterator[Fact]:
    texts = {"name": given.name, "location": given.location, "further": given.further}
    source = source_of(system, given, texts, pseudonym)
    if meeting is None:
        yield facts.MeetingScheduled(meeting_number=None, data=given.data, source=source, scheduled_on=None, **texts)
        yield from _progress(given.status)
        yield facts.MeetingPublished()
        return
    if meeting.publication is Publication.DELETED_AT_SOURCE:
        yield facts.MeetingPublished()
    changed = checks.changed_fields(meeting.data, given.data) + source_changes(meeting.source, source)
    onward = given.status in FORWARD[meeting.status]
    taken_back = given.status is not meeting.status and not onward
    if changed or taken_back:
        yield facts.MeetingAmended(
            changed=(*changed, "status") if taken_back else changed,
            data=given.data,
            status=given.status if taken_back else None,
            source=source,
            **given_texts(texts, changed),
        )
    if onward:
        yield from _progress(given.status)


def item_differences(
    meeting: MeetingState,
    system: str,
    given: SourceAgendaItem,
    files: tuple[SourceFile, ...],
    pseudonym: Pseudonym,
) -> Facts:
    """The facts that bring one agenda item of a meeting, with its files, up to its source."""
    check_lengths("item", given)
    check_lengths("files", files)
    item = imported_id(given.key)
    known = [each for each in meeting.items if each.id == item]
    known_files = [file for file in meeting.files if file.data.item == item]
    return (
        *ITEMS.differences(known, () if given.deleted else (given,), system, pseudonym),
        *MEETING_FILES.differences(known_files, () if given.deleted else files, system, pseudonym),
    )


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


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MOST_PARTS:
        raise Invalid("limit", Message(f"is from 1 to {MOST_PARTS}", f"liegt zwischen 1 und {MOST_PARTS}"))


def _limit(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Invalid(field, Message(f"has more than {limit} characters", f"hat mehr als {limit} Zeichen"))
