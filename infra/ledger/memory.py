"""Commands decided upon what this process saw last, and recorded, many together: by one thread, whose caches stay warm
and which nobody asks for the interpreter lock in between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

from domain.kernel import Rejected
from domain.requests import Outcome, Refused, Request
from domain.rules import COMMAND_TOO_LARGE
from infra.ledger.streams import Stream, Streams
from infra.ledger.turns import Turns
from infra.ledger.work import Work, has_target, target_of
from infra.store.mapper import LedgerMapper
from infra.store.recorder import LedgerRecorder
from infra.store.unit import AlreadyRecorded, Entry, GuardFailed, KeyConflict, TooLarge, Unit, VersionTaken
from infra.vault import KeyDestroyed, Vault


class Stale(Enum):
    """What memory does not answer: the caller has to look."""

    STALE = "stale"


Answer = Outcome | Stale | Exception | None


class FromMemory:
    """Only an acceptance counts: append checks that it still holds, and that the command is new. Anything else has to
    rest on a fresh look.
    """

    def __init__(
        self,
        streams: Streams,
        vault: Vault,
        turns: Turns,
        mapper: LedgerMapper,
        recorder: LedgerRecorder,
        new_work: Callable[[], Work],
        translated: Callable[[Exception], Exception],
    ) -> None:
        self._streams = streams
        self._vault = vault
        self._turns = turns
        self._mapper = mapper
        self._recorder = recorder
        self._new_work = new_work
        self._translated = translated

    def carry(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer each request: its outcome, why it failed, STALE, or None where it must be decided after another."""
        answers: list[Answer] = [Stale.STALE] * len(requests)
        units: list[tuple[int, Work, Unit]] = []
        touched: set[UUID] = set()
        written: set[UUID] = set()
        for n, request in enumerate(requests):
            try:
                work = self.decided(request)
                if work is None:
                    continue
                if self._turns.taken(work.records):
                    self._vault.discard(work.keys)
                    continue
                if not (work.written.isdisjoint(touched) and work.records.isdisjoint(written)):
                    self._vault.discard(work.keys)
                    answers[n] = None
                    continue
                with self._vault.recording(work.keys):
                    units.append((n, work, self._unit(work)))
            except (KeyDestroyed, Refused):
                continue
            except Exception as error:
                answers[n] = self._translated(error)
                continue
            touched |= work.records
            written |= work.written
        results = self._recorder.perform_all([unit for _, _, unit in units]) if units else []
        for (n, work, unit), result in zip(units, results, strict=True):
            answers[n] = self._answer(work, unit, result)
        return answers

    def decided(self, request: Request) -> Work | None:
        """The request as decided upon what this process saw last, where that is everything it needs."""
        if not has_target(request):
            return None
        target = target_of(request)
        # The id of a new record is derived from the command: it is there only if the command was recorded.
        stream = self._streams.last_seen(target) or (Stream() if request.record_id is None else None)
        if stream is None or (stream.version > 0 and stream.kind != request.command.kind):
            return None
        held = {target: stream}
        for record_id in request.command.reads(stream.state):
            seen = self._streams.last_seen(record_id)
            if seen is None:
                return None
            held[record_id] = seen
        if stream.version == 0:
            self._vault.learn([target], {})
        work = self._new_work()
        work.hold(held, held)
        try:
            work.decide(request, datetime.now(UTC))
        except (Rejected, Refused, ValueError):
            return None
        return work if work.pending else None

    def _unit(self, work: Work) -> Unit:
        work.fetch_keys(self._mapper.codec)
        unit = Unit(
            tuple(work.commands),
            [self._mapper.to_stored_event(event) for event in work.pending],
            work.guards(),
            tuple(work.claims),
            tuple(work.releases),
            self._vault.entries(work.keys.values()),
        )
        try:
            unit.check_limits()
        except TooLarge:
            raise Rejected(COMMAND_TOO_LARGE) from None
        return unit

    def _answer(self, work: Work, unit: Unit, result: tuple[Entry, ...] | Exception) -> Answer:
        if isinstance(result, Exception):
            self._vault.discard(work.keys)
        if isinstance(result, VersionTaken | GuardFailed | AlreadyRecorded):
            return Stale.STALE
        if isinstance(result, KeyConflict):
            self._vault.forget(work.keys)
            return Stale.STALE
        if isinstance(result, Exception):
            return self._translated(result)
        self._vault.recorded(work.keys.values())
        [entry], [command] = result, work.commands
        if entry.first_position is not None:
            self._streams.fold_in(enumerate(unit.events, entry.first_position))
        return Outcome(
            command_id=command.command_id,
            record_id=entry.record_id,
            version=entry.version,
            first_position=entry.first_position,
            last_position=entry.last_position,
        )
