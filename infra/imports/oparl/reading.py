"""OParl objects out of a source: one JSON object a line, or list pages; whatever the source, in bounded memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import ijson
import orjson

from domain.kernel import Message
from infra.imports.framework import SourceError
from infra.imports.sources import open_source

LONGEST_LINE: Final = 4 * 1024 * 1024
LONGEST_TOKEN: Final = 1024 * 1024
DEEPEST: Final = 32
BOTTOM: Final = 10_000
"""Where a parser's own stack would begin to matter; what is deeper ends the source."""
MOST_VALUES: Final = 100_000
PEEKED: Final = 64 * 1024
LINE_SUFFIXES: Final = (".jsonl", ".ndjson")
BOM: Final = b"\xef\xbb\xbf"

NOT_UTF_8: Final = Message(
    "It is not UTF-8: export it again as UTF-8, the encoding of JSON.",
    "Es ist kein UTF-8: bitte neu als UTF-8 ausgeben, der Kodierung von JSON.",
)
TOO_DEEP: Final = Message(
    f"It is nested deeper than {DEEPEST} levels, which no OParl object is.",
    f"Es ist tiefer als {DEEPEST} Ebenen geschachtelt, was kein OParl-Objekt ist.",
)
TOO_LARGE: Final = Message(
    f"It is larger than {LONGEST_LINE // 1024**2} MB, which no OParl object is.",
    f"Es ist größer als {LONGEST_LINE // 1024**2} MB, was kein OParl-Objekt ist.",
)
NOT_AN_OBJECT: Final = Message("It is not a JSON object.", "Es ist kein JSON-Objekt.")


@dataclass(frozen=True, slots=True)
class Found:
    """One top-level object, or why it cannot be had. `number` counts from 1; `size` is about its bytes."""

    number: int
    thing: dict[str, Any] | Message
    size: int = 0


def read_objects(path: Path) -> Iterator[Found]:
    """The objects of a file, gzipped or not. Raises SourceError where the rest cannot be read."""
    with open_source(path) as source:
        stream = io.BufferedReader(source, PEEKED)
        start = stream.peek(PEEKED)
        if not start:
            return
        if b"\0" in start[:4] or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SourceError(NOT_UTF_8)
        things = _of_lines(stream) if _has_lines(path, start) else _of_pages(stream)
        for number, (thing, size) in enumerate(things, start=1):
            yield Found(number, thing if isinstance(thing, (dict, Message)) else NOT_AN_OBJECT, size)


def _has_lines(path: Path, start: bytes) -> bool:
    """Whether each line is an object of its own: by the file's name, or because its first line is one."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(LINE_SUFFIXES):
        return True
    line, end, _ = start.removeprefix(BOM).lstrip().partition(b"\n")
    return bool(end) and isinstance(_loaded(line), dict)


def _loaded(line: bytes) -> Any:
    """The value of a line, or a message."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            line.decode()
        except UnicodeDecodeError:
            return NOT_UTF_8
        return Message(f"It is not JSON: {error}.", f"Es ist kein JSON: {error}.")


# One object a line


