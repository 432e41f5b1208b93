"""What holds for the text of every report, without a database."""

import re

import pytest

from infra.projector.views import shipped
from projections.families import REPORTS
from projections.model import Report


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_asks_read_today_for_the_day_and_no_clock(report: Report) -> None:
    clocks = r"\bnow\s*\(|\bcurrent_(date|time|timestamp)\b|\blocal(time|timestamp)\b|_timestamp\s*\(|\btimeofday\b"
    assert not re.search(clocks, shipped(report), re.IGNORECASE)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_names_the_read_models_that_it_selects_from(report: Report) -> None:
    asked = set(re.findall(r"\bread\.(\w+)", shipped(report))) - {"today"}
    assert asked == set(report.reads)
