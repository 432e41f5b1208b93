"""Documents that are sent again: parsed and validated once, for each role, and what is wrong is said each time."""

from uuid import uuid4

import pytest

from graphql_api.limits import LONGEST_KEPT
from tests.api import Api


def named(query: str, length: int = 0) -> str:
    """A document that nobody has sent yet."""
    return f"query A{uuid4().hex} {query}{' ' * length}"


def test_a_document_that_is_sent_again_is_neither_parsed_nor_validated_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = '(input: { idempotencyKey: "k", record: "x", reason: "r" })'
    document = f"mutation A{uuid4().hex} {{ closeFile{asked} {{ __typename }} }}"
    first = api.answer(document)
    with monkeypatch.context() as without:
        without.setattr("graphql_api.limits.parse", None)
        without.setattr("graphql_api.validating.validate", None)
        assert api.answer(document) == first
    assert first[0] == 200


def test_a_document_that_one_role_may_send_is_refused_to_another(api: Api) -> None:
    document = named("{ ownProjections { name } }")
    auditor, citizen = api.by("auditor"), api.by("citizen")
    for _ in range(2):
        assert auditor.answer(document)[0] == 200
        assert citizen.error(document)[1]["extensions"]["code"] == "FORBIDDEN"


def test_what_is_wrong_is_said_each_time(api: Api) -> None:
    document = named("{ nobodyKnowsIt }")
    assert [api.error(document)[0] for _ in range(2)] == [400, 400]


def test_a_very_long_document_is_answered_and_not_kept(api: Api) -> None:
    document = named("{ __typename }", LONGEST_KEPT)
    assert [api.ask(document) for _ in range(2)] == [{"__typename": "Query"}] * 2
