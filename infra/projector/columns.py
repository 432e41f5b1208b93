"""SQL about columns, as the tables of a read model have in common: names, types, parameters, comments, indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from psycopg.sql import SQL, Composed, Identifier, Literal

from domain.kernel import Message
from infra.projector.arrays import wire_type
from projections.model import Column, ColumnType, Projection, columns_of, ordering

READER = Identifier("stadtbuch_reader")


def names(columns: Iterable[Column | str], alias: str | None = None) -> Composed:
    """Columns as a list of identifiers."""
    found = [column if isinstance(column, str) else column.name for column in columns]
    return SQL(", ").join(Identifier(alias, name) if alias else Identifier(name) for name in found)


def comment(text: Message) -> Literal:
    """A meaning in both languages, as a comment an analyst sees."""
    return Literal(f"{text.en} ({text.de})")


def described(kind: str, name: Identifier, about: Message, columns: Iterable[Column]) -> list[Composed]:
    """Comments on a table or view and its columns."""
    first = SQL("comment on {} {} is {}").format(SQL(kind), name, comment(about))
    return [
        first,
        *(
            SQL("comment on column {}.{} is {}").format(name, Identifier(column.name), comment(column.comment))
            for column in columns
        ),
    ]


def indexes(projection: Projection) -> list[tuple[str, ...]]:
    """What is indexed besides the key: the human number, the default order, and what the projection names."""
    wanted: list[tuple[str, ...]] = [(projection.number, *projection.key)] if projection.number else []
    if projection.order:
        columns = dict.fromkeys((*(ordering(name)[0] for name in projection.order), *projection.key))
        wanted.append(tuple(columns))
    wanted.extend(projection.indexes)
    return [columns for columns in dict.fromkeys(wanted) if columns != projection.key]


def is_live(projection: Projection, relation: str) -> Composed:
    """That a table is the live one in the reader's snapshot too, or else an error: asked once by each query."""
    live = SQL("select from projector.projection where name = {} and relation = {}").format(
        Literal(projection.name), Literal(relation)
    )
    return SQL("(select case when exists ({}) then true else as_of.refuse_old_snapshot() end)").format(live)


def definition(column: Column) -> Composed:
    """A column of a table."""
    collation = SQL(' collate "C"') if column.holds.sql in ("text", "text[]") else SQL("")
    null = SQL("" if column.nullable else " not null")
    return SQL("{} {}{}{}").format(Identifier(column.name), type_(column.holds.sql), collation, null)


def type_(name: str) -> SQL:
    """A type by its name."""
    return SQL(name)


def unnested(columns: Sequence[Column], alias: str) -> Composed:
    """Rows of parameters, one array for each column."""
    arrays = SQL(", ").join(SQL("%b::{}[]").format(type_(wire_type(column.holds))) for column in columns)
    return SQL("unnest({}) {}({})").format(arrays, SQL(alias), names(columns))


def cast(columns: Sequence[Column]) -> Composed:
    """The columns of rows `s` as the types that store them."""
    return SQL(", ").join(
        SQL("s.{}::{}").format(Identifier(column.name), type_(column.holds.sql)) for column in columns
    )


def same(column: Column, alias: str) -> Composed:
    """That a column of `t` is that of another."""
    return SQL("t.{} = {}").format(Identifier(column.name), Identifier(alias, column.name))


def is_array(projection: Projection, columns: Sequence[str]) -> bool:
    """Whether an index on these columns is one of several values."""
    return columns_of(projection.row)[columns[0]].holds in (ColumnType.TEXTS, ColumnType.UUIDS)
