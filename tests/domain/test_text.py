"""Text that a command may carry."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import text
from domain.text import BadText, normalise

UNICODE = "".join(map(chr, range(0x110000)))
ALLOWED = re.findall(f"[{text._LETTERS}]", UNICODE)
SEQUENCES = [text._letter(token) for token in text.SEQUENCES.split()]


def refused(source: str, *, max_length: int = 10_000, multiline: bool = False) -> BadText:
    with pytest.raises(BadText) as caught:
        normalise(source, max_length=max_length, multiline=multiline)
    return caught.value


@pytest.mark.parametrize(
    "name",
    [
        "Jörg Großmann",
        "STRAẞE",
        "Nguyễn Thị Ánh",
        "Łukasz Żółć",
        "Đặng Văn Ước",
        "Çelik Işık Ğ",
        "Þórður Æ Ðð",
        "Ștefan Țurcanu",
        "Ọ̈nọ̈",
        "K͟hān ʿAbd al-Ḥamīd",
        "Παπαδόπουλος",
        "Георги Димитров",
        "O’Neill",
        "„Sonst“ ‚so‘ »oder« ›so‹ “this” ‘way’ …",
        "§ 54 Abs. 2 – 20 m², 3 m³, 5 °C, 7 €, ½ × 4 = 2 ≤ 3",
        "§\u202f54 und §\u00a055, Nord\u2011Süd, −3, • Punkt — Ende",
        "",
    ],
)
def test_names_and_german_office_text_pass_unchanged(name: str) -> None:
    assert normalise(name) == unicodedata.normalize("NFC", name)


def test_decomposed_input_is_composed() -> None:
    assert normalise("Mu\u0308ller, Nguye\u0302\u0303n") == "Müller, Nguyễn"


def test_the_set_is_datatype_e_and_the_signs_of_running_text() -> None:
    letters, non_letters, extended = (
        re.findall(f"[{group}]", UNICODE) for group in (text.LATIN_LETTERS, text.NON_LETTERS, text.EXTENDED)
    )
    # N1 18, N2 60, N3 6 and the no-break space of N4; Greek 69, Cyrillic 62, E1 42.
    assert (len(letters), len(SEQUENCES), len(non_letters), len(extended)) == (500, 149, 85, 173)
    assert len(ALLOWED) == 500 + 85 + 173 + 7


def test_every_character_and_sequence_of_the_set_passes_alone_and_between_others() -> None:
    for letter in [*ALLOWED, *SEQUENCES]:
        assert normalise(letter) == letter
        assert normalise(f"ä{letter}ß") == f"ä{letter}ß"
        assert normalise(letter * 3) == letter * 3


def test_all_printable_ascii_is_in_the_set_so_the_fast_path_is_no_hole() -> None:
    assert {chr(point) for point in range(0x20, 0x7F)} <= set(ALLOWED)


@given(st.lists(st.sampled_from([*ALLOWED, *SEQUENCES]), max_size=60).map("".join))
def test_text_of_the_set_is_kept_in_its_normal_form(source: str) -> None:
    composed = normalise(source)
    assert composed == unicodedata.normalize("NFC", source)
    assert normalise(unicodedata.normalize("NFD", source)) == composed


@given(st.text(max_size=80), st.booleans())
@example("K\u035fH\u0304", False)
@example("a\r\n\tb\rc", True)
def test_what_passes_passes_again_unchanged_and_what_does_not_is_named(source: str, multiline: bool) -> None:
    try:
        composed = normalise(source, multiline=multiline)
    except BadText as refusal:
        assert refusal.character
        assert refusal.character in unicodedata.normalize("NFC", source)
    else:
        assert unicodedata.is_normalized("NFC", composed)
        assert normalise(composed, multiline=multiline) == composed


@pytest.mark.parametrize(
    ("source", "code", "position", "character"),
    [
        ("Bürger 😀", "character", 7, "😀"),
        ("a\0b", "nul", 1, "\0"),
        ("ä\x07", "control", 1, "\x07"),
        ("ä\x85", "control", 1, "\x85"),
        ("ab\x7f", "control", 2, "\x7f"),
        ("erste\nzweite", "line_break", 5, "\n"),
        ("erste\rzweite", "line_break", 5, "\r"),
        ("\ud83d", "surrogate", 0, "\ud83d"),
        ("Жы", "character", 1, "ы"),
        ("漢字", "character", 0, "漢"),
        ("Soft\u00adhyphen", "character", 4, "\u00ad"),
        ("null\u200bbreit", "character", 4, "\u200b"),
        ("um\u202egekehrt", "character", 2, "\u202e"),
        ("\ufeffBOM", "character", 0, "\ufeff"),
        ("\ufffd", "character", 0, "\ufffd"),
        ("x\u0303", "sequence", 0, "x\u0303"),
        ("ok \u0301", "sequence", 2, " \u0301"),
        ("\u0301", "sequence", 0, "\u0301"),
        ("C\u0328", "sequence", 0, "C\u0328"),
        ("K\u035fx", "sequence", 0, "K\u035f"),
        ("A\u030b\u0323", "sequence", 0, "\u1ea0\u030b"),
    ],
)
def test_what_the_norm_does_not_know_is_refused_at_its_place(
    source: str, code: str, position: int, character: str
) -> None:
    refusal = refused(source)
    assert (refusal.code, refusal.position, refusal.character) == (code, position, character)


def test_lines_and_tabs_belong_to_multiline_text_only_and_end_in_lf() -> None:
    assert normalise("eins\r\nzwei\rdrei\n\tvier", multiline=True) == "eins\nzwei\ndrei\n\tvier"
    assert refused("eins\x0bzwei", multiline=True).code == "control"


def test_length_counts_characters_of_the_normal_form() -> None:
    assert normalise("e\u0301" * 10, max_length=10) == "é" * 10
    for source in ("x" * 11, "é" * 11, "é" * 100):
        refusal = refused(source, max_length=10)
        assert (refusal.code, refusal.position, refusal.character) == ("too_long", 10, "")
        assert "10" in refusal.en


def test_a_long_run_of_marks_is_refused_without_normalising_it() -> None:
    refusal = refused("ok a" + "\u0301\u0323" * 15_000)
    # In NFC the letter would be U+1EA1, and composing it would take quadratic time.
    assert (refusal.code, refusal.position, refusal.character) == ("sequence", 3, "a" + "\u0301\u0323" * 3 + "\u0301")


@pytest.mark.parametrize("code", sorted(text._REASONS))
def test_every_refusal_speaks_english_and_german(code: str) -> None:
    refusal = BadText(code, 6, "ы", 100)
    assert str(refusal) == refusal.en != refusal.de
    assert code == "too_long" or ("7" in refusal.en and "7" in refusal.de)
    assert isinstance(refusal, ValueError)


def test_a_refusal_quotes_nothing_but_the_character() -> None:
    refusal = refused("Geheimer Name 😀 und Adresse")
    assert "Geheim" not in refusal.en + refusal.de + repr(refusal)
    assert "U+1F600" in refusal.en


def test_an_invisible_character_is_named_and_not_printed() -> None:
    refusal = refused("a\u202eb")
    assert "U+202E" in refusal.en
    assert "\u202e" not in refusal.en + refusal.de
