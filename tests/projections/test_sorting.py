"""German order by a key that is compared by code point."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from projections.sorting import sort_key

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\t"), max_size=20)


def in_order(*texts: str) -> bool:
    return list(texts) == sorted(texts, key=sort_key)


def test_umlauts_are_their_base_letters_and_come_after_them_where_all_else_is_equal() -> None:
    assert in_order("Mull", "Müll", "Mullbinde", "Müllerstraße", "Mulvany")


def test_sharp_s_is_double_s() -> None:
    assert in_order("Assemann", "Assmann", "Aßmann", "Astmann")


def test_marks_and_case_do_not_count() -> None:
    assert in_order("cafe", "Café", "CAFETERIA", "Čech", "Dvořák")


def test_numbers_go_by_their_value() -> None:
    assert in_order("61-9/2026", "61-10/2026", "61-010/2027", "A 1", "A 2", "A 10", "A 1000000000000")


def test_a_shorter_text_comes_before_those_it_begins() -> None:
    assert in_order("", "Am", "Am Markt", "Amt")


@given(TEXTS, TEXTS)
def test_different_texts_that_differ_by_more_than_case_have_different_keys(one: str, other: str) -> None:
    if one.lower() != other.lower() and sort_key(one) == sort_key(other):
        # Canonically equivalent writings of one text.
        assert unicodedata.normalize("NFC", one).lower() == unicodedata.normalize("NFC", other).lower()


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_of_any_length_compare_as_numbers(one: int, other: int) -> None:
    assert (sort_key(f"B {one}") < sort_key(f"B {other}")) == (one < other)
