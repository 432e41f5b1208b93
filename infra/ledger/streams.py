"""Records as far as this process has read them, and the way to read on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError, StoredEvent

from domain.kernel import Fact, Family
from infra.codec import Codec
from infra.ledger.refusals import unavailable
from infra.store.commit import Closed
from infra.store.reading import CommandRow, KeyRow, Question, Reading

MOST_STREAMS = 20_000
# States may grow with every event, and imports write long records: what is remembered is bounded by events as well.
MOST_EVENTS = 200_000


@dataclass(frozen=True, slots=True)
class Stream:
    """A record as far as its events have been read: version 0 and no state where there are none."""

    version: int = 0
    state: Any = None
    kind: str | None = None

    def after(self, family: Family, fact: Fact) -> Stream:
        """The stream with one more fact."""
        return Stream(self.version + 1, family.evolve(self.state, fact), self.kind or fact.kind)


class Seen(NamedTuple):
    """What a look has found: known commands and keys, and the records that exist."""

    commands: dict[UUID, CommandRow]
    keys: dict[UUID, KeyRow]
    streams: Mapping[UUID, Stream]


class Streams:
    """Remembers the records used last. Safe to share between threads."""

    def __init__(self, codec: Codec, reading: Reading) -> None:
        self._codec = codec
        self._reading = reading
        self._seen: OrderedDict[UUID, Stream] = OrderedDict()
        self._events = 0
        self._lock = Lock()

    def last_seen(self, record_id: UUID) -> Stream | None:
        """A record as it was read last; it may have moved on since."""
        return self._seen.get(record_id)

    def look(self, record_ids: Iterable[UUID], command_ids: Sequence[UUID] = (), key_ids: Sequence[UUID] = ()) -> Seen:
        """Records, commands and keys as they are now, in one round trip. Raises Unavailable."""
        with self._lock:
            known = {record_id: self._seen.get(record_id, Stream()) for record_id in record_ids}
        after = {record_id: stream.version for record_id, stream in known.items()}
        try:
            findings = self._reading.ask(Question(command_ids, after, key_ids))
        except (PersistenceError, psycopg.Error, Closed) as error:
            raise unavailable(error) from error
        for record_id, rows in findings.events.items():
            stream = known[record_id]
            for row in rows:
                stream = self._after(stream, row.topic, row.position, row.body)
            known[record_id] = stream
        existing = {record_id: stream for record_id, stream in known.items() if stream.version}
        with self._lock:
            for record_id, stream in existing.items():
                held = self._seen.get(record_id)
                self._keep(record_id, stream if held is None or held.version <= stream.version else held)
        return Seen(findings.commands, findings.keys, existing)

    def fold_in(self, recorded: Iterable[tuple[int, StoredEvent]]) -> None:
        """Remember what was recorded, by position, as it will be read: sealed texts as references, not in clear."""
        with self._lock:
            for position, event in recorded:
                record_id: Any = event.originator_id
                stream = Stream() if event.originator_version == 1 else self._seen.get(record_id)
                if stream is not None and stream.version == event.originator_version - 1:
                    self._keep(record_id, self._after(stream, event.topic, position, event.state))

    def _after(self, stream: Stream, topic: str, position: int, body: str | bytes) -> Stream:
        fact = self._codec.fact(topic, position, body)
        return stream.after(self._codec.family_of[type(fact)], fact)

    def _keep(self, record_id: UUID, stream: Stream) -> None:
        held = self._seen.get(record_id)
        self._events += stream.version - (held.version if held else 0)
        self._seen[record_id] = stream
        self._seen.move_to_end(record_id)
        while len(self._seen) > MOST_STREAMS or (self._events > MOST_EVENTS and len(self._seen) > 1):
            _, dropped = self._seen.popitem(last=False)
            self._events -= dropped.version
