"""The search index: by which numbers and public texts each record of any family is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from domain.kernel import Code, Fact, Family, Message, PublicText, Recorded
from domain.rights import NOBODY
from projections.folding import folded, pieces
from projections.model import Projection, column
from projections.rights import of_its_kind

MOST_TERMS: Final = 500
LONGEST_TERM: Final = 500
SEPARATOR: Final = "\n"
"""Between terms, so that no search spans two of them: a folded text has no line ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One record, and what finds it: also what it was called before a correction."""

    record_id: UUID = column("The record.", "Der Datensatz.", filterable=True)
    family: Code = column("Its family.", "Seine Familie.", filterable=True)
    kind: Code = column("Its kind within the family.", "Seine Art.", filterable=True)
    position: int = column(
        "The last event that gave it a number or a text to be found by.",
        "Das letzte Ereignis, das ihm eine Nummer oder einen Suchtext gab.",
        filterable=True, sortable=True,
    )  # fmt: skip
    terms: tuple[PublicText, ...] = column(
        "The numbers and texts that find it, as they were recorded, oldest first.",
        "Die Nummern und Texte, unter denen er gefunden wird, älteste zuerst.",
    )
    text: PublicText = column(
        "The terms in the form in which they are compared.", "Die Suchbegriffe in Vergleichsform.",
        filterable=True, readers=NOBODY, pieces_in="pieces",
    )  # fmt: skip
    pieces: tuple[PublicText, ...] = column(
        "All runs of three characters of that, for the index.", "Alle Folgen von drei Zeichen davon, für den Index.",
        readers=NOBODY,
    )  # fmt: skip


def projection(families: Iterable[Family], registers: Mapping[str, Projection]) -> Projection:
    """The index over the given families. `registers`, by kind of record, tell who sees a record."""
    family_of = {fact: family.name for family in families for fact in family.facts if _names(fact)}

    def fold(row: SearchRow | None, event: Recorded) -> SearchRow | None:
        given = dict.fromkeys(term[:LONGEST_TERM] for term in (event.fact.number(), *event.fact.found_by()) if term)
        known = () if row is None else row.terms
        terms = tuple(dict.fromkeys((*known, *given)))[-MOST_TERMS:]
        if terms == known:
            return row
        text = SEPARATOR.join(dict.fromkeys(map(folded, terms)))
        found = tuple(sorted({piece for term in text.split(SEPARATOR) for piece in pieces(term)}))
        if row is not None:
            return replace(row, position=event.position, terms=terms, text=text, pieces=found)
        return SearchRow(
            record_id=event.record_id,
            family=family_of[type(event.fact)],
            kind=event.fact.kind,
            position=event.position,
            terms=terms,
            text=text,
            pieces=found,
        )

    return Projection(
        name="search",
        singular="SearchHit",
        plural="search",
        comment=Message("By what records are found.", "Wodurch Datensätze gefunden werden."),
        row=SearchRow,
        readers=of_its_kind(registers),
        facts=tuple(family_of),
        asks=("number", "found_by"),
        fold=fold,
        order=("-position",),
        # None on the position: where a piece is in no row, PostgreSQL would read along it to the end.
        indexes=(("pieces",),),
        history=False,
    )


def _names(fact: type[Fact]) -> bool:
    """Whether a fact can give its record anything to be found by."""
    return fact.number is not Fact.number or fact.found_by is not Fact.found_by
