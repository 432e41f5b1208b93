"""What is logged: enough to find what went wrong, and nothing about anybody."""

import json
import logging
import re
import sys
from typing import Any

import httpx
import pytest

from infra.asgi.tracing import taken_over
from infra.logs import Form, Lines
from tests.api import Api
from tests.waiting import until

pytestmark = pytest.mark.any_server

NAME = "Erika Mustermann"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def logged(form: Form, message: str, *arguments: object, error: BaseException | None = None) -> str:
    """The line of a record."""
    raised = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("stadtbuch.tests", logging.ERROR, "x.py", 1, message, arguments, raised)
    return Lines(form, lambda: {"trace_id": TRACE}).format(record)


def is_request(record: logging.LogRecord) -> bool:
    return record.name == "stadtbuch.requests"


def facts(record: logging.LogRecord) -> dict[str, Any]:
    return dict(record.__dict__["facts"])


def failed() -> BaseException:
    """An exception that quotes somebody, and the one that it came from."""
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(f"{NAME} is no number") from error
    except ValueError:
        caught = sys.exc_info()[1]
    assert caught is not None
    return caught


def test_a_line_of_json_says_when_where_and_for_which_request() -> None:
    line = json.loads(logged("json", "started %s again", "it"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "error",
        "logger": "stadtbuch.tests",
        "message": "started it again",
        "trace_id": TRACE,
    }


@pytest.mark.parametrize("form", ["json", "text"])
def test_of_an_exception_types_and_places_are_told_and_not_the_words(form: Form) -> None:
    said = logged(form, "it failed: %s", failed(), error=failed())
    assert NAME not in said
    for told in ("builtins.ValueError", "builtins.KeyError", "tests/infra/test_logs.py", " failed"):
        assert told in said
    assert "\n" not in said


def test_why_another_machine_cannot_be_reached_is_told() -> None:
    assert "Connection refused" in logged("json", "no database: %s", ConnectionRefusedError(111, "Connection refused"))


def test_what_asyncio_quotes_of_an_exception_is_left_out() -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "x.py", 1, f"Task failed\nfuture: {NAME}", (), None)
    assert NAME not in Lines("json").format(record)


def test_a_trace_is_taken_over_from_the_caller() -> None:
    trace = taken_over(PARENT)
    assert (trace.trace_id, trace.parent_id, trace.flags) == (TRACE, "00f067aa0ba902b7", "01")
    assert trace.header == f"00-{TRACE}-{trace.span_id}-01"
    assert taken_over(f"cc-{TRACE}-00f067aa0ba902b7-01-more").trace_id == TRACE


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        NAME,
        PARENT.upper(),
        f"ff{PARENT[2:]}",
        f"{PARENT}-more",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
    ],
)
def test_a_header_that_names_no_trace_begins_a_new_one(header: str | None) -> None:
    trace = taken_over(header)
    assert re.fullmatch(r"[0-9a-f]{32}", trace.trace_id)
    assert trace.trace_id not in (TRACE, "0" * 32)
    assert trace.parent_id is None


def test_an_answer_names_its_trace_and_its_line_tells_nothing_personal(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "stadtbuch.requests"):
        query = {"query": f"query {NAME.replace(' ', '')} {{ {NAME[:5]}: __typename }}", "variables": {"name": NAME}}
        headers = {"traceparent": PARENT, "user-agent": NAME}
        answer = api.client.post(f"/graphql?{NAME}", json=query, headers=headers)
        api.client.get(f"/{NAME}")
        # An answer is on its way before its line is written.
        lines = until(lambda: two if len(two := list(map(facts, filter(is_request, caplog.records)))) > 1 else None)
    given = answer.headers["traceresponse"]
    assert given.startswith(f"00-{TRACE}-")
    assert given != PARENT
    first, second = lines
    assert isinstance(first.pop("ms"), float)
    assert first == {
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "query",
        "role": "clerk",
        "cost": 1,
    }
    assert (second["path"], second["status"]) == ("other", 404)


def test_an_error_inside_is_found_in_the_log_by_the_trace_of_its_request(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        async def fetch(self, *_: object) -> list[object]:
            raise RuntimeError(NAME)

    with api.endpoint_with(reader=Broken()):
        response: httpx.Response = api.client.post(
            "/graphql",
            json={"query": f"{{ {NAME[:5]}: records(first: 1) {{ nodes {{ kind }} }} }}"},
            headers={"traceparent": PARENT},
        )
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "id": TRACE}
    lines = [Lines("json").format(record) for record in caplog.records if record.name == "stadtbuch.graphql"]
    assert any(TRACE in line and "records" in line for line in lines)
    assert not any(NAME[:5] in line for line in lines)
