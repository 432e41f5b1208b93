"""The whole way, once for all tests of the API: a server, a ledger, a projector and the application over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from domain.families import FAMILIES
from infra.asgi import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.embedded import Server
from infra.ledger import Ledger
from infra.projector import Projector
from infra.settings import Settings
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, database_named
from tests.graphql_api.api import Api


@pytest.fixture(scope="session")
def api_database(server: Server, template: str) -> Iterator[Database]:
    """A database that the tests of the API share."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database api template {template}".encode())
    yield database_named(server, "api")


@pytest.fixture(scope="session")
def api_ledger(api_database: Database) -> Iterator[Ledger]:
    """A ledger on it."""
    ledger = Ledger(api_database, KEK, FAMILIES)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def api(api_database: Database, api_ledger: Ledger) -> Iterator[Api]:
    """The API, with a projector that follows the ledger."""
    projector = Projector(api_database, FAMILIES, PROJECTIONS, REPORTS)
    projector.catch_up()
    projector.start()
    app = create_app(Settings(), api_database, api_ledger)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Api(client)
    projector.stop()
