"""The keys of a provider: fetched once, again for an unknown id but not at strangers' will, and kept over an outage."""

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from domain.requests import Unavailable
from infra.identity import provider as module
from infra.identity.provider import COOLDOWN_SECONDS, FRESH_SECONDS, STALE_SECONDS, BadProvider, Provider
from tests.infra.identity.issuer import Issuer, rsa

BOTH = ["/.well-known/openid-configuration", "/keys"]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_keys_are_fetched_once_while_they_are_fresh(issuer: Issuer, clock: Clock) -> None:
    provider = Provider(issuer.address, clock=clock)
    assert provider.known("one") is None
    assert issuer.asked == []
    found = provider.key("one")
    assert found is not None
    assert found.thumbprint() == issuer.keys[0].thumbprint()
    assert found.is_private is False
    clock.now += FRESH_SECONDS - 1
    assert provider.known("one") is found
    assert provider.key("one") is found
    assert issuer.asked == BOTH
    clock.now += 2
    assert provider.known("one") is None
    assert provider.key("one") is not None
    assert issuer.asked == BOTH * 2


def test_a_new_key_is_found_when_a_token_names_it(issuer: Issuer, clock: Clock) -> None:
    provider = Provider(issuer.address, clock=clock)
    provider.key("one")
    issuer.keys = [rsa("two")]
    clock.now += COOLDOWN_SECONDS
    assert provider.key("two") is not None
    assert provider.key("one") is None, "what the provider has withdrawn counts no more"


def test_strangers_cannot_make_us_ask_at_will(issuer: Issuer, clock: Clock) -> None:
    provider = Provider(issuer.address, clock=clock)
    for number in range(50):
        assert provider.key(f"made up {number}") is None
    assert issuer.asked == BOTH


def test_an_outage_of_the_provider_locks_nobody_out_for_a_day(issuer: Issuer, clock: Clock) -> None:
    provider = Provider(issuer.address, clock=clock)
    provider.key("one")
    issuer.status = 500
    clock.now += STALE_SECONDS - 1
    assert provider.key("one") is not None
    clock.now += 2
    with pytest.raises(Unavailable, match="does not answer"):
        provider.key("one")
    issuer.status = 200
    clock.now += COOLDOWN_SECONDS
    assert provider.key("one") is not None


def test_without_any_key_ever_seen_tokens_cannot_be_checked(clock: Clock) -> None:
    with pytest.raises(Unavailable):
        Provider("http://127.0.0.1:9", clock=clock).key("one")


@pytest.mark.parametrize(
    "change",
    [
        {"named": "http://127.0.0.1/another"},
        {"jwks_uri": "http://stadt.example/keys"},
        {"jwks_uri": None},
        {"published": []},
        {"published": "keys"},
        {"raw": b"<html>"},
        {"raw": b"[]"},
        {"raw": b" " * (module.LARGEST_ANSWER + 1)},
        {"status": 302, "location": "http://127.0.0.1:9/"},
        {"status": 404},
    ],
    ids=str,
)
def test_what_is_no_provider_gives_no_keys(issuer: Issuer, clock: Clock, change: dict[str, Any]) -> None:
    for name, value in change.items():
        setattr(issuer, name, value)
    with pytest.raises(Unavailable):
        Provider(issuer.address, clock=clock).key("one")


def test_keys_that_must_not_check_signatures_are_left_out(issuer: Issuer, clock: Clock) -> None:
    secret = OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True)
    leaked = rsa("leaked").as_dict(private=True)
    weak = rsa("weak").as_dict(private=False)
    weak["n"] = str(weak["n"])[:171]  # 1,024 bits
    sealing = RSAKey.generate_key(2048, {"kid": "sealing", "use": "enc"}).as_dict(private=False)
    sound = ECKey.generate_key("P-256", {"kid": "sound"}).as_dict(private=False)
    issuer.published = [secret, leaked, weak, sealing, {"kty": "new"}, {}, "no key", sound]  # type: ignore[list-item]
    provider = Provider(issuer.address, clock=clock)
    assert provider.key("sound") is not None
    assert [kid for kid in ("shared", "leaked", "weak", "sealing") if provider.key(kid)] == []


def test_a_token_that_names_no_key_means_the_only_one(issuer: Issuer, clock: Clock) -> None:
    assert Provider(issuer.address, clock=clock).key(None) is not None
    issuer.keys.append(ECKey.generate_key("P-256", {"kid": "two"}))
    assert Provider(issuer.address, clock=clock).key(None) is None


@pytest.mark.parametrize(
    "address", ["http://stadt.example", "ftp://127.0.0.1", "https://", "https://a@b", "stadt", "http://[::1"]
)
def test_an_issuer_that_anyone_could_stand_in_for_is_refused(address: str) -> None:
    with pytest.raises(BadProvider, match="https"):
        Provider(address)
