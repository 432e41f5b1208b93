"""Conditions and orders as they are typed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from domain.kernel import BERLIN, Message, Sealed
from infra.reports.asking import moment, order, predicates
from infra.reports.errors import BadQuestion
from projections.model import column
from projections.query import Moment, Op, View, Where

ID = UUID(int=5)


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    unit: str = column("Unit.", "Stelle.", filterable=True, sortable=True)
    amount: Decimal = column("Amount.", "Betrag.", filterable=True)
    count: int = column("Count.", "Zahl.", filterable=True)
    late: bool = column("Late.", "Spät.", filterable=True)
    due: date | None = column("Due.", "Frist.", filterable=True, sortable=True)
    at: datetime = column("At.", "Um.", filterable=True)
    record: UUID = column("Record.", "Datensatz.", filterable=True)
    bodies: tuple[UUID, ...] = column("Bodies.", "Gremien.", filterable=True)
    colour: Colour = column("Colour.", "Farbe.", filterable=True)
    note: Sealed[str] | None = column("Note.", "Vermerk.", filterable=True)
    hidden: str = column("Hidden.", "Verborgen.")


SOURCE = View("things", Message("Things.", "Dinge."), Row, ("unit",))


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("unit=63", Where("unit", Op.EQ, "63")),
        (" unit = 63.10 / a=b ", Where("unit", Op.EQ, "63.10 / a=b")),
        ("unit^=63.", Where("unit", Op.STARTS_WITH, "63.")),
        ("unit=A\u0308", Where("unit", Op.EQ, "Ä")),
        ("amount>=12.50", Where("amount", Op.GTE, Decimal("12.50"))),
        ("count<-3", Where("count", Op.LT, -3)),
        ("late=ja", Where("late", Op.EQ, True)),
        ("due<=2026-06-01", Where("due", Op.LTE, date(2026, 6, 1))),
        ("due=", Where("due", Op.IS_NULL, True)),
        ("due!=", Where("due", Op.IS_NULL, False)),
        ("note!=", Where("note", Op.IS_NULL, False)),
        ("at>2026-06-01T12:00:00Z", Where("at", Op.GT, datetime(2026, 6, 1, 12, tzinfo=UTC))),
        (f"record={ID}", Where("record", Op.EQ, ID)),
        (f"bodies={ID}", Where("bodies", Op.HAS, ID)),
        ("colour=red", Where("colour", Op.EQ, "RED")),
    ],
)
def test_a_condition_means_what_it_says(typed: str, means: Where) -> None:
    assert predicates(SOURCE, [typed]) == [means]


def test_one_column_with_several_values_means_any_of_them() -> None:
    typed = ["unit=63", "unit=62", "count>1"]
    assert predicates(SOURCE, typed) == [Where("count", Op.GT, 1), Where("unit", Op.IN, ["63", "62"])]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("unit", "no condition such as"),
        ("nothing=1", "has no column 'nothing'. It has: unit, amount"),
        ("hidden=1", "cannot be filtered by hidden. It can be by: unit, amount"),
        ("note=x", "cannot be compared in this way: note= without a value"),
        ("unit=", "cannot be compared in this way: unit="),
        ("count=many", "expected a whole number"),
        ("count=99999999999999999999", "expected a whole number"),
        ("amount=NaN", "expected a number such as"),
        ("due=1.6.2026", "expected a day such as"),
        ("at=2026-06-01T12:00:00", "with Z or an offset"),
        ("record=5", "expected a uuid"),
        ("colour=GREEN", "expected one of RED, BLUE"),
        ("late=maybe", "expected true or false"),
        ("unit!=63", "nothing stands behind it"),
        ("record>5", "expected a uuid"),
        (f"record>{ID}", "cannot be compared in this way: record="),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(typed: str, says: str) -> None:
    with pytest.raises(BadQuestion) as refused:
        predicates(SOURCE, [typed])
    assert says in str(refused.value)


def test_an_order_names_sortable_columns() -> None:
    asked: Any = order(SOURCE, ["-due,unit", " unit "])
    assert asked == ("-due", "unit", "unit")
    with pytest.raises(BadQuestion, match=r"cannot be ordered by 'count'. It can be by: unit, due"):
        order(SOURCE, ["count"])


def test_a_moment_is_a_position_a_day_or_an_instant_that_has_come() -> None:
    assert moment(None, None) is None
    assert moment("20261122", "2026-01-01") == Moment(20261122, date(2026, 1, 1))
    ended = moment("2025-12-31", None)
    assert ended is not None
    assert ended.recorded == datetime(2025, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)
    assert moment(datetime.now(BERLIN).date().isoformat(), None) == Moment()


@pytest.mark.parametrize(
    ("as_of", "effective", "says"),
    [
        ("2999-06-01", None, "has not come yet"),
        ("2999-06-01T00:00:00Z", None, "has not come yet"),
        ("2025-W47-7", None, "is no moment"),
        ("20251122T120000Z", None, "is no moment"),
        ("-1", None, "is no moment"),
        (None, "20260101", "is no day such as"),
        (None, "2026-W47-7", "is no day such as"),
    ],
)
def test_what_is_no_moment_is_refused(as_of: str | None, effective: str | None, says: str) -> None:
    with pytest.raises(BadQuestion, match=says):
        moment(as_of, effective)
