"""The physical table of a read model: how it is made, and the statements that read and write its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from psycopg.sql import SQL, Composed, Identifier, Literal

from infra.projector.columns import (
    READER,
    cast,
    definition,
    described,
    indexes,
    is_array,
    is_live,
    names,
    same,
    unnested,
)
from infra.projector.rows import Shape
from infra.projector.versions import Versions
from projections.model import QUARANTINED_SINCE, Column, Projection, shown_columns


def relation_name(projection: Projection, fingerprint: str, generation: int) -> str:
    """`file__0123456789ab`, and `file__0123456789ab_2` for the table that a rebuild puts in its place."""
    return f"{projection.name}__{fingerprint}" + (f"_{generation}" if generation > 1 else "")


def is_relation_of(name: str, relation: str) -> bool:
    """Whether a table was made for the projection of this name, at whatever time."""
    return re.fullmatch(rf"{re.escape(name)}__[0-9a-f]{{12}}(_[0-9]+)?", relation) is not None


@dataclass(slots=True)
class Table:
    """One table of a projection, and its statements. `relation` is its name in schema read. `versions` is the table of
    its rows' versions, where they are kept."""

    shape: Shape
    relation: str
    name: Identifier = field(init=False)
    select: bytes = field(init=False)
    insert: bytes = field(init=False)
    update: bytes = field(init=False)
    delete: bytes = field(init=False)
    mark: bytes = field(init=False)
    unmark: bytes = field(init=False)
    versions: Versions | None = field(init=False)

    def __post_init__(self) -> None:
        self.name = Identifier("read", self.relation)
        columns, key = self.shape.columns, self.shape.key
        rest = [column for column in columns if column not in key]
        rows, keys = unnested(columns, "s"), unnested(key, "k")
        to_row, to_key = (SQL(" and ").join(same(column, alias) for column in key) for alias in ("s", "k"))
        self.select = (
            SQL("select {} from {} t, {} where {}").format(names(columns, "t"), self.name, keys, to_key).as_bytes()
        )
        self.insert = (
            SQL("insert into {} ({}) select {} from {}")
            .format(self.name, names(columns), cast(columns), rows)
            .as_bytes()
        )
        self.update = (
            SQL("update {} t set ({}) = row({}) from {} where {}")
            .format(self.name, names(rest), cast(rest), rows, to_row)
            .as_bytes()
        )
        self.delete = SQL("delete from {} t using {} where {}").format(self.name, keys, to_key).as_bytes()
        since = Identifier(QUARANTINED_SINCE.name)
        marks = SQL("update {} t set {} = {} from {} where {} and {} is {}")
        self.mark = marks.format(self.name, since, SQL("now()"), keys, to_key, since, SQL("null")).as_bytes()
        self.unmark = marks.format(self.name, since, SQL("null"), keys, to_key, since, SQL("not null")).as_bytes()
        self.versions = Versions(self.shape, self.relation) if self.shape.projection.keeps_versions else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of the rows."""
        return self.shape.columns

    @property
    def key(self) -> tuple[Column, ...]:
        """What tells a row from every other."""
        return self.shape.key

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
        columns = SQL(", ").join(map(definition, self.shown))
        # Room on each page lets PostgreSQL change a row without touching its indexes.
        fill = Literal(100 if self.shape.projection.append_only else 75)
        return SQL("create table {} ({}) with (fillfactor = {})").format(self.name, columns, fill)

    def index(self) -> list[Composed]:
        """The key, and the other indexes; made when the table is filled."""
        projection = self.shape.projection
        made = [SQL("alter table {} add primary key ({})").format(self.name, names(projection.key))]
        for columns in indexes(projection):
            method = SQL(" using gin") if is_array(projection, columns) else SQL("")
            made.append(SQL("create index on {}{} ({})").format(self.name, method, names(columns)))
        return [*made, *self.describe("table", self.name)]

    def select_all(self) -> Composed:
        """What the view of schema read selects."""
        live = is_live(self.shape.projection, self.relation)
        return SQL("select {} from {} where {}").format(names(self.shown), self.name, live)

    def show(self, schema: str, text: Composed) -> list[Composed]:
        """A view that readers see, made or pointed at other rows of the same columns."""
        view = Identifier(schema, self.shape.projection.name)
        return [
            SQL("create or replace view {} as {}").format(view, text),
            SQL("grant select on {} to {}").format(view, READER),
            *self.describe("view", view),
        ]

    def as_of(self) -> Composed | None:
        """What the view of schema as_of selects: the rows of the session's moment; None where nobody knows them."""
        if self.versions is not None:
            return self.versions.as_of()
        if not self.shape.projection.is_trail:
            return None
        return SQL(
            "select {} from {} t where t.position <= (select as_of.position())"
            " and t.effective_at < (select as_of.effective_before()) and {}"
        ).format(names(self.shown, "t"), self.name, is_live(self.shape.projection, self.relation))

    def describe(self, kind: str, name: Identifier) -> list[Composed]:
        """What table or view and their columns mean."""
        projection = self.shape.projection
        return described(kind, name, projection.comment, self.shown)
