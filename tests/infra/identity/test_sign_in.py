"""The API behind a real OpenID provider: people sign in there, and what they may do here comes from their token."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from infra.asgi.access import NotLoopback
from infra.asgi.app import create_app
from infra.asgi.server import bind, serving
from infra.cli.app import app as cli
from infra.database import Database
from infra.identity.development import AUDIENCE, DevelopmentKeys
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import RECORDED, unused
from tests.infra.identity.issuer import Issuer

pytestmark = [pytest.mark.database, pytest.mark.any_server]

WHOSE = "query { records(first: 5, orderBy: [{by: POSITION, direction: DESC}]) { nodes { kind number } } }"
DEFINE = (
    f"mutation Define($input: DefineFilePlanUnitInput!) {{ done: defineFilePlanUnit(input: $input) {{ {RECORDED} }} }}"
)


@dataclass(frozen=True)
class Provider:
    """An OpenID provider in a process of its own."""

    address: str

    def signed_in(self, subject: str, client_id: str = AUDIENCE, **claims: Any) -> str:
        """The ID token that the provider gives a client after somebody signed in (authorisation code flow)."""
        with httpx.Client(base_url=self.address) as browser:
            browser.put(f"/users/{subject}", json=claims).raise_for_status()
            asked = {
                "client_id": client_id,
                "response_type": "code",
                "scope": "openid",
                "redirect_uri": "http://127.0.0.1/back",
            }
            there = browser.post("/oauth2/authorize", params=asked, data={"sub": subject})
            (code,) = parse_qs(urlsplit(there.headers["location"]).query)["code"]
            exchanged = browser.post(
                "/oauth2/token",
                auth=(client_id, "secret"),
                data={"grant_type": "authorization_code", "code": code, "redirect_uri": asked["redirect_uri"]},
            )
            token: str = exchanged.raise_for_status().json()["id_token"]
            return token


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        listening = re.search(r"http://(?:127\.0\.0\.1|localhost):[1-9]\d*", line)
        if listening:
            break
    else:
        pytest.fail(f"the provider did not start: {said}")
    yield Provider(listening.group())
    process.terminate()
    process.communicate()


@contextmanager
def asking(database: Database, ledger: Ledger, **settings: Any) -> Iterator[httpx.Client]:
    app = create_app(Settings(**settings), database, ledger)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def secured(provider: Provider, api: Any, api_database: Database, api_ledger: Ledger) -> Iterator[httpx.Client]:
    """The API of the tests as a city would run it, beside the one for development."""
    with asking(
        api_database,
        api_ledger,
        env="prod",
        oidc_issuer=provider.address,
        oidc_audience=AUDIENCE,
        oidc_roles={"Sachbearbeitung": "clerk", "Bürger": "citizen", "Rechnungsprüfung": "auditor"},
        oidc_roles_claim="realm_access.roles",
        cors_origins=("https://portal.stadt.example",),
        trusted_only=(),
    ) as client:
        yield client


def post(client: httpx.Client, token: str | None, query: str = WHOSE, **variables: Any) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def define(client: httpx.Client, token: str, key: str | None = None) -> Mapping[str, Any]:
    given = {
        "idempotencyKey": key or str(uuid4()),
        "code": unused("PU").replace("/", "."),
        "title": "Bürgerdienste",
        "retentionYears": 10,
        "disposalKind": "APPRAISE",
        "validFrom": "2020-01-01",
    }
    answer: dict[str, Any] = post(client, token, DEFINE, input=given).json()
    done: Mapping[str, Any] = answer["data"]["done"]
    return done


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


CLERK_CLAIMS: dict[str, Any] = {"realm_access": {"roles": ["Sachbearbeitung"]}, "org_unit": "63"}


def test_who_signed_in_at_the_provider_is_who_is_recorded(secured: httpx.Client, provider: Provider) -> None:
    done = define(secured, provider.signed_in("ada", **CLERK_CLAIMS))
    assert done["__typename"] == "CommandSuccess", done
    query = "query Of($p: BigInt!) { events(first: 1, filter: {position: {eq: $p}}, minPosition: $p)"
    query += " { nodes { actor role orgUnit channel authentication } } }"
    auditor = provider.signed_in("bob", realm_access={"roles": ["Rechnungsprüfung"]})
    answer = post(secured, auditor, query, p=done["position"]).json()
    assert "errors" not in answer, answer
    (event,) = answer["data"]["events"]["nodes"]
    assert event.pop("actor") not in ("ada", None)
    assert event == {"role": "clerk", "orgUnit": "63", "channel": "STAFF", "authentication": "OIDC"}


def test_headers_make_nobody_somebody_else(secured: httpx.Client, provider: Provider) -> None:
    pretended = {"Stadtbuch-Actor": str(uuid4()), "Stadtbuch-Org-Unit": "10", "Stadtbuch-Channel": "IMPORT"}
    assert code_of(secured.post("/graphql", json={"query": WHOSE}, headers=pretended)) == (401, "NOT_SIGNED_IN")
    headers = {**pretended, "Authorization": f"Bearer {provider.signed_in('ada', **CLERK_CLAIMS)}"}
    assert secured.post("/graphql", json={"query": WHOSE}, headers=headers).status_code == 200
    asked_for = {**headers, "Stadtbuch-Role": "admin"}
    assert code_of(secured.post("/graphql", json={"query": WHOSE}, headers=asked_for)) == (403, "NO_ROLE")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic YTpi", "bearer x", "Token x.y.z"])
def test_without_a_token_nobody_is_let_in(secured: httpx.Client, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = secured.post("/graphql", json={"query": WHOSE}, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Bearer realm="stadtbuch"')
    assert "data" not in response.json()


def test_a_token_for_another_service_is_refused(secured: httpx.Client, provider: Provider) -> None:
    token = provider.signed_in("ada", client_id="another-service", **CLERK_CLAIMS)
    response = post(secured, token)
    assert code_of(response) == (401, "TOKEN_INVALID")
    assert 'error="invalid_token"' in response.headers["www-authenticate"]
    assert token not in response.text


def test_a_token_without_a_role_here_is_refused(secured: httpx.Client, provider: Provider) -> None:
    assert code_of(post(secured, provider.signed_in("eva", realm_access={"roles": []}))) == (403, "NO_ROLE")


def test_two_citizens_do_not_meet_at_one_idempotency_key(secured: httpx.Client, provider: Provider) -> None:
    claims: dict[str, Any] = {"realm_access": {"roles": ["Bürger"]}}
    given = {
        "idempotencyKey": "shared key",
        "product": "PROPERTY_MAP",
        "paperSize": "A4",
        "parcels": ["053110001000120003__"],
    }
    tokens = [provider.signed_in(subject, **claims) for subject in ("cem", "dana")]
    draft = f"mutation ($input: DraftOrderInput!) {{ done: draftOrder(input: $input) {{ {RECORDED} }} }}"
    done = [post(secured, token, draft, input=given).json()["data"]["done"] for token in tokens]
    assert len({each["commandId"] for each in done if each["__typename"] == "CommandSuccess"}) == 2, done

    # Each sees their own order, and neither of them the other's.
    shown = "query ($id: ID!, $at: BigInt) { record(id: $id, minPosition: $at) { kind order { stage } } }"
    for token, own in zip(tokens, done, strict=True):
        for other in done:
            answer = post(secured, token, shown, id=other["recordId"], at=other["position"]).json()
            is_own = other is own
            assert answer["data"]["record"] == ({"kind": "order", "order": {"stage": "DRAFT"}} if is_own else None)
            discard = "mutation ($input: DiscardDraftInput!) { done: discardDraft(input: $input) { __typename } }"
            if not is_own:
                asked = {"record": other["recordId"], "idempotencyKey": str(uuid4())}
                assert post(secured, token, discard, input=asked).json()["data"]["done"]["__typename"] == "NotFound"


def test_pages_of_listed_origins_may_ask_and_no_others(secured: httpx.Client) -> None:
    def allowed(origin: str) -> str | None:
        wanted = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = secured.options("/graphql", headers={**wanted, "Access-Control-Request-Headers": "authorization"})
        return dict(answer.headers).get("access-control-allow-origin")

    assert allowed("https://portal.stadt.example") == "https://portal.stadt.example"
    assert allowed("https://evil.example") is None
    answer = secured.post(
        "/graphql", headers={"Origin": "https://portal.stadt.example"}, json={"query": "{ __typename }"}
    )
    assert answer.headers["access-control-expose-headers"] == "Retry-After, traceresponse"


def test_while_the_provider_is_away_strangers_stay_out(
    api_database: Database, api_ledger: Ledger, issuer: Issuer
) -> None:
    issuer.status = 503
    where = {"oidc_issuer": issuer.address, "oidc_audience": AUDIENCE}
    with asking(api_database, api_ledger, **where) as client:
        response = post(client, issuer.token())
        assert code_of(response) == (503, "UNAVAILABLE")
        assert int(response.headers["retry-after"]) > 0


def test_with_a_provider_the_api_may_listen_for_others(
    api_database: Database, api_ledger: Ledger, issuer: Issuer
) -> None:
    create_app(Settings(host="0.0.0.0", oidc_issuer=issuer.address, oidc_audience=AUDIENCE), api_database, api_ledger)
    bind("0.0.0.0", 0, signed_in=True).close()
    with pytest.raises(NotLoopback):
        create_app(Settings(host="0.0.0.0"), api_database, api_ledger)


def test_a_token_for_development_is_good_where_it_was_made(
    api: Any, api_database: Database, api_ledger: Ledger, tmp_path: Path
) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "infra.cli", "token", "--role", "clerk", "--org-unit", "61", "--json"],
        check=True,
        env={**os.environ, "STADTBUCH_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    good = json.loads(made.stdout)["token"]
    key = next(tmp_path.iterdir())
    assert key.stat().st_mode & 0o077 == 0
    with asking(api_database, api_ledger, home=tmp_path) as client:
        assert define(client, good)["__typename"] == "CommandSuccess"
        assert code_of(post(client, good + "x")) == (401, "TOKEN_INVALID")
        expired = DevelopmentKeys(tmp_path).token("ada", -60, roles=["clerk"], org_unit="61")
        assert code_of(post(client, expired)) == (401, "TOKEN_EXPIRED")
        stranger = DevelopmentKeys(tmp_path / "..").token("ada", 60, roles=["clerk"], org_unit="61")
        assert code_of(post(client, stranger)) == (401, "TOKEN_INVALID")


@pytest.mark.parametrize(
    ("options", "environment", "says"),
    [
        (["--role", "clerk"], {}, "--org-unit"),
        (["--role", "admin"], {"STADTBUCH_ENV": "prod"}, "STADTBUCH_ENV"),
        (["--role", "admin"], {"STADTBUCH_HOST": "0.0.0.0"}, "STADTBUCH_HOST"),
        (
            ["--role", "admin"],
            {"STADTBUCH_OIDC_ISSUER": "https://id.example", "STADTBUCH_OIDC_AUDIENCE": "x"},
            "Tokens come from https://id.example",
        ),
        (["--role", "mayor"], {}, "mayor"),
    ],
    ids=str,
)
def test_a_token_for_development_is_refused_elsewhere(
    options: list[str], environment: dict[str, str], says: str, tmp_path: Path
) -> None:
    runner = CliRunner(env={"STADTBUCH_HOME": str(tmp_path / "home"), **environment})
    result = runner.invoke(cli, ["token", *options])
    assert result.exit_code == 2
    assert says in result.output
    assert not (tmp_path / "home").exists()
