"""What a read model is: a row class, a key, the facts it reads, and a pure fold; and what a report is: one SQL view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, field, fields, make_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, NewType, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.kernel import Fact, Message, Recorded, Sealed
from domain.rights import Role, Roles
from projections.rights import READS_TEXTS, Readers

Json = NewType("Json", str)
"""The text of a JSON value, kept and handed on character by character."""

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")


def column(
    en: str,
    de: str,
    *,
    filterable: bool = False,
    sortable: bool = False,
    rises_with: str | None = None,
    pieces_in: str | None = None,
    readers: Roles | None = None,
    default: Any = MISSING,
) -> Any:
    """A column of a row class: its meaning in English and German, and whether it can be filtered or sorted by.

    `readers` are those of the row's readers that see it: all of them, and of a sealed text those who read texts, unless
    it says otherwise. What somebody does not see they do not filter or sort by either.

    `rises_with` names a column that never falls where this one rises, as `recorded_at` never falls along `position`:
    a range of this column is then looked up as a range of that one, which composite indexes serve.

    `pieces_in` names a column with the `projections.folding.pieces` of this one, which is folded itself: by an index on
    that, rows are found by any part of the text.
    """
    metadata = {
        "comment": Message(en, de),
        "filterable": filterable,
        "sortable": sortable,
        "rises_with": rises_with,
        "pieces_in": pieces_in,
        "readers": readers,
    }
    return field(default=default, metadata=metadata)


class ColumnType(Enum):
    """What a column holds, and the PostgreSQL type that stores it."""

    INTEGER = "integer", "bigint"
    TEXT = "text", "text"
    BOOLEAN = "boolean", "boolean"
    UUID = "uuid", "uuid"
    DATE = "date", "date"
    INSTANT = "instant", "timestamptz"
    DECIMAL = "decimal", "numeric"
    CHOICE = "a member of a StrEnum", "text"
    JSON = "json", "json"
    SEALED = "the reference of a sealed text", "text"
    TEXTS = "several texts", "text[]"
    UUIDS = "several uuids", "uuid[]"

    @property
    def sql(self) -> str:
        """The name of the type in SQL. Text is always COLLATE "C": compared by code point, everywhere alike."""
        return self.value[1]

    @property
    def ranges(self) -> bool:
        """Whether a range of values means something to a reader."""
        return self in (ColumnType.INTEGER, ColumnType.DATE, ColumnType.INSTANT, ColumnType.DECIMAL, ColumnType.TEXT)


SCALARS: dict[Any, ColumnType] = {
    int: ColumnType.INTEGER,
    str: ColumnType.TEXT,
    bool: ColumnType.BOOLEAN,
    UUID: ColumnType.UUID,
    date: ColumnType.DATE,
    datetime: ColumnType.INSTANT,
    Decimal: ColumnType.DECIMAL,
    Json: ColumnType.JSON,
    Sealed: ColumnType.SEALED,
    tuple[str, ...]: ColumnType.TEXTS,
    tuple[UUID, ...]: ColumnType.UUIDS,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row class, as a table, a query or a schema needs to know it. `choices` is a CHOICE's StrEnum."""

    name: str
    holds: ColumnType
    nullable: bool
    comment: Message
    filterable: bool
    sortable: bool
    rises_with: str | None
    choices: type[StrEnum] | None = None
    readers: Roles | None = None
    pieces_in: str | None = None

    @property
    def seen_by(self) -> Roles:
        """Those of the row's readers that see it."""
        if self.readers is not None:
            return self.readers
        return READS_TEXTS if self.holds is ColumnType.SEALED else frozenset(Role)


def _column_type(annotation: Any) -> tuple[ColumnType, bool, type[StrEnum] | None]:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        rest = [arg for arg in args if arg is not NoneType]
        if len(rest) == 1 and len(args) == 2:
            kind, _, choices = _column_type(rest[0])
            return kind, True, choices
    elif origin is Annotated:
        return _column_type(args[0])
    elif origin is tuple and len(args) == 2 and args[1] is Ellipsis and get_origin(args[0]) is Annotated:
        return _column_type(tuple.__class_getitem__((get_args(args[0])[0], ...)))
    elif origin is Sealed:
        return ColumnType.SEALED, False, None
    elif isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ColumnType.CHOICE, False, annotation
    elif annotation in SCALARS:
        return SCALARS[annotation], False, None
    raise TypeError(f"{annotation!r} is not a type that a column can have; see projections.model.Projection")


@cache
def columns_of(row: type) -> dict[str, Column]:
    """The columns of a row class by name, in order. Raises TypeError where a field is not made for a column."""
    hints = get_type_hints(row, include_extras=True)
    found: dict[str, Column] = {}
    for each in fields(row):
        if "comment" not in each.metadata:
            raise TypeError(f"{row.__name__}.{each.name} is not made with projections.model.column")
        if not IDENTIFIER.fullmatch(each.name):
            raise TypeError(f"{row.__name__}.{each.name}: a column is named in lower case, with at most 40 characters")
        kind, nullable, choices = _column_type(hints[each.name])
        found[each.name] = Column(name=each.name, holds=kind, nullable=nullable, choices=choices, **each.metadata)
    return found


