"""Rows of an earlier library system: its readers, its items, and the loans that run when it is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from domain.kernel import Command, Effective, Message, Sealed
from domain.library.commands import (
    AcquireItem,
    BlockPatron,
    ChangeDueDate,
    DeactivatePatron,
    LendItem,
    RegisterPatron,
    WithdrawItem,
)
from domain.library.state import Item, Patron
from domain.library.terms import terms_on
from domain.library.vocabulary import AgeBand, BlockGround, DeactivationGround, MediaType, WithdrawalGround
from domain.requests import Request
from infra.imports.csv_mapping import Value
from infra.imports.framework import BadField, Book, Group, Planned, idempotency_key, principal, record_id
from infra.ledger.streams import Stream

KIND: Final = "csv"
TAKEN_OVER: Final = "Frist aus dem früheren System übernommen."
WORDS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {
        "media_type": MediaType,
        "withdrawal_ground": WithdrawalGround,
        "age_band": AgeBand,
        "block_ground": BlockGround,
        "end_ground": DeactivationGround,
    }
)
"""Fields whose values are words of the domain; a mapping translates the source's into these."""

E = TypeVar("E", bound=StrEnum)


class Step(NamedTuple):
    """What a row says was done on a day. `said` is what makes the step another one when the source changes it."""

    day: date
    name: str
    command: Command
    said: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A row's values by field, without those that are empty."""

    values: Mapping[str, Any]

    def __str__(self) -> str:
        return "\x1f".join(f"{name}={value}" for name, value in sorted(self.values.items()))

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


class LibraryTarget:
    """A kind of row of a library system: its fields, its record, and the steps it leads to, each of them once."""

    retracts: Final = False
    one_row: Final = True

    def __init__(
        self,
        name: str,
        required: Sequence[str],
        optional: Sequence[str],
        key: Callable[[LibraryRow], str],
        called: str,
        steps: Callable[[LibraryRow, Any, Book], Iterator[Step]],
        record: Callable[[str, Book], UUID],
    ) -> None:
        self.name = name
        self.required = frozenset(required)
        self.optional = frozenset(optional)
        days = (field for field in (*required, *optional) if field.endswith(("_on", "_until")))
        self.types: Mapping[str, str] = dict.fromkeys(days, "date")
        self._key = key
        self._called = called
        self._steps = steps
        self._record = record

    def content(self, values: Mapping[str, Value], source: str, count: Callable[[str, str], int]) -> LibraryRow:
        """The row, its words read. Raises BadField for a word that the domain does not know."""
        known = {name: value for name, value in values.items() if value is not None}
        return LibraryRow({name: _word(name, value) if name in WORDS else value for name, value in known.items()})

    def key(self, row: LibraryRow) -> str:
        """What the record is called."""
        return self._key(row)

    def record_id(self, key: str, book: Book) -> UUID:
        """The record that is called so."""
        return self._record(key, book)

    def source_id(self, row: LibraryRow) -> str:
        """What a person would call the row: a barcode, or the number of a reader in the earlier system."""
        return str(row[self._called])

    def plan(self, group: Group[LibraryRow], book: Book) -> Sequence[Planned]:
        """The steps that the record does not show. What was recorded before is known by its key, too: that derives from
        what the row says.
        """
        return [
            Planned(
                row=row.number,
                requests=tuple(
                    Request(
                        command=step.command,
                        principal=principal(KIND),
                        idempotency_key=idempotency_key(KIND, group.key, _digest(step, book), 0),
                        record_id=group.record_id,
                        effective=Effective.on(step.day),
                    )
                    for step in self._steps(row.content, group.state, book)
                ),
            )
            for row in group.rows
        ]

    def missing(self, key: str, stream: Stream, source: str, seen: Callable[[str], int]) -> tuple[Request, ...]:
        """Nothing: what a later file does not have was there all the same."""
        return ()


def _digest(step: Step, book: Book) -> str:
    said = "\x1f".join(str(value) for value in (step.name, step.day, *step.said))
    return book.pseudonym("import.csv.library", said)


def _word(name: str, value: Value) -> StrEnum:
    words = WORDS[name]
    try:
        return words(str(value))
    except ValueError:
        listed = ", ".join(words)
        raise BadField(
            Message(
                f"{name}: translate the source's words to one of {listed}, in the mapping's values.",
                f"{name}: Übersetzen Sie die Wörter der Quelle in eines von {listed}, in den Werten der Zuordnung.",
            )
        ) from None


