"""What queries answer on a real table is what filtering and sorting the same rows in Python answers."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from infra.database import Database
from infra.projector import state, views
from infra.projector.apply import copy_rows
from infra.projector.events import connect
from infra.projector.rows import Shape
from infra.projector.table import Table
from infra.queries import named
from projections import query
from projections.model import ordering
from projections.query import Op, Statement, Where
from tests.projections.rows import THINGS, Colour, ThingRow

COLUMNS = ("number", "name", "due_on", "price", "position", "record_id")
NAMES = ("", "a", "ab", "Ä", "b", "z%_", "\U0010ffff", None)
START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = 4711


@dataclass(frozen=True)
class Things:
    """The rows, and a way to ask for them."""

    rows: Sequence[ThingRow]
    fetch: Callable[[Statement], list[tuple[Any, ...]]]


def some_rows(random: Random, number: int) -> list[ThingRow]:
    def perhaps(value: Any) -> Any:
        return None if random.random() < 0.3 else value

    parents = [uuid4() for _ in range(5)]
    return [
        ThingRow(
            record_id=UUID(int=random.getrandbits(128)),
            number=f"{place % 50}",
            name=random.choice(NAMES),
            parent=perhaps(random.choice(parents)),
            colour=perhaps(random.choice(list(Colour))),
            due_on=perhaps(date(2026, 1, 1) + timedelta(days=random.randrange(6))),
            price=perhaps(Decimal(random.randrange(10)) / 4),
            tags=tuple(random.sample(["x", 'y"', "z\\", "ä"], random.randrange(3))),
            done=random.random() < 0.5,
            position=place + 1,
            recorded_at=START + timedelta(minutes=place // 4),
        )
        for place in range(number)
    ]


@pytest.fixture
def things(database: Database) -> Iterator[Things]:
    rows = some_rows(Random(11), 120)
    shape = Shape(THINGS)
    table = Table(shape, "thing__000000000000")
    with connect(database.conninfo("projector")) as connection, connection.transaction():
        assert table.versions is not None
        for statement in (table.create(), *table.index(), table.versions.create(), *table.versions.index()):
            connection.execute(statement)
        copy_rows(connection, table, rows)
        views.show(connection, table, ())
        state.register(connection, ["thing"])
        made = (table.relation, "000000000000", 1, AS_OF, AS_OF, len(rows), 0.0, "")
        connection.execute(named("projector")["swap"], (*made, "thing"))
    with psycopg.connect(database.conninfo("reader"), autocommit=True, cursor_factory=psycopg.RawCursor) as reader:
        yield Things(rows, lambda statement: reader.execute(statement.sql.encode(), statement.params).fetchall())


def matches(row: ThingRow, where: Where) -> bool:
    value = getattr(row, where.column)
    if where.op is Op.IS_NULL:
        return bool(where.value) is (value is None)
    if value is None:
        return False
    answer: bool = False
    match where.op:
        case Op.EQ:
            answer = value == where.value
        case Op.IN:
            answer = value in where.value
        case Op.STARTS_WITH:
            answer = value.startswith(where.value)
        case Op.GT:
            answer = value > where.value
        case Op.GTE:
            answer = value >= where.value
        case Op.LT:
            answer = value < where.value
        case Op.LTE:
            answer = value <= where.value
        case Op.HAS:
            answer = where.value in value
    return answer


def compared(one: Any, other: Any) -> int:
    if one is None or other is None:
        return (one is None) - (other is None)
    return int(one > other) - int(one < other)


def expected(rows: Sequence[ThingRow], where: Sequence[Where], order: Sequence[str]) -> list[ThingRow]:
    keys = [ordering(entry) for entry in order or THINGS.order]
    keys.append(("record_id", keys[-1][1]))

    def compare(one: ThingRow, other: ThingRow) -> int:
        for name, falling in keys:
            difference = compared(getattr(one, name), getattr(other, name))
            if difference:
                return -difference if falling else difference
        return 0

    found = [row for row in rows if all(matches(row, each) for each in where)]
    return sorted(found, key=cmp_to_key(compare))


def asked(random: Random, rows: Sequence[ThingRow]) -> tuple[list[Where], list[str]]:
    some = random.choice(rows)
    choices = [
        Where("number", Op.IN, [some.number, "3", "nothing"]),
        Where("name", Op.STARTS_WITH, random.choice(["", "a", "z%", "\U0010ffff"])),
        Where("name", Op.IS_NULL, random.random() < 0.5),
        Where("colour", Op.EQ, Colour.RED),
        Where("due_on", random.choice([Op.GTE, Op.LT]), some.due_on or date(2026, 1, 3)),
        Where("price", random.choice([Op.GT, Op.LTE]), some.price or Decimal(1)),
        Where("tags", Op.HAS, random.choice(["ä", 'y"', "z\\"])),
        Where("done", Op.EQ, True),
        Where("position", Op.LTE, some.position),
        Where("recorded_at", random.choice([Op.GT, Op.GTE, Op.LT, Op.LTE]), some.recorded_at),
        Where("recorded_at", Op.GTE, START + timedelta(days=9)),
        Where("recorded_at", Op.LT, START + timedelta(days=9)),
    ]
    names = random.sample(["number", "name", "colour", "due_on", "price", "done", "position"], random.randrange(4))
    return random.sample(choices, random.randrange(3)), [random.choice(["", "-"]) + name for name in names]


@pytest.mark.parametrize("seed", range(4))
def test_page_after_page_forwards_and_backwards(things: Things, seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        where, order = asked(random, things.rows)
        right = [tuple(getattr(row, name) for name in COLUMNS) for row in expected(things.rows, where, order)]
        size = random.choice([3, 7, 50])
        assert forwards(things, where, order, size) == right, (where, order)
        assert backwards(things, where, order, size) == right, (where, order)
        statement = query.count(THINGS, where=where, at_most=100)
        assert things.fetch(statement) == [(min(len(right), 101),)]


def forwards(things: Things, where: Sequence[Where], order: Sequence[str], size: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    after = None
    while True:
        page = query.page(THINGS, COLUMNS, where=where, order=order, first=size, after=after)
        read = page.read(things.fetch(page.statement))
        assert read.as_of == AS_OF
        assert read.has_previous == (after is not None)
        found.extend(row[: len(COLUMNS)] for row in read.rows)
        if not read.has_next:
            return found
        after = read.cursor(read.rows[-1])


def backwards(things: Things, where: Sequence[Where], order: Sequence[str], size: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    before = None
    while True:
        page = query.page(THINGS, COLUMNS, where=where, order=order, last=size, before=before)
        read = page.read(things.fetch(page.statement))
        found[:0] = [row[: len(COLUMNS)] for row in read.rows]
        if not read.has_previous:
            return found
        before = read.cursor(read.rows[0])


def test_the_first_rows_below_each_of_several_parents(things: Things) -> None:
    parents = {row.parent for row in things.rows if row.parent}
    childless = uuid4()
    branches = query.branches(THINGS, COLUMNS, "parent", [*parents, childless], order=["-price"], first=3)
    _, found = branches.read(things.fetch(branches.statement))
    empty = found.pop(childless)
    assert (list(empty.rows), empty.has_next, empty.as_of) == ([], False, AS_OF)
    assert found.keys() == parents
    for parent, slice_ in found.items():
        where = [Where("parent", Op.EQ, parent)]
        right = [tuple(getattr(row, name) for name in COLUMNS) for row in expected(things.rows, where, ["-price"])]
        assert [row[: len(COLUMNS)] for row in slice_.rows] == right[:3]
        assert slice_.has_next == (len(right) > 3)
        assert slice_.as_of == AS_OF
        following = query.page(
            THINGS, COLUMNS, where=where, order=["-price"], first=3, after=slice_.cursor(slice_.rows[-1])
        )
        rest = following.read(things.fetch(following.statement)).rows
        assert [row[: len(COLUMNS)] for row in rest] == right[3:6]
    branches = query.branches(THINGS, COLUMNS, "parent", list(parents), order=["-price"], last=2)
    _, found = branches.read(things.fetch(branches.statement))
    assert found.keys() == parents
    for parent, slice_ in found.items():
        where = [Where("parent", Op.EQ, parent)]
        right = [tuple(getattr(row, name) for name in COLUMNS) for row in expected(things.rows, where, ["-price"])]
        assert [row[: len(COLUMNS)] for row in slice_.rows] == right[-2:]
        assert (slice_.has_previous, slice_.has_next) == (len(right) > 2, False)


def test_the_rows_below_each_of_several_parents_are_counted_in_one_statement(things: Things) -> None:
    below = Counter(row.parent for row in things.rows if row.parent)
    childless = uuid4()
    counted = things.fetch(query.count_below(THINGS, "parent", [*below, childless], at_most=2))
    assert dict(counted) == {childless: 0, **{parent: min(number, 3) for parent, number in below.items()}}


def test_single_rows_by_key_and_by_number(things: Things) -> None:
    one, other = things.rows[5], things.rows[9]
    keys = [(one.record_id,), (other.record_id,), (uuid4(),)]
    asked = query.by_key(THINGS, ["name"], keys)
    as_of, found = asked.read(things.fetch(asked.statement))
    assert (as_of, sorted(found)) == (AS_OF, sorted([(one.record_id, one.name), (other.record_id, other.name)]))
    nothing = query.by_key(THINGS, ["name"], [(uuid4(),)])
    assert nothing.read(things.fetch(nothing.statement)) == (AS_OF, [])
    numbered = things.fetch(query.by_number(THINGS, ["record_id"], [one.number, "a\0b"]))
    assert set(numbered) == {("5", row.record_id) for row in things.rows if row.number == "5"}


def test_positions_of_read_models(things: Things) -> None:
    assert things.fetch(query.positions(["thing", "nothing"])) == [("thing", AS_OF)]


@pytest.mark.parametrize(
    ("order", "index"),
    [(["number"], "number"), ([], "due_on"), (["-due_on"], "due_on")],
)
def test_a_page_deep_in_a_list_is_found_by_index(
    things: Things, database: Database, order: list[str], index: str
) -> None:
    page = query.page(THINGS, ["number"], order=order, first=5)
    read = page.read(things.fetch(page.statement))
    for _ in range(8):
        page = query.page(THINGS, ["number"], order=order, first=5, after=read.cursor(read.rows[-1]))
        read = page.read(things.fetch(page.statement))
    explain = Statement("explain (analyze, format text) " + page.statement.sql, page.statement.params)
    with psycopg.connect(database.conninfo("reader"), cursor_factory=psycopg.RawCursor) as reader:
        reader.execute("set enable_seqscan = off")
        reader.execute("set enable_bitmapscan = off")
        plan = "\n".join(str(line) for (line,) in reader.execute(explain.sql.encode(), explain.params))
    assert index in plan
    removed = [line for line in plan.splitlines() if "Rows Removed by Filter" in line]
    assert removed == [], plan
