"""A client of the API as the tests use it: one call per question, with what was wrong in the message."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

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
    """The API over HTTP."""

    client: httpx.Client

    def answer(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        response = self.client.post("/graphql", json={"query": query, "variables": variables or {}}, headers=headers)
        body: dict[str, Any] = response.json()
        return response.status_code, body

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        status, body = self.answer(query, variables)
        assert (status, body.get("errors")) == (200, None), body
        return body["data"]

    def error(self, query: str, **variables: Any) -> tuple[int, dict[str, Any]]:
        """Status and the only error of an answer without data."""
        status, body = self.answer(query, variables)
        assert body.get("data") is None, body
        (error,) = body["errors"]
        return status, error

    def do(self, mutation: str, *, key: str | None = None, headers: dict[str, str] | None = None, **given: Any) -> Any:
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

    def plan_unit(self) -> str:
        """A new unit of the file plan."""
        return str(
            self.did(
                "defineFilePlanUnit",
                code=unused("PU").replace("/", "."),
                title="Baugenehmigungen",
                retentionYears=10,
                disposalKind="APPRAISE",
                validFrom="2020-01-01",
            )["recordId"]
        )

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
