"""What the tests look at in the database: rows as the fold would make them, and how far projections have come."""

from typing import Any

from psycopg.sql import SQL

from domain.families import FAMILIES
from infra.codec import Codec
from infra.database import Database
from infra.projector import Status, status
from infra.projector.apply import rows_of
from infra.projector.columns import names
from infra.projector.events import connect
from infra.projector.rows import Key, Shape
from infra.projector.table import Table, is_relation_of
from projections.model import Projection, fold_all
from tests.infra.projector.office import events_of

CODEC = Codec(FAMILIES)


def rows(database: Database, projection: Projection) -> dict[Key, Any]:
    """What the view shows, in the reader's role."""
    shape = Shape(projection)
    with connect(database.conninfo("reader")) as connection:
        found = connection.execute(
            SQL("select {} from read.{}").format(names(shape.columns), SQL(projection.name)), binary=True
        )
        return rows_of(Table(shape, projection.name), found.fetchall())


def folded(database: Database, projection: Projection) -> dict[Key, Any]:
    """What the events say, folded from nothing."""
    return fold_all(projection, events_of(database, CODEC))


def status_of(database: Database, projection: Projection) -> Status:
    """How far a projection has come."""
    return next(found for found in status(database.conninfo("reader")) if found.name == projection.name)


def relation_of(database: Database, projection: Projection) -> str:
    """The live table."""
    with connect(database.conninfo("projector")) as connection:
        row = connection.execute(
            "select relation from projector.projection where name = %s", (projection.name,)
        ).fetchone()
    assert row is not None
    return str(row[0])


def tables_of(database: Database, projection: Projection) -> list[str]:
    """All tables that were made for a projection and are still there."""
    with connect(database.conninfo("projector")) as connection:
        found = connection.execute("select tablename from pg_tables where schemaname = 'read'").fetchall()
    return sorted(str(name) for (name,) in found if is_relation_of(projection.name, str(name)))
