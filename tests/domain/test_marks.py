"""Marks: how somebody who came as a citizen is known again as staff, within one record."""

from dataclasses import replace
from uuid import UUID

from domain.kernel import Channel, Context, Effective
from domain.requests import actor_of
from tests.scenario import NOW, an_id, pseudonym

ADA = an_id("ada")
AT_THE_OFFICE = Context(
    now=NOW,
    effective=Effective(NOW),
    actor=ADA,
    role="clerk",
    org_unit="61",
    channel=Channel.STAFF,
    record_id=an_id("case"),
    pseudonym=pseudonym,
)
AT_THE_PORTAL = replace(
    AT_THE_OFFICE, actor=actor_of(Channel.SERVICE_PORTAL), own=ADA, role="citizen", channel=Channel.SERVICE_PORTAL
)


def test_whoever_came_as_a_citizen_is_known_again_as_staff() -> None:
    assert AT_THE_PORTAL.marks() == AT_THE_OFFICE.marks()
    deputy = replace(AT_THE_OFFICE, actor=an_id("bob"), deputising_for=ADA)
    assert set(deputy.marks()) & set(AT_THE_PORTAL.marks()), "in whose place somebody acts counts too"
    assert not set(replace(AT_THE_PORTAL, own=an_id("bob")).marks()) & set(AT_THE_OFFICE.marks())


def test_marks_join_no_records_and_name_nobody() -> None:
    elsewhere = replace(AT_THE_PORTAL, record_id=an_id("another case"))
    assert not set(elsewhere.marks()) & set(AT_THE_PORTAL.marks())
    keys: list[UUID | None] = []

    def noting(purpose: str, text: str, key: UUID | None = None) -> str:
        keys.append(key)
        return pseudonym(purpose, text, key)

    (mark,) = replace(AT_THE_PORTAL, pseudonym=noting).marks()
    assert keys == [AT_THE_PORTAL.record_id], "it is lost with the key of the record"
    assert str(ADA) not in mark
