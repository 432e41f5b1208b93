"""Asking by a hash over HTTP: who may bring a document of their own, what is unknown, what is seen and when."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.rights import Role, Roles
from infra.asgi.documents import TrustedDocuments
from infra.database import Database
from infra.documents import registry
from infra.documents.reading import Document
from infra.settings import Settings
from tests.api import Api

pytestmark = pytest.mark.any_server

FRONT_ENDS = frozenset({Role.CITIZEN, Role.CLERK})


def a_document() -> Document:
    """One that nobody has registered yet."""
    return Document(f"query A{uuid4().hex} {{ records(first: 1) {{ asOfPosition }} }}", "tests")


@pytest.fixture
def closed(api: Api) -> Iterator[Api]:
    """The API as front ends meet it: citizens and clerks are answered registered documents alone."""
    with asking(api, FRONT_ENDS):
        yield api


def asking(api: Api, trusted_only: Roles) -> Any:
    return api.endpoint_with(documents=TrustedDocuments(api.app.state.reader, trusted_only))


def sent(api: Api, **body: Any) -> tuple[int, dict[str, Any]]:
    response = api.client.post("/graphql", json=body, headers=api.headers)
    return response.status_code, response.json()


def refusal(api: Api, **body: Any) -> tuple[int, str]:
    status, answer = sent(api, **body)
    (error,) = answer["errors"]
    return status, error["extensions"]["code"]


@pytest.mark.parametrize("role", sorted(FRONT_ENDS))
def test_a_front_end_is_answered_registered_documents_alone(closed: Api, api_database: Database, role: str) -> None:
    front_end, document = closed.by(role), a_document()
    registry.add(api_database, [document])
    assert refusal(front_end, query=document.text) == (403, "DOCUMENT_REQUIRED")
    status, answer = sent(front_end, documentId=document.id)
    assert (status, list(answer["data"])) == (200, ["records"])


@pytest.mark.parametrize("role", sorted(set(Role) - FRONT_ENDS))
def test_who_looks_into_things_may_bring_documents_of_their_own(closed: Api, role: str) -> None:
    assert sent(closed.by(role), query="{ __typename }")[1]["data"] == {"__typename": "Query"}


def test_the_roles_of_front_ends_are_closed_in_production_and_all_are_open_in_development() -> None:
    assert Settings(env="prod").trusted_only_roles == FRONT_ENDS
    assert Settings().trusted_only_roles == frozenset()
    assert Settings(env="prod", trusted_only=()).trusted_only_roles == frozenset()
    assert Settings(trusted_only=(Role.CITIZEN,)).trusted_only_roles == {Role.CITIZEN}


def test_in_development_documents_may_be_sent_by_both_ways(api: Api, api_database: Database) -> None:
    document = a_document()
    registry.add(api_database, [document])
    assert sent(api, query=document.text)[1]["data"] == sent(api, documentId=document.id)[1]["data"]


def test_a_registered_document_is_held_to_the_rights_of_who_asks(closed: Api, api_database: Database) -> None:
    document = Document("{ readModels { name } }", "tests")
    registry.add(api_database, [document])
    assert sent(closed.by("admin"), documentId=document.id)[0] == 200
    assert refusal(closed.by("citizen"), documentId=document.id) == (400, "FORBIDDEN")


def test_variables_and_the_name_of_an_operation_go_with_the_id(closed: Api, api_database: Database) -> None:
    text = "query A($n: Int!) { records(first: $n) { nodes { id } } } query B { b: __typename }"
    document = Document(text, "tests")
    registry.add(api_database, [document])
    assert sent(closed, documentId=document.id, operationName="B")[1]["data"] == {"b": "Query"}
    assert sent(closed, documentId=document.id, operationName="A", variables={"n": 1})[0] == 200
    assert refusal(closed, documentId=document.id) == (400, "BAD_REQUEST")


def test_the_id_is_also_taken_as_apollo_and_urql_send_it(closed: Api, api_database: Database) -> None:
    document = a_document()
    registry.add(api_database, [document])
    bare = document.id.removeprefix("sha256:")
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": bare}}
    for body in ({"documentId": bare}, {"extensions": persisted}, {"query": None, "extensions": persisted}):
        assert sent(closed, **body)[0] == 200
    # The same extension beside a query registers nothing: the query is what is asked.
    assert refusal(closed, query=document.text, extensions=persisted) == (403, "DOCUMENT_REQUIRED")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"documentId": "sha256:" + "0" * 64}, "DOCUMENT_UNKNOWN"),
        ({"documentId": "sha256:" + "A" * 64}, "DOCUMENT_UNKNOWN"),
        ({"documentId": "md5:" + "0" * 32}, "DOCUMENT_UNKNOWN"),
        ({"documentId": "x"}, "DOCUMENT_UNKNOWN"),
        ({"documentId": "' or true --"}, "DOCUMENT_UNKNOWN"),
        ({"documentId": "\x00"}, "DOCUMENT_UNKNOWN"),
        ({"documentId": ""}, "NO_QUERY"),
        ({"documentId": 1}, "BAD_REQUEST"),
        ({"documentId": ["x"]}, "BAD_REQUEST"),
        ({"documentId": "sha256:" + "0" * 64, "query": "{ __typename }"}, "BAD_REQUEST"),
        ({"documentId": "sha256:" + "0" * 64, "query": ""}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": {"sha256Hash": 1}}}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "1"}}}, "DOCUMENT_UNKNOWN"),
        ({"extensions": {"persistedQuery": 1}}, "NO_QUERY"),
        ({"extensions": 1}, "NO_QUERY"),
        ({"documentId": "x", "extensions": 1}, "BAD_REQUEST"),
    ],
)
def test_what_names_no_document_is_a_typed_400(api: Api, body: dict[str, Any], expected: str) -> None:
    assert refusal(api, **body) == (400, expected)


def test_refusals_are_said_in_the_language_of_who_asks(closed: Api) -> None:
    german = replace(closed, headers={"accept-language": "de"})
    for body in ({"documentId": "x"}, {"query": "{ __typename }"}):
        assert "hinterlegt" in sent(german, **body)[1]["errors"][0]["message"]
        assert "registered" in sent(closed, **body)[1]["errors"][0]["message"]


def test_a_document_is_seen_and_forgotten_within_seconds_without_a_restart(
    api: Api, api_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = a_document()
    with asking(api, FRONT_ENDS):
        assert refusal(api, documentId=document.id) == (400, "DOCUMENT_UNKNOWN")
        registry.add(api_database, [document])
        clock = Clock(monkeypatch)
        assert refusal(api, documentId=document.id) == (400, "DOCUMENT_UNKNOWN"), "it is asked for once in 2 seconds"
        clock.seconds += 2
        assert sent(api, documentId=document.id)[0] == 200
        assert registry.remove(api_database, [document.id]) == [document.id]
        assert sent(api, documentId=document.id)[0] == 200
        clock.seconds += 2
        assert refusal(api, documentId=document.id) == (400, "DOCUMENT_UNKNOWN")


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        began, self.seconds = monotonic(), 0.0
        monkeypatch.setattr("infra.asgi.documents.monotonic", lambda: began + self.seconds)


def test_whoever_tries_hashes_fills_no_memory(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.asgi.documents.KEPT", 3)
    with asking(api, FRONT_ENDS):
        for number in range(6):
            assert refusal(api, documentId=f"{number:064}") == (400, "DOCUMENT_UNKNOWN")
        assert len(api.app.state.endpoint.documents._kept) == 3


def test_no_text_can_stand_under_another_hash_and_none_can_be_changed(api_database: Database) -> None:
    document = a_document()
    assert registry.add(api_database, [document]) == {document.id}
    assert registry.add(api_database, [document]) == set()
    with psycopg.connect(api_database.conninfo("writer")) as writer:
        statement = "insert into api.document (id, text, source) values (%s, %s, 'tests')"
        other = f"sha256:{hashlib.sha256(b'another').hexdigest()}"
        with pytest.raises(psycopg.errors.CheckViolation):
            writer.execute(statement, (other, document.text))
    with (
        psycopg.connect(api_database.conninfo("writer")) as writer,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        writer.execute("update api.document set text = 'x'")
