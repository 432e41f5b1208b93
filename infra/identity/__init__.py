"""Who is asking: bearer tokens of an OpenID provider, checked and turned into principals."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from infra.loopback import is_loopback

# Asymmetric ones only (RFC 8725, section 3.2): with a shared secret whoever checks tokens could also make them.
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)


def trustworthy(address: str) -> bool:
    """Whether what is fetched there comes from who it says: by https, or from this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
