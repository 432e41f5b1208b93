"""Subscriptions over a WebSocket, by the protocol graphql-transport-ws: many of them on one connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack, aclosing, suppress
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from infra.asgi.access import Denied
from infra.asgi.endpoint import Endpoint, operation_of, refused
from infra.asgi.streams import Streams, failure

LOG: Final = logging.getLogger("stadtbuch.socket")
PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 10.0
MOST_OPERATIONS: Final = 50
LONGEST_REASON: Final = 123
"""Bytes that the reason of a closed WebSocket may have (RFC 6455, section 5.5)."""

GOING_AWAY, TRY_AGAIN, FAILED = 1001, 1013, 1011
BAD_REQUEST, UNAUTHORISED, FORBIDDEN, BAD_PROTOCOL = 4400, 4401, 4403, 4406
INIT_TIMEOUT, ID_TAKEN, INIT_AGAIN = 4408, 4409, 4429
_CLOSED_FOR: Final = {400: BAD_REQUEST, 401: FORBIDDEN, 403: FORBIDDEN, 429: TRY_AGAIN, 503: TRY_AGAIN}
"""By the status that the same request would get by POST."""


class Close(Exception):
    """The connection is to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


async def connected(origins: Sequence[str], websocket: WebSocket) -> None:
    """Serves one connection. `origins` are those whose pages may connect besides the server's own; browsers let every
    page open a WebSocket to anywhere, and tell where it came from.
    """
    streams: Streams = websocket.app.state.streams
    try:
        _check_origin(websocket.headers, origins)
        with ExitStack() as place:
            place.enter_context(streams.arriving(websocket.client.host if websocket.client else ""))
            if PROTOCOL not in websocket.scope["subprotocols"]:
                await websocket.accept()
                await websocket.close(BAD_PROTOCOL, f"Subprotocol not acceptable: {PROTOCOL} is spoken here")
                return
            await websocket.accept(PROTOCOL)
            await _Connection(websocket, streams, websocket.app.state.endpoint, place).run()
    except Denied as denied:
        await websocket.send_denial_response(refused(denied))


def _check_origin(headers: Headers, origins: Sequence[str]) -> None:
    origin = headers.get("origin")
    if origin is not None and origin not in origins and _host_of(origin) != headers.get("host"):
        raise Denied(403, "FOREIGN_ORIGIN", "Pages of other sites may not ask this server.")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


