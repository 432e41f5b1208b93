"""Bodies: established, amended, dissolved, published."""

from dataclasses import replace
from datetime import date

from domain.council import FAMILY
from domain.council.commands import AmendBody, DepublishBody, DissolveBody, EstablishBody, PublishBody
from domain.council.facts import BodyAmended, BodyDepublished, BodyDissolved, BodyEstablished, BodyPublished
from domain.council.parts import BodyData, Reference
from domain.council.vocabulary import BodyType
from domain.kernel import Sealed
from tests.domain.council.examples import BLANK, COUNCIL, DISSOLVED, ESTABLISHED, REASON, a_city
from tests.scenario import TODAY, an_id, given

NAME: Sealed[str] = Sealed("Haupt- und Finanzausschuss")
COMMITTEE = EstablishBody(code="HFA", name=NAME, body_type=BodyType.COMMITTEE, seats=5, parent=COUNCIL)


def test_a_body_is_established_under_another() -> None:
    data = BodyData(body_type=BodyType.COMMITTEE, seats=5, parent=Reference(COUNCIL), valid_from=TODAY)
    a_city().when(COMMITTEE).then(BodyEstablished(code="HFA", data=data, name=NAME))


def test_a_body_is_established_once() -> None:
    a_city(COUNCIL).when(COMMITTEE).refused("council.record_exists")


def test_two_bodies_do_not_share_a_code() -> None:
    a_city().when(replace(COMMITTEE, code="RAT")).refused("council.body_code_taken")


def test_the_parent_of_a_body_must_exist() -> None:
    a_city().when(replace(COMMITTEE, parent=an_id("nobody"))).refused("council.body_unknown")


def test_a_dissolved_body_has_no_new_committees() -> None:
    a_city().beside(COUNCIL, DISSOLVED).when(COMMITTEE).refused("council.body_gone")


def test_a_body_needs_a_code_a_name_and_a_countable_number_of_seats() -> None:
    a_city().when(replace(COMMITTEE, code=" ")).invalid("code")
    a_city().when(replace(COMMITTEE, code="X" * 41)).invalid("code")
    a_city().when(replace(COMMITTEE, name=BLANK)).invalid("name")
    a_city().when(replace(COMMITTEE, seats=-1)).invalid("seats")


def test_an_amendment_says_what_changed() -> None:
    amended = BodyAmended(changed=("seats", "name"), data=replace(ESTABLISHED.data, seats=12), name=NAME)
    given(FAMILY, ESTABLISHED).when(AmendBody(name=NAME, seats=12)).then(amended)


def test_an_amendment_changes_something() -> None:
    given(FAMILY, ESTABLISHED).when(AmendBody(seats=10)).refused("council.nothing_changed")


def test_a_body_is_dissolved_on_the_day_of_the_command() -> None:
    day = date(2026, 2, 28)
    given(FAMILY, ESTABLISHED).when(DissolveBody(reason=REASON), on=day).then(
        BodyDissolved(dissolved_on=day, reason=REASON)
    )


def test_a_dissolved_body_stays_as_it_was() -> None:
    dissolved = given(FAMILY, ESTABLISHED, DISSOLVED)
    dissolved.when(AmendBody(seats=1)).refused("council.body_dissolved")
    dissolved.when(DissolveBody(reason=REASON)).refused("council.body_dissolved")


def test_a_body_is_published_and_depublished() -> None:
    published = given(FAMILY, ESTABLISHED).when(PublishBody()).then(BodyPublished())
    depublished = published.when(DepublishBody(reason=REASON)).then(BodyDepublished(reason=REASON))
    depublished.when(PublishBody()).then(BodyPublished())


def test_only_what_is_published_is_depublished_and_the_other_way_round() -> None:
    given(FAMILY, ESTABLISHED).when(DepublishBody(reason=REASON)).refused("council.not_published")
    given(FAMILY, ESTABLISHED, BodyPublished()).when(PublishBody()).refused("council.already_published")
