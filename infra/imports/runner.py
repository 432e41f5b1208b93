"""Runs an import: chunks of rows are planned on the records as they stand, sent, and counted. Run again, it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TextIO, TypeVar
from uuid import UUID

from domain.kernel import Invalid, Message, Rejected
from domain.requests import NotFound, Outcome, Overloaded, Refused, Request, Unavailable, VersionConflict
from infra.imports.framework import BadRow, Book, Group, Head, Importer, Item, Planned, Row, Setup, SourceError

T = TypeVar("T")

ROWS_PER_CHUNK: Final = 1_000
ATTEMPTS: Final = 5


@dataclass(slots=True)
class Counts:
    """Source rows: `read` = `recorded` + `unchanged` + `rejected`. `records` were written to, by `events`."""

    read: int = 0
    recorded: int = 0
    unchanged: int = 0
    rejected: int = 0
    records: int = 0
    events: int = 0

    def as_json(self) -> str:
        """The line that `import --json` ends with."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Fault:
    """A source that could not be read to its end."""

    path: Path
    error: SourceError


@dataclass(slots=True)
class Result:
    """What became of an import; without faults every source was read to its end."""

    counts: Counts = field(default_factory=Counts)
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class _Pending(Generic[T]):
    key: str
    head: Any = None
    rows: list[Row[T]] = field(default_factory=list)
    written: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)


class _Chunk(Generic[T]):
    """Rows that are planned and sent together. A record occurs once: its rows are planned on one state."""

    def __init__(self) -> None:
        self.groups: list[_Pending[T]] = []
        self._keys: set[str] = set()
        self._rows = 0

    def ends_before(self, item: Item[T]) -> bool:
        """Whether the item has to wait until this chunk is imported."""
        match item:
            case Setup():
                return True
            case Row() if self.groups and self.groups[-1].key == item.key:
                return False
            case Row() | Head():
                return item.key in self._keys or self._rows >= ROWS_PER_CHUNK or len(self.groups) >= ROWS_PER_CHUNK
        return False

    def open(self, key: str, head: Any = None) -> None:
        self.groups.append(_Pending(key, head))
        self._keys.add(key)

    def add(self, row: Row[T]) -> None:
        if not self.groups or self.groups[-1].key != row.key:
            self.open(row.key)
        self.groups[-1].rows.append(row)
        self._rows += row.weight


def run(
    importer: Importer[T],
    paths: Sequence[Path],
    book: Book,
    *,
    rejects: TextIO | None = None,
    progress: Callable[[Counts], None] = lambda counts: None,
) -> Result:
    """Import sources one after the other. A broken one is reported and does not keep the next from being read.

    Raises Overloaded and Unavailable when the ledger does not take requests. Then, as after an interruption, running
    the import again goes on where it stopped.
    """
    result = Result()
    for path in paths:
        try:
            _Run(importer, path, book, result.counts, rejects, progress).read()
        except SourceError as error:
            result.faults.append(Fault(path, error))
    return result


