"""eventsourcing's application recorder on the ledger's tables; inserts go through one group-committing thread."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import InterfaceError, Notification, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, EnvType, retry
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row, tuple_row

from infra.store.append import Appender
from infra.store.commit import GroupCommit, Ticket
from infra.store.unit import CommandEntry, Entry, LedgerEvent, Unit

BATCH_EVENTS = 2_000
GATHER = 1 / 8
# All is read by key. A plan made on a small table would read the whole of it, and stay in use when the table has grown.
BY_KEY = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"

COLUMNS = "position, record_id, version, topic, recorded_at, effective_at, envelope::text, body::text"


class LedgerRecorder(PostgresApplicationRecorder):
    """Records units by ledger.append and reads events back with everything the ledger keeps of them."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.channel_name = "ledger"
        self._appender = Appender(conninfo_of(datastore))
        self._commits: GroupCommit[Unit, tuple[Entry, ...]] = GroupCommit(
            "stadtbuch-append",
            self._appender.carry,
            weight=lambda unit: max(len(unit.events), len(unit.commands)),
            limit=BATCH_EVENTS,
            gather=GATHER,
        )

    def create_table(self) -> None:
        """Nothing: migrations own the schema."""

    def close(self) -> None:
        """Record what was handed in, then stop."""
        self._commits.close()
        self._appender.close()

    def submit(self, unit: Unit) -> Ticket[tuple[Entry, ...]]:
        """Hand in a unit; the ticket gets an entry per command, or NotRecorded, AlreadyRecorded or another
        persistence error. From asyncio: `submit_async`. Raises TooLarge.
        """
        unit.check_limits()
        return self._commits.submit(unit)

    def perform(self, unit: Unit) -> tuple[Entry, ...]:
        """Hand in a unit and wait for its entries; raises what `submit`'s ticket would."""
        unit.check_limits()
        return self._commits.perform(unit)

    def perform_all(self, units: Sequence[Unit]) -> list[tuple[Entry, ...] | Exception]:
        """Hand in several units together and wait for what becomes of each. Raises TooLarge, then none is recorded."""
        for unit in units:
            unit.check_limits()
        return self._commits.perform_all(units)

    async def submit_async(self, unit: Unit) -> tuple[Entry, ...]:
        """The same from asyncio; answers the entries or raises. Callers of both kinds share batches."""
        unit.check_limits()
        return await self._commits.submit_async(unit)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Record events as one unit and answer their positions. `commands`, `guards`, `claims`, `releases` and
        `keys` are those of `Unit`; without commands the events are recorded under a command id of their own.

        Raises VersionTaken, GuardFailed, ClaimTaken, CommandReused, KeyConflict (all IntegrityError), AlreadyRecorded
        and TooLarge.
        """
        events = [_ledger_event(event) for event in stored_events]
        commands: tuple[CommandEntry, ...] = kwargs.get("commands", ())
        if not commands:
            if not events:
                return None
            commands = (_anonymous(events),)
        rest = {name: kwargs.get(name, ()) for name in ("guards", "claims", "releases", "keys")}
        unit = Unit(commands, events, **rest)
        entries = self.perform(unit)
        return [
            position
            for entry in entries
            if entry.first_position is not None and entry.last_position is not None
            for position in range(entry.first_position, entry.last_position + 1)
        ]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[LedgerEvent]:
        """The events of a record, in order of version."""
        order = "desc" if desc else "asc"
        statement = (
            f"select {COLUMNS} from ledger.event where record_id = %b and version > %b and version <= %b"  # noqa: S608
            f" order by version {order} limit %b"
        )
        return self._select(
            statement, [originator_id, gt or 0, 2**62 if lte is None else lte, 2**62 if limit is None else limit]
        )

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in order of position."""
        first = 1 if start is None else start if inclusive_of_start else start + 1
        statement = (
            f"select {COLUMNS} from ledger.event where position >= %b and position <= %b"  # noqa: S608
            " and (cardinality(%b::text[]) = 0 or topic = any(%b)) order by position limit %b"
        )
        wanted = list(topics)
        events = self._select(statement, [first, 2**62 if stop is None else stop, wanted, wanted, limit])
        return [
            Notification(
                id=event.position or 0,
                originator_id=event.originator_id,
                originator_version=event.originator_version,
                topic=event.topic,
                state=event.state,
            )
            for event in events
        ]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def max_notification_id(self) -> int | None:
        """The last position, or None where nothing is recorded."""
        with self.datastore.get_connection() as connection:
            row = connection.cursor(row_factory=tuple_row).execute("select position from ledger.head").fetchone()
        return (row[0] if row else None) or None

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def query(self, statement: str, parameters: Sequence[object]) -> list[Any]:
        """The rows of another read of the ledger's tables."""
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            cursor.execute(statement.encode(), parameters, prepare=True)
            return list(cursor)

    def _select(self, statement: str, parameters: Sequence[object]) -> Sequence[LedgerEvent]:
        with self.datastore.get_connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            cursor.execute(statement.encode(), parameters, prepare=True)
            return [
                LedgerEvent(
                    originator_id=record_id,
                    originator_version=version,
                    topic=topic,
                    state=body.encode(),
                    envelope=envelope.encode(),
                    effective_at=effective_at,
                    salt=b"",
                    position=position,
                    recorded_at=recorded_at,
                )
                for position, record_id, version, topic, recorded_at, effective_at, envelope, body in cursor
            ]


