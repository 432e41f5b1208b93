"""Spans for OpenTelemetry, an extra: of each request, of the statements it asked and of the commands it handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    format_span_id,
    format_trace_id,
    set_span_in_context,
)

from domain.requests import Availability, Outcome, Principal, Request
from graphql_api.ports import Commands, Reader
from infra.asgi.tracing import Trace
from projections.query import Statement

SERVER_ERROR: Final = 500
_WORDLESS: Final[Any] = {"record_exception": False, "set_status_on_exception": False}
"""The words of an exception may be personal, and stay out of spans as out of the log."""
_NAMES: Final = {
    "method": "http.request.method",
    "status": "http.response.status_code",
    "operation": "graphql.operation.type",
}


def exporting() -> Tracer:
    """A tracer that sends what it has to the collector which the variables of OpenTelemetry name.

    Raises ImportError where the extra is not installed.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider = TracerProvider(resource=Resource.create({"service.name": "stadtbuch"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("stadtbuch")


class Spans:
    """What is told of requests: kinds, counts and outcomes, and nothing that names a person or a record."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    @contextmanager
    def request(self, trace: Trace, route: str) -> Iterator[None]:
        """A span around a request, below the caller's. The trace takes its ids and gives it what it knows."""
        with self._tracer.start_as_current_span(f"HTTP {route}", _above(trace), SpanKind.SERVER, **_WORDLESS) as span:
            made = span.get_span_context()
            trace.trace_id, trace.span_id = format_trace_id(made.trace_id), format_span_id(made.span_id)
            trace.flags = f"{made.trace_flags:02x}"
            try:
                yield
            finally:
                span.set_attribute("http.route", route)
                for name, value in trace.facts.items():
                    span.set_attribute(_NAMES.get(name, f"stadtbuch.{name}"), value)
                if trace.facts.get("status", 0) >= SERVER_ERROR:
                    span.set_status(Status(StatusCode.ERROR))

    def commands(self, commands: Commands) -> Commands:
        """The way to the ledger, with a span around each command."""
        return _SpannedCommands(commands, self._tracer)

    def reader(self, reader: Reader) -> Reader:
        """The way to the read models, with a span around each statement."""
        return _SpannedReader(reader, self._tracer)


def _above(trace: Trace) -> Context | None:
    if trace.parent_id is None:
        return None
    flags = TraceFlags(int(trace.flags, 16))
    caller = SpanContext(int(trace.trace_id, 16), int(trace.parent_id, 16), is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(caller))


class _SpannedCommands:
    def __init__(self, commands: Commands, tracer: Tracer) -> None:
        self._commands = commands
        self._tracer = tracer

    async def handle(self, request: Request) -> Outcome:
        with self._tracer.start_as_current_span("handle", **_WORDLESS) as span:
            span.set_attribute("stadtbuch.command", type(request.command).__name__)
            became = "refused"
            try:
                outcome = await self._commands.handle(request)
                became = "repeated" if outcome.repeated else "recorded"
            finally:
                span.set_attribute("stadtbuch.outcome", became)
            return outcome

    async def available(self, record_id: UUID, principal: Principal) -> Sequence[Availability]:
        with self._tracer.start_as_current_span("available", **_WORDLESS):
            return await self._commands.available(record_id, principal)

    async def made_by(self, record_id: UUID, principal: Principal) -> bool:
        with self._tracer.start_as_current_span("made_by", **_WORDLESS):
            return await self._commands.made_by(record_id, principal)


class _SpannedReader:
    def __init__(self, reader: Reader, tracer: Tracer) -> None:
        self._reader = reader
        self._tracer = tracer

    async def fetch(self, statement: Statement) -> Sequence[tuple[Any, ...]]:
        with self._tracer.start_as_current_span("sql", kind=SpanKind.CLIENT, **_WORDLESS) as span:
            span.set_attribute("db.system.name", "postgresql")
            rows = await self._reader.fetch(statement)
            span.set_attribute("db.response.returned_rows", len(rows))
            return rows
