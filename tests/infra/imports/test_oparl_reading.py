"""Reading OParl sources: lines, list pages, and everything that is neither, in bounded memory."""

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from domain.kernel import Message
from infra.imports.framework import SourceError
from infra.imports.oparl.reading import (
    DEEPEST,
    LONGEST_LINE,
    LONGEST_TOKEN,
    NOT_AN_OBJECT,
    NOT_UTF_8,
    TOO_DEEP,
    TOO_LARGE,
    Found,
    read_objects,
)
from tests.infra.imports.oparl_samples import a_paper, write_lines, write_page

PAPERS = [a_paper(n) for n in (1, 2, 3)]


def things(path: Path) -> list[object]:
    return [found.thing for found in read_objects(path)]


def until_fault(path: Path, match: str) -> list[Found]:
    """What is read before the source ends in a fault."""
    found: list[Found] = []
    with pytest.raises(SourceError, match=match):
        found.extend(read_objects(path))
    return found


@pytest.mark.parametrize("name", ["p.jsonl", "p.jsonl.gz", "p.ndjson", "p.json", "p"])
def test_lines_are_read_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    assert things(write_lines(tmp_path / name, PAPERS)) == PAPERS


def test_a_list_page_is_read(tmp_path: Path) -> None:
    path = write_page(tmp_path / "page.json", PAPERS)
    assert [found.number for found in read_objects(path)] == [1, 2, 3]
    assert things(path) == PAPERS


def test_pages_one_after_the_other_and_one_a_line_are_read(tmp_path: Path) -> None:
    one, two = {"data": PAPERS[:2], "links": {}}, {"links": {"x": [1]}, "data": PAPERS[2:], "pagination": {}}
    both = tmp_path / "pages.json"
    both.write_text(json.dumps(one, indent=1) + json.dumps(two, indent=1))
    assert things(both) == PAPERS
    assert things(write_lines(tmp_path / "pages.jsonl", [one, two])) == PAPERS


def test_a_single_object_and_a_bare_list_are_read(tmp_path: Path) -> None:
    alone = tmp_path / "paper.json"
    alone.write_text(json.dumps(PAPERS[0], indent=2))
    assert things(alone) == PAPERS[:1]
    alone.write_text(json.dumps(PAPERS, indent=2))
    assert things(alone) == PAPERS


def test_an_object_may_have_data_of_its_own(tmp_path: Path) -> None:
    odd = PAPERS[0] | {"data": {"a": 1}}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(odd, indent=2))
    assert things(path) == [odd]
    assert things(write_lines(tmp_path / "odd.jsonl", [odd])) == [odd]


def test_a_byte_order_mark_and_blank_lines_are_no_fault(tmp_path: Path) -> None:
    line = json.dumps(PAPERS[0]).encode()
    assert things(write_lines(tmp_path / "b.jsonl", [b"\xef\xbb\xbf" + line, b"", b"  ", line])) == [PAPERS[0]] * 2
    page = tmp_path / "b.json"
    page.write_bytes(b"\xef\xbb\xbf" + json.dumps({"data": PAPERS}, indent=1).encode())
    assert things(page) == PAPERS


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    for name in ("e.jsonl", "e.json"):
        (tmp_path / name).write_bytes(b"")
        assert things(tmp_path / name) == []


def test_a_broken_line_does_not_hide_the_next(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "p.jsonl", ['{"id": ', PAPERS[0], "[1]", "7", "nonsense", '{"a": NaN}', PAPERS[1]])
    read = things(path)
    assert [read[1], read[6]] == PAPERS[:2]
    assert [isinstance(read[n], Message) for n in (0, 2, 3, 4, 5)] == [True] * 5
    assert read[2] == NOT_AN_OBJECT


