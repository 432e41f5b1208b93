"""What a viewer sees of a source, as SQL that stands in the *where* of every statement made for them."""

from __future__ import annotations

from typing import Any

from projections.model import Projection, Source, columns_of
from projections.query.text import Text, literal, quoted
from projections.rights import ALL, All, Condition, Is, OfItsKind, Own, Rows, SameOffice, Viewer, Visible, Within


def seen(text: Text, alias: str | None = None) -> list[str]:
    """The condition under which a row of `text.source` is shown to the viewer; none where all are. In the statement
    the source goes by `alias`, or by its own name.

    What a row says now decides, also where it is asked as of another moment: what has become confidential since is not
    shown as it was before.
    """
    alias = alias or f'"{text.source.name}"'
    if text.moment is None or not isinstance(text.source, Projection):
        return seen_now(text, text.source, alias)
    now = " and ".join(f'present."{name}" = {alias}."{name}"' for name in text.source.unique)
    return [
        f'exists (select from read."{text.source.name}" present where {now} and {shown})'
        for shown in seen_now(text, text.source, "present")
    ]


def seen_now(text: Text, source: Source, alias: str) -> list[str]:
    """The same for a row of any source, as it is now."""
    viewer = text.viewer
    return [] if viewer is None or _of(source, viewer) == ALL else [_rows(text, source, alias, viewer)]


def follows(text: Text, source: Source) -> bool:
    """Whether the viewer sees what tells of a record wherever they see the row of another source that tells of it."""
    viewer = text.viewer
    if viewer is None:
        return True
    rows = _of(text.source, viewer)
    return rows == _of(source, viewer) and all(isinstance(each, OfItsKind) for each in rows)


def _of(source: Visible, viewer: Viewer) -> Rows:
    return () if viewer.role is None else source.readers.get(viewer.role, ())


def _rows(text: Text, source: Visible, alias: str, viewer: Viewer) -> str:
    """One of the source's conditions for the viewer's role; nothing where it has none."""
    met = [_met(text, each, source, alias, viewer) for each in _of(source, viewer)]
    return f"({' or '.join(met)})" if met else "false"


def _met(text: Text, condition: Condition, source: Visible, alias: str, viewer: Viewer) -> str:
    match condition:
        case All():
            return "true"
        case Is(name, value):
            column = columns_of(source.row)[name]
            plain = value if isinstance(value, bool) else str(value)
            return f"{alias}.{quoted(column)} = {text.param(plain, column.holds.sql)}"
        case SameOffice(names):
            office = text.param(viewer.office, "text")
            named = (f"substring({alias}.\"{name}\" from '^[^./]+') = {office}" for name in names)
            return f"coalesce({' or '.join(named)}, false)"
        case Own(name):
            return f'{alias}."{name}" = any({text.array(viewer.own, "uuid")})'
        case Within(name, parent):
            return _in(text, parent, f'{alias}."{name}"', viewer)
        case OfItsKind(registers):
            return _of_its_kind(text, registers, alias, viewer)


def _in(text: Text, parent: Visible, key: str, viewer: Viewer) -> str:
    (unique,) = parent.unique
    alias = f"{parent.name}_above"
    shown = _rows(text, parent, alias, viewer)
    return f'exists (select from read."{parent.name}" {alias} where {alias}."{unique}" = {key} and {shown})'


def _of_its_kind(text: Text, registers: Any, alias: str, viewer: Viewer) -> str:
    whole = sorted(kind for kind, register in registers.items() if _of(register, viewer) == ALL)
    met = [f'{alias}."kind" = any({text.param(literal(whole), "text[]")})']
    for kind, register in registers.items():
        if kind not in whole and _of(register, viewer):
            there = _in(text, register, f'{alias}."record_id"', viewer)
            met.append(f'({alias}."kind" = {text.param(kind, "text")} and {there})')
    return f"({' or '.join(met)})"
