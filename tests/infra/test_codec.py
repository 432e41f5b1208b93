"""Facts and envelopes to text and back: a closed registry of topics, outdated shapes upcast, sealed texts left out."""

import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.efile.facts import CaseOpened
from domain.families import FAMILIES
from domain.kernel import (
    Authentication,
    Channel,
    Context,
    Envelope,
    Fact,
    Family,
    Money,
    Number,
    Precision,
    PublicText,
    Sealed,
)
from infra.codec import Codec, UnknownTopic, UnreadableEvent


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    no: int
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EverythingHappened(Fact):
    topic: ClassVar[str] = "test.everything.v3"
    kind: ClassVar[str] = "thing"
    text: PublicText
    identifier: Number | None = None
    whole: int = 0
    yes: bool = False
    thing: UUID | None = None
    day: date = date(2024, 2, 29)
    at: datetime = datetime(2024, 2, 29, 12, tzinfo=UTC)
    exact: Decimal = Decimal("0.10")
    fee: Money | None = None
    colour: Colour = Colour.RED
    leaves: tuple[Leaf, ...] = ()
    secret: Sealed[str] | None = None
    other: Sealed[str] | None = None


def nothing(state: Any, fact: Any) -> Any:
    return state


def no_facts(state: Any, command: Any, context: Context) -> tuple[Fact, ...]:
    return ()


FAMILY = Family(
    name="test",
    kinds=("thing",),
    facts=(EverythingHappened,),
    commands=(),
    rules=(),
    decide=no_facts,
    evolve=nothing,
    upcasters={
        "test.everything.v1": ("test.everything.v2", lambda body: {**body, "whole": body["count"]}),
        "test.everything.v2": ("test.everything.v3", lambda body: {**body, "text": body["text"].upper()}),
    },
)
CODEC = Codec((FAMILY,))
ENVELOPE = Envelope(
    actor=UUID(int=1),
    role="clerk",
    org_unit="10",
    authentication=Authentication.NONE_DEV,
    client="tests/1",
    channel=Channel.STAFF,
    effective_precision=Precision.DAY,
    effective_zone="Europe/Berlin",
    correlation_id=UUID(int=2),
    command_id=UUID(int=3),
)


def no_part(value: Sealed[str]) -> int:
    raise AssertionError("nothing is sealed here")


facts = st.builds(
    EverythingHappened,
    text=st.text(st.characters(exclude_categories=["Cs"])),
    identifier=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    whole=st.integers(-(2**63), 2**63 - 1),
    yes=st.booleans(),
    thing=st.uuids(),
    day=st.dates(),
    at=st.datetimes(timezones=st.just(UTC)),
    exact=st.decimals(allow_nan=False, allow_infinity=False),
    fee=st.none() | st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False, places=2)),
    leaves=st.lists(st.builds(Leaf, no=st.integers(0, 9), due=st.none() | st.dates())).map(tuple),
)


@given(facts)
def test_a_fact_is_read_as_it_was_written(fact: EverythingHappened) -> None:
    text = CODEC.encode(fact, no_part)
    assert CODEC.fact("test.everything.v3", 1, text) == fact
    assert CODEC.fact("test.everything.v3", 1, text.decode()) == fact
    json.loads(text)


def test_money_and_exact_numbers_are_never_floats() -> None:
    fact = EverythingHappened(text="", exact=Decimal("0.10"), fee=Money(Decimal("1.50")))
    body = json.loads(CODEC.encode(fact, no_part), parse_float=pytest.fail)
    assert (body["exact"], body["fee"]) == ("0.10", {"amount": "1.50", "currency": "EUR"})


def test_a_sealed_text_is_stored_as_the_number_of_its_part_and_read_as_a_reference() -> None:
    fact = EverythingHappened(text="clear", secret=Sealed("Ada Lesefroh"), other=Sealed("hidden", UUID(int=9)))
    text = CODEC.encode(fact, lambda value: 0 if value.key is None else 1)
    assert b"Lesefroh" not in text
    assert json.loads(text)["secret"] == {"sealed": 0}
    read = CODEC.fact("test.everything.v3", 17, text)
    assert isinstance(read, EverythingHappened)
    assert read.secret == Sealed.stored(17, 0, "secret")
    assert read.other == Sealed.stored(17, 1, "other")


