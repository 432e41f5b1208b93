"""Who is asking while no authentication is configured: a development principal, on this machine only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from domain.kernel import Authentication, Channel
from domain.requests import Principal, actor_of
from domain.rights import Role, role_of
from infra.identity.principals import CITIZENS, ID, UNIT
from infra.loopback import is_loopback

ACTOR: Final = "Stadtbuch-Actor"
ROLE: Final = "Stadtbuch-Role"
ORG_UNIT: Final = "Stadtbuch-Org-Unit"
CHANNEL: Final = "Stadtbuch-Channel"
DEPUTISING_FOR: Final = "Stadtbuch-Deputising-For"
RECORDS: Final = "Stadtbuch-Records"
LARGEST_BODY: Final = 256 * 1024
_PROXIED: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
MOST_NAMES: Final = 64
"""Names of this machine that are remembered; a caller may make up any."""
DEVELOPER: Final = UUID("00000000-0000-4000-8000-000000000010")


class NotLoopback(Exception):
    """Without authentication the server would answer strangers."""


class CannotListen(Exception):
    """The address cannot be listened on. The text says why and what to do."""


class Denied(Exception):
    """A request that is not let in. The text says why and what to do; `headers` go with the answer."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


def check_loopback(host: str) -> None:
    """Raises NotLoopback for an address that other machines can reach."""
    if not is_loopback(host):
        raise NotLoopback(
            f"No authentication is configured, so the server listens on this machine only, not on {host}: anyone who "
            "reaches it may read and record everything. Set STADTBUCH_HOST to 127.0.0.1, and reach it from elsewhere "
            "by an SSH tunnel. (Ohne eingerichtete Anmeldung ist der Dienst nur lokal erreichbar.)"
        )


def check_origin(headers: Mapping[str, str]) -> None:
    """Raises Denied where a page of another site is behind the request, also one that rebound its name to this machine,
    or another machine, by a proxy on this one.

    Browsers send the name they resolved as Host, and the page's own origin where it is another.
    """
    host = headers.get("host", "")
    if not _named_loopback(f"//{host}"):
        raise Denied(403, "FOREIGN_HOST", "Call the server by a name of this machine, such as http://127.0.0.1:8321.")
    if not _PROXIED.isdisjoint(headers.keys()):
        raise Denied(403, "PROXIED", "What comes through a proxy comes from anywhere: set STADTBUCH_OIDC_ISSUER first.")
    origin = headers.get("origin")
    if origin is not None and not _named_loopback(origin):
        raise Denied(403, "FOREIGN_ORIGIN", "Pages of other sites may not ask this server.")


@lru_cache(MOST_NAMES)
def _named_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.username is None and is_loopback(parts.hostname or "")
    except ValueError:
        return False


def development_principal(headers: Mapping[str, str], client: str) -> Principal:
    """The principal that the Stadtbuch-* headers describe, or a clerk. Raises Denied for a malformed header, and for a
    citizen who would count as staff.

    A citizen is recorded as one who signed in would be: as the channel's uuid, with the actor in the sealed person.
    """
    actor, deputised = _person(headers, ACTOR) or DEVELOPER, _person(headers, DEPUTISING_FOR)
    role = headers.get(ROLE, Role.CLERK)
    if role_of(role) is None:
        raise _malformed(ROLE, f"one of {', '.join(Role)}")
    citizen = role == Role.CITIZEN
    channel = headers.get(CHANNEL, Channel.SERVICE_PORTAL if citizen else Channel.STAFF)
    if channel not in Channel.__members__:
        raise _malformed(CHANNEL, f"one of {', '.join(Channel.__members__)}")
    if citizen and channel not in CITIZENS:
        raise _malformed(CHANNEL, f"one of {', '.join(CITIZENS)} from a citizen: {channel} is not a citizen's way in")
    if citizen and deputised is not None:
        raise _malformed(DEPUTISING_FOR, "nothing from a citizen: citizens act for themselves")
    return Principal(
        actor=actor_of(Channel(channel)) if citizen else actor,
        person=str(actor) if citizen else None,
        counted_by=actor if citizen else None,
        records=_records(headers) if citizen else frozenset(),
        deputising_for=deputised,
        role=role,
        org_unit=_checked(headers, ORG_UNIT, "10", UNIT, "letters, digits and . / _ -"),
        authentication=Authentication.NONE_DEV,
        channel=Channel(channel),
        client=client,
    )


def _records(headers: Mapping[str, str]) -> frozenset[UUID]:
    named = [each.strip() for each in headers.get(RECORDS, "").split(",") if each.strip()]
    if not all(map(ID.fullmatch, named)):
        raise _malformed(RECORDS, "the ids (uuids) of a citizen's own records, with commas between them")
    return frozenset(map(UUID, named))


def _person(headers: Mapping[str, str], name: str) -> UUID | None:
    value = headers.get(name)
    if value is not None and not ID.fullmatch(value):
        raise _malformed(name, "a uuid, the pseudonym of a person")
    return None if value is None else UUID(value)


def _checked(headers: Mapping[str, str], name: str, default: str, pattern: re.Pattern[str], takes: str) -> str:
    value = headers.get(name, default)
    if not pattern.fullmatch(value):
        raise _malformed(name, takes)
    return value


def _malformed(name: str, takes: str) -> Denied:
    return Denied(400, "BAD_HEADER", f"The header {name} takes {takes}.")
