"""Who may do what in the database: what no role may, what each role may, and that nothing gets round it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from infra.database import GROUP_ROLES, Database, Role
from infra.embedded import Server
from infra.sealing import DataKey
from infra.store.append import prepare
from tests.database import database_named
from tests.infra.store.units import a_unit, append, sealed_parts, stored

Admin = psycopg.Connection[tuple[Any, ...]]

A, B = UUID(int=10), UUID(int=11)

# Everything that the roles are granted on tables. What is not named here is refused.
READS = {
    "stadtbuch_writer": ["ledger.claim", "ledger.command", "ledger.event", "ledger.head", "ledger.sealed", "vault.key"],
    "stadtbuch_projector": [
        "ledger.event",
        "ledger.head",
        "projector.build",
        "projector.build_part",
        "projector.called_off",
        "projector.projection",
        "projector.quarantine",
        "projector.report",
    ],
    "stadtbuch_reader": [],
    "stadtbuch_eraser": [],
    "stadtbuch_log": [
        "access.export",
        "access.head",
        "ledger.claim",
        "ledger.command",
        "ledger.event",
        "ledger.head",
        "ledger.sealed",
    ],
    "stadtbuch_analyst": [],
}
WRITES = {
    "stadtbuch_writer": {
        "access.export": ["INSERT of columns"],
        "api.document": ["DELETE", "INSERT of columns"],
        "vault.key": ["INSERT"],
    },
    "stadtbuch_projector": {
        "projector.build": ["DELETE", "INSERT", "UPDATE"],
        "projector.build_part": ["DELETE", "INSERT", "UPDATE"],
        "projector.called_off": ["INSERT", "UPDATE"],
        "projector.projection": ["DELETE", "INSERT", "UPDATE"],
        "projector.quarantine": ["DELETE", "INSERT", "UPDATE"],
        "projector.report": ["DELETE", "INSERT", "UPDATE"],
    },
}
COLUMNS = {
    "stadtbuch_writer": {"access.export": ["entry", "leaf"], "api.document": ["id"]},
    "stadtbuch_eraser": {
        "ledger.sealed": ["key_id", "part", "position"],
        "vault.key": ["commitment", "destroyed_at", "kek_id", "key_id"],
    },
    "stadtbuch_log": {"vault.key": ["commitment", "destroyed_at", "kek_id", "key_id"]},
}
CALLS = {"stadtbuch_writer": ["append"], "stadtbuch_eraser": ["destroy_key"]}
CHANGES = ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


@pytest.fixture(scope="module")
def database(server: Server, template: str) -> Iterator[Database]:
    """A ledger of two events, one with a sealed part; its triggers and grants are as the migrations made them."""
    name, key = "stadtbuch_roles", DataKey.make(A)
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
        made = database_named(server, name)
        with acting(made, "writer") as writer:
            append(writer, a_unit((A, 1), keys=[stored(key)], parts=sealed_parts(A, 1, [(key, b"text")])))
            append(writer, a_unit((B, 1), claims=["a"]))
        yield made
        connection.execute(f"drop database {name} with (force)")


def acting(database: Database, role: Role) -> Admin:
    """A connection in that role that can send a batch's arrays."""
    connection = psycopg.connect(database.conninfo(role), autocommit=True)
    if role == "writer":
        prepare(connection)
    return connection


def next_of(connection: Admin, record_id: UUID) -> tuple[UUID, int]:
    return record_id, found(connection, "select max(version) + 1 from ledger.event where record_id = %s", record_id)[0]


def found(connection: Admin, query: str, *values: object) -> list[Any]:
    return [row[0] for row in connection.execute(query.encode(), values)]


def tables(admin: Admin) -> list[str]:
    query = """select oid::regclass::text from pg_class where relkind = 'r'
               and relnamespace::regnamespace::text in ('access', 'api', 'ledger', 'vault', 'projector') order by 1"""
    return found(admin, query)


def wholly(admin: Admin, role: str, privilege: str) -> list[str]:
    return [
        table
        for table in tables(admin)
        if found(admin, "select has_table_privilege(%s, %s, %s)", role, table, privilege)[0]
    ]


@pytest.mark.parametrize("role", READS)
def test_a_role_reads_what_it_needs_and_nothing_else(admin: Admin, role: str) -> None:
    assert wholly(admin, role, "SELECT") == READS[role]
    query = """select attrelid::regclass::text, array_agg(attname::text order by attname)
               from pg_attribute where attrelid::regclass::text = any(%s) and attnum > 0 and not attisdropped
               and has_column_privilege(%s, attrelid, attnum, 'SELECT') group by 1 order by 1"""
    rest = [table for table in tables(admin) if table not in READS[role]]
    assert dict(admin.execute(query, (rest, role)).fetchall()) == COLUMNS.get(role, {})


