"""What OpenTelemetry is told of requests: how they hang together, and nothing about anybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, format_trace_id

from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.asgi.spans import Spans
from infra.database import Database
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import Api, unused
from tests.waiting import until

pytestmark = pytest.mark.any_server

NAME = "Erika Mustermann"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
DEFINE = """mutation Define($input: DefineFilePlanUnitInput!) {
  defineFilePlanUnit(input: $input) { __typename ... on CommandSuccess { record { number } } }
}"""


@dataclass
class Watched:
    """An API, and the spans of the requests that it has answered."""

    client: httpx.Client
    exporter: InMemorySpanExporter

    def spans(self) -> list[ReadableSpan]:
        """All spans of the request that was answered last, the outermost last."""

        def ended() -> list[ReadableSpan]:
            spans = list(self.exporter.get_finished_spans())
            return spans if any(span.name.startswith("HTTP") for span in spans) else []

        return until(ended, "the request ended")


@pytest.fixture
def watched(api: Api, api_database: Database, api_ledger: Ledger) -> Iterator[Watched]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(Settings(), api_database, api_ledger, spans=Spans(provider.get_tracer("tests")))
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Watched(client, exporter)
    provider.shutdown()


def test_a_command_and_its_statements_hang_below_the_request_of_the_caller(watched: Watched) -> None:
    given = {"idempotencyKey": NAME, "code": unused("PU").replace("/", "."), "title": NAME, "retentionYears": 10}
    given |= {"disposalKind": "APPRAISE", "validFrom": "2020-01-01", "reason": NAME}
    answer = watched.client.post(
        "/graphql",
        json={"query": DEFINE, "variables": {"input": given}},
        headers={"traceparent": PARENT, "user-agent": NAME},
    )
    assert answer.json()["data"]["defineFilePlanUnit"]["__typename"] == "CommandSuccess"
    *below, request = watched.spans()
    assert (request.name, request.status.status_code) == ("HTTP /graphql", StatusCode.UNSET)
    assert request.parent is not None
    assert request.context is not None
    assert answer.headers["traceresponse"].startswith(f"00-{format_trace_id(request.context.trace_id)}-")
    attributes = dict(request.attributes or {})
    assert attributes.pop("stadtbuch.cost")
    assert attributes == {
        "http.route": "/graphql",
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "graphql.operation.type": "mutation",
        "stadtbuch.role": "clerk",
    }
    (handled,) = (dict(span.attributes or {}) for span in below if span.name == "handle")
    assert handled == {"stadtbuch.command": "DefineFilePlanUnit", "stadtbuch.outcome": "recorded"}
    assert any(span.name == "sql" for span in below)
    for span in (*below, request):
        assert span.context is not None
        assert format_trace_id(span.context.trace_id) == TRACE
        assert NAME not in span.to_json()


def test_a_request_without_a_caller_begins_a_trace_and_an_error_says_which(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError(NAME)

    monkeypatch.setattr("infra.asgi.ports.ReadModels.fetch", fails)
    answer = watched.client.post("/graphql", json={"query": "{ records(first: 1) { nodes { kind } } }"})
    *below, request = watched.spans()
    assert answer.status_code == 500
    assert request.parent is None
    assert request.context is not None
    assert request.status.status_code is StatusCode.ERROR
    assert answer.json()["errors"][0]["extensions"]["id"] == format_trace_id(request.context.trace_id)
    assert all(NAME not in span.to_json() for span in (*below, request))
