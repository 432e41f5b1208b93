"""OParl objects in, requests out: each object becomes the difference to what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from datetime import time as clock_time
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson

from domain.council import commands
from domain.council.commands import SourceAgendaItem, SourceBody, SourceFile, SourceMeeting, SourcePaper, SourcePart
from domain.council.imports import (
    body_differences,
    consultation_differences,
    item_differences,
    meeting_differences,
    paper_differences,
)
from domain.council.parts import imported_id
from domain.council.state import BodyState, MeetingState, PaperState, State
from domain.kernel import BERLIN, Command, Effective, Fact, Invalid, Message, Rejected, Sealed
from domain.requests import Request
from infra.imports.framework import BadField, BadRow, Book, Group, Planned, Row, idempotency_key, principal
from infra.imports.oparl.fields import SYSTEM
from infra.imports.oparl.gathering import read_gathered
from infra.imports.oparl.objects import ConsultationOfPaper, ItemOfMeeting, Thing, parsed
from infra.imports.oparl.standing import standing

KIND: Final = "oparl"
MOST_PARTS: Final = 100
BYTES_PER_COMMAND: Final = 160_000
"""A command carries 256 KB at most; this leaves room for envelopes and for the record's own texts."""
BYTES_PER_PART: Final = 1_500
BYTES_PER_ROW: Final = 16 * 1024
MIDNIGHT: Final = clock_time()


@dataclass(frozen=True, slots=True)
class Content:
    """An object as the council family takes it, and the digest of what the source said."""

    thing: Thing
    digest: str


class OparlImporter:
    """OParl 1.1 objects. A record's id is uuid5 of its object's address, so that references find it."""

    kind = KIND

    def __init__(self) -> None:
        self._principal = principal(KIND)

    def read(self, path: Path, book: Book) -> Iterator[Row[Content] | BadRow]:
        """The objects of a file, those of one record together. Raises SourceError."""
        for found in read_gathered(path):
            if isinstance(found.thing, Message):
                yield BadRow(number=found.number, source_id=None, message=found.thing)
                continue
            source_id = found.thing.get("id")
            source_id = source_id if isinstance(source_id, str) else None
            try:
                key, thing = parsed(found.thing)
            except BadField as error:
                yield BadRow(number=found.number, source_id=source_id, message=error.message)
                continue
            digest = sha256(orjson.dumps(found.thing, option=orjson.OPT_SORT_KEYS)).hexdigest()
            weight = 1 + found.size // BYTES_PER_ROW
            yield Row(number=found.number, source_id=source_id, key=key, content=Content(thing, digest), weight=weight)

    def record_id(self, key: str, book: Book) -> UUID:
        """The record of an object."""
        return imported_id(key)

    def plan(self, group: Group[Content], book: Book) -> Sequence[Planned]:
        """For each object the requests that bring its record up to it; none where nothing differs."""
        planning = _Planning(self._principal, group, book)
        behind = planning.behind([row.content.thing for row in group.rows])
        return [
            Planned(row=row.number, requests=() if place in behind else planning.requests(row.content))
            for place, row in enumerate(group.rows)
        ]


def importer() -> OparlImporter:
    """The importer of OParl 1.1."""
    return OparlImporter()