def added_column(name: str, holds: ColumnType, en: str, de: str, *, nullable: bool = False) -> Column:
    """A column that a table has besides those of a row class: shown with its meaning, and never asked by."""
    return Column(name, holds, nullable, Message(en, de), filterable=False, sortable=False, rises_with=None)


QUARANTINED_SINCE = added_column(
    "quarantined_since",
    ColumnType.INSTANT,
    "Since when the row has stood still because an event of its key could not be folded; null for all others.",
    "Seit wann die Zeile stillsteht, weil ein Ereignis zu ihr nicht verarbeitet werden konnte; sonst leer.",
    nullable=True,
)
"""The column that every read model has besides those of its row class, and no fold ever sees."""


def shown_columns(source: Source) -> dict[str, Column]:
    """The columns that readers see by name, in order: those of the row class, and since when a row stands still."""
    return _marked(source.row) if isinstance(source, Projection) else columns_of(source.row)


@cache
def _marked(row: type) -> dict[str, Column]:
    if QUARANTINED_SINCE.name in (own := columns_of(row)):
        raise TypeError(f"{row.__name__}.{QUARANTINED_SINCE.name}: every read model has a column of this name")
    return {**own, QUARANTINED_SINCE.name: QUARANTINED_SINCE}


def reference(text: Sealed[str]) -> str:
    """How a row stores a sealed text: `position/part/name`."""
    return f"{text.position}/{text.part}/{text.name}"


def referred(stored: str) -> Sealed[str]:
    """The sealed text that a stored reference stands for. Raises ValueError where it is none."""
    position, part, name = stored.split("/", 2)
    return Sealed.stored(int(position), int(part), name)


def ordering(name: str) -> tuple[str, bool]:
    """An entry of an `order` as column and whether it falls: `-due_on` is `("due_on", True)`."""
    return name.removeprefix("-"), name.startswith("-")


class Source(Protocol):
    """What can be asked for rows: a projection or a report."""

    @property
    def name(self) -> str: ...
    @property
    def row(self) -> type: ...
    @property
    def order(self) -> tuple[str, ...]: ...
    @property
    def readers(self) -> Readers:
        """What of it each role sees."""

    @property
    def listed_by(self) -> Roles:
        """Those of them who may list it."""

    @property
    def unique(self) -> tuple[str, ...]:
        """Columns that together tell every row from every other; never null."""


def _check(source: Source, columns: Iterable[str]) -> None:
    if not IDENTIFIER.fullmatch(source.name):
        raise ValueError(f"{source.name!r}: a read model is named in lower case, with at most 40 characters")
    known = columns_of(source.row)
    for name in (*source.unique, *columns):
        if name not in known:
            raise ValueError(f"{source.name}: {source.row.__name__} has no column {name!r}")
    for name in source.unique:
        if known[name].nullable:
            raise ValueError(f"{source.name}: {name} tells rows apart, so it cannot be null")
    for each in known.values():
        if each.rises_with is not None and known[each.rises_with].holds is not ColumnType.INTEGER:
            raise ValueError(f"{source.name}: {each.name} can only rise with a whole number")
        if each.pieces_in is not None and known[each.pieces_in].holds is not ColumnType.TEXTS:
            raise ValueError(f"{source.name}: the pieces of {each.name} are several texts")


