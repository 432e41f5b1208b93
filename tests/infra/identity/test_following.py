"""Who follows over a WebSocket or by server-sent events has a token that holds, and goes when it holds no more."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from websockets.exceptions import ConnectionClosed, InvalidStatus

from infra.asgi.app import create_app
from infra.asgi.server import serving
from infra.database import Database
from infra.identity.tokens import LEEWAY_SECONDS
from infra.ledger import Ledger
from infra.settings import Settings
from tests.api import Api
from tests.graphql_api.following import Socket, connected
from tests.infra.identity.issuer import AUDIENCE, Issuer, issuing, rsa

pytestmark = [pytest.mark.database, pytest.mark.any_server]

PORTAL = "https://portal.stadt.example"
FOLLOW = "subscription { events(first: 1) { position } }"
SHORT_SECONDS = 2


def tampered(issuer: Issuer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{encoded(issuer.claims(roles=['admin']))}.{signature}"


def unsigned(issuer: Issuer) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'one', 'typ': 'JWT'})}.{encoded(issuer.claims())}."


def shared_secret(issuer: Issuer) -> str:
    public = issuer.keys[0].as_pem(private=False)  # type: ignore[union-attr]
    secret = OctKey.import_key(base64.urlsafe_b64encode(public).decode())
    return jwt.encode({"alg": "HS256", "kid": "one"}, issuer.claims(), secret, algorithms=["HS256"])


def encoded(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def short_lived(issuer: Issuer) -> str:
    """A token that counts for so many seconds, with the leeway that clocks are given."""
    return issuer.token(roles=["auditor"], exp=int(time.time()) - LEEWAY_SECONDS + SHORT_SECONDS)


BAD: dict[str, tuple[Callable[[Issuer], str], str]] = {
    "tampered": (tampered, "TOKEN_INVALID"),
    "expired": (lambda issuer: issuer.token(exp=int(time.time()) - LEEWAY_SECONDS - 1), "TOKEN_EXPIRED"),
    "another audience": (lambda issuer: issuer.token(aud="another-service"), "TOKEN_INVALID"),
    "another issuer": (lambda issuer: issuer.token(iss="https://other.example"), "TOKEN_INVALID"),
    "algorithm none": (unsigned, "TOKEN_INVALID"),
    "the public key as secret": (shared_secret, "TOKEN_INVALID"),
    "an algorithm not pinned": (lambda issuer: issuer.token(header={"alg": "PS384"}), "TOKEN_INVALID"),
    "an unknown kid": (lambda issuer: issuer.token(rsa("other")), "TOKEN_INVALID"),
    "somebody else's key": (lambda issuer: issuer.token(RSAKey.generate_key(2048, {"kid": "one"})), "TOKEN_INVALID"),
    "no role here": (lambda issuer: issuer.token(roles=["cook"]), "NO_ROLE"),
    "no token": (lambda issuer: "", "NOT_SIGNED_IN"),
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module")
def address(issuer: Issuer, api: Api, api_database: Database, api_ledger: Ledger) -> Iterator[str]:
    settings = Settings(
        env="prod", oidc_issuer=issuer.address, oidc_audience=AUDIENCE, cors_origins=(PORTAL,), trusted_only=()
    )
    with serving(create_app(settings, api_database, api_ledger)) as where:
        yield where


def closed(socket: Socket) -> tuple[int, str]:
    """How the server closes a connection: the code, and the reason."""
    with pytest.raises(ConnectionClosed) as caught:
        socket.receive()
    assert caught.value.rcvd is not None
    return caught.value.rcvd.code, caught.value.rcvd.reason


@pytest.mark.parametrize(("made", "code"), BAD.values(), ids=BAD.keys())
def test_a_token_that_proves_nothing_opens_no_connection(
    address: str, issuer: Issuer, made: Callable[[Issuer], str], code: str
) -> None:
    token = made(issuer)
    with connected(address) as socket:
        socket.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
        status, reason = closed(socket)
    assert (status, reason.partition(":")[0]) == (4403, code)
    assert not token or token[-20:] not in reason
    response = httpx.post(
        f"{address}/graphql",
        json={"query": FOLLOW},
        headers={"Authorization": f"Bearer {token}".strip(), "Accept": "text/event-stream"},
    )
    assert response.status_code in (401, 403)
    assert response.json()["errors"][0]["extensions"]["code"] == code


def test_who_has_a_token_follows_with_its_rights_and_no_others(address: str, issuer: Issuer, api: Api) -> None:
    assert api.plan_unit()
    for roles, code in ((["auditor"], None), (["citizen"], "FORBIDDEN")):
        with connected(address) as socket:
            socket.initialise({"Authorization": f"Bearer {issuer.token(roles=roles)}", "Stadtbuch-Actor": "x"})
            id_ = socket.subscribe('subscription { events(first: 1, after: "0") { position } }')
            if code is None:
                assert socket.next(id_)
            else:
                assert socket.error(id_)["extensions"]["code"] == code


def test_a_program_may_send_its_token_with_the_handshake(address: str, issuer: Issuer) -> None:
    headers = {"Authorization": f"Bearer {issuer.token(roles=['auditor'])}"}
    with connected(address, additional_headers=headers) as socket:
        socket.initialise()


def test_a_connection_ends_when_its_token_expires_and_the_token_opens_no_other(address: str, issuer: Issuer) -> None:
    token = short_lived(issuer)
    with connected(address) as socket:
        socket.initialise({"authorization": f"Bearer {token}"})
        socket.subscribe(FOLLOW)
        assert closed(socket) == (4403, "TOKEN_EXPIRED: The token has expired. Sign in again.")
    with connected(address) as replayed:
        replayed.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
        status, reason = closed(replayed)
    assert (status, reason.partition(":")[0]) == (4403, "TOKEN_EXPIRED")


def test_a_stream_of_events_ends_when_its_token_expires(address: str, issuer: Issuer) -> None:
    headers = {"Authorization": f"Bearer {short_lived(issuer)}", "Accept": "text/event-stream"}
    response = httpx.post(f"{address}/graphql", json={"query": FOLLOW}, headers=headers, timeout=30)
    assert response.status_code == 200
    told, complete = response.text.strip().split("\n\n")
    assert json.loads(told.partition("data: ")[2])["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"
    assert complete == "event: complete\ndata:"


def test_pages_connect_from_listed_origins_and_from_the_servers_own(address: str, issuer: Issuer) -> None:
    for origin in (PORTAL, address):
        with connected(address, origin=origin) as socket:
            socket.initialise({"authorization": f"Bearer {issuer.token(roles=['auditor'])}"})
    for origin in ("https://evil.example", "null", "https://portal.stadt.example.evil.example", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as caught, connected(address, origin=origin):
            pass
        assert caught.value.response.status_code == 403
        assert json.loads(caught.value.response.body or b"")["errors"][0]["extensions"]["code"] == "FOREIGN_ORIGIN"


def test_who_may_bring_no_document_of_their_own_may_not_here_either(
    issuer: Issuer, api: Api, api_database: Database, api_ledger: Ledger
) -> None:
    settings = Settings(env="prod", oidc_issuer=issuer.address, oidc_audience=AUDIENCE)
    query = 'subscription { record(id: "00000000-0000-0000-0000-000000000000") { position } }'
    bearer = f"Bearer {issuer.token()}"
    with serving(create_app(settings, api_database, api_ledger)) as where:
        with connected(where) as socket:
            socket.initialise({"authorization": bearer})
            assert socket.error(socket.subscribe(query))["extensions"]["code"] == "DOCUMENT_REQUIRED"
        headers = {"Authorization": bearer, "Accept": "text/event-stream"}
        response = httpx.post(f"{where}/graphql", json={"query": query}, headers=headers)
        assert response.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_REQUIRED"
