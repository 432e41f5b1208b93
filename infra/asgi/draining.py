"""The end of a server: what runs is answered, what comes is sent elsewhere, and `/readyz` says so at once."""

from __future__ import annotations

import asyncio
from typing import Final

from prometheus_client import Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.asgi.access import Denied
from infra.asgi.endpoint import refused

PATH: Final = "/graphql"


class Drain:
    """Knows how many requests are being answered, which is `shown`, and whether the server is about to end."""

    def __init__(self, shown: Gauge) -> None:
        self.begun = asyncio.Event()
        self._shown = shown
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def enter(self) -> None:
        """A request is being answered."""
        self._shown.inc()
        self._running += 1
        self._idle.clear()

    def leave(self) -> None:
        """A request has been answered."""
        self._shown.dec()
        self._running -= 1
        if not self._running:
            self._idle.set()

    async def finish(self, seconds: float) -> bool:
        """Takes no more requests, and waits so long for those that run. Answers whether they have ended."""
        self.begun.set()
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


class Draining:
    """Counts requests to the API, and refuses them once the server is about to end."""

    def __init__(self, app: ASGIApp, drain: Drain) -> None:
        self._app = app
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, or 503."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        if self._drain.begun.is_set():
            message = "The server is about to end. Send the same request again; another takes it."
            await refused(Denied(503, "UNAVAILABLE", message, {"Retry-After": "1", "Connection": "close"}))(
                scope, receive, send
            )
            return
        self._drain.enter()
        try:
            await self._app(scope, receive, send)
        finally:
            self._drain.leave()
