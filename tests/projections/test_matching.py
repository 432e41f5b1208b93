"""Predicates on rows that are at hand: the same answers as SQL gives, nulls included."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.kernel import Channel, Invalid
from projections import query
from projections.families import PROJECTIONS
from projections.model import find
from projections.query import BadQuery, Op, Where

TRAIL = find(PROJECTIONS, "event")
COLUMNS = ("position", "record_id", "topic", "recorded_at", "channel", "actor")
ROW = (7, UUID(int=1), "efile.file_opened.v3", datetime(2026, 3, 1, tzinfo=UTC), "STAFF", UUID(int=2))


@pytest.mark.parametrize(
    ("column", "op", "value", "met"),
    [
        ("position", Op.EQ, 7, True),
        ("position", Op.GT, 7, False),
        ("position", Op.GTE, 7, True),
        ("position", Op.LT, 8, True),
        ("position", Op.LTE, 6, False),
        ("record_id", Op.EQ, UUID(int=1), True),
        ("record_id", Op.IN, [UUID(int=3), UUID(int=1)], True),
        ("record_id", Op.IN, [], False),
        ("topic", Op.STARTS_WITH, "efile.file_", True),
        ("topic", Op.STARTS_WITH, "council", False),
        ("topic", Op.GT, "efile", True),
        ("channel", Op.EQ, Channel.STAFF, True),
        ("channel", Op.IN, [Channel.CHATBOT], False),
        ("recorded_at", Op.LTE, datetime(2026, 3, 1, tzinfo=UTC), True),
    ],
)
def test_a_predicate_holds_or_does_not(column: str, op: Op, value: Any, met: bool) -> None:
    assert query.matching(TRAIL, [Where(column, op, value)], COLUMNS)(ROW) is met


def test_all_predicates_must_hold_and_without_any_every_row_does() -> None:
    both = [Where("position", Op.GT, 6), Where("position", Op.LT, 7)]
    assert not query.matching(TRAIL, both, COLUMNS)(ROW)
    assert query.matching(TRAIL, [], COLUMNS)(ROW)


def test_what_no_statement_may_ask_is_refused_alike() -> None:
    with pytest.raises(BadQuery):
        query.matching(TRAIL, [Where("body", Op.EQ, "{}")], COLUMNS)
    with pytest.raises(Invalid):
        query.matching(TRAIL, [Where("topic", Op.EQ, "a\0")], COLUMNS)


def test_a_column_without_a_value_meets_no_comparison() -> None:
    supervised = find(PROJECTIONS, "supervision")
    columns = ("deputising_for", "rules")
    for where, row, met in [
        (Where("deputising_for", Op.EQ, UUID(int=1)), (None, []), False),
        (Where("deputising_for", Op.IS_NULL, True), (None, []), True),
        (Where("deputising_for", Op.IS_NULL, False), (None, []), False),
        (Where("deputising_for", Op.IS_NULL, False), (UUID(int=1), []), True),
        (Where("rules", Op.HAS, "efile.case_closed"), (None, ["efile.case_closed"]), True),
        (Where("rules", Op.HAS, "efile.case_closed"), (None, []), False),
    ]:
        assert query.matching(supervised, [where], columns)(row) is met, (where, row)


def test_the_values_that_a_column_must_have_bound_who_is_looked_for() -> None:
    def wanted(*where: Where) -> frozenset[Any] | None:
        return query.wanted_values(where, "topic")

    assert wanted() is None
    assert wanted(Where("topic", Op.STARTS_WITH, "a"), Where("kind", Op.EQ, "b")) is None
    assert wanted(Where("topic", Op.IN, ["a", "b"]), Where("topic", Op.EQ, "b")) == frozenset({"b"})
    assert wanted(Where("topic", Op.EQ, "a"), Where("topic", Op.EQ, "b")) == frozenset()
    assert query.wanted_values([Where("channel", Op.EQ, Channel.STAFF)], "channel") == frozenset({"STAFF"})
