"""Queries as text: identifiers come from declarations, values are parameters, cursors are good where they fit."""

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Invalid
from projections import query
from projections.model import columns_of
from projections.query import BadCursor, BadQuery, Moment, Op, Where
from projections.query.cursor import Cursor, decode, encode
from projections.query.text import Text, successor
from tests.projections.rows import THINGS, Colour, ThingRow

COLUMNS = columns_of(ThingRow)
NASTY = "'; drop table read.thing; --"


def test_values_never_become_text() -> None:
    page = query.page(
        THINGS, ["number"], where=[Where("name", Op.EQ, NASTY), Where("number", Op.STARTS_WITH, NASTY)], first=5
    )
    assert NASTY not in page.statement.sql
    assert page.statement.params.count(NASTY) == 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda: query.page(THINGS, [NASTY], first=1),
        lambda: query.page(THINGS, ["number"], order=[NASTY], first=1),
        lambda: query.page(THINGS, ["number"], where=[Where(NASTY, Op.EQ, 1)], first=1),
        lambda: query.by_key(THINGS, [NASTY], [(UUID(int=1),)]),
        lambda: query.by_number(THINGS, [NASTY], ["1"]),
        lambda: query.count(THINGS, where=[Where(NASTY, Op.EQ, 1)], at_most=1),
        lambda: query.branches(THINGS, ["number"], NASTY, [1], first=1),
    ],
)
def test_names_that_are_not_declared_are_refused(ask: Any) -> None:
    with pytest.raises(BadQuery, match="has no column"):
        ask()


@pytest.mark.parametrize(
    "where",
    [
        Where("hidden", Op.EQ, "x"),
        Where("secret", Op.EQ, "x"),
        Where("number", Op.HAS, "x"),
        Where("number", Op.IS_NULL, True),
        Where("due_on", Op.STARTS_WITH, "2026"),
        Where("colour", Op.GT, "red"),
        Where("tags", Op.EQ, "x"),
        Where("done", Op.GTE, True),
    ],
)
def test_a_column_is_filtered_only_as_it_is_declared(where: Where) -> None:
    with pytest.raises(BadQuery, match="cannot be filtered by"):
        query.page(THINGS, ["number"], where=[where], first=1)