class LedgerFactory(PostgresFactory):
    """eventsourcing's factory for the ledger: `PERSISTENCE_MODULE=infra.store.recorder`, `LEDGER_CONNINFO` = where."""

    application_recorder_class = LedgerRecorder
    LEDGER_CONNINFO = "LEDGER_CONNINFO"

    def __init__(self, env: Environment | EnvType | None) -> None:
        environment = env if isinstance(env, Environment) else Environment(env=env)
        conninfo = environment.get(self.LEDGER_CONNINFO)
        if conninfo is None:
            raise OSError(f"{self.LEDGER_CONNINFO} is not set: it names the database of the ledger")
        parts = conninfo_to_dict(conninfo)
        environment.setdefault(self.POSTGRES_DBNAME, str(parts.get("dbname", "")))
        environment.setdefault(self.POSTGRES_HOST, str(parts.get("host", "")))
        environment.setdefault(self.POSTGRES_USER, str(parts.get("user", "")))
        environment.setdefault(self.POSTGRES_PASSWORD, str(parts.get("password", "")))
        environment.setdefault(self.POSTGRES_POOL_SIZE, "4")
        environment.setdefault(self.POSTGRES_MAX_OVERFLOW, "12")
        super().__init__(environment)
        # The library passes single parameters; ours has options such as the group role among them.
        self.datastore.pool.conninfo = make_conninfo(conninfo, options=f"{parts.get('options', '')} {BY_KEY}".strip())
        self.datastore.pool.kwargs = {"row_factory": dict_row}


def conninfo_of(datastore: PostgresDatastore) -> str:
    """The connection string of a datastore made by LedgerFactory."""
    conninfo = datastore.pool.conninfo
    if not isinstance(conninfo, str):
        raise TypeError("the datastore's connection string is not a string")
    return conninfo


def _ledger_event(event: StoredEvent) -> LedgerEvent:
    if not isinstance(event, LedgerEvent):
        raise TypeError(f"the ledger records events with an envelope, not {type(event).__name__}")
    return event


def _anonymous(events: Sequence[LedgerEvent]) -> CommandEntry:
    last = events[-1]
    record_id = last.originator_id if isinstance(last.originator_id, UUID) else UUID(last.originator_id)
    digest = hashlib.sha256(b"".join([event.state for event in events])).digest()
    return CommandEntry(uuid4(), digest, record_id, last.originator_version, len(events))
