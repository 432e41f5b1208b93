"""Which page of a list is asked for: the `first` rows after a place, or the `last` ones before one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypedDict

from domain.kernel import Invalid, Message
from graphql_api.building import argument, optional

MOST_ROWS: Final = 100

_HOW_MANY: Final = Message(
    f"Say how many rows: `first` or `last`, 1 to {MOST_ROWS}; go on with `after` and the `endCursor` of the page, or "
    "with `before` and its `startCursor`.",
    f"Bitte sagen, wie viele Zeilen: `first` oder `last`, 1 bis {MOST_ROWS}; weiter geht es mit `after` und dem "
    "`endCursor` der Seite, oder mit `before` und ihrem `startCursor`.",
)
_ONE_WAY: Final = Message(
    "Give either `first`, perhaps with `after`, or `last`, perhaps with `before`: a page is read in one direction.",
    "Bitte entweder `first`, auch mit `after`, oder `last`, auch mit `before`: eine Seite hat eine Leserichtung.",
)

PAGING: Final = (
    argument("first", optional(int), f"How many rows, 1 to {MOST_ROWS}. Either this or `last` is required."),
    argument("after", optional(str), "With `first`, a cursor: the rows after that one."),
    argument("last", optional(int), f"How many rows, 1 to {MOST_ROWS}, counted from the end; the order stays."),
    argument("before", optional(str), "With `last`, a cursor: the rows before that one."),
)
"""The arguments of every list."""


class Paging(TypedDict, total=False):
    """A page as `projections.query.page` takes it: two of the four."""

    first: int
    after: str | None
    last: int
    before: str | None


def paging(given: Mapping[str, Any]) -> Paging:
    """The page that the arguments ask for; a null is as good as nothing. Raises `Invalid` for none, for both
    directions, and for more than 1 to 100 rows.
    """
    backward = given.get("first") is None and given.get("last") is not None
    size, place = ("last", "before") if backward else ("first", "after")
    for name in ("after",) if backward else ("last", "before"):
        if given.get(name) is not None:
            raise Invalid(name, _ONE_WAY)
    rows: int | None = given.get(size)
    if rows is None or not 1 <= rows <= MOST_ROWS:
        raise Invalid(size, _HOW_MANY)
    return {"last": rows, "before": given.get(place)} if backward else {"first": rows, "after": given.get(place)}


def cursor_in(given: Mapping[str, Any]) -> tuple[str, str] | None:
    """The argument that holds a cursor, and the cursor; None for a first or a last page."""
    return next(((name, given[name]) for name in ("after", "before") if given.get(name) is not None), None)