@pytest.mark.parametrize("role", READS)
def test_a_role_writes_what_it_needs_and_nothing_else(admin: Admin, role: str) -> None:
    expected = WRITES.get(role, {})
    for privilege in CHANGES:
        assert wholly(admin, role, privilege) == [t for t, granted in expected.items() if privilege in granted]
    query = """select distinct attrelid::regclass::text from pg_attribute
               where attrelid::regclass::text = any(%s) and attnum > 0 and not attisdropped
               and has_column_privilege(%s, attrelid, attnum, 'INSERT, UPDATE') order by 1"""
    assert found(admin, query, tables(admin), role) == sorted(expected)


@pytest.mark.parametrize("role", READS)
def test_a_role_calls_what_it_needs_and_makes_nothing_outside_its_schema(admin: Admin, role: str) -> None:
    query = """select proname::text from pg_proc where pronamespace = 'ledger'::regnamespace and prosecdef
               and has_function_privilege(%s, oid, 'EXECUTE') order by 1"""
    assert found(admin, query, role) == CALLS.get(role, [])
    schemas = ("access", "api", "as_of", "history", "ledger", "vault", "projector", "migration", "public", "read")
    may_create = [
        name for name in schemas if found(admin, "select has_schema_privilege(%s, %s, 'CREATE')", role, name)[0]
    ]
    assert may_create == (["as_of", "history", "read"] if role == "stadtbuch_projector" else [])


def test_what_acts_with_the_owners_rights_is_nobodys_by_default_and_finds_its_own_tables_alone(admin: Admin) -> None:
    query = """select proname::text, has_function_privilege('public', oid, 'EXECUTE'), proowner::regrole::text,
                      proconfig from pg_proc
               where prosecdef and pronamespace::regnamespace::text !~ '^(pg_|information_schema)' order by 1"""
    functions = admin.execute(query.encode()).fetchall()
    assert [function[0] for function in functions] == [
        "append",
        "chain",
        "destroy_key",
        "position",
        "position_at",
        "recorded_at",
    ]
    for name, public, owner, settings in functions:
        assert not public
        assert owner == "stadtbuch_owner"
        assert f"search_path=pg_catalog, {'access' if name == 'chain' else 'ledger'}, pg_temp" in settings


CHANGE = ["update ledger.event set body = '{}'", "delete from ledger.event", "truncate ledger.event"]


@pytest.mark.parametrize("statement", CHANGE)
@pytest.mark.parametrize("role", [*GROUP_ROLES, "stadtbuch_app", "stadtbuch_analyst"])
def test_no_role_changes_or_removes_an_event(admin: Admin, role: str, statement: str) -> None:
    before = admin.execute("select * from ledger.event order by position").fetchall()
    admin.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        admin.execute(statement.encode())
    if role == "stadtbuch_owner":
        assert "is refused: events are immutable" in str(refused.value)
    admin.execute("reset role")
    assert admin.execute("select * from ledger.event order by position").fetchall() == before


@pytest.mark.parametrize("statement", CHANGE)
@pytest.mark.parametrize("role", ["stadtbuch_admin", "stadtbuch_owner"])
def test_an_event_stays_even_where_a_superuser_sets_ordinary_triggers_aside(
    admin: Admin, role: str, statement: str
) -> None:
    admin.execute("set session_replication_role = replica")
    admin.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is refused: events are immutable"):
        admin.execute(statement.encode())


