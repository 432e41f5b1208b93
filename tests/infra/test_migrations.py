"""Making and upgrading the store: what `init` refuses, what it leaves alone, and that it is whole or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.database import Database
from infra.embedded import Server
from infra.installation import Installation
from infra.migrations import Migration, MigrationError, check, check_server, migrate, shipped
from infra.sealing import DataKey
from infra.settings import Settings
from infra.store.append import prepare
from tests.database import LOG_NAME, database_named
from tests.infra.store.units import a_unit, append, sealed_parts, stored

Admin = psycopg.Connection[tuple[object, ...]]

_numbers = count(1)


@pytest.fixture
def superuser(server: Server) -> Iterator[Admin]:
    """A connection to the server, apart from the database that is made in a test."""
    with psycopg.connect(server.conninfo("admin", dbname="postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def empty(server: Server, superuser: Admin) -> Iterator[Database]:
    """A database that nothing was made in."""
    name = sql.Identifier(f"unmade_{next(_numbers)}")
    superuser.execute(sql.SQL("create database {}").format(name))
    yield database_named(server, name.as_string(superuser).strip('"'))
    superuser.execute(sql.SQL("drop database {} with (force)").format(name))


def rows(conninfo: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_files_are_numbered_without_gaps() -> None:
    assert [migration.number for migration in shipped()] == list(range(1, len(shipped()) + 1))


def test_a_second_init_applies_nothing(empty: Database) -> None:
    assert migrate(empty, LOG_NAME) == shipped()
    applied = rows(empty.admin, "select * from migration.applied order by number")
    assert [row[:3] for row in applied] == [(each.number, each.name, each.checksum) for each in shipped()]
    assert migrate(empty, LOG_NAME) == ()
    assert rows(empty.admin, "select * from migration.applied order by number") == applied


def test_a_file_that_was_changed_after_it_was_applied_is_refused_by_name(database: Database) -> None:
    changed = (replace(shipped()[0], sql=shipped()[0].sql + "\n"), *shipped()[1:])
    with pytest.raises(
        MigrationError, match=r"0001_ledger was applied with another content.* restore the shipped file"
    ):
        migrate(database, LOG_NAME, changed)
    with psycopg.connect(database.app) as connection, pytest.raises(MigrationError, match="0001_ledger"):
        check(connection, changed)


def test_a_schema_newer_than_the_program_is_refused(database: Database) -> None:
    with pytest.raises(MigrationError, match=r"has migration 0002_read, which this program does not know.* newer"):
        migrate(database, LOG_NAME, shipped()[:1])


def test_a_schema_older_than_the_program_is_refused_by_all_but_init(database: Database) -> None:
    following = (*shipped(), Migration(len(shipped()) + 1, "more", "create table ledger.more ()"))
    with psycopg.connect(database.app) as connection:
        check(connection)
        with pytest.raises(
            MigrationError, match=rf"lacks migration {following[-1].number:04}_more: run `stadtbuch init`"
        ):
            check(connection, following)
    assert migrate(database, LOG_NAME, following) == following[-1:]


def test_a_database_without_a_ledger_says_how_to_make_one(empty: Database) -> None:
    with psycopg.connect(empty.app) as connection, pytest.raises(MigrationError, match="run `stadtbuch init`"):
        check(connection)


def test_a_ledger_keeps_its_name(database: Database) -> None:
    with pytest.raises(
        MigrationError, match=r"was created as 'stadtbuch\.test/1' and cannot become 'other\.example/1'"
    ):
        migrate(database, "other.example/1")
    assert rows(database.admin, "select log from ledger.head") == [(LOG_NAME,)]


def test_two_that_init_at_once_make_one_ledger(empty: Database) -> None:
    start = Barrier(2)

    def init(_: int) -> tuple[Migration, ...]:
        start.wait(30)
        return migrate(empty, LOG_NAME)

    with ThreadPoolExecutor(2) as threads:
        applied = list(threads.map(init, range(2)))
    assert sorted(applied, key=len) == [(), shipped()]


def test_a_migration_that_fails_leaves_nothing_of_itself_and_can_be_run_again(database: Database) -> None:
    number = len(shipped()) + 1
    broken = Migration(number, "more", "create table ledger.more (); select 1 / 0")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(database, LOG_NAME, (*shipped(), broken))
    assert rows(database.admin, "select to_regclass('ledger.more')") == [(None,)]
    assert rows(database.admin, "select max(number) from migration.applied") == [(number - 1,)]
    mended = Migration(number, "more", "create table ledger.more ()")
    assert migrate(database, LOG_NAME, (*shipped(), mended)) == (mended,)


def test_an_earlier_migration_stays_when_a_later_one_fails(empty: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        migrate(empty, LOG_NAME, (shipped()[0], Migration(2, "broken", "select from ledger.nothing")))
    assert rows(empty.admin, "select name from migration.applied") == [("ledger",)]
    assert migrate(empty, LOG_NAME) == shipped()[1:]


def test_what_was_recorded_before_an_upgrade_stays_as_it_was_and_is_followed_on(empty: Database) -> None:
    migrate(empty, LOG_NAME, shipped()[:3])
    record, key = uuid4(), DataKey.make(uuid4())
    parts = sealed_parts(record, 1, [(key, b"text")])
    everything = """select e::text from ledger.event e union all select s::text from ledger.sealed s
                    union all select c::text from ledger.command c union all select k::text from vault.key k"""
    with psycopg.connect(empty.admin, autocommit=True) as connection:
        prepare(connection)
        before = a_unit((record, 1), claims=["held"], keys=[stored(key)], parts=parts)
        assert append(connection, before).statuses == ["recorded"]
    recorded = rows(empty.admin, everything)
    assert migrate(empty, LOG_NAME) == shipped()[3:]
    assert rows(empty.admin, everything) == recorded
    with psycopg.connect(empty.admin, autocommit=True) as connection:
        prepare(connection)
        assert append(connection, before).statuses == ["repeated"]
        after = a_unit((record, 2), parts=sealed_parts(record, 2, [(key, b"more")]))
        assert append(connection, after).positions == [(2, 2)]


def test_what_a_migration_makes_belongs_to_the_owner_role(database: Database) -> None:
    query = """select distinct pg_get_userbyid(relowner)::text from pg_class
               where relnamespace::regnamespace::text in ('ledger', 'vault', 'read', 'projector', 'migration')"""
    assert rows(database.admin, query) == [("stadtbuch_owner",)]


def test_a_server_older_than_fifteen_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(database.app) as connection:
        monkeypatch.setattr("infra.migrations.OLDEST_SERVER", connection.info.server_version + 1)
        with pytest.raises(MigrationError, match="needs 15 or newer"):
            check_server(connection)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(
    empty: Database, superuser: Admin, setting: str
) -> None:
    name = sql.Identifier(setting)

    def reloaded(wanted: str) -> None:
        superuser.execute("select pg_reload_conf()")
        while rows(empty.admin, f"show {setting}") != [(wanted,)]:
            superuser.execute("select pg_sleep(0.01)")

    superuser.execute(sql.SQL("alter system set {} = off").format(name))
    try:
        reloaded("off")
        with pytest.raises(MigrationError, match=rf"set {setting} = on in postgresql\.conf"):
            migrate(empty, LOG_NAME)
    finally:
        superuser.execute(sql.SQL("alter system reset {}").format(name))
        reloaded("on")
    assert rows(empty.admin, "select to_regnamespace('ledger')") == [(None,)]


def test_an_administrator_who_does_not_wait_for_the_disk_is_refused(empty: Database) -> None:
    hasty = replace(empty, admin=make_conninfo(empty.admin, options="-c synchronous_commit=off"))
    with pytest.raises(MigrationError, match=r"synchronous_commit = off .* take it out of the connection string"):
        migrate(hasty, LOG_NAME)


@pytest.fixture
def hasty_login(superuser: Admin) -> Iterator[None]:
    """The program's login does not wait for the disk, whatever the server says."""
    superuser.execute("alter role stadtbuch_app set synchronous_commit = off")
    yield
    superuser.execute("alter role stadtbuch_app reset synchronous_commit")


