"""The protocol graphql-transport-ws: what closes a connection and how, what does not, and what a connection leaves."""

import json
import logging
import socket as sockets
from contextlib import ExitStack
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from infra.asgi import server as server_module
from infra.asgi import socket as module
from infra.asgi.access import LARGEST_BODY, Denied
from infra.asgi.allowance import Places
from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import Api
from tests.graphql_api.following import PROTOCOL, Socket, connected, following
from tests.waiting import until

pytestmark = [pytest.mark.database, pytest.mark.any_server]

FOLLOW = "subscription { events(first: 10) { position nodes { topic } } }"
QUIET = f'subscription {{ record(id: "{uuid4()}") {{ position }} }}'
INIT = {"type": "connection_init"}


def closed(socket: Socket, seconds: float = 30) -> tuple[int, str]:
    """How the server closes a connection: the code, and the reason."""
    with pytest.raises(ConnectionClosed) as caught:
        socket.receive(seconds)
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


@pytest.mark.parametrize("offered", [["graphql-ws"], ["chat"], None])
def test_the_older_protocol_is_not_spoken(api: Api, offered: Any) -> None:
    with connected(api.address, subprotocols=offered) as socket:
        assert closed(socket)[0] == 4406
        assert socket.connection.subprotocol is None
    with connected(api.address, subprotocols=["graphql-ws", PROTOCOL]) as socket:
        assert socket.connection.subprotocol == PROTOCOL


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (['{"type": "subscribe", "id": "1", "payload": {"query": "subscription { x }"}}'], 4401),
        ([INIT, INIT], 4429),
        (["{"], 4400),
        ([b"{}"], 4400),
        (["[]"], 4400),
        (['"ping"'], 4400),
        ([{"type": "start"}], 4400),
        ([{}], 4400),
        ([{"type": "connection_init", "payload": []}], 4400),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer ☃"}}], 4400),
        ([{"type": "connection_init", "payload": {"Stadtbuch-Role": "mayor"}}], 4400),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer x"}}], 4403),
        ([INIT, {"type": "subscribe", "payload": {"query": QUIET}}], 4400),
        ([INIT, {"type": "subscribe", "id": 1, "payload": {"query": QUIET}}], 4400),
        ([INIT, {"type": "subscribe", "id": "", "payload": {"query": QUIET}}], 4400),
        ([INIT, {"type": "subscribe", "id": "1"}], 4400),
        ([INIT, {"type": "complete"}], 4400),
        ([INIT, *[{"type": "subscribe", "id": "1", "payload": {"query": QUIET}}] * 2], 4409),
        ([INIT, {"type": "ping", "payload": {"x": "y" * LARGEST_BODY}}], 1009),
    ],
    ids=lambda value: str(value)[:60],
)
def test_who_does_not_keep_to_the_protocol_is_let_go_with_a_code(api: Api, messages: list[Any], code: int) -> None:
    with connected(api.address) as socket:
        for message in messages:
            socket.connection.send(json.dumps(message) if isinstance(message, dict) else message)
        while True:
            try:
                socket.receive()
            except ConnectionClosed as error:
                assert error.rcvd is not None
                assert error.rcvd.code == code, error.rcvd
                return


def test_values_in_one_another_without_end_fail_their_subscription_and_no_other(api: Api) -> None:
    with following(api.by("auditor")) as socket:
        deep = '{"x":' * 300 + "1" + "}" * 300
        said = (
            f'{{"type": "subscribe", "id": "1", "payload": {{"query": "subscription {{ x }}", "variables": {deep}}}}}'
        )
        socket.connection.send(said)
        assert socket.error("1")["extensions"]["code"] == "BAD_REQUEST"
        socket.send(type="ping")
        assert socket.receive() == {"type": "pong"}


def test_an_origin_that_is_no_address_is_a_foreign_one() -> None:
    with pytest.raises(Denied) as caught:
        module._check_origin(Headers({"origin": "http://[", "host": "stadt.example"}), [])
    assert caught.value.code == "FOREIGN_ORIGIN"


def test_who_cannot_be_asked_to_sign_in_again_is_told_to_come_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(headers: Any) -> Any:
        raise Denied(503, "UNAVAILABLE", "The provider does not answer.")

    monkeypatch.setattr(api.app.state.streams, "sign_in", away)
    with connected(api.address) as socket:
        socket.initialise()
        assert closed(socket) == (1013, "UNAVAILABLE: The provider does not answer.")


def test_who_says_nothing_at_first_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INIT_SECONDS", 0.1)
    with connected(api.address) as socket:
        assert closed(socket) == (4408, "Connection initialisation timeout")
    with connected(api.address) as socket:
        socket.initialise()
        with pytest.raises(TimeoutError):
            socket.receive(0.3)


