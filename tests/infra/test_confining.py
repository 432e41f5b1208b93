"""A login that only reads writes nothing and stops nobody, whatever settings it lifts."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from infra.database import Database
from infra.migrations import migrate
from infra.projector.cancelling import CalledOff
from infra.projector.state import wait_for
from tests.database import LOG_NAME

pytestmark = pytest.mark.database

Session = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def limited(database: Database) -> Iterator[Database]:
    """The database with the limits that `init` sets for the analysts' login in it."""
    migrate(database, LOG_NAME)
    yield database
    with psycopg.connect(database.admin, autocommit=True) as admin:
        reset = sql.SQL("alter role stadtbuch_analyst in database {} reset all")
        admin.execute(reset.format(sql.Identifier(admin.info.dbname)))


@pytest.fixture
def analyst(limited: Database) -> Iterator[Session]:
    """A session of the analysts' login that has lifted every limit it can."""
    assert limited.analyst is not None
    with psycopg.connect(limited.analyst, autocommit=True) as session:
        for lifted in ("default_transaction_read_only = off", "statement_timeout = 0"):
            session.execute(f"set {lifted}".encode())
        yield session


WRITES = (
    "select lo_from_bytea(0, decode(repeat('00', 1000), 'hex'))",
    "select lo_create(0)",
    "select lo_creat(131072)",
    "select lo_import('/etc/hostname')",
    "select lo_open(1, 131072)",
    "select lo_put(1, 0, 'x')",
    "select lowrite(0, 'x')",
    "select lo_truncate(0, 0)",
    "select lo_unlink(1)",
    "select pg_export_snapshot()",
    "select pg_logical_emit_message(false, 'x', 'x')",
    "create temporary table mine ()",
    "create temporary sequence mine",
    "create schema mine",
    "copy (select 1) to '/tmp/mine'",
)


def test_an_analyst_writes_nothing_even_without_the_limits_of_the_session(analyst: Session) -> None:
    for statement in WRITES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            analyst.execute(statement.encode())


def test_nobody_but_the_projector_takes_locks(database: Database, analyst: Session) -> None:
    row = analyst.execute("select count(*) from pg_proc where proname ~ 'advisory'").fetchone()
    for arguments in ("(1, 2)", "(1)"):
        for attempt in ("", "try_"):
            for kind in ("lock", "xact_lock", "lock_shared", "xact_lock_shared"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    analyst.execute(f"select pg_{attempt}advisory_{kind}{arguments}".encode())
    granted = "select count(*) from pg_proc where proname ~ 'advisory' and has_function_privilege(%s, oid, 'execute')"
    with psycopg.connect(database.admin) as admin:
        assert [
            admin.execute(granted, (f"stadtbuch_{role}",)).fetchone()
            for role in ("projector", "reader", "writer", "eraser", "log", "analyst")
        ] == [row, *[(0,)] * 5]


def test_what_was_opened_again_the_next_init_closes(database: Database, analyst: Session) -> None:
    with psycopg.connect(database.admin, autocommit=True) as admin:
        admin.execute("grant execute on function lo_create(oid) to public")
        assert admin.execute("select function::text from migration.open_function").fetchall() == [("lo_create(oid)",)]
        assert migrate(database, LOG_NAME) == ()
        assert admin.execute("select * from migration.open_function").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        analyst.execute("select lo_create(0)")


def test_no_query_fills_the_disk_and_no_session_lifts_that_limit(limited: Database) -> None:
    assert limited.analyst is not None
    with psycopg.connect(limited.admin, autocommit=True) as admin:
        role = sql.SQL("alter role stadtbuch_analyst in database {} set temp_file_limit = '1MB'")
        with psycopg.connect(limited.analyst) as session:
            assert session.execute("show temp_file_limit").fetchone() == ("4GB",)
        admin.execute(role.format(sql.Identifier(admin.info.dbname)))
    with psycopg.connect(limited.analyst, autocommit=True) as session:
        session.execute("set default_transaction_read_only = off")
        for lifted in (
            "set temp_file_limit = -1",
            "set local temp_file_limit = -1",
            "alter role stadtbuch_analyst set temp_file_limit = -1",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(lifted.encode())
        own = sql.SQL("alter role stadtbuch_analyst in database {} reset all")
        session.execute(own.format(sql.Identifier(session.info.dbname)))
        session.execute("set work_mem = '64kB'")
        with pytest.raises(psycopg.errors.ConfigurationLimitExceeded):
            session.execute("select count(*) from (select n from generate_series(1, 300000) n order by n desc) s")
    with psycopg.connect(limited.analyst) as session:
        assert session.execute("show temp_file_limit").fetchone() == ("1MB",), "what only superusers set stays"


def test_a_false_notification_rings_a_bell_and_does_no_more(database: Database, analyst: Session) -> None:
    with CalledOff(database, "case_record") as called_off:
        for channel in ("ledger", "projector", "stadtbuch_rebuild"):
            analyst.execute("select pg_notify(%s, 'case_record')", (channel,))
        assert not called_off()
    assert wait_for(database.conninfo("reader"), 1, ["case_record"], 0.1) is False
