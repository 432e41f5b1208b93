"""CSV text to rows, and the mappings that say what a column means: however broken a file is, nothing goes unnoticed."""

import csv
import gzip
import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.imports.csv_importer import CsvImporter
from infra.imports.csv_mapping import ColumnMapping, Value, load_mapping, mapping_names, parse_mapping
from infra.imports.csv_rows import LONGEST_LINE, Record, read_rows
from infra.imports.framework import BadRow, SourceError
from infra.imports.sources import Source, open_source

pytestmark = pytest.mark.any_server

HEADER = b"date_transited,item_type,from_library,from_authority,to_library,to_authority\n"
ROW = b"2018-01-02,Adult Fiction,Paulton,Bath,Radstock,Bath\n"
VALUES: dict[str, Value] = {
    "day": date(2018, 1, 2),
    "item_type": "Adult Fiction",
    "from_branch": "Paulton",
    "from_authority": "Bath",
    "to_branch": "Radstock",
    "to_authority": "Bath",
}
TRANSITS = load_mapping("library_transits")


def read(content: bytes, mapping: ColumnMapping = TRANSITS) -> list[Record | BadRow]:
    return list(read_rows(Source(io.BytesIO(content)), mapping))


def refused(content: bytes, mapping: ColumnMapping = TRANSITS) -> str:
    with pytest.raises(SourceError) as refusal:
        read(content, mapping)
    return refusal.value.message.en


def shape(found: list[Record | BadRow]) -> list[tuple[int | None, bool]]:
    """Line of each row, and whether it could be read."""
    return [(row.line, True) if isinstance(row, Record) else (row.number, False) for row in found]


def message(found: list[Record | BadRow]) -> str:
    (only,) = (row for row in found if isinstance(row, BadRow))
    return only.message.en


def test_a_row_is_its_values_by_field_and_the_line_it_stands_on() -> None:
    assert read(HEADER + ROW) == [Record(2, VALUES)]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + ROW,
        (HEADER + ROW).replace(b"\n", b"\r\n"),
        (HEADER + ROW).replace(b",", b";"),
        (HEADER + ROW).replace(b",", b"\t"),
        (HEADER + ROW).replace(b",", b"|"),
        (HEADER + ROW).removesuffix(b"\n"),
        HEADER + b'2018-01-02,"Adult Fiction","Paulton","Bath",Radstock,Bath\n',
        HEADER + b" 2018-01-02 , Adult Fiction, Paulton ,Bath,Radstock,Bath\n",
        HEADER + b"\n\r\n" + ROW + b"\n",
        b"to_authority,to_library,from_authority,from_library,item_type,date_transited\n"
        b"Bath,Radstock,Bath,Paulton,Adult Fiction,2018-01-02\n",
        gzip.compress(HEADER + ROW),
    ],
    ids=[
        "bom",
        "crlf",
        "semicolon",
        "tab",
        "bar",
        "no last newline",
        "quotes",
        "spaces",
        "blank lines",
        "order",
        "gzip",
    ],
)
def test_files_from_different_programs_mean_the_same(content: bytes) -> None:
    (row,) = read(content)
    assert isinstance(row, Record)
    assert row.values == VALUES


def test_a_quoted_field_may_hold_separators_and_quotes() -> None:
    (row,) = read(HEADER + b'2018-01-02,"Fiction, ""adult""",Paulton,Bath,Radstock,Bath\n')
    assert isinstance(row, Record)
    assert row.values["item_type"] == 'Fiction, "adult"'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2018-13-02,Fiction,Paulton,Bath,Radstock,Bath\n", "date_transited is no date of the form %Y-%m-%d"),
        (b"20180102,Fiction,Paulton,Bath,Radstock,Bath\n", "date_transited is no date"),
        (b",Fiction,Paulton,Bath,Radstock,Bath\n", "date_transited is empty"),
        (b"2018-01-02, ,Paulton,Bath,Radstock,Bath\n", "item_type is empty"),
        (b"2018-01-02,Fiction,Paulton,Bath,Radstock\n", "5 columns, the header 6"),
        (b"2018-01-02,Fiction,Paulton,Bath,Radstock,Bath,more\n", "7 columns, the header 6"),
        (b"2018-01-02,Fic\x00tion,Paulton,Bath,Radstock,Bath\n", "NUL"),
        (b"2018-01-02,Fiction,D\xfcsseldorf,Bath,Radstock,Bath\n", "is not utf-8"),
        (b"2018-01-02," + b"x" * 101 + b",Paulton,Bath,Radstock,Bath\n", "more than 100"),
        (b"2018-01-02," + b"x" * LONGEST_LINE + b",Paulton,Bath,Radstock,Bath\n", "more than 64 KB"),
        (b'2018-01-02,"Fic"tion,Paulton,Bath,Radstock,Bath\n', "quotes"),
        (b'2018-01-02,"Fic\ntion",Paulton,Bath,Radstock,Bath\n', "line break"),
        (b"2018-01-02,\xf0\x9f\x93\x9a,Paulton,Bath,Radstock,Bath\n", "DIN 91379"),
    ],
)
def test_a_row_that_cannot_be_read_says_why_and_the_next_one_is_read(row: bytes, reason: str) -> None:
    found = read(HEADER + row + ROW)
    assert reason in message(found)
    assert [ok for _, ok in shape(found)] == [False, True]


