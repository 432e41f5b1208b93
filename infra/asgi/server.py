"""Runs the application under uvicorn: until a signal, or in a thread of its own until the end of a block."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

import httptools
import uvicorn
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from infra.asgi.access import LARGEST_BODY, CannotListen, check_loopback
from infra.asgi.together import Together

if TYPE_CHECKING:
    from starlette.applications import Starlette

DRAINED_SECONDS: Final = 15.0
"""How long requests that run may go on when the server is told to end."""
ENDED_SECONDS: Final = 5
"""How long connections may take to close after that."""


PING_SECONDS: Final = 20.0
"""How often who follows over a WebSocket is pinged, and how long they may take to answer."""

UNREAD_SECONDS: Final = 60.0
"""For how long somebody may take nothing of what waits to be sent to them."""
_NO_HANDSHAKE: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LOG: Final = logging.getLogger("stadtbuch.http")


class _Http(HttpToolsProtocol):
    """Uvicorn's protocol, but for three things. An answer is sent in one piece. An upgrade that is not taken is none
    (RFC 9110, 7.8): the request is read without it, and answered. And who reads nothing is let go: what waits for them
    would stay for ever.
    """

    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects."""
        super().connection_made(cast("asyncio.Transport", Together(transport, self.loop)))

    def data_received(self, data: bytes) -> None:
        """Reads on."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._read_as_usual(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse("Invalid HTTP request received.")

    def on_headers_complete(self) -> None:
        """Answers, unless it is to be read anew."""
        if not self.parser.should_upgrade() or self._should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of a request is there, of an upgrade nothing but its head."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _should_upgrade(self) -> bool:
        """Whether somebody opens a WebSocket (RFC 6455, 4.1) with nothing before it that is still being answered."""
        idle = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]
        return idle and self.parser.get_method() == b"GET" and super()._should_upgrade()

    def _read_as_usual(self, rest: bytes) -> None:
        """The parser takes what follows the head of an upgrade for something else than its body."""
        kept = [(name, value) for name, value in self.headers if name != b"upgrade"]
        if len(kept) == len(self.headers):  # CONNECT: what follows is for another server
            self._refuse("This server is no proxy.")
            return
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in kept]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    def _refuse(self, message: str) -> None:
        LOG.warning(message)
        self.send_400_response(message)

    def pause_writing(self) -> None:
        """More waits to be sent than should: from now on it is looked at."""
        super().pause_writing()
        self._look(None)

    def resume_writing(self) -> None:
        """What waited has been sent."""
        super().resume_writing()
        self._look_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is sent any more."""
        super().connection_lost(exc)
        self._look_no_more()

    def _look(self, before: int | None) -> None:
        waiting = self.transport.get_write_buffer_size()
        if before is not None and waiting >= before:
            LOG.warning("somebody has read nothing for %.0f s, and is let go: %d bytes waited", UNREAD_SECONDS, waiting)
            self.transport.abort()
            return
        self._unread = self.loop.call_later(UNREAD_SECONDS, self._look, waiting)

    def _look_no_more(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


class _Socket(WebSocketsSansIOProtocol):
    """Uvicorn's protocol, but for three ends of a connection."""

    def data_received(self, data: bytes) -> None:
        """Refuses what is no handshake; it would be left without an answer."""
        super().data_received(data)
        if not self.handshake_initiated and self.conn.handshake_exc is not None and not self.close_sent:
            self.close_sent = True
            self.transport.write(_NO_HANDSHAKE)
            self.transport.close()

    async def send(self, message: ASGISendEvent) -> None:
        """Takes a refusal that was sent whole for an answered handshake; it would be logged as an error."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    def keepalive_timeout(self) -> None:
        """Lets go at once who answers no ping: what waits to be sent to them would stay for ever."""
        super().keepalive_timeout()
        self.transport.abort()


class _Server(uvicorn.Server):
    """Tells when it is listening, or that it will never."""

    def __init__(self, app: Starlette, ready: Callable[[bool], None], proxies: Sequence[str] = ()) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Http,
                ws=_Socket,
                ws_max_size=LARGEST_BODY,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PING_SECONDS,
                ws_per_message_deflate=False,  # memory for each connection, for messages that are short
                lifespan="on",
                access_log=False,
                server_header=False,
                log_config=None,
                log_level="warning",
                proxy_headers=True,
                forwarded_allow_ips=list(proxies),
                timeout_graceful_shutdown=ENDED_SECONDS,
            )
        )
        self._app = app
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens."""
        await super().startup(sockets)
        self._ready(self.started)

    async def main_loop(self) -> None:
        """Answers until it is told to end; then what runs is answered, what comes is refused, and who follows is
        told to go on elsewhere.
        """
        await super().main_loop()
        state = self._app.state
        await asyncio.gather(state.drain.finish(DRAINED_SECONDS), state.streams.let_go())


def bind(host: str, port: int, *, signed_in: bool = False) -> socket.socket:
    """A socket; port 0 takes a free one. Other machines may reach it only where everybody must be `signed_in`.

    Raises NotLoopback and CannotListen.
    """
    if not signed_in:
        check_loopback(host)
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Two sockets may have one address until one of them listens, so the second learns it here and not later.
        listener.listen()
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        reason = "something listens there, perhaps another `stadtbuch serve`" if taken else error.strerror
        raise CannotListen(
            f"Cannot listen on {host}:{port}: {reason}. Set STADTBUCH_PORT to another port, or to 0 for a free one."
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address that a browser takes."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Starlette, listener: socket.socket, ready: Callable[[str], None], proxies: Sequence[str] = ()) -> None:
    """Answers requests until SIGINT or SIGTERM. `ready` is told the address as soon as it is answered on. Only
    `proxies` are believed when they say for whom they ask.
    """
    address = address_of(listener)
    _Server(app, lambda started: ready(address) if started else None, proxies).run(sockets=[listener])


@contextmanager
def serving(app: Starlette, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Answers requests in a thread while the block runs; yields the address."""
    listener = bind(host, port)
    settled = threading.Event()
    outcome: list[bool] = []

    def ready(started: bool) -> None:
        outcome.append(started)
        settled.set()

    server = _Server(app, ready)

    def run() -> None:
        try:
            server.run(sockets=[listener])
        finally:
            settled.set()

    thread = threading.Thread(target=run, name="stadtbuch-http")
    thread.start()
    settled.wait()
    try:
        if not any(outcome):
            raise CannotListen("The application did not start; see the log for why.")
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
