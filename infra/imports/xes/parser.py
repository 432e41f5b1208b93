"""XES as a stream of traces, in bounded memory; document types, entities and anything else that grows are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from domain.kernel import Message
from infra.imports.framework import SourceError
from infra.imports.sources import CHUNK, Source

LONGEST_TOKEN: Final = 4 * 1024 * 1024
LARGEST_EVENT: Final = 64 * 1024
MOST_ATTRIBUTES: Final = 1_000
LARGEST_TRACE: Final = 32 * 1024 * 1024
MOST_EVENTS: Final = 10_000
DEEPEST: Final = 64


@dataclass(slots=True)
class Event:
    """An event of the log, the `number`-th of the file. Attributes by key; nested ones as `outer/inner`.

    `fault` tells why its attributes are not there.
    """

    number: int
    attributes: dict[str, str] = field(default_factory=dict)
    fault: Message | None = None
    size: int = 0


@dataclass(slots=True)
class Trace:
    """A trace with its own attributes and its events, in the order of the file. `size` is that of all together."""

    attributes: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    fault: Message | None = None
    own_size: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class LogName:
    """What the log calls itself; None where it does not. It comes once, before the first trace."""

    name: str | None


@dataclass(frozen=True, slots=True)
class StrayEvent:
    """An event that belongs to no trace."""

    number: int


class _Handler:
    def __init__(self) -> None:
        self.ready: list[Trace | LogName | StrayEvent] = []
        self.elements = 0
        self.events = 0
        self._named = False
        self._name: str | None = None
        self._path: list[str] = []
        self._keys: list[str] = []
        self._trace: Trace | None = None
        self._event: Event | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        depth = len(self._path)
        name = tag.rpartition(":")[2]
        self._path.append(name)
        if depth == 0 and name != "log":
            raise _not_xes(name)
        if depth > DEEPEST:
            raise SourceError(
                Message(
                    f"Elements are nested more than {DEEPEST} deep: this is no case log.",
                    f"Elemente sind mehr als {DEEPEST}-fach geschachtelt: Das ist kein Fallprotokoll.",
                )
            )
        if depth == 1 and name == "trace":
            self._tell_name()
            self._trace = Trace()
        elif depth == 1 and name == "event":
            self._tell_name()
            self.events += 1
            self.ready.append(StrayEvent(self.events))
        elif depth == 2 and name == "event" and self._trace is not None:
            self._start_event(self._trace)
        else:
            self._attribute(depth, attributes)

    def end(self, tag: str) -> None:
        self._path.pop()
        depth = len(self._path)
        if depth == 1 and self._trace is not None:
            self.ready.append(self._trace)
            self._trace = None
        elif depth == 2 and self._event is not None:
            self._event = None
        elif self._keys:
            self._keys.pop()

    def finish(self) -> None:
        """The log ended; one without traces has its name told, too."""
        self._tell_name()

    def _tell_name(self) -> None:
        if not self._named:
            self._named = True
            self.ready.append(LogName(self._name))

    def _start_event(self, trace: Trace) -> None:
        self.events += 1
        self._event = Event(self.events)
        if len(trace.events) >= MOST_EVENTS:
            self._event.fault = Message(
                f"The trace has more than {MOST_EVENTS} events. Divide it in the source.",
                f"Der Trace hat mehr als {MOST_EVENTS} Ereignisse. Bitte in der Quelle aufteilen.",
            )
        trace.events.append(self._event)

    def _attribute(self, depth: int, attributes: dict[str, str]) -> None:
        key = attributes.get("key", "")
        self._keys.append(key)
        value = attributes.get("value")
        if value is None or not key:
            return
        if self._trace is None:
            if depth == 1 and key == "concept:name":
                self._name = value
            return
        path = key if len(self._keys) == 1 else "/".join(filter(None, self._keys))
        size = len(path) + len(value)
        self._trace.size += size
        if self._trace.size > LARGEST_TRACE:
            raise SourceError(
                Message(
                    f"A trace holds more than {LARGEST_TRACE // 1024**2} MB: this is no case log.",
                    f"Ein Trace umfasst mehr als {LARGEST_TRACE // 1024**2} MB: Das ist kein Fallprotokoll.",
                ),
                self.events,
            )
        event = self._event
        if event is not None:
            event.size += size
            if event.fault is None:
                event.fault = _keep(event.attributes, path, value, event.size)
        else:
            self._trace.own_size += size
            if self._trace.fault is None:
                self._trace.fault = _keep(self._trace.attributes, path, value, self._trace.own_size)


def _keep(attributes: dict[str, str], path: str, value: str, size: int) -> Message | None:
    """Keep a value under its path, and a second one of the same path beside it. Answers why it is too much."""
    if size > LARGEST_EVENT or len(attributes) >= MOST_ATTRIBUTES:
        attributes.clear()
        return Message(
            f"More than {LARGEST_EVENT // 1024} KB or {MOST_ATTRIBUTES} attributes in one event or trace.",
            f"Mehr als {LARGEST_EVENT // 1024} KB oder {MOST_ATTRIBUTES} Attribute in einem Ereignis oder Trace.",
        )
    if path in attributes:
        number = 2
        while f"{path}#{number}" in attributes:
            number += 1
        path = f"{path}#{number}"
    attributes[path] = value
    return None


def read_log(source: Source) -> Iterator[LogName | Trace | StrayEvent]:
    """The log's name, then its traces. A trace comes only when it is whole. Raises SourceError."""
    handler = _Handler()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.ExternalEntityRefHandler = _refuse_doctype
    seen = silent = 0
    while True:
        chunk = source.read(CHUNK)
        _parse(parser, chunk or b"", handler)
        if not chunk:
            handler.finish()
        yield from handler.ready
        handler.ready.clear()
        if not chunk:
            return
        silent = 0 if handler.elements != seen else silent + len(chunk)
        seen = handler.elements
        if silent > LONGEST_TOKEN:
            raise SourceError(
                Message(
                    f"More than {LONGEST_TOKEN // 1024**2} MB without an element: this is no case log.",
                    f"Mehr als {LONGEST_TOKEN // 1024**2} MB ohne ein Element: Das ist kein Fallprotokoll.",
                ),
                handler.events,
            )