class _Run(Generic[T]):
    def __init__(
        self,
        importer: Importer[T],
        path: Path,
        book: Book,
        counts: Counts,
        rejects: TextIO | None,
        progress: Callable[[Counts], None],
    ) -> None:
        self._importer = importer
        self._path = path
        self._book = book
        self._counts = counts
        self._rejects = rejects
        self._progress = progress
        self._written: set[UUID] = set()
        self._refused: dict[UUID, Exception] = {}

    def read(self) -> None:
        """Read the source to its end. Raises SourceError after what stood before the fault is imported."""
        items = self._importer.read(self._path, self._book)
        chunk: _Chunk[T] = _Chunk()
        fault: SourceError | None = None
        while True:
            try:
                item = next(items)
            except StopIteration:
                break
            except SourceError as error:
                fault = error
                break
            if chunk.ends_before(item):
                self._import(chunk.groups)
                chunk = _Chunk()
            self._take(chunk, item)
        self._import(chunk.groups)
        if fault is not None:
            raise fault

    def _take(self, chunk: _Chunk[T], item: Item[T]) -> None:
        match item:
            case BadRow():
                self._counts.read += item.number is not None
                self._reject(item.number, item.source_id, None, item.message)
            case Setup():
                self._set_up(item.requests)
            case Head():
                chunk.open(item.key, item.content)
            case Row():
                self._counts.read += 1
                chunk.add(item)

    def _set_up(self, requests: Sequence[Request]) -> None:
        for answer in self._book.handle_all(requests):
            if isinstance(answer, Exception):
                _require_refusal(answer)
                raise SourceError(_message(answer)) from answer
            self._counts.events += _events(answer)

    def _import(self, groups: Sequence[_Pending[T]]) -> None:
        """Plan and send until no record has moved on in between, which happens when others work on it."""
        waiting = list(groups)
        for _ in range(ATTEMPTS):
            if not waiting:
                break
            waiting = self._attempt(waiting)
        else:
            if waiting:
                raise Overloaded(
                    Message(
                        "Others are working on the same records. Run the import again, it goes on where it stopped.",
                        "An denselben Datensätzen wird gearbeitet. Starten Sie den Import noch einmal, er setzt fort.",
                    )
                )
        self._progress(self._counts)

    def _attempt(self, groups: Sequence[_Pending[T]]) -> list[_Pending[T]]:
        """Answers the groups whose record moved on in between."""
        ids = [self._importer.record_id(group.key, self._book) for group in groups]
        streams = self._book.streams(ids)
        plans: list[tuple[_Pending[T], UUID, Sequence[Planned]]] = []
        requests: list[Request] = []
        for group, record_id in zip(groups, ids, strict=True):
            stream = streams.get(record_id)
            planned = self._importer.plan(
                Group(
                    key=group.key,
                    record_id=record_id,
                    version=stream.version if stream else 0,
                    state=stream.state if stream else None,
                    head=group.head,
                    rows=group.rows,
                ),
                self._book,
            )
            plans.append((group, record_id, planned))
            requests.extend(request for each in planned for request in each.requests)
        answers = iter(self._book.handle_all(requests) if requests else ())
        return [group for group, record_id, planned in plans if self._settle(group, record_id, planned, answers)]

    def _settle(
        self,
        group: _Pending[T],
        record_id: UUID,
        planned: Sequence[Planned],
        answers: Iterator[Outcome | Exception],
    ) -> bool:
        """Count what became of the rows. Answers whether the record moved on, so that they are planned once more."""
        source_ids = {row.number: row.source_id for row in group.rows}
        moved_on = False
        for each in planned:
            outcomes = [next(answers) for _ in each.requests]
            refusal = self._refusal(each, record_id, outcomes)
            events = sum(_events(outcome) for outcome in outcomes if isinstance(outcome, Outcome))
            self._wrote(record_id, events)
            if events and each.row is not None:
                group.written.add(each.row)
            if isinstance(refusal, VersionConflict):
                moved_on = True
            elif each.row is None:
                if refusal is not None and not group.rows:
                    self._reject(None, group.key, refusal, _message(refusal))
            elif each.row not in group.counted:
                group.counted.add(each.row)
                if refusal is not None:
                    self._reject(each.row, source_ids[each.row], refusal, _message(refusal))
                elif each.row in group.written:
                    self._counts.recorded += 1
                else:
                    self._counts.unchanged += 1
        return moved_on

    def _wrote(self, record_id: UUID, events: int) -> None:
        self._counts.events += events
        if events and record_id not in self._written:
            self._written.add(record_id)
            self._counts.records += 1

    def _refusal(self, planned: Planned, record_id: UUID, outcomes: Sequence[Outcome | Exception]) -> Exception | None:
        """Why a row is refused: its first refusal, or for a record that could not be opened, the reason for that."""
        refusals = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        for refusal in refusals:
            _require_refusal(refusal)
        if not refusals:
            return None
        creating = [
            isinstance(outcome, Exception) and type(request.command).creates
            for request, outcome in zip(planned.requests, outcomes, strict=True)
        ]
        if any(creating):
            self._refused[record_id] = refusals[0]
        if isinstance(refusals[0], NotFound):
            return self._refused.get(record_id, refusals[0])
        return refusals[0]

    def _reject(self, row: int | None, source_id: str | None, refusal: Exception | None, message: Message) -> None:
        if row is not None:
            self._counts.rejected += 1
        if self._rejects is not None:
            rule = refusal.rule.id if isinstance(refusal, Rejected) else None
            line = {
                "file": self._path.name,
                "row": row,
                "source_id": source_id,
                "rule": rule,
                "error": "unreadable" if refusal is None else type(refusal).__name__,
                "message": message.en,
            }
            self._rejects.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._rejects.flush()


def _events(outcome: Outcome) -> int:
    if outcome.repeated or outcome.first_position is None or outcome.last_position is None:
        return 0
    return outcome.last_position - outcome.first_position + 1


def _require_refusal(answer: Exception) -> None:
    """Raise what is no answer to a row: a ledger that does not take requests, or a fault of the program."""
    if isinstance(answer, (Overloaded, Unavailable)) or not isinstance(answer, (Rejected, Invalid, Refused)):
        raise answer


def _message(refusal: Exception) -> Message:
    match refusal:
        case Rejected():
            return Message(refusal.message("en"), refusal.message("de"))
        case Invalid():
            return Message(str(refusal), f"{refusal.field}: {refusal.message.de}")
        case Refused():
            return refusal.message
    raise refusal
