"""Versions of the file plan: what a unit says from a day on, and what is closed by it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.efile import FAMILY
from domain.efile.commands import EndFilePlanUnit, ReviseFilePlanUnit
from domain.efile.facts import FilePlanUnitRevised
from domain.efile.vocabulary import DisposalKind
from domain.kernel import Channel, Sealed
from tests.domain.efile.examples import DEFINED, PLAN_UNIT, REASON, Sort, of_files_and_cases
from tests.scenario import TODAY, Given, given

BLANK: Sealed[str] = Sealed(" ")
REVISED = FilePlanUnitRevised(
    version=2,
    valid_from=date(2026, 7, 1),
    title="Baugenehmigungen",
    retention_years=30,
    disposal_kind=DisposalKind.ARCHIVE,
    reason=REASON,
)
IN_2028 = datetime(2028, 1, 3, 9, 0, tzinfo=UTC)


def a_unit(*more: Any) -> Given:
    return given(FAMILY, DEFINED, *more, record_id=PLAN_UNIT)


def revise(**changes: Any) -> ReviseFilePlanUnit:
    fields: dict[str, Any] = {
        "valid_from": date(2026, 7, 1),
        "title": "Baugenehmigungen",
        "retention_years": 30,
        "disposal_kind": DisposalKind.ARCHIVE,
        "reason": REASON,
    }
    return ReviseFilePlanUnit(**(fields | changes))


@pytest.mark.allows("efile.nothing_changed", "efile.reason_missing")
def test_a_plan_unit_says_something_else_from_a_day_on() -> None:
    after = a_unit().when(revise()).then(REVISED)
    after.when(revise(valid_from=date(2027, 1, 1), retention_years=20)).so()
    after.when(revise(valid_from=date(2027, 1, 1))).refused("efile.nothing_changed")
    a_unit().when(revise(reason=BLANK)).refused("efile.reason_missing")


@pytest.mark.allows("efile.plan_version_order")
def test_versions_follow_each_other_while_the_unit_is_valid() -> None:
    a_unit(REVISED).when(revise(retention_years=5)).refused("efile.plan_version_order")
    a_unit(REVISED).when(revise(valid_from=date(2026, 7, 2), retention_years=5)).so()
    a_unit().when(revise(valid_from=date(2031, 1, 1))).refused("efile.plan_version_order")
    a_unit().when(revise(valid_from=date(2030, 12, 31))).so()


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("retention_years", -1), ("retention_years", 201)])
def test_a_version_is_described_properly(field: str, value: object) -> None:
    a_unit().when(revise(**{field: value})).invalid(field)


def test_an_ended_unit_has_no_version_after_its_end() -> None:
    ended = a_unit().when(EndFilePlanUnit(valid_to=date(2026, 6, 30), reason=REASON)).so()
    ended.when(revise()).refused("efile.plan_version_order")


@pytest.mark.allows("efile.out_of_order")
def test_the_plan_changes_for_no_day_that_has_passed() -> None:
    passed = TODAY - timedelta(days=1)
    for stale, new in (
        (revise(valid_from=passed), revise(valid_from=TODAY)),
        (EndFilePlanUnit(valid_to=passed, reason=REASON), EndFilePlanUnit(valid_to=TODAY, reason=REASON)),
    ):
        a_unit().when(stale).refused("efile.out_of_order")
        a_unit().when(stale, on=passed).refused("efile.out_of_order")
        a_unit().when(new).so()
        a_unit().when(stale, channel=Channel.IMPORT).so()


@of_files_and_cases
@pytest.mark.parametrize(
    ("day", "version", "until", "due"),
    [
        (date(2026, 6, 30), 1, date(2036, 12, 31), date(2038, 1, 1)),
        (date(2026, 7, 1), 2, date(2056, 12, 31), date(2057, 1, 1)),
        (date(2027, 3, 1), 2, date(2057, 12, 31), date(2058, 1, 1)),
    ],
)
def test_what_is_closed_is_kept_as_the_version_in_force_says(
    sort: Sort, day: date, version: int, until: date, due: date
) -> None:
    (closed, *_) = sort.open().beside(PLAN_UNIT, REVISED).when(sort.close, on=day, now=IN_2028).facts
    expected = replace(
        sort.closed,
        zda_on=day,
        plan_version=version,
        retention_years=30 if version == 2 else 10,
        retention_until=until,
        offer_due_on=due,
        disposal_kind=DisposalKind.ARCHIVE if version == 2 else DisposalKind.APPRAISE,
    )
    assert closed == expected