class _Planning:
    """The requests for the objects of one record, in their order."""

    def __init__(self, who: Any, group: Group[Content], book: Book) -> None:
        self._principal = who
        self._group = group
        self._book = book
        self._there = group.version > 0
        self._sent = 0
        self._before = ""
        self._modified = _modified(group.state)
        self._now = datetime.now(UTC)

    def behind(self, things: Sequence[Thing]) -> frozenset[int]:
        """The places of the objects that the record has behind it. One that is refused changes nothing, and is refused
        each time."""
        if not self._there or len(things) == 1:
            return frozenset()
        accepted = [place for place, thing in enumerate(things) if not self._is_refused(thing)]
        count = standing([things[place] for place in accepted], self._is_current)
        return frozenset(accepted[:count])

    def requests(self, content: Content) -> tuple[Request, ...]:
        thing = content.thing
        if not self._there and _is_tombstone(thing):
            return ()  # deleted before it was ever here
        if self._sent == 0 and self._is_current(thing):
            return ()
        steps = self._steps(thing)
        self._before = sha256(f"{self._before}\0{content.digest}".encode()).hexdigest()
        requests: list[Request] = []
        for step, (command, effective) in enumerate(steps):
            # The chain of objects before it is part of the key: after A, then B, then A again is another request.
            key = idempotency_key(KIND, self._group.key, f"{self._before}:{step}", self._group.version)
            requests.append(
                Request(
                    command=command,
                    principal=self._principal,
                    idempotency_key=key,
                    record_id=self._group.record_id,
                    effective=effective,
                    correlation_id=requests[0].command_id if requests else None,
                )
            )
        self._sent += len(requests)
        self._modified = _time_of(thing) or self._modified
        self._there = self._there or any(type(command).creates for command, _ in steps)
        return tuple(requests)

    def _is_current(self, thing: Thing) -> bool:
        try:
            return differences(self._group.state, thing, self._book) == ()
        except (Rejected, Invalid):
            return False  # the ledger says why

    def _is_refused(self, thing: Thing) -> bool:
        try:
            return differences(self._group.state, thing, self._book) is None
        except (Rejected, Invalid):
            return True

    def _steps(self, thing: Thing) -> list[tuple[Command, Effective | None]]:
        """The commands for an object, with the time at which each takes effect."""
        changed = self._at(thing.modified) if isinstance(thing, (SourceBody, SourcePaper, SourceMeeting)) else None
        match thing:
            case ConsultationOfPaper():
                consultation = thing.consultation
                command = commands.UpdateImportedConsultation(system=SYSTEM, consultation=consultation)
                return [(command, self._at(consultation.modified))]
            case ItemOfMeeting():
                item = commands.UpdateImportedAgendaItem(system=SYSTEM, item=thing.item, files=thing.files)
                return [(item, self._at(thing.item.modified))]
            case SourceBody() if self._there:
                return [(commands.UpdateImportedBody(system=SYSTEM, body=thing), changed)]
            case SourceBody():
                return [(commands.ImportBody(system=SYSTEM, body=thing), self._past(thing.created))]
            case SourcePaper():
                return self._paper_steps(thing, changed)
            case SourceMeeting():
                return self._meeting_steps(thing, changed)

    def _paper_steps(self, paper: SourcePaper, changed: Effective | None) -> list[tuple[Command, Effective | None]]:
        limit = most_parts((*paper.consultations, *paper.files))
        more = commands.UpdateImportedPaper(system=SYSTEM, paper=paper, limit=limit)
        parts = len(paper.consultations) + len(paper.files)
        if not self._there:
            created = self._past(paper.created)
            first = commands.ImportPaper(system=SYSTEM, paper=paper, limit=limit)
            return [(first, created), *((more, created) for _ in range((parts - 1) // limit))]
        state = self._group.state
        known = len(state.consultations) + len(state.files) if isinstance(state, PaperState) else 0
        return [(more, changed)] * (1 + (known + parts) // limit)

    def _meeting_steps(
        self, meeting: SourceMeeting, changed: Effective | None
    ) -> list[tuple[Command, Effective | None]]:
        limit = most_parts((*meeting.items, *meeting.files))
        more = commands.UpdateImportedMeeting(system=SYSTEM, meeting=meeting, limit=limit)
        parts = len(meeting.items) + len(meeting.files)
        if not self._there:
            # What came of the items is known of the meeting's day, not of the day on which it was entered.
            planned = replace(meeting, items=tuple(_before_the_meeting(item) for item in meeting.items))
            first = commands.ImportMeeting(system=SYSTEM, meeting=planned, limit=limit)
            rest = commands.UpdateImportedMeeting(system=SYSTEM, meeting=planned, limit=limit)
            created = self._past(meeting.created)
            steps: list[tuple[Command, Effective | None]] = [(first, created)]
            steps.extend((rest, created) for _ in range((parts - 1) // limit))
            if planned != meeting:
                held = self._past(meeting.data.start)
                steps.extend((more, held) for _ in range(1 + len(meeting.items) // limit))
            return steps
        state = self._group.state
        known = len(state.items) + len(state.files) if isinstance(state, MeetingState) else 0
        return [(more, changed)] * (1 + (known + parts) // limit)

    def _past(self, time: datetime | None) -> Effective | None:
        """A time of the source, unless it is unknown or yet to come; then the change takes effect now.

        Systems that know only a day write its midnight.
        """
        if time is None or time > self._now:
            return None
        local = time.astimezone(BERLIN)
        return Effective.on(local.date()) if local.time() == MIDNIGHT else Effective(time)

    def _at(self, modified: datetime | None) -> Effective | None:
        """When a change was made: the source's time, if it is later than that of the last change that is recorded."""
        if modified is not None and self._modified is not None and modified <= self._modified:
            return None
        return self._past(modified)


def differences(state: State | None, thing: Thing, book: Book) -> tuple[Fact, ...] | None:
    """The facts that would bring a record up to an object; None where the record is of another kind, or not there."""
    match state, thing:
        case BodyState(), SourceBody():
            return body_differences(state, SYSTEM, thing, book.pseudonym)
        case PaperState(), SourcePaper():
            return paper_differences(state, SYSTEM, thing, MOST_PARTS, book.pseudonym)
        case PaperState(), ConsultationOfPaper():
            return consultation_differences(state, SYSTEM, thing.consultation, book.pseudonym)
        case MeetingState(), SourceMeeting():
            return meeting_differences(state, SYSTEM, thing, MOST_PARTS, book.pseudonym)
        case MeetingState(), ItemOfMeeting():
            return item_differences(state, SYSTEM, thing.item, thing.files, book.pseudonym)
    return None


def most_parts(parts: Sequence[SourcePart]) -> int:
    """How many of the parts fit into one command, whichever they are."""
    largest = max((_texts(part) for part in parts), default=0)
    return max(1, min(MOST_PARTS, BYTES_PER_COMMAND // (BYTES_PER_PART + largest)))


def _texts(part: SourcePart) -> int:
    texts: list[Sealed[str] | None] = [part.further]
    if isinstance(part, SourceFile):
        texts += [part.name, part.file_name]
    elif isinstance(part, SourceAgendaItem):
        texts += [part.title, part.resolution_text]
    return sum(len((text.text or "").encode()) for text in texts if text is not None)


def _before_the_meeting(item: SourceAgendaItem) -> SourceAgendaItem:
    return replace(item, data=replace(item.data, outcome=None, source_result=None), resolution_text=None)


def _is_tombstone(thing: Thing) -> bool:
    return isinstance(thing, (SourceBody, SourcePaper, SourceMeeting)) and thing.deleted


def _time_of(thing: Thing) -> datetime | None:
    return thing.modified if isinstance(thing, (SourceBody, SourcePaper, SourceMeeting)) else None


def _modified(state: Any) -> datetime | None:
    source = getattr(state, "source", None)
    return source.modified if source is not None else None