def test_a_column_is_sorted_by_only_where_it_is_declared() -> None:
    with pytest.raises(BadQuery, match="cannot be sorted by hidden"):
        query.page(THINGS, ["number"], order=["hidden"], first=1)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"first": 1, "last": 1},
        {"first": 1, "before": "x"},
        {"last": 1, "after": "x"},
        {"first": 0},
        {"first": 10_001},
    ],
)
def test_a_page_has_one_direction_and_a_size(how: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        query.page(THINGS, ["number"], **how)


def test_a_text_that_no_row_can_hold_is_the_callers_mistake() -> None:
    with pytest.raises(Invalid):
        query.page(THINGS, ["number"], where=[Where("name", Op.EQ, "a\0b")], first=1)
    assert query.count(THINGS, where=[Where("name", Op.IN, ["a\0b", "c", "\ud800"])], at_most=1).params[0] == ["c"]


def test_the_default_order_may_use_columns_that_callers_may_not_sort_by() -> None:
    assert 'order by "due_on" desc, "record_id" desc' in query.page(THINGS, ["number"], first=1).statement.sql


def test_the_text_is_the_same_whatever_the_values() -> None:
    one, other = (
        query.page(THINGS, ["number"], where=[Where("price", Op.GTE, price), Where("name", Op.IN, names)], first=1)
        for price, names in ((Decimal(1), ["a"]), (Decimal("999999999.99"), ["b", "c"]))
    )
    assert one.statement.sql == other.statement.sql


def test_several_values_are_sent_as_one_text_where_nothing_in_them_can_be_mistaken() -> None:
    text = Text(THINGS)
    sent = ([UUID(int=1), UUID(int=2)], [1, 2], [None, "a,b"], ["{x}"])
    assert [text.array(values, "any") for values in sent] == [f"${place}::any[]" for place in (1, 2, 3, 4)]
    assert text.params == [f"{{{UUID(int=1)},{UUID(int=2)}}}", "{1,2}", [None, "a,b"], ["{x}"]]


def test_what_is_filtered_by_a_value_or_is_of_a_moment_is_planned_for_it_and_all_else_once() -> None:
    by_status = [Where("name", Op.EQ, "a")]
    assert query.page(THINGS, ["number"], first=1).statement.steady
    assert query.branches(THINGS, ["number"], "name", ["a"], first=1).statement.steady
    assert not query.page(THINGS, ["number"], where=by_status, first=1).statement.steady
    assert not query.page(THINGS, ["number"], first=1, moment=Moment(5)).statement.steady
    # A plan that does not know the limit takes a tenth of all rows to be wanted.
    assert "limit 2)" in query.page(THINGS, ["number"], first=1).statement.sql


SORTABLE = [column for column in COLUMNS.values() if column.sortable]
VALUES = st.fixed_dictionaries(
    {
        "number": st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        "name": st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        "colour": st.none() | st.sampled_from([str(colour) for colour in Colour]),
        "due_on": st.none() | st.dates(),
        "price": st.none() | st.decimals(-(10**12), 10**12, allow_nan=False, places=2),
        "done": st.booleans(),
        "position": st.integers(-(2**63), 2**63 - 1),
        "recorded_at": st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    }
)


@given(VALUES, st.integers(0, 2**63 - 1))
def test_a_cursor_comes_back_as_it_went_out(values: dict[str, Any], position: int) -> None:
    cursor = Cursor("q", position, tuple(values[column.name] for column in SORTABLE))
    assert decode("after", encode(cursor), "q", SORTABLE) == cursor


def hostile(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_is_taken_for_a_cursor_nor_breaks_anything(text: str) -> None:
    with pytest.raises(BadCursor):
        decode("after", text, "q", SORTABLE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_no_json_is_taken_for_a_cursor_nor_breaks_anything(content: Any) -> None:
    with pytest.raises(BadCursor):
        decode("after", hostile(content), "q", SORTABLE)


@given(st.lists(JSON, max_size=9))
def test_values_of_the_wrong_type_are_refused(values: list[Any]) -> None:
    columns = [COLUMNS["due_on"], COLUMNS["price"], COLUMNS["position"], COLUMNS["recorded_at"], COLUMNS["done"]]
    try:
        found = decode("after", hostile([1, "q", 5, values]), "q", columns)
    except BadCursor:
        return
    due_on, price, position, recorded_at, done = found.values
    assert due_on is None or isinstance(due_on, date)
    assert price is None or isinstance(price, Decimal)
    assert type(position) is int
    assert isinstance(recorded_at, datetime)
    assert type(done) is bool


@pytest.mark.parametrize(
    "text",
    [
        "A" * 5000,
        hostile([[[[[[]]]]]]),
        base64.urlsafe_b64encode(b"[" * 2900).decode(),
        hostile([1, "q", -1, ["x"]]),
        hostile([1, "q", 2**63, ["x"]]),
        hostile([2, "q", 1, ["x"]]),
        hostile([True, "q", 1, ["x"]]),
        hostile([1, "q", 1, []]),
        hostile([1, "q", 1, ["x", "y"]]),
        hostile([1, "q", 1, [None]]),
        hostile([1, "q", 1, ["a\0b"]]),
        hostile([1, "q", 1, [5]]),
    ],
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(BadCursor, match="not a cursor of this list"):
        decode("after", text, "q", [COLUMNS["number"]])


def cursor_of(**asked: Any) -> str:
    page = query.page(THINGS, ["number", "due_on", "record_id"], first=1, **asked)
    row = ("1", date(2026, 1, 1), UUID(int=1))
    return page.read([(7, *row)]).cursor(row)


def test_a_cursor_is_good_for_its_own_filter_and_order_only() -> None:
    mine = cursor_of(where=[Where("name", Op.EQ, "a")])
    query.page(THINGS, ["number"], where=[Where("name", Op.EQ, "a")], first=3, after=mine)
    others: tuple[dict[str, Any], ...] = ({"where": [Where("name", Op.EQ, "b")]}, {"where": []}, {"order": ["-number"]})
    for other in others:
        with pytest.raises(BadCursor, match="another filter or order"):
            query.page(THINGS, ["number"], first=1, after=mine, **other)


def test_the_order_of_predicates_and_columns_does_not_matter_to_a_cursor() -> None:
    one, other = Where("name", Op.EQ, "a"), Where("colour", Op.IN, [Colour.RED, Colour.BLUE])
    same = Where("colour", Op.IN, (Colour.BLUE, Colour.RED))
    query.page(THINGS, ["price"], where=[same, one], first=1, after=cursor_of(where=[one, other]))


def test_an_empty_page_still_tells_its_position() -> None:
    page = query.page(THINGS, ["number", "name"], first=2)
    empty = page.read([(41, None, None, None, None)])
    assert (empty.rows, empty.as_of, empty.has_next, empty.has_previous) == ([], 41, False, False)
    assert page.read([(None, None, None, None, None)]).as_of == 0


@given(st.text(min_size=1))
def test_the_successor_of_a_prefix_comes_after_all_it_begins(prefix: str) -> None:
    beyond = successor(prefix)
    if beyond is None:
        assert set(prefix) == {"\U0010ffff"}
    else:
        assert prefix < beyond
        assert prefix + "\U0010ffff" * 3 < beyond or beyond[-1] == "\ue000"
