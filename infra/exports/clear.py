"""Sealed texts in clear: a table of its own, for a role that may have it, and a trace before the first is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import psycopg

from domain.kernel import Message, Sealed
from domain.requests import Principal
from domain.rights import Role
from infra.database import Database
from infra.exports.source import Source
from infra.exports.tables import Sheet, record_hash
from infra.exports.terms import Entry, Kind, NotAllowed
from infra.queries import named
from projections.model import ColumnType, added_column, reference

MAY: Final = Role.AUDITOR
"""Who may take sealed texts away."""
KINDS: Final = frozenset({Kind.PARQUET, Kind.CSV})
"""The formats that have a place for them."""
LONGEST_REASON: Final = 500
_BATCH: Final = 2_000
_SQL: Final = named("access")

Reveal = Callable[[Sequence[Sealed[str]]], Sequence[str | None]]

SEALED_TEXT: Final = Sheet(
    "sealed_text",
    Message("Every sealed text in clear, by its reference.", "Jeder versiegelte Text im Klartext, nach Verweis."),
    (
        added_column("reference", ColumnType.TEXT, "What other tables have for it.", "Verweis der anderen Tabellen."),
        added_column("position", ColumnType.INTEGER, "The event that holds it.", "Ereignis, das ihn enthält."),
        added_column("record_id", ColumnType.TEXT, "The record of that event.", "Datensatz dieses Ereignisses."),
        added_column("field", ColumnType.TEXT, "The field of the fact, or of the envelope.", "Feld, in dem er steht."),
        added_column(
            "erased", ColumnType.BOOLEAN, "Whether its key was destroyed.", "Ob sein Schlüssel vernichtet ist."
        ),
        added_column("text", ColumnType.TEXT, "The text; null where it was erased.", "Der Text; leer, wenn gelöscht."),
    ),
    lambda row: (row[0], row[1], str(row[2]), *row[3:]),
    lambda row: record_hash(row[2]),
)
Text = tuple[str, int, UUID, str, bool, str | None]


@dataclass(slots=True)
class Clear:
    """Sealed texts that may be opened. `entry` is the trace of it; `erased` counts those that nobody can open."""

    entry: Entry
    reveal: Reveal = field(repr=False)
    erased: int = 0

    def texts(self, source: Source) -> Iterator[Sequence[Text]]:
        """All of them in the order of events, opened some thousand at a time. Raises SealBroken and KeyUnavailable."""
        waiting: list[tuple[UUID, Sealed[str]]] = []
        for raw in source.events():
            for row in raw:
                event = source.codec.recorded(*row)
                for thing in (event.envelope, event.fact):
                    waiting += [(event.record_id, sealed) for _, sealed in source.codec.sealed(thing)]
            if len(waiting) >= _BATCH:
                yield self._opened(waiting)
                waiting = []
        yield self._opened(waiting)

    def _opened(self, waiting: Sequence[tuple[UUID, Sealed[str]]]) -> list[Text]:
        texts = self.reveal([sealed for _, sealed in waiting])
        self.erased += sum(text is None for text in texts)
        return [
            (reference(sealed), sealed.position or 0, record_id, sealed.name or "", text is None, text)
            for (record_id, sealed), text in zip(waiting, texts, strict=True)
        ]


def allowed(database: Database, principal: Principal, kind: Kind, position: int, reason: str, reveal: Reveal) -> Clear:
    """Leave to open them, once it is written down who asked and why. Raises NotAllowed."""
    if principal.role != MAY:
        raise NotAllowed(f"Sealed texts are taken away by an {MAY}, and not by: {principal.role}.")
    if kind not in KINDS:
        raise NotAllowed(f"{kind} has no place for sealed texts; these have: {', '.join(sorted(KINDS))}.")
    said = reason.strip()
    if not 1 <= len(said) <= LONGEST_REASON or "\0" in said:
        raise NotAllowed(f"Say why, in 1 to {LONGEST_REASON} characters: --reason TEXT.")
    asked: tuple[Any, ...] = (
        principal.actor, principal.role, principal.org_unit, principal.authentication.value, kind.value, position, said,
    )  # fmt: skip
    with psycopg.connect(database.conninfo("writer"), autocommit=True) as connection:
        row = connection.execute(_SQL["export"], asked).fetchone()
    if row is None:
        raise NotAllowed("It could not be written down who asked, so nothing is opened: run `stadtbuch verify`.")
    return Clear(Entry(*row), reveal)