def _parse(parser: expat.XMLParserType, chunk: bytes, handler: _Handler) -> None:
    try:
        parser.Parse(chunk, not chunk)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        hint = hinweis = ""
        if error.code in (expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN], _INCORRECT_ENCODING):
            hint = " The first line may declare another encoding than the file has."
            hinweis = " Vielleicht nennt die erste Zeile eine andere Kodierung, als die Datei hat."
        raise SourceError(
            Message(
                f"Malformed XML in line {error.lineno}, column {error.offset + 1}: {what}.{hint}",
                f"Fehlerhaftes XML in Zeile {error.lineno}, Spalte {error.offset + 1}: {what}.{hinweis}",
            ),
            handler.events,
        ) from error
    except (LookupError, ValueError) as error:
        raise SourceError(
            Message(
                f"The encoding that the file declares cannot be read ({error}). Convert the file to UTF-8.",
                f"Die angegebene Kodierung ist nicht lesbar ({error}). Bitte die Datei in UTF-8 umwandeln.",
            ),
            handler.events,
        ) from error


_INCORRECT_ENCODING: Final = expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING]


def _refuse_doctype(*_: object) -> NoReturn:
    # XES has no document type. What one could declare is entities that expand, or files and addresses to be read.
    raise SourceError(
        Message(
            "The file declares a document type or entities, which XES has no use for and which are not read. "
            "Remove the declaration.",
            "Die Datei vereinbart einen Dokumenttyp oder Entitäten. XES braucht sie nicht, und sie werden nicht "
            "gelesen. Bitte die Vereinbarung entfernen.",
        )
    )


def _not_xes(name: str) -> SourceError:
    return SourceError(
        Message(
            f"The file begins with <{name[:40]}>, a case log in XES begins with <log>.",
            f"Die Datei beginnt mit <{name[:40]}>, ein Fallprotokoll in XES mit <log>.",
        )
    )
