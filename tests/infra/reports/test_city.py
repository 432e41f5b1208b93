"""Every report of a generated city, written and drawn; and the worked queries of the analysts' page."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow.parquet as pq
import pytest

from domain.kernel import BERLIN
from infra.database import Database
from infra.own import adding
from infra.own.registry import Registry
from infra.reports import reading
from infra.reports.chart import COLOURS, OTHERS, Drawing
from projections.families import PROJECTIONS, REPORTS
from projections.model import ColumnType, Report, columns_of
from tests.infra.reports.conftest import Caller, caller

pytestmark = pytest.mark.database

PAGE = (Path(__file__).parents[3] / "docs" / "analysts.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sql\n(.*?)^```\n", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def report(city: Database, monkeypatch: pytest.MonkeyPatch) -> Caller:
    return caller(city, monkeypatch)


def test_every_worked_query_of_the_page_answers_rows_to_an_analyst(city: Database) -> None:
    assert len(QUERIES) >= 12
    assert city.analyst is not None
    with psycopg.connect(city.analyst, autocommit=True) as analyst:
        for query in QUERIES:
            assert analyst.execute(query.encode()).fetchone() is not None, query


def test_the_projection_of_the_page_is_taken_built_and_read(report: Caller, city: Database, tmp_path: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```\n", PAGE, re.MULTILINE | re.DOTALL)
    path, registry = tmp_path / "cases_by_weekday.py", Registry(tmp_path / "own")
    path.write_text(example, encoding="utf-8")
    trial, status = adding.add(city, registry, path, lambda _: None)
    assert (trial.name, status.position) == ("own_cases_by_weekday", 5_000)
    rows = report.does("own_cases_by_weekday", "--order", "weekday")
    assert [row["weekday"] for row in rows] == sorted(row["weekday"] for row in rows)
    with psycopg.connect(city.admin) as admin:
        opened = admin.execute("select count(*) from ledger.event where topic ~ '^efile.case_opened'").fetchone()
    assert opened == (sum(row["cases"] for row in rows),)
    adding.remove(city, registry, registry.find("cases_by_weekday"))


def test_the_page_names_every_report_but_those_for_everybody() -> None:
    told = PAGE.partition("## Who asks what")[2]
    missing = [each.name for each in REPORTS if f"`{each.name}`" not in told and not each.name.startswith("public_")]
    assert missing == []


@pytest.mark.parametrize("name", [each.name for each in REPORTS])
def test_every_report_can_be_taken_away_and_drawn(report: Caller, city: Database, name: str, tmp_path: Path) -> None:
    parquet, chart = tmp_path / "report.parquet", tmp_path / "report.svg"
    done = report.does(name, "--output", str(parquet), "--chart", str(chart))
    with psycopg.connect(city.admin) as admin:
        counted = admin.execute(f"select count(*) from read.{name}".encode()).fetchone()
    assert counted == (done["rows"],)
    assert done["position"] == 5_000
    assert pq.read_table(parquet).num_rows == done["rows"]
    assert chart.read_text(encoding="utf-8").startswith("<svg")


def test_a_chart_adds_up_to_the_report(city: Database) -> None:
    for declared in REPORTS:
        with reading.reader(city) as connection, reading.reading(connection, declared) as rows:
            drawing, places = Drawing(rows), [column.name for column in rows.columns]
            read = list(rows)
        drawn = declared.chart
        assert drawn is not None
        if drawn.line:
            continue
        x, y = places.index(drawn.x), drawn.y and places.index(drawn.y)
        expected = sum((row[y] or 0) if y else 1 for row in read if row[x] is not None)
        points = drawing._points()
        assert sum(points.values()) == expected, declared.name
        assert len({by for _, by in points}) <= len(COLOURS)
        assert OTHERS in {by for _, by in points} or len(drawing.colours) <= len(COLOURS)


def test_sealed_texts_come_out_as_references_alone(report: Caller) -> None:
    sources_of: list[Report] = [
        each for each in REPORTS if any(c.holds is ColumnType.SEALED for c in columns_of(each.row).values())
    ]
    assert sources_of
    for each in sources_of:
        sealed = [name for name, column in columns_of(each.row).items() if column.holds is ColumnType.SEALED]
        for row in report.does(each.name):
            assert all(row[name] is None or re.fullmatch(r"\d+/\d+/\w+", row[name]) for name in sealed)
    texts = {row["subject"] for row in report.does("case_record", "--limit", "50")}
    assert all(re.fullmatch(r"\d+/\d+/\w+", text) for text in texts)


def test_a_report_says_what_it_said_at_another_moment(report: Caller) -> None:
    now = report.does("loans_by_branch_and_month")
    assert report.does("loans_by_branch_and_month", "--as-of", "5000") == now
    assert report.does("loans_by_branch_and_month", "--as-of", "2026-03-02", "--limit", "1") == []
    assert report.does("loans_by_branch_and_month", "--as-of", "0") == []
    then = report.does("loans_by_branch_and_month", "--effective-on", "2025-06-30")
    assert {row["month"] for row in then} == {row["month"] for row in now if row["month"] <= "2025-06-30"}
    parts = [report.does("case_record", "--as-of", str(position)) for position in (1_000, 3_000, 5_000)]
    assert len(parts[0]) < len(parts[1]) < len(parts[2]) == len(report.does("case_record"))
    assert max(row["position"] for row in parts[1]) <= 3_000
    for wrong in (["--as-of", "yesterday"], ["--as-of", "2026-03-02T10:00"], ["--effective-on", "1.6.2026"]):
        assert report.run("loan", *wrong).exit_code == 2


def test_a_moment_to_come_is_no_moment_and_today_is_now(report: Caller) -> None:
    tomorrow = datetime.now(BERLIN) + timedelta(days=1)
    for to_come in (f"{tomorrow:%Y-%m-%d}", tomorrow.isoformat(), "2999-06-01", "5001", "999999999999999999"):
        done = report.run("overdue_resubmissions", "--as-of", to_come)
        assert (done.exit_code, done.stdout) == (2, ""), to_come
    now = report.run("case_record", "--as-of", f"{datetime.now(BERLIN):%Y-%m-%d}", "--format", "csv")
    assert now.stdout == report.run("case_record", "--format", "csv").stdout
    assert "case_record as of position 5,000" in now.stderr
    search = report.run("search", "--as-of", "100")
    assert search.exit_code == 2
    assert "known as it is now" in search.stderr


def test_filters_and_orders_are_those_of_the_api(report: Caller) -> None:
    rows = report.does(
        "loan", "--where", "status=returned", "--where", "due>=2026-01-01", "--order=-due", "--limit", "5"
    )
    assert [row["status"] for row in rows] == ["RETURNED"] * 5
    days = [row["due"] for row in rows]
    assert days == sorted(days, reverse=True)


def test_what_the_program_does_not_declare_is_read_by_its_comments(report: Caller) -> None:
    rows = report.does("projection_status", "--where", "lag_events=0", "--order", "name")
    assert [row["name"] for row in rows] == sorted(projection.name for projection in PROJECTIONS)
    assert all(len(row["checksum"]) == 64 for row in rows)
