"""What a row class says about its columns, and what is refused when it is declared."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from domain.kernel import Code, Message, Number, PublicText, Sealed
from projections.model import (
    ColumnType,
    Json,
    Projection,
    Report,
    column,
    columns_of,
    find,
    ordering,
    reference,
    referred,
)

ABOUT = Message("Something.", "Etwas.")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryRow:
    record_id: UUID = column("", "")
    number: Number = column("", "", filterable=True, sortable=True)
    code: Code | None = column("", "")
    title: PublicText = column("", "")
    plain: str = column("", "")
    amount: Decimal | None = column("", "")
    count: int = column("", "")
    yes: bool = column("", "")
    day: date | None = column("", "")
    at: datetime = column("", "")
    colour: Colour = column("", "")
    body: Json = column("", "")
    subject: Sealed[str] | None = column("", "")
    tags: tuple[str, ...] = column("", "", default=())
    codes: tuple[Code, ...] = column("", "", default=())
    others: tuple[UUID, ...] = column("", "", default=())


def test_every_type_a_fold_may_use_has_its_place_in_the_database() -> None:
    found = {name: (each.holds, each.nullable) for name, each in columns_of(EveryRow).items()}
    assert found == {
        "record_id": (ColumnType.UUID, False),
        "number": (ColumnType.TEXT, False),
        "code": (ColumnType.TEXT, True),
        "title": (ColumnType.TEXT, False),
        "plain": (ColumnType.TEXT, False),
        "amount": (ColumnType.DECIMAL, True),
        "count": (ColumnType.INTEGER, False),
        "yes": (ColumnType.BOOLEAN, False),
        "day": (ColumnType.DATE, True),
        "at": (ColumnType.INSTANT, False),
        "colour": (ColumnType.CHOICE, False),
        "body": (ColumnType.JSON, False),
        "subject": (ColumnType.SEALED, True),
        "tags": (ColumnType.TEXTS, False),
        "codes": (ColumnType.TEXTS, False),
        "others": (ColumnType.UUIDS, False),
    }
    assert columns_of(EveryRow)["colour"].choices is Colour


@dataclass(frozen=True, slots=True)
class FloatRow:
    record_id: UUID = column("", "")
    ratio: float = column("", "")


@dataclass(frozen=True, slots=True)
class BareRow:
    record_id: UUID


@dataclass(frozen=True, slots=True)
class CamelRow:
    recordId: UUID = column("", "")  # noqa: N815  # what is refused here


@pytest.mark.parametrize(
    ("row", "reason"),
    [(FloatRow, "not a type that a column can have"), (BareRow, "not made with"), (CamelRow, "in lower case")],
)
def test_a_field_that_is_no_column_is_refused(row: type, reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        columns_of(row)


def projection(**changes: Any) -> Projection:
    said: dict[str, Any] = {
        "name": "thing",
        "singular": "Thing",
        "plural": "things",
        "comment": ABOUT,
        "row": EveryRow,
        "facts": (),
        "fold": lambda row, event: row,
    }
    return Projection(**{**said, **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Thing"}, "named in lower case"),
        ({"name": "thing; drop table x"}, "named in lower case"),
        ({"name": "t" * 41}, "at most 40"),
        ({"key": ("nothing",)}, "no column 'nothing'"),
        ({"key": ("code",)}, "cannot be null"),
        ({"number": "nothing"}, "no column"),
        ({"order": ("-nothing",)}, "no column"),
        ({"indexes": (("number", "nothing"),)}, "no column"),
    ],
)
def test_what_a_projection_names_must_be_there(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        projection(**changes)


def test_a_report_is_told_apart_by_what_it_is_sorted_by() -> None:
    report = Report(name="r", plural="r", comment=ABOUT, row=EveryRow, reads=("thing",), order=("-number", "record_id"))
    assert report.unique == ("number", "record_id")
    with pytest.raises(ValueError, match="cannot be null"):
        replace(report, order=("day",))


def test_an_order_falls_by_a_minus() -> None:
    assert (ordering("-due_on"), ordering("due_on")) == (("due_on", True), ("due_on", False))


def test_the_reference_to_a_sealed_text_survives_storage() -> None:
    text = Sealed[str].stored(12, 3, "envelope.reason")
    assert reference(text) == "12/3/envelope.reason"
    assert referred(reference(text)) == text


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="no read model 'x'; there are thing"):
        find([projection()], "x")
