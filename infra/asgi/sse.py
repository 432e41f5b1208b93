"""Subscriptions as server-sent events, by the protocol graphql-sse: one for each POST (distinct connections mode)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from time import perf_counter
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from domain.requests import Principal
from infra.asgi.access import Denied
from infra.asgi.endpoint import Endpoint, operation_in, refused
from infra.asgi.streams import SUBSCRIPTION, Answer, Streams, failure, kind_of

LOG: Final = logging.getLogger("stadtbuch.sse")
MEDIA_TYPE: Final = "text/event-stream"
QUIET_SECONDS: Final = 15.0
"""After this long without an event a comment is sent, so that nobody on the way takes the connection for dead."""
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no"}
COMPLETE: Final = b"event: complete\ndata:\n\n"


def wanted(accepted: str) -> bool:
    """Whether an Accept header names this media type."""
    return MEDIA_TYPE in [each.partition(";")[0].strip().lower() for each in accepted.split(",")]


async def answer(endpoint: Endpoint, request: Request) -> Response:
    """Answers a POST with a stream of events; an operation that is no subscription, with one event,
    or as ever where that is accepted too.
    """
    streams: Streams = request.app.state.streams
    began = perf_counter()
    try:
        given = await operation_in(request)
        asked, asking = await streams.opened(endpoint, given, request)
    except Denied as denied:
        return refused(denied)
    if kind_of(asked) != SUBSCRIPTION:
        accepted = request.headers.get("accept", "")
        whole = await endpoint.answered(given, asking, accepted, began)
        if "json" in accepted:
            return whole  # clients such as urql name every type they know, whatever they ask
        return Response(_event(orjson.loads(whole.body)) + COMPLETE, 200, _HEADERS, MEDIA_TYPE)
    return EventStream(streams, request, asking.principal, streams.run(endpoint, asked, asking))


def _event(payload: Mapping[str, Any]) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(payload) + b"\n\n"


class EventStream(Response):
    """A subscription's messages as they come, until it ends, the client goes, the token expires or the server stops."""

    media_type = MEDIA_TYPE

    def __init__(
        self, streams: Streams, request: Request, principal: Principal, answers: AsyncGenerator[Answer, None]
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._streams = streams
        self._request = request
        self._principal = principal
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends all of it."""
        async with aclosing(self._answers):
            try:
                with self._streams.connection(self._principal):
                    await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                    await self._send_all(receive, send)
            except Denied as denied:
                await refused(denied)(scope, receive, send)

    async def _send_all(self, receive: Receive, send: Send) -> None:
        expired = asyncio.create_task(self._streams.expired(self._request))
        told, gone = asyncio.create_task(self._tell(send)), asyncio.create_task(_gone(receive))
        ends: set[asyncio.Task[Any]] = {expired, told, gone}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        rest = b""
        refusal = None if expired.cancelled() else expired.exception()
        if isinstance(refusal, Denied):
            rest = _event(failure(refusal.code, str(refusal)).payload) + COMPLETE
        elif not expired.cancelled() and expired.result():
            rest = _event(failure("TOKEN_EXPIRED", "The token has expired. Sign in again.").payload) + COMPLETE
        # Where the server stops there is no `complete`: the client is to come back, and go on.
        error = None if told.cancelled() else told.exception()
        if error is not None:
            if not isinstance(error, OSError):  # which is who has gone
                LOG.error("a stream failed", exc_info=error)
        else:
            await send({"type": "http.response.body", "body": rest, "more_body": False})

    async def _tell(self, send: Send) -> None:
        following = asyncio.ensure_future(anext(self._answers, None))
        try:
            while True:
                done, _ = await asyncio.wait({following}, timeout=QUIET_SECONDS)
                message = following.result() if done else None
                body = b":\n\n" if not done else COMPLETE if message is None else _event(message.payload)
                if message is not None and message.last:
                    body += COMPLETE
                await send({"type": "http.response.body", "body": body, "more_body": True})
                if done and (message is None or message.last):
                    return
                if done:
                    following = asyncio.ensure_future(anext(self._answers, None))
        finally:
            following.cancel()
            await asyncio.wait({following})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
