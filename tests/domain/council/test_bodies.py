"""Bodies: established, amended, dissolved, published."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.council import FAMILY
from domain.council.commands import (
    AddMember,
    AmendBody,
    DepublishBody,
    DissolveBody,
    EndMembership,
    EstablishBody,
    PublishBody,
)
from domain.council.facts import (
    BodyAmended,
    BodyDepublished,
    BodyDissolved,
    BodyEstablished,
    BodyPublished,
    MemberJoined,
    MemberLeft,
)
from domain.council.parts import Attending, BodyData, Reference
from domain.council.vocabulary import BodyType
from domain.kernel import Sealed
from tests.domain.council.examples import BLANK, COUNCIL, DISSOLVED, ESTABLISHED, REASON, a_city
from tests.scenario import TODAY, an_id, given

NAME: Sealed[str] = Sealed("Haupt- und Finanzausschuss")
COMMITTEE = EstablishBody(code="HFA", name=NAME, body_type=BodyType.COMMITTEE, seats=5, parent=COUNCIL)


@pytest.mark.allows("council.record_exists", "council.body_unknown", "council.body_gone", "council.body_code_taken")
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


@pytest.mark.allows(
    "council.record_missing", "council.led_in_source", "council.body_dissolved", "council.nothing_changed"
)
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


@pytest.mark.allows("council.already_published", "council.not_published")
def test_a_body_is_published_and_depublished() -> None:
    published = given(FAMILY, ESTABLISHED).when(PublishBody()).then(BodyPublished())
    depublished = published.when(DepublishBody(reason=REASON)).then(BodyDepublished(reason=REASON))
    depublished.when(PublishBody()).then(BodyPublished())


def test_only_what_is_published_is_depublished_and_the_other_way_round() -> None:
    given(FAMILY, ESTABLISHED).when(DepublishBody(reason=REASON)).refused("council.not_published")
    given(FAMILY, ESTABLISHED, BodyPublished()).when(PublishBody()).refused("council.already_published")


ADD = AddMember(name=Sealed("Erika Beispiel"), group="SPD", member=an_id("Erika"))


@pytest.mark.allows("council.member_seated")
def test_a_member_joins_with_a_name_under_a_key_of_their_own() -> None:
    scenario = given(FAMILY, ESTABLISHED).when(ADD)
    joined = MemberJoined(
        member=an_id("Erika"), group="SPD", voting=True, since=TODAY, name=Sealed("Erika Beispiel", an_id("Erika"))
    )
    assert scenario.then(joined).state.members_on(TODAY) == (Attending(an_id("Erika"), True, "SPD"),)


def test_somebody_new_gets_an_id_that_follows_from_the_body_and_its_version() -> None:
    new = replace(ADD, member=None)
    first, again = (given(FAMILY, ESTABLISHED).when(new).so().state.memberships for _ in range(2))
    assert first == again
    assert len(first) == 1


def test_nobody_is_a_member_of_one_body_twice() -> None:
    joined = given(FAMILY, ESTABLISHED).when(ADD).so()
    joined.when(ADD).refused("council.member_seated")
    joined.when(replace(ADD, member=an_id("Hans"))).so()


@pytest.mark.allows("council.member_unknown")
def test_a_membership_ends_once_and_may_begin_again() -> None:
    end = EndMembership(member=an_id("Erika"), reason=REASON)
    joined = given(FAMILY, ESTABLISHED).when(ADD).so()
    reason = Sealed[str](REASON.text, an_id("Erika"))
    left = joined.when(end).then(MemberLeft(member=an_id("Erika"), left_on=TODAY, reason=reason))
    left.when(end).refused("council.member_unknown")
    left.when(ADD).so()


@pytest.mark.allows("council.out_of_order")
def test_a_membership_ends_after_it_began_and_begins_anew_after_it_ended() -> None:
    end, day = EndMembership(member=an_id("Erika")), timedelta(days=1)
    joined = given(FAMILY, ESTABLISHED).when(ADD).so()
    joined.when(end, on=TODAY - day).refused("council.out_of_order")
    left = joined.when(end, on=TODAY).so()
    left.when(ADD, on=TODAY - day).refused("council.out_of_order")
    left.when(replace(ADD, member=an_id("Hans")), on=TODAY - day).so()
    again = left.when(replace(ADD, group="CDU"), on=TODAY).so()
    assert again.state.members_on(TODAY) == (Attending(an_id("Erika"), True, "CDU"),)


@pytest.mark.allows("council.out_of_order")
def test_nobody_is_a_member_before_there_is_a_body() -> None:
    valid_from = ESTABLISHED.data.valid_from
    assert valid_from is not None
    body = given(FAMILY, ESTABLISHED)
    body.when(ADD, on=valid_from - timedelta(days=1)).refused("council.out_of_order")
    body.when(ADD, on=valid_from).so()
    unknown = replace(ESTABLISHED, data=replace(ESTABLISHED.data, valid_from=None))
    given(FAMILY, unknown).when(ADD, on=valid_from - timedelta(days=1)).so()


@pytest.mark.allows("council.out_of_order")
def test_a_body_is_dissolved_after_the_last_of_its_members_joined_or_left() -> None:
    dissolve, day = DissolveBody(reason=REASON), timedelta(days=1)
    joined = given(FAMILY, ESTABLISHED).when(ADD).so()
    for scenario in (joined, joined.when(EndMembership(member=an_id("Erika"))).so()):
        scenario.when(dissolve, on=TODAY - day).refused("council.out_of_order")
        scenario.when(dissolve, on=TODAY).so()


def test_a_member_has_a_name_and_a_group_that_can_be_written() -> None:
    given(FAMILY, ESTABLISHED).when(replace(ADD, name=BLANK)).invalid("name")
    given(FAMILY, ESTABLISHED).when(replace(ADD, group="")).invalid("group")
    given(FAMILY, ESTABLISHED).when(replace(ADD, group=None)).so()
    given(FAMILY, ESTABLISHED, DISSOLVED).when(ADD).refused("council.body_dissolved")
