"""Tokens that prove nothing: forged, expired, for somebody else, signed another way, or no tokens at all."""

import base64
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from infra.identity.provider import Provider
from infra.identity.tokens import LARGEST_TOKEN, LEEWAY_SECONDS, BadToken, Tokens
from tests.infra.identity.issuer import AUDIENCE, Issuer, rsa

pytestmark = pytest.mark.anyio

LATER = 4_102_444_800  # the year 2100


def tokens(issuer: Issuer) -> Tokens:
    return Tokens(Provider(issuer.address), AUDIENCE, ("RS256", "ES256", "Ed25519"))


async def refusal(issuer: Issuer, token: str) -> BadToken:
    with pytest.raises(BadToken) as caught:
        await tokens(issuer).claims(token)
    assert token[-20:] not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "key",
    [
        rsa("r"),
        ECKey.generate_key("P-256", {"kid": "e"}),
        OKPKey.generate_key("Ed25519", {"kid": "o"}),
    ],
    ids=lambda key: key.key_type,
)
async def test_a_sound_token_says_who_it_is(issuer: Issuer, key: Key) -> None:
    issuer.keys = [key]
    assert (await tokens(issuer).claims(issuer.token()))["sub"] == "ada"


async def test_an_audience_among_several_and_the_type_of_access_tokens_are_taken(issuer: Issuer) -> None:
    claims = await tokens(issuer).claims(issuer.token(aud=["other", AUDIENCE], header={"typ": "at+jwt"}))
    assert claims["aud"] == ["other", AUDIENCE]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"iss": "https://other.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "other"}, "aud"),
        ({"aud": ["other"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": 7}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"nbf": LATER}, "nbf"),
        ({"iat": LATER}, "iat"),
    ],
    ids=str,
)
async def test_a_token_with_a_claim_that_does_not_hold_is_refused(
    issuer: Issuer, changes: dict[str, Any], names: str
) -> None:
    error = await refusal(issuer, issuer.token(**changes))
    assert (error.code, f"`{names}`" in str(error)) == ("TOKEN_INVALID", True), str(error)


async def test_an_expired_token_says_so(issuer: Issuer) -> None:
    now = int(time.time())
    assert (await refusal(issuer, issuer.token(exp=now - LEEWAY_SECONDS - 1))).code == "TOKEN_EXPIRED"
    assert await tokens(issuer).claims(issuer.token(exp=now - LEEWAY_SECONDS // 2)), "clocks differ a little"


async def test_a_token_that_was_changed_after_signing_is_refused(issuer: Issuer) -> None:
    header, _, signature = issuer.token().split(".")
    forged = base64.urlsafe_b64encode(json.dumps(issuer.claims(roles=["admin"])).encode()).decode().rstrip("=")
    assert "signature" in str(await refusal(issuer, f"{header}.{forged}.{signature}"))


async def test_a_token_of_somebody_elses_key_under_our_providers_id_is_refused(issuer: Issuer) -> None:
    assert "signature" in str(await refusal(issuer, issuer.token(RSAKey.generate_key(2048, {"kid": "one"}))))


async def test_a_key_the_provider_does_not_have_is_refused(issuer: Issuer) -> None:
    assert "key" in str(await refusal(issuer, issuer.token(rsa("other"))))


async def test_a_token_without_signature_is_refused(issuer: Issuer) -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one","typ":"JWT"}').decode().rstrip("=")
    claims = base64.urlsafe_b64encode(json.dumps(issuer.claims()).encode()).decode().rstrip("=")
    await refusal(issuer, f"{head}.{claims}.")


async def test_the_public_key_is_no_shared_secret(issuer: Issuer) -> None:
    public = issuer.keys[0].as_pem(private=False)  # type: ignore[union-attr]
    secret = OctKey.import_key(base64.urlsafe_b64encode(public).decode())
    forged = jwt.encode({"alg": "HS256", "kid": "one"}, issuer.claims(), secret, algorithms=["HS256"])
    assert "not signed with" in str(await refusal(issuer, forged))


async def test_an_algorithm_that_is_not_pinned_is_refused_though_its_signature_holds(issuer: Issuer) -> None:
    assert "not signed with" in str(await refusal(issuer, issuer.token(header={"alg": "PS256"})))


async def test_a_token_of_another_type_is_refused(issuer: Issuer) -> None:
    assert "typ" in str(await refusal(issuer, issuer.token(header={"typ": "logout+jwt"})))


NO_TOKENS = ["", ".", "..", "a.b.c", "é.é.é", "e30.e30.e30", "W10.e30.", "bnVsbA.bnVsbA.bnVsbA", "a" * 4000 + ".b.c"]


@pytest.mark.parametrize("token", [*NO_TOKENS, "x" * (LARGEST_TOKEN + 1)], ids=lambda token: repr(token[:12]))
async def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    with pytest.raises(BadToken):
        await tokens(issuer).claims(token)
    assert issuer.asked == [], "nobody is asked about a token that names no key"


def test_algorithms_with_a_shared_secret_cannot_be_pinned(issuer: Issuer) -> None:
    for algorithms in [("HS256",), ("none",), ()]:
        with pytest.raises(ValueError, match="algorithms"):
            Tokens(Provider(issuer.address), AUDIENCE, algorithms)


async def test_the_signature_of_a_token_is_checked_once_and_its_times_always(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = int(time.time())
    clock = [now]
    checked = Tokens(Provider(issuer.address), AUDIENCE, ("RS256",), clock=lambda: clock[0])
    token = issuer.token(exp=now + 60)
    assert (await checked.claims(token))["sub"] == "ada"
    with monkeypatch.context() as without:
        without.delattr("joserfc.jwt.decode")
        assert (await checked.claims(token))["sub"] == "ada"
        with pytest.raises(AttributeError):
            await checked.claims(issuer.token(exp=now + 61))
    clock[0] = now + 60 + LEEWAY_SECONDS + 1
    with pytest.raises(BadToken) as caught:
        await checked.claims(token)
    assert caught.value.code == "TOKEN_EXPIRED"


async def test_a_token_that_was_taken_is_refused_once_its_key_is_withdrawn(issuer: Issuer) -> None:
    at = [0.0]
    checked = Tokens(Provider(issuer.address, clock=lambda: at[0]), AUDIENCE, ("RS256",))
    token = issuer.token()
    await checked.claims(token)
    issuer.keys = [rsa("two")]
    at[0] = 601.0
    with pytest.raises(BadToken, match="does not have"):
        await checked.claims(token)


async def test_tokens_that_were_taken_fill_no_memory(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.identity.tokens.MOST_HELD", 2)
    checked = tokens(issuer)
    for subject in ("ada", "grace", "emmy"):
        await checked.claims(issuer.token(sub=subject))
    assert len(checked._held) == 2
