"""How much may be asked for: by cost, by role and by the second, and who waits for whom."""

import json
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

import pytest
from graphql import GraphQLError, validate

from domain.requests import Principal
from domain.rights import Role
from infra.asgi import allowance
from infra.asgi.access import Denied, development_principal
from infra.asgi.allowance import SAVED_SECONDS, STRANGER, Allowance, Purses
from infra.asgi.endpoint import UNREADABLE
from infra.settings import COST, RATE, Settings
from tests.api import Api
from tests.graphql_api.following import following

pytestmark = pytest.mark.any_server

QUERY = "{ records(first: 100) { nodes { kind number version } } }"
COSTS = 1 + 100 * 4


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def somebody(actor: UUID | None = None) -> dict[str, str]:
    return {"Stadtbuch-Actor": str(actor or uuid4())}


def test_what_is_spent_comes_back_with_time() -> None:
    clock = Clock()
    purses = Purses(100, clock)
    purses.spend("ada", 100 * SAVED_SECONDS)
    assert purses.wait("ada") == 0
    purses.spend("ada", 250)
    assert purses.wait("ada") == 2.5
    clock.now += 2
    assert purses.wait("ada") == 0.5
    assert purses.wait("bob") == 0
    clock.now += 3600
    purses.spend("ada", 100 * SAVED_SECONDS + 100)
    assert purses.wait("ada") == 1  # no more than ten seconds' worth is saved up


def test_no_more_purses_are_kept_than_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_PURSES", 3)
    purses = Purses(1, Clock())
    for name in "abcdef":
        purses.spend(name, 100)
    assert len(purses) == 3
    assert purses.wait("a") == 0
    assert purses.wait("f") == 90


def test_every_answer_says_what_it_cost(api: Api) -> None:
    _, body = api.answer(QUERY)
    assert body["extensions"]["cost"] == COSTS
    _, body = api.answer("query ($n: Int!) { records(first: $n) { nodes { id } } }", {"n": 10})
    assert body["extensions"]["cost"] == 1 + 10 * 2


def test_a_role_may_ask_for_so_much_at_once(api: Api) -> None:
    with api.endpoint_with(allowance=Allowance(0, {Role.CITIZEN: COSTS - 1})):
        assert api.by("clerk").answer(QUERY)[0] == 200
        status, error = api.by("citizen").error(QUERY)
        assert (status, error["extensions"]["code"]) == (400, "TOO_COSTLY")
        assert f"{COSTS:,}" in error["message"]
    with api.endpoint_with(allowance=Allowance(0, {Role.CITIZEN: COSTS})):
        assert api.by("citizen").answer(QUERY)[0] == 200


def test_no_role_may_ask_for_everything_at_once(api: Api) -> None:
    inner = " ".join(f"a{n}: number" for n in range(20))
    wide = f"{{ records(first: 100) {{ nodes {{ history(first: 29) {{ nodes {{ record {{ {inner} }} }} }} }} }} }}"
    status, error = api.by("auditor").error(wide)
    assert (status, error["extensions"]["code"]) == (400, "TOO_COSTLY")
    assert f"{COST:,}" in error["message"]


def test_who_has_spent_too_much_waits_and_nobody_else_does(api: Api) -> None:
    clock = Clock()
    one, other = somebody(), somebody()
    with api.endpoint_with(allowance=Allowance(COSTS / SAVED_SECONDS, {}, clock)):
        assert [api.answer(QUERY, None, **one)[0] for _ in range(2)] == [200, 200]
        response = api.client.post("/graphql", json={"query": QUERY}, headers=one)
        assert response.status_code == 429
        assert response.headers["retry-after"] == str(SAVED_SECONDS)
        assert response.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert api.answer(QUERY, None, **other)[0] == 200
        clock.now += SAVED_SECONDS
        assert api.answer(QUERY, None, **one)[0] == 200


def test_what_cannot_be_run_costs_as_well(api: Api) -> None:
    with api.endpoint_with(allowance=Allowance(UNREADABLE / SAVED_SECONDS, {}, Clock())):
        one = somebody()
        assert [api.answer("{", None, **one)[0] for _ in range(3)] == [400, 400, 429]


def test_validation_is_paid_for_before_it_and_once(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str | int] = []

    class Told(Allowance):
        def spend(self, principal: Principal, cost: int) -> None:
            told.append(cost)

    def validating(*asked: Any) -> list[GraphQLError]:
        told.append("validated")
        return validate(*asked)

    monkeypatch.setattr("graphql_api.plans.cache.validate", validating)
    with api.endpoint_with(allowance=Told(0, {})):
        for document, status in (("{ records(first: 3) { nodes { id } } }", 200), ("{ nobodyKnowsIt { it } }", 400)):
            told.clear()
            answered, body = api.answer(f"query A{uuid4().hex} {document}")
            assert (answered, told) == (status, [body["extensions"]["cost"], "validated"])


def test_a_stream_that_is_refused_costs_as_well(api: Api) -> None:
    with api.endpoint_with(allowance=Allowance(UNREADABLE / SAVED_SECONDS, {}, Clock())):
        headers = {**somebody(), "Accept": "text/event-stream"}
        asked = [api.client.post("/graphql", json={"documentId": "none"}, headers=headers) for _ in range(3)]
        assert [response.status_code for response in asked] == [400, 400, 429]


