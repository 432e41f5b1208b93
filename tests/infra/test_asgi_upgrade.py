"""What asks for another protocol: a GET opens a WebSocket, and all else is answered as if it had asked for none."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from infra.asgi import server
from infra.asgi.together import Together
from tests.api import Api

ASKED = b'{"query": "{ __typename }"}'
SECONDS = 20.0


@contextmanager
def connected(api: Api) -> Iterator[socket.socket]:
    at = urlsplit(api.address)
    with socket.create_connection((at.hostname, at.port), timeout=SECONDS) as connection:
        yield connection


def request(body: bytes, *more: str, method: str = "POST", path: str = "/graphql") -> tuple[bytes, bytes]:
    """The head and the body of a request."""
    length = [f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *length, *more, "", ""]
    return "\r\n".join(lines).encode(), body


def send(connection: socket.socket, head: bytes, body: bytes, *, apart: bool) -> None:
    """Sends both, at once or one after the other."""
    for part in (head, body) if apart else (head + body,):
        connection.sendall(part)


class Answers:
    """Reads one answer after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def next(self) -> tuple[int, bytes]:
        """Status and body."""
        status = int(self._file.readline().split()[1])
        length = 0
        while (line := self._file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, self._file.read(length)

    def ended(self) -> bool:
        """Whether the server has closed the connection, and sent nothing more."""
        return self._file.read() == b""


@pytest.mark.parametrize("protocol", ["h2c", "foo", "websocket", "WebSocket, h2c"])
@pytest.mark.parametrize("apart", [False, True], ids=["at once", "the body later"])
def test_a_request_that_asks_for_another_protocol_is_answered(api: Api, protocol: str, apart: bool) -> None:
    head, body = request(ASKED, "Connection: Upgrade, HTTP2-Settings", f"Upgrade: {protocol}")
    with connected(api) as connection:
        answers = Answers(connection)
        send(connection, head, body, apart=apart)
        status, answer = answers.next()
        assert (status, json.loads(answer)["data"]) == (200, {"__typename": "Query"})
        connection.sendall(b"".join(request(ASKED)))
        assert answers.next() == (200, answer), "the connection serves on"


@pytest.mark.parametrize("size", [1, 7, 100])
def test_such_a_request_may_come_in_pieces(api: Api, size: int) -> None:
    whole = b"".join(request(ASKED, "Connection: Upgrade", "Upgrade: h2c"))
    with connected(api) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(whole), size):
            connection.sendall(whole[start : start + size])
        assert Answers(connection).next()[0] == 200


@pytest.mark.parametrize("apart", [False, True], ids=["at once", "the body later"])
def test_a_body_is_never_taken_for_a_request(api: Api, apart: bool) -> None:
    inside = b"".join(request(b'{"query": "{ readModels { name } }"}'))
    head, body = request(inside, "Connection: Upgrade", "Upgrade: foo")
    with connected(api) as connection:
        answers = Answers(connection)
        send(connection, head, body, apart=apart)
        status, answer = answers.next()
        assert (status, json.loads(answer)["errors"][0]["extensions"]["code"]) == (400, "BAD_JSON")
        connection.sendall(b"".join(request(ASKED)))
        assert json.loads(answers.next()[1])["data"] == {"__typename": "Query"}, "of the request inside, nothing"


def test_this_server_is_no_proxy(api: Api) -> None:
    with connected(api) as connection:
        connection.sendall(b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\nSSH-2.0-\r\n")
        answers = Answers(connection)
        assert answers.next() == (400, b"This server is no proxy.")
        assert answers.ended()


def opening(*more: str) -> bytes:
    """The head of a request for a WebSocket."""
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    asked = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", key)
    return request(b"", *asked, "Sec-WebSocket-Protocol: graphql-transport-ws", *more, method="GET")[0]


def test_a_websocket_is_opened(api: Api) -> None:
    with connected(api) as connection:
        connection.sendall(opening())
        assert Answers(connection).next()[0] == 101


def test_a_websocket_is_not_opened_before_an_answer_that_is_due(api: Api) -> None:
    with connected(api) as connection:
        answers = Answers(connection)
        connection.sendall(b"".join(request(ASKED)) + opening())
        status, answer = answers.next()
        assert (status, json.loads(answer)["data"]) == (200, {"__typename": "Query"})
        assert answers.next()[0] == 405


@pytest.mark.parametrize(
    "odd",
    [opening(*(f"X-{number}: x" for number in range(200))), opening("X: " + "x" * 10_000)],
    ids=["too many lines", "too long a line"],
)
def test_what_is_no_handshake_is_refused_and_not_left_without_an_answer(api: Api, odd: bytes) -> None:
    with connected(api) as connection:
        connection.sendall(odd)
        answers = Answers(connection)
        assert answers.next() == (400, b"")
        assert answers.ended()


def test_an_answer_is_sent_in_one_piece(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    class Noting(Together):
        def _send(self) -> None:
            if self._written:
                sent.append(bytes(self._written))
            super()._send()

    monkeypatch.setattr(server, "Together", Noting)
    with httpx.Client(base_url=api.address, timeout=SECONDS) as client:
        assert client.get("/livez").json() == {"alive": True}
    assert len(sent) == 1
    assert sent[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert sent[0].endswith(b'{"alive":true}')
