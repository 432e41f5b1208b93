"""One database for many tests, emptied before each: making and dropping databases would take most of their time."""

import itertools
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from infra.database import Database
from infra.embedded import Server
from tests.database import database_named

_numbers = itertools.count(1)
TABLES = "ledger.event, ledger.sealed, ledger.command, ledger.claim, vault.key"


@pytest.fixture(scope="session")
def one_database(server: Server, template: str) -> Iterator[Database]:
    """A migrated database that stays for the whole session."""
    name = f"wiped_{next(_numbers)}"  # each folder that takes this fixture has one of its own
    copy = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
    drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(copy)
        yield database_named(server, name)
        connection.execute(drop)


@pytest.fixture
def database(one_database: Database) -> Database:
    """That database with an empty ledger. Takes the place of the fixture that makes a database of its own."""
    wipe(one_database)
    return one_database


def wipe(database: Database) -> None:
    """Empty the ledger as only a superuser can: with its triggers out of the way."""
    with psycopg.connect(database.admin) as connection:
        connection.execute("alter table ledger.event disable trigger all")
        connection.execute(f"truncate {TABLES}")
        connection.execute("alter table ledger.event enable always trigger immutable_rows")
        connection.execute("alter table ledger.event enable always trigger immutable_table")
        connection.execute("update ledger.head set position = 0, recorded_at = 'epoch'")
