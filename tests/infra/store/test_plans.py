"""What append costs does not grow with the batch or with the ledger. Measured in rows and lookups, never in time."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from infra.database import Database
from infra.ledger.application import FIND_CLAIM
from infra.sealing import DataKey
from infra.store.append import prepare
from infra.store.unit import Unit
from infra.vault import SELECT_PARTS
from tests.infra.store.plans import Explained, explained
from tests.infra.store.units import Admin, a_unit, append, close, open_recorder, sealed_parts, stored

OLD = UUID(int=7)
GROWN = 20_000


@pytest.fixture
def operator(database: Database) -> Iterator[Admin]:
    """An administrator's connection that calls ledger.append: only such may load auto_explain."""
    with psycopg.connect(database.admin, autocommit=True) as connection:
        prepare(connection)
        append(connection, a_unit((OLD, 1)))
        yield connection


def a_full_unit(version: int = 1, record: UUID | None = None) -> Unit:
    """A command with everything: a sealed part under a new key, a guard, a claim."""
    record = record or uuid4()
    key = DataKey.make(uuid4())
    return a_unit(
        (record, version),
        guards=[(OLD, 1)],
        claims=[f"{record}/{version}"],
        keys=[stored(key)],
        parts=sealed_parts(record, version, [(key, b"text")]),
    )


def work_of(operator: Admin, units: list[Unit]) -> Explained:
    with explained(operator) as seen:
        append(operator, *units)
    return seen


@pytest.mark.parametrize("judged", [False, True], ids=["nothing against any", "each judged by itself"])
def test_the_work_for_a_command_does_not_grow_with_the_batch(operator: Admin, judged: bool) -> None:
    repeated = a_full_unit()
    append(operator, repeated)

    def batch(size: int) -> list[Unit]:
        return [a_full_unit() for _ in range(size)] + ([repeated] if judged else [])

    small, large = work_of(operator, batch(64)), work_of(operator, batch(1_000))
    assert large.shape() == small.shape(), "the same plans"
    assert large.work / 1_000 < 1.1 * small.work / 64
    lookups_small, lookups_large = small.lookups(), large.lookups()
    assert set(lookups_small) == {"command_pkey", "event_record_id_version_key", "claim_pkey", "key_pkey"}
    for index, lookups in lookups_small.items():
        assert lookups_large[index] / 1_000 < 1.1 * lookups / 64, index
        assert lookups / 64 <= 4, index


def test_the_work_for_an_event_does_not_grow_with_its_command(operator: Admin) -> None:
    def command(size: int) -> list[Unit]:
        record = uuid4()
        claims = [str(uuid4()) for _ in range(size)]
        return [a_unit(*((record, version) for version in range(1, size + 1)), claims=claims, guards=[(OLD, 1)])]

    small, large = work_of(operator, command(64)), work_of(operator, command(1_000))
    assert large.work / 1_000 < 1.1 * small.work / 64


def test_the_work_for_releases_does_not_grow_with_the_batch(operator: Admin) -> None:
    def held(size: int) -> list[Unit]:
        records = [uuid4() for _ in range(size)]
        append(operator, *(a_full_unit(record=record) for record in records))
        return [a_unit((record, 2), releases=[f"{record}/1"]) for record in records]

    small, large = work_of(operator, held(64)), work_of(operator, held(1_000))
    assert large.shape() == small.shape()
    assert large.work / 1_000 < 1.1 * small.work / 64


def test_no_statement_of_append_is_compiled(operator: Admin) -> None:
    """PostgreSQL 15 takes the price of a forbidden plan for real work and compiles for a second what runs 15 ms."""
    operator.execute("set jit = on; set jit_above_cost = 0; set jit_inline_above_cost = 0")
    seen = work_of(operator, [a_full_unit() for _ in range(3)])
    *inner, outermost = seen.plans
    assert len(inner) >= 5
    assert {plan["Settings"]["jit"] for plan in inner} == {"off"}
    assert not any("JIT" in plan for plan in inner)
    assert "ledger.append" in outermost["Query Text"]


@pytest.fixture
def unattended(database: Database, admin: Admin) -> Iterator[Admin]:
    """An administrator on whose tables nobody gathers statistics meanwhile: plans stay until autovacuum comes by."""
    tables = ("ledger.event", "ledger.claim", "ledger.command", "ledger.sealed", "vault.key")
    for table in tables:
        admin.execute(f"alter table {table} set (autovacuum_enabled = off)")
    yield admin
    for table in tables:
        admin.execute(f"alter table {table} reset (autovacuum_enabled)")