def test_an_envelope_is_read_as_it_was_written() -> None:
    assert CODEC.envelope(1, CODEC.encode(ENVELOPE, no_part)) == ENVELOPE
    sealed = replace(ENVELOPE, reason=Sealed("because"), person=Sealed("Ada"))
    read = CODEC.envelope(4, CODEC.encode(sealed, lambda value: 2))
    assert read.reason == Sealed.stored(4, 2, "envelope.reason")
    assert read.person == Sealed.stored(4, 2, "envelope.person")


def test_the_sealed_texts_of_a_fact_are_listed_by_name_without_the_empty_ones() -> None:
    fact = EverythingHappened(text="", other=Sealed("hidden"))
    assert CODEC.sealed(fact) == [("other", Sealed("hidden"))]
    assert CODEC.sealed(ENVELOPE) == []


def test_an_outdated_shape_is_read_as_todays_through_every_step() -> None:
    read = CODEC.fact("test.everything.v1", 1, '{"count": 7, "text": "loud"}')
    assert read == EverythingHappened(text="LOUD", whole=7)
    assert CODEC.fact("test.everything.v2", 1, '{"whole": 8, "text": "loud"}') == EverythingHappened(
        text="LOUD", whole=8
    )


def test_a_sealed_text_of_an_outdated_shape_is_a_reference_too() -> None:
    read = CODEC.fact("test.everything.v1", 5, '{"count": 7, "text": "", "secret": {"sealed": 1}}')
    assert isinstance(read, EverythingHappened)
    assert read.secret == Sealed.stored(5, 1, "secret")


def test_all_stored_topics_of_a_fact_are_known() -> None:
    topics = {"test.everything.v1", "test.everything.v2", "test.everything.v3"}
    assert CODEC.topics_of([EverythingHappened]) == topics
    assert CODEC.topics_of([]) == frozenset()
    assert Codec(FAMILIES).topics_of([CaseOpened]) == {
        "efile.case_opened.v1",
        "efile.case_opened.v2",
        "efile.case_opened.v3",
    }


@pytest.mark.parametrize("topic", ["test.everything.v4", "os.system", "tests.infra.test_codec:EverythingHappened", ""])
def test_a_topic_that_no_family_knows_is_never_looked_up_anywhere_else(topic: str) -> None:
    with pytest.raises(UnknownTopic, match="newer Stadtbuch"):
        CODEC.fact(topic, 1, "{}")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        '{"text": 7}',
        '{"text": "a", "whole": "7"}',
        '{"text": "a", "day": "yesterday"}',
        '{"text": "a", "colour": "mauve"}',
        '{"text": "a", "secret": "in clear"}',
        '{"text": "a", "secret": {"sealed": "0"}}',
        '{"text": "a", "at": "2024-02-30T12:00:00Z"}',
        '{"text": "\\ud800"}',
        '{"text": ',
    ],
)
def test_a_body_that_is_none_of_its_topic_is_named_by_its_position(body: str) -> None:
    with pytest.raises(UnreadableEvent, match=r"event 17 \(test\.everything\.v3\)"):
        CODEC.fact("test.everything.v3", 17, body)


@pytest.mark.parametrize("body", ["{}", "[]", '{"count": "7", "text": "a"}', '{"count": 7, "text": 1}', "{"])
def test_an_outdated_body_that_cannot_be_upcast_is_named_by_its_position(body: str) -> None:
    with pytest.raises(UnreadableEvent, match="event 17"):
        CODEC.fact("test.everything.v1", 17, body)


@pytest.mark.parametrize("text", ["{}", "[]", "{", '{"actor": "\\ud800"}'])
def test_an_envelope_that_cannot_be_read_is_named_by_its_position(text: str) -> None:
    with pytest.raises(UnreadableEvent, match="envelope of event 17"):
        CODEC.envelope(17, text)


def test_a_half_character_is_not_written() -> None:
    with pytest.raises((UnicodeEncodeError, msgspec.EncodeError)):
        CODEC.encode(EverythingHappened(text="\ud800"), no_part)


def test_a_topic_belongs_to_one_fact() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        Codec((FAMILY, FAMILY))


def test_every_field_of_an_envelope_is_stored() -> None:
    stored = json.loads(CODEC.encode(ENVELOPE, no_part))
    assert set(stored) == {field.name for field in fields(Envelope)}
