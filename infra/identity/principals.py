"""From the claims of a token to the principal whose commands are recorded: roles, unit, channel and pseudonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.kernel import Authentication, Channel
from domain.requests import Principal, actor_of
from domain.rights import Role


class NoRole(Exception):
    """The token holds, but gives no role here, or leaves open which. The text says what to do."""


NO_UNIT: Final = "-"
CITIZENS: Final = (Channel.SERVICE_PORTAL, Channel.CHATBOT, Channel.TERMINAL, Channel.ONLINE_SHOP)
"""The ways in which citizens come in; what comes by another counts as the staff's, or as the ledger's own."""
UNIT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,63}", re.ASCII)
"""What the name of a unit may be."""
ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
"""A uuid as callers write it."""

Pseudonyms = Callable[[str, str], str]
"""A keyed hash of a text for a purpose, 64 hex digits: whoever lacks the ledger's secret cannot find the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Where a token says what. `roles` and `org_unit` are dotted paths; `role_of` maps the provider's role names to
    ours, `channel_of` its clients (`azp`, else `client_id`) to the way their commands come in. `records` is the dotted
    path to the ids of records that are a citizen's own.
    """

    roles: str
    org_unit: str
    role_of: Mapping[str, Role]
    channel_of: Mapping[str, Channel]
    records: str = "records"

    def principal(
        self, claims: Mapping[str, Any], pseudonym: Pseudonyms, *, wanted: str | None, client: str, how: Authentication
    ) -> Principal:
        """The principal of a checked token. `wanted` picks one of several roles. Raises NoRole.

        The actor is a pseudonym of issuer and subject. A citizen is recorded as the channel's fixed uuid with the
        subject in the sealed person, and their idempotency keys are counted apart from every other citizen's.
        """
        role = self._role(claims, wanted)
        channel = self._channel(claims, role)

        def actor(subject: str) -> UUID:
            return uuid5(NAMESPACE_URL, pseudonym("actor", f"{claims['iss']}\n{subject}"))

        own = actor(claims["sub"])
        deputy_of = claims.get("deputising_for")
        unit = _at(claims, self.org_unit)
        if role is Role.CLERK and unit is None:
            raise NoRole(f"A clerk belongs to a unit, and the token has no claim `{self.org_unit}`. Ask the operators.")
        if unit is not None and not (isinstance(unit, str) and UNIT.fullmatch(unit)):
            raise NoRole(f"The token's claim `{self.org_unit}` is no unit: letters, digits and . / _ - only.")
        citizen = role is Role.CITIZEN
        return Principal(
            actor=actor_of(channel) if citizen else own,
            role=role.value,
            org_unit=unit or NO_UNIT,
            authentication=how,
            channel=channel,
            client=client,
            deputising_for=actor(deputy_of) if isinstance(deputy_of, str) and deputy_of and not citizen else None,
            person=claims["sub"] if citizen else None,
            counted_by=own if citizen else None,
            records=self._records(claims) if citizen else frozenset(),
        )

    def _records(self, claims: Mapping[str, Any]) -> frozenset[UUID]:
        """The records that the token names as the citizen's own. Raises NoRole for what is no list of ids."""
        named = _at(claims, self.records)
        if named is None:
            return frozenset()
        if not isinstance(named, list) or not all(isinstance(id_, str) and ID.fullmatch(id_) for id_ in named):
            raise NoRole(f"The token's claim `{self.records}` is no list of record ids (uuids). Ask the operators.")
        return frozenset(map(UUID, named))

    def _role(self, claims: Mapping[str, Any], wanted: str | None) -> Role:
        named = _at(claims, self.roles)
        names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
        granted = {self.role_of[name] for name in names if isinstance(name, str) and name in self.role_of}
        if not granted:
            raise NoRole(f"The token gives no role in Stadtbuch (claim `{self.roles}`). Ask the operators for one.")
        if wanted is not None:
            if wanted not in granted:
                raise NoRole(
                    f"The token does not give the role that Stadtbuch-Role asks for; it gives {_list(granted)}."
                )
            return Role(wanted)
        if len(granted) > 1:
            raise NoRole(f"The token gives several roles; say with the header Stadtbuch-Role which: {_list(granted)}.")
        return granted.pop()

    def _channel(self, claims: Mapping[str, Any], role: Role) -> Channel:
        came_by = claims.get("azp", claims.get("client_id"))
        channel = self.channel_of.get(came_by) if isinstance(came_by, str) else None
        if channel is None:
            return Channel.SERVICE_PORTAL if role is Role.CITIZEN else Channel.STAFF
        if role is Role.CITIZEN and channel not in CITIZENS:
            raise NoRole("Citizens come in by the portal, the chatbot, a terminal or the shop, and not by this client.")
        return channel


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of nested claims, such as `realm_access.roles`; None where there is none."""
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _list(roles: set[Role]) -> str:
    return ", ".join(sorted(roles))
