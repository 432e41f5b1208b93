"""Units for tests of the store: events of no family, with whatever a test wants to be wrong about them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import InfrastructureFactory

from infra.database import Database
from infra.sealing import DataKey, associated_data, seal
from infra.store.append import _parameters, send
from infra.store.recorder import LedgerFactory, LedgerRecorder
from infra.store.unit import ClaimEntry, CommandEntry, Guard, KeyEntry, LedgerEvent, SealedPart, Unit

Admin = psycopg.Connection[tuple[Any, ...]]

TOPIC = "test.happened.v1"
NOW = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
HMAC = bytes(32)


def envelope(command_id: UUID) -> bytes:
    """The members that ledger.event takes columns from."""
    names = {"actor": str(UUID(int=1)), "channel": "STAFF", "command_id": str(command_id)}
    return json.dumps({**names, "correlation_id": str(command_id)}).encode()


def an_event(record_id: UUID, version: int = 1, command_id: UUID | None = None, **more: Any) -> LedgerEvent:
    """An event that nothing is wrong with, but for what `more` says."""
    values: dict[str, Any] = {
        "topic": TOPIC,
        "state": b"{}",
        "envelope": envelope(command_id or uuid4()),
        "effective_at": NOW,
    }
    return LedgerEvent(record_id, version, **{**values, **more})


def a_unit(
    *wrote: tuple[UUID, int],
    command_id: UUID | None = None,
    request: bytes = HMAC,
    guards: Sequence[tuple[UUID, int]] = (),
    claims: Sequence[str] = (),
    releases: Sequence[str] = (),
    keys: Sequence[KeyEntry] = (),
    **more: Any,
) -> Unit:
    """One command that writes these versions; claims and releases of kind `test.key` belong to its first event."""
    command_id = command_id or uuid4()
    events = [an_event(record_id, version, command_id, **more) for record_id, version in wrote]
    record_id, version = wrote[-1] if wrote else (uuid4(), 0)
    return Unit(
        (CommandEntry(command_id, request, record_id, version, len(events)),),
        events,
        tuple(Guard(*guard) for guard in guards),
        tuple(ClaimEntry(0, "test.key", key) for key in claims),
        tuple(ClaimEntry(0, "test.key", key) for key in releases),
        tuple(keys),
    )


def together(*units: Unit) -> Unit:
    """Several commands as one unit."""
    claims, releases, before = [], [], 0
    for unit in units:
        claims += [claim._replace(event=before + claim.event) for claim in unit.claims]
        releases += [claim._replace(event=before + claim.event) for claim in unit.releases]
        before += len(unit.events)
    return Unit(
        tuple(command for unit in units for command in unit.commands),
        [event for unit in units for event in unit.events],
        tuple(guard for unit in units for guard in unit.guards),
        tuple(claims),
        tuple(releases),
        tuple(key for unit in units for key in unit.keys),
    )


def sealed_parts(record_id: UUID, version: int, texts: Sequence[tuple[DataKey, bytes]]) -> tuple[SealedPart, ...]:
    """One part for each text, sealed for that event."""
    return tuple(
        SealedPart(key.id, *seal(key, text, associated_data(record_id, version, TOPIC, part), part))
        for part, (key, text) in enumerate(texts)
    )


def stored(key: DataKey) -> KeyEntry:
    """A key as a unit brings it along. How it is wrapped does not matter to the store."""
    return KeyEntry(key.id, b"wrapped " + key.id.bytes, "0123456789abcdef", key.commitment)


@dataclass
class Answered:
    """How ledger.append answered one call: a status per command, and where it was recorded."""

    statuses: list[str]
    details: list[str | None]
    positions: list[tuple[int | None, int | None]]
    rows: list[tuple[Any, ...]] = field(repr=False)


def append(connection: Admin, *units: Unit) -> Answered:
    """One call of ledger.append with these units as one batch, on a connection that knows the arrays."""
    rows = sorted(send(connection, _parameters(units)), key=lambda row: row[0])
    return Answered([row[1] for row in rows], [row[2] for row in rows], [(row[3], row[4]) for row in rows], rows)


def open_recorder(database: Database, **environment: str) -> LedgerRecorder:
    """A recorder by the library's own way: its factory, named in the environment."""
    factory = InfrastructureFactory.construct(
        env={
            "PERSISTENCE_MODULE": "infra.store.recorder:LedgerFactory",
            LedgerFactory.LEDGER_CONNINFO: database.conninfo("writer"),
            **environment,
        }
    )
    recorder = factory.application_recorder()
    assert isinstance(recorder, LedgerRecorder)
    return recorder


def close(recorder: LedgerRecorder) -> None:
    """Stop the recorder and the pool of its factory."""
    recorder.close()
    recorder.datastore.close()
