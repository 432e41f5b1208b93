"""The ledger as an eventsourcing application: commands in, outcomes out, events recorded on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from hmac import compare_digest
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    DataError,
    IntegrityError,
    Mapper,
    PersistenceError,
    Recording,
)

from domain.kernel import Effective, Family, Invalid, Message, Rejected, Sealed
from domain.probe import blocking_rule, placeholder
from domain.requests import (
    Availability,
    IdempotencyKeyReused,
    NotFound,
    Outcome,
    Principal,
    Refused,
    Request,
    Unavailable,
)
from domain.rules import COMMAND_TOO_LARGE, SUBJECT_FORGOTTEN
from infra.codec import Codec
from infra.database import Database
from infra.keys import KeyEncryptionKey
from infra.ledger.memory import FromMemory, Stale
from infra.ledger.refusals import overloaded, reused, unavailable, unstorable
from infra.ledger.streams import Stream, Streams
from infra.ledger.turns import Turns
from infra.ledger.work import NotYetRecorded, Work, has_target, target_of
from infra.store.commit import Closed, GroupCommit
from infra.store.mapper import LedgerMapper
from infra.store.reading import CommandRow, Reading
from infra.store.recorder import LedgerFactory, LedgerRecorder
from infra.store.unit import (
    AlreadyRecorded,
    ClaimTaken,
    CommandEntry,
    CommandReused,
    GuardFailed,
    KeyConflict,
    TooLarge,
    VersionTaken,
)
from infra.vault import KeyDestroyed, Vault

ATTEMPTS = 10
CHUNK_EVENTS = 250
BATCH = 200
# While the batch of one is on its way to the disk, the other decides.
DECIDING = 2

FIND_CLAIM = "select record_id from ledger.claim where kind = %b and key = %b"


class Ledger(Application[UUID]):
    """Handles requests. Safe to share between threads; concurrent requests share transactions.

    From asyncio, call the blocking methods in threads (`asyncio.to_thread(ledger.handle, request)`).
    """

    name = "stadtbuch"

    def __init__(self, database: Database, kek: KeyEncryptionKey, families: Iterable[Family]) -> None:
        self.codec = Codec(families)
        self._family_of_command = {command: family for family in self.codec.families for command in family.commands}
        self._conninfo = database.conninfo("writer")
        self._kek = kek
        self._reading = Reading(self._conninfo)
        self._streams = Streams(self.codec, self._reading)
        self._turns = Turns()
        environment = {
            "PERSISTENCE_MODULE": "infra.store.recorder:LedgerFactory",
            LedgerFactory.LEDGER_CONNINFO: self._conninfo,
        }
        try:
            super().__init__(environment)
            self.memory = FromMemory(
                self._streams,
                self.vault,
                self._turns,
                self.ledger_mapper,
                self.ledger_recorder,
                self._work,
                self._translated,
            )
            self._quick: GroupCommit[Request, Outcome | Stale] = GroupCommit(
                "stadtbuch-decide", self.memory.carry, limit=BATCH, threads=DECIDING
            )
        except BaseException:
            self._reading.close()
            if hasattr(self, "factory"):
                self.factory.close()
            raise

    def construct_mapper(self) -> Mapper[UUID]:
        """The mapper, equipped with codec and vault."""
        mapper = LedgerMapper(self.construct_transcoder())
        factory = self.factory
        if not isinstance(factory, LedgerFactory):
            raise TypeError("the ledger needs LedgerFactory as its persistence")
        pool = factory.datastore.pool
        pool.open()
        with pool.connection() as connection:
            row = connection.execute("select log from ledger.head").fetchone()
        if row is None:
            raise Unavailable(Message("Run `stadtbuch init` first.", "Führen Sie zuerst `stadtbuch init` aus."))
        self.log_name: str = row["log"]
        self.vault = Vault(factory.datastore, self._reading, self._kek, self.log_name)
        mapper.equip(self.codec)
        self.ledger_mapper = mapper
        return mapper

    def construct_recorder(self) -> ApplicationRecorder:
        """The recorder, also by its own type."""
        recorder = super().construct_recorder()
        if not isinstance(recorder, LedgerRecorder):
            raise TypeError("the ledger needs LedgerRecorder as its recorder")
        self.ledger_recorder = recorder
        return recorder

    def close(self) -> None:
        """Record what was handed in, then close all connections."""
        if not self.closing.is_set():
            self._quick.close()
            self.ledger_recorder.close()
            self._reading.close()
        super().close()

    def save(self, *objs: Any, **kwargs: Any) -> list[Recording[UUID]]:
        """As the library's, for pending facts alone: asking of each whether it satisfies a runtime protocol costs more
        than encoding it, and there are no snapshots.
        """
        recordings = self.events.put(objs, **kwargs)
        self._notify(recordings)
        return recordings

    # Commands

    def handle(self, request: Request) -> Outcome:
        """Decide a request and record what follows from it. Returns when it is on disk.

        Raises Rejected (a rule forbids it), Invalid, NotFound, VersionConflict, IdempotencyKeyReused, Overloaded and
        Unavailable; then nothing was recorded, but for Unavailable, where it is open and a repeat is safe.
        """
        answer = self._answer_from_memory(request)
        return answer if isinstance(answer, Outcome) else self._looked(request)

    def _looked(self, request: Request, now: datetime | None = None) -> Outcome:
        """Decide a request upon what the store holds, as of a moment where one is given."""
        waited = False
        with ExitStack() as turn:
            for _ in range(ATTEMPTS):
                known, work = self._look([request])
                if known:
                    return known[request.command_id]
                try:
                    work.decide(request, now or datetime.now(UTC))
                except (Rejected, Refused):
                    # Perhaps by what this very command, sent twice at once, has just done.
                    known, _ = self._look([request])
                    if known:
                        return known[request.command_id]
                    raise
                if waited or not self._turns.taken(work.records):
                    try:
                        return self._save(work)[0]
                    except TooLarge:
                        raise Rejected(COMMAND_TOO_LARGE) from None
                    except (VersionTaken, GuardFailed, KeyConflict, AlreadyRecorded):
                        pass  # the next look finds the first outcome, or what to decide upon now
                else:
                    self.vault.discard(work.keys)
                if not waited:
                    turn.enter_context(self._turns.of(work.records))
                    waited = True
        raise overloaded()

    def handle_all(
        self, requests: Sequence[Request], moments: Sequence[datetime] | None = None
    ) -> list[Outcome | Exception]:
        """Decide many requests, each upon the ones before it, and record them in large units: for imports and seeding.

        Answers, in order, an outcome or why the request was refused; a refused one does not hinder the others. A city
        that is made up has a clock of its own: `moments` are the times at which its requests are decided. What they
        lead to is recorded now all the same.
        """
        answers: list[Outcome | Exception] = []
        limit = CHUNK_EVENTS
        while len(answers) < len(requests):
            part = slice(len(answers), len(answers) + limit)
            try:
                answers.extend(self._handle_chunk(requests[part], moments[part] if moments else None, limit))
            except TooLarge:
                limit //= 2
        return answers

    def _handle_chunk(
        self, chunk: Sequence[Request], moments: Sequence[datetime] | None, limit: int
    ) -> list[Outcome | Exception]:
        """Answer as many of the first requests as make up to `limit` events. Raises TooLarge where that is too much."""
        try:
            known, work = self._look(chunk)
        except IdempotencyKeyReused:
            return self._one_by_one(chunk, moments)
        now = datetime.now(UTC)
        answers: list[Outcome | Exception | None] = []
        decided: set[UUID] = set()
        for request, moment in zip(chunk, moments or [now] * len(chunk), strict=True):
            if len(work.pending) >= limit or request.command_id in decided:
                break  # a request that comes twice is a repeat of what was recorded the first time
            decided.add(request.command_id)
            if request.command_id in known:
                answers.append(known[request.command_id])
                continue
            try:
                work.decide(request, moment)
                answers.append(None)
            except NotYetRecorded:
                break  # it is decided again when what came before it is recorded
            except Exception as error:
                answers.append(error)
        try:
            recorded = iter(self._save(work) if work.commands else ())
        except (TooLarge, Invalid, Rejected, AlreadyRecorded, IntegrityError, IdempotencyKeyReused) as error:
            if isinstance(error, TooLarge) and limit > 1:
                raise
            # Together they do not go: a claim of one is taken, a record moved on. Apart, each gets its own answer.
            return self._one_by_one(chunk[: len(answers)], moments)
        answered = [next(recorded) if answer is None else answer for answer in answers]
        refused = [
            request
            for request, answer in zip(chunk, answered, strict=False)
            if isinstance(answer, Rejected | Refused) and not isinstance(answer, Unavailable)
        ]
        if refused:
            # Perhaps by what another process that was sent the same has just done, as in `handle`.
            known = self._remembered(refused)
            answered = [known.get(request.command_id, answer) for request, answer in zip(chunk, answered, strict=False)]
        return answered

    def _remembered(self, requests: Sequence[Request]) -> dict[UUID, Outcome]:
        """The first outcomes of those requests that were handled before."""
        rows = self._streams.look((), [request.command_id for request in requests]).commands
        return {
            request.command_id: _repeated(rows[request.command_id])
            for request in requests
            if request.command_id in rows
            and compare_digest(rows[request.command_id].request_hmac, self._hmac_of(request))
        }

    def _one_by_one(self, requests: Sequence[Request], moments: Sequence[datetime] | None) -> list[Outcome | Exception]:
        answers: list[Outcome | Exception] = []
        for n, request in enumerate(requests):
            try:
                answers.append(self._looked(request, moments[n]) if moments else self.handle(request))
            except Exception as error:
                answers.append(error)
        return answers

    def available(self, record_id: UUID, principal: Principal) -> tuple[Availability, ...]:
        """For every command on a record of this kind, whether its state allows it. Runs decide, records nothing.

        Raises NotFound.
        """
        work = self._work()
        stream = work.stream(record_id)
        now = datetime.now(UTC)
        found = []
        for command, family in self._family_of_command.items():
            if command.creates or command.kind != stream.kind:
                continue
            probe = placeholder(command, now.date())
            context = work.context(record_id, principal, now, Effective(now), probe.reads(stream.state))
            rule = blocking_rule(family.decide, stream.state, probe, context)
            found.append(Availability(command=command, allowed=rule is None, blocked_by=rule))
        self.vault.discard(work.keys)
        if not found:
            raise NotFound(Message("There is no record with this id.", "Es gibt keinen Datensatz mit dieser Kennung."))
        return tuple(found)

    def made_by(self, record_id: UUID, principal: Principal) -> bool:
        """Whether the record began with what this citizen did for themselves: by the sealed name of its first event."""
        if principal.person is None:
            return False
        first: Any = next(iter(self.events.get(record_id, lte=1)), None)
        return (
            first is not None
            and first.envelope.person is not None
            and self.vault.reveal([first.envelope.person]) == [principal.person]
        )

    # Reading

    def stream(self, record_id: UUID) -> Stream:
        """A record's version and state now; version 0 where there is none."""
        return self.streams((record_id,)).get(record_id, Stream())

    def streams(self, record_ids: Iterable[UUID]) -> Mapping[UUID, Stream]:
        """The version and state of several records now, in one query; those that do not exist are left out."""
        return self._streams.look(record_ids).streams

    def lookup(self, kind: str, key: str) -> UUID | None:
        """The record that holds a claim."""
        rows = self._query(FIND_CLAIM, (kind, key))
        return rows[0][0] if rows else None

    # Parts

    def _work(self) -> Work:
        return Work(self.streams, self._family_of_command, self.codec.family_of, self.vault, self._hmac_of)

    def _look(self, requests: Sequence[Request]) -> tuple[dict[UUID, Outcome], Work]:
        """The first outcomes of requests that were handled before, and a unit of work that holds the records which the
        requests are likely to need: their targets and what these, as last seen, lead to. One round trip.

        Raises IdempotencyKeyReused and Unavailable.
        """
        targets = {target_of(request) for request in requests if has_target(request)}
        likely = set(targets)
        for request in requests:
            if has_target(request):
                last = self._streams.last_seen(target_of(request))
                fits = last is not None and last.kind == request.command.kind
                likely.update(request.command.reads(last.state if last is not None and fits else None))
        missing = self.vault.lacks(targets)
        seen = self._streams.look(likely, [request.command_id for request in requests], missing)
        self.vault.learn(missing, seen.keys)
        work = self._work()
        work.hold(likely, seen.streams)
        known = {}
        for request in requests:
            row = seen.commands.get(request.command_id)
            if row is None:
                continue
            if not compare_digest(row.request_hmac, self._hmac_of(request)):
                raise reused()
            known[row.command_id] = _repeated(row)
        return known, work

    def _answer_from_memory(self, request: Request) -> Outcome | Stale:
        if request.record_id is not None and self._streams.last_seen(request.record_id) is None:
            return Stale.STALE
        try:
            return self._quick.perform(request)
        except Closed as error:
            raise unavailable(error) from error

    def _save(self, work: Work) -> list[Outcome]:
        with self.vault.recording(work.keys):
            return self._append(work)

    def _append(self, work: Work) -> list[Outcome]:
        try:
            work.fetch_keys(self.codec)
            recordings = self.save(
                *work.pending,
                commands=tuple(work.commands),
                guards=work.guards(),
                claims=tuple(work.claims),
                releases=tuple(work.releases),
                keys=self.vault.entries(work.keys.values()),
            )
        except KeyConflict:
            self.vault.forget(work.keys)
            raise
        except (KeyDestroyed, PersistenceError, psycopg.Error, Closed) as error:
            translated = self._translated(error)
            raise translated from (None if translated is error else error)
        self.vault.recorded(work.keys.values())
        stored = [recording.notification for recording in recordings]
        self._streams.fold_in((notification.id, notification) for notification in stored)
        positions = iter([notification.id for notification in stored])
        return [_first_outcome(command, list(islice(positions, command.events))) for command in work.commands]

    def _translated(self, error: Exception) -> Exception:
        """What a caller is told of that which the store or the vault raised."""
        match error:
            case ClaimTaken():
                return Rejected(self._claim_rule(error.kind))
            case KeyDestroyed():
                return Rejected(SUBJECT_FORGOTTEN)
            case CommandReused():
                return reused()
            case IntegrityError():
                return error
            case DataError():
                return unstorable()
            case PersistenceError() | psycopg.Error() | Closed():
                return unavailable(error)
        return error

    def _claim_rule(self, kind: str) -> Any:
        for family in self.codec.families:
            if kind in family.claim_rules:
                return family.claim_rules[kind]
        raise LookupError(f"no family names a rule for the claim {kind}")

    def _query(self, statement: str, parameters: Sequence[object]) -> list[Any]:
        try:
            rows: list[Any] = self.ledger_recorder.query(statement, parameters)
            return rows
        except PersistenceError as error:
            raise unavailable(error) from error

    def _hmac_of(self, request: Request) -> bytes:
        """What makes two requests the same: the command, its target, what the caller said of it, for whom. Fields at
        their default are left out, so that a repeat stays the same when a later release gives its command another one.
        """
        effective = request.effective
        command = request.command
        kind: Any = type(command)
        said = {name: value for name, default in _defaults(kind) if (value := getattr(command, name)) != default}
        content = [
            kind.__name__,
            said,
            request.record_id,
            request.expected_version,
            None if effective is None else [effective.at, effective.precision, effective.zone],
            request.reason,
            request.legal_basis,
            request.principal.person,  # citizens who act for themselves share the actor that command ids are made from
        ]
        return self.vault.hmac("request", msgspec.json.encode(content, enc_hook=_clear))


@cache
def _defaults(command: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(((field.name, field.default) for field in fields(command)), key=itemgetter(0)))


def _clear(value: object) -> list[object]:
    if isinstance(value, Sealed):
        return [value.text, value.key]
    raise TypeError(f"{type(value).__name__} cannot be part of a command")


def _repeated(row: CommandRow) -> Outcome:
    return Outcome(
        command_id=row.command_id,
        record_id=row.record_id,
        version=row.version,
        first_position=row.first_position,
        last_position=row.last_position,
        repeated=True,
    )


def _first_outcome(command: CommandEntry, positions: Sequence[int]) -> Outcome:
    return Outcome(
        command_id=command.command_id,
        record_id=command.record_id,
        version=command.version,
        first_position=positions[0] if positions else None,
        last_position=positions[-1] if positions else None,
    )
