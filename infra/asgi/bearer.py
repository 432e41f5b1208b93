"""Who is asking: the principal behind a request's bearer token, or, on this machine in development, its headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from math import inf
from typing import Final, NamedTuple

from domain.kernel import Authentication, Channel
from domain.requests import Principal, Unavailable
from domain.rights import ROLES
from infra.asgi.access import ROLE, Denied, development_principal
from infra.identity.development import ALGORITHM, AUDIENCE, DevelopmentKeys
from infra.identity.principals import Claims, NoRole, Pseudonyms
from infra.identity.provider import Provider
from infra.identity.tokens import LEEWAY_SECONDS, BadToken, Tokens
from infra.settings import Settings

Asked = Mapping[str, str]


class SignedIn(NamedTuple):
    """Who is asking, and until when they may without signing in again, in seconds of the epoch."""

    principal: Principal
    until: float


SignsIn = Callable[[Asked], Awaitable[SignedIn]]
WhoIsAsking = Callable[[Asked], Awaitable[Principal]]
FAR_AWAY: Final = 2**40

DEVELOPMENT: Final = Claims(
    roles="roles",
    org_unit="org_unit",
    role_of=ROLES,
    channel_of={channel.value: channel for channel in Channel},
)


def who_is_asking(settings: Settings, pseudonym: Pseudonyms, client: str) -> WhoIsAsking:
    """How requests are authenticated."""
    return principals(signing_in(settings, pseudonym, client))


def principals(sign_in: SignsIn) -> WhoIsAsking:
    """Who signs in, no matter for how long."""

    async def who(headers: Asked) -> Principal:
        return (await sign_in(headers)).principal

    return who


def signing_in(settings: Settings, pseudonym: Pseudonyms, client: str) -> SignsIn:
    """How requests are authenticated: by tokens of the provider that is set; without one, on this machine, by tokens
    of `stadtbuch token`, or by nothing but headers.
    """
    if settings.oidc_issuer is not None and settings.oidc_audience is not None:
        tokens = Tokens(Provider(settings.oidc_issuer), settings.oidc_audience, settings.oidc_algorithms)
        claims = Claims(
            roles=settings.oidc_roles_claim,
            org_unit=settings.oidc_org_unit_claim,
            role_of=settings.oidc_roles,
            channel_of=settings.oidc_channels,
            records=settings.oidc_records_claim,
        )
        return _Bearer(tokens, claims, pseudonym, client, Authentication.OIDC)
    signed = Tokens(DevelopmentKeys(settings.home), AUDIENCE, (ALGORITHM,))
    bearer = _Bearer(signed, DEVELOPMENT, pseudonym, client, Authentication.NONE_DEV)

    async def development(headers: Asked) -> SignedIn:
        if "authorization" in headers:
            return await bearer(headers)
        return SignedIn(development_principal(headers, client), inf)

    return development


class _Bearer:
    """Lets in who sends a token that holds (RFC 6750)."""

    def __init__(self, tokens: Tokens, claims: Claims, pseudonym: Pseudonyms, client: str, how: Authentication) -> None:
        self._tokens = tokens
        self._claims = claims
        self._pseudonym = pseudonym
        self._client = client
        self._how = how

    async def __call__(self, headers: Asked) -> SignedIn:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorised(
                "NOT_SIGNED_IN", "Sign in, and send the access token: `Authorization: Bearer TOKEN`.", None
            )
        try:
            claims = await self._tokens.claims(token.strip())
            principal = self._claims.principal(
                claims, self._pseudonym, wanted=headers.get(ROLE), client=self._client, how=self._how
            )
            return SignedIn(principal, min(claims["exp"], FAR_AWAY) + LEEWAY_SECONDS)
        except BadToken as error:
            raise _unauthorised(error.code, str(error), "invalid_token") from None
        except NoRole as error:
            raise Denied(403, "NO_ROLE", str(error)) from None
        except Unavailable as error:
            raise Denied(503, "UNAVAILABLE", error.message.en, {"Retry-After": "30"}) from None


def _unauthorised(code: str, message: str, error: str | None) -> Denied:
    challenge = 'Bearer realm="stadtbuch"' + ("" if error is None else f', error="{error}"')
    return Denied(401, code, message, {"WWW-Authenticate": challenge})
