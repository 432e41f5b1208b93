"""Carries units to ledger.append: one call, one transaction, one fsync for a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import DataError, InternalError, OperationalError, PersistenceError, ProgrammingError
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult

from infra.store import arrays
from infra.store.line import Connection, Line
from infra.store.unit import (
    AlreadyRecorded,
    ClaimTaken,
    CommandReused,
    Entry,
    GuardFailed,
    KeyConflict,
    NotRecorded,
    ServerRefuses,
    Unit,
    VersionTaken,
)

STATEMENT = b"append"
APPEND = f"select * from ledger.append({', '.join(f'${n}' for n in range(1, 36))})"  # noqa: S608 - placeholders only
# Clock behind, read-only, no resources left: no unit is at fault, and each alone would fare no better.
OF_THE_SERVER = ("SB001", "25006", "53")
FIND_SALT = "select salt from ledger.event where position = %b"

Answer = tuple[Entry, ...] | Exception | None


class Appender:
    """Sends batches of units. Used by one thread at a time.

    What a lost connection had committed after all answers as repeated when it is sent again, because every unit carries
    command ids of its own; it counts as recorded then.
    """

    def __init__(self, conninfo: str) -> None:
        self._line = Line(conninfo, prepare)

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def carry(self, units: Sequence[Unit]) -> list[Answer]:
        """Answer each unit: its entries, why it was refused, or None where it must go into the next batch."""
        try:
            parameters = _parameters(units)
            rows, resent = self._line.call(lambda connection: send(connection, parameters))
        except OperationalError:
            raise  # the server stays away: that is no unit's fault
        except Exception as error:
            if isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith(OF_THE_SERVER):
                raise ServerRefuses(_told(error)) from error
            # One unit that cannot be sent or stored must not fail its neighbours.
            if len(units) == 1:
                return [_translate(error)]
            middle = len(units) // 2
            return self.carry(units[:middle]) + self.carry(units[middle:])
        rows.sort(key=lambda row: row[0])  # ledger.append numbers its answers and promises no order
        answers: list[Answer] = []
        at = 0
        for unit in units:
            of_unit = rows[at : at + len(unit.commands)]
            at += len(unit.commands)
            answer = _answer(of_unit)
            if resent and isinstance(answer, AlreadyRecorded) and self._is_ours(unit, answer.entries):
                answer = answer.entries
            answers.append(answer)
        return answers

    def _is_ours(self, unit: Unit, entries: Sequence[Entry]) -> bool:
        """Whether this very unit was recorded before the connection was lost, and not, by another process, what it
        decided upon the same commands. The random salts tell.
        """
        if {entry.status for entry in entries} != {"repeated"}:
            return False
        first = next((entry.first_position for entry in entries if entry.first_position is not None), None)
        if first is None or not unit.events:
            return first is None and not unit.events
        found, _ = self._line.call(lambda connection: connection.execute(FIND_SALT, (first,), binary=True).fetchone())
        return found == (unit.events[0].salt,)


def prepare(connection: Connection) -> None:
    """Prepare what `send` executes, once on each connection."""
    _checked(connection.pgconn.prepare(STATEMENT, APPEND.encode(), arrays.oids(_parameters(()))))


def send(connection: Connection, parameters: Sequence[arrays.Array]) -> list[tuple[Any, ...]]:
    """The answer of one call of ledger.append, a row for each command in no order that is promised.

    The arrays are what the wire wants already; a cursor would adapt each of them again, at half the price of the call.
    """
    formats = [Format.BINARY] * len(parameters)
    result = _checked(connection.pgconn.exec_prepared(STATEMENT, parameters, formats, Format.BINARY))
    loader = Transformer(connection)
    loader.set_pgresult(result)
    return loader.load_rows(0, result.ntuples, tuple)


def _checked(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
    return result


def _answer(rows: Sequence[tuple[object, ...]]) -> Answer:
    statuses = {str(row[1]) for row in rows}
    entries = tuple(Entry(str(row[1]), row[5], row[6], row[3], row[4]) for row in rows)  # type: ignore[arg-type]
    if statuses <= {"recorded", "nothing"}:
        return entries
    status = str(rows[0][1])
    match status:
        case "repeated" | "unit_repeated":
            return AlreadyRecorded(entries)
        case "retry_alone":
            return None
        case "key_reused":
            return CommandReused("the command id was used before with another request")
        case "version_conflict":
            return VersionTaken("a record has moved on, or its previous version is missing")
        case "guard_failed":
            return GuardFailed("a record that the decision rests on has moved on")
        case "claim_taken":
            return ClaimTaken(str(rows[0][2]))
        case "key_conflict" | "key_unusable":
            return KeyConflict("a data key was made or destroyed by another process meanwhile")
        case _:
            return NotRecorded(f"ledger.append refused the unit: {status} {rows[0][2] or ''}".rstrip())


def _told(error: psycopg.Error) -> str:
    hint = f" {error.diag.message_hint}" if error.diag.message_hint else ""
    return f"{error.diag.message_primary or error}.{hint}"


def _translate(error: Exception) -> PersistenceError:
    if not isinstance(error, psycopg.Error):
        return DataError(f"the unit cannot be sent to the database: {error}")
    kinds: tuple[tuple[type[psycopg.Error], type[PersistenceError]], ...] = (
        (psycopg.IntegrityError, NotRecorded),
        (psycopg.DataError, DataError),
        (psycopg.ProgrammingError, ProgrammingError),
        (psycopg.OperationalError, OperationalError),
    )
    for theirs, ours in kinds:
        if isinstance(error, theirs):
            return ours(error.diag.message_primary or str(error))
    return InternalError(error.diag.message_primary or str(error))


def _parameters(units: Sequence[Unit]) -> list[arrays.Array]:
    """The units as the parallel arrays of ledger.append; ordinals count from 1 over the whole batch."""
    commands = [(u, command) for u, unit in enumerate(units, 1) for command in unit.commands]
    events = [event for unit in units for event in unit.events]
    event_command: list[int] = []
    parts = [(e, n, part) for e, event in enumerate(events, 1) for n, part in enumerate(event.parts)]
    guards = [(u, guard) for u, unit in enumerate(units, 1) for guard in unit.guards]
    keys = [(u, key) for u, unit in enumerate(units, 1) for key in unit.keys]
    claims: list[tuple[int, str, str]] = []
    releases: list[tuple[int, str, str]] = []
    spans: list[tuple[int, int]] = []
    for ordinal, (_, command) in enumerate(commands, 1):
        first = len(event_command) + 1
        event_command.extend([ordinal] * command.events)
        spans.append((first, len(event_command)) if command.events else (0, 0))
    before = 0
    for unit in units:
        _check_ordinals(unit)
        claims.extend((before + claim.event + 1, claim.kind, claim.key) for claim in unit.claims)
        releases.extend((before + claim.event + 1, claim.kind, claim.key) for claim in unit.releases)
        before += len(unit.events)
    return [
        arrays.uuid([command.command_id for _, command in commands]),
        arrays.bytea([command.request_hmac for _, command in commands]),
        arrays.int4([u for u, _ in commands]),
        arrays.uuid([command.record_id for _, command in commands]),
        arrays.int8([command.version for _, command in commands]),
        arrays.int4([first for first, _ in spans]),
        arrays.int4([last for _, last in spans]),
        arrays.int4(event_command),
        arrays.uuid([_uuid(event.originator_id) for event in events]),
        arrays.int8([event.originator_version for event in events]),
        arrays.text([event.topic for event in events]),
        arrays.timestamp([event.effective_at for event in events]),
        arrays.text_of_bytes([event.envelope for event in events]),
        arrays.text_of_bytes([event.state for event in events]),
        arrays.bytea([event.salt for event in events]),
        arrays.bytea([b"".join([part.digest for part in event.parts]) or None for event in events]),
        arrays.int4([e for e, _, _ in parts]),
        arrays.int4([n for _, n, _ in parts]),
        arrays.uuid([part.key_id for _, _, part in parts]),
        arrays.bytea([part.nonce for _, _, part in parts]),
        arrays.bytea([part.ciphertext for _, _, part in parts]),
        arrays.int4([u for u, _ in guards]),
        arrays.uuid([guard.record_id for _, guard in guards]),
        arrays.int8([guard.version for _, guard in guards]),
        arrays.int4([e for e, _, _ in claims]),
        arrays.text([kind for _, kind, _ in claims]),
        arrays.text([key for _, _, key in claims]),
        arrays.int4([e for e, _, _ in releases]),
        arrays.text([kind for _, kind, _ in releases]),
        arrays.text([key for _, _, key in releases]),
        arrays.int4([u for u, _ in keys]),
        arrays.uuid([key.key_id for _, key in keys]),
        arrays.bytea([key.wrapped_key for _, key in keys]),
        arrays.text([key.kek_id for _, key in keys]),
        arrays.bytea([key.commitment for _, key in keys]),
    ]


def _check_ordinals(unit: Unit) -> None:
    """Raise ValueError where a unit's numbers would reach into its neighbours."""
    if sum([command.events for command in unit.commands]) != len(unit.events):
        raise ValueError("the commands of a unit do not account for its events")
    for claim in (*unit.claims, *unit.releases):
        if not 0 <= claim.event < len(unit.events):
            raise ValueError(f"a unit of {len(unit.events)} events has a claim of its event {claim.event}")


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
