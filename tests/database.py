"""The database of the tests: a real server a process, an empty migrated database a test, a ledger on it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.families import FAMILIES
from domain.kernel import Authentication, Channel
from domain.requests import Principal
from infra.database import Database
from infra.embedded import Server, start
from infra.keys import KeyEncryptionKey
from infra.ledger import Ledger
from infra.migrations import migrate
from tests.spares import Spares

LOG_NAME = "stadtbuch.test/1"
KEK = KeyEncryptionKey(bytes(range(32)))
CLERK = Principal(
    actor=UUID(int=1),
    role="clerk",
    org_unit="10",
    authentication=Authentication.NONE_DEV,
    channel=Channel.STAFF,
    client="stadtbuch-tests/1",
)


@pytest.fixture(scope="session")
def server(postgres_bin: Path | None) -> Iterator[Server]:
    """A server of this test process, in a home below the system's temporary directory that its account can reach."""
    home = Path(tempfile.mkdtemp(prefix="stadtbuch-test-"))
    home.chmod(0o755)
    with start(home, bindir=postgres_bin) as running:
        yield running
    shutil.rmtree(home)


def database_named(server: Server, name: str) -> Database:
    """The connection strings of one database of the server."""
    return Database(
        server.conninfo("admin", dbname=name),
        server.conninfo("app", dbname=name),
        server.conninfo("analyst", dbname=name),
    )


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A migrated, empty database that others are copied from."""
    name = "stadtbuch_template"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    migrate(database_named(server, name), LOG_NAME)
    return name


@pytest.fixture(scope="session")
def built_template(server: Server, template: str) -> str:
    """The same with every read model built, still empty: for tests that ask many of them."""
    # Imported here, so that tests without read models do not wait for their declarations.
    from infra.projector import Projector
    from projections.families import PROJECTIONS, REPORTS

    name = "stadtbuch_built_template"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
    Projector(database_named(server, name), FAMILIES, PROJECTIONS, REPORTS).catch_up()
    return name


@pytest.fixture
def built_database(server: Server, built_template: str) -> Iterator[Database]:
    """An empty ledger with all its read models. A module whose tests need them calls it `database`."""
    name = "stadtbuch_built"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {built_template}".encode())
        yield database_named(server, name)
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture(scope="session")
def spares(server: Server, template: str) -> Iterator[Spares]:
    """The databases that tests have left as they were."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        yield Spares(server, template, LOG_NAME, connection)


@pytest.fixture
def database(spares: Spares) -> Iterator[Database]:
    """A migrated database with nothing in it."""
    name = spares.take()
    yield database_named(spares.server, name)
    spares.give_back(name)


@pytest.fixture
def admin(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the database's administrator, in autocommit: to look at what no role of the program may see."""
    with psycopg.connect(make_conninfo(database.admin), autocommit=True) as connection:
        yield connection


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    """A ledger of all families on a fresh database."""
    opened = Ledger(database, KEK, FAMILIES)
    yield opened
    opened.close()