def test_another_encoding_is_named(tmp_path: Path) -> None:
    latin = json.dumps(PAPERS[0], ensure_ascii=False).encode("latin-1")
    assert things(write_lines(tmp_path / "l.jsonl", [latin, PAPERS[1]])) == [NOT_UTF_8, PAPERS[1]]
    page = tmp_path / "l.json"
    page.write_bytes(json.dumps({"data": PAPERS}, ensure_ascii=False, indent=1).encode("latin-1"))
    until_fault(page, "not UTF-8")
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        page.write_bytes(json.dumps(PAPERS).encode(encoding))
        until_fault(page, "not UTF-8")


def test_a_page_that_breaks_off_keeps_what_stood_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    whole = json.dumps({"data": PAPERS}, indent=1)
    path.write_text(whole[: whole.rindex('"id"')])
    assert [found.thing for found in until_fault(path, "cannot be read on")] == PAPERS[:2]
    path.write_text('{"data": [{"a": 1}, nonsense]}')
    assert [found.thing for found in until_fault(path, "cannot be read on")] == [{"a": 1}]


def test_a_truncated_gzip_file_keeps_what_stood_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    many = write_lines(tmp_path / "whole.jsonl.gz", [a_paper(n) for n in range(2_000)]).read_bytes()
    path.write_bytes(many[: len(many) // 2])
    assert until_fault(path, "cut off")


@pytest.mark.parametrize("name", ["deep.jsonl", "deep.json"])
def test_deep_nesting_is_refused_where_it_is(tmp_path: Path, name: str) -> None:
    nested: object = 1
    for _ in range(DEEPEST + 1):
        nested = [nested]
    deep = PAPERS[0] | {"x": nested}
    path = tmp_path / name
    if name.endswith("l"):
        write_lines(path, [deep, PAPERS[1]])
    else:
        write_page(path, [deep, PAPERS[1]])
    assert things(path) == [TOO_DEEP, PAPERS[1]]


def test_bottomless_nesting_is_refused(tmp_path: Path) -> None:
    line = write_lines(tmp_path / "deep.jsonl", ["[" * 100_000, '{"a":' * 100_000, PAPERS[0]])
    read = things(line)
    assert [isinstance(each, Message) for each in read] == [True, True, False]
    page = tmp_path / "deep.json"
    page.write_text('{"data": [' + "[" * LONGEST_TOKEN)
    until_fault(page, "nested deeper")


def test_a_line_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    huge = json.dumps(PAPERS[0] | {"x": "y" * LONGEST_LINE})
    path = write_lines(tmp_path / "long.jsonl", [PAPERS[1], huge, PAPERS[2]])
    assert things(path) == [PAPERS[1], TOO_LARGE, PAPERS[2]]


@pytest.mark.parametrize(
    "token", ["9" * 2_000_000, '"' + "x" * 2_000_000 + '"', '"' + '\\"' * 1_000_000 + '"', " " * 2_000_000]
)
def test_a_token_without_end_is_refused(tmp_path: Path, token: str) -> None:
    path = tmp_path / "token.json"
    path.write_text('{"data": [1, ' + token + ", 2]}")
    until_fault(path, "more than 1 MB")


def test_escaped_quotes_and_backslashes_do_not_deceive_the_guard(tmp_path: Path) -> None:
    odd = {"id": "\\", "x": '\\" "\\\\', "y": "\\" * 70_001 + '"' * 70_001}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"data": [odd] * 20}))
    assert things(path) == [odd] * 20


def test_an_object_of_too_many_values_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    crowded = PAPERS[0] | {"x": list(range(120_000))}
    assert things(write_page(tmp_path / "c.json", [crowded, PAPERS[1]])) == [TOO_LARGE, PAPERS[1]]


def test_a_large_page_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.json.gz"
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write('{"data": [')
        for n in range(3_000):
            file.write((", " if n else "") + json.dumps(a_paper(n)))
        file.write('], "links": {}}')
    tracemalloc.start()
    count = sum(1 for _ in read_objects(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 3_000
    assert peak < 4 * 1024 * 1024


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    until_fault(tmp_path / "nothing.jsonl", "cannot be read")
