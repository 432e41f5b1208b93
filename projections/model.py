"""What a read model is: a row class, a key, the facts it reads, and a pure fold; and what a report is: one SQL view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field
from typing import Any, NewType

from domain.kernel import Fact, Message, Recorded

Json = NewType("Json", str)


def column(en: str, de: str, *, filterable: bool = False, sortable: bool = False, default: Any = MISSING) -> Any:
    """A column of a row class: its meaning in English and German, and whether it can be filtered or sorted by."""
    metadata = {"comment": Message(en, de), "filterable": filterable, "sortable": sortable}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A read model. `fold(row, event)` answers the next row for the event's key, or None for no row; it never fails on
    a stored fact, consults no clock and no other row.

    `row` is a frozen dataclass whose fields are made with `column`; field types are int, str, bool, UUID, date,
    datetime, Decimal, a StrEnum, Json, Sealed[str] (stored as a reference), tuples of str or UUID, each also `| None`.
    `key` names the key columns and `key_of(event)` answers their values, or None where the event does not concern it.
    `singular` and `plural` are the GraphQL names (`File`, `files`). `kind` is the kind of record the rows show, where
    `record_id` is the key; `number` is the column that holds its human number.
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
    kind: str | None = None
    number: str | None = None
    order: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    history: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report: the view `read.<name>` made by `projections/reports/<name>.sql`, with typed, commented columns.

    `row` is a frozen dataclass made with `column`, in the order of the view's columns. `order` names the columns the
    rows come sorted by; `reads` names the projections the view selects from.
    """

    name: str
    plural: str
    comment: Message
    row: type
    reads: tuple[str, ...]
    order: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