@pytest.mark.usefixtures("hasty_login")
def test_a_login_that_does_not_wait_for_the_disk_is_refused(database: Database, tmp_path: Path) -> None:
    advice = "for the login stadtbuch_app .* run `alter role stadtbuch_app reset synchronous_commit`"
    with pytest.raises(MigrationError, match=advice):
        migrate(database, LOG_NAME)
    with pytest.raises(MigrationError, match=advice):
        Installation(Settings(home=tmp_path), database, None).check()


@pytest.mark.usefixtures("hasty_login")
def test_the_writer_waits_for_the_disk_whatever_its_login_is_set_to(database: Database) -> None:
    assert rows(database.app, "show synchronous_commit") == [("off",)]
    assert rows(database.conninfo("writer"), "show synchronous_commit") == [("on",)]


LIMITS = """select current_setting('default_transaction_read_only'), current_setting('statement_timeout'),
            current_setting('idle_in_transaction_session_timeout')"""


def test_readers_have_limits_of_their_own(database: Database) -> None:
    assert rows(database.conninfo("reader"), LIMITS) == [("on", "30s", "1min")]
    assert rows(database.conninfo("projector"), "show default_transaction_read_only") == [("off",)]


def test_a_query_of_a_reader_that_takes_too_long_is_cancelled(database: Database) -> None:
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        reader.execute("set statement_timeout = '20ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            reader.execute("select pg_sleep(30)")


def test_the_analysts_login_is_limited_in_this_database_alone(empty: Database, database: Database) -> None:
    migrate(empty, LOG_NAME)
    assert empty.analyst is not None
    assert database.analyst is not None
    assert rows(empty.analyst, LIMITS) == [("on", "5min", "5min")]
    assert rows(database.analyst, LIMITS) == [("off", "0", "0")], "another database of the server"
    with psycopg.connect(empty.analyst) as analyst, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        analyst.execute("create table mine ()")


def test_what_the_operators_have_set_for_the_analysts_stays(empty: Database) -> None:
    with psycopg.connect(empty.admin, autocommit=True) as admin:
        migrate(empty, LOG_NAME)
        admin.execute(
            sql.SQL("alter role stadtbuch_analyst in database {} set statement_timeout = '1h'").format(
                sql.Identifier(admin.info.dbname)
            )
        )
    migrate(empty, LOG_NAME)
    assert empty.analyst is not None
    assert rows(empty.analyst, LIMITS) == [("on", "1h", "5min")]


def test_a_login_that_the_program_writes_with_is_never_made_read_only(empty: Database) -> None:
    for analyst in (empty.app, empty.admin):
        migrate(replace(empty, analyst=analyst), LOG_NAME)
        assert rows(analyst, LIMITS) == [("off", "0", "0")]


@pytest.mark.usefixtures("template")  # which has made the roles
def test_an_administrator_who_may_not_alter_the_analysts_login_is_told_what_to_ask_for(
    empty: Database, superuser: Admin
) -> None:
    said: list[str] = []
    with psycopg.connect(empty.admin) as connection:
        name = sql.Identifier(connection.info.dbname)
    superuser.execute("create role city_admin nologin")
    superuser.execute("grant stadtbuch_owner to city_admin")
    superuser.execute(sql.SQL("alter database {} owner to city_admin").format(name))
    try:
        admin = make_conninfo(empty.admin, options="-c role=city_admin")
        assert migrate(replace(empty, admin=admin), LOG_NAME, say=said.append) == shipped()
        assert [line for line in said if "stadtbuch_analyst could not be limited" in line]
        with psycopg.connect(empty.admin, autocommit=True) as connection:
            for statement in said[0].partition("run: ")[2].split("; "):
                connection.execute(statement.encode())
        assert empty.analyst is not None
        assert rows(empty.analyst, LIMITS) == [("on", "5min", "5min")]
        migrate(replace(empty, admin=admin), LOG_NAME, say=said.append)
        assert len(said) == 1, "there is nothing left to ask for"
    finally:
        superuser.execute(sql.SQL("alter database {} owner to stadtbuch_admin").format(name))
        with psycopg.connect(empty.admin, autocommit=True) as connection:
            connection.execute("drop owned by city_admin")
            connection.execute("drop role city_admin")
