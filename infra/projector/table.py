"""The physical table of a read model: how it is made, and the statements that read and write its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from psycopg.sql import SQL, Composed, Identifier, Literal

from domain.kernel import Message
from infra.projector.arrays import wire_type
from infra.projector.rows import Shape
from projections.model import QUARANTINED_SINCE, Column, ColumnType, Projection, columns_of, ordering, shown_columns

READER = Identifier("stadtbuch_reader")


def names(columns: Iterable[Column | str], alias: str | None = None) -> Composed:
    """Columns as a list of identifiers."""
    found = [column if isinstance(column, str) else column.name for column in columns]
    return SQL(", ").join(Identifier(alias, name) if alias else Identifier(name) for name in found)


def comment(text: Message) -> Literal:
    """A meaning in both languages, as a comment an analyst sees."""
    return Literal(f"{text.en} ({text.de})")


def relation_name(projection: Projection, fingerprint: str, generation: int) -> str:
    """`file__0123456789ab`, and `file__0123456789ab_2` for the table that a rebuild puts in its place."""
    return f"{projection.name}__{fingerprint}" + (f"_{generation}" if generation > 1 else "")


def is_relation_of(projection: Projection, relation: str) -> bool:
    """Whether a table was made for this projection, at whatever time."""
    return re.fullmatch(rf"{projection.name}__[0-9a-f]{{12}}(_[0-9]+)?", relation) is not None


@dataclass(slots=True)
class Table:
    """One table of a projection, and its statements. `relation` is its name in schema read."""

    shape: Shape
    relation: str
    name: Identifier = field(init=False)
    select: Composed = field(init=False)
    insert: Composed = field(init=False)
    update: Composed = field(init=False)
    delete: Composed = field(init=False)
    mark: Composed = field(init=False)
    unmark: Composed = field(init=False)

    def __post_init__(self) -> None:
        self.name = Identifier("read", self.relation)
        columns, key = self.shape.columns, self.shape.key
        rest = [column for column in columns if column not in key]
        rows, keys = _unnested(columns, "s"), _unnested(key, "k")
        to_row, to_key = (SQL(" and ").join(_same(column, alias) for column in key) for alias in ("s", "k"))
        self.select = SQL("select {} from {} t, {} where {}").format(names(columns, "t"), self.name, keys, to_key)
        self.insert = SQL("insert into {} ({}) select {} from {}").format(
            self.name, names(columns), _cast(columns), rows
        )
        self.update = SQL("update {} t set ({}) = row({}) from {} where {}").format(
            self.name, names(rest), _cast(rest), rows, to_row
        )
        self.delete = SQL("delete from {} t using {} where {}").format(self.name, keys, to_key)
        since = Identifier(QUARANTINED_SINCE.name)
        marks = SQL("update {} t set {} = {} from {} where {} and {} is {}")
        self.mark = marks.format(self.name, since, SQL("now()"), keys, to_key, since, SQL("null"))
        self.unmark = marks.format(self.name, since, SQL("null"), keys, to_key, since, SQL("not null"))

    @property
    def shown(self) -> list[Column]:
        """All columns of the table and the view: those of the rows, and since when a row stands still."""
        return list(shown_columns(self.shape.projection).values())

    def copy(self, *, freeze: bool) -> Composed:
        """Rows from the client."""
        how = SQL("format binary, freeze" if freeze else "format binary")
        return SQL("copy {} ({}) from stdin ({})").format(self.name, names(self.shape.columns), how)

    def create(self) -> Composed:
        """The table without indexes."""
        columns = SQL(", ").join(map(_definition, self.shown))
        # Room on each page lets PostgreSQL change a row without touching its indexes.
        fill = Literal(100 if self.shape.projection.append_only else 75)
        return SQL("create table {} ({}) with (fillfactor = {})").format(self.name, columns, fill)

    def index(self) -> list[Composed]:
        """The key, and the other indexes; made when the table is filled."""
        projection = self.shape.projection
        made = [SQL("alter table {} add primary key ({})").format(self.name, names(projection.key))]
        for columns in indexes(projection):
            method = SQL(" using gin") if self._is_array(columns) else SQL("")
            made.append(SQL("create index on {}{} ({})").format(self.name, method, names(columns)))
        return [*made, *self.describe("table", self.name)]

    def _is_array(self, columns: Sequence[str]) -> bool:
        known = columns_of(self.shape.projection.row)
        return known[columns[0]].holds in (ColumnType.TEXTS, ColumnType.UUIDS)

    def show(self, *, replace: bool) -> list[Composed]:
        """The view that readers see; `replace` where there is one with the same columns."""
        projection = self.shape.projection
        view = Identifier("read", projection.name)
        verb = SQL("create or replace view" if replace else "create view")
        return [
            SQL("{} {} as select {} from {}").format(verb, view, names(self.shown), self.name),
            SQL("grant select on {} to {}").format(view, READER),
            *self.describe("view", view),
        ]

    def describe(self, kind: str, name: Identifier) -> list[Composed]:
        """What table or view and their columns mean."""
        projection = self.shape.projection
        return described(kind, name, projection.comment, self.shown)


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


def _definition(column: Column) -> Composed:
    collation = SQL(' collate "C"') if column.holds.sql in ("text", "text[]") else SQL("")
    null = SQL("" if column.nullable else " not null")
    return SQL("{} {}{}{}").format(Identifier(column.name), _type(column.holds.sql), collation, null)


def _type(name: str) -> SQL:
    return SQL(name)


def _unnested(columns: Sequence[Column], alias: str) -> Composed:
    arrays = SQL(", ").join(SQL("%b::{}[]").format(_type(wire_type(column.holds))) for column in columns)
    return SQL("unnest({}) {}({})").format(arrays, SQL(alias), names(columns))


def _cast(columns: Sequence[Column]) -> Composed:
    return SQL(", ").join(
        SQL("s.{}::{}").format(Identifier(column.name), _type(column.holds.sql)) for column in columns
    )


def _same(column: Column, alias: str) -> Composed:
    return SQL("t.{} = {}").format(Identifier(column.name), Identifier(alias, column.name))
