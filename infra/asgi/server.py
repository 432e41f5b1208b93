"""Runs the application under uvicorn: until a signal, or in a thread of its own until the end of a block."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from infra.asgi.access import check_loopback


class CannotListen(Exception):
    """The address cannot be listened on. The text says why and what to do."""


class _Server(uvicorn.Server):
    """Tells when it is listening, or that it will never."""

    def __init__(self, app: ASGIApp, ready: Callable[[bool], None]) -> None:
        # No WebSockets: subscriptions will come with a protocol and limits of their own.
        super().__init__(
            uvicorn.Config(
                app,
                ws="none",
                lifespan="on",
                access_log=False,
                server_header=False,
                log_level="warning",
                timeout_graceful_shutdown=10,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens."""
        await super().startup(sockets)
        self._ready(self.started)


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


def serve(app: ASGIApp, listener: socket.socket, ready: Callable[[str], None]) -> None:
    """Answers requests until SIGINT or SIGTERM. `ready` is told the address as soon as it is answered on."""
    address = address_of(listener)
    _Server(app, lambda started: ready(address) if started else None).run(sockets=[listener])


@contextmanager
def serving(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
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
