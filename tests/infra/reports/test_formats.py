"""Rows of every type in every format, read again: hostile texts, nulls, more rows than fit in memory at a time."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyarrow.parquet as pq
import pytest

from infra.database import Database
from infra.reports import reading, sources
from infra.reports.errors import DoesNotFit
from infra.reports.parquet import to_parquet
from infra.reports.texts import defused
from infra.reports.workbook import LONGEST, to_xlsx
from tests.infra.reports.conftest import ROWS, Caller

pytestmark = [pytest.mark.database, pytest.mark.any_server]

FIRST = UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")


def test_csv_has_a_header_iso_days_and_no_formula(report: Caller, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    done = report.does("odd", "--output", str(path))
    assert done == {"name": "odd", "rows": ROWS, "position": None, "output": str(path)}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == ROWS
    assert rows[0] == {
        "no": "1",
        "text": '\'=HYPERLINK("http://evil.example")',
        "amount": "-0.25000000000000000000",
        "even": "false",
        "id": str(FIRST),
        "day": "2026-01-02",
        "at": "2026-01-01T13:00:00Z",
        "texts": '["=a","b"]',
        "ids": f'["{FIRST}"]',
        "body": '{"no" : 1}',
        "rate": "0.1",
    }
    assert [row["text"] for row in rows[1:7]] == ["'-2+3", "'@SUM(A1)", "'+49 211", 'ä, "ö"\nü', "", "'\tcmd"]


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_no_text_begins_like_a_formula(sign: str) -> None:
    assert defused(f"{sign}1+1") == f"'{sign}1+1"
    assert defused(f"1{sign}1") == f"1{sign}1"


def test_json_is_an_array_with_amounts_as_strings(report: Caller) -> None:
    rows = report.does("odd", "--where", "no<=2", "--order", "-no")
    assert [row["no"] for row in rows] == [2, 1]
    assert rows[1]["text"] == '=HYPERLINK("http://evil.example")'
    assert (rows[0]["amount"], rows[1]["even"], rows[1]["body"]) == ("0.00000000000000000000", False, {"no": 1})
    assert rows[1]["at"] == "2026-01-01T13:00:00Z"
    assert report.does("odd", "--where", "no<0") == []


def test_parquet_has_types_and_meanings(report: Caller, tmp_path: Path) -> None:
    path = tmp_path / "odd.parquet"
    report.does("odd", "--output", str(path))
    table = pq.read_table(path)
    assert table.num_rows == ROWS
    first: dict[str, Any] = table.slice(0, 1).to_pylist()[0]
    assert (first["amount"], first["day"], first["id"]) == (Decimal("-0.25"), date(2026, 1, 2), str(FIRST))
    assert first["at"] == datetime(2026, 1, 1, 13, tzinfo=UTC)
    assert first["texts"] == ["=a", "b"]
    assert table.column("text").null_count == 1
    assert table.schema.field("text").metadata[b"comment.en"] == b"Anything at all."
    assert table.schema.metadata[b"stadtbuch.name"] == b"odd"


def test_a_workbook_holds_numbers_days_and_text_but_no_formula(report: Caller, tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    report.does("odd", "--output", str(path))
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        meanings = book.read("xl/worksheets/sheet2.xml").decode()
    assert sheet.count("<row ") == ROWS + 1
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert '<c r="A2"><v>1</v></c>' in sheet
    assert '<c r="C2"><v>-0.25</v></c>' in sheet
    assert 't="inlineStr"><is><t>=HYPERLINK(' in sheet
    assert "Anything at all." in meanings


def test_a_table_is_for_people(report: Caller) -> None:
    shown = report.run("odd", "--limit", "7")
    assert shown.exit_code == 0
    assert "2026-01-01 13:00:00Z" in shown.stdout
    assert shown.stdout.count("│ yes ") == 3
    assert report.run("odd", "--where", "no<0").stderr.strip() == "No rows."


def test_a_value_that_a_format_cannot_hold_is_refused_and_leaves_no_file(odd: Database, tmp_path: Path) -> None:
    with psycopg.connect(odd.admin, autocommit=True) as admin:
        admin.execute(
            f"create view read.large as select repeat('x', {LONGEST + 1}) as text, 0.12345678901 as share".encode()
        )
        admin.execute("grant select on read.large to stadtbuch_reader")
    try:
        for write in (to_xlsx, to_parquet):
            with reading.reader(odd) as connection:
                source = sources.find(connection, "large")
                with (
                    pytest.raises(DoesNotFit, match=r"csv"),
                    reading.reading(connection, source) as rows,
                ):
                    write(rows, tmp_path / "large")
    finally:
        with psycopg.connect(odd.admin, autocommit=True) as admin:
            admin.execute("drop view read.large")


def test_a_number_that_a_workbook_would_round_is_text(odd: Database, tmp_path: Path) -> None:
    with psycopg.connect(odd.admin, autocommit=True) as admin:
        admin.execute(
            "create view read.exact as select 9007199254740993::bigint as no, 12345678901234.5678 as amount,"
            " date '1811-05-08' as day"
        )
        admin.execute("grant select on read.exact to stadtbuch_reader")
    try:
        path = tmp_path / "exact.xlsx"
        with reading.reader(odd) as connection, reading.reading(connection, sources.find(connection, "exact")) as rows:
            to_xlsx(rows, path)
        with zipfile.ZipFile(path) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        for text in ("9007199254740993", "12345678901234.5678", "1811-05-08"):
            assert f"<t>{text}</t>" in sheet
    finally:
        with psycopg.connect(odd.admin, autocommit=True) as admin:
            admin.execute("drop view read.exact")


def test_files_are_replaced_only_when_asked_and_whole_or_not_there(report: Caller, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text("mine")
    refused = report.run("odd", "--output", str(path))
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert path.read_text() == "mine"
    report.does("odd", "--output", str(path), "--limit", "1", "--force")
    assert len(json.loads(path.read_text())) == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["odd", "--format", "parquet"], "name one with --output"),
        (["odd", "--output", "/tmp/odd.doc"], "one of the endings"),
        (["odd", "--output", "/no/such/folder/odd.csv"], "there is no directory"),
        (["nothing"], "There is no report 'nothing'"),
        (["od"], "Did you mean odd"),
        (["odd", "--where", "texts=x", "--where", "no=x"], "expected a whole number"),
        (["odd", "--order", "no,nothing"], "cannot be ordered by 'nothing'"),
        (["odd", "--order", "body"], "cannot be ordered by 'body'"),
        (["odd", "--chart", "/tmp/no-such-odd.svg"], "odd has no chart"),
        (["odd", "--limit", "0"], "--limit"),
        (["odd", "--as-of", "0"], "not as of another moment"),
        (["odd", "--where", "text=\x00"], "unprintable"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_there_is(report: Caller, arguments: list[str], says: str) -> None:
    done = report.run(*arguments)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.stderr.replace("│", " ").split())


def test_what_is_declared_and_not_built_yet_says_so(report: Caller) -> None:
    done = report.run("loan", "--json")
    assert done.exit_code == 3
    assert "read.loan is not there yet" in json.loads(done.stdout)["error"]


def test_without_a_name_everything_is_listed_with_its_meaning(report: Caller) -> None:
    listed = report.does()["reports"]
    assert {"kind": "view", "name": "odd", "en": "A row for each number. (Eine Zeile je Zahl.)"}.items() <= next(
        each for each in listed if each["name"] == "odd"
    ).items()
    assert {each["kind"] for each in listed} == {"report", "read model", "view"}
    assert "Reports:" in report.run().stdout
    assert report.does("odd", "--columns")["columns"][0]["type"] == "integer"
    assert "Anything at all." in report.run("odd", "--columns").stdout


def test_rows_stream_in_little_memory(odd: Database) -> None:
    with reading.reader(odd) as connection:
        source = sources.find(connection, "odd")
        with reading.reading(connection, source) as rows:
            largest = max(len(chunk) for chunk in rows.chunks)
    assert largest == reading.CHUNK < ROWS


def test_a_reader_that_has_seen_enough_ends_it_quietly(odd: Database) -> None:
    settings = {"STADTBUCH_DSN": odd.admin, "STADTBUCH_APP_DSN": odd.app, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = f"'{sys.executable}' -m infra.cli report odd --format csv | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("no,text,amount")
