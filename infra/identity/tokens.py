"""Bearer tokens: signature, issuer, audience and times, checked before a claim is believed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import Key

from infra.identity import ALGORITHMS

LARGEST_TOKEN: Final = 16 * 1024
LEEWAY_SECONDS: Final = 30
TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})
MOST_HELD: Final = 4_096


class BadToken(Exception):
    """A token that proves nothing. `code` is TOKEN_INVALID or TOKEN_EXPIRED; the text quotes nothing of the token."""

    def __init__(self, message: str, code: str = "TOKEN_INVALID") -> None:
        super().__init__(message)
        self.code = code


class Keys(Protocol):
    """Where the keys of an issuer come from. `known` never waits; `key` may."""

    issuer: str

    def known(self, kid: str | None) -> Key | None: ...
    def key(self, kid: str | None) -> Key | None: ...


class _Held(NamedTuple):
    """A token whose signature was found good by a key."""

    kid: str | None
    key: Key
    claims: dict[str, Any]


class Tokens:
    """Checks the tokens of one issuer for one audience, signed with one of the named algorithms and no other.

    A signature is checked once as long as its key is in use; the claims, with the times, at every request.
    """

    def __init__(
        self,
        keys: Keys,
        audience: str,
        algorithms: tuple[str, ...],
        *,
        clock: Callable[[], int] | None = None,
    ) -> None:
        unfit = [name for name in algorithms if name not in ALGORITHMS]
        if unfit or not algorithms:
            raise ValueError(
                f"algorithms for tokens are among {', '.join(ALGORITHMS)}, not {', '.join(unfit) or 'none'}"
            )
        self._keys = keys
        self._algorithms = algorithms
        self._claims = jwt.JWTClaimsRegistry(
            now=clock,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": keys.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._held: OrderedDict[bytes, _Held] = OrderedDict()

    async def claims(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that holds. Raises BadToken, and Unavailable while its key cannot be fetched."""
        if len(token) > LARGEST_TOKEN:
            raise BadToken("The token is longer than 16 KB.")
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        held = self._held.get(digest)
        if held is not None and self._keys.known(held.kid) is held.key:
            return self._valid(held.claims)
        kid = self._kid(token)
        key = self._keys.known(kid)
        if key is None:
            key = await asyncio.to_thread(self._keys.key, kid)
        if key is None:
            raise BadToken("The token is signed with a key that the OpenID provider does not have.")
        claims = self._valid(self._signed(token, key))
        self._held[digest] = _Held(kid, key, claims)
        if len(self._held) > MOST_HELD:
            self._held.popitem(last=False)
        return claims

    def _kid(self, token: str) -> str | None:
        """The key id that a token names. Nothing else of the header is believed before the signature is checked."""
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            raise BadToken("The token is no signed JSON Web Token (RFC 7519).") from None
        kid = header.get("kid")
        if header.get("alg") not in self._algorithms:
            raise BadToken(f"The token is not signed with {' or '.join(self._algorithms)}.")
        if str(header.get("typ", "JWT")).lower() not in TYPES or not isinstance(kid, str | None):
            raise BadToken("The token is not one for access: its `typ` is neither JWT nor at+jwt.")
        return kid

    def _signed(self, token: str, key: Key) -> dict[str, Any]:
        """The claims of a token that is signed with the key. Raises BadToken."""
        try:
            return jwt.decode(token, key, algorithms=list(self._algorithms)).claims
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise BadToken(f"The token does not hold: {_reason(error)}.") from None

    def _valid(self, claims: dict[str, Any]) -> dict[str, Any]:
        """The same claims, where they are for us and of now. Raises BadToken."""
        try:
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise BadToken("The token has expired. Sign in again.", "TOKEN_EXPIRED") from None
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            # joserfc's texts name the claim and never its value.
            raise BadToken(f"The token does not hold: {_reason(error)}.") from None
        if not claims["sub"] or len(claims["sub"]) > 255:
            raise BadToken("The token does not hold: its `sub` is empty or longer than 255 characters.")
        return claims


def _reason(error: Exception) -> str:
    claim = getattr(error, "claim", None)
    if isinstance(claim, str):
        return f"its `{claim}` is missing or not the expected one"
    return "its signature or form is wrong"
