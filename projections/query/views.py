"""Views that the program does not declare, known by what the database says of them: analysts' own projections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, make_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.kernel import Message
from domain.rights import Roles
from projections.model import Json, column
from projections.query.text import Statement
from projections.rights import FIGURES, Readers

_TYPES: Final[dict[str, tuple[Any, bool]]] = {
    "bigint": (int, True),
    "integer": (int, True),
    "text": (str, True),
    "boolean": (bool, True),
    "uuid": (UUID, True),
    "date": (date, True),
    "timestamp with time zone": (datetime, True),
    "numeric": (Decimal, True),
    "double precision": (Decimal, True),
    "json": (Json, False),
    "text[]": (tuple[str, ...], False),
    "uuid[]": (tuple[UUID, ...], False),
}
"""By the name of a type in PostgreSQL: what a column of it holds, and whether rows can be sorted by it."""

OWN: Final = "own_"
"""What the names of analysts' own projections begin with."""

# The key is that of the table behind the view; whoever may read the view is told nothing of the table but that.
_OWN: Final = """
select c.relname::text, obj_description(c.oid, 'pg_class'),
  to_regclass(format('as_of.%I', c.relname)) is not null, a.attname::text, format_type(a.atttypid, null),
  col_description(c.oid, a.attnum), k.place
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join lateral (
  select array_position(i.indkey::int2[], t.attnum) as place
  from pg_rewrite r
  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
  join pg_class b on b.oid = d.refobjid and b.relkind = 'r' and b.relnamespace = c.relnamespace
  join pg_index i on i.indrelid = b.oid and i.indisprimary
  join pg_attribute t on t.attrelid = b.oid and t.attnum = any(i.indkey) and t.attname = a.attname
  where r.ev_class = c.oid limit 1) k on true
where c.relnamespace = 'read'::regnamespace and c.relkind = 'v' and starts_with(c.relname, $1::text)
  and ($2::text is null or c.relname = $2::text) and has_table_privilege(c.oid, 'select')
order by c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class View:
    """A view of schema `read`, to be asked like a read model. `historic` says whether `as_of` has it too."""

    name: str
    comment: Message
    row: type
    order: tuple[str, ...]
    unique: tuple[str, ...] = ()
    historic: bool = False

    @property
    def readers(self) -> Readers:
        """Those who count, and those who check."""
        return FIGURES

    @property
    def listed_by(self) -> Roles:
        """All of them."""
        return frozenset(FIGURES)


class Told(NamedTuple):
    """What the database says of a column: its name, its type and its comment."""

    name: str
    type: str
    about: str


@cache
def view(
    name: str, about: str, columns: tuple[Told, ...], key: tuple[str, ...] = (), *, historic: bool = False
) -> View:
    """The view of such columns, those of unknown types left out; one and the same for the same definition.

    Without a `key` it comes in the order of its first column, and cannot be asked page by page.
    """
    fields = [
        (each.name, kind if each.name in key else kind | None,
         column(each.about, each.about, filterable=True, sortable=sortable, default=None))
        for each in columns if each.type in _TYPES for kind, sortable in [_TYPES[each.type]]
    ]  # fmt: skip
    row = make_dataclass("Row", fields, frozen=True, slots=True)
    return View(name, Message(about, about), row, key or (fields[0][0],), key, historic)


class OwnViews(NamedTuple):
    """The statement that finds analysts' own projections, and how to read what it answers."""

    statement: Statement

    def read(self, answered: Sequence[tuple[Any, ...]]) -> list[View]:
        """The views, by name; those that have no key are still being built."""
        found = []
        for name, rows in groupby(answered, key=itemgetter(0)):
            told = list(rows)
            columns = tuple(Told(column, kind, about or "") for *_, column, kind, about, _ in told)
            places = {column: place for *_, column, _, _, place in told if place is not None}
            key = tuple(sorted(places, key=lambda each: places[each]))
            if key:
                found.append(view(name, told[0][1] or "", columns, key, historic=told[0][2]))
        return found


def own_views(name: str | None = None) -> OwnViews:
    """All own projections, or the one of that name, with or without its prefix."""
    wanted = None if name is None else OWN + name.removeprefix(OWN)
    return OwnViews(Statement(_OWN, (OWN, wanted)))