def item_key(barcode: str) -> str:
    """What the record of an item is called."""
    return f"library.item\x1f{barcode}"


def patron_key(number: str) -> str:
    """What the record of a reader is called: by the earlier system's own number, never by that of a card."""
    return f"library.patron\x1f{number}"


def item_id(key: str, book: Book) -> UUID:
    """The record of an item."""
    return record_id(KIND, key)


def patron_id(key: str, book: Book) -> UUID:
    """The record of a reader: of a keyed hash, since the numbers of readers can be guessed one by one."""
    return record_id(KIND, book.pseudonym("import.csv.patron", key))


def _item_steps(row: LibraryRow, state: Any, book: Book) -> Iterator[Step]:
    if not isinstance(state, Item):
        acquire = AcquireItem(
            barcode=row["barcode"],
            title=row["title"],
            media_type=row["media_type"],
            branch=row["branch"],
            shelf_mark=row["shelf_mark"],
            for_loan=row["for_loan"] != "no",
        )
        yield Step(row["acquired_on"], "acquire", acquire, (row["barcode"],))
    if row["withdrawn_on"] and not (isinstance(state, Item) and state.withdrawn):
        ground = row["withdrawal_ground"] or WithdrawalGround.OUTDATED
        yield Step(row["withdrawn_on"], "withdraw", WithdrawItem(ground=ground), (ground,))


def _patron_steps(row: LibraryRow, state: Any, book: Book) -> Iterator[Step]:
    if not isinstance(state, Patron):
        register = RegisterPatron(
            name=Sealed(row["name"]),
            card_number=Sealed(row["card_number"]),
            age_band=row["age_band"],
            branch=row["branch"],
            born=None if row["born"] is None else Sealed(row["born"]),
            guardian=None if row["guardian"] is None else Sealed(row["guardian"]),
            charged_until=row["charged_until"],
        )
        yield Step(row["registered_on"], "register", register, (row["patron_number"],))
    later = []
    if row["blocked_on"] and not (isinstance(state, Patron) and state.blocked):
        ground = row["block_ground"] or BlockGround.HOUSE_RULES
        later.append(Step(row["blocked_on"], "block", BlockPatron(ground=ground), (ground,)))
    if row["ended_on"] and (not isinstance(state, Patron) or state.active):
        end = row["end_ground"] or DeactivationGround.EXPIRED
        later.append(Step(row["ended_on"], "end", DeactivatePatron(ground=end), (end,)))
    yield from sorted(later, key=lambda step: step.day)


def _loan_steps(row: LibraryRow, state: Any, book: Book) -> Iterator[Step]:
    patron = patron_id(patron_key(row["patron_number"]), book)
    day: date = row["lent_on"]
    who = (row["patron_number"], row["branch"])
    # An item is lent once a day: the loan that runs since then is this one.
    runs = isinstance(state, Item) and state.loan is not None and state.since == day
    if not runs:
        yield Step(day, "lend", LendItem(patron=patron, branch=row["branch"]), who)
    if isinstance(state, Item) and row["due_on"]:
        usual = day + timedelta(days=terms_on(day).period(state.media_type).days)
        due = state.loan.due if runs and state.loan is not None else usual
        if row["due_on"] != due:
            change = ChangeDueDate(due=row["due_on"], reason=Sealed(TAKEN_OVER))
            yield Step(day, "due", change, (*who, row["due_on"]))


ITEMS: Final = LibraryTarget(
    "library.item",
    ("barcode", "title", "media_type", "branch", "acquired_on"),
    ("shelf_mark", "for_loan", "withdrawn_on", "withdrawal_ground"),
    key=lambda row: item_key(row["barcode"]),
    called="barcode",
    steps=_item_steps,
    record=item_id,
)
PATRONS: Final = LibraryTarget(
    "library.patron",
    ("patron_number", "card_number", "name", "age_band", "branch", "registered_on"),
    ("born", "guardian", "charged_until", "blocked_on", "block_ground", "ended_on", "end_ground"),
    key=lambda row: patron_key(row["patron_number"]),
    called="patron_number",
    steps=_patron_steps,
    record=patron_id,
)
LOANS: Final = LibraryTarget(
    "library.loan",
    ("barcode", "patron_number", "lent_on", "branch"),
    ("due_on",),
    key=lambda row: item_key(row["barcode"]),
    called="barcode",
    steps=_loan_steps,
    record=item_id,
)
