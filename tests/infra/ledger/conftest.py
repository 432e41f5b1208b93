"""Ledgers on a database that is emptied before each test: one of all families, and two processes' worth of lockers."""

from collections.abc import Iterator

import pytest

from infra.database import Database
from infra.ledger import Ledger
from tests.database import KEK
from tests.infra.lockers import FAMILY


@pytest.fixture
def lockers(database: Database) -> Iterator[Ledger]:
    """A ledger of lockers."""
    opened = Ledger(database, KEK, (FAMILY,))
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Ledger]:
    """The same ledger as another process has it, with a memory of its own."""
    opened = Ledger(database, KEK, (FAMILY,))
    yield opened
    opened.close()
