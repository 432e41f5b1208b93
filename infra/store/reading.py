"""What a decision needs to read, for many callers together: known commands, events beyond a version, data keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from infra.store import arrays
from infra.store.commit import GroupCommit
from infra.store.line import Connection, Line

FIND_COMMANDS = """
select command_id, request_hmac, record_id, version, first_position, last_position
from ledger.command where command_id = any(%s)
"""
FIND_EVENTS = """
select e.position, e.record_id, e.version, e.topic, e.recorded_at, e.effective_at, e.envelope::text, e.body::text
from unnest(%s::uuid[], %s::bigint[]) r(id, after)
join ledger.event e on e.record_id = r.id and e.version > r.after
order by e.record_id, e.version
"""
FIND_KEYS = "select key_id, wrapped_key, kek_id, commitment from vault.key where key_id = any(%s)"
# Planned once, on whatever the tables hold then: it must be the plan that stays good when they grow.
SETTINGS = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off"


class CommandRow(NamedTuple):
    """A remembered command."""

    command_id: UUID
    request_hmac: bytes
    record_id: UUID
    version: int
    first_position: int | None
    last_position: int | None


class EventRow(NamedTuple):
    """An event as stored; envelope and body are the exact texts."""

    position: int
    record_id: UUID
    version: int
    topic: str
    recorded_at: datetime
    effective_at: datetime
    envelope: str
    body: str


class KeyRow(NamedTuple):
    """A data key as stored; without `wrapped_key` it was destroyed."""

    key_id: UUID
    wrapped_key: bytes | None
    kek_id: str
    commitment: bytes


class Question(NamedTuple):
    """Which of these commands are known, what happened to these records beyond the version given for each, and which
    of these keys are there?
    """

    commands: Sequence[UUID] = ()
    after: Mapping[UUID, int] = MappingProxyType({})
    keys: Sequence[UUID] = ()


class Findings(NamedTuple):
    """What is known of the commands and keys, and the events of each record in order of version."""

    commands: dict[UUID, CommandRow]
    events: dict[UUID, list[EventRow]]
    keys: dict[UUID, KeyRow]


class Reading:
    """Answers questions. Safe to share between threads; what is asked at the same time is read together, once."""

    def __init__(self, conninfo: str) -> None:
        self._line = Line(conninfo, _configure)
        self._questions: GroupCommit[Question, Findings] = GroupCommit(
            "stadtbuch-read", self._carry, weight=lambda question: 1 + len(question.after)
        )

    def ask(self, question: Question) -> Findings:
        """The findings as of now. Raises OperationalError when the server stays away."""
        return self._questions.perform(question)

    def close(self) -> None:
        """Answer what was asked, then stop."""
        self._questions.close()
        self._line.close()

    def _carry(self, questions: Sequence[Question]) -> list[Findings | Exception | None]:
        wanted = list({command_id for question in questions for command_id in question.commands})
        after: dict[UUID, int] = {}
        for question in questions:
            for record_id, version in question.after.items():
                after[record_id] = min(version, after.get(record_id, version))
        keys = list({key_id for question in questions for key_id in question.keys})
        found, _ = self._line.call(lambda connection: _read(connection, wanted, after, keys))
        return [_part(question, found) for question in questions]


def _configure(connection: Connection) -> None:
    arrays.register(connection)
    connection.execute(SETTINGS)


def _read(connection: Connection, commands: list[UUID], after: dict[UUID, int], keys: list[UUID]) -> Findings:
    found = Findings({}, {}, {})
    if after:
        parameters = (arrays.uuid(list(after)), arrays.int8(list(after.values())))
        for row in connection.execute(FIND_EVENTS, parameters, prepare=True, binary=True):
            found.events.setdefault(row[1], []).append(EventRow(*row))
    if keys:
        for row in connection.execute(FIND_KEYS, (arrays.uuid(keys),), prepare=True, binary=True):
            found.keys[row[0]] = KeyRow(*row)
    # Last: whoever sees what a command did must also see that it was done, or would refuse its repeat.
    if commands:
        for row in connection.execute(FIND_COMMANDS, (arrays.uuid(commands),), prepare=True, binary=True):
            found.commands[row[0]] = CommandRow(*row)
    return found


def _part(question: Question, found: Findings) -> Findings:
    """What of the common findings answers one question."""
    events = {}
    for record_id, version in question.after.items():
        rows = found.events.get(record_id)
        if rows:
            events[record_id] = rows if rows[0].version > version else [row for row in rows if row.version > version]
    return Findings(
        {key: found.commands[key] for key in question.commands if key in found.commands},
        events,
        {key: found.keys[key] for key in question.keys if key in found.keys},
    )
