"""What is handed to ledger.append: a unit of one or more commands with their events, and how it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent

from infra.sealing import random_bytes

MAX_EVENTS = 1_000
MAX_BYTES = 256 * 1024


class SealedPart(NamedTuple):
    """One encrypted part of an event. `digest` covers all of it and the key's commitment (docs/leaf-format.md)."""

    key_id: UUID
    nonce: bytes
    ciphertext: bytes
    digest: bytes


@dataclass(frozen=True)
class LedgerEvent(StoredEvent):
    """eventsourcing's stored event with what the ledger keeps besides: `state` is the body's exact text.

    `position` and `recorded_at` are None until it is recorded.
    """

    envelope: bytes
    effective_at: datetime
    parts: tuple[SealedPart, ...] = ()
    salt: bytes = field(default_factory=lambda: random_bytes(16))
    position: int | None = None
    recorded_at: datetime | None = None

    @property
    def size(self) -> int:
        """Bytes of the fact, its sealed texts included. The envelope is the ledger's own, not the command's."""
        return len(self.state) + sum(len(part.ciphertext) for part in self.parts)


class CommandEntry(NamedTuple):
    """A command to remember: `events` is how many of the unit's events, in order, are its own."""

    command_id: UUID
    request_hmac: bytes
    record_id: UUID
    version: int
    events: int


class Guard(NamedTuple):
    """A record that was read and must still be at that version; 0 means that it must not exist."""

    record_id: UUID
    version: int


class ClaimEntry(NamedTuple):
    """A claim made, or given up, by the unit's event with that index (from 0)."""

    event: int
    kind: str
    key: str


class KeyEntry(NamedTuple):
    """A new data key, stored together with what it seals, unless it is there already."""

    key_id: UUID
    wrapped_key: bytes
    kek_id: str
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Unit:
    """Commands and events that are recorded together or not at all."""

    commands: tuple[CommandEntry, ...]
    events: Sequence[LedgerEvent]
    guards: tuple[Guard, ...] = ()
    claims: tuple[ClaimEntry, ...] = ()
    releases: tuple[ClaimEntry, ...] = ()
    keys: tuple[KeyEntry, ...] = ()

    def check_limits(self) -> None:
        """Raise TooLarge where the unit holds more than 1,000 facts or 256 KB."""
        size = sum(event.size for event in self.events)
        if len(self.events) > MAX_EVENTS or size > MAX_BYTES:
            raise TooLarge(
                f"a command may carry {MAX_EVENTS} facts and {MAX_BYTES // 1024} KB; "
                f"this one has {len(self.events)} and {size // 1024} KB: split it"
            )


class Entry(NamedTuple):
    """How ledger.append answered one command. Positions are None where there was nothing to record."""

    status: str
    record_id: UUID
    version: int
    first_position: int | None
    last_position: int | None


class TooLarge(ValueError):
    """A unit beyond the limits of one command."""


class ServerRefuses(OperationalError):
    """The database takes nothing from anybody right now; the text says why and what its operator can do."""


class NotRecorded(IntegrityError):
    """ledger.append refused a unit; nothing of it was recorded."""


class VersionTaken(NotRecorded):
    """The versions of the unit do not follow those of its records: somebody else was faster."""


class GuardFailed(NotRecorded):
    """A record that the decision rests on has changed since it was read."""


class ClaimTaken(NotRecorded):
    """Another record holds a value that only one may hold; `kind` is the claim's."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the claim {kind} is taken")
        self.kind = kind


class KeyConflict(NotRecorded):
    """Another process made a key for the same subject first: fetch it and seal again."""


class AlreadyRecorded(Exception):
    """The command was recorded before; its first outcome is in `entries`. Leaves the save path, so that nothing is
    announced twice."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__("recorded before")
        self.entries = entries


class CommandReused(NotRecorded):
    """The command id is known with another request."""
