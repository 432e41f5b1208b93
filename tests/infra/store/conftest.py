"""A recorder on a fresh ledger, and a connection that calls ledger.append itself."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from infra.database import Database
from infra.store.append import prepare
from infra.store.recorder import LedgerRecorder
from tests.infra.store.units import close, open_recorder


@pytest.fixture
def recorder(database: Database) -> Iterator[LedgerRecorder]:
    """A recorder in the role of the writer."""
    opened = open_recorder(database)
    yield opened
    close(opened)


@pytest.fixture
def writer(database: Database) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection in the role of the writer, in autocommit, that can send a batch's arrays."""
    with psycopg.connect(database.conninfo("writer"), autocommit=True) as connection:
        prepare(connection)
        yield connection