def test_a_quote_that_is_never_closed_spoils_its_own_line_only() -> None:
    broken = b'2018-01-02,"Fiction,Paulton,Bath,Radstock,Bath\n'
    for after in (3, 3_000):
        found = read(HEADER + ROW + broken + ROW * after)
        assert shape(found) == [(2, True), (3, False), *((line, True) for line in range(4, 4 + after))]


def test_two_broken_quotes_far_apart_spoil_two_lines() -> None:
    broken = b'2018-01-02,"Fiction,Paulton,Bath,Radstock,Bath\n'
    found = read(HEADER + broken + ROW * 5 + broken + ROW)
    assert [line for line, ok in shape(found) if not ok] == [2, 8]
    assert len(found) == 8


def test_a_broken_quote_before_a_line_of_another_encoding_spoils_both() -> None:
    broken = b'2018-01-02,"Fiction,Paulton,Bath,Radstock,Bath\n'
    found = read(HEADER + broken + ROW + b"2018-01-02,Fiction,D\xfcsseldorf,Bath,Radstock,Bath\n" + ROW)
    assert shape(found) == [(2, False), (3, True), (4, False), (5, True)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"\n" + ROW, "needs the columns date_transited, item_type"),
        (ROW, "needs the columns"),
        (HEADER.replace(b"item_type", b"type"), "needs the columns item_type"),
        (HEADER.replace(b"\n", b",borrower\n"), "does not know the columns borrower"),
        (HEADER.replace(b"\n", b",item_type\n"), "the columns item_type twice"),
        ((HEADER + ROW).decode().encode("utf-16"), "UTF-16"),
        ((HEADER + ROW).decode().encode("utf-16-le"), "UTF-16"),
        ((HEADER + ROW).replace(b"\n", b"\r"), "CR alone"),
        (b"d\xfc" + HEADER, "is not utf-8"),
        (b"x" * (LONGEST_LINE + 1), "more than 64 KB"),
        (b"\x00" * 100, "no text at all"),
        (b"PK\x03\x04" + HEADER, "zip archive"),
        (gzip.compress(HEADER + ROW * 1000)[:-20], "cut off"),
    ],
)
def test_a_file_that_is_not_what_the_mapping_describes_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert reason in refused(content)


def test_a_zip_bomb_is_refused() -> None:
    bomb = gzip.compress(HEADER + (b"x" * 60_000 + b"\n") * 1_000, 9)
    assert "zip bomb" in refused(bomb)


