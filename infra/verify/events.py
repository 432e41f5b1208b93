"""Checks each event by itself and against the one before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from domain.kernel import Fact
from infra.codec import Codec, UnknownTopic, UnreadableEvent
from infra.leaf import entry, leaf
from infra.verify.reading import Row, Stored
from infra.verify.report import Report

AHEAD: Final = timedelta(seconds=5)
RESTORE: Final = "restore it from a backup or another copy and find out who altered it"


class Events:
    """Positions, times, leaves, contents, and the head they lead to."""

    def __init__(self, report: Report, codec: Codec, head: Stored) -> None:
        self._report = report
        self._codec = codec
        self._head = head
        self._last: Row | None = None
        self._latest: datetime | None = None
        if head.log is None:
            report.found(None, "head", "ledger.head is empty: restore the row from a backup")

    def check(self, row: Row) -> Fact | None:
        """Check one row; answers its fact, or None where it cannot be read."""
        self._report.rows += 1
        self._place(row)
        if self._head.log is not None and self._leaf(row, self._head.log) != row.leaf:
            self._found(row, "leaf", f"the row is not what its leaf was computed from: {RESTORE}")
        fact = self._content(row)
        self._last = row
        return fact

    def end(self) -> None:
        """Check that the head is where the last event is."""
        last = self._last.position if self._last else 0
        if last < self._head.position:
            missing = f"the events {last + 1:,} to {self._head.position:,} are missing behind the last one"
            self._report.found(last + 1, "head", f"{missing}: restore them from a backup")
        elif last > self._head.position and self._head.log is not None:
            message = f"the head is at {self._head.position:,}, before the last event: restore ledger.head"
            self._report.found(last, "head", message)
        elif self._last is not None and self._head.recorded_at != self._last.recorded_at:
            message = f"the head's time is {self._head.recorded_at}, that of the last event {self._last.recorded_at}"
            self._report.found(last, "head", f"{message}: restore ledger.head")

    def _found(self, row: Row, check: str, message: str) -> None:
        self._report.found(row.position, check, message)

    def _place(self, row: Row) -> None:
        before = self._last.position if self._last else 0
        if row.position != before + 1:
            missing = "it is" if row.position == before + 2 else f"all up to {row.position - 1:,} are"
            self._report.found(before + 1, "position", f"{missing} missing: restore from a backup or another copy")
        if self._latest is not None and row.recorded_at < self._latest:
            message = f"recorded at {row.recorded_at}, before the event ahead of it: it was back-dated or moved"
            self._found(row, "time", f"{message}; {RESTORE}")
        elif row.recorded_at > self._head.clock + AHEAD:
            self._found(row, "time", f"recorded at {row.recorded_at}, which is yet to come: {RESTORE}")
        self._latest = row.recorded_at if self._latest is None else max(self._latest, row.recorded_at)

    def _leaf(self, row: Row, log: str) -> bytes:
        return leaf(
            entry(
                log,
                row.record_id,
                row.version,
                row.topic,
                row.recorded_at,
                row.effective_at,
                row.envelope,
                row.body,
                row.salt,
                row.sealed,
            )
        )

    def _content(self, row: Row) -> Fact | None:
        try:
            if _generated_from(row.envelope) != row[-4:]:
                self._found(row, "columns", "a column is not what the envelope says: set it to what that says")
            return self._codec.fact(row.topic, row.position, row.body)
        except UnknownTopic as error:
            self._found(row, "topic", f"{error}; verify with the version of Stadtbuch that recorded it")
        except (UnreadableEvent, msgspec.DecodeError) as error:
            self._found(row, "content", f"{error}: {RESTORE}")
        return None


class _Named(msgspec.Struct):
    """The members of an envelope that ledger.event takes columns from."""

    actor: str
    channel: str
    command_id: str
    correlation_id: str


_named = msgspec.json.Decoder(_Named).decode


def _generated_from(envelope: bytes) -> tuple[str, str, str, str]:
    named = _named(envelope)
    return named.actor, named.channel, named.command_id, named.correlation_id
