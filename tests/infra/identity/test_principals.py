"""From claims to principals: roles, units, channels, pseudonyms."""

from hashlib import sha256
from typing import Any

import pytest

from domain.kernel import Authentication, Channel
from domain.requests import Principal, Request, actor_of
from domain.rights import Role
from infra.identity.principals import Claims, NoRole
from tests.database import CLERK

CLAIMS = Claims(
    roles="realm.roles",
    org_unit="unit",
    role_of={"Sachbearbeitung": Role.CLERK, "Bürger": Role.CITIZEN, "Rechnungsprüfung": Role.AUDITOR},
    channel_of={"portal": Channel.SERVICE_PORTAL, "kiosk": Channel.TERMINAL, "desk": Channel.STAFF},
)


def pseudonym(purpose: str, text: str) -> str:
    return sha256(f"{purpose} {text}".encode()).hexdigest()


def who(*roles: str, wanted: str | None = None, **changes: Any) -> Principal:
    claims = {"iss": "https://id.example", "sub": "ada", "realm": {"roles": list(roles)}, "unit": "63"} | changes
    return CLAIMS.principal(claims, pseudonym, wanted=wanted, client="tests/1", how=Authentication.OIDC)


def test_a_clerk_is_a_pseudonym_with_a_unit() -> None:
    clerk = who("Sachbearbeitung")
    assert (clerk.role, clerk.org_unit, clerk.channel) == ("clerk", "63", Channel.STAFF)
    assert (clerk.person, clerk.counted_by, clerk.deputising_for) == (None, None, None)
    assert clerk == who("Sachbearbeitung")
    assert clerk.actor != who("Sachbearbeitung", sub="bob").actor
    assert clerk.actor != who("Sachbearbeitung", iss="https://other.example").actor


def test_a_citizen_is_the_channel_and_the_person_is_sealed() -> None:
    ada, bob = who("Bürger", azp="kiosk"), who("Bürger", azp="kiosk", sub="bob")
    assert ada.actor == bob.actor == actor_of(Channel.TERMINAL)
    assert (ada.person, bob.person) == ("ada", "bob")
    assert who("Bürger").channel is Channel.SERVICE_PORTAL


def test_two_citizens_may_use_the_same_idempotency_key() -> None:
    def command_of(principal: Principal) -> Any:
        return Request(command=object(), principal=principal, idempotency_key="1").command_id  # type: ignore[arg-type]

    ada, bob = who("Bürger", azp="kiosk"), who("Bürger", azp="kiosk", sub="bob")
    assert command_of(ada) == command_of(who("Bürger", azp="kiosk"))
    assert len({command_of(ada), command_of(bob), command_of(CLERK)}) == 3


def test_a_deputy_names_whom_they_stand_for() -> None:
    deputy = who("Sachbearbeitung", deputising_for="bob")
    assert deputy.deputising_for == who("Sachbearbeitung", sub="bob").actor
    assert who("Bürger", deputising_for="bob").deputising_for is None, "citizens act for themselves"


def test_one_of_several_roles_is_picked() -> None:
    assert who("Sachbearbeitung", "Rechnungsprüfung", wanted="auditor").role == "auditor"
    with pytest.raises(NoRole, match="Stadtbuch-Role which: auditor, clerk"):
        who("Sachbearbeitung", "Rechnungsprüfung")
    with pytest.raises(NoRole, match="does not give"):
        who("Sachbearbeitung", wanted="admin")


@pytest.mark.parametrize("roles", [(), ("Köchin",), ("clerk",)])
def test_a_token_without_a_role_here_lets_nobody_in(roles: tuple[str, ...]) -> None:
    with pytest.raises(NoRole, match="no role in Stadtbuch"):
        who(*roles)


@pytest.mark.parametrize(
    "claim", [{"realm": None}, {"realm": {}}, {"realm": {"roles": {"clerk": True}}}, {"realm": {"roles": [7]}}]
)
def test_roles_in_another_form_are_none(claim: dict[str, Any]) -> None:
    with pytest.raises(NoRole):
        who(**claim)


@pytest.mark.parametrize("unit", [None, "", "a b", "ö", 63, ["63"], "x" * 65])
def test_a_clerk_without_a_sound_unit_is_not_let_in(unit: Any) -> None:
    with pytest.raises(NoRole, match="unit"):
        who("Sachbearbeitung", unit=unit)


def test_an_auditor_needs_no_unit() -> None:
    assert who("Rechnungsprüfung", unit=None).org_unit == "-"


def test_citizens_do_not_come_in_by_the_desks_client() -> None:
    with pytest.raises(NoRole, match="not by this client"):
        who("Bürger", azp="desk")