@pytest.mark.parametrize(
    ("repeat", "size"),
    [
        (b"x", 20_000_000),
        (b'"', 20_000_000),
        (b",", 20_000_000),
        (b'"\n', 60_000),
        (b'"x,\n', 120_000),
        (ROW, 2_000_000),
        (b"\xff\xff\n", 90_000),
    ],
)
def test_memory_stays_bounded_whatever_a_file_holds(tmp_path: Path, repeat: bytes, size: int) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(HEADER + repeat * (size // len(repeat)))
    with open_source(path) as source:
        tracemalloc.start()
        count = sum(1 for _ in read_rows(source, TRANSITS))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count > 0
    assert peak < 2_000_000


@given(st.text(alphabet='",;\n\r a2é', max_size=200))
def test_whatever_follows_the_header_every_line_is_a_row_or_a_bad_row(body: str) -> None:
    found = read(HEADER + body.encode())
    lines = [line or 0 for line, _ in shape(found)]
    assert lines == sorted(set(lines))
    filled = [n for n, line in enumerate(body.split("\n"), start=2) if line.strip("\r")]
    assert set(lines) <= set(range(2, 2 + len(body.split("\n"))))
    if '"' not in body:
        assert lines == filled


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    try:
        read(content)
        read(HEADER + content)
    except SourceError as refusal:
        assert refusal.message.de


WORD = st.text(alphabet='abcÄß ,;"|é', min_size=1, max_size=20).map(str.strip).filter(bool)


@given(st.lists(st.tuples(st.dates(date(1900, 1, 1)), WORD, WORD, WORD, WORD, WORD), max_size=20))
def test_what_a_csv_writer_writes_is_read_as_it_was(rows: list[tuple[date, str, str, str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER.decode().strip().split(","), *rows])
    found = read(text.getvalue().encode())
    assert [tuple(row.values.values()) for row in found if isinstance(row, Record)] == rows


# Mappings


MAPPING = """
target = "library.transit"
source = "Stadt"
encoding = "windows-1252"
delimiter = ";"
ignored = ["Bemerkung"]

[columns]
Datum = { field = "day", type = "date", format = "%d.%m.%Y" }
Art = { field = "item_type", values = { "Buch" = "BOOK", "Film" = "FILM" } }
Von = { field = "from_branch" }
Nach = { field = "to_branch" }
"Träger" = { field = "to_authority", optional = true, longest = 10 }
"""


def test_a_mapping_of_ones_own_names_encoding_delimiter_words_and_what_to_ignore() -> None:
    mapping = parse_mapping("own", MAPPING)
    content = "Datum;Art;Von;Nach;Träger;Bemerkung\n21.12.2017;Buch;Köln;Bonn;;egal\n".encode("cp1252")
    (row,) = read(content, mapping)
    assert isinstance(row, Record)
    assert row.values == {
        "day": date(2017, 12, 21),
        "item_type": "BOOK",
        "from_branch": "Köln",
        "to_branch": "Bonn",
        "to_authority": None,
    }


def test_a_column_that_is_optional_may_be_missing() -> None:
    (row,) = read(b"Datum;Art;Von;Nach\n21.12.2017;Buch;Bonn;Trier\n", parse_mapping("own", MAPPING))
    assert isinstance(row, Record)
    assert "to_authority" not in row.values


def test_a_word_that_the_mapping_does_not_translate_is_not_let_through() -> None:
    found = read(b"Datum;Art;Von;Nach\n21.12.2017;Karte;Bonn;Trier\n", parse_mapping("own", MAPPING))
    assert "does not translate 'Karte'" in message(found)


def test_a_fixed_delimiter_is_not_guessed() -> None:
    content = b"Datum,Art,Von,Nach\n21.12.2017,Buch,Bonn,Trier\n"
    assert "needs the columns Datum" in refused(content, parse_mapping("own", MAPPING))


@pytest.mark.parametrize(("text", "number"), [("17", 17), ("-3", -3), ("1.5", None), ("٣", None), ("x", None)])
def test_whole_numbers_are_whole(text: str, number: int | None) -> None:
    mapping = parse_mapping("numbers", 'target = "t"\nsource = "s"\n[columns]\nn = {field = "n", type = "integer"}')
    (row,) = read(f"n\n{text}\n".encode(), mapping)
    assert (row.values["n"] if isinstance(row, Record) else None) == number


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("target = ", "no TOML"),
        (MAPPING.partition("[columns]")[0], "has no [columns]"),
        (MAPPING.replace('source = "Stadt"', ""), "has no `source`"),
        (MAPPING.replace("windows-1252", "utf-16"), "`encoding` is none of utf-8"),
        (MAPPING.replace('delimiter = ";"', 'delimiter = "#"'), "`delimiter` is not"),
        (MAPPING.replace('delimiter = ";"', "delimiter = 1"), "`delimiter` has a wrong type"),
        (MAPPING.replace('["Bemerkung"]', '"Bemerkung"'), "`ignored` is no list"),
        (MAPPING.replace("ignored", "ignore"), "`ignore` is not known"),
        (MAPPING.replace('type = "date"', 'type = "day"'), "column Datum: `type` is none of text, integer, date"),
        (MAPPING.replace('"Buch" = "BOOK"', '"Buch" = 1'), "column Art: `values` are no texts"),
        (MAPPING.replace('{ field = "from_branch" }', '"from_branch"'), "column Von is no table"),
        (MAPPING.replace('{ field = "from_branch" }', "{ }"), "column Von names no `field`"),
        (MAPPING.replace('field = "from_branch"', 'field = "to_branch"'), "two columns have the same field"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(wrong: str, reason: str) -> None:
    with pytest.raises(SourceError) as refusal:
        parse_mapping("own", wrong)
    assert reason in refusal.value.message.en


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (MAPPING.replace("library.transit", "library.fine"), "target is none of library.transit"),
        (
            MAPPING.replace('field = "from_branch"', 'field = "from_branch", optional = true'),
            "no column is for from_branch",
        ),
        (MAPPING.replace('"to_authority"', '"colour"'), "library.transit has no field colour"),
        (MAPPING.replace('type = "date", ', 'type = "text", '), "the type of day does not fit"),
    ],
)
def test_a_mapping_has_to_fit_its_target(tmp_path: Path, wrong: str, reason: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(wrong, "utf-8")
    with pytest.raises(SourceError) as refusal:
        CsvImporter(own)
    assert reason in refusal.value.message.en


def test_a_mapping_that_is_nowhere_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refusal:
        CsvImporter(tmp_path / "none.toml")
    assert "library_transits" in refusal.value.message.en


@pytest.mark.parametrize("name", mapping_names())
def test_every_mapping_that_ships_fits_its_target(name: str) -> None:
    assert CsvImporter(name).kind == "csv"
