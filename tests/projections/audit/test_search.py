"""The search index: what finds a record, in which form, and that nothing sealed or personal can get into it."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.families import FAMILIES
from domain.kernel import Fact, Family, Number, PublicText
from projections import audit
from projections.audit.search import MOST_TERMS, SEPARATOR, SearchRow
from projections.folding import PIECE, folded, pieces
from projections.model import find, fold_all
from projections.query import Op, Where, page
from tests.golden.samples import sample
from tests.scenario import RECORD, given


@dataclass(frozen=True, slots=True, kw_only=True)
class BookBound(Fact):
    topic: ClassVar[str] = "books.book_bound.v1"
    kind: ClassVar[str] = "book"
    shelf: Number
    title: PublicText | None = None

    def number(self) -> str | None:
        return self.shelf

    def found_by(self) -> tuple[str | None, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRead(Fact):
    topic: ClassVar[str] = "books.book_read.v1"
    kind: ClassVar[str] = "book"
    page: int


BOOKS = Family(
    name="books",
    kinds=("book",),
    facts=(BookBound, BookRead),
    commands=(),
    rules=(),
    decide=lambda state, command, context: (),
    evolve=lambda state, fact: state,
)
SEARCH = find(audit.projections((BOOKS,)), "search")


def row_of(*facts: Fact) -> Any:
    return fold_all(SEARCH, given(BOOKS, *facts).events()).get((RECORD,))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Müller", "mueller"),
        ("MÜLLER", "mueller"),
        ("Mu\u0308ller", "mueller"),
        ("Mueller", "mueller"),
        ("Muller", "muller"),
        ("Straße", "strasse"),
        ("STRASSE ẞ", "strasse ss"),
        ("Ærø, Łódź, Čapek, ﬁn", "aeroe, lodz, capek, fin"),
        ("  63 – 12\n /  2026 ", "63 – 12 / 2026"),
        ("", ""),
    ],
)
def test_texts_are_compared_without_case_accents_and_umlauts(text: str, form: str) -> None:
    assert folded(text) == form


@for_all(st.text())
def test_a_folded_text_is_folded(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert SEPARATOR not in once


@for_all(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_text_has_all_pieces_of_its_parts(text: str, start: int, length: int) -> None:
    whole = folded(text)
    part = whole[start : start + length]
    assert set(pieces(part)) <= set(pieces(whole))
    assert all(len(piece) == PIECE and piece in whole for piece in pieces(whole))


def test_a_record_is_found_by_its_number_and_its_public_texts() -> None:
    row = row_of(BookBound(shelf="B 12", title="Häuser"), BookRead(page=3))
    assert isinstance(row, SearchRow)
    assert (row.family, row.kind, row.position) == ("books", "book", 1)
    assert row.terms == ("B 12", "Häuser")
    assert row.text == f"b 12{SEPARATOR}haeuser"
    assert row.pieces == tuple(sorted({" 12", "b 1", "aeu", "eus", "hae", "ser", "use"}))


def test_it_is_also_found_by_what_it_was_called_before() -> None:
    row = row_of(
        BookBound(shelf="1", title="Alt"), BookBound(shelf="1", title="Neu"), BookBound(shelf="1", title="Alt")
    )
    assert (row.terms, row.position) == (("1", "Alt", "Neu"), 2)


def test_what_says_nothing_new_leaves_the_row_alone() -> None:
    first = row_of(BookBound(shelf="1", title="Alt"))
    (_, again) = given(BOOKS, BookBound(shelf="1", title="Alt"), BookBound(shelf="1", title="Alt")).events()
    assert SEARCH.fold(first, again) is first
    assert BookRead not in SEARCH.facts


def test_a_record_has_so_many_terms_and_the_newest_stay() -> None:
    row = row_of(*(BookBound(shelf="1", title=f"Band {number}") for number in range(MOST_TERMS + 5)))
    assert len(row.terms) == MOST_TERMS
    assert row.terms[-1] == f"Band {MOST_TERMS + 4}"


def test_only_what_stands_in_clear_finds_a_record_and_no_reader_is_found() -> None:
    for fact in (sample(each) for family in FAMILIES for each in family.facts):
        clear = [text for each in fields(fact) for text in _texts(getattr(fact, each.name))]
        for term in fact.found_by():
            assert term is None or any(term in text for text in clear), (fact, term)
    readers = {fact for family in FAMILIES for fact in family.facts if fact.kind == "patron"}
    assert readers
    assert not readers & set(find(audit.projections(FAMILIES), "search").facts)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in value for text in _texts(each)] if isinstance(value, tuple) else []


def test_a_part_of_a_text_is_looked_up_by_its_pieces() -> None:
    asked = page(SEARCH, ["record_id"], where=[Where("text", Op.CONTAINS, "aeus")], first=5)
    assert '"pieces" @> $' in asked.statement.sql
    assert ["aeu", "eus"] in asked.statement.params
    short = page(SEARCH, ["record_id"], where=[Where("text", Op.CONTAINS, "ae")], first=5)
    assert "pieces" not in short.statement.sql
