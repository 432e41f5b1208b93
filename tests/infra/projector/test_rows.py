"""Rows come back from the database as they went in, whichever way they went in."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL

from domain.kernel import Sealed
from infra.database import Database
from infra.projector.apply import copy_rows, fetch, write
from infra.projector.events import Connection, connect
from infra.projector.fold import Batch, Cell
from infra.projector.rows import Shape
from infra.projector.table import Table
from tests.projections.rows import THINGS, Colour, ThingRow

TABLE = Table(Shape(THINGS), "thing__000000000000")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
ROWS = st.lists(
    st.builds(
        ThingRow,
        record_id=st.integers(0, 9).map(lambda n: UUID(int=n)),
        number=TEXT,
        name=st.none() | TEXT,
        parent=st.none() | st.uuids(),
        colour=st.none() | st.sampled_from(Colour),
        due_on=st.none() | st.dates(),
        price=st.none() | st.decimals(-(10**20), 10**20, allow_nan=False, places=3),
        tags=st.lists(TEXT, max_size=3).map(tuple),
        done=st.booleans(),
        secret=st.none() | st.builds(Sealed.stored, st.integers(1), st.integers(0, 99), st.just("envelope.reason")),
        hidden=st.none() | TEXT,
        position=st.integers(-(2**63), 2**63 - 1),
        recorded_at=st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001
    ),
    unique_by=lambda row: row.record_id,
    max_size=6,
)
KEYS = [(UUID(int=n),) for n in range(10)]


def filled(connection: Connection) -> dict[tuple[UUID], ThingRow]:
    return fetch(connection, TABLE, KEYS)


def change(connection: Connection, before: dict[tuple[UUID], ThingRow], after: dict[tuple[UUID], ThingRow]) -> None:
    """Write as a batch would that leads from the one to the other."""
    cells = {}
    for key in before.keys() | after.keys():
        cells[key] = cell = Cell(key, held=False)
        cell.before, cell.row = before.get(key), after.get(key)
    write(connection, TABLE, Batch(THINGS, frozenset(), frozenset(), cells))


def test_rows_survive_copy_insert_update_and_delete(database: Database) -> None:
    with connect(database.conninfo("projector")) as connection:
        connection.execute(TABLE.create())

        @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
        @given(ROWS, ROWS)
        def survive(copied: list[ThingRow], later: list[ThingRow]) -> None:
            with connection.transaction():
                connection.execute(SQL("truncate {}").format(TABLE.name))
                copy_rows(connection, TABLE, copied, freeze=True)
            before = {(row.record_id,): row for row in copied}
            assert filled(connection) == before
            after = {(row.record_id,): row for row in later}
            change(connection, before, after)
            assert filled(connection) == after

        survive()


def test_amounts_keep_their_decimals(database: Database) -> None:
    row = ThingRow(record_id=UUID(int=1), number="", price=Decimal("1.50"), position=1, recorded_at=datetime.now(UTC))
    with connect(database.conninfo("projector")) as connection:
        connection.execute(TABLE.create())
        change(connection, {}, {(row.record_id,): row})
        assert str(filled(connection)[(row.record_id,)].price) == "1.50"


def test_the_least_and_the_last_day_are_days(database: Database) -> None:
    rows = [
        ThingRow(record_id=UUID(int=n), number="", due_on=day, position=1, recorded_at=datetime.now(UTC))
        for n, day in enumerate((date.min, date.max))
    ]
    with connect(database.conninfo("projector")) as connection:
        connection.execute(TABLE.create())
        change(connection, {}, {(row.record_id,): row for row in rows})
        assert [row.due_on for row in filled(connection).values()] == [date.min, date.max]