def test_citizens_of_one_portal_spend_each_their_own() -> None:
    limited = Allowance(1, {}, Clock())
    ada, bob = (development_principal({"Stadtbuch-Role": "citizen", **somebody()}, "t") for _ in range(2))
    assert ada.actor == bob.actor
    limited.spend(ada, 100)
    with pytest.raises(Denied):
        limited.check(ada)
    limited.check(bob)


def test_an_address_that_guesses_tokens_is_held_up_and_whoever_has_one_is_not(api: Api) -> None:
    with api.endpoint_with(allowance=Allowance(STRANGER / SAVED_SECONDS, {}, Clock())):
        guessed = [api.answer(QUERY, authorization="Bearer guessed")[0] for _ in range(4)]
        assert guessed == [401, 401, 429, 429]
        assert api.answer(QUERY, None, **somebody())[0] == 200


def test_an_address_of_ipv6_is_counted_by_its_network() -> None:
    limited = Allowance(STRANGER / SAVED_SECONDS, {}, Clock())
    limited.stranger("2001:db8::1")
    limited.stranger("2001:db8::2")
    with pytest.raises(Denied):
        limited.stranger("2001:db8::3")
    limited.stranger("2001:db8:0:1::3")
    limited.stranger("192.0.2.1")
    limited.stranger("no address")


def test_with_a_provider_there_is_a_rate_and_without_one_there_is_none() -> None:
    def waits(**settings: object) -> bool:
        limited = allowance.allowance(Settings.model_validate(settings))
        one = development_principal({}, "t")
        limited.spend(one, RATE * SAVED_SECONDS + 1_000_000)
        try:
            limited.check(one)
        except Denied:
            return True
        return False

    provider = {"oidc_issuer": "https://id.stadt.example", "oidc_audience": "stadtbuch"}
    assert waits(**provider)
    assert not waits(**provider, rate_limit=0)
    assert not waits()
    assert waits(rate_limit=5)


FOLLOW = """subscription ($after: BigInt, $n: Int = 2) {
  events(first: $n, after: $after) { position nodes { position } } }"""
BEGINNING = 1 + 100 * 3
"""What it costs to begin, where the number of events is left to its default."""
Told = tuple[list[list[int]], dict[str, Any] | None]
"""The positions that messages told of, up to the last one or to an error, and that."""


@pytest.mark.parametrize("carrier", ["a WebSocket", "server-sent events"])
def test_a_subscription_pays_for_each_message_and_is_told_where_to_go_on(api: Api, carrier: str) -> None:
    begins = int(api.plan_unit_defined()["position"]) - 1
    ends = [int(api.plan_unit_defined()["position"]) for _ in range(9)][-1]
    follow = _followed if carrier == "a WebSocket" else _streamed
    found = [begins]
    ended = 0
    while found[-1] < ends:
        with api.endpoint_with(allowance=Allowance((BEGINNING + 8) / SAVED_SECONDS, {}, Clock())):
            messages, error = follow(api.by("auditor"), found[-1], ends)
        found += chain(*messages)
        if error is not None:
            ended += 1
            assert sum(1 + 3 * len(each) for each in messages) > 8 >= sum(1 + 3 * len(each) for each in messages[:-1])
            assert error["extensions"] == {"code": "RATE_LIMITED", "position": str(found[-1])}
            assert f"position {found[-1]}" in error["message"]
    assert found == list(range(begins, ends + 1))
    assert ended >= 2


def test_what_messages_cost_is_noted_and_without_a_rate_ends_nothing(api: Api) -> None:
    spent: list[int] = []

    class Noting(Allowance):
        def spend(self, principal: Principal, cost: int) -> None:
            spent.append(cost)

    begins = int(api.plan_unit_defined()["position"])
    ends = [int(api.plan_unit_defined()["position"]) for _ in range(5)][-1]
    with api.endpoint_with(allowance=Noting(0, {})):
        messages, error = _followed(api.by("auditor"), begins, ends)
    assert error is None
    assert spent == [BEGINNING, *(1 + 3 * len(each) for each in messages)]


def _followed(api: Api, after: int, ends: int) -> Told:
    told: list[list[int]] = []
    with following(api) as socket:
        socket.subscribe(FOLLOW, "1", after=str(after))
        while not told or told[-1][-1] < ends:
            message = socket.receive()
            if message["type"] == "error":
                return told, message["payload"][0]
            told.append(_positions(message["payload"]))
    return told, None


def _streamed(api: Api, after: int, ends: int) -> Told:
    told: list[list[int]] = []
    body = {"query": FOLLOW, "variables": {"after": str(after)}}
    headers = {**api.headers, "Accept": "text/event-stream"}
    with api.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        for line in response.iter_lines():
            if not line.startswith("data: "):
                continue
            payload = json.loads(line.removeprefix("data: "))
            if "errors" in payload:
                return told, payload["errors"][0]
            told.append(_positions(payload))
            if told[-1][-1] >= ends:
                break
    return told, None


def _positions(payload: Any) -> list[int]:
    return [int(event["position"]) for event in payload["data"]["events"]["nodes"]]