class _Connection:
    """One connection: what it runs, and how it ends. Its `place` is among those that arrive until it is known who asks,
    and then among theirs.
    """

    def __init__(self, websocket: WebSocket, streams: Streams, endpoint: Endpoint, place: ExitStack) -> None:
        self._websocket = websocket
        self._streams = streams
        self._endpoint = endpoint
        self._place = place
        self._asking: HTTPConnection | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: asyncio.Future[Close | None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Until it is closed from either side."""
        timer = asyncio.get_running_loop().call_later(
            INIT_SECONDS, self._end, Close(INIT_TIMEOUT, "Connection initialisation timeout")
        )
        self._tasks |= {self._started(self._read(timer)), self._started(self._stop())}
        try:
            close = await self._ended
        finally:
            timer.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if close is not None:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(close.code, close.reason)

    def _end(self, close: Close | None) -> None:
        if not self._ended.done():
            self._ended.set_result(close)

    def _started(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Something that ends the connection where it fails."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        match error:
            case None:
                pass
            case Close():
                self._end(error)
            case Denied():
                self._end(_close_for(error))
            case WebSocketDisconnect():
                self._end(None)
            case _:
                LOG.error("a connection failed", exc_info=error)
                self._end(Close(FAILED, "Something went wrong inside. The log of the server says what."))

    async def _stop(self) -> None:
        await self._streams.stopping.wait()
        raise Close(GOING_AWAY, "The server stops. Connect again, and go on after the last position.")

    async def _read(self, timer: asyncio.TimerHandle) -> None:
        while True:
            message = await self._receive()
            match message:
                case {"type": "connection_init"}:
                    timer.cancel()
                    await self._initialise(message.get("payload"))
                case {"type": "ping"}:
                    await self._send({"type": "pong"})
                case {"type": "pong"}:
                    pass
                case {"type": "subscribe", "id": str(id_), "payload": dict(payload)} if id_:
                    await self._subscribe(id_, payload)
                case {"type": "complete", "id": str(id_)}:
                    operation = self._operations.pop(id_, None)
                    if operation is not None:
                        operation.cancel()
                case _:
                    raise Close(BAD_REQUEST, f"Not a message of {PROTOCOL}")

    async def _receive(self) -> Any:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        try:
            return orjson.loads(message.get("text") or "")
        except orjson.JSONDecodeError:
            raise Close(BAD_REQUEST, "Messages are JSON in text frames") from None

    async def _send(self, message: dict[str, Any]) -> None:
        await self._websocket.send_text(orjson.dumps(message).decode())

    async def _initialise(self, payload: Any) -> None:
        if self._asking is not None:
            raise Close(INIT_AGAIN, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Close(BAD_REQUEST, "The payload of connection_init is an object")
        self._asking = HTTPConnection({**self._websocket.scope, "headers": self._headers(payload or {})})
        try:
            asking = await self._endpoint.asking(self._asking)
            with self._place.pop_all():
                self._place.enter_context(self._streams.connection(asking.principal))
        except Denied as denied:
            raise _close_for(denied) from None
        self._tasks.add(self._started(self._expire(self._asking)))
        await self._send({"type": "connection_ack"})

    def _headers(self, payload: dict[str, Any]) -> list[tuple[bytes, bytes]]:
        """What a request by POST would say in its headers, which a browser cannot set on a WebSocket."""
        given = {name.lower(): value for name, value in payload.items() if isinstance(value, str) and _is_header(name)}
        try:
            told = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
        except UnicodeEncodeError:
            raise Close(BAD_REQUEST, "The payload of connection_init has what no header can hold") from None
        names = {name for name, _ in told}
        return [*told, *(pair for pair in self._websocket.headers.raw if pair[0] not in names)]

    async def _expire(self, asking: HTTPConnection) -> None:
        if await self._streams.expired(asking):
            raise Close(FORBIDDEN, "TOKEN_EXPIRED: The token has expired. Sign in again.")

    async def _subscribe(self, id_: str, payload: dict[str, Any]) -> None:
        if self._asking is None:
            raise Close(UNAUTHORISED, "Unauthorized: send connection_init first")
        if id_ in self._operations:
            raise Close(ID_TAKEN, f"Subscriber for {id_} already exists")
        if len(self._operations) >= MOST_OPERATIONS:
            said = f"A connection carries at most {MOST_OPERATIONS} subscriptions; complete one, or open another."
            await self._error(id_, failure("TOO_MANY_SUBSCRIPTIONS", said).payload)
            return
        self._operations[id_] = self._started(self._operate(id_, payload, self._asking))
        self._tasks.add(self._operations[id_])

    async def _operate(self, id_: str, payload: dict[str, Any], connection: HTTPConnection) -> None:
        try:
            asked, asking = await self._streams.opened(self._endpoint, operation_of(payload), connection)
            with self._streams.subscription(asking.principal):
                async with aclosing(self._streams.run(self._endpoint, asked, asking)) as answers:
                    async for answer in answers:
                        if answer.last:
                            await self._error(id_, answer.payload)
                            return
                        await self._send({"id": id_, "type": "next", "payload": answer.payload})
        except Denied as denied:
            await self._error(id_, failure(denied.code, str(denied)).payload)
            return
        self._operations.pop(id_, None)
        await self._send({"id": id_, "type": "complete"})

    async def _error(self, id_: str, payload: dict[str, Any]) -> None:
        self._operations.pop(id_, None)
        await self._send({"id": id_, "type": "error", "payload": payload["errors"]})


def _close_for(denied: Denied) -> Close:
    return Close(_CLOSED_FOR.get(denied.status, FORBIDDEN), f"{denied.code}: {denied}")


def _is_header(name: str) -> bool:
    return name.lower() in ("authorization", "accept-language") or name.lower().startswith("stadtbuch-")
