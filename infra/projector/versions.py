"""The table of the versions of a read model's rows, in schema history, and what reads and writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any, Final

from psycopg.sql import SQL, Composed, Identifier, Literal

from domain.kernel import Message
from infra.projector.arrays import BinaryArray, array
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
from infra.projector.events import Connection
from infra.projector.fold import Batch, Cell
from infra.projector.history import FOREVER, Line, Version, effective_day
from infra.projector.rows import Key, Shape
from projections.model import QUARANTINED_SINCE, Column, ColumnType, added_column

FROM_POSITION: Final = added_column(
    "from_position", ColumnType.INTEGER,
    "The event that made this version; it is so from here on.", "Das Ereignis, das diese Fassung schuf.",
)  # fmt: skip
EFFECTIVE_FROM: Final = added_column(
    "effective_from", ColumnType.DATE,
    "The first day (Berlin) of which it tells.", "Der erste Tag, von dem sie etwas sagt.",
)  # fmt: skip
TO_POSITION: Final = added_column(
    "to_position", ColumnType.INTEGER,
    "Up to here, exclusively, it was the last version and told of all days to come; null: it still is. The same as"
    " from_position: it came late, and never was.",
    "Bis hierhin, ausschließlich, war sie die letzte Fassung; leer: sie ist es noch.",
    nullable=True,
)  # fmt: skip
EFFECTIVE_TO: Final = added_column(
    "effective_to", ColumnType.DATE,
    "From to_position on it tells of days before this one; null: of all days to come.",
    "Von da an sagt sie etwas von den Tagen vor diesem.",
    nullable=True,
)  # fmt: skip
UNTIL_POSITION: Final = added_column(
    "until_position", ColumnType.INTEGER,
    "Up to here, exclusively, it tells of those days; null: it still does.",
    "Bis hierhin, ausschließlich, gilt sie für diese Tage; leer: noch immer.",
    nullable=True,
)  # fmt: skip
_PLACE: Final = (EFFECTIVE_FROM, FROM_POSITION)
_ENDS: Final = (TO_POSITION, EFFECTIVE_TO, UNTIL_POSITION)
_OWN: Final = (FROM_POSITION, TO_POSITION, UNTIL_POSITION, EFFECTIVE_FROM, EFFECTIVE_TO)
_PARTS: Final = attrgetter(*(column.name for column in _OWN))
_ENDED: Final = attrgetter(*(column.name for column in _ENDS))
# Most versions are changed once, when the next one follows: room on the page keeps indexes out of that.
_FILLED: Final = 90


@dataclass(slots=True)
class Versions:
    """One table of versions, and its statements. `relation` is its name in schema history."""

    shape: Shape
    relation: str
    name: Identifier = field(init=False)
    lasts: bytes = field(init=False)
    wholes: bytes = field(init=False)
    insert: bytes = field(init=False)
    change: bytes = field(init=False)
    mark: bytes = field(init=False)
    unmark: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.name = Identifier("history", self.relation)
        key, columns = self.shape.key, self.columns
        keys, to_key = unnested(key, "k"), SQL(" and ").join(same(column, "k") for column in key)
        holds = SQL("t.until_position = {0} and (t.to_position = {0} or t.effective_to > t.effective_from)").format(
            Literal(FOREVER)
        )
        self.lasts = (
            SQL(
                "select {}, v.* from {} cross join lateral (select {} from {} t where {} and {}"
                " order by t.effective_from desc, t.from_position desc limit 1) v"
            )
            .format(names(key, "k"), keys, names(_OWN, "t"), self.name, to_key, holds)
            .as_bytes()
        )
        days = added_column("day", ColumnType.DATE, "", "")
        self.wholes = SQL(
            "select {} from {}, {} where {} and {} and (t.effective_to is null or t.effective_to > k.day)"
            " order by {}, t.effective_from"
        ).format(
            names(columns, "t"), SQL("{} t").format(self.name), unnested((*key, days), "k"), to_key, holds,
            names(key, "t"),
        ).as_bytes()  # fmt: skip
        self.insert = (
            SQL("insert into {} ({}) select {} from {}")
            .format(self.name, names(columns), cast(columns), unnested(columns, "s"))
            .as_bytes()
        )
        place = (*key, *_PLACE)
        self.change = SQL("update {} t set ({}) = row({}) from {} where {}").format(
            self.name, names(_ENDS), names(_ENDS, "s"), unnested((*place, *_ENDS), "s"),
            SQL(" and ").join(same(column, "s") for column in place),
        ).as_bytes()  # fmt: skip
        since = Identifier(QUARANTINED_SINCE.name)
        self.mark = (
            SQL("update {} t set {} = now() from {} where {} and t.to_position = {} and {} is null")
            .format(self.name, since, keys, to_key, Literal(FOREVER), since)
            .as_bytes()
        )
        self.unmark = (
            SQL("update {} t set {} = null from {} where {} and {} is not null")
            .format(self.name, since, keys, to_key, since)
            .as_bytes()
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those of the rows, and those that say when a version holds."""
        return (*self.shape.columns, *_OWN)

    @property
    def key(self) -> tuple[Column, ...]:
        """What tells a version from every other."""
        return (*self.shape.key, *_PLACE)

    def create(self) -> Composed:
        """The table without indexes. What says when a version holds comes first, where looking at it costs least."""
        columns = [column if column not in (TO_POSITION, UNTIL_POSITION) else _never_null(column) for column in _OWN]
        made = SQL(", ").join(map(definition, (*columns, *self.shape.columns, QUARANTINED_SINCE)))
        return SQL("create table {} ({}) with (fillfactor = {})").format(self.name, made, Literal(_FILLED))

    def index(self) -> list[Composed]:
        """The key, and what the rows are indexed by, each with the key and the position from which a version holds: so
        that no page sorts all versions that are alike."""
        projection = self.shape.projection
        made = [SQL("alter table {} add primary key ({})").format(self.name, names(self.key))]
        for columns in indexes(projection):
            if is_array(projection, columns):
                made.append(SQL("create index on {} using gin ({})").format(self.name, names(columns)))
            else:
                made.append(
                    SQL("create index on {} ({})").format(
                        self.name, names((*dict.fromkeys((*columns, *projection.key)), FROM_POSITION.name))
                    )
                )
        return made

    def show(self) -> list[Composed]:
        """The view of all versions. It stands for itself: nothing is made of it."""
        projection = self.shape.projection
        view = Identifier("history", projection.name)
        shown = [
            SQL("nullif({0}, {1}) as {0}").format(Identifier(column.name), Literal(FOREVER))
            if column in (TO_POSITION, UNTIL_POSITION)
            else Identifier(column.name)
            for column in (*self.columns, QUARANTINED_SINCE)
        ]
        text = SQL("create view {} as select {} from {} where {}").format(
            view, SQL(", ").join(shown), self.name, is_live(projection, self.relation)
        )
        about = Message(f"Every version of: {projection.comment.en}", f"Alle Fassungen: {projection.comment.de}")
        return [
            SQL("drop view if exists {}").format(view),
            text,
            SQL("grant select on {} to {}").format(view, READER),
            *described("view", view, about, (*self.columns, QUARANTINED_SINCE)),
        ]

    def as_of(self) -> Composed:
        """What the view of schema as_of selects: of each row the version that the session's moment shows."""
        return SQL(
            "select {} from {} t where t.from_position <= (select as_of.position())"
            " and t.effective_from <= (select as_of.effective())"
            " and (t.to_position > (select as_of.position())"
            " or t.effective_to > (select as_of.effective()) and t.until_position > (select as_of.position())) and {}"
        ).format(
            names((*self.shape.columns, QUARANTINED_SINCE), "t"),
            self.name,
            is_live(self.shape.projection, self.relation),
        )

    def prepare(self, connection: Connection, batch: Batch, kept: Mapping[Key, Line]) -> None:
        """Give the batch's rows their lines: the last version, or all from the day of an event that comes late on."""
        days: dict[Key, list[date]] = {}
        cells: dict[Key, Cell] = {}
        for cell, event, _ in batch.steps:
            days.setdefault(cell.key, []).append(effective_day(event.effective_at))
            cells[cell.key] = cell
        missing = [key for key in cells if key not in kept]
        lines = {key: kept[key].again() for key in cells if key in kept}
        if missing and not self.shape.projection.append_only:
            lines.update(self._lasts(connection, missing))
        late = {key: min(days[key]) for key, line in lines.items() if not line.whole and line.late(days[key])}
        if late:
            lines.update(self._wholes(connection, late))
        for key, cell in cells.items():
            line = lines.get(key)
            cell.line = line = Line(whole=True) if line is None else line
            if line.current and line.current[-1].last:
                line.current[-1].row = cell.before  # the very row that the fold was given

    def _lasts(self, connection: Connection, keys: Sequence[Key]) -> dict[Key, Line]:
        width = len(self.shape.key)
        found = connection.execute(self.lasts, self.shape.keys(keys), binary=True, prepare=True).fetchall()
        return {tuple(each[:width]): Line([_stored(None, each[width:])]) for each in found}

    def _wholes(self, connection: Connection, late: Mapping[Key, date]) -> dict[Key, Line]:
        columns = len(self.shape.columns)
        places = [self.shape.names.index(column.name) for column in self.shape.key]
        given = [*self.shape.keys(list(late)), array(ColumnType.DATE, list(late.values()))]
        lines = {key: Line(whole=True) for key in late}
        for each in connection.execute(self.wholes, given, binary=True).fetchall():
            version = _stored(self.shape.row(each[:columns]), each[columns:])
            lines[tuple(each[place] for place in places)].current.append(version)
        return lines

    def write(self, connection: Connection, new: Sequence[Version], changed: Sequence[tuple[Key, Version]]) -> None:
        """Store versions, and of others where they end now."""
        if changed:
            ends = [(*key, each.effective_from, each.from_position, *_ENDED(each)) for key, each in changed]
            connection.execute(self.change, _arrays((*self.key, *_ENDS), ends), prepare=True)
        if new:
            own = _arrays(_OWN, [_PARTS(each) for each in new])
            connection.execute(self.insert, [*self.shape.arrays([each.row for each in new]), *own], prepare=True)

    def copy(self, connection: Connection, versions: Iterable[Version]) -> None:
        """Add versions by COPY. Not to be called in a pipeline."""
        statement = SQL("copy {} ({}) from stdin (format binary)").format(self.name, names(self.columns))
        with connection.cursor().copy(statement) as copy:
            copy.set_types([*self.shape.copy_types, *(column.holds.sql for column in _OWN)])
            for version in versions:
                copy.write_row(copied(self.shape, version))


def copied(shape: Shape, version: Version) -> Sequence[Any]:
    """The values of a version's columns, as COPY takes them."""
    return (*shape.copied(version.row), *_PARTS(version))


def _stored(row: Any, place: Sequence[Any]) -> Version:
    from_position, to_position, until_position, effective_from, effective_to = place
    return Version(row, from_position, effective_from, to_position, effective_to, until_position, stored=True)


def _never_null(column: Column) -> Column:
    return replace(column, nullable=False)


def _arrays(columns: Sequence[Column], values: Sequence[tuple[Any, ...]]) -> list[BinaryArray]:
    """One array for each column."""
    return [array(column.holds, each) for column, each in zip(columns, zip(*values, strict=True), strict=True)]
