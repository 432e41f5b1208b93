"""Documents that are sent again: parsed and validated once, for each role, and what is wrong is said each time."""

import gc
import tracemalloc
from uuid import uuid4

import pytest
from graphql import parse

from graphql_api.limits import LONGEST_KEPT
from graphql_api.plans import Plans, cache
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


NODE = " ".join(f'n{n}: node(id: "x{n}") {{ __typename id ... @include(if: $a{n}) {{ more: id }} }}' for n in range(12))
SWITCHES = " ".join(f"$a{n}: Boolean!" for n in range(12))


def test_what_is_kept_of_queries_is_bounded_by_what_it_takes(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 3_000_000)
    monkeypatch.setattr(cache, "MOST_BYTES_OF_ONE", 2_000_000)
    monkeypatch.setattr(cache, "MOST_BYTES_LEFT", 5_000)
    plans = Plans(api.app.state.endpoint.schema)
    weights = []
    with api.endpoint_with(plans=plans):
        for document in range(4):
            text = f"query A{document}({SWITCHES}) {{ {NODE} }}"
            for on in range(3):
                api.answer(text, {f"a{n}": n == on for n in range(12)})
                weights.append(plans._queries.weight)
            api.answer(f"{{ nobodyKnowsIt{document} {' ' * 2_000} }}")
        assert 1_000_000 < max(weights) <= 3_000_000
        assert 1 <= len(plans._queries) < 4
        assert 1 <= len(plans._left) < 4


@pytest.mark.parametrize(
    "text",
    [
        "{ " + " ".join(f'n{n}: node(id: "x") {{ __typename id }}' for n in range(29)) + " }",
        "{ " + " ".join(f"f{n}: files(first: 9) {{ nodes {{ reference status leadUnit }} }}" for n in range(29)) + " }",
        "{ files(first: 1, filter: {status: {in: [" + "OPEN " * 1_500 + "]}}) { nodes { reference } } }",
    ],
    ids=["of many types", "of many lists", "of many values"],
)
def test_a_query_takes_about_what_it_is_taken_to(api: Api, text: str) -> None:
    def made() -> cache.Query:
        query = cache.Query(api.app.state.endpoint.schema, parse(text, no_location=True), None)
        query.prepare({})
        return query

    made()
    gc.collect()
    tracemalloc.start()
    try:
        query = made()
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert query.weight / 3 < taken < query.weight * 1.5
