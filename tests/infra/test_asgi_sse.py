"""Subscriptions as server-sent events: one for each POST, from its first event to its `complete`."""

import asyncio
import json
import logging
import socket as sockets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from math import inf
from typing import Any, cast

import httpx
import pytest
from prometheus_client import Gauge
from starlette.requests import Request

from infra.asgi import server, sse
from infra.asgi.access import Denied
from infra.asgi.app import create_app
from infra.asgi.bearer import SignedIn
from infra.asgi.server import serving
from infra.asgi.streams import Streams
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import Api
from tests.database import CLERK
from tests.waiting import until

pytestmark = [pytest.mark.database, pytest.mark.any_server]

ACCEPT = {"Accept": "text/event-stream"}
FOLLOW = "subscription ($after: BigInt) { events(first: 2, after: $after) { position nodes { position } } }"
DONE = "subscription { operationProgress { running } }"


@contextmanager
def streamed(api: Api, query: str, **variables: Any) -> Iterator[Iterator[tuple[str, Any]]]:
    """The events of a stream: names, and what they say."""
    body = {"query": query, "variables": variables}
    with api.client.stream("POST", "/graphql", json=body, headers={**api.headers, **ACCEPT}) as response:
        assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert response.headers["cache-control"] == "no-store"
        yield events(response)


def events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response.iter_lines():
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            yield name, json.loads(value) if value.strip() else None
        elif line == ":":
            yield "comment", None


def test_what_was_recorded_and_what_happens_come_as_events(api: Api) -> None:
    at = int(api.plan_unit_defined()["position"])
    with streamed(api.by("auditor"), FOLLOW, after=str(at - 1)) as told:
        found: list[int] = []
        while not found or found[-1] < at:
            name, payload = next(told)
            assert name == "next"
            found += [int(event["position"]) for event in payload["data"]["events"]["nodes"]]
        assert found[-1] == at
        after = api.plan_unit_defined()["position"]
        name, payload = next(told)
        assert (name, payload["data"]["events"]["position"]) == ("next", after)


def test_a_subscription_that_ends_by_itself_completes(api: Api) -> None:
    with streamed(api.by("admin"), DONE) as told:
        assert list(told) == [
            ("next", {"data": {"operationProgress": {"running": False}}}),
            ("complete", None),
        ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "BAD_REQUEST"),
        ("subscription { events(first: 101) { position } }", "INVALID"),
        ("subscription { operationProgress { running } }", "FORBIDDEN"),
        ("{ nothing }", "BAD_REQUEST"),
        ("{", "BAD_REQUEST"),
    ],
)
def test_what_cannot_be_answered_is_told_as_an_event_that_completes(api: Api, query: str, code: str) -> None:
    asking = api.by("clerk" if code == "FORBIDDEN" else "auditor")
    with streamed(asking, query) as told:
        (name, payload), complete = list(told)
    assert (name, complete) == ("next", ("complete", None))
    assert payload["errors"][0]["extensions"]["code"] == code


def test_queries_and_mutations_are_answered_with_one_event(api: Api) -> None:
    with streamed(api, "{ records(first: 1) { asOfPosition } }") as told:
        (name, payload), complete = list(told)
    assert (name, complete) == ("next", ("complete", None))
    assert payload["data"]["records"]["asOfPosition"]


def test_a_query_of_a_client_that_takes_json_too_is_answered_as_ever(api: Api) -> None:
    headers = {"Accept": "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}
    response = api.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert response.headers["content-type"] == "application/graphql-response+json"
    assert response.json()["data"] == {"__typename": "Query"}


def test_who_may_not_ask_at_all_gets_no_stream(api: Api) -> None:
    response = api.client.post("/graphql", json={"query": DONE}, headers={**ACCEPT, "Stadtbuch-Role": "mayor"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_HEADER")
    response = api.client.post("/graphql", content="x", headers={**ACCEPT, "content-type": "text/plain"})
    assert response.status_code == 415


def test_a_stream_on_which_nothing_happens_is_kept_alive(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "QUIET_SECONDS", 0.1)
    with streamed(api.by("auditor"), FOLLOW) as told:
        assert [next(told) for _ in range(3)] == [("comment", None)] * 3


def sent(sign_in: Any, answers: Any) -> list[Any]:
    """What a stream of these answers sends."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def run() -> None:
        streams = Streams(cast(Any, None), sign_in, Gauge("streams", "Streams", registry=None))
        request = Request({"type": "http", "headers": []})
        await sse.EventStream(streams, request, CLERK, answers)({"type": "http"}, cast(Any, asyncio.Event().wait), send)

    asyncio.run(run())
    return messages


async def failing() -> Any:
    answers: list[Any] = []
    yield answers[0]


async def waiting() -> Any:
    await asyncio.Event().wait()
    yield


def test_a_stream_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def anybody(headers: Any) -> SignedIn:
        return SignedIn(cast(Any, None), inf)

    assert [message["type"] for message in sent(anybody, failing())] == ["http.response.start"]
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["list index out of range"]


def test_who_is_refused_while_they_follow_is_told_so_as_an_event() -> None:
    async def away(headers: Any) -> SignedIn:
        raise Denied(503, "UNAVAILABLE", "The provider does not answer.")

    start, end = sent(away, waiting())
    assert start["status"] == 200
    assert b"UNAVAILABLE" in end["body"]
    assert end["body"].endswith(sse.COMPLETE)


def test_who_goes_follows_no_more(api: Api) -> None:
    live = api.app.state.streams.live
    until(lambda: not live._followers, "nobody follows")
    with streamed(api.by("auditor"), FOLLOW):
        until(lambda: len(live._followers) == 1, "one follows")
    until(lambda: not live._followers, "nobody follows any more")


def test_who_reads_nothing_is_let_go_and_nobody_else_waits(
    api: Api,
    api_database: Database,
    api_ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(server, "UNREAD_SECONDS", 3.0)
    wide = " ".join(f"{'a' * 8_000}{n}: topic" for n in range(25))
    query = f"subscription {{ events(first: 1) {{ position nodes {{ {wide} }} }} }}"
    body = json.dumps({"query": query}).encode()
    app = create_app(Settings(), api_database, api_ledger)
    with ExitStack() as clients, serving(app) as address:
        host, port = address.removeprefix("http://").split(":")
        mute = clients.enter_context(sockets.socket())
        mute.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        mute.connect((host, int(port)))
        mute.sendall(
            f"POST /graphql HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\nStadtbuch-Role: auditor\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        live = app.state.streams.live
        until(lambda: len(live._followers) == 1, "the mute one follows")
        (follower,) = live._followers
        client = clients.enter_context(httpx.Client(base_url=address, timeout=30))
        other = clients.enter_context(streamed(replace(api.by("auditor"), client=client), FOLLOW))
        until(lambda: len(live._followers) == 2, "another follows")
        positions = [int(api.plan_unit_defined()["position"]) for _ in range(60)]
        told: list[int] = []
        while not told or told[-1] < positions[-1]:
            name, payload = next(other)
            told += [int(event["position"]) for event in payload["data"]["events"]["nodes"]] if name == "next" else []
        assert told == positions
        assert len(follower._waiting) > 10  # positions wait, not what would be sent
        until(lambda: live._followers and follower not in live._followers, "the mute one is let go")
        until(lambda: app.state.streams._open == 1, "and its place is free")
        assert [each.message for each in caplog.records if "read nothing" in each.message]
        assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
