"""The rows of a report, streamed from one snapshot, with the position that they reflect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import psycopg
from psycopg.types.numeric import Float8BinaryLoader
from psycopg.types.string import TextBinaryLoader

from domain.kernel import Invalid
from infra.database import ANALYST, Database
from infra.queries import named
from infra.reports.errors import BadQuestion, NotBuilt
from infra.reports.sources import Connection, Readable, behind
from projections import query
from projections.model import Column, Projection, shown_columns
from projections.query import Moment, View, Where

_SQL: Final = named("reports")
CHUNK: Final = 2_000
Row = tuple[Any, ...]


@dataclass(slots=True)
class Rows:
    """The rows of one report, to be read once. `position` is the event they reflect; None where nobody tracks it."""

    source: Readable
    columns: Sequence[Column]
    position: int | None
    chunks: Iterator[Sequence[Row]]
    seen_by: Callable[[Row], None] | None = None
    count: int = 0

    def __iter__(self) -> Iterator[Row]:
        """Each row, counted, and shown to who watches."""
        for chunk in self.chunks:
            for row in chunk:
                self.count += 1
                if self.seen_by is not None:
                    self.seen_by(row)
                yield row


class _Decimal(Float8BinaryLoader):
    def load(self, data: Any) -> Any:
        """A double as the decimal number that it shows as."""
        return Decimal(repr(super().load(data)))


@contextmanager
def reader(database: Database) -> Iterator[Connection]:
    """A connection of the reader's role, with the time that analysts have for a query."""
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as connection:
        connection.adapters.register_loader("json", TextBinaryLoader)  # handed on as it is stored
        connection.adapters.register_loader("float8", _Decimal)
        for setting, value in ANALYST.items():
            connection.execute("select set_config(%s, %s, false)", (setting, value))
        yield connection


@contextmanager
def reading(
    connection: Connection,
    source: Readable,
    where: Sequence[Where] = (),
    order: Sequence[str] = (),
    limit: int | None = None,
    moment: Moment | None = None,
) -> Iterator[Rows]:
    """The rows, a few thousand in memory at a time. Raises NotBuilt and BadQuestion."""
    try:
        statement = query.whole(source, where=where, order=order, limit=limit, moment=moment)
    except Invalid as error:
        raise BadQuestion(error.message.en) from error
    columns = list(shown_columns(source).values())
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        for name, value in moment.settings.items() if moment else ():
            connection.execute("select set_config(%s, %s, true)", (name, value))
        position = _position(connection, source, moment)
        with psycopg.RawServerCursor(connection, "report") as cursor:
            try:
                cursor.execute(statement.sql.encode(), statement.params, binary=True)
            except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
                if moment and (isinstance(source, View) or (isinstance(source, Projection) and not source.historic)):
                    raise BadQuestion(f"{source.name} is known as it is now, and not as of another moment") from error
                schema = "as_of" if moment else "read"
                raise NotBuilt(
                    f"{schema}.{source.name} is not there yet in this program's shape: `stadtbuch serve` or "
                    "`stadtbuch init` builds it, `stadtbuch status` tells how far it is"
                ) from error
            chunks = iter(lambda: cursor.fetchmany(CHUNK), [])
            yield Rows(source, columns, position, chunks)


def _position(connection: Connection, source: Readable, moment: Moment | None) -> int | None:
    """The event that the rows reflect. Raises BadQuestion of a moment that has not come, or has not been folded yet."""
    known: int | None
    try:
        ((known, then),) = connection.execute(_SQL["position"], (list(behind(source)),)).fetchall()
    except psycopg.errors.InvalidParameterValue as error:
        raise BadQuestion(error.diag.message_primary or str(error)) from error
    if known is None:
        return None
    asked = moment is not None and (moment.position is not None or moment.recorded is not None)
    if asked and then > known:
        raise BadQuestion(
            f"{source.name} reflects the ledger up to position {known:,}, and that moment is position {then:,}: "
            "`stadtbuch status` tells when it has caught up"
        )
    return min(int(known), int(then))
