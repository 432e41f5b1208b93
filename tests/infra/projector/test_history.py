"""Versions of rows: a row as of any day, known at any position, is the fold of the events that were known then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel import Authentication, Channel, Envelope, Fact, Message, Precision, Recorded
from infra.database import Database
from infra.projector import state, views
from infra.projector.apply import Changes, fetch
from infra.projector.events import Connection, connect
from infra.projector.fold import Batch
from infra.projector.group import Member
from infra.projector.history import Line, Version, effective_day
from infra.projector.rows import Shape
from infra.projector.table import Table
from infra.queries import named
from projections.model import Projection, column

START = date(2025, 3, 29)
"""The day before the clocks change in Berlin."""
ENVELOPE = Envelope(
    actor=UUID(int=1), role="clerk", org_unit="10", authentication=Authentication.NONE_DEV, client="tests/1",
    channel=Channel.STAFF, effective_precision=Precision.INSTANT, effective_zone="Europe/Berlin",
    correlation_id=UUID(int=2), command_id=UUID(int=3),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """A letter for a row: `-` takes the row away, `.` changes nothing, `!` no fold takes without an `a` before it."""

    topic = "test.noted.v1"
    kind = "note"
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    record_id: UUID = column("The note.", "Die Notiz.")
    letters: str = column("Its letters.", "Ihre Buchstaben.", filterable=True, sortable=True)


def fold(row: NoteRow | None, event: Recorded) -> NoteRow | None:
    fact = event.fact
    assert isinstance(fact, Noted)
    match fact.letter:
        case "-":
            return None
        case ".":
            return row
        case "!" if row is not None and "a" not in row.letters:
            raise ValueError("no a")
    if row is None:
        return NoteRow(record_id=event.record_id, letters=fact.letter)
    return replace(row, letters=row.letters + fact.letter)


NOTES = Projection(
    name="note", singular="Note", plural="notes", comment=Message("Notes.", "Notizen."),
    row=NoteRow, facts=(Noted,), fold=fold, order=("letters",),
)  # fmt: skip
Happened = tuple[str, int, int]
"""A letter, the hour it took effect in, counted from the first day, and the record."""
happenings = st.lists(
    st.tuples(st.sampled_from("abcd-.!"), st.integers(0, 24 * 5), st.integers(0, 1)), min_size=1, max_size=14
)

few_days = st.lists(
    st.tuples(st.sampled_from("ab-"), st.sampled_from((0, 30, 60)), st.just(0)), min_size=8, max_size=12
)
"""Much of one record on few days: rows that go on the day they changed, and events that come late after that."""


def events(happened: Sequence[Happened]) -> list[Recorded]:
    begin = datetime(2025, 3, 29, tzinfo=UTC)
    return [
        Recorded(
            position, UUID(int=record), position, Noted.topic, begin, begin + timedelta(hours=hour), ENVELOPE,
            Noted(letter=letter),
        )
        for position, (letter, hour, record) in enumerate(happened, 1)
    ]  # fmt: skip


def takeable(happened: Sequence[Recorded]) -> list[Recorded]:
    """Without the events that the row itself does not take: those are set aside with all that follow."""
    rows: dict[UUID, Any] = {}
    held: set[UUID] = set()
    taken = []
    for event in happened:
        try:
            rows[event.record_id] = fold(rows.get(event.record_id), event)
        except ValueError:
            held.add(event.record_id)
        if event.record_id not in held:
            taken.append(event)
    return taken


def told(known: Sequence[Recorded], position: int, day: date) -> dict[UUID, NoteRow]:
    """The rows from scratch: the events known at a position that had taken effect by the end of a day."""
    rows: dict[UUID, Any] = {}
    for event in known:
        if event.position <= position and effective_day(event.effective_at) <= day:
            try:
                rows[event.record_id] = fold(rows.get(event.record_id), event)
            except ValueError:
                rows[event.record_id] = None
    return {record: row for record, row in rows.items() if row is not None}


def shown(versions: Sequence[Version], position: int, day: date) -> list[NoteRow]:
    return [
        each.row
        for each in versions
        if each.from_position <= position
        and each.effective_from <= day
        and (
            each.to_position > position
            or (each.effective_to is not None and each.effective_to > day and each.until_position > position)
        )
    ]


def moments(known: Sequence[Recorded]) -> Iterator[tuple[int, date]]:
    for position in range(known[-1].position + 1 if known else 1):
        for days in range(-1, 7):
            yield position, START + timedelta(days=days)


@given(happenings)
def test_each_day_known_at_each_position_is_the_fold_of_what_was_known_of_it(happened: list[Happened]) -> None:
    known = takeable(events(happened))
    lines: dict[UUID, Line] = {}
    rows: dict[UUID, Any] = {}
    for event in known:
        rows[event.record_id] = fold(rows.get(event.record_id), event)
        lines.setdefault(event.record_id, Line(whole=True)).take(event, rows[event.record_id], fold)
    for position, day in moments(known):
        found = [row for line in lines.values() for row in shown(line.new, position, day)]
        assert {row.record_id: row for row in found} == told(known, position, day)
        assert len(found) == len({row.record_id for row in found})


def test_events_in_order_make_one_version_each() -> None:
    line, row = Line(whole=True), None
    for event in events([("a", 1, 0), ("b", 30, 0), ("c", 31, 0), ("d", 80, 0)]):
        row = fold(row, event)
        line.take(event, row, fold)
    assert [(each.row.letters, each.from_position, each.effective_to) for each in line.new] == [
        ("a", 1, date(2025, 3, 30)),
        ("ab", 2, date(2025, 3, 30)),
        ("abc", 3, date(2025, 4, 1)),
        ("abcd", 4, None),
    ]


@pytest.fixture
def projector(database: Database) -> Iterator[Connection]:
    with connect(database.conninfo("projector")) as connection:
        table = Table(Shape(NOTES), "note__000000000000")
        assert table.versions is not None
        for made in (table.create(), *table.index(), table.versions.create(), *table.versions.index()):
            connection.execute(made)
        views.show(connection, table, ())
        state.register(connection, ["note"])
        swapped = (table.relation, "000000000000", 1, 0, 0, 0, 0.0, "")
        connection.execute(named("projector")["swap"], (*swapped, "note"))
        yield connection


def follow(connection: Connection, happened: Sequence[Recorded], at_once: int, *, remembers: bool) -> None:
    """In batches, as the projector does; one that remembers keeps the last versions between them."""
    table, member = Table(Shape(NOTES), "note__000000000000"), Member(NOTES, "", frozenset({Noted.topic}))
    assert table.versions is not None
    for start in range(0, len(happened), at_once):
        batch = Batch(NOTES, frozenset({Noted.topic}), frozenset({Noted}))
        batch.take(happened[start : start + at_once])
        for key, row in fetch(connection, table, list(batch.cells)).items():
            batch.hold(key, row)
        batch.fold()
        table.versions.prepare(connection, batch, member.lines)
        batch.keep_versions()
        Changes.of(batch.cells).write(connection, table)
        if remembers:
            member.keep(batch)


STORIES: list[list[Happened]] = [
    [("a", 50, 0), ("b", 51, 0), ("c", 100, 0), ("d", 10, 0)],
    [("a", 0, 0), ("b", 50, 0), ("c", 100, 0), ("d", 25, 0), ("b", 0, 0), ("c", 75, 0), ("a", 100, 0)],
    [("a", 60, 0), ("a", 60, 1), ("b", 30, 0), ("-", 90, 0), ("c", 100, 1), ("d", 45, 0), ("d", 110, 0), ("c", 10, 0)],
    [("b", 80, 0), ("-", 80, 0), ("a", 20, 0), ("!", 50, 0), ("c", 10, 0), (".", 100, 0), ("d", 90, 0)],
    [("a", 100, 0), ("b", 75, 0), ("c", 50, 0), ("d", 25, 0), ("a", 0, 0), ("-", 60, 0), ("b", 110, 0)],
    [("a", 30, 0), ("b", 60, 0), ("-", 60, 0), ("c", 30, 0)],
]


@pytest.mark.parametrize("happened", STORIES)
@pytest.mark.parametrize("remembers", [False, True])
def test_what_is_stored_batch_by_batch_answers_the_same(
    projector: Connection, database: Database, happened: list[Happened], remembers: bool
) -> None:
    for at_once in (1, 3, 100):
        answers_the_same(projector, database, takeable(events(happened)), at_once, remembers=remembers)


@given(happenings, st.integers(1, 4), st.booleans())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_answers_the_same_whatever_happens(
    projector: Connection, database: Database, happened: list[Happened], at_once: int, remembers: bool
) -> None:
    answers_the_same(projector, database, takeable(events(happened)), at_once, remembers=remembers)


@given(few_days)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_remembered_between_batches_answers_the_same_where_rows_come_and_go(
    projector: Connection, database: Database, happened: list[Happened]
) -> None:
    answers_the_same(projector, database, takeable(events(happened)), 1, remembers=True)


def answers_the_same(
    projector: Connection, database: Database, known: list[Recorded], at_once: int, *, remembers: bool
) -> None:
    for table in ("read", "history"):
        projector.execute(f"truncate {table}.note__000000000000".encode())
    follow(projector, known, at_once, remembers=remembers)
    with psycopg.connect(
        database.admin
    ) as admin:  # the events are made up, and only what was recorded can be asked for
        admin.execute("update ledger.head set position = 1000000")
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as reader:
        for position, day in moments(known):
            reader.execute("select set_config('stadtbuch.as_of_position', %s, false)", (str(position),))
            reader.execute("select set_config('stadtbuch.as_of_effective', %s, false)", (str(day),))
            found = reader.execute("select record_id, letters from as_of.note").fetchall()
            expected = [(row.record_id, row.letters) for row in told(known, position, day).values()]
            assert sorted(found) == sorted(expected), (position, day)
        reader.execute("reset stadtbuch.as_of_effective")
        reader.execute("reset stadtbuch.as_of_position")
        now = reader.execute("select record_id, letters from as_of.note order by 1").fetchall()
        assert now == reader.execute("select record_id, letters from read.note order by 1").fetchall()
