"""The public keys of an OpenID provider: discovered, cached, and fetched anew when it signs with one not seen yet."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import urllib3
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from domain.kernel import Message
from domain.requests import Unavailable
from infra.identity import trustworthy

LOG: Final = logging.getLogger("stadtbuch.identity")
FRESH_SECONDS: Final = 600.0
STALE_SECONDS: Final = 86_400.0
COOLDOWN_SECONDS: Final = 30.0
LARGEST_ANSWER: Final = 1024 * 1024
SMALLEST_RSA_BITS: Final = 2048

_UNREACHABLE: Final = Message(
    "Tokens cannot be checked now: the OpenID provider does not answer. Try again in a moment.",
    "Anmeldungen lassen sich gerade nicht prüfen: Der Anmeldedienst antwortet nicht. Bitte gleich noch einmal.",
)


class BadProvider(Exception):
    """The provider's answer cannot be used. The text says which and why."""


class Provider:
    """The signing keys of one issuer, by key id (OpenID Connect Discovery 1.0; JWK set: RFC 7517).

    Keys are fresh for ten minutes. A key id that is not among them has them fetched once more, at most every thirty
    seconds, so that strangers cannot make us call the provider at will. While the provider is down, keys that were
    seen within a day still count: nobody is locked out by its maintenance. Safe to share between threads.
    """

    def __init__(self, issuer: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        if not trustworthy(issuer):
            raise BadProvider(f"the issuer {issuer!r} is not an https address")
        self.issuer = issuer
        self._clock = clock
        self._http = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=3, read=5), retries=urllib3.Retry(1, redirect=False)
        )
        self._lock = threading.Lock()
        self._keys: Mapping[str | None, Key] = {}
        self._seen = self._tried = float("-inf")

    def known(self, kid: str | None) -> Key | None:
        """The key from memory, while it is fresh; None where `key` has to ask the provider."""
        return self._keys.get(kid) if self._clock() - self._seen < FRESH_SECONDS else None

    def key(self, kid: str | None) -> Key | None:
        """The key of this id, or None where the provider has none. May wait for the network. Raises Unavailable.

        Without an id it is the provider's only key; None where there are several.
        """
        with self._lock:
            key = self.known(kid)
            if key is None and self._clock() - self._tried >= COOLDOWN_SECONDS:
                self._refresh()
            if self._clock() - self._seen >= STALE_SECONDS:
                raise Unavailable(_UNREACHABLE)
            return self._keys.get(kid)

    def _refresh(self) -> None:
        self._tried = self._clock()
        try:
            found = self._fetch_keys()
        except (urllib3.exceptions.HTTPError, BadProvider) as error:
            LOG.warning("keys of the OpenID provider %s cannot be fetched: %s", self.issuer, error)
            return
        self._keys, self._seen = found, self._tried

    def _fetch_keys(self) -> Mapping[str | None, Key]:
        discovered = self._get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if discovered.get("issuer") != self.issuer:  # OpenID Connect Discovery 1.0, section 4.3
            raise BadProvider(f"it calls itself {discovered.get('issuer')!r}")
        address = discovered.get("jwks_uri")
        if not isinstance(address, str) or not trustworthy(address):
            raise BadProvider("it names no jwks_uri, or one that is not an https address")
        entries = self._get(address).get("keys")
        if not isinstance(entries, list):
            raise BadProvider("its key set has no list of keys")
        keys: dict[str | None, Key] = {}
        for entry in entries:
            key = _signing_key(entry)
            if key is not None:
                keys[entry.get("kid")] = key
        if not keys:
            raise BadProvider("its key set has no key that signatures can be checked with")
        if len(keys) == 1:
            keys[None] = next(iter(keys.values()))
        else:
            keys.pop(None, None)
        return keys

    def _get(self, address: str) -> dict[str, Any]:
        """A JSON object; nothing is followed elsewhere, and nothing large is read."""
        response = self._http.request("GET", address, preload_content=False, redirect=False)
        try:
            if response.status != 200:
                raise BadProvider(f"{address} answers {response.status}")
            body = response.read(LARGEST_ANSWER + 1)
        finally:
            response.release_conn()
        if len(body) > LARGEST_ANSWER:
            raise BadProvider(f"{address} answers more than 1 MB")
        try:
            content = json.loads(body)
        except ValueError as error:
            raise BadProvider(f"{address} does not answer JSON") from error
        if not isinstance(content, dict):
            raise BadProvider(f"{address} does not answer a JSON object")
        return content


def _signing_key(entry: Any) -> Key | None:
    """A public key that may check signatures. Others are left out: secrets above all, which no key set may hold."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or not isinstance(entry.get("kid"), str | None):
        return None
    if "d" in entry or "k" in entry:
        LOG.warning("the OpenID provider publishes a secret key, %r; it is not used", entry.get("kid"))
        return None
    # A character of base64url has six bits.
    if entry.get("kty") == "RSA" and len(str(entry.get("n"))) * 6 < SMALLEST_RSA_BITS:
        return None
    try:
        key = import_key(entry)
        return key if isinstance(key, ECKey | OKPKey | RSAKey) else None
    except (JoseError, ValueError, KeyError, TypeError):
        LOG.info("a key of the OpenID provider cannot be read; it is left out")
        return None
