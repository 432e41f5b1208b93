"""The trusted documents of a database: added together or not at all, listed, removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from infra.database import Database
from infra.documents.reading import PREFIX, BadDocument, Document
from infra.queries import named

SHORTEST: Final = 8
_SQL: Final = named("documents")


@dataclass(frozen=True, slots=True)
class Registered:
    """A document that may be sent by its id."""

    id: str
    text: str
    source: str
    added_at: datetime


def registered(database: Database) -> list[Registered]:
    """All of them, by source."""
    with psycopg.connect(database.conninfo("reader"), autocommit=True) as connection:
        return [Registered(*row) for row in connection.execute(_SQL["all"])]


def add(database: Database, documents: Sequence[Document]) -> set[str]:
    """Register documents that were checked; answers the ids that were not there before."""
    with psycopg.connect(database.conninfo("writer")) as connection:
        rows = [(each.id, each.text, each.source) for each in documents]
        return {row[0] for values in rows for row in connection.execute(_SQL["add"], values)}


def remove(database: Database, ids: Iterable[str]) -> list[str]:
    """Take documents out; answers which were there."""
    with psycopg.connect(database.conninfo("writer")) as connection:
        return [row[0] for each in ids for row in connection.execute(_SQL["remove"], (each,))]


def find(known: Sequence[Registered], wanted: str) -> Registered:
    """The one whose id begins so. Raises BadDocument where there is none, or several."""
    begins = PREFIX + wanted.removeprefix(PREFIX)
    found = [each for each in known if each.id.startswith(begins)]
    if len(found) != 1 or len(begins) < len(PREFIX) + SHORTEST:
        raise BadDocument(
            f"{wanted}: {len(found)} documents begin so. Give {SHORTEST} characters of the hash or more, as "
            "`stadtbuch documents list` shows it."
        )
    return found[0]
