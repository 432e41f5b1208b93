"""Who is let in while no authentication is configured: this machine, by its own name, as a development principal."""

from uuid import UUID

import pytest

from domain.kernel import Authentication, Channel
from domain.requests import actor_of
from infra.asgi.access import (
    DEVELOPER,
    Denied,
    NotLoopback,
    check_loopback,
    check_origin,
    development_principal,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST"])
def test_this_machine_may_be_listened_on(host: str) -> None:
    check_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "stadt.example", "localhost.example", "", "127.1"])
def test_an_address_that_others_reach_is_refused_with_what_to_do(host: str) -> None:
    with pytest.raises(NotLoopback, match="STADTBUCH_HOST"):
        check_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost", "localhost:1", "[::1]:8321", "127.0.0.2:80"])
def test_a_request_by_a_name_of_this_machine_is_let_in(host: str) -> None:
    check_origin({"host": host})
    check_origin({"host": host, "origin": f"http://{host}"})


@pytest.mark.parametrize(
    "host",
    ["", "stadt.example", "127.0.0.1.stadt.example", "a@127.0.0.1", "stadt.example:8321", "[::1", "a:b:c"],
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(host: str) -> None:
    with pytest.raises(Denied) as denied:
        check_origin({"host": host})
    assert (denied.value.status, denied.value.code) == (403, "FOREIGN_HOST")


@pytest.mark.parametrize("origin", ["null", "https://stadt.example", "http://127.0.0.1.stadt.example", "file://", ""])
def test_a_page_of_another_site_is_refused(origin: str) -> None:
    with pytest.raises(Denied) as denied:
        check_origin({"host": "127.0.0.1:8321", "origin": origin})
    assert (denied.value.status, denied.value.code) == (403, "FOREIGN_ORIGIN")


def test_without_headers_a_clerk_is_asking() -> None:
    principal = development_principal({}, "tests/1")
    assert (principal.actor, principal.role, principal.org_unit) == (DEVELOPER, "clerk", "10")
    assert (principal.authentication, principal.channel) == (Authentication.NONE_DEV, Channel.STAFF)
    assert principal.client == "tests/1"


def test_a_citizen_in_headers_is_recorded_as_one_who_signed_in() -> None:
    actor, card = "00000000-0000-4000-8000-000000000099", "00000000-0000-4000-8000-000000000097"
    headers = {"Stadtbuch-Actor": actor, "Stadtbuch-Role": "citizen", "Stadtbuch-Records": f"{card}, {actor}"}
    principal = development_principal(headers, "tests/1")
    assert (principal.actor, principal.channel) == (actor_of(Channel.SERVICE_PORTAL), Channel.SERVICE_PORTAL)
    assert (principal.person, principal.counted_by) == (actor, UUID(actor))
    assert principal.records == {UUID(card), UUID(actor)}


def test_headers_describe_another_principal() -> None:
    principal = development_principal(
        {
            "Stadtbuch-Actor": "00000000-0000-4000-8000-000000000099",
            "Stadtbuch-Role": "auditor",
            "Stadtbuch-Org-Unit": "14/2",
            "Stadtbuch-Channel": "TERMINAL",
            "Stadtbuch-Deputising-For": "00000000-0000-4000-8000-000000000098",
        },
        "tests/1",
    )
    assert principal.actor == UUID("00000000-0000-4000-8000-000000000099")
    assert principal.deputising_for == UUID("00000000-0000-4000-8000-000000000098")
    assert (principal.role, principal.org_unit, principal.channel) == ("auditor", "14/2", Channel.TERMINAL)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Stadtbuch-Actor", "somebody"),
        ("Stadtbuch-Actor", "00000000000040008000000000000099"),
        ("Stadtbuch-Deputising-For", "the head of unit"),
        ("Stadtbuch-Role", "Clerk"),
        ("Stadtbuch-Role", ""),
        ("Stadtbuch-Role", "registrar"),
        ("Stadtbuch-Records", "mine"),
        ("Stadtbuch-Org-Unit", "10 3"),
        ("Stadtbuch-Channel", "staff"),
        ("Stadtbuch-Channel", "LETTER"),
    ],
)
def test_a_malformed_header_is_refused_by_its_name(header: str, value: str) -> None:
    with pytest.raises(Denied, match=header) as denied:
        development_principal({"Stadtbuch-Role": "citizen", header: value}, "tests/1")
    assert (denied.value.status, denied.value.code) == (400, "BAD_HEADER")


@pytest.mark.parametrize("channel", ["STAFF", "IMPORT", "SYSTEM"])
def test_no_header_makes_a_citizen_count_as_staff(channel: str) -> None:
    with pytest.raises(Denied, match=f"TERMINAL.*{channel} is not a citizen's way in") as denied:
        development_principal({"Stadtbuch-Role": "citizen", "Stadtbuch-Channel": channel}, "tests/1")
    assert (denied.value.status, denied.value.code) == (400, "BAD_HEADER")
    deputy = {"Stadtbuch-Role": "citizen", "Stadtbuch-Deputising-For": str(DEVELOPER)}
    with pytest.raises(Denied, match="citizens act for themselves"):
        development_principal(deputy, "tests/1")


@pytest.mark.parametrize("channel", ["SERVICE_PORTAL", "CHATBOT", "TERMINAL", "ONLINE_SHOP"])
def test_a_citizen_comes_in_by_a_citizens_way(channel: str) -> None:
    came = development_principal({"Stadtbuch-Role": "citizen", "Stadtbuch-Channel": channel}, "tests/1")
    assert (came.role, came.channel) == ("citizen", Channel(channel))
    assert development_principal({"Stadtbuch-Role": "citizen"}, "tests/1").channel is Channel.SERVICE_PORTAL
