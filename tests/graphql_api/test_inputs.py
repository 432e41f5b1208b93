"""How an input becomes a command: every type that a command may hold, and what is refused at the edge."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Code, Command, Invalid, Money, Number, Sealed
from graphql_api import ids, scalars
from graphql_api.scalars import BigInt
from graphql_api.shapes import Member, Shapes, read_members


class Size(StrEnum):
    """How large."""

    SMALL = "s"
    """klein"""
    LARGE = "l"


@dataclass(frozen=True, slots=True)
class Part:
    """A part."""

    no: int
    label: Code
    until: date | None = None


ONE = Money(Decimal(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything(Command):
    """A command with a field of every type."""

    kind: ClassVar[str] = "thing"
    number: Number
    subject: Sealed[str]
    note: Sealed[str] | None = None
    size: Size = Size.SMALL
    weight: Decimal | None = None
    price: Money = ONE
    parts: tuple[Part, ...] = ()
    owner: UUID | None = None
    day: date | None = None
    at: datetime | None = None
    count: int = 1
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFor(Command):
    """A command whose field has to be given, and may be nothing."""

    kind: ClassVar[str] = "thing"
    years: int | None


@pytest.fixture(scope="module")
def members() -> tuple[Member, ...]:
    return Shapes().members(Everything, {})[1]


def read(members: tuple[Member, ...], **value: Any) -> Everything:
    command: Everything = read_members(Everything, members, {"number": "1", "subject": "x", **value}, "")
    return command


def test_what_is_left_out_keeps_the_commands_own_default(members: tuple[Member, ...]) -> None:
    assert read(members) == Everything(number="1", subject=Sealed("x"))
    assert read(members, price=None) == Everything(number="1", subject=Sealed("x"))


def test_a_field_that_may_be_nothing_may_be_left_out() -> None:
    members = Shapes().members(KeepFor, {})[1]
    assert read_members(KeepFor, members, {}, "") == read_members(KeepFor, members, {"years": None}, "")
    assert read_members(KeepFor, members, {"years": 3}, "") == KeepFor(years=3)


def test_every_type_reaches_the_command(members: tuple[Member, ...]) -> None:
    found = read(
        members,
        note="y\r\nz",
        size=Size.LARGE,
        weight=Decimal("1.50"),
        price={"amount": Decimal("2.00"), "currency": "EUR"},
        parts=[{"no": 1, "label": "a"}, {"no": 2, "label": "b", "until": date(2026, 1, 1)}],
        owner=UUID(int=1),
        count=3,
    )
    assert found == Everything(
        number="1",
        subject=Sealed("x"),
        note=Sealed("y\nz"),
        size=Size.LARGE,
        weight=Decimal("1.50"),
        price=Money(Decimal("2.00")),
        parts=(Part(1, "a"), Part(2, "b", date(2026, 1, 1))),
        owner=UUID(int=1),
        count=3,
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"number": "a\nb"}, "number"),
        ({"subject": "a\0b"}, "subject"),
        ({"parts": [{"no": 1, "label": "a"}, {"no": 2, "label": "\0"}]}, "parts.1.label"),
        ({"price": {"amount": Decimal(1), "currency": "\0"}}, "price.currency"),
    ],
)
def test_a_refused_text_is_named_by_its_path(members: tuple[Member, ...], value: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(members, **value)
    assert caught.value.field == path


def test_a_member_of_an_enum_is_described_by_the_note_below_it() -> None:
    described = {value.name: value.description for value in Shapes().enum(Size).values}
    assert described == {"SMALL": "klein – Stored as `s`.", "LARGE": "Stored as `l`."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose(Command):
    """A command with a field that no input can carry."""

    kind: ClassVar[str] = "thing"
    weight: float


def test_a_type_without_an_input_is_refused_when_the_schema_is_made() -> None:
    with pytest.raises(TypeError, match="weight"):
        Shapes().members(Loose, {})


def parse(of: Any) -> Any:
    return scalars.SCALARS[of].parse_value


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (BigInt, "9223372036854775807", 2**63 - 1),
        (BigInt, 12, 12),
        (Decimal, "-12.50", Decimal("-12.50")),
        (date, "2026-02-28", date(2026, 2, 28)),
        (datetime, "2026-03-31T09:30:00+02:00", datetime(2026, 3, 31, 7, 30, tzinfo=UTC)),
        (datetime, "2026-03-31T07:30:00.000001Z", datetime(2026, 3, 31, 7, 30, 0, 1, tzinfo=UTC)),
        (UUID, "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
    ],
)
def test_a_scalar_is_read(of: Any, text: object, value: object) -> None:
    assert parse(of)(text) == value


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (BigInt, "9223372036854775808"),
        (BigInt, True),
        (BigInt, 1.0),
        (BigInt, "1e3"),
        (BigInt, "٣"),
        (BigInt, ""),
        (Decimal, 12.5),
        (Decimal, 12),
        (Decimal, "1e9"),
        (Decimal, "NaN"),
        (Decimal, "1" * 19),
        (Decimal, "1_0"),
        (date, "2026-02-30"),
        (date, "20260228"),
        (date, "0001-01-01"),
        (date, "2026-W09"),
        (date, 20260228),
        (datetime, "2026-03-31T09:30:00"),
        (datetime, "0001-01-01T00:00:00+14:00"),
        (datetime, "9999-12-31T23:59:59Z"),
        (datetime, "2026-03-31T09:30:00Z" + " " * 40),
        (UUID, "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}"),
        (UUID, "6ba7b8109dad11d180b400c04fd430c8"),
        (UUID, 1),
    ],
)
def test_a_scalar_of_another_form_is_refused_with_an_example(of: Any, value: object) -> None:
    with pytest.raises(GraphQLError, match="as in"):
        parse(of)(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_a_decimal_survives_the_way_there_and_back(value: Decimal) -> None:
    definition = scalars.SCALARS[Decimal]
    assert definition.serialize is not None
    assert parse(Decimal)(definition.serialize(value)) == value


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)))  # noqa: DTZ001
def test_an_instant_survives_the_way_there_and_back(value: datetime) -> None:
    definition = scalars.SCALARS[datetime]
    assert definition.serialize is not None
    text = definition.serialize(value)
    assert text.endswith("Z")
    assert parse(datetime)(text) == value


@given(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_a_node_id_survives_the_way_there_and_back(name: str, key: list[str]) -> None:
    node = ids.NodeId(name, tuple(key))
    if all(text.isprintable() for text in (name, *key)) and len(node.encode()) <= 1000:
        assert ids.decode(node.encode()) == node


@given(st.text(max_size=60))
def test_any_text_is_a_node_id_or_is_refused(text: str) -> None:
    try:
        assert ids.decode(text).type
    except Invalid as refused:
        assert refused.field == "id"