class OnFailure(Enum):
    """What becomes of a read model at an event that its fold cannot take."""

    SKIP = "the row stands still, marked, with the events that follow for it; all other rows go on"
    PAUSE = "the read model stops before the event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A read model. `fold(row, event)` answers the next row for the event's key, or None for no row; it never fails on
    a stored fact, consults no clock and no other row.

    `row` is a frozen dataclass whose fields are made with `column`; field types are int, str, bool, UUID, date,
    datetime, Decimal, a StrEnum, Json, Sealed[str] (stored as a reference), tuples of str or UUID, each also `| None`.
    `key` names the key columns and `key_of(event)` answers their values, or None where the event does not concern it.
    `singular` and `plural` are the GraphQL names (`File`, `files`). `kind` is the kind of record the rows show, where
    `record_id` is the key; `number` is the column that holds its human number.

    `order` is the order rows come in when nobody asks for another, `-name` for falling; the key breaks ties. `indexes`
    are the columns of further indexes. `append_only` says that each event makes at most one row under a key of its
    own, so that no earlier row is ever read or changed: the audit trail is one. `history` says that every version of a
    row is kept, so that it can be asked as of any moment. `asks` names the methods of the facts that the fold calls:
    rows are folded anew when what these say has changed.
    `on_failure` says what becomes of it at an event that its fold cannot take.
    `readers` says which roles see which of its rows through the API: nobody any, unless it says so. `listed_by` are
    those of them who may list it, where that is not all who may see a row of it.
    """

    name: str
    singular: str
    plural: str
    comment: Message
    row: type
    key: tuple[str, ...] = ("record_id",)
    facts: tuple[type[Fact], ...]
    key_of: Callable[[Recorded], tuple[Any, ...] | None] = lambda event: (event.record_id,)
    fold: Callable[[Any, Recorded], Any]
    asks: tuple[str, ...] = ()
    kind: str | None = None
    number: str | None = None
    order: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    append_only: bool = False
    history: bool = True
    on_failure: OnFailure = OnFailure.SKIP
    readers: Readers = field(default_factory=dict, hash=False)
    listed_by: Roles = frozenset(Role)

    def __post_init__(self) -> None:
        named = [ordering(name)[0] for name in self.order]
        _check(self, [*named, *(name for index in self.indexes for name in index), *filter(None, [self.number])])

    @property
    def unique(self) -> tuple[str, ...]:
        """The key."""
        return self.key

    @property
    def is_trail(self) -> bool:
        """Whether each row says itself when it came about, and never changes: it is its own history."""
        return self.append_only and {"position", "effective_at"} <= columns_of(self.row).keys()

    @property
    def historic(self) -> bool:
        """Whether it can be asked as of a moment."""
        return self.history or self.is_trail

    @property
    def keeps_versions(self) -> bool:
        """Whether its versions are kept beside its rows."""
        return self.history and not self.is_trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """How a report is drawn: `y` along `x`, a colour for each value of `by`. Without `y` rows are counted.

    Bars add up what falls together, so `y` counts or is an amount. A `line` is for what cannot be added, a median or a
    rate: `x` and `by` then tell every row from every other.
    """

    x: str
    y: str | None = None
    by: str | None = None
    line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report: the view `read.<name>` made by `projections/reports/<name>.sql`, with typed, commented columns.

    `row` is a frozen dataclass made with `column`, in the order of the view's columns. `order` names the columns the
    rows come sorted by, `-name` for falling; together they tell every row from every other. `reads` names the
    projections the view selects from. `chart` says how it is drawn. `readers` is as a projection's.
    """

    name: str
    plural: str
    comment: Message
    row: type
    reads: tuple[str, ...]
    order: tuple[str, ...]
    chart: Chart | None = None
    readers: Readers = field(default_factory=dict, hash=False)
    listed_by: Roles = frozenset(Role)

    def __post_init__(self) -> None:
        drawn = self.chart
        _check(self, [] if drawn is None else filter(None, (drawn.x, drawn.y, drawn.by)))
        if drawn is not None and drawn.line and not set(self.unique) <= {drawn.x, drawn.by}:
            raise ValueError(f"{self.name}: a line is drawn of rows that its x and by tell apart")

    @property
    def unique(self) -> tuple[str, ...]:
        """The columns it is ordered by."""
        return tuple(ordering(name)[0] for name in self.order)


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


Row = TypeVar("Row", bound=_Dataclass)
Named = TypeVar("Named", bound=Source)


def fold_all(
    projection: Projection, events: Iterable[Recorded], before: dict[tuple[Any, ...], Any] | None = None
) -> dict[tuple[Any, ...], Any]:
    """The rows of a projection by key, folded from nothing: what the projector's tables must agree with.

    Where the events come in pieces, `before` is what the pieces before came to; it is gone on with.
    """
    rows = {} if before is None else before
    wanted = frozenset(projection.facts)
    for event in events:
        key = projection.key_of(event) if type(event.fact) in wanted else None
        if key is not None:
            row = projection.fold(rows.get(key), event)
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
    return rows


def follow(row: Row, event: Recorded, **changes: Any) -> Row:
    """The row after an event: `position`, `version` and `changed_at` are the event's, and `changes` are made.

    Most of a rebuild is rows that follow rows, and a frozen row takes three times as long to make: so a twin is made
    that can be changed, and becomes the row when it is done.
    """
    kind = type(row)
    made: Any = _twin(kind)(*_values(kind)(row))
    made.position, made.version, made.changed_at = event.position, event.version, event.recorded_at
    for name, value in changes.items():
        setattr(made, name, value)
    made.__class__ = kind
    following: Row = made
    return following


def row_of(kind: type[Row], values: Iterable[Any]) -> Row:
    """A row of the values of its columns, in their order."""
    made: Any = _twin(kind)(*values)
    made.__class__ = kind
    row: Row = made
    return row


@cache
def _values(row: type[_Dataclass]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(row)))


@cache
def _twin(row: type[_Dataclass]) -> type:
    """A class with the slots of a row class, in the same order, that is not frozen."""
    if "__slots__" not in vars(row):
        raise TypeError(f"{row.__name__}: a row class is a dataclass with slots")
    return make_dataclass(row.__name__, [each.name for each in fields(row)], slots=True, eq=False, repr=False)


def find(sources: Sequence[Named], name: str) -> Named:
    """The projection or report of that name. Raises LookupError with the names there are."""
    for source in sources:
        if source.name == name:
            return source
    raise LookupError(f"there is no read model {name!r}; there are {', '.join(sorted(s.name for s in sources))}")
