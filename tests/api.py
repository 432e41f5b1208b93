"""The API of the tests: a server, a ledger, a projector and the application over HTTP, once for all; and its client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from domain.families import FAMILIES
from infra.database import Database
from infra.embedded import Server
from infra.ledger import Ledger
from infra.settings import Settings
from tests.database import KEK, database_named

_numbers = count(1)

RECORDED = """
  __typename
  ... on CommandSuccess { commandId recordId version position repeated }
  ... on Problem { message messages { en de } }
  ... on RuleViolated { rule protects { en de } nextStep { en de } source details { name value } }
  ... on VersionConflict { expected actual }
  ... on Invalid { field }
"""


def unused(kind: str) -> str:
    """A number that no other test has given a record of the kind."""
    return f"{kind}-{next(_numbers)}/2026"


@dataclass(frozen=True, slots=True)
class Api:
    """The API over HTTP: one call per question, with what was wrong in the message."""

    client: httpx.Client
    address: str
    app: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def by(self, role: str, **headers: str) -> Api:
        """The same API, asked by somebody in this role."""
        more = {f"Stadtbuch-{name.replace('_', '-')}": value for name, value in headers.items()}
        return replace(self, headers={"Stadtbuch-Role": role, **more})

    @contextmanager
    def endpoint_with(self, **changes: Any) -> Iterator[None]:
        """The same API, with other limits or ports for a while."""
        state = self.app.state
        before = state.endpoint
        state.endpoint = replace(before, **changes)
        try:
            yield
        finally:
            state.endpoint = before

    def answer(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        response = self.client.post(
            "/graphql", json={"query": query, "variables": variables or {}}, headers={**self.headers, **headers}
        )
        body: dict[str, Any] = response.json()
        return response.status_code, body

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        status, body = self.answer(query, variables)
        assert (status, body.get("errors")) == (200, None), body
        return body["data"]

    def error(self, query: str, **variables: Any) -> tuple[int, dict[str, Any]]:
        """Status and the first error of an answer without data."""
        status, body = self.answer(query, variables)
        assert not any((body.get("data") or {}).values()), body
        error = body["errors"][0]
        return status, error

    def do(
        self, mutation: str, *, key: str | None = None, headers: Mapping[str, str] | None = None, **given: Any
    ) -> Any:
        """What a mutation answers."""
        name = mutation[0].upper() + mutation[1:]
        query = f"mutation Do($input: {name}Input!) {{ done: {mutation}(input: $input) {{ {RECORDED} }} }}"
        variables = {"input": {"idempotencyKey": key or str(uuid4()), **given}}
        status, body = self.answer(query, variables, **(headers or {}))
        assert (status, body.get("errors")) == (200, None), body
        return body["data"]["done"]

    def did(self, mutation: str, **given: Any) -> Any:
        """What a mutation that is recorded answers."""
        done = self.do(mutation, **given)
        assert done["__typename"] == "CommandSuccess", done
        return done

    def plan_unit_defined(self) -> Any:
        """A new unit of the file plan: what the mutation answered."""
        return self.did(
            "defineFilePlanUnit",
            code=unused("PU").replace("/", "."),
            title="Baugenehmigungen",
            retentionYears=10,
            disposalKind="APPRAISE",
            validFrom="2020-01-01",
        )

    def plan_unit(self) -> str:
        """The id of a new unit of the file plan."""
        return str(self.plan_unit_defined()["recordId"])

    def file(self, **given: Any) -> Any:
        """A new file."""
        values = {
            "reference": unused("F"),
            "subject": "Neubau einer Lagerhalle",
            "leadUnit": "63",
            "custodianUnit": "63.1",
            **given,
        }
        return self.did("openFile", **{"planUnitId": values.get("planUnitId") or self.plan_unit(), **values})


@pytest.fixture(scope="session")
def api_database(server: Server, built_template: str) -> Database:
    """A database that the tests of the API share; each works on records of its own."""
    with psycopg.connect(server.conninfo("admin"), autocommit=True) as connection:
        connection.execute(f"create database api template {built_template}".encode())
    return database_named(server, "api")


@pytest.fixture(scope="session")
def api_ledger(api_database: Database) -> Iterator[Ledger]:
    """A ledger on it."""
    ledger = Ledger(api_database, KEK, FAMILIES)
    yield ledger
    ledger.close()


@pytest.fixture(scope="session")
def api(api_database: Database, api_ledger: Ledger) -> Iterator[Api]:
    """The API, with a projector that follows the ledger."""
    # Imported here, so that tests which ask nothing of the API do not wait for its schema.
    from infra.asgi.app import create_app
    from infra.asgi.server import serving
    from infra.projector import Projector
    from projections.families import PROJECTIONS, REPORTS

    projector = Projector(api_database, FAMILIES, PROJECTIONS, REPORTS)
    projector.catch_up()
    projector.start()
    app = create_app(Settings(), api_database, api_ledger)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Api(client, address, app)
    projector.stop()