@pytest.mark.parametrize("analysed", [False, True], ids=["planned on empty tables", "planned on tables known as tiny"])
def test_plans_made_on_small_tables_stay_good_when_the_tables_grow(
    unattended: Admin, operator: Admin, analysed: bool
) -> None:
    """One session, whose plans are made at the start and kept: whatever table it then reads, it reads by key."""
    record = uuid4()
    held = a_full_unit(record=record)
    for unit in (held, held, a_unit((record, 2), releases=[f"{record}/1"])):
        append(operator, unit)  # every statement of the function has been planned now
    if analysed:
        unattended.execute("analyze ledger.event, ledger.claim, ledger.command, ledger.sealed, vault.key")
        append(operator, held, a_full_unit(), a_unit((uuid4(), 1), claims=["given back"]))
        append(operator, a_unit((record, 3), releases=["none"]))
    grow(unattended, GROWN)
    seen = work_of(operator, [held, a_full_unit(), a_unit((record, 3), releases=["1"], guards=[(OLD, 1)])])
    assert seen.scanned() == set()
    assert seen.work < 1_000, "rows that went through the plans of three commands"


def test_reads_planned_on_small_tables_stay_good_when_the_tables_grow(unattended: Admin, database: Database) -> None:
    """The same for what the recorder's pool reads; it has one connection here, whose plans are made and kept."""
    recorder = open_recorder(database, POSTGRES_POOL_SIZE="1", POSTGRES_MAX_OVERFLOW="0")
    record, key = uuid4(), DataKey.make(uuid4())
    unit = a_unit((record, 1), claims=["x"], keys=[stored(key)], parts=sealed_parts(record, 1, [(key, b"text")]))
    recorder.submit(unit).result()
    unattended.execute("analyze ledger.event, ledger.claim, ledger.sealed, vault.key")

    def read() -> None:
        for _ in range(15):  # a statement is planned for good only after some calls
            assert recorder.select_events(record)
            assert recorder.select_notifications(1, 10)
            assert recorder.query(FIND_CLAIM, ("test.key", "x"))
            assert recorder.query(SELECT_PARTS, ([1], [0]))
        recorder.query("select pg_stat_force_next_flush()", ())
        recorder.max_notification_id()

    read()
    grow(unattended, GROWN)
    before = read_so_far(unattended)
    read()
    close(recorder)
    assert read_so_far(unattended) - before < 1_500, "rows read by 60 statements"


def read_so_far(admin: Admin) -> int:
    """Rows that were read from the ledger's tables and their indexes, by whatever plan."""
    admin.execute("select pg_stat_force_next_flush()")
    (row,) = admin.execute(
        "select (select sum(seq_tup_read) from pg_stat_user_tables where schemaname in ('ledger', 'vault'))"
        " + (select sum(idx_tup_read) from pg_stat_user_indexes where schemaname in ('ledger', 'vault'))"
    )
    return int(row[0])


def grow(connection: Admin, rows: int) -> None:
    """Rows of events, commands, claims and keys, as many as asked for; the head is told."""
    connection.execute("set session_replication_role = replica")
    first = connection.execute("select position from ledger.head").fetchone()
    assert first is not None
    values = {"first": first[0], "rows": rows}
    connection.execute(
        """
        insert into ledger.event
          (position, record_id, version, topic, recorded_at, effective_at, envelope, body, salt, leaf,
           actor_id, channel, command_id, correlation_id)
        select n, gen_random_uuid(), 1, 'test.grown.v1', h.recorded_at, now(),
          json_build_object('actor', gen_random_uuid(), 'channel', 'STAFF', 'command_id', gen_random_uuid(),
            'correlation_id', gen_random_uuid()), '{}', decode(repeat('00', 16), 'hex'), sha256(n::text::bytea),
          gen_random_uuid(), 'STAFF', gen_random_uuid(), gen_random_uuid()
        from generate_series(%(first)s + 1, %(first)s + %(rows)s) n, ledger.head h
        """,
        values,
    )
    connection.execute(
        "insert into ledger.claim select 'test.key', n::text, gen_random_uuid(), n from generate_series(1, %(rows)s) n",
        values,
    )
    connection.execute(
        "insert into ledger.command select gen_random_uuid(), sha256(''), 'nothing', gen_random_uuid(), 0"
        " from generate_series(1, %(rows)s) n",
        values,
    )
    connection.execute(
        "insert into vault.key select gen_random_uuid(), '', '', sha256('') from generate_series(1, %(rows)s) n", values
    )
    connection.execute("update ledger.head set position = position + %(rows)s", values)
