"""What a correction changes: the old and the new value of a clear field, or the new text of a sealed one."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from domain.efile import checks
from domain.efile.rules import records
from domain.efile.state import Case, Document, File
from domain.efile.vocabulary import (
    CaseField,
    Confidentiality,
    DocumentField,
    DocumentKind,
    FileField,
    Medium,
)
from domain.kernel import Invalid, Message, Rejected, Sealed

_ATTRIBUTES: Final = {DocumentField.KIND: "document_kind"}
_CHOICES: Final[dict[str, type[StrEnum]]] = {
    "confidentiality": Confidentiality,
    "medium": Medium,
    "document_kind": DocumentKind,
}
_DATES: Final = frozenset({"received_on", "letter_date"})
_SEALED: Final = {"subject": 1000, "title": 1000, "foreign_reference": 200, "details": checks.LONGEST_DETAILS}
"""The sealed fields, and how many characters they hold at most."""


class Change(NamedTuple):
    """For a clear field `old` and `new` in their text forms; for a sealed one its old position and new text."""

    old: str | None = None
    new: str | None = None
    new_sealed: Sealed[str] | None = None
    corrected_position: int | None = None


def corrected(
    record: File | Case | Document,
    field: FileField | CaseField | DocumentField,
    new: str | None,
    new_sealed: Sealed[str] | None,
) -> Change:
    """The change of one field. Raises Invalid for a value that the field cannot have, Rejected when nothing changes."""
    attribute = _ATTRIBUTES.get(field, field.value) if isinstance(field, DocumentField) else field.value
    value = getattr(record, attribute)
    if attribute in _SEALED:
        return _sealed(value, new, new_sealed, _SEALED[attribute])
    if new_sealed is not None:
        raise Invalid("new_sealed", Message("Give the value as `new`.", "Den Wert als `new` angeben."))
    old = None if value is None else str(value)
    _require_value(attribute, new)
    if new == old:
        raise Rejected(records.NOTHING_CHANGED, field=field)
    return Change(old=old, new=new)


def _sealed(old: Sealed[str] | None, new: str | None, new_sealed: Sealed[str] | None, longest: int) -> Change:
    if new is not None or new_sealed is None:
        raise Invalid("new_sealed", Message("Give the text as `new_sealed`.", "Den Text als `new_sealed` angeben."))
    checks.require_text("new_sealed", new_sealed, longest=longest)
    return Change(new_sealed=new_sealed, corrected_position=old.position if old else None)


def _require_value(attribute: str, new: str | None) -> None:
    if attribute in _DATES:
        if new is not None:
            _require_date(new)
    elif new is None:
        raise Invalid("new", Message("Give the new value.", "Den neuen Wert angeben."))
    elif attribute in _CHOICES:
        _require_choice(new, _CHOICES[attribute])
    else:
        checks.require_code("new", new)


def _require_date(new: str) -> None:
    try:
        canonical = date.fromisoformat(new).isoformat() == new
    except ValueError:
        canonical = False
    if not canonical:
        raise Invalid("new", Message("Give a date as YYYY-MM-DD.", "Ein Datum als JJJJ-MM-TT angeben."))


def _require_choice(new: str, choices: type[StrEnum]) -> None:
    if new not in {choice.value for choice in choices}:
        known = ", ".join(f"{choice.value} ({choice.name.lower()})" for choice in choices)
        raise Invalid("new", Message(f"Choose one of {known}.", f"Eines wählen: {known}."))
