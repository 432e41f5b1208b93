"""Cost figures: defined once, set from month to month, corrected in the open, retired at the end of a month."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.costs import FAMILY
from domain.costs.commands import CorrectCostFigure, DefineCostFigure, RetireCostFigure, SetEffort
from domain.costs.decide import LONGEST_TITLE, MOST_MINUTES, MOST_PERCENT, decide
from domain.costs.facts import CostFigureCorrected, CostFigureDefined, CostFigureRetired, EffortSet
from domain.costs.state import CostFigure
from domain.costs.vocabulary import FigureField
from domain.kernel import Channel, Context, Effective, Money, Rejected, Sealed
from tests.scenario import ACTOR, NOW, RECORD, Given, given, pseudonym

MAP = "cadastre.property_map"
JANUARY, MARCH, APRIL = date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 1)
REASON: Sealed[str] = Sealed("Neue Stellenbewertung")


def euros(amount: str) -> Money:
    return Money(Decimal(amount))


def a_define(**changes: Any) -> DefineCostFigure:
    values: dict[str, Any] = {
        "product": MAP,
        "title": "Auszug aus der Liegenschaftskarte",
        "valid_from": JANUARY,
        "minutes": 20,
        "hourly_rate": euros("61.40"),
        "material": euros("0.35"),
    }
    return DefineCostFigure(**{**values, **changes})


def an_effort(**changes: Any) -> SetEffort:
    values: dict[str, Any] = {
        "valid_from": MARCH,
        "minutes": 15,
        "hourly_rate": euros("64.00"),
        "material": euros("0.35"),
    }
    return SetEffort(**{**values, **changes})


def correcting(field: FigureField, new: str, version: int | None = 1) -> CorrectCostFigure:
    return CorrectCostFigure(field=field, new=new, version=version, reason=REASON)


NOTHING = given(FAMILY)
FIRST = EffortSet(
    version=1,
    valid_from=JANUARY,
    minutes=20,
    hourly_rate=euros("61.40"),
    overhead_percent=0,
    material=euros("0.35"),
    cost=euros("20.82"),
)
DEFINED = given(FAMILY, CostFigureDefined(product=MAP, title="Auszug aus der Liegenschaftskarte"), FIRST)
SECOND = EffortSet(
    version=2,
    valid_from=MARCH,
    minutes=15,
    hourly_rate=euros("64.00"),
    overhead_percent=0,
    material=euros("0.35"),
    cost=euros("16.35"),
)
RETIRED = given(
    FAMILY, *(fact for _, fact in DEFINED.history), CostFigureRetired(valid_to=date(2026, 6, 30), reason=REASON)
)


@pytest.mark.allows("costs.product_taken", "costs.figure_exists", "costs.whole_months")
def test_a_product_is_defined_with_what_a_piece_takes() -> None:
    NOTHING.when(a_define()).then(CostFigureDefined(product=MAP, title="Auszug aus der Liegenschaftskarte"), FIRST)


def test_a_product_has_one_cost_figure() -> None:
    other = given(FAMILY, record_id=ACTOR).beside(RECORD, *(fact for _, fact in DEFINED.history))
    other.when(a_define()).refused("costs.product_taken")


def test_a_cost_figure_is_defined_once() -> None:
    DEFINED.when(a_define(product="cadastre.data_extract")).refused("costs.figure_exists")


def decided_on_nothing() -> None:
    context = Context(
        now=NOW,
        effective=Effective(NOW),
        actor=ACTOR,
        role="-",
        org_unit="-",
        channel=Channel.STAFF,
        record_id=RECORD,
        pseudonym=pseudonym,
    )
    decide(None, an_effort(), context)


def test_effort_is_set_for_a_product_that_was_defined() -> None:
    with pytest.raises(Rejected) as refusal:
        decided_on_nothing()
    assert refusal.value.rule.id == "costs.figure_unknown"


@pytest.mark.allows(
    "costs.figure_unknown", "costs.retired", "costs.after_the_last", "costs.nothing_changed", "costs.whole_months"
)
def test_the_next_version_holds_from_a_later_month() -> None:
    figure = DEFINED.when(an_effort()).then(SECOND).state
    assert isinstance(figure, CostFigure)
    assert [effort.valid_from for effort in figure.efforts] == [JANUARY, MARCH]


@pytest.mark.parametrize("valid_from", [JANUARY, date(2025, 12, 1)])
def test_a_month_that_has_a_figure_gets_no_other(valid_from: date) -> None:
    DEFINED.when(an_effort(valid_from=valid_from)).refused("costs.after_the_last")


def test_a_version_begins_with_a_month() -> None:
    DEFINED.when(an_effort(valid_from=date(2026, 3, 2))).refused("costs.whole_months")
    NOTHING.when(a_define(valid_from=date(2026, 3, 31))).refused("costs.whole_months")


@pytest.mark.allows("costs.after_the_last", "costs.whole_months")
def test_the_month_after_the_last_version_is_free() -> None:
    february = DEFINED.when(an_effort(valid_from=date(2026, 2, 1))).so()
    february.when(an_effort(valid_from=date(2026, 2, 1), minutes=3)).refused("costs.after_the_last")
    february.when(an_effort(valid_from=MARCH, minutes=3)).so()
    february.when(RetireCostFigure(valid_to=date(2026, 1, 31), reason=REASON)).refused("costs.after_the_last")
    february.when(RetireCostFigure(valid_to=date(2026, 2, 27), reason=REASON)).refused("costs.whole_months")
    february.when(RetireCostFigure(valid_to=date(2026, 2, 28), reason=REASON)).so()


@pytest.mark.allows("costs.whole_months")
def test_a_leap_year_s_february_ends_on_its_29th() -> None:
    DEFINED.when(RetireCostFigure(valid_to=date(2028, 2, 28), reason=REASON)).refused("costs.whole_months")
    DEFINED.when(RetireCostFigure(valid_to=date(2028, 2, 29), reason=REASON)).so()


@pytest.mark.allows("costs.version_unknown")
@pytest.mark.parametrize("version", [1, 2])
def test_every_version_that_was_set_can_be_corrected(version: int) -> None:
    two = DEFINED.when(an_effort()).so()
    assert two.when(correcting(FigureField.MINUTES, "7", version)).so().state.efforts[version - 1].minutes == 7
    two.when(correcting(FigureField.MINUTES, "7", 3)).refused("costs.version_unknown")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x"),
        ("title", "x" * LONGEST_TITLE),
        ("minutes", 0),
        ("minutes", MOST_MINUTES),
        ("hourly_rate", euros("0.00")),
        ("overhead_percent", 0),
        ("overhead_percent", MOST_PERCENT),
        ("material", euros("999999.99")),
    ],
)
def test_the_least_and_the_most_that_can_be_are_allowed(field: str, value: object) -> None:
    NOTHING.when(a_define(**{field: value})).so()


def test_a_version_says_something_new() -> None:
    same = an_effort(minutes=20, hourly_rate=euros("61.40"))
    DEFINED.when(same).refused("costs.nothing_changed")


@pytest.mark.allows("costs.version_unknown", "costs.nothing_changed", "costs.reason_missing")
def test_a_correction_shows_old_and_new_and_what_a_piece_comes_to() -> None:
    scenario = DEFINED.when(correcting(FigureField.MINUTES, "30")).then(
        CostFigureCorrected(
            version=1, field=FigureField.MINUTES, old="20", new="30", cost=euros("31.05"), reason=REASON
        )
    )
    assert scenario.state.efforts[0].minutes == 30
    scenario.when(correcting(FigureField.HOURLY_RATE, "60")).then(
        CostFigureCorrected(
            version=1, field=FigureField.HOURLY_RATE, old="61.40", new="60.00", cost=euros("30.35"), reason=REASON
        )
    ).when(correcting(FigureField.MATERIAL, "1.5")).then(
        CostFigureCorrected(
            version=1, field=FigureField.MATERIAL, old="0.35", new="1.50", cost=euros("31.50"), reason=REASON
        )
    )


def test_overhead_is_added_to_the_work_and_not_to_the_material() -> None:
    scenario = DEFINED.when(an_effort(minutes=60, hourly_rate=euros("50.00"), overhead_percent=20)).so()
    assert isinstance(scenario.state, CostFigure)
    (_, fact) = scenario.history[-1]
    assert isinstance(fact, EffortSet)
    assert fact.cost == euros("60.35")
    corrected = scenario.when(correcting(FigureField.OVERHEAD_PERCENT, "10", 2)).so()
    assert corrected.state.efforts[1].overhead_percent == 10


def test_an_effort_of_version_1_had_no_overhead() -> None:
    body = {"version": 1, "minutes": 20}
    assert FAMILY.upcasters["costs.effort_set.v1"][1](body) == {**body, "overhead_percent": 0}


@pytest.mark.allows("costs.version_unknown")
def test_the_title_is_corrected_without_a_version() -> None:
    scenario = DEFINED.when(correcting(FigureField.TITLE, "Flurkarte", version=None)).so()
    assert scenario.state.title == "Flurkarte"
    DEFINED.when(correcting(FigureField.TITLE, "Flurkarte", version=1)).refused("costs.version_unknown")


@pytest.mark.parametrize("version", [None, 0, 2])
def test_a_correction_is_of_a_version_that_was_set(version: int | None) -> None:
    DEFINED.when(correcting(FigureField.MINUTES, "30", version)).refused("costs.version_unknown")


@pytest.mark.parametrize(("field", "same"), [(FigureField.MINUTES, "020"), (FigureField.MATERIAL, "0.350")])
def test_a_correction_changes_something(field: FigureField, same: str) -> None:
    DEFINED.when(correcting(field, same)).refused("costs.nothing_changed")


@pytest.mark.allows("costs.retired", "costs.whole_months", "costs.after_the_last", "costs.reason_missing")
def test_a_product_is_retired_at_the_end_of_a_month() -> None:
    end = date(2026, 1, 31)
    DEFINED.when(RetireCostFigure(valid_to=end, reason=REASON)).then(CostFigureRetired(valid_to=end, reason=REASON))


def test_a_product_is_not_retired_in_the_middle_of_a_month_nor_before_its_last_version() -> None:
    DEFINED.when(RetireCostFigure(valid_to=date(2026, 1, 30), reason=REASON)).refused("costs.whole_months")
    DEFINED.when(RetireCostFigure(valid_to=date(2025, 12, 31), reason=REASON)).refused("costs.after_the_last")


def test_a_retired_product_takes_nothing_but_corrections() -> None:
    RETIRED.when(an_effort(valid_from=date(2026, 8, 1))).refused("costs.retired")
    RETIRED.when(RetireCostFigure(valid_to=date(2026, 7, 31), reason=REASON)).refused("costs.retired")
    RETIRED.when(correcting(FigureField.MINUTES, "30")).so()


def test_correcting_and_retiring_need_a_reason() -> None:
    blank: Sealed[str] = Sealed("  ")
    retire = RetireCostFigure(valid_to=date(2026, 1, 31), reason=blank)
    DEFINED.when(retire).refused("costs.reason_missing")
    correct = CorrectCostFigure(field=FigureField.MINUTES, new="30", version=1, reason=blank)
    DEFINED.when(correct).refused("costs.reason_missing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product", "map"),
        ("product", "Cadastre.map"),
        ("title", " "),
        ("title", "x" * 201),
        ("minutes", -1),
        ("minutes", MOST_MINUTES + 1),
        ("hourly_rate", euros("-1")),
        ("hourly_rate", euros("0.001")),
        ("hourly_rate", Money(Decimal(1), "USD")),
        ("overhead_percent", -1),
        ("overhead_percent", MOST_PERCENT + 1),
        ("material", euros("NaN")),
        ("material", euros("1000000")),
    ],
)
def test_what_cannot_be_is_named(field: str, value: object) -> None:
    NOTHING.when(a_define(**{field: value})).invalid(field)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "zwölf", "²", "9" * 12])
def test_minutes_are_corrected_to_a_whole_number(text: str) -> None:
    DEFINED.when(correcting(FigureField.MINUTES, text)).invalid("new")


@pytest.mark.parametrize("text", ["", "viel", "-0.01", "0.001", "sNaN", "Infinity", "1e9"])
def test_an_amount_is_corrected_to_euros_and_cents(text: str) -> None:
    DEFINED.when(correcting(FigureField.HOURLY_RATE, text)).invalid("new")


amounts = st.decimals(0, 999_999, places=2)


@for_all(st.integers(0, MOST_MINUTES), amounts, st.integers(0, MOST_PERCENT), amounts)
def test_a_piece_costs_its_time_and_its_material_to_the_cent(
    minutes: int, rate: Decimal, percent: int, material: Decimal
) -> None:
    command = a_define(minutes=minutes, hourly_rate=Money(rate), overhead_percent=percent, material=Money(material))
    _, fact = NOTHING.when(command).facts
    assert isinstance(fact, EffortSet)
    assert abs(fact.cost.amount * 6000 - (rate * minutes * (100 + percent) + material * 6000)) <= 30
    assert fact.cost.amount.as_tuple().exponent == -2


@for_all(st.lists(st.sampled_from([*FigureField]), max_size=5), st.integers(0, 99))
def test_what_is_corrected_is_what_the_state_says(fields: list[FigureField], number: int) -> None:
    scenario: Given = DEFINED.when(an_effort()).so()
    for field in fields:
        version = None if field is FigureField.TITLE else 2
        decision = scenario.when(correcting(field, str(number), version))
        scenario = scenario if decision.refusal else decision.so()
    changed = set(fields)
    effort = scenario.state.efforts[1]
    assert effort.minutes == (number if FigureField.MINUTES in changed else 15)
    assert effort.material.amount == (number if FigureField.MATERIAL in changed else Decimal("0.35"))
    assert scenario.state.title == (
        str(number) if FigureField.TITLE in changed else "Auszug aus der Liegenschaftskarte"
    )
    assert scenario.state.efforts[0].minutes == 20