def _of_lines(stream: BinaryIO) -> Iterator[tuple[Any, int]]:
    for line in _lines(stream):
        if line is None:
            yield TOO_LARGE, 0
            continue
        value = _loaded(line)
        if isinstance(value, (dict, list)) and _too_deep(value):
            yield TOO_DEEP, len(line)
        elif isinstance(value, dict) and "type" not in value and isinstance(value.get("data"), list):
            # Each line may be a list page, too.
            yield from ((thing, len(line) // max(1, len(value["data"]))) for thing in value["data"])
        else:
            yield value, len(line)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines that hold something; None for one that is too long, which is skipped."""
    first = True
    while line := stream.readline(LONGEST_LINE + 1):
        if first:
            line, first = line.removeprefix(BOM), False
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(PEEKED)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif stripped := line.strip():
            yield stripped


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True


# List pages


class _Guarded:
    """Hands bytes on while no token is endless: a parser has to hold a token whole.

    `_length` is how much of the token at the end of what was handed on has been seen.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._length = 0
        self._inside = False
        self._escape = b""
        self._first = True

    def read(self, size: int) -> bytes:
        if size == 0:
            return b""
        chunk = self._stream.read(min(size, PEEKED))
        if self._first:
            chunk, self._first = chunk.removeprefix(BOM), False
        self._follow(self._escape + chunk)
        if self._length > LONGEST_TOKEN:
            raise SourceError(
                Message(
                    "It has a value of more than 1 MB, which no OParl object has.",
                    "Es enthält einen Wert von mehr als 1 MB, was in keinem OParl-Objekt vorkommt.",
                )
            )
        return chunk

    def _follow(self, text: bytes) -> None:
        trailing = len(text) - len(text.rstrip(b"\\"))
        self._escape = b"\\" if trailing % 2 else b""
        # What is escaped is blotted out, so that every quote left begins or ends a string.
        plain = text[: len(text) - len(self._escape)].replace(b"\\\\", b"..").replace(b'\\"', b"..")
        *before, last = plain.split(b'"')
        if before:
            self._length = 0
            self._inside ^= len(before) % 2 == 1
        if not self._inside:
            end = max(last.rfind(mark) for mark in b",:[]{}")
            if end >= 0:
                self._length = 0
                last = last[end + 1 :]
        self._length += len(last)


class _Building:
    """One value put together from parse events; what grows too large or too deep becomes a message."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._keys: list[str] = []
        self._values = 0
        self.size = 0
        self.depth = 0
        self.value: Any = None

    def take(self, event: str, value: Any) -> bool:
        """Takes the next event; whether the value is complete."""
        match event:
            case "start_map" | "start_array":
                self.depth += 1
                if self.depth > BOTTOM:
                    raise SourceError(TOO_DEEP)
                self._open({} if event == "start_map" else [])
            case "end_map" | "end_array":
                self.depth -= 1
                if not isinstance(self.value, Message):
                    self._close()
            case "map_key":
                self.size += len(value)
                if not isinstance(self.value, Message):
                    self._keys.append(value)
            case _:
                self.size += len(value) if isinstance(value, str) else 8
                self._put(value)
        return self.depth == 0

    def _open(self, container: Any) -> None:
        if self.depth > DEEPEST:
            self.value = TOO_DEEP
        if self._put(container):
            self._stack.append(container)

    def _close(self) -> None:
        self.value = self._stack.pop()

    def _put(self, value: Any) -> bool:
        self._values += 1
        if isinstance(self.value, Message):
            return False
        if self._values > MOST_VALUES or self.size > LONGEST_LINE:
            self.value = TOO_LARGE
            self._stack.clear()
            self._keys.clear()
            return False
        if not self._stack:
            self.value = value
        elif isinstance(self._stack[-1], dict):
            self._stack[-1][self._keys.pop()] = value
        else:
            self._stack[-1].append(value)
        return True


def _of_pages(stream: BinaryIO) -> Iterator[tuple[Any, int]]:
    # A text beyond the guard's reach ends in the parser's own error; both end the source.
    events = ijson.basic_parse(_Guarded(stream), multiple_values=True, use_float=True, buf_size=PEEKED)
    try:
        for event, value in events:
            match event:
                case "start_map":
                    yield from _page(events)
                case "start_array":
                    yield from _list(events)
                case _:
                    yield value, 0
    except (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        if "UTF8" in reason or "utf-8" in reason:
            raise SourceError(NOT_UTF_8) from error
        raise SourceError(
            Message(f"The JSON cannot be read on: {reason}.", f"Das JSON ist ab hier nicht lesbar: {reason}.")
        ) from error


def _list(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[Any, int]]:
    """The values of a list whose start was read."""
    for event, value in events:
        if event == "end_array":
            return
        building = _Building()
        complete = building.take(event, value)
        while not complete:
            complete = building.take(*next(events))
        yield building.value, building.size


def _page(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[Any, int]]:
    """The objects of a list page whose start was read; an object that is no page is itself what was looked for."""
    alone = _Building()
    alone.take("start_map", None)
    page = complete = False
    while not complete:
        event, value = next(events)
        if alone.depth == 1 and (event, value) == ("map_key", "data"):
            complete = alone.take(event, value)
            event, value = next(events)
            if event == "start_array":
                page = True
                yield from _list(events)
                event, value = "null", None
        complete = alone.take(event, value)
    if not page:
        yield alone.value, alone.size