@pytest.mark.parametrize("table", ["event", "sealed", "head", "command", "claim"])
def test_the_writer_records_by_append_alone(database: Database, table: str) -> None:
    name = sql.Identifier("ledger", table)
    with acting(database, "writer") as writer:
        for statement in ("insert into {0} default values", "delete from {0}", "truncate {0}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(sql.SQL(statement).format(name))
        assert append(writer, a_unit(next_of(writer, A), claims=[table])).statuses == ["recorded"]


def test_the_writer_makes_keys_and_cannot_change_them(database: Database) -> None:
    with acting(database, "writer") as writer:
        writer.execute("insert into vault.key values (%s, 'wrapped', 'kek', %s)", (B, bytes(32)))
        for change in ("update vault.key set wrapped_key = 'other'", "delete from vault.key"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                writer.execute(change.encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            writer.execute("select ledger.destroy_key(%s)", (A,))


def test_the_eraser_cannot_take_away_a_text_or_a_key_by_hand(database: Database) -> None:
    with acting(database, "eraser") as eraser:
        for statement in (
            "delete from ledger.sealed",
            "update vault.key set wrapped_key = null, destroyed_at = now()",
            "select wrapped_key from vault.key",
            "select ciphertext from ledger.sealed",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                eraser.execute(statement.encode())
        assert found(eraser, "select ledger.destroy_key(%s)", A) == [1]


def test_append_is_not_fooled_by_temporary_tables_of_the_same_names(database: Database, admin: Admin) -> None:
    before = found(admin, "select position from ledger.head")[0]
    admin.execute(sql.SQL("grant temporary on database {} to public").format(sql.Identifier(admin.info.dbname)))
    with acting(database, "writer") as writer:
        for table in ("event", "sealed", "head", "command", "claim"):
            writer.execute(
                sql.SQL("create temporary table {} (like {})").format(
                    sql.Identifier(table), sql.Identifier("ledger", table)
                )
            )
        writer.execute("create temporary table key (like vault.key)")
        writer.execute("insert into pg_temp.head select true, 'forged.example/1', 1000, now()")
        for search_path in ("pg_temp, pg_catalog", "pg_temp, ledger, vault, pg_catalog"):
            writer.execute("select set_config('search_path', %s, false)", (search_path,))
            assert append(writer, a_unit(next_of(writer, A))).statuses == ["recorded"]
        assert found(writer, "select count(*) from pg_temp.event") == [0]
    assert found(admin, "select position from ledger.head") == [before + 2]
    assert found(admin, "select max(position) from ledger.event") == [before + 2]


def test_append_computes_with_its_own_functions_where_a_schema_of_the_callers_comes_first(
    database: Database, admin: Admin
) -> None:
    admin.execute("create schema forged")
    try:
        admin.execute("create function forged.sha256(bytea) returns bytea language sql as $$ select '\\x00'::bytea $$")
        admin.execute("grant usage on schema forged to public")
        with acting(database, "writer") as writer:
            writer.execute("set search_path = forged, ledger, pg_catalog")
            assert found(writer, "select sha256('')") == [b"\x00"], "the caller is fooled"
            assert append(writer, a_unit(next_of(writer, A))).statuses == ["recorded"]
    finally:
        admin.execute("drop schema forged cascade")


@pytest.mark.parametrize("login", ["stadtbuch_app", "stadtbuch_analyst"])
def test_a_login_has_no_rights_but_through_its_roles(admin: Admin, login: str) -> None:
    powers = "rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls"
    assert found(admin, f"select {powers} from pg_roles where rolname = %s", login) == [False]
    # Whatever it owned or was granted, in any database of the server; memberships are looked at below.
    dependencies = """select classid::regclass::text from pg_shdepend
                      where refobjid = %s::regrole and refclassid = 'pg_authid'::regclass
                      and classid <> 'pg_auth_members'::regclass"""
    assert found(admin, dependencies, login) == []
    groups = "select roleid::regrole::text from pg_auth_members where member = %s::regrole order by 1"
    expected = ["stadtbuch_reader"]
    if login == "stadtbuch_app":
        expected = sorted(role for role in GROUP_ROLES if role != "stadtbuch_owner")
    assert found(admin, groups, login) == expected


def test_no_group_role_may_log_in_or_is_a_member_of_another(admin: Admin) -> None:
    can = "select rolname::text from pg_roles where rolname = any(%s) and (rolcanlogin or rolsuper or rolcreaterole)"
    assert found(admin, can, list(GROUP_ROLES)) == []
    member = "select member::regrole::text from pg_auth_members where member::regrole::text = any(%s)"
    assert found(admin, member, list(GROUP_ROLES)) == []


def test_an_analyst_reads_the_read_models_alone(database: Database) -> None:
    assert database.analyst is not None
    with psycopg.connect(database.analyst, autocommit=True) as analyst:
        assert found(analyst, "select count(*) from read.projection_status") == [0]
        for statement in (
            "select * from ledger.event",
            "select * from ledger.head",
            "select * from ledger.sealed",
            "select * from vault.key",
            "select * from projector.projection",
            "create table read.mine ()",
            "create table public.mine ()",
            "set role stadtbuch_writer",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                analyst.execute(statement.encode())


def test_every_table_is_named_in_this_test(admin: Admin) -> None:
    named = {table for names in READS.values() for table in names}
    assert set(tables(admin)) == named | {table for columns in COLUMNS.values() for table in columns}
