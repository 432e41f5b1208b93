"""What an importer is: source rows in, requests out. `infra.imports.runner` does the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.kernel import Authentication, Channel, Message
from domain.requests import Outcome, Principal, Request
from domain.text import BadText, normalise
from infra.ledger.streams import Stream

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[T]):
    """A source row that could be read. `number` counts as a person would in the file, from 1; `source_id` is what the
    source calls the row, `key` what it calls the record. Neighbouring rows of one key are planned together. `weight` is
    how many ordinary rows it takes the place of in memory.
    """

    number: int
    source_id: str | None
    key: str
    content: T
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A source row that could not be read. It is counted and listed among the rejected; without a number, for what is
    no row, it is only listed.
    """

    number: int | None
    source_id: str | None
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a source tells of a record apart from its rows. It comes before them, is no row and is not counted."""

    key: str
    content: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Requests that must have been met before the source is read on, such as the file that cases are opened in."""

    requests: tuple[Request, ...]


Item = Row[T] | BadRow | Head | Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Generic[T]):
    """Rows of one record, and the record as it stands: version 0 and no state where there is none yet."""

    key: str
    record_id: UUID
    version: int
    state: Any
    head: Any
    rows: Sequence[Row[T]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a row leads to: nothing where it is unchanged. `row` is None for what a head leads to."""

    row: int | None
    requests: tuple[Request, ...] = ()


class SourceError(Exception):
    """The source cannot be read on. What stood before the fault is imported; `row` is the last row that was read."""

    def __init__(self, message: Message, row: int | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.row = row


class Book(Protocol):
    """What an importer may ask of the ledger. With `--dry-run` it is a rehearsal that records nothing."""

    def lookup(self, kind: str, key: str) -> UUID | None: ...
    def streams(self, record_ids: Sequence[UUID]) -> Mapping[UUID, Stream]: ...
    def handle_all(self, requests: Sequence[Request]) -> Sequence[Outcome | Exception]: ...
    def pseudonym(self, purpose: str, text: str) -> str:
        """A keyed hash of a text, 64 hex digits."""


class Importer(Protocol[T]):
    """One kind of source. It knows the source and the family, and neither the command line nor the database."""

    @property
    def kind(self) -> str:
        """The name on the command line."""

    def read(self, path: Path, book: Book) -> Iterator[Item[T]]:
        """The source's rows, in bounded memory. Raises SourceError."""

    def record_id(self, key: str, book: Book) -> UUID:
        """The record of a key, the same in every import: so a second one finds it again. `book` has the pseudonym for a
        key that is a person's: an id is read by many and outlives an erasure."""

    def plan(self, group: Group[T], book: Book) -> Sequence[Planned]:
        """What the rows lead to, given the record as it stands. One command per row where that can be: a row counts as
        rejected when one of its requests is refused."""


@cache
def principal(kind: str, org_unit: str = "import") -> Principal:
    """Who imports. The same for all imports of a kind, so that idempotency keys mean the same in all of them."""
    return Principal(
        actor=uuid5(NAMESPACE_URL, f"stadtbuch:import:{kind}"),
        role="import",
        org_unit=org_unit,
        authentication=Authentication.IMPORT,
        channel=Channel.IMPORT,
        client="stadtbuch-import/1",
    )


def record_id(kind: str, key: str) -> UUID:
    """An id for the record that a source calls by a key. Whoever guesses the key knows the id."""
    return uuid5(NAMESPACE_URL, f"stadtbuch:import:{kind}:{key}")


def idempotency_key(kind: str, key: str, content: str, follows: int) -> str:
    """The key of a request: derived from the source's record and row, and from the record's version it follows.

    So A, then B, then A again are three events, and two imports at once record each row once. `content` is the row's
    keyed digest, never its clear text: command ids derive from these keys and are no secret.
    """
    digest = sha256(f"{key}\0{content}".encode()).hexdigest()
    return f"{kind}:{digest}:{follows}"


def clean(text: str, *, longest: int, field: str) -> str:
    """A source's text as a command may carry it, without spaces around. Raises BadField."""
    try:
        cleaned = normalise(text.strip(), max_length=longest)
    except BadText as error:
        raise BadField(Message(f"{field}: {error.en}", f"{field}: {error.de}")) from error
    if not cleaned:
        raise BadField(Message(f"{field} is empty.", f"{field} ist leer."))
    return cleaned


class BadField(Exception):
    """A field of a source row that cannot be used; the reader makes a `BadRow` of it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message
