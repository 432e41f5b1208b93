"""Series of numbers: opened once, and every number given once, in order."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.cadastre import FAMILY
from domain.cadastre.commands import CancelInvoice, OpenSeries, PassOverNumber
from domain.cadastre.evolve import evolve
from domain.cadastre.facts import FeeNoticeIssued, NumberTaken, SeriesOpened
from domain.cadastre.state import Series
from domain.cadastre.vocabulary import NumberUse, SeriesKind
from domain.kernel import BERLIN, Channel, Fact, On
from tests.domain.cadastre.orders import (
    DUE,
    INVOICE,
    INVOICES,
    NOTICE,
    NOTICES,
    another_priced,
    confirmed,
    euros,
    invoiced,
    noticed,
    numbered,
    paid,
    placed,
    priced,
    sealed,
)
from tests.scenario import RECORD, TODAY, an_id, given

OPEN = OpenSeries(series_kind=SeriesKind.FEE_NOTICE, year=2026, prefix="GB62")
PASS_OVER = PassOverNumber(order_id=RECORD)
TAKE_BACK = CancelInvoice(series_id=INVOICES, reason=sealed("Anschrift"))


@pytest.mark.allows("cadastre.series_exists")
def test_a_series_is_opened_for_a_use_and_a_year() -> None:
    opened = given(FAMILY).when(OPEN)
    after = opened.then(
        SeriesOpened(series_kind=SeriesKind.FEE_NOTICE, year=2026, prefix="GB62", first=1, opened_on=TODAY)
    )
    assert after.state == Series(kind=SeriesKind.FEE_NOTICE, year=2026, prefix="GB62", next=1, last_on=TODAY)
    (fact,) = opened.facts
    assert isinstance(fact, Fact)
    assert fact.number() == "GB62-2026"


def test_a_series_is_opened_once() -> None:
    given(FAMILY).when(OPEN).so().when(replace(OPEN, year=2027)).refused("cadastre.series_exists")


@pytest.mark.parametrize("kind", SeriesKind)
def test_of_a_prefix_and_a_year_there_is_one_series_of_whatever_kind(kind: SeriesKind) -> None:
    other = given(FAMILY).when(OPEN).so().about(an_id("other"))
    other.when(replace(OPEN, series_kind=kind)).refused("cadastre.series_taken")


def test_a_series_of_the_first_version_keeps_out_every_later_one() -> None:
    first = SeriesOpened(series_kind=SeriesKind.FEE_NOTICE, year=2026, prefix="GB62", first=1, opened_on=None)
    assert len(first.claims()) == 1
    for kind in SeriesKind:
        given(FAMILY, first).about(an_id("other")).when(replace(OPEN, series_kind=kind)).refused(
            "cadastre.series_taken"
        )


@pytest.mark.allows("cadastre.series_taken")
@pytest.mark.parametrize(
    "other",
    [
        replace(OPEN, year=2027),
        replace(OPEN, prefix="GB63"),
        replace(OPEN, prefix="GB63", series_kind=SeriesKind.INVOICE),
    ],
)
def test_another_year_or_prefix_is_another_series(other: OpenSeries) -> None:
    given(FAMILY).when(OPEN).so().about(an_id("other")).when(other).so()


@pytest.mark.parametrize("year", [1999, 2100, 26])
def test_the_year_of_a_series_is_one_of_this_century(year: int) -> None:
    given(FAMILY).when(replace(OPEN, year=year)).invalid("year")


@pytest.mark.parametrize("prefix", ["", "gb", "GB 62", "-GB", "ÄB", "X" * 13])
def test_a_prefix_is_short_and_in_capitals(prefix: str) -> None:
    given(FAMILY).when(replace(OPEN, prefix=prefix)).invalid("prefix")


@pytest.mark.parametrize("first", [0, -1, 1_000_000])
def test_a_series_begins_with_a_number_from_one(first: int) -> None:
    given(FAMILY).when(replace(OPEN, first=first)).invalid("first")


@pytest.mark.allows(
    "cadastre.series_unknown",
    "cadastre.series_of_another_kind",
    "cadastre.series_of_another_year",
    "cadastre.number_from_series",
)
def test_a_fee_notice_takes_the_next_number_in_the_same_breath() -> None:
    number = NumberTaken(
        number_in_series=1, text="GB62-2026-00001", use=NumberUse.FEE_NOTICE, order_id=RECORD, taken_on=TODAY
    )
    notice = FeeNoticeIssued(notice_number="GB62-2026-00001", amount=euros("30.00"), due=DUE, issued_on=TODAY)
    after = numbered(priced()).when(NOTICE).then(notice, On(NOTICES, number))
    assert after.state_of(NOTICES).next == 2


def test_numbers_follow_each_other_over_all_orders() -> None:
    scenario = noticed()
    for expected in ("GB62-2026-00002", "GB62-2026-00003", "GB62-2026-00004"):
        scenario = another_priced(scenario, f"order for {expected[-5:]}").when(NOTICE).so()
        assert scenario.state.demand.number == expected


def test_a_series_that_follows_on_an_earlier_one_begins_where_that_ended() -> None:
    assert invoiced().state.demand.number == "RE62-2026-00100"


def test_a_cancellation_invoice_is_numbered_among_the_invoices() -> None:
    cancelled = invoiced().when(CancelInvoice(series_id=INVOICES, reason=sealed("Anschrift"))).so()
    assert cancelled.when(INVOICE).so().state.demand.number == "RE62-2026-00102"
    uses = [fact.use for _, fact in cancelled.history if isinstance(fact, NumberTaken)]
    assert uses == [NumberUse.INVOICE, NumberUse.CANCELLATION_INVOICE]


@for_all(st.lists(st.sampled_from(["notice", "invoice", "cancel"]), max_size=12))
def test_whatever_takes_numbers_leaves_no_gap(steps: list[str]) -> None:
    scenario = numbered(priced())
    for n, step in enumerate(steps):
        if step == "cancel":
            decision = scenario.when(CancelInvoice(series_id=INVOICES, reason=sealed("falsch")))
            scenario = scenario if decision.refusal else decision.so()
        else:
            scenario = another_priced(scenario, f"order {n}").when(NOTICE if step == "notice" else INVOICE).so()
    for series, first in ((NOTICES, 1), (INVOICES, 100)):
        facts = [fact for owner, fact in scenario.history if owner == series]
        taken = [fact.number_in_series for fact in facts if isinstance(fact, NumberTaken)]
        assert taken == list(range(first, first + len(taken)))
        assert scenario.state_of(series).next == first + len(taken)


def test_a_number_comes_from_a_series_that_there_is() -> None:
    priced().when(NOTICE).refused("cadastre.series_unknown")
    numbered(priced()).when(replace(INVOICE, series_id=an_id("none"))).refused("cadastre.series_unknown")
    numbered(priced()).when(replace(NOTICE, series_id=RECORD)).refused("cadastre.series_unknown")


def test_notices_and_invoices_are_numbered_apart() -> None:
    numbered(priced()).when(replace(NOTICE, series_id=INVOICES)).refused("cadastre.series_of_another_kind")
    numbered(priced()).when(replace(INVOICE, series_id=NOTICES)).refused("cadastre.series_of_another_kind")


def test_a_number_belongs_to_the_year_it_is_given_in() -> None:
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=BERLIN)
    late = replace(NOTICE, due=date(2027, 2, 1))
    numbered(priced()).when(late, at=new_year).refused("cadastre.series_of_another_year")
    numbered(priced()).when(late, on=date(2026, 12, 31)).so()


@pytest.mark.parametrize("channel", [Channel.STAFF, Channel.SERVICE_PORTAL, Channel.SYSTEM])
def test_nobody_invents_the_number_of_a_notice(channel: Channel) -> None:
    invented = replace(NOTICE, series_id=None, notice_number="GB-1")
    numbered(priced()).when(invented, channel=channel).refused("cadastre.number_from_series")
    numbered(priced()).when(replace(NOTICE, series_id=None), channel=channel).refused("cadastre.number_from_series")


@pytest.mark.allows("cadastre.number_from_series")
def test_an_imported_notice_keeps_its_number() -> None:
    imported = replace(NOTICE, series_id=None, notice_number="GB-2019-4")
    priced().when(imported, channel=Channel.IMPORT).then(
        FeeNoticeIssued(notice_number="GB-2019-4", amount=euros("30.00"), due=DUE, issued_on=TODAY)
    )
    priced().when(replace(imported, notice_number=" "), channel=Channel.IMPORT).invalid("notice_number")
    both = replace(imported, series_id=NOTICES)
    numbered(priced()).when(both, channel=Channel.IMPORT).refused("cadastre.number_from_series")


def test_a_fee_notice_number_is_never_given_twice() -> None:
    imported = replace(NOTICE, series_id=None, notice_number="GB62-2026-00001")
    scenario = numbered(priced().when(imported, channel=Channel.IMPORT).so())
    another_priced(scenario, "2").when(imported, channel=Channel.IMPORT).refused("cadastre.fee_notice_number_taken")
    another_priced(scenario, "2").when(NOTICE).refused("cadastre.fee_notice_number_taken")


def test_an_invoice_does_not_bear_the_number_of_a_notice() -> None:
    for number in ("RE62-2026-00100", "RE62-2026-00101"):
        imported = replace(NOTICE, series_id=None, notice_number=number)
        scenario = numbered(priced().when(imported, channel=Channel.IMPORT).so())
        billing = another_priced(scenario, "2").when(INVOICE)
        if number.endswith("100"):
            billing.refused("cadastre.fee_notice_number_taken")
        else:
            billing.so().when(TAKE_BACK).refused("cadastre.fee_notice_number_taken")
    for scenario in (invoiced(), invoiced().when(TAKE_BACK).so()):
        last = f"RE62-2026-{scenario.state_of(INVOICES).next - 1:05}"
        imported = replace(NOTICE, series_id=None, notice_number=last)
        another_priced(scenario, "2").when(imported, channel=Channel.IMPORT).refused("cadastre.fee_notice_number_taken")


@pytest.mark.allows("cadastre.fee_notice_number_taken", "cadastre.number_not_borne", "cadastre.series_unknown")
def test_a_series_passes_over_a_number_that_an_imported_notice_bears_and_goes_on() -> None:
    imported = replace(NOTICE, series_id=None, notice_number="GB62-2026-00001")
    scenario = numbered(priced().when(imported, channel=Channel.IMPORT).so()).about(NOTICES)
    number = NumberTaken(
        number_in_series=1, text="GB62-2026-00001", use=NumberUse.TAKEN_OVER, order_id=RECORD, taken_on=TODAY
    )
    passed = scenario.when(PASS_OVER).then(number)
    assert another_priced(passed, "2").when(NOTICE).so().state.demand.number == "GB62-2026-00002"


def test_a_number_that_nobody_bears_is_not_passed_over() -> None:
    later = replace(NOTICE, series_id=None, notice_number="GB62-2026-00002")
    imported = numbered(priced().when(later, channel=Channel.IMPORT).so())
    for scenario in (numbered(priced()), imported, noticed(), invoiced()):
        scenario.about(NOTICES).when(PASS_OVER).refused("cadastre.number_not_borne")
    imported.about(NOTICES).when(PassOverNumber(order_id=an_id("none"))).refused("cadastre.number_not_borne")
    imported.about(NOTICES).when(PassOverNumber(order_id=INVOICES)).refused("cadastre.number_not_borne")


def test_a_number_is_passed_over_in_its_year_and_not_before_the_last_one() -> None:
    second = replace(NOTICE, series_id=None, notice_number="GB62-2026-00002")
    scenario = numbered(priced().when(second, channel=Channel.IMPORT).so())
    scenario = another_priced(scenario, "2").when(NOTICE).so().about(NOTICES)
    scenario.when(PASS_OVER).so()
    scenario.when(PASS_OVER, on=date(2026, 3, 1)).refused("cadastre.series_back_in_time")
    scenario.when(PASS_OVER, at=datetime(2027, 1, 1, tzinfo=BERLIN)).refused("cadastre.series_of_another_year")


def test_only_a_series_passes_over_numbers() -> None:
    numbered(placed()).when(PASS_OVER).refused("cadastre.series_unknown")


@pytest.mark.allows("cadastre.fee_notice_number_taken")
def test_where_an_imported_notice_has_the_number_another_prefix_helps() -> None:
    imported = replace(NOTICE, series_id=None, notice_number="GB62-2026-00001")
    scenario = numbered(priced().when(imported, channel=Channel.IMPORT).so())
    scenario = scenario.about(an_id("new series")).when(replace(OPEN, prefix="GB62B")).so()
    another_priced(scenario, "2").when(replace(NOTICE, series_id=an_id("new series"))).so()


def test_a_series_is_no_order() -> None:
    series = numbered(placed()).about(NOTICES)
    series.when(NOTICE).refused("cadastre.order_unknown")


def test_a_series_begins_with_its_opening() -> None:
    taken = next(fact for _, fact in noticed().history if isinstance(fact, NumberTaken))
    with pytest.raises(ValueError, match="SeriesOpened"):
        evolve(None, taken)


def test_orders_that_need_no_number_leave_the_series_alone() -> None:
    for scenario in (paid(), confirmed()):
        assert numbered(scenario).state_of(NOTICES).next == 1
