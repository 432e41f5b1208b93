"""Clients that follow: graphql-transport-ws over a WebSocket, and server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.api import Api

PROTOCOL = Subprotocol("graphql-transport-ws")
SECONDS = 30.0


class Socket:
    """One connection, by the messages of the protocol."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def receive(self, seconds: float = SECONDS) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=seconds))
        return message

    def initialise(self, payload: Mapping[str, Any] | None = None) -> None:
        self.send(type="connection_init", payload=payload or {})
        assert self.receive() == {"type": "connection_ack"}

    def subscribe(self, query: str, id_: str | None = None, **variables: Any) -> str:
        id_ = id_ or str(uuid4())
        self.send(type="subscribe", id=id_, payload={"query": query, "variables": variables})
        return id_

    def next(self, id_: str) -> Any:
        """The data of the next message of a subscription."""
        message = self.receive()
        assert (message["type"], message["id"]) == ("next", id_), message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    def error(self, id_: str) -> dict[str, Any]:
        """The first error of a subscription that fails."""
        message = self.receive()
        assert (message["type"], message["id"]) == ("error", id_), message
        error: dict[str, Any] = message["payload"][0]
        return error


@contextmanager
def connected(address: str, **options: Any) -> Iterator[Socket]:
    """A connection to a server, not initialised."""
    given = {"subprotocols": [PROTOCOL], "proxy": None, "max_size": None, **options}
    with connect(address.replace("http://", "ws://") + "/graphql", **given) as connection:
        yield Socket(connection)


@contextmanager
def following(api: Api, **options: Any) -> Iterator[Socket]:
    """A connection by whoever asks the API."""
    with connected(api.address, **options) as socket:
        socket.initialise(dict(api.headers))
        yield socket
