"""What a CSV row can become: the part of an import that knows a family. A further kind is a further module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from domain.requests import Request
from infra.imports.csv_mapping import Value
from infra.imports.framework import Book, Group, Planned
from infra.ledger.streams import Stream

T = TypeVar("T")


class Target(Protocol[T]):
    """Fields that a mapping gives columns for, and what rows of them lead to. `types` names those that are not text;
    `retracts` tells whether it can say what a file has no longer (`complete_per_record`); `one_row` that a file has one
    row for a record, whose text is all that the file says of it.
    """

    @property
    def name(self) -> str: ...
    @property
    def required(self) -> frozenset[str]: ...
    @property
    def optional(self) -> frozenset[str]: ...
    @property
    def types(self) -> Mapping[str, str]: ...
    @property
    def retracts(self) -> bool: ...
    @property
    def one_row(self) -> bool: ...

    def content(self, values: Mapping[str, Value], source: str, count: Callable[[str, str], int]) -> T:
        """The row's content. `count(text, key)` tells how often a text has occurred in the file. Raises BadField."""

    def key(self, content: T) -> str:
        """What its record is called: no record of another target is called so."""

    def record_id(self, key: str, book: Book) -> UUID:
        """The record that is called so."""

    def source_id(self, content: T) -> str:
        """What a person would call the row."""

    def plan(self, group: Group[T], book: Book) -> Sequence[Planned]:
        """What the rows of a record lead to."""

    def missing(self, key: str, stream: Stream, source: str, seen: Callable[[str], int]) -> tuple[Request, ...]:
        """What follows from rows that the file has no longer; asked where it `retracts`."""
