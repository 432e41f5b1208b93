"""A database with a view of every type of column, hostile texts among its rows; and the command line on it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from domain.families import FAMILIES
from infra.cli.app import app
from infra.database import Database
from infra.demo import fill
from infra.embedded import Server
from infra.ledger import Ledger
from infra.projector import Projector
from projections.families import PROJECTIONS, REPORTS
from tests.database import KEK, database_named

ROWS = 5_000
TODAY = date(2026, 3, 2)
VIEW = f"""
create view read.odd as
select n::bigint as no,
       case n when 1 then '=HYPERLINK("http://evil.example")' when 2 then '-2+3' when 3 then '@SUM(A1)'
              when 4 then '+49 211' when 5 then 'ä, "ö"' || e'\\nü' when 6 then null when 7 then e'\\tcmd'
              else 'text ' || n end as text,
       (n - 2)::numeric / 4 as amount, n % 2 = 0 as even, md5(n::text)::uuid as id,
       date '2026-01-01' + n as day, timestamptz '2026-01-01 12:00Z' + n * interval '1 hour' as at,
       array['=a', 'b'] as texts, array[md5('1')::uuid] as ids, json_build_object('no', n) as body,
       n::float8 / 10 as rate
from generate_series(1, {ROWS}) n;
comment on view read.odd is 'A row for each number. (Eine Zeile je Zahl.)';
comment on column read.odd.text is 'Anything at all.';
grant select on read.odd to stadtbuch_reader;
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The command line of this process, on one database."""

    run: Callable[..., Any]

    def does(self, *arguments: str) -> Any:
        """What a command that succeeds answers in JSON."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


def caller(database: Database, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Commands find the database by the settings of a server of one's own."""
    assert database.analyst is not None
    monkeypatch.setenv("STADTBUCH_DSN", database.admin)
    monkeypatch.setenv("STADTBUCH_APP_DSN", database.app)
    monkeypatch.setenv("STADTBUCH_READER_DSN", database.analyst)
    return Caller(lambda *arguments: CliRunner().invoke(app, ["report", *arguments]))


@pytest.fixture(scope="module")
def odd(server: Server, template: str) -> Iterator[Database]:
    """A database whose schema `read` has one view of its own."""
    name = "stadtbuch_odd"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
        made = database_named(server, name)
        with psycopg.connect(made.admin, autocommit=True) as admin:
            admin.execute(VIEW.encode())
        yield made
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def report(odd: Database, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """`stadtbuch report` on that database."""
    return caller(odd, monkeypatch)


@pytest.fixture(scope="module")
def city(server: Server, template: str) -> Iterator[Database]:
    """A generated city with all its read models."""
    name = "stadtbuch_reported_city"
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}".encode())
        made = database_named(server, name)
        ledger = Ledger(made, KEK, FAMILIES)
        fill(ledger, events=5_000, seed=8, today=TODAY, progress=lambda phase: None)
        ledger.close()
        Projector(made, FAMILIES, PROJECTIONS, REPORTS).catch_up()
        yield made
        connection.execute(f"drop database {name} with (force)".encode())
