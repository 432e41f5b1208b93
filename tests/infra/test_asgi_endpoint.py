"""The endpoint over HTTP: what it takes, what it refuses and how, and what else the server shows."""

import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from domain.families import FAMILIES
from domain.rights import Role
from graphql_api.rights import INSPECTORS
from infra.asgi.access import LARGEST_BODY, CannotListen, NotLoopback
from infra.asgi.app import create_app
from infra.asgi.pages import EXAMPLES, link
from infra.asgi.server import bind, serving
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import Api

pytestmark = pytest.mark.any_server

QUERY = "{ records(first: 1) { asOfPosition } }"
HIDDEN = "fragment q on Query { __schema { queryType { name } } }"


def code(response: httpx.Response, status: int) -> str:
    """The code of the first error of a response of this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    return str(response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_operations_are_executed_by_post_only(api: Api, method: str) -> None:
    response = api.client.request(method, "/graphql", params={"query": QUERY})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert "asOfPosition" not in response.text


def test_get_answers_questions_about_the_schema(api: Api) -> None:
    named = "query T($name: String!) { __type(name: $name) { name } }"
    answer = api.client.get("/graphql", params={"query": named, "variables": '{"name": "Record"}'})
    assert (answer.status_code, answer.json()["data"]) == (200, {"__type": {"name": "Record"}})


@pytest.mark.parametrize(
    "query",
    [
        QUERY,
        "{ __typename records(first: 1) { asOfPosition } }",
        "{ __typename ... on Query { records(first: 1) { asOfPosition } } }",
        "{ ...data } fragment data on Query { records(first: 1) { asOfPosition } }",
        "mutation { __typename }",
        "subscription { __typename }",
        "query A { __typename } mutation B { __typename }",
        "{",
        "{ a " * 900,
        "",
    ],
)
def test_get_answers_nothing_else(api: Api, query: str) -> None:
    response = api.client.get("/graphql", params={"query": query})
    assert code(response, 405) == "POST_ONLY"
    assert code(api.client.get("/graphql", params={"query": "{ __typename }", "variables": "{"}), 405) == "POST_ONLY"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_foreign_form_could_send_is_refused(api: Api, content_type: str) -> None:
    body = json.dumps({"query": QUERY})
    response = api.client.post("/graphql", content=body, headers={"content-type": content_type})
    assert code(response, 415) == "NOT_JSON"


def test_a_request_by_a_foreign_name_or_from_a_foreign_page_is_refused(api: Api) -> None:
    for path in ("/graphql", "/", "/readyz", "/static/graphiql/graphiql.js"):
        assert code(api.client.get(path, headers={"host": "stadt.example"}), 403) == "FOREIGN_HOST"
    response = api.client.post("/graphql", json={"query": QUERY}, headers={"origin": "https://stadt.example"})
    assert code(response, 403) == "FOREIGN_ORIGIN"
    for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):  # from anywhere, though by this machine's name
        assert code(api.client.get("/livez", headers={name: "for=203.0.113.9"}), 403) == "PROXIED"


def test_a_large_body_is_refused(api: Api) -> None:
    fitting = {"query": QUERY, "variables": {"x": "y" * (LARGEST_BODY - 100)}}
    assert api.client.post("/graphql", json=fitting).status_code == 200
    assert code(api.client.post("/graphql", json={"query": "x" * LARGEST_BODY}), 413) == "BODY_TOO_LARGE"


def test_a_large_body_is_refused_before_it_was_sent_whole(api: Api) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 100 * LARGEST_BODY:
            sent += 65536
            yield b" " * 65536

    headers = {"content-type": "application/json"}
    with suppress(httpx.TransportError):  # the server closes while the client is still sending
        assert code(api.client.post("/graphql", content=endless(), headers=headers), 413) == "BODY_TOO_LARGE"
    assert sent < 100 * LARGEST_BODY


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (b'{"query": "\xff"}', "BAD_JSON"),
        (b'{"query": "\\ud800"}', "BAD_JSON"),
        (b"[" * 5000, "BAD_JSON"),
        (b'[{"query": "{ a }"}]', "BATCH"),
        (b"[]", "BATCH"),
        (b"null", "NO_QUERY"),
        (b"{}", "NO_QUERY"),
        (b'{"query": ""}', "NO_QUERY"),
        (b'{"query": 1}', "NO_QUERY"),
        (b'{"query": "{ a }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "extensions": []}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "operationName": 1}', "BAD_REQUEST"),
        (b'{"query": "{ a }", "operationName": "B"}', "BAD_REQUEST"),
        (b'{"query": "subscription { events }"}', "SUBSCRIPTION"),
    ],
)
def test_a_malformed_request_is_a_typed_400(api: Api, body: bytes, expected: str) -> None:
    headers = {"content-type": "application/json"}
    assert code(api.client.post("/graphql", content=body, headers=headers), 400) == expected


def test_a_document_of_several_operations_needs_the_name_of_one(api: Api) -> None:
    both = {"query": "query A { a: __typename } query B { b: __typename }"}
    assert code(api.client.post("/graphql", json=both), 400) == "BAD_REQUEST"
    named = api.client.post("/graphql", json=both | {"operationName": "B"})
    assert named.json()["data"] == {"b": "Query"}


def test_a_malformed_header_is_a_typed_400(api: Api) -> None:
    response = api.client.post("/graphql", json={"query": QUERY}, headers={"stadtbuch-actor": "me"})
    assert code(response, 400) == "BAD_HEADER"


def test_the_media_type_of_the_answer_is_the_one_asked_for(api: Api) -> None:
    graphql = "application/graphql-response+json"
    response = api.client.post("/graphql", json={"query": QUERY}, headers={"accept": graphql})
    assert response.headers["content-type"] == graphql
    assert response.headers["cache-control"] == "no-store"
    assert "server" not in response.headers


def test_an_error_of_the_callers_has_the_status_that_its_media_type_expects(api: Api) -> None:
    def status(accept: str) -> int:
        answer = api.client.post("/graphql", json={"query": "{ nothing }"}, headers={"accept": accept})
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert "data" not in answer.json()
        return answer.status_code

    assert status("application/graphql-response+json") == 400
    assert status("application/graphql-response+json, application/json;q=0.9") == 400
    assert status("*/*") == 400
    assert status("application/json") == 200


@pytest.mark.parametrize(
    "query",
    [
        '{ records(first: 1, after: "\\u0000") { nodes { id } } }',
        "{ records(first: -1) { nodes { id } } }",
        "{ records(first: 101) { nodes { id } } }",
        f"{{ records(first: {10**40}) {{ nodes {{ id }} }} }}",
        '{ records(first: "1") { nodes { id } } }',
        '{ record(id: "1") { ... on CommandSuccess { position } } }',
        '{ node(id: "\' or 1=1; --") { id } }',
        "{ records(first: 1) { nodes { ... on File { subject { text } } } } }",
        "{ records { nodes { id } } }",
    ],
)
def test_what_is_hostile_is_a_typed_400_that_shows_nothing_of_the_inside(api: Api, query: str) -> None:
    response = api.client.post("/graphql", json={"query": query})
    assert code(response, 400) in ("BAD_REQUEST", "INVALID", "INVALID_CURSOR")
    assert "data" not in response.json()  # what has data is 2xx, as GraphQL over HTTP has it
    for inside in ("select", "psycopg", "Traceback", "read.", "strawberry"):
        assert inside not in response.text


def test_a_request_that_takes_too_long_is_ended(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.asgi.endpoint.LONGEST_SECONDS", 0.05)
    query = '{ records(first: 1, minPosition: "9999999") { asOfPosition } }'
    assert code(api.client.post("/graphql", json={"query": query}), 503) == "TIMEOUT"


def test_the_probes_answer(api: Api) -> None:
    assert api.client.get("/livez").json() == {"alive": True}
    ready = api.client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert {"name", "status", "position", "lag"} == set(ready.json()["readModels"][0])


def test_what_is_not_there_is_a_typed_404(api: Api) -> None:
    assert code(api.client.get("/nothing"), 404) == "NOT_SERVED"
    assert code(api.client.get("/static/graphiql/../graphiql.html"), 404) == "NOT_SERVED"


def test_every_example_of_the_start_page_answers(api: Api) -> None:
    page = api.client.get("/").text
    for query in EXAMPLES.values():
        assert urlsplit(link(query)).query.replace("&", "&amp;") in page
        api.ask(query)


def test_pages_may_load_nothing_from_elsewhere(api: Api) -> None:
    page = api.client.get("/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for text in (page.text, api.client.get("/").text):
        assert "//" not in text.replace("<!doctype", "").replace("://127.0.0.1", "")


def test_graphiql_is_what_was_bundled(api: Api) -> None:
    folder = resources.files("infra.asgi").joinpath("static/graphiql")
    manifest = json.loads(folder.joinpath("manifest.json").read_text(encoding="utf-8"))
    for name, recorded in manifest["files"].items():
        shipped = folder.joinpath(name).read_bytes()
        assert (len(shipped), hashlib.sha256(shipped).hexdigest()) == (recorded["bytes"], recorded["sha256"])
        assert api.client.get(f"/static/graphiql/{name}").content == shipped
    notice = folder.joinpath("NOTICE.txt").read_text(encoding="utf-8")
    for package in manifest["packages"]:
        name, _, licence = package.partition(" ")
        assert f"{name} ({licence})" in notice
        assert licence in {"MIT", "BSD-2-Clause", "0BSD"}


@pytest.fixture
def production(database: Database, ledger: Ledger) -> Iterator[httpx.Client]:
    """The server as it runs in production, on a database without read models; everybody may ask freely."""
    with (
        serving(create_app(Settings(env="prod", trusted_only=()), database, ledger)) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def test_production_has_no_graphiql(production: httpx.Client) -> None:
    html = {"accept": "text/html"}
    assert code(production.get("/graphql", headers=html), 405) == "POST_ONLY"
    assert code(production.get("/static/graphiql/graphiql.js"), 404) == "NOT_SERVED"
    assert "/graphql?" not in production.get("/").text
    answer = production.post("/graphql", json={"query": "{ __typename }"}).json()
    assert answer == {"data": {"__typename": "Query"}, "extensions": {"cost": 1}}


@pytest.mark.parametrize("role", list(Role))
def test_in_production_the_schema_is_shown_to_those_who_ask_freely(production: httpx.Client, role: Role) -> None:
    headers = {"Stadtbuch-Role": role}
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }', "{ ...q } " + HIDDEN):
        response = production.post("/graphql", json={"query": query}, headers=headers)
        if role in INSPECTORS:
            assert response.status_code == 200, response.text
        else:
            assert code(response, 400) == "FORBIDDEN"
    hinted = production.post("/graphql", json={"query": "{ recrods(first: 1) { nodes { id } } }"}, headers=headers)
    assert code(hinted, 400) == "BAD_REQUEST"
    assert ("records" in hinted.text) == (role in INSPECTORS)


def test_a_server_without_read_models_is_not_ready_and_leaks_nothing(production: httpx.Client) -> None:
    assert production.get("/livez").status_code == 200
    assert production.get("/readyz").status_code == 503
    response = production.post("/graphql", json={"query": QUERY})
    assert code(response, 503) == "UNAVAILABLE"
    for leak in ("read.", "relation", "psycopg", "select"):
        assert leak not in response.text


def test_a_database_that_does_not_answer_is_a_typed_503(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.asgi.ports.FETCH_SECONDS", 0.3)
    nowhere: Any = Database("host=127.0.0.1 port=1", "host=127.0.0.1 port=1 connect_timeout=1", None)
    app = create_app(Settings(), nowhere, ledger, families=FAMILIES)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert code(client.post("/graphql", json={"query": QUERY}), 503) == "UNAVAILABLE"
        assert client.get("/readyz").json()["ready"] is False
        assert client.get("/livez").status_code == 200


def test_the_application_is_not_made_for_an_address_that_others_reach(database: Database, ledger: Ledger) -> None:
    with pytest.raises(NotLoopback, match="listens on this machine only"):
        create_app(Settings(host="0.0.0.0"), database, ledger)
    with pytest.raises(NotLoopback):
        bind("0.0.0.0", 0)


def test_a_port_that_is_taken_is_said_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CannotListen, match="STADTBUCH_PORT"):
            bind("127.0.0.1", other.getsockname()[1])