def test_who_says_nothing_takes_no_place_of_those_who_follow(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = api.app.state.streams
    until(lambda: not streams._open, "nobody is connected")
    monkeypatch.setattr(streams, "_arriving", Places(10, 2))
    monkeypatch.setattr(streams, "_following", Places(1, 1))
    with following(api) as socket, connected(api.address), connected(api.address):
        with pytest.raises(InvalidStatus) as caught, connected(api.address):
            pass
        assert caught.value.response.status_code == 429
        socket.send(type="ping")
        assert socket.receive() == {"type": "pong"}
    until(lambda: not streams._open, "nobody is connected any more")
    with following(api):
        pass


def test_one_alone_takes_not_all_places(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = api.app.state.streams
    until(lambda: not streams._open, "nobody is connected")
    monkeypatch.setattr(streams, "_following", Places(2, 1))
    monkeypatch.setattr(streams, "_subscribed", Places(2, 1))
    with following(api.by("auditor")) as first, connected(api.address) as second:
        first.subscribe(FOLLOW, "1")
        assert first.error(first.subscribe(FOLLOW))["extensions"]["code"] == "RATE_LIMITED"
        second.send(type="connection_init", payload={"Stadtbuch-Role": "auditor"})
        assert closed(second)[0] == 1013
        headers = {"Stadtbuch-Role": "auditor", "Accept": "text/event-stream"}
        assert api.client.post("/graphql", json={"query": FOLLOW}, headers=headers).status_code == 429
        with connected(api.address) as another:
            another.initialise({"Stadtbuch-Role": "auditor", "Stadtbuch-Actor": str(uuid4())})
            with connected(api.address) as third:
                third.send(type="connection_init", payload={"Stadtbuch-Actor": str(uuid4())})
                assert closed(third)[0] == 1013


def test_pings_are_answered_before_and_after_the_beginning(api: Api) -> None:
    with connected(api.address) as socket:
        socket.send(type="ping")
        assert socket.receive() == {"type": "pong"}
        socket.send(type="pong")
        socket.initialise()
        socket.send(type="ping", payload={"x": 1})
        assert socket.receive() == {"type": "pong"}


def test_what_was_completed_is_told_no_more_and_its_id_is_free(api: Api) -> None:
    with following(api.by("auditor")) as socket:
        socket.subscribe(FOLLOW, "1")
        api.plan_unit()
        assert socket.next("1")
        socket.send(type="complete", id="1")
        socket.send(type="complete", id="never begun")
        id_ = socket.subscribe("subscription { operationProgress { running } }", "1")
        api.plan_unit()
        assert socket.next(id_) == {"operationProgress": {"running": False}}
        assert socket.receive() == {"type": "complete", "id": "1"}
        with pytest.raises(TimeoutError):
            socket.receive(0.5)


def test_a_connection_carries_so_many_subscriptions_and_no_more(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPERATIONS", 3)
    with following(api.by("auditor")) as socket:
        for number in range(3):
            socket.subscribe(FOLLOW, str(number))
        assert socket.error(socket.subscribe(FOLLOW, "3"))["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        socket.send(type="complete", id="0")
        socket.subscribe(FOLLOW, "3")
        api.plan_unit()
        assert {socket.receive()["id"] for _ in range(3)} == {"1", "2", "3"}


def test_what_a_connection_followed_is_forgotten_with_it(api: Api) -> None:
    live = api.app.state.streams.live
    until(lambda: not live._followers, "nobody follows")
    with following(api.by("auditor")) as socket:
        socket.subscribe(FOLLOW)
        until(lambda: len(live._followers) == 1, "one follows")
    until(lambda: not live._followers and not any(live._by_key.values()), "nobody follows any more")
    with following(api.by("auditor")) as cut:
        cut.subscribe(FOLLOW)
        until(lambda: len(live._followers) == 1, "one follows")
        cut.connection.socket.shutdown(sockets.SHUT_RDWR)
        until(lambda: not live._followers, "nobody follows any more")


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"origin": "https://evil.example"}, "FOREIGN_ORIGIN"), ({"host": "stadt.example"}, "FOREIGN_HOST")],
)
def test_a_page_of_another_site_opens_no_connection(
    api: Api, headers: dict[str, str], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = api.address.removeprefix("http://").split(":")
    address = f"ws://{headers.get('host', host)}:{port}/graphql"
    with (
        sockets.create_connection((host, int(port))) as raw,
        pytest.raises(InvalidStatus) as caught,
        connect(address, sock=raw, subprotocols=[PROTOCOL], origin=headers.get("origin"), proxy=None),  # type: ignore[arg-type]
    ):
        pass
    assert caught.value.response.status_code == 403
    assert json.loads(caught.value.response.body or b"")["errors"][0]["extensions"]["code"] == code
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_who_answers_no_ping_is_cut_off(
    api: Api, api_database: Database, api_ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "PING_SECONDS", 0.5)
    app = create_app(Settings(), api_database, api_ledger)
    with serving(app) as address, following(replace(api, address=address).by("auditor")) as socket:
        socket.subscribe(FOLLOW)
        live = app.state.streams.live
        until(lambda: live._followers, "somebody follows")
        with pytest.raises(TimeoutError):
            socket.receive(2)  # the library answers pings
        assert live._followers
        host, port = address.removeprefix("http://").split(":")
        with sockets.create_connection((host, int(port))) as mute:
            mute.sendall(
                f"GET /graphql HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {'A' * 22}==\r\n"
                f"Sec-WebSocket-Protocol: {PROTOCOL}\r\n\r\n".encode()
            )
            mute.settimeout(30)
            said = b""
            while part := mute.recv(4096):
                said += part
        assert said.startswith(b"HTTP/1.1 101 ")
        assert b"keepalive ping timeout" in said


def test_a_server_that_stops_says_so_and_waits_for_nobody(api: Api, api_database: Database, api_ledger: Ledger) -> None:
    with ExitStack() as clients, ExitStack() as server:
        address = server.enter_context(serving(create_app(Settings(), api_database, api_ledger)))
        silent, busy = (clients.enter_context(connected(address)) for _ in range(2))
        busy.initialise({"Stadtbuch-Role": "auditor"})
        busy.subscribe(FOLLOW)
        headers = {"Stadtbuch-Role": "auditor", "Accept": "text/event-stream"}
        asked = httpx.Client(base_url=address).stream("POST", "/graphql", json={"query": FOLLOW}, headers=headers)
        stream = clients.enter_context(asked)
        server.close()
        for each in (silent, busy):
            assert closed(each) == (1001, "The server stops. Connect again, and go on after the last position.")
        assert "complete" not in "".join(stream.iter_text())
