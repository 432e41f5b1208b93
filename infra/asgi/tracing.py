"""The trace of a request (W3C Trace Context), taken over from the caller or begun here, and a line of log for each."""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final, Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG: Final = logging.getLogger("stadtbuch.requests")
_PARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_ROUTES: Final = frozenset({"/", "/graphql", "/livez", "/readyz", "/metrics"})


@dataclass(slots=True)
class Trace:
    """What a request belongs to, and what is known about it: nothing that names a person, a record or their words."""

    trace_id: str
    parent_id: str | None
    flags: str
    span_id: str = field(default_factory=lambda: secrets.token_hex(8))
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """As a header has it."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


class Spanned(Protocol):
    """Whoever puts a span around a request."""

    def request(self, trace: Trace, route: str) -> AbstractContextManager[None]:
        """A span while the block runs."""


_current: ContextVar[Trace | None] = ContextVar("stadtbuch_trace", default=None)


def context() -> dict[str, str]:
    """What every line that is logged for the current request has."""
    trace = _current.get()
    return {} if trace is None else {"trace_id": trace.trace_id, "span_id": trace.span_id}


def trace_id() -> str | None:
    """The id of the current request's trace."""
    trace = _current.get()
    return None if trace is None else trace.trace_id


def note(**facts: Any) -> None:
    """Has the line of the current request tell this too."""
    trace = _current.get()
    if trace is not None:
        trace.facts.update(facts)


def taken_over(header: str | None) -> Trace:
    """The trace that a traceparent header names; a new one where there is none or it is malformed."""
    found = _PARENT.fullmatch(header or "")
    if found is None or (found[4] and header is not None and header.startswith("00-")):
        return Trace(secrets.token_hex(16), None, "00")
    return Trace(found[1], found[2], found[3])


class Traced:
    """Gives each request its trace, which the answer names in `traceresponse`, and logs how it ended."""

    def __init__(self, app: ASGIApp, spans: Spanned | None = None) -> None:
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        trace = taken_over(Headers(scope=scope).get("traceparent"))
        before = _current.set(trace)
        route = scope["path"] if scope["path"] in _ROUTES else "other"
        trace.facts["method"] = scope.get("method", "WEBSOCKET")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                trace.facts["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"traceresponse", trace.header.encode())]
            await send(message)

        try:
            with self._spans.request(trace, route) if self._spans else nullcontext():
                await self._app(scope, receive, sending)
        finally:
            ms = round((perf_counter() - began) * 1000, 1)
            LOG.info("request", extra={"facts": {"path": route, "ms": ms, **trace.facts}})
            _current.reset(before)
