"""What holds for the text of every report, without a database."""

import re
from dataclasses import replace

import pytest

from infra.projector.views import shipped
from projections.families import REPORTS
from projections.model import Chart, ColumnType, Report, columns_of, find


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_asks_read_today_for_the_day_and_no_clock(report: Report) -> None:
    clocks = r"\bnow\s*\(|\bcurrent_(date|time|timestamp)\b|\blocal(time|timestamp)\b|_timestamp\s*\(|\btimeofday\b"
    assert not re.search(clocks, shipped(report), re.IGNORECASE)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_names_the_read_models_that_it_selects_from(report: Report) -> None:
    asked = set(re.findall(r"\bread\.(\w+)", shipped(report))) - {"today"}
    assert asked == set(report.reads)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_can_be_drawn(report: Report) -> None:
    drawn, columns = report.chart, columns_of(report.row)
    assert drawn is not None
    if drawn.y is not None:
        kinds = (ColumnType.INTEGER, ColumnType.DECIMAL)
        assert columns[drawn.y].holds in kinds
        # Amounts are added up, medians and rates cannot be: they are drawn as lines.
        assert drawn.line or not re.search(r"median|_p50|_p90|rate|share|coverage", drawn.y)


def test_a_line_is_drawn_of_rows_that_it_tells_apart() -> None:
    report = find(REPORTS, "overdue_rate")
    with pytest.raises(ValueError, match="rows that its x and by tell apart"):
        replace(report, chart=Chart(x="month", y="overdue_rate", by="branch", line=True))
    with pytest.raises(ValueError, match="no column 'nothing'"):
        replace(report, chart=Chart(x="nothing"))
