"""What a caller learns of an error: what was foreseen, in their language; of the rest an id, and nothing else."""

import logging
from typing import Any

import pytest
from graphql import GraphQLError

from domain.kernel import Invalid, Message
from domain.requests import Unavailable
from graphql_api.context import Asking, preferred
from graphql_api.errors import present
from infra.asgi.access import development_principal
from tests.api import Api

SECRET = "select subject from ledger.event where password = 'geheim'"


def asking(language: str) -> Asking:
    nothing: Any = None
    return Asking(
        principal=development_principal({}, "tests"),
        language=preferred(language),
        commands=nothing,
        reader=nothing,
        unsealer=nothing,
        positions=nothing,
        wait_seconds=0,
    )


def test_what_was_not_foreseen_is_told_by_an_id_and_logged_under_it(caplog: pytest.LogCaptureFixture) -> None:
    error = GraphQLError("boom", original_error=RuntimeError(SECRET))
    with caplog.at_level(logging.ERROR, "stadtbuch.graphql"):
        (shown,), blame = present([error], asking("en"))
    assert blame == "server"
    assert shown["extensions"]["code"] == "INTERNAL"
    assert SECRET not in str(shown)
    assert "boom" not in str(shown)
    assert shown["extensions"]["id"] in shown["message"]
    assert shown["extensions"]["id"] in caplog.text
    assert SECRET in caplog.text


def test_hints_at_the_schema_are_for_those_who_may_see_it() -> None:
    said = 'Cannot query field "naem" on type "Record". Did you mean "name"?'
    seeing, not_seeing = asking("en"), asking("en")
    not_seeing.may_inspect = False
    (shown,), _ = present([GraphQLError(said)], seeing)
    assert shown["message"] == said
    (shown,), _ = present([GraphQLError(said)], not_seeing)
    assert shown["message"] == 'Cannot query field "naem" on type "Record".'


def test_what_was_foreseen_is_told_in_the_language_of_the_request() -> None:
    message = Message("Too early.", "Zu früh.")
    for language in ("en", "de"):
        (shown,), blame = present([GraphQLError("x", original_error=Unavailable(message))], asking(language))
        assert (shown["message"], blame) == (getattr(message, language), "later")


def test_the_gravest_error_is_the_one_to_blame() -> None:
    def error(cause: Exception) -> GraphQLError:
        return GraphQLError("x", original_error=cause)

    message = Message("x", "x")
    caller, later, server = Invalid("x", message), Unavailable(message), RuntimeError()
    assert present([error(caller)], asking("en"))[1] == "caller"
    assert present([error(caller), error(later)], asking("en"))[1] == "later"
    assert present([error(later), error(caller)], asking("en"))[1] == "later"
    assert present([error(server), error(later)], asking("en"))[1] == "server"


class Broken:
    """A reader whose statements fail with what nobody may see."""

    async def fetch(self, sql: str, params: Any, moment: Any = None) -> Any:
        raise LookupError(SECRET)


def test_a_failing_statement_shows_neither_itself_nor_a_stack(api: Api) -> None:
    with api.endpoint_with(reader=Broken()):
        status, body = api.answer("{ files(first: 1) { nodes { id } } }")
    assert status == 500
    assert body["data"] is None
    text = str(body)
    for leak in (SECRET, "Traceback", "LookupError", "select", ".py"):
        assert leak not in text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("en, de", "en"),
        ("en;q=0.1, de;q=0.2", "de"),
        ("de;q=0, en;q=0.001", "en"),
        ("fr, de;q=0.5", "de"),
        ("*", "en"),
        ("DE", "de"),
        ("de;q=nan", "en"),
        ("de;q=1e9", "en"),
        ("de;q=" + "9" * 5000, "en"),
        (",;,;q=", "en"),
    ],
)
def test_german_or_english_is_what_the_caller_prefers(header: str | None, language: str) -> None:
    assert preferred(header) == language
