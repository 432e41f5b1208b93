"""The council office's reports, on the real database: lead times, notice, votes by group."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from json import dumps
from uuid import uuid4

import pytest

from domain.council.facts import InvitationBecameLate
from domain.council.parts import GroupVote
from domain.council.vocabulary import MeetingStatus, PaperType
from projections.council import REPORTS, agenda, figures, meetings, papers
from projections.model import Json, Report, columns_of
from tests.domain.council.examples import (
    COUNCIL,
    INVITED,
    PRESENT,
    REASON,
    RELEASED,
    VOTED,
    a_held_meeting,
    a_meeting_with_item,
    a_paper,
)
from tests.projections.council.reading import row_of
from tests.projections.council.tables import Connection, ask, columns_asked, empty_registers, keep

LEAD_TIME, NOTICE, VOTES = figures.REPORTS


@pytest.fixture
def registers(admin: Connection) -> Iterator[Connection]:
    with empty_registers(admin) as connection:
        yield connection


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_has_the_columns_of_its_row_in_their_order(registers: Connection, report: Report) -> None:
    assert columns_asked(registers, report) == list(columns_of(report.row))


def test_lead_time_is_of_the_papers_settled_in_a_month(registers: Connection) -> None:
    paper = row_of(papers.PROJECTION, a_paper(RELEASED))
    for day in (12, 22, 26):
        keep(registers, papers.PROJECTION, replace(paper, record_id=uuid4(), ended_on=date(2026, 2, day)))
    keep(registers, papers.PROJECTION, paper, replace(paper, ended_on=date(2026, 3, 1), paper_type=PaperType.MOTION))
    keep(registers, papers.PROJECTION, replace(paper, ended_on=date(2026, 3, 1), dated=None))
    march, february = ask(registers, LEAD_TIME)
    assert (march.month, march.paper_type, march.papers) == (date(2026, 3, 1), PaperType.MOTION, 1)
    assert (february.lead_unit, february.papers) == ("61", 3)
    assert (february.median_days, february.p90_days) == (Decimal("20.0"), Decimal("23.2"))
    assert february.median_days_from_release == Decimal("19.0")


def test_a_notice_is_violated_by_a_short_and_by_a_missed_invitation(registers: Connection) -> None:
    week = replace(INVITED, invited_on=date(2026, 3, 13), notice_days=7)
    short = replace(INVITED, invited_on=date(2026, 3, 14), notice_days=6, shortened_notice_reason=REASON)
    late = InvitationBecameLate(last_day=date(2026, 3, 13))
    for number, facts in enumerate([(week,), (short,), (late,), (late, short)]):
        row = row_of(meetings.PROJECTION, a_meeting_with_item(*facts))
        keep(registers, meetings.PROJECTION, replace(row, record_id=uuid4(), meeting_number=str(number)))
        cancelled = replace(row, record_id=uuid4(), meeting_number="cancelled", status=MeetingStatus.CANCELLED)
        keep(registers, meetings.PROJECTION, cancelled)
        keep(registers, meetings.PROJECTION, replace(row, record_id=uuid4(), meeting_number="source", source="oparl"))
    found = {row.meeting_number: row for row in ask(registers, NOTICE)}
    assert set(found) == {"1", "2", "3"}
    assert (found["1"].notice_days, found["1"].reason is None, found["1"].late_since) == (6, False, None)
    assert (found["2"].invited_on, found["2"].late_since) == (None, date(2026, 3, 14))


def test_votes_are_counted_by_group_and_body_and_month(registers: Connection) -> None:
    split = (GroupVote("SPD", 4, 0, 0), GroupVote("CDU", 1, 3, 1))
    scenario = a_held_meeting(PRESENT, replace(VOTED, by_group=split))
    item = row_of(agenda.PROJECTION, scenario)
    assert item.by_group is not None
    keep(registers, meetings.PROJECTION, row_of(meetings.PROJECTION, scenario))
    keep(registers, agenda.PROJECTION, item, replace(item, by_group=Json(dumps([]))), replace(item, by_group=None))
    lost = [{"group": "SPD", "yes": 0, "no": 4, "abstain": 0}]
    keep(registers, agenda.PROJECTION, replace(item, yes=0, no=4, by_group=Json(dumps(lost))))
    cdu, spd = ask(registers, VOTES)
    assert (cdu.month, cdu.body_id) == (date(2026, 3, 1), COUNCIL)
    assert (cdu.group_code, cdu.votes, cdu.yes, cdu.no, cdu.abstain, cdu.with_majority) == ("CDU", 1, 1, 3, 1, 0)
    assert (spd.group_code, spd.votes, spd.yes, spd.no, spd.abstain, spd.with_majority) == ("SPD", 2, 4, 4, 0, 2)
