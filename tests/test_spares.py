"""The databases of the tests: used again when they are as they were, dropped when they are not."""

from collections.abc import Iterator

import psycopg
import pytest

from domain.families import FAMILIES
from domain.kernel import Sealed
from domain.library.commands import RegisterPatron
from domain.library.vocabulary import AgeBand
from infra.embedded import Server
from infra.ledger import Ledger
from infra.projector import Projector
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, LOG_NAME, database_named
from tests.infra.lockers import request
from tests.spares import Connection, Spares

pytestmark = pytest.mark.any_server


@pytest.fixture
def own(server: Server, template: str) -> Iterator[Spares]:
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        kept = Spares(server, template, LOG_NAME, connection, prefix="spare")
        yield kept
        kept.close()


def admin(spares: Spares, name: str) -> Connection:
    return psycopg.connect(spares.server.conninfo("admin", dbname=name), autocommit=True)


def test_a_database_that_was_filled_is_emptied_and_used_again(own: Spares) -> None:
    # The server may look into the tables while they are filled, and know more of them than at first: then the database
    # is rightly made anew, and the next one is tried.
    for _ in range(5):
        name = own.take()
        database = database_named(own.server, name)
        ledger = Ledger(database, KEK, FAMILIES)
        ledger.handle(
            request(RegisterPatron(name=Sealed("Ada"), card_number=Sealed("1"), age_band=AgeBand.ADULT, branch="Bilk"))
        )
        ledger.close()
        Projector(database, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        own.give_back(name)
        again = own.take()
        if again == name:
            break
    assert again == name
    with admin(own, name) as connection:
        for table in ("ledger.event", "ledger.sealed", "ledger.command", "vault.key", "projector.projection"):
            assert connection.execute(f"select count(*) from {table}".encode()).fetchone() == (0,)
        assert connection.execute("select position, log from ledger.head").fetchone() == (0, LOG_NAME)
        assert connection.execute("select to_regclass('read.item')").fetchone() == (None,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("truncate ledger.event")


@pytest.mark.parametrize(
    "change",
    [
        "create table public.mine (n int)",
        "alter table ledger.event disable trigger immutable_rows",
        "grant select on vault.key to public",
        "create or replace function ledger.refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        "alter table ledger.claim add column n int",
        "analyze ledger.head",
    ],
)
def test_a_database_that_was_changed_is_not_used_again(own: Spares, change: str) -> None:
    name = own.take()
    with admin(own, name) as connection:
        connection.execute(change.encode())
    own.give_back(name)
    assert own.take() != name


def test_whoever_is_still_connected_is_thrown_out(own: Spares) -> None:
    name = own.take()
    left_behind = admin(own, name)
    left_behind.execute("begin; lock table ledger.head")
    own.give_back(name)
    assert own.take() == name
    with pytest.raises(psycopg.OperationalError):
        left_behind.execute("select 1")
